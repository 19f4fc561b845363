//! FRED's graph download: one series as CSV, without a key.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::fault::{Fault, shown};
use super::http::Body;
use super::{Ask, Finding, Parsed};
use crate::bars::Points;
use crate::day::Day;
use crate::inputs;

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
    match body.status {
        200 => {}
        404 => return Err(Fault::NotFound),
        other => return Err(Fault::Status(other)),
    }
    if !body.framed && !body.bytes.ends_with(b"\n") {
        return Err(Fault::Cut("the last line is not whole".to_owned()));
    }
    let text = body.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body.bytes);
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().map_err(|error| malformed(&error))?;
    let dated = header.get(0).is_some_and(|name| DATE_NAMES.contains(&name));
    if !(dated && header.len() == 2 && header.get(1) == Some(ask.name)) {
        let header = shown(&header.iter().collect::<Vec<_>>().join(","));
        let wanted = format!("{},{}", DATE_NAMES[0], shown(ask.name));
        return Err(Fault::Malformed(format!("its header is `{header}`, not `{wanted}`")));
    }
    let (mut points, mut unread) = (Points::default(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error))?;
        let day = date(record.get(0).unwrap_or_default(), points.day.last().copied(), ask)?;
        match record.get(1).unwrap_or_default().trim() {
            "" | "." => {}
            value => match value.parse::<f64>() {
                Ok(value) if value.is_finite() => {
                    points.push(day, inputs::known_from(ask.name, day, ask.calendar), value);
                }
                _ => unread.push(day),
            },
        }
    }
    let mut findings = Vec::new();
    if !unread.is_empty() {
        findings.push(Finding { code: "row_unreadable", what: "left out what is no number on", days: unread });
    }
    Ok(Parsed::points(points, findings))
}

/// The date of a row: later than the row before, and asked for.
fn date(text: &str, before: Option<Day>, ask: &Ask) -> Result<Day, Fault> {
    let day: Day = text.parse().map_err(|error: anyhow::Error| Fault::Malformed(error.to_string()))?;
    if day < ask.from || day > ask.to {
        return Err(Fault::Malformed(format!("it holds {day}, which was not asked for")));
    }
    if before.is_some_and(|before| before >= day) {
        return Err(Fault::Malformed(format!("its dates do not ascend at {day}")));
    }
    Ok(day)
}

fn malformed(error: &csv::Error) -> Fault {
    Fault::Malformed(shown(&error.to_string()))
}

#[cfg(test)]
mod tests;
