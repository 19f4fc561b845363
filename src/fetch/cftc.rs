//! The CFTC's Traders in Financial Futures, futures only: who holds which side of a contract, weekly.
//!
//! All figures are texts, and some names come in two spellings. Reports that do not exist (the contract
//! traded elsewhere from 2008 to 2017) are no gap to be filled. A report is as of Tuesday and counts
//! only from its publication.

use serde::Deserialize;

use super::body::Body;
use super::dated::json;
use super::fault::{Fault, shown};
use super::{Ask, Finding, Parsed};
use crate::bars::{POSITIONS, Points};
use crate::day::Day;
use crate::inputs;

/// The first reports.
pub(super) const FIRST: Day = Day::from_number(13_149); // 2006-01-01

/// Whether the name is the code of a contract.
pub(super) fn serves(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
}

/// The path and query for the reports from `ask.from` to `ask.to`.
pub(super) fn path(ask: &Ask) -> String {
    let code = ask.name.replace('+', "%2B");
    let (from, to) = (ask.from, ask.to);
    format!(
        "/resource/gpe5-46if.json?$where=cftc_contract_market_code%3D%27{code}%27%20AND%20\
         report_date_as_yyyy_mm_dd%20between%20%27{from}%27%20and%20%27{to}%27\
         &$order=report_date_as_yyyy_mm_dd%20ASC&$limit=50000"
    )
}

#[derive(Deserialize)]
struct Row {
    cftc_contract_market_code: String,
    report_date_as_yyyy_mm_dd: String,
    /// Futures alone, or with options: the two do not mix.
    futonly_or_combined: String,
    open_interest_all: Option<String>,
    #[serde(alias = "asset_mgr_positions_long_all")]
    asset_mgr_positions_long: Option<String>,
    #[serde(alias = "asset_mgr_positions_short_all")]
    asset_mgr_positions_short: Option<String>,
    #[serde(alias = "lev_money_positions_long_all")]
    lev_money_positions_long: Option<String>,
    #[serde(alias = "lev_money_positions_short_all")]
    lev_money_positions_short: Option<String>,
}

/// An error in words.
#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Reads the reports of an answer; none where it knows no such contract.
///
/// # Errors
/// Malformed: an error in words, another contract, options counted in, dates that do not ascend or
/// were not asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    if !body.bytes.trim_ascii_start().starts_with(b"[") {
        let Refusal { message } = json(body)?;
        return Err(Fault::Malformed(format!("it says `{}`", shown(&message))));
    }
    let rows: Vec<Row> = json(body)?;
    let (mut points, mut unread) = (Points::default(), Vec::new());
    let mut last: Option<Day> = None;
    for row in &rows {
        let day = report_day(row, ask)?;
        if last.is_some_and(|last| last >= day) {
            return Err(Fault::Malformed(format!("its dates do not ascend at {day}")));
        }
        last = Some(day);
        match figures(row) {
            Some(figures) => points.push_report(day, inputs::known_from(ask.name, day, ask.calendar), figures),
            None => unread.push(day),
        }
    }
    let mut findings = Vec::new();
    if !unread.is_empty() {
        let what = "left out reports whose figures are no numbers, of";
        findings.push(Finding { code: "row_unreadable", what, days: unread });
    }
    Ok(Parsed::points(points, findings))
}

/// The Tuesday of a report that was asked for.
fn report_day(row: &Row, ask: &Ask) -> Result<Day, Fault> {
    if row.cftc_contract_market_code != ask.name {
        return Err(Fault::Malformed(format!("it is about `{}`", shown(&row.cftc_contract_market_code))));
    }
    if row.futonly_or_combined != "FutOnly" {
        let scope = shown(&row.futonly_or_combined);
        return Err(Fault::Malformed(format!("its scope is `{scope}`, not futures alone")));
    }
    let text = row.report_date_as_yyyy_mm_dd.get(..10).unwrap_or(&row.report_date_as_yyyy_mm_dd);
    let day: Day = text.parse().map_err(|error: anyhow::Error| Fault::Malformed(error.to_string()))?;
    if (ask.from..=ask.to).contains(&day) {
        Ok(day)
    } else {
        Err(Fault::Malformed(format!("it holds {day}, which was not asked for")))
    }
}

/// Contracts, in the order of [`POSITIONS`].
fn figures(row: &Row) -> Option<[f64; POSITIONS.len()]> {
    let texts = [
        &row.open_interest_all,
        &row.asset_mgr_positions_long,
        &row.asset_mgr_positions_short,
        &row.lev_money_positions_long,
        &row.lev_money_positions_short,
    ];
    let mut figures = [0.0; POSITIONS.len()];
    for (figure, text) in figures.iter_mut().zip(texts) {
        *figure = text.as_deref()?.trim().parse::<u64>().ok()? as f64;
    }
    Some(figures)
}

#[cfg(test)]
mod tests;
