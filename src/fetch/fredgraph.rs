//! FRED's graph download: one series as CSV, without a key.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::body::Body;
use super::dated::{Dated, csv_text};
use super::fault::{Fault, shown};
use super::{Ask, Parsed};
use crate::day::Day;

/// Names of the date column, the present one first.
const DATE_NAMES: [&str; 2] = ["observation_date", "DATE"];

/// The path and query for the values from `ask.from` to `ask.to`.
pub(super) fn path(ask: &Ask) -> String {
    let id = utf8_percent_encode(ask.name, NON_ALPHANUMERIC);
    format!("/graph/fredgraph.csv?id={id}&cosd={}&coed={}", ask.from, ask.to)
}

/// Reads the values of an answer; a missing one (`.` or nothing) is left out.
///
/// # Errors
/// Not found; cut; or malformed: another header, rows that are no date and value, dates that do not
/// ascend or were not asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    let text = csv_text(body)?;
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().map_err(|error| malformed(&error))?;
    let dated = header.get(0).is_some_and(|name| DATE_NAMES.contains(&name));
    if !(dated && header.len() == 2 && header.get(1) == Some(ask.name)) {
        let header = shown(&header.iter().collect::<Vec<_>>().join(","));
        let wanted = format!("{},{}", DATE_NAMES[0], shown(ask.name));
        return Err(Fault::Malformed(format!("its header is `{header}`, not `{wanted}`")));
    }
    let mut dated = Dated::new(ask);
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error))?;
        let day: Day = record
            .get(0)
            .unwrap_or_default()
            .parse()
            .map_err(|error: anyhow::Error| Fault::Malformed(error.to_string()))?;
        dated.push(day, record.get(1).unwrap_or_default())?;
    }
    Ok(dated.finish())
}

fn malformed(error: &csv::Error) -> Fault {
    Fault::Malformed(shown(&error.to_string()))
}

#[cfg(test)]
mod tests;
