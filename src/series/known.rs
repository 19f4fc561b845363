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
            points.extend(part, start..part.len());
        }
        Self { points, last: Vec::new() }
    }

    /// Finds the last value known at each session, carried at most `carry` sessions after the one
    /// at which it became known, and forgets the values not known by the last session.
    pub(super) fn align(mut self, sessions: &[Day], calendar: &Calendar, carry: u32) -> Self {
        let points = &mut self.points;
        let mut next = points.known_from.partition_point(|&day| day < sessions[0]);
        let mut age = match next.checked_sub(1) {
            Some(before) => calendar.age(points.known_from[before], sessions[0]).saturating_sub(1),
            None => u32::MAX,
        };
        self.last.reserve_exact(sessions.len());
        for &session in sessions {
            age = age.saturating_add(1);
            while next < points.len() && points.known_from[next] <= session {
                // known on the session itself, or on a day without one since the session before it
                age = u32::from(points.known_from[next] < session);
                next += 1;
            }
            self.last.push(if age <= carry { next as u32 } else { 0 });
        }
        points.truncate(next);
        self
    }

    /// The values known at each session from `from` on, and at one more as at the last.
    pub(super) fn carry(&self, from: usize) -> Self {
        let last = self.last[from..].iter().copied().chain(self.last.last().copied()).collect();
        Self { points: self.points.clone(), last }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// A value for Thursday known on Friday, and one known on Saturday; sessions from Friday on.
    fn known(carry: u32) -> Vec<f64> {
        let mut points = Points::default();
        points.push(day("2024-05-30"), day("2024-05-31"), 1.0);
        points.push(day("2024-06-01"), day("2024-06-01"), 2.0);
        let calendar = Calendar::new(&[]);
        let sessions = calendar.between(day("2024-05-30"), day("2024-06-06")).to_vec();
        Known::splice([&points]).align(&sessions, &calendar, carry).values()
    }

    #[test]
    fn a_value_counts_from_the_day_it_is_known_and_is_carried_so_far() {
        let shown = |carry| known(carry).iter().map(|x| format!("{x}")).collect::<Vec<_>>().join(" ");
        // Thursday, Friday, Monday (a session after Saturday), Tuesday, Wednesday, Thursday
        assert_eq!(shown(2), "NaN 1 2 2 NaN NaN");
        assert_eq!(shown(4), "NaN 1 2 2 2 2");
    }
}
