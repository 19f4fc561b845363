//! Yahoo's chart service: daily bars with dividends and splits, without a key.
//!
//! Prices, volumes and dividends come split-adjusted; adjusted closes, which restate the past at every
//! dividend, are not read. `range` is never sent: it would bring monthly bars that look daily.

mod rows;
mod shape;
#[cfg(test)]
mod tests;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::shape::{Chart, Refusal, Shape};
use super::body::Body;
use super::dated::json;
use super::fault::{Fault, shown};
use super::{Ask, Parsed, midnight};

/// What stands as it is in a path.
const SYMBOL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The currency the store holds prices in.
const CURRENCY: &str = "USD";

/// The path and query for the bars from `ask.from` to `ask.to`.
pub(super) fn path(ask: &Ask) -> String {
    let symbol = utf8_percent_encode(ask.name, SYMBOL);
    let (first, end) = (midnight(ask.from), midnight(ask.to.plus(1)));
    format!(
        "/v8/finance/chart/{symbol}?period1={first}&period2={end}&interval=1d&includePrePost=false\
         &events=div%7Csplit%7CcapitalGains"
    )
}

/// Reads the finished bars of an answer; none where the window is empty.
///
/// # Errors
/// Not found, or malformed: another symbol, interval or currency, columns of different lengths, dates
/// that do not ascend or were not asked for.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    let Some(chart) = open(body)? else { return Ok(Parsed::empty_bars(CURRENCY)) };
    let (meta, stamps) = (&chart.meta, chart.timestamp.as_deref().unwrap_or_default());
    match meta.symbol.as_deref() {
        Some(symbol) if symbol == ask.name => {}
        other => return Err(Fault::Malformed(format!("it is about `{}`", shown(other.unwrap_or("nothing"))))),
    }
    if stamps.is_empty() {
        return Ok(Parsed::empty_bars(CURRENCY));
    }
    match meta.data_granularity.as_deref() {
        Some("1d") => {}
        other => {
            let other = shown(other.unwrap_or("unknown"));
            return Err(Fault::Malformed(format!("its bars are `{other}` apart, not a day")));
        }
    }
    match meta.currency.as_deref() {
        Some(CURRENCY) => {}
        other => {
            let other = shown(other.unwrap_or("none"));
            return Err(Fault::Malformed(format!("its currency is `{other}`, not {CURRENCY}")));
        }
    }
    rows::read(&chart, stamps, ask, CURRENCY)
}

/// The one chart in an answer; `None` where it says that the window is empty. An answer with neither a
/// chart nor an error is about nothing that is known.
fn open(body: &Body) -> Result<Option<Chart>, Fault> {
    let shape: Shape = json(body)?;
    if let Some(refusal) = shape.chart.error {
        return refused(refusal);
    }
    shape.chart.result.unwrap_or_default().into_iter().next().map(Some).ok_or(Fault::NotFound)
}

/// What an error in words means.
fn refused(refusal: Refusal) -> Result<Option<Chart>, Fault> {
    let (code, why) = (refusal.code.unwrap_or_default(), refusal.description.unwrap_or_default());
    if code == "Not Found" {
        return Err(Fault::NotFound);
    }
    if why.starts_with("Data doesn't exist for") {
        return Ok(None);
    }
    Err(Fault::Malformed(format!("it says `{}: {}`", shown(&code), shown(&why))))
}
