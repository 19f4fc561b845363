//! Daily bars: `date,open,high,low,close[,adj_close],volume`, as Yahoo, Stooq and most tools write them.

use anyhow::{Result, ensure};
use csv::StringRecord;

use super::cells::{Decimal, date, is_nothing, number, shown};
use super::implied::implied;
use super::table::Table;
use super::{Clock, Content, Contents, FileKind, Tally, distinct, note_unused};
use crate::bars::{Bar, Bars, Dividends, SeriesId};
use crate::day::Day;
use crate::quality::{JUDGED_FROM, in_range, is_us};

pub(super) const KIND: FileKind = FileKind {
    id: "bars",
    header: "date, open, high, low, close; adj_close, volume, dividends, stock_splits",
    recognises: |table| table.has(&["date", "open", "high", "low", "close"]),
    parse,
};

/// Daily bars of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Quotes {
    /// The bars, with the dividends that the file gives or implies.
    pub bars: Bars,
    /// How the dividend of each row is known.
    pub dividends: Vec<Dividends>,
    /// Whether the file has a column of splits.
    pub gives_splits: bool,
}

/// Days between two bars beyond which a file is not of daily bars, if they are usual.
const DAILY_GAP_DAYS: i32 = 4;

/// One row. An absent volume is `None`.
#[derive(Clone, Copy, PartialEq)]
struct Quote {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: Option<f64>,
    adjusted: Option<f64>,
    dividend: f64,
    split: f64,
}

/// Where the columns stand.
struct Columns {
    date: usize,
    open: usize,
    high: usize,
    low: usize,
    close: usize,
    volume: Option<usize>,
    adjusted: Option<usize>,
    dividend: Option<usize>,
    split: Option<usize>,
    ticker: Option<usize>,
    period: Option<usize>,
}

const USED: &[&str] = &[
    "date",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "vol",
    "adj_close",
    "adjclose",
    "dividends",
    "dividend",
    "stock_splits",
    "split",
    "ticker",
    "per",
    "time",
];

fn parse(table: &Table, stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    let id = SeriesId::bars(&symbol(stem));
    id.check()?;
    note_unused(table, USED, tally);
    let at = |names: &[&str]| table.column(names);
    let required = |name: &str| at(&[name]).unwrap_or_default();
    let columns = Columns {
        date: required("date"),
        open: required("open"),
        high: required("high"),
        low: required("low"),
        close: required("close"),
        volume: at(&["volume", "vol"]),
        adjusted: at(&["adj_close", "adjclose"]),
        dividend: at(&["dividends", "dividend"]),
        split: at(&["stock_splits", "split"]),
        ticker: at(&["ticker"]),
        period: at(&["per"]),
    };
    let mut rows = Vec::with_capacity(table.rows.len());
    for (line, row) in &table.rows {
        if let Some(ticker) = columns.ticker.map(|at| &row[at]) {
            ensure!(symbol(ticker) == id.name, "it has bars of {}; the file's name is the symbol", shown(ticker));
        }
        match columns.read(row, table.decimal).and_then(|(day, quote)| admit(day, quote, &id.name, clock)) {
            Ok((day, quote)) => rows.push((day, *line, quote)),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    final_of_last_day(&mut rows, tally);
    let rows = distinct(rows, tally);
    if rows.is_empty() {
        return Ok(Contents::default());
    }
    let days: Vec<Day> = rows.iter().map(|(day, _)| *day).collect();
    ensure!(is_daily(&days), "its bars are not daily");
    tally.without_volume = rows.iter().filter(|(_, quote)| quote.volume == Some(0.0)).count();
    Ok(vec![(id, Content::Quotes(columns.quotes(&rows)?))].into())
}

/// Of rows of the last day that stand at the file's end and differ in volume alone the final one is
/// left, where it has a volume: whoever serves the day while it trades adds a row to the one that is
/// there.
fn final_of_last_day(rows: &mut Vec<(Day, u64, Quote)>, tally: &mut Tally) {
    let Some(&(last, _, end)) = rows.last().filter(|(.., end)| end.volume > Some(0.0)) else { return };
    let same = |quote: &Quote| Quote { volume: None, ..*quote } == Quote { volume: None, ..end };
    let first = rows.iter().rposition(|(day, _, quote)| *day != last || !same(quote)).map_or(0, |before| before + 1);
    let (before, again) = rows.split_at(first);
    let is_last = before.iter().all(|(day, ..)| *day < last);
    if is_last && again.iter().any(|(_, _, quote)| *quote != end) {
        let count = again.len();
        tally
            .remarks
            .push(format!("{last} is given {count} times at the end, with different volumes: the last is taken"));
        rows.drain(first..first + count - 1);
    }
}

/// The symbol that a file's name or a ticker column stands for, in Yahoo's spelling.
pub fn symbol(stem: &str) -> String {
    let upper = stem.to_uppercase();
    let bare = upper.strip_suffix("_US_D").or_else(|| upper.strip_suffix(".US")).map(String::from);
    bare.unwrap_or(upper)
}

impl Columns {
    fn read(&self, row: &StringRecord, decimal: Decimal) -> Result<(Day, Quote), String> {
        let day = date(&row[self.date])?;
        period(self.period.map(|at| &row[at]))?;
        let price = |name: &str, at: usize| price(name, &row[at], decimal);
        let amount = |name: &str, at: Option<usize>, nothing: f64| match at.map(|at| &row[at]) {
            None => Ok(nothing),
            Some(text) if is_nothing(text) => Ok(nothing),
            Some(text) => match number(text, decimal) {
                Ok(amount) if amount >= 0.0 => Ok(amount),
                Ok(amount) => Err(format!("{name} {amount} is below zero")),
                Err(reason) => Err(format!("{name} {reason}")),
            },
        };
        let split = amount("split", self.split, 1.0)?;
        let quote = Quote {
            open: price("open", self.open)?,
            high: price("high", self.high)?,
            low: price("low", self.low)?,
            close: price("close", self.close)?,
            volume: Some(amount("volume", self.volume, f64::NAN)?).filter(|volume| !volume.is_nan()),
            adjusted: self.adjusted.map(|at| price("adj_close", at)).transpose()?,
            dividend: amount("dividend", self.dividend, 0.0)?,
            split: if split == 0.0 { 1.0 } else { split },
        };
        Ok((day, quote))
    }

    /// The rows as columns, with the dividends implied where none are given.
    fn quotes(&self, rows: &[(Day, Quote)]) -> Result<Quotes> {
        let mut bars: Bars = rows
            .iter()
            .map(|&(day, Quote { open, high, low, close, volume, dividend, split, .. })| {
                let volume = volume.unwrap_or(f64::NAN);
                Bar { day, open, high, low, close, volume, dividend, split }
            })
            .collect();
        let known = match (self.dividend, self.adjusted) {
            (Some(_), _) => Dividends::Reported,
            (None, Some(_)) => Dividends::Implied,
            (None, None) => Dividends::Unknown,
        };
        if known == Dividends::Implied {
            let adjusted: Vec<f64> = rows.iter().filter_map(|(_, quote)| quote.adjusted).collect();
            bars.dividend = implied(&bars.day, &bars.close, &adjusted)?;
        }
        Ok(Quotes { dividends: vec![known; bars.len()], bars, gives_splits: self.split.is_some() })
    }
}

/// Refuses a row that is not of a day, where its period is said.
pub(super) fn period(said: Option<&str>) -> Result<(), String> {
    match said.filter(|period| !period.eq_ignore_ascii_case("d")) {
        Some(period) => Err(format!("it is of the period {}, not of a day", shown(period))),
        None => Ok(()),
    }
}

/// A price above zero.
pub(super) fn price(name: &str, cell: &str, decimal: Decimal) -> Result<f64, String> {
    if is_nothing(cell) {
        return Err(format!("{name} is missing"));
    }
    let price = number(cell, decimal).map_err(|reason| format!("{name} {reason}"))?;
    if price > 0.0 { Ok(price) } else { Err(format!("{name} {price} is not above zero")) }
}

/// Refuses a bar whose figures contradict each other, or that cannot have been at `clock`.
fn admit(day: Day, quote: Quote, symbol: &str, clock: &Clock) -> Result<(Day, Quote), String> {
    let Quote { open, high, low, close, .. } = quote;
    if !in_range([open, high, low, close]) {
        let most = "(0.005 or 1e-5 of the close is allowed)";
        return Err(if high < open.max(close).max(low) {
            format!("high {high} is below open {open}, low {low} or close {close} {most}")
        } else {
            format!("low {low} is above open {open} or close {close} {most}")
        });
    }
    clock.has_seen(day)?;
    if is_us(symbol) && day >= JUDGED_FROM && !clock.calendar.is_session(day) {
        return Err(format!("{day} ({}) is no session of the exchange", day.weekday()));
    }
    Ok((day, quote))
}

/// Whether the usual distance of two bars, the upper median, is that of sessions. The days ascend.
pub(super) fn is_daily(days: &[Day]) -> bool {
    let gaps = days.len().saturating_sub(1);
    let short = days.windows(2).filter(|pair| pair[1].since(pair[0]) <= DAILY_GAP_DAYS).count();
    gaps == 0 || short > gaps / 2
}
