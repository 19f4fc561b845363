//! The U.S. Treasury's par yield curve: one CSV file a calendar year, read by the name of its column.

use super::body::Body;
use super::dated::{Dated, american, csv_text};
use super::fault::{Fault, shown};
use super::{Ask, Parsed};
use crate::day::Day;

/// The first day of the curve.
pub(super) const FIRST: Day = Day::from_number(7_306); // 1990-01-02

/// FRED's ids of the yields with the Treasury's column: the same figures.
const COLUMNS: &[(&str, &str)] = &[("DGS2", "2 Yr"), ("DGS10", "10 Yr")];

/// Whether the series is one of its yields.
pub(super) fn serves(series: &str) -> bool {
    column(series).is_some()
}

fn column(series: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|(id, _)| *id == series).map(|(_, column)| *column)
}

/// The path and query of the year of `ask.from`.
pub(super) fn path(ask: &Ask) -> String {
    let year = ask.from.year();
    format!(
        "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{year}/all\
         ?type=daily_treasury_yield_curve&field_tdr_date_value={year}&page&_format=csv"
    )
}

/// Reads the values from `ask.from` to `ask.to` out of a year's; a missing one is left out.
///
/// # Errors
/// Not found; cut; or malformed: no such column, rows of another year or that repeat.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    let text = csv_text(body)?;
    let name = column(ask.name).ok_or(Fault::NotFound)?;
    let mut reader = csv::Reader::from_reader(text);
    let malformed = |error: &csv::Error| Fault::Malformed(shown(&error.to_string()));
    let header = reader.headers().map_err(|error| malformed(&error))?.clone();
    let place = |name: &str| {
        let mut found = header.iter().enumerate().filter(|(_, title)| title.trim() == name).map(|(i, _)| i);
        found.next().filter(|_| found.next().is_none())
    };
    let (Some(dates), Some(values)) = (place("Date"), place(name)) else {
        let header = shown(&header.iter().collect::<Vec<_>>().join(","));
        return Err(Fault::Malformed(format!("its header `{header}` has no one `Date` and `{name}`")));
    };
    let mut rows: Vec<(Day, String)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error))?;
        let day = american(record.get(dates).unwrap_or_default())?;
        if day.year() != ask.from.year() {
            return Err(Fault::Malformed(format!("it holds {day}, which is of another year")));
        }
        if (ask.from..=ask.to).contains(&day) {
            let value = record.get(values).unwrap_or_default().trim();
            rows.push((day, if value == "N/A" { String::new() } else { value.to_owned() }));
        }
    }
    Dated::sorted(rows, ask)
}

#[cfg(test)]
mod tests;
