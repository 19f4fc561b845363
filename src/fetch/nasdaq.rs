//! Nasdaq.com's history of a fund: ten years of prices alone, without a key.
//!
//! Prices and volumes come split-adjusted, newest first, as text. Dividends and splits are not among
//! them, so the series is marked as one whose dividends are unknown.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use std::collections::BTreeMap;

use super::body::Body;
use super::dated::{american, json};
use super::fault::{Fault, shown};
use super::{Ask, Parsed, sound};
use crate::bars::Bar;
use crate::day::Day;

const CURRENCY: &str = "USD";

/// Days of history that are served, ten years; more is not asked for.
const DAYS: i32 = 3_652;

/// Whether it may have the symbol: funds, no indices and no currencies.
pub(super) fn serves(symbol: &str) -> bool {
    !symbol.contains(['^', '='])
}

/// The path and query for the bars from `ask.from` to `ask.to`, of the last ten years.
pub(super) fn path(ask: &Ask) -> String {
    let symbol = utf8_percent_encode(ask.name, NON_ALPHANUMERIC);
    let from = ask.from.max(ask.to.plus(-DAYS));
    format!("/api/quote/{symbol}/historical?assetclass=etf&fromdate={from}&todate={}&limit=9999", ask.to)
}

#[derive(Deserialize)]
struct Shape {
    data: Option<History>,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    r_code: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct History {
    symbol: Option<String>,
    total_records: Option<usize>,
    trades_table: Option<Table>,
}

#[derive(Deserialize)]
struct Table {
    rows: Option<Vec<Row>>,
}

#[derive(Deserialize)]
struct Row {
    date: String,
    open: Option<String>,
    high: Option<String>,
    low: Option<String>,
    close: Option<String>,
    volume: Option<String>,
}

/// Reads the finished bars of an answer.
///
/// # Errors
/// Not found, or malformed: another symbol, fewer rows than it counts, dates that repeat or were not
/// asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    let shape: Shape = json(body)?;
    let code = shape.status.and_then(|status| status.r_code).unwrap_or(body.status);
    let Some(history) = shape.data else {
        return Err(if matches!(code, 200 | 400 | 404) { Fault::NotFound } else { Fault::Status(code) });
    };
    match history.symbol.as_deref() {
        Some(symbol) if symbol.eq_ignore_ascii_case(ask.name) => {}
        other => return Err(Fault::Malformed(format!("it is about `{}`", shown(other.unwrap_or("nothing"))))),
    }
    let rows = history.trades_table.and_then(|table| table.rows).unwrap_or_default();
    if history.total_records.is_some_and(|total| total > rows.len()) {
        let total = history.total_records.unwrap_or_default();
        return Err(Fault::Malformed(format!("it holds {} of {total} rows", rows.len())));
    }
    let mut bars = rows.iter().map(bar).collect::<Result<Vec<Bar>, Fault>>()?;
    bars.sort_by_key(|bar| bar.day);
    sound::in_order(&mut bars, ask)?;
    let (bars, findings) = sound::settle(bars, &BTreeMap::new(), ask)?;
    Ok(Parsed::bars(bars, CURRENCY, findings))
}

fn bar(row: &Row) -> Result<Bar, Fault> {
    let day: Day = american(&row.date)?;
    let number = |text: &Option<String>| text.as_deref().map_or(f64::NAN, figure);
    Ok(Bar {
        day,
        open: number(&row.open),
        high: number(&row.high),
        low: number(&row.low),
        close: number(&row.close),
        volume: number(&row.volume),
        dividend: 0.0,
        split: 1.0,
    })
}

/// Reads `$1,308.91` or `132,489,100`; `NaN` for what is no number (`N/A`).
fn figure(text: &str) -> f64 {
    let digits: String = text.trim().trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits.parse().ok().filter(|_| plain).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests;
