//! Closes of one symbol on days of its own: what the record needs beyond the market, or before it.

use crate::bars::{Columns, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::quality::{self, Nature};
use crate::series::total_return;

/// Days that a close may lie before the day it stands for: a long weekend.
const CARRY_DAYS: i32 = 5;

/// Closes as quoted, and total return from 1 at the first; days ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closes {
    /// Days with a close.
    pub day: Vec<Day>,
    /// Close, as quoted.
    pub close: Vec<f64>,
    /// Dividends reinvested.
    pub total_return: Vec<f64>,
}

impl Closes {
    /// The closes of `symbol` up to `reference`, unless the series cannot be true.
    ///
    /// # Errors
    /// Why there are none.
    pub fn of(shelf: &Shelf, symbol: &str, calendar: &Calendar, reference: Day) -> Result<Self, String> {
        let id = SeriesId::bars(symbol);
        let series = shelf.get(&id).ok_or_else(|| format!("{symbol} is not in the store"))?;
        let Columns::Bars(bars) = &series.columns else { return Err(format!("{symbol} has no bars")) };
        if let Some(finding) =
            quality::examine(&id, series, Nature::Market, calendar).iter().find(|finding| finding.withholds)
        {
            return Err(format!("{symbol} is withheld: {finding}"));
        }
        let end = bars.day.partition_point(|&day| day <= reference);
        let total_return = total_return(&bars.close[..end], &bars.dividend[..end]);
        let kept = || (0..end).filter(|&i| bars.close[i].is_finite());
        Ok(Self {
            day: kept().map(|i| bars.day[i]).collect(),
            close: kept().map(|i| bars.close[i]).collect(),
            total_return: kept().map(|i| total_return[i]).collect(),
        })
    }

    /// The last day with a close.
    pub fn last(&self) -> Option<Day> {
        self.day.last().copied()
    }

    /// Index of the last close on or before `day`; `None` where that is more than a long weekend old, so that no
    /// series is carried past its end.
    pub fn on_or_before(&self, day: Day) -> Option<usize> {
        let at = self.day.partition_point(|&one| one <= day).checked_sub(1)?;
        (day.since(self.day[at]) <= CARRY_DAYS).then_some(at)
    }

    /// close/close − 1 from the last close on or before one day to that on or before another, once that day has come.
    pub fn change(&self, from: Day, to: Day) -> Option<f64> {
        let ends = [self.on_or_before(from)?, self.on_or_before(to)?];
        (self.last()? >= to).then(|| self.close[ends[1]] / self.close[ends[0]] - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::day;

    #[test]
    fn a_change_needs_a_close_near_both_ends_and_the_end_to_have_come() {
        let days = ["2024-01-02", "2024-01-05", "2024-02-02", "2024-02-05"].map(day);
        let closes = Closes { day: days.to_vec(), close: vec![100.0, 110.0, 121.0, 99.0], ..Closes::default() };
        assert_eq!(closes.change(day("2024-01-03"), day("2024-02-04")), Some(121.0 / 100.0 - 1.0));
        // a weekend stands for the Friday before it, three weeks for nothing
        assert_eq!(closes.change(day("2024-01-07"), day("2024-02-05")), Some(99.0 / 110.0 - 1.0));
        assert_eq!(closes.change(day("2024-01-25"), day("2024-02-05")), None);
        assert_eq!(closes.change(day("2024-01-02"), day("2024-02-06")), None);
        assert_eq!(closes.change(day("2024-01-01"), day("2024-02-05")), None);
    }
}
