//! The NYSE calendar: sessions, half days, and which session is the last finished one.

mod rules;
#[cfg(test)]
mod tests;
mod zone;

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::day::Day;
pub use zone::Zone;

/// Minutes after the close at which a session counts as finished: the closing auction prints late,
/// and the sources mark their last bar as live until then.
pub const SETTLE_MINUTES: i64 = 15;

/// The years whose sessions are counted.
pub const YEARS: RangeInclusive<i32> = 1960..=2060;

/// Their days: 1960-01-01 to 2060-12-31.
const COUNTED: RangeInclusive<Day> = Day::from_number(-3_653)..=Day::from_number(33_237);

/// Sessions of the New York Stock Exchange.
///
/// Right for every day from 1990 to 2027; by the regular rules of those years from 1960 to 2060.
/// Beyond that every weekday is taken for a session, except that [`Calendar::between`] and
/// [`Calendar::age`] count none.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Shared, as markets keep the calendar.
    sessions: Arc<Vec<Day>>,
    /// Days without a session that the regular rules would have one on.
    exceptional: Vec<Day>,
}

impl Calendar {
    /// The calendar with closures beyond those known here.
    pub fn new(extra_closures: &[Day]) -> Self {
        let (first, last) = COUNTED.into_inner();
        let holidays: Vec<Day> = (first.year()..=last.year()).flat_map(rules::holidays).collect();
        let regular = |day: &Day| is_weekday(*day) && COUNTED.contains(day) && holidays.binary_search(day).is_err();
        let unruly = rules::exceptional().chain(extra_closures.iter().copied());
        let mut exceptional: Vec<Day> = unruly.filter(regular).collect();
        exceptional.sort_unstable();
        exceptional.dedup();

        let mut closed = [&holidays[..], &exceptional].concat();
        closed.sort_unstable();
        let mut closed = closed.into_iter().peekable();
        let mut sessions = Vec::with_capacity(26_000);
        // Monday is day 7·w − 3 of week w
        for monday in (first.week()..=last.week()).map(|week| 7 * week - 3) {
            let days = [0, 1, 2, 3, 4].map(|after| Day::from_number(monday + after));
            let whole = first <= days[0] && days[4] <= last && closed.peek().is_none_or(|&closed| closed > days[4]);
            // most weeks are
            if whole {
                sessions.extend_from_slice(&days);
            } else {
                let open = |day: &Day| COUNTED.contains(day) && closed.next_if_eq(day).is_none();
                sessions.extend(days.into_iter().filter(open));
            }
        }
        Self { sessions: Arc::new(sessions), exceptional }
    }

    /// Whether the exchange opens on `day`.
    pub fn is_session(&self, day: Day) -> bool {
        is_weekday(day) && (!COUNTED.contains(&day) || self.sessions.binary_search(&day).is_ok())
    }

    /// When trading ends on `day`, New York time (13:00 or 14:00 on a half day).
    pub fn close_time(&self, day: Day) -> NaiveTime {
        let early = if self.is_session(day) { rules::early_close(day) } else { None };
        early.unwrap_or(NaiveTime::MIN + TimeDelta::hours(16))
    }

    /// The last session finished at `now`: closed [`SETTLE_MINUTES`] ago or longer.
    pub fn last_finished(&self, now: DateTime<Utc>) -> Day {
        let local = Zone::new_york().local(now);
        let today = Day::from(local.date());
        let settled = self.close_time(today) + TimeDelta::minutes(SETTLE_MINUTES);
        self.on_or_before(if local.time() >= settled { today } else { today.plus(-1) })
    }

    /// The last session on or before `day`.
    pub fn on_or_before(&self, day: Day) -> Day {
        let mut day = day;
        while !self.is_session(day) {
            day = day.plus(-1);
        }
        day
    }

    /// The first session after `day`.
    pub fn next_session(&self, day: Day) -> Day {
        let mut day = day.plus(1);
        while !self.is_session(day) {
            day = day.plus(1);
        }
        day
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
        let next = self.next_session(day);
        let closed = self.exceptional.partition_point(|&closed| closed <= day);
        self.exceptional.get(closed).map_or(next, |&closed| next.min(closed))
    }

    /// Whether, as one could know it at `day`, the next session falls in another ISO week.
    pub fn completes_week(&self, day: Day) -> bool {
        self.next_regular(day).week() != day.week()
    }

    /// Whether, as one could know it at `day`, the next session falls in another month.
    pub fn completes_month(&self, day: Day) -> bool {
        self.next_regular(day).month() != day.month()
    }
}

/// Monday to Friday.
fn is_weekday(day: Day) -> bool {
    (day.number() + 3).rem_euclid(7) < 5
}
