//! Dated values as they were known at each session's close.

use crate::bars::Points;
use crate::calendar::Calendar;
use crate::day::Day;

/// Values of one input, aligned: for each session, which value was the last one known.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The values known by the reference session, oldest first.
    pub points: Points,
    /// For each session the index of the last known value plus one; 0 for none or one too old.
    last: Vec<u32>,
}

impl Known {
    /// Joins series whose dates are disjoint: of a later one only what follows the earlier counts.
    pub(super) fn splice<'a>(parts: impl IntoIterator<Item = &'a Points>) -> Self {
        let mut points = Points::default();
        for part in parts {
            let start = points.day.last().map_or(0, |last| part.day.partition_point(|day| day <= last));
            for i in start..part.len() {
                points.push(part.day[i], part.known_from[i], part.value[i]);
            }
        }
        Self { points, last: Vec::new() }
    }

    /// Finds the last value known at each session, carried at most `carry` sessions after the one
    /// at which it became known, and forgets the values not known by the last session.
    pub(super) fn align(mut self, sessions: &[Day], calendar: &Calendar, carry: u32) -> Self {
        let points = &mut self.points;
        let mut next = 0;
        let mut age = u32::MAX;
        for &session in sessions {
            age = age.saturating_add(1);
            while next < points.len() && points.known_from[next] <= session {
                age = calendar.age(points.known_from[next], session);
                next += 1;
            }
            self.last.push(if age <= carry { next as u32 } else { 0 });
        }
        points.day.truncate(next);
        points.known_from.truncate(next);
        points.value.truncate(next);
        self
    }

    /// Index into [`Known::points`] of the value known at session `t`.
    pub fn at(&self, t: usize) -> Option<usize> {
        (self.last[t] as usize).checked_sub(1)
    }

    /// The value known at session `t`; `NaN` for none.
    pub fn value(&self, t: usize) -> f64 {
        self.at(t).map_or(f64::NAN, |i| self.points.value[i])
    }

    /// The values known at every session.
    pub fn values(&self) -> Vec<f64> {
        (0..self.last.len()).map(|t| self.value(t)).collect()
    }
}
