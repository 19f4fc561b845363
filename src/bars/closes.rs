//! Days and closes of a series of bars, without the rest of it.

use super::Bars;
use crate::day::Day;

/// The closes of a series of bars, as quoted. Columns of equal length, days ascending and distinct; an
/// absent close is `NaN`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closes {
    /// Session.
    pub day: Vec<Day>,
    /// Last price.
    pub close: Vec<f64>,
}

impl Closes {
    /// Forgets what follows `day`, and lets its close, where it has one, stand on the day `next` too.
    pub fn stand_still(&mut self, day: Day, next: Day) {
        let rows = self.day.partition_point(|&one| one <= day);
        self.day.truncate(rows);
        self.close.truncate(rows);
        if self.day.last() == Some(&day) {
            self.day.push(next);
            self.close.push(self.close[rows - 1]);
        }
    }
}

impl From<Bars> for Closes {
    fn from(bars: Bars) -> Self {
        Self { day: bars.day, close: bars.close }
    }
}
