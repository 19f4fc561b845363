//! From the answer's columns and events to finished bars.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};

use super::shape::{Chart, Events, Meta, Quote};
use crate::bars::Bar;
use crate::calendar::Zone;
use crate::day::Day;
use crate::fetch::fault::{Fault, shown};
use crate::fetch::{Ask, Parsed, due, sound};

/// The exchange's time.
enum Place {
    Named(Zone),
    Offset(FixedOffset),
}

impl Place {
    fn of(meta: &Meta) -> Result<Self, Fault> {
        let named = meta.exchange_timezone_name.as_deref();
        if let Some(zone) = named.and_then(Zone::named) {
            return Ok(Self::Named(zone));
        }
        let offset = meta.gmtoffset.and_then(FixedOffset::east_opt).map(Self::Offset);
        offset.ok_or_else(|| {
            Fault::Malformed(format!("the exchange's time zone `{}` is unknown", shown(named.unwrap_or_default())))
        })
    }

    /// The exchange's date at a timestamp.
    fn day(&self, stamp: i64) -> Result<Day, Fault> {
        let instant = DateTime::from_timestamp(stamp, 0).filter(|instant| (1800..=2200).contains(&year(*instant)));
        let instant = instant.ok_or_else(|| Fault::Malformed(format!("{stamp} is no timestamp of a session")))?;
        Ok(match self {
            Self::Named(zone) => zone.date(instant),
            Self::Offset(offset) => instant.with_timezone(offset).date_naive(),
        }
        .into())
    }
}

fn year(instant: DateTime<Utc>) -> i32 {
    chrono::Datelike::year(&instant)
}

/// Reads the bars under `stamps`, leaves out what is unfinished, and puts the events on their days.
pub(super) fn read(chart: &Chart, stamps: &[Option<i64>], ask: &Ask, currency: &str) -> Result<Parsed, Fault> {
    let zone = Place::of(&chart.meta)?;
    let quote = chart.indicators.quote.first().ok_or_else(|| Fault::Malformed("it holds no prices".to_owned()))?;
    check_lengths(quote, stamps.len())?;
    let mut bars: Vec<Bar> = Vec::with_capacity(stamps.len());
    let mut last_stamp = 0;
    for (i, stamp) in stamps.iter().enumerate() {
        let stamp = stamp.ok_or_else(|| Fault::Malformed(format!("row {} has no timestamp", i + 1)))?;
        let day = zone.day(stamp)?;
        match bars.last() {
            // the last day may come twice: once as history, once as the market's own last state
            Some(last) if last.day == day && i + 1 == stamps.len() => drop(bars.pop()),
            Some(last) if last.day >= day => {
                return Err(Fault::Malformed(format!("its dates do not ascend at {day}")));
            }
            _ => {}
        }
        bars.push(row(quote, i, day));
        last_stamp = stamp;
    }
    if bars.last().is_some_and(|last| last.day <= ask.to && unfinished(last.day, last_stamp, &chart.meta, ask)) {
        bars.pop();
    }
    sound::in_order(&mut bars, ask)?;
    let events = chart.events.as_ref().map_or_else(|| Ok(BTreeMap::new()), |events| happened(events, &zone))?;
    let (bars, findings) = sound::settle(bars, &events, ask)?;
    Ok(Parsed::bars(bars, currency, findings))
}

/// Refuses columns that do not stand beside the timestamps.
fn check_lengths(quote: &Quote, rows: usize) -> Result<(), Fault> {
    let columns = [
        ("open", &quote.open),
        ("high", &quote.high),
        ("low", &quote.low),
        ("close", &quote.close),
        ("volume", &quote.volume),
    ];
    match columns.iter().find(|(_, column)| column.len() != rows) {
        Some((name, column)) => {
            Err(Fault::Malformed(format!("`{name}` has {} values beside {rows} timestamps", column.len())))
        }
        None => Ok(()),
    }
}

fn row(quote: &Quote, i: usize, day: Day) -> Bar {
    let price = |column: &[Option<f64>]| column[i].map_or(f64::NAN, quoted);
    Bar {
        day,
        open: price(&quote.open),
        high: price(&quote.high),
        low: price(&quote.low),
        close: price(&quote.close),
        volume: quote.volume[i].unwrap_or(f64::NAN),
        dividend: 0.0,
        split: 1.0,
    }
}

/// Digits that differ only by how a number was written and read.
const WRITING: f64 = 1e-14;

/// The price that was quoted: the source keeps prices in single precision and writes them out in
/// double, `268.81` as `268.80999755859375`.
fn quoted(price: f64) -> f64 {
    let single = price as f32;
    let kept = (f64::from(single) - price).abs() <= WRITING * price.abs();
    if kept { single.to_string().parse().unwrap_or(price) } else { price }
}

/// Whether the bar is the market's state at a trade before that session's close: an answer may be
/// older than the clock.
fn unfinished(day: Day, stamp: i64, meta: &Meta, ask: &Ask) -> bool {
    meta.regular_market_time == Some(stamp) && stamp < due::close(ask.calendar, day).timestamp()
}

/// Payments and splits by day.
fn happened(events: &Events, zone: &Place) -> Result<BTreeMap<Day, sound::Event>, Fault> {
    let mut days: BTreeMap<Day, sound::Event> = BTreeMap::new();
    for payment in events.dividends.values().chain(events.capital_gains.values()) {
        let day = zone.day(payment.date)?;
        if !(payment.amount.is_finite() && payment.amount >= 0.0) {
            return Err(Fault::Malformed(format!("the dividend of {day} is {}", payment.amount)));
        }
        days.entry(day).or_default().dividend += payment.amount;
    }
    for split in events.splits.values() {
        let (day, ratio) = (zone.day(split.date)?, split.numerator / split.denominator);
        if !(ratio.is_finite() && ratio > 0.0) {
            return Err(Fault::Malformed(format!("the split of {day} is {}:{}", split.numerator, split.denominator)));
        }
        days.entry(day).or_default().split *= ratio;
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_in_single_precision_become_the_quotes_they_were() {
        let cases = [
            (268.809_997_558_593_75, 268.81),
            (20.120_000_839_233_4, 20.12),
            (13.053_250_312_805_176, 13.05325),
            (45.718_75, 45.718_75),
            (0.26, 0.26),
        ];
        for (written, meant) in cases {
            assert_eq!(quoted(written), meant);
        }
        // read from JSON, a last digit may be lost
        for (written, meant) in [("216.16000366210938", 216.16), ("214.39999389648438", 214.4)] {
            assert_eq!(quoted(serde_json::from_str(written).expect("a number")), meant);
        }
    }
}
