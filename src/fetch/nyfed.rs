//! The New York Fed's reference rates: the effective federal funds rate, and with it the target.
//!
//! It serves `EFFR`, and of the target `DFEDTARU` (the range's upper end, from 2008-12-16) and
//! `DFEDTAR` (the single target before). Not `DFF`, which counts weekends and is another series.

use serde::Deserialize;

use super::body::Body;
use super::dated::{Dated, json};
use super::fault::Fault;
use super::{Ask, Parsed};
use crate::day::Day;

/// The first day of the rate.
pub(super) const FIRST: Day = Day::from_number(11_141); // 2000-07-03

/// The first day on which the target is a range.
const RANGE_FROM: Day = Day::from_number(14_229); // 2008-12-16

/// Whether the series is one of its three.
pub(super) fn serves(series: &str) -> bool {
    matches!(series, "EFFR" | "DFEDTARU" | "DFEDTAR")
}

/// The path and query for the values from `ask.from` to `ask.to`.
pub(super) fn path(ask: &Ask) -> String {
    format!("/api/rates/unsecured/effr/search.json?startDate={}&endDate={}", ask.from, ask.to)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    ref_rates: Vec<Reading>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reading {
    effective_date: String,
    r#type: String,
    percent_rate: Option<f64>,
    target_rate_from: Option<f64>,
    target_rate_to: Option<f64>,
}

/// Reads the values of an answer, in whatever order.
///
/// # Errors
/// Malformed: another rate, a range where there was none or none where there is, dates that repeat or
/// were not asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    body.served()?;
    let shape: Shape = json(body)?;
    let mut rows: Vec<(Day, String)> = Vec::new();
    for rate in &shape.ref_rates {
        let day: Day =
            rate.effective_date.parse().map_err(|error: anyhow::Error| Fault::Malformed(error.to_string()))?;
        if rate.r#type != "EFFR" {
            return Err(Fault::Malformed(format!("on {day} it has another rate than EFFR")));
        }
        let ranged = day >= RANGE_FROM;
        let value = match ask.name {
            "EFFR" => rate.percent_rate,
            "DFEDTARU" if ranged => rate.target_rate_to,
            "DFEDTAR" if !ranged => single(rate, day)?,
            _ => continue,
        };
        rows.push((day, value.map_or_else(String::new, |value| value.to_string())));
    }
    Dated::sorted(rows, ask)
}

/// The single target before the range.
fn single(rate: &Reading, day: Day) -> Result<Option<f64>, Fault> {
    if rate.target_rate_to.is_some_and(|to| rate.target_rate_from != Some(to)) {
        return Err(Fault::Malformed(format!("on {day} it has a range, and the target was one figure")));
    }
    Ok(rate.target_rate_from)
}

#[cfg(test)]
mod tests;
