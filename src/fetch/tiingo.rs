//! Tiingo's daily prices, with a key: unadjusted, with the dividends and splits of each day.
//!
//! They are brought to what the store holds: each price and dividend divided by the splits after its
//! day. The adjusted columns, which restate the past at every dividend, are not read. The answer
//! reaches to the last session, so no later split is missed.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use std::collections::BTreeMap;

use super::body::Body;
use super::dated::json;
use super::fault::{Fault, shown};
use super::sound::{self, Event};
use super::{Ask, Parsed};
use crate::bars::Bar;
use crate::day::Day;

const CURRENCY: &str = "USD";

/// Requests that it allows in an hour.
pub(super) const HOURLY: usize = 50;

/// Whether it may have the symbol: shares and funds, no indices and no currencies.
pub(super) fn serves(symbol: &str) -> bool {
    !symbol.contains(['^', '='])
}

/// The path and query for the bars from `ask.from` to `ask.to`.
pub(super) fn path(ask: &Ask) -> String {
    let symbol = utf8_percent_encode(ask.name, NON_ALPHANUMERIC);
    format!("/tiingo/daily/{symbol}/prices?startDate={}&endDate={}&format=json", ask.from, ask.to)
}

/// An error in words.
#[derive(Deserialize)]
struct Refusal {
    detail: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    date: String,
    open: Option<f64>,
    high: Option<f64>,
    low: Option<f64>,
    close: Option<f64>,
    volume: Option<f64>,
    div_cash: f64,
    split_factor: f64,
}

/// Reads the finished bars of an answer; none where the window is empty.
///
/// # Errors
/// Not found, limited, or malformed: events that cannot be, dates that do not ascend or were not
/// asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    if body.bytes.trim_ascii_start().starts_with(b"[") {
        return rows(&json::<Vec<Row>>(body)?, ask);
    }
    let Refusal { detail } = json(body)?;
    Err(if body.status == 404 || detail.contains("ot found") {
        Fault::NotFound
    } else if detail.contains("run over") {
        Fault::Limited { until: None }
    } else {
        Fault::Malformed(format!("it says `{}`", shown(&detail)))
    })
}

fn rows(list: &[Row], ask: &Ask) -> Result<Parsed, Fault> {
    let mut bars = Vec::with_capacity(list.len());
    let mut events: BTreeMap<Day, Event> = BTreeMap::new();
    let mut later_splits = 1.0;
    for row in list.iter().rev() {
        let text = row.date.get(..10).unwrap_or(&row.date);
        let day: Day = text.parse().map_err(|error: anyhow::Error| Fault::Malformed(error.to_string()))?;
        let (paid, split) = (row.div_cash, row.split_factor);
        if !(paid.is_finite() && paid >= 0.0 && split.is_finite() && split > 0.0) {
            return Err(Fault::Malformed(format!("on {day} it has a dividend of {paid} and a split of {split}")));
        }
        bars.push(quoted(row, day, later_splits));
        if paid != 0.0 || split != 1.0 {
            events.insert(day, Event { dividend: paid / later_splits, split });
        }
        later_splits *= split;
    }
    bars.reverse();
    sound::in_order(&mut bars, ask)?;
    let (bars, findings) = sound::settle(bars, &events, ask)?;
    Ok(Parsed::bars(bars, CURRENCY, findings))
}

/// The bar as quoted today, after the splits that came later.
fn quoted(row: &Row, day: Day, later_splits: f64) -> Bar {
    let price = |price: Option<f64>| price.map_or(f64::NAN, |price| price / later_splits);
    Bar {
        day,
        open: price(row.open),
        high: price(row.high),
        low: price(row.low),
        close: price(row.close),
        volume: row.volume.map_or(f64::NAN, |volume| volume * later_splits),
        dividend: 0.0,
        split: 1.0,
    }
}

#[cfg(test)]
mod tests;
