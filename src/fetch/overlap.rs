//! Whether an answer continues what is held, or the past has changed.

use super::fault::Fault;
use super::source::{SourceRow, source};
use super::{Answer, Lay};
use crate::bars::{Columns, Dividends, Kind, Origin, Series, SeriesId};
use crate::day::Day;

/// Rows of the held tail that an answer must agree with: bars, rates.
const TAIL_BARS: usize = 5;
const TAIL_POINTS: usize = 10;

/// Days by which a whole answer may begin later than the held series.
const LATER_START_DAYS: i32 = 31;

/// What the store holds of a series, as far as a source needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Who served it.
    pub owner: String,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// Number of rows.
    pub rows: usize,
    /// The last rows with a value that the owner served: day and close (or value).
    pub tail: Vec<(Day, f64)>,
    /// Every split: day and ratio.
    pub splits: Vec<(Day, f64)>,
    /// Whether a dividend is among them.
    pub paid: bool,
}

impl Held {
    /// Of `columns` with this origin; `None` where they are empty.
    pub fn of(origin: &Origin, columns: &Columns) -> Option<Self> {
        let days = columns.days();
        let (&first, &last) = (days.first()?, days.last()?);
        let (values, length) = match columns {
            Columns::Bars(bars) => (&bars.close, TAIL_BARS),
            Columns::Points(points) => (&points.value, TAIL_POINTS),
        };
        let own = owned(origin, days);
        let rows = days[..own].iter().copied().zip(values[..own].iter().copied());
        let mut tail: Vec<_> = rows.rev().filter(|(_, value)| value.is_finite()).take(length).collect();
        tail.reverse();
        let paid = matches!(columns, Columns::Bars(bars) if bars.dividend.iter().any(|dividend| *dividend != 0.0));
        let owner = origin.owner.clone();
        Some(Self { owner, first, last, rows: days.len(), tail, splits: splits(columns), paid })
    }

    /// Whose figures are held.
    pub(super) fn vendor(&self) -> &str {
        source(&self.owner).map_or(&self.owner, |row| row.vendor)
    }

    /// Whether its owner knows prices alone.
    pub(super) fn prices_alone(&self) -> bool {
        source(&self.owner).is_some_and(|row| row.prices_alone)
    }

    /// Refuses a whole series without dividends where dividends are held.
    pub(super) fn keeps_dividends(&self, row: &SourceRow) -> Result<(), Fault> {
        if row.prices_alone && self.paid {
            return Err(Fault::Shrunk("it has no dividends, and the stored series has".to_owned()));
        }
        Ok(())
    }

    /// The day from which an answer overlaps what is held.
    pub(super) fn overlap_from(&self) -> Day {
        self.tail.first().map_or(self.last, |(day, _)| *day)
    }

    /// Whether an answer that starts with the overlap has the same past: at least half of the days in
    /// common, closes within the larger of half a cent and 1e-5, rates to 1e-9, and no split that is
    /// not held.
    pub(super) fn agrees(&self, answer: &Columns) -> bool {
        let (values, cents, part) = match answer {
            Columns::Bars(bars) => (&bars.close, 0.005, 1e-5),
            Columns::Points(points) => (&points.value, 1e-9, 0.0),
        };
        let days = answer.days();
        let mut met = 0;
        for (day, held) in &self.tail {
            if let Ok(row) = days.binary_search(day) {
                let apart = (values[row] - held).abs();
                if apart > (part * held.abs()).max(cents) {
                    return false;
                }
                met += 1;
            }
        }
        met > 0 && 2 * met >= self.tail.len() && splits(answer).iter().all(|split| self.splits.contains(split))
    }

    /// Refuses an answer to the overlap that ends before what is held.
    pub(super) fn reached_by(&self, answer: &Columns) -> Result<(), Fault> {
        match answer.days().last() {
            Some(&last) if last >= self.last => Ok(()),
            Some(&last) => Err(Fault::Shrunk(format!("its last day is {last}, the stored one {}", self.last))),
            None => Err(Fault::Shrunk(format!("it is empty where {} is stored", self.last))),
        }
    }

    /// Refuses a whole answer that would take away from what is held: one that ends earlier, begins
    /// over a month later, or has fewer than nine tenths of the rows.
    ///
    /// Returns whether the rows before the answer's first must stay: of a series that its source
    /// serves for the last years only, asked of its `own` vendor.
    pub(super) fn survives(&self, series: &SeriesId, answer: &Columns, own: bool) -> Result<bool, Fault> {
        self.reached_by(answer)?;
        let days = answer.days();
        if rolling(series) && own {
            return Ok(days[0] > self.first);
        }
        if days[0].since(self.first) > LATER_START_DAYS {
            return Err(Fault::Shrunk(format!("its first day is {}, the stored one {}", days[0], self.first)));
        }
        if days.len() * 10 < self.rows * 9 {
            return Err(Fault::Shrunk(format!("it has {} rows, {} are stored", days.len(), self.rows)));
        }
        Ok(false)
    }
}

/// What the store shall hold: an answer laid onto the held series as it says.
pub fn laid(held: &Series, answer: &Answer) -> Columns {
    let mut rows = held.columns.clone();
    let own = owned(&held.origin, rows.days());
    rows.keep(0..own);
    match answer.lay {
        Lay::Whole => answer.columns.clone(),
        Lay::Onto => rows.overlaid(&answer.columns),
        Lay::After => {
            let last = rows.days().last().copied();
            let new = answer.columns.days().partition_point(|day| Some(*day) <= last);
            let mut tail = answer.columns.clone();
            tail.keep(new..tail.days().len());
            rows.overlaid(&tail)
        }
    }
}

/// The last day that the owner of a series served.
pub fn own_last(held: &Series) -> Option<Day> {
    let days = held.columns.days();
    days[..owned(&held.origin, days)].last().copied()
}

/// How the dividends of the owner's own rows were had: rows borrowed for a while may know none.
pub fn own_dividends(held: &Series) -> Dividends {
    match (&held.origin.borrowed, source(&held.origin.owner)) {
        (Some(_), Some(row)) if !row.prices_alone => Dividends::Reported,
        _ => held.origin.dividends,
    }
}

/// Rows that are the owner's: all but the borrowed ones.
fn owned(origin: &Origin, days: &[Day]) -> usize {
    origin.borrowed.as_ref().map_or(days.len(), |borrowed| days.partition_point(|day| *day < borrowed.from))
}

/// Whether the source serves only the last years: ICE's spreads, since April 2026.
fn rolling(series: &SeriesId) -> bool {
    series.kind == Kind::Rates && series.name.starts_with("BAML")
}

/// Days with a split, and its ratio.
fn splits(columns: &Columns) -> Vec<(Day, f64)> {
    match columns {
        Columns::Bars(bars) => {
            bars.day.iter().copied().zip(bars.split.iter().copied()).filter(|(_, split)| *split != 1.0).collect()
        }
        Columns::Points(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
