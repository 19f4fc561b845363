//! The answer's own shape. Every array is nullable row by row; unknown fields are ignored.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Shape {
    pub(super) chart: Envelope,
}

#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    pub(super) result: Option<Vec<Chart>>,
    pub(super) error: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    pub(super) code: Option<String>,
    pub(super) description: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Chart {
    pub(super) meta: Meta,
    /// Unix seconds: a session's open, or the last trade of a live bar.
    pub(super) timestamp: Option<Vec<Option<i64>>>,
    #[serde(default)]
    pub(super) events: Option<Events>,
    #[serde(default)]
    pub(super) indicators: Indicators,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    pub(super) symbol: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) data_granularity: Option<String>,
    pub(super) exchange_timezone_name: Option<String>,
    /// Seconds east of Greenwich.
    pub(super) gmtoffset: Option<i32>,
    /// Unix seconds of the last trade.
    pub(super) regular_market_time: Option<i64>,
}

/// Events by timestamp; the key repeats `date`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Events {
    pub(super) dividends: BTreeMap<String, Payment>,
    pub(super) capital_gains: BTreeMap<String, Payment>,
    pub(super) splits: BTreeMap<String, Split>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Payment {
    pub(super) date: i64,
    pub(super) amount: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Split {
    pub(super) date: i64,
    pub(super) numerator: f64,
    pub(super) denominator: f64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Indicators {
    #[serde(default)]
    pub(super) quote: Vec<Quote>,
}

/// Columns beside the timestamps.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quote {
    pub(super) open: Vec<Option<f64>>,
    pub(super) high: Vec<Option<f64>>,
    pub(super) low: Vec<Option<f64>>,
    pub(super) close: Vec<Option<f64>>,
    pub(super) volume: Vec<Option<f64>>,
}
