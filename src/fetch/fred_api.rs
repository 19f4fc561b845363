//! FRED's API: one series as JSON, with a key, which is added where the request is sent.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::body::Body;
use super::dated::{Dated, json};
use super::fault::{Fault, shown};
use super::source::KeyPlace;
use super::{Ask, Parsed};
use crate::day::Day;

/// Where the key stands.
pub(super) const KEY: KeyPlace = KeyPlace::Query("api_key");

/// The variable that holds it.
const VARIABLE: &str = "FRED_API_KEY";

/// The path and query for the values from `ask.from` to `ask.to`, without the key.
pub(super) fn path(ask: &Ask) -> String {
    let id = utf8_percent_encode(ask.name, NON_ALPHANUMERIC);
    let (from, to) = (ask.from, ask.to);
    format!("/fred/series/observations?series_id={id}&file_type=json&observation_start={from}&observation_end={to}")
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    Values(Values),
    Refusal { error_message: String },
}

#[derive(Deserialize)]
struct Values {
    /// `lin`: the values as they are, no change and no percentage.
    units: String,
    count: usize,
    observations: Vec<Observation>,
}

#[derive(Deserialize)]
struct Observation {
    date: String,
    value: String,
}

/// Reads the values of an answer; a missing one (`.`) is left out.
///
/// # Errors
/// The key refused; not found; or malformed: other units, fewer values than it counts, dates that do
/// not ascend or were not asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    let values = match json(body)? {
        Shape::Values(values) => values,
        Shape::Refusal { error_message } => return Err(refused(&error_message)),
    };
    if values.units != "lin" {
        return Err(Fault::Malformed(format!("its units are `{}`, not `lin`", shown(&values.units))));
    }
    if values.count != values.observations.len() {
        return Err(Fault::Malformed(format!("it holds {} of {} values", values.observations.len(), values.count)));
    }
    let mut dated = Dated::new(ask);
    for Observation { date, value } in &values.observations {
        let day: Day = date.parse().map_err(|error: anyhow::Error| Fault::Malformed(error.to_string()))?;
        dated.push(day, value)?;
    }
    Ok(dated.finish())
}

/// What an error in words means.
fn refused(message: &str) -> Fault {
    if message.contains("api_key") {
        Fault::KeyRefused(VARIABLE)
    } else if message.contains("series does not exist") {
        Fault::NotFound
    } else {
        Fault::Malformed(format!("it says `{}`", shown(message)))
    }
}

#[cfg(test)]
mod tests;
