//! The NYSE calendar: sessions, half days, and which session is the last finished one.

use chrono::{DateTime, NaiveTime, Utc};

use crate::day::Day;

/// Minutes after the close at which a session counts as finished: the closing auction prints late,
/// and the sources mark their last bar as live until then.
pub const SETTLE_MINUTES: i64 = 15;

/// Sessions of the New York Stock Exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    sessions: Vec<Day>,
}

impl Calendar {
    /// The calendar with closures beyond those known here.
    pub fn new(extra_closures: &[Day]) -> Self {
        let _ = extra_closures;
        todo!()
    }

    /// Whether the exchange opens on `day`.
    pub fn is_session(&self, day: Day) -> bool {
        self.sessions.binary_search(&day).is_ok()
    }

    /// When trading ends on `day`, New York time (13:00 or 14:00 on a half day).
    pub fn close_time(&self, day: Day) -> NaiveTime {
        let _ = day;
        todo!()
    }

    /// The last session finished at `now`: closed [`SETTLE_MINUTES`] ago or longer.
    pub fn last_finished(&self, now: DateTime<Utc>) -> Day {
        let _ = now;
        todo!()
    }

    /// The last session on or before `day`.
    pub fn on_or_before(&self, day: Day) -> Day {
        let _ = day;
        todo!()
    }

    /// The first session after `day`.
    pub fn next_session(&self, day: Day) -> Day {
        let _ = day;
        todo!()
    }

    /// The sessions from `first` to `last`, both included.
    pub fn between(&self, first: Day, last: Day) -> &[Day] {
        let start = self.sessions.partition_point(|&day| day < first);
        let end = self.sessions.partition_point(|&day| day <= last);
        &self.sessions[start..end.max(start)]
    }

    /// Sessions after `from` up to `to`: how old a value of `from` is at `to`.
    pub fn age(&self, from: Day, to: Day) -> u32 {
        self.between(from.plus(1), to).len() as u32
    }

    /// The next session by the regular rules alone, as one could know it at `day`.
    pub fn next_regular(&self, day: Day) -> Day {
        let _ = day;
        todo!()
    }
}
