//! Time zones: what the clocks of a place show.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// A time zone, of the database that is built in.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone called `name` (`America/New_York`); `None` where there is none.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// The exchange's.
    ///
    /// # Panics
    /// Never: it is in the database.
    pub fn new_york() -> Self {
        Self::named("America/New_York").expect("a zone of the database")
    }

    /// What the clocks show at `instant`.
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        let offset = Timestamp::from_second(instant.timestamp()).map_or(0, |at| self.0.to_offset(at).seconds());
        instant.naive_utc() + TimeDelta::seconds(offset.into())
    }

    /// The date at `instant`.
    pub fn date(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.local(instant).date()
    }

    /// When the clocks show `local`, the first time they do; as if they showed UTC where that cannot be told.
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let [month, day, hour, minute, second] =
            [local.month(), local.day(), local.hour(), local.minute(), local.second()].map(|part| part as i8);
        let at = civil::DateTime::new(local.year() as i16, month, day, hour, minute, second, 0);
        let found = at.ok().and_then(|at| self.0.to_ambiguous_timestamp(at).earlier().ok());
        found.and_then(|at| DateTime::from_timestamp(at.as_second(), 0)).unwrap_or_else(|| local.and_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn new_york_is_four_or_five_hours_behind_by_the_rules_of_each_year() {
        let zone = Zone::new_york();
        for (instant, shown) in [
            ("1974-01-07T05:00:00Z", "1974-01-07 01:00:00"), // daylight saving all winter
            ("1986-04-27T06:59:59Z", "1986-04-27 01:59:59"),
            ("1986-04-27T07:00:00Z", "1986-04-27 03:00:00"),
            ("2006-10-29T06:00:00Z", "2006-10-29 01:00:00"),
            ("2007-03-11T07:00:00Z", "2007-03-11 03:00:00"),
            ("2025-11-02T05:59:59Z", "2025-11-02 01:59:59"),
            ("2025-11-02T06:00:00Z", "2025-11-02 01:00:00"),
            ("2040-07-01T20:00:00Z", "2040-07-01 16:00:00"),
        ] {
            assert_eq!(zone.local(utc(instant)).to_string(), shown, "{instant}");
        }
        let close = |day: &str| zone.instant(format!("{day}T16:00:00").parse().expect("a time"));
        assert_eq!(
            [close("2026-01-05"), close("2026-07-06")],
            ["2026-01-05T21:00:00Z", "2026-07-06T20:00:00Z"].map(utc)
        );
        // shown twice: the first time is meant
        assert_eq!(zone.instant("2025-11-02T01:30:00".parse().expect("a time")), utc("2025-11-02T05:30:00Z"));
    }

    #[test]
    fn other_zones_have_names() {
        let tokyo = Zone::named("Asia/Tokyo").expect("a zone");
        assert_eq!(tokyo.date(utc("2025-01-05T15:00:00Z")).to_string(), "2025-01-06");
        assert_eq!(Zone::named("Mars/Base"), None);
    }
}
