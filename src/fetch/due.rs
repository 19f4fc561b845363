//! When a series is asked for: a newer value is expected, and was not asked for since.

use chrono::{DateTime, TimeDelta, Utc};

use crate::bars::{Kind, SeriesId};
use crate::calendar::{Calendar, SETTLE_MINUTES, Zone};
use crate::day::Day;
use crate::inputs;

/// Hours after an answer with nothing new.
const NOTHING_NEW_HOURS: i64 = 4;

/// Days after the source denied knowing the series.
const NOT_FOUND_DAYS: i64 = 30;

/// The newest value that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The day it is for.
    pub day: Day,
    /// Since when a source should have it.
    pub since: DateTime<Utc>,
}

/// What came of asking a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer, with or without news.
    Answered,
    /// The source does not know the series.
    NotFound,
    /// No answer, or none of use.
    Failed,
}

/// The newest value of `series` expected at `now`.
///
/// Bars: the last finished session. Rates: the last day whose value was public at that session's close.
/// A series that its source has ended expects nothing after its end.
pub fn expected(series: &SeriesId, calendar: &Calendar, now: DateTime<Utc>) -> Expected {
    let finished = calendar.last_finished(now);
    let mut day = finished;
    let mut public = finished;
    if series.kind != Kind::Bars {
        day = inputs::dated(&series.name, day, calendar);
        public = inputs::known_from(&series.name, day, calendar);
        while public > finished {
            day = inputs::dated(&series.name, day.plus(-1), calendar);
            public = inputs::known_from(&series.name, day, calendar);
        }
    }
    let end = inputs::ends(&series.name).filter(|_| series.kind == Kind::Rates);
    Expected { day: end.map_or(day, |end| day.min(end)), since: settled(calendar, public) }
}

/// The last day that is asked for at `now`: bars of finished sessions, rates up to today.
pub fn newest(series: &SeriesId, calendar: &Calendar, now: DateTime<Utc>) -> Day {
    if series.kind == Kind::Bars { calendar.last_finished(now) } else { today(now) }
}

/// Whether to ask for a series held up to `last`, last asked for as `asked` says.
pub fn due(last: Option<Day>, expected: Expected, asked: Option<(DateTime<Utc>, Reply)>, now: DateTime<Utc>) -> bool {
    if last.is_some_and(|last| last >= expected.day) {
        return false;
    }
    // a record from the future was written under another clock
    let Some((at, reply)) = asked.filter(|(at, _)| *at <= now) else { return true };
    match reply {
        Reply::NotFound => now - at >= TimeDelta::days(NOT_FOUND_DAYS),
        Reply::Failed => true,
        // it was had, and is gone: its file was damaged or removed
        Reply::Answered if last.is_none() => true,
        Reply::Answered => at < expected.since || now - at >= TimeDelta::hours(NOTHING_NEW_HOURS),
    }
}

/// The last answer of any source about a series; of several at the same time the most useful.
pub fn last_reply(replies: impl Iterator<Item = (DateTime<Utc>, Reply)>) -> Option<(DateTime<Utc>, Reply)> {
    let rank = |reply: &Reply| match reply {
        Reply::Answered => 2,
        Reply::Failed => 1,
        Reply::NotFound => 0,
    };
    replies.max_by_key(|(at, reply)| (*at, rank(reply)))
}

/// When trading ends on `session`.
pub(super) fn close(calendar: &Calendar, session: Day) -> DateTime<Utc> {
    let local = session.date().and_time(calendar.close_time(session));
    // no clock change falls on a trading hour
    Zone::new_york().instant(local)
}

/// When `session` counts as finished.
fn settled(calendar: &Calendar, session: Day) -> DateTime<Utc> {
    close(calendar, session) + TimeDelta::minutes(SETTLE_MINUTES)
}

/// The date in New York.
pub(super) fn today(now: DateTime<Utc>) -> Day {
    Zone::new_york().date(now).into()
}

#[cfg(test)]
mod tests;
