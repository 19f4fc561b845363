//! A civil date as a day number: cheap to compare, to store and to align.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result};
use chrono::{Datelike, NaiveDate, Weekday};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A civil date, as the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// The day number of 1970-01-01 in chrono's count from 0001-01-01.
const EPOCH: i32 = 719_163;

impl Day {
    /// The day `number` days after 1970-01-01.
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day of a civil date, `None` where the date does not exist.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from)
    }

    /// The same day as a chrono date.
    ///
    /// # Panics
    /// For day numbers some 260,000 years away, which no reader of dates lets through.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0 + EPOCH).expect("a day within chrono's range")
    }

    /// `days` later (earlier when negative).
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Days from `earlier` to this day.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Day of the week.
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// Calendar year.
    pub fn year(self) -> i32 {
        self.date().year()
    }

    /// Number of its month, counted on from year to year.
    pub fn month(self) -> i32 {
        let date = self.date();
        12 * date.year() + date.month0() as i32
    }

    /// Whether each of `days` comes after the one before. No early end: the days of most series do.
    pub fn ascend(days: &[Self]) -> bool {
        days.windows(2).fold(0, |wrong, pair| wrong | u32::from(pair[0] >= pair[1])) == 0
    }

    /// How many days at the start of both are the same.
    pub fn agree(days: &[Self], others: &[Self]) -> usize {
        // most go far: many at a time
        const DAYS: usize = 64;
        let same = |(days, others): &(&[Self], &[Self])| {
            days.iter().zip(*others).fold(0, |differ, (one, other)| differ | (one.0 ^ other.0)) == 0
        };
        let same = DAYS * days.chunks_exact(DAYS).zip(others.chunks_exact(DAYS)).take_while(same).count();
        same + days[same..].iter().zip(&others[same..]).take_while(|(one, other)| one == other).count()
    }

    /// Number of its ISO week, counted on from year to year; 1970-01-01 was a Thursday.
    pub const fn week(self) -> i32 {
        (self.0 + 3).div_euclid(7)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - EPOCH)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().format("%Y-%m-%d").fmt(f)
    }
}

impl FromStr for Day {
    type Err = anyhow::Error;

    /// Reads `YYYY-MM-DD`, with four-digit years from 1800 to 2200 only.
    fn from_str(text: &str) -> Result<Self> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|date| text.len() == 10 && (1800..=2200).contains(&date.year()));
        date.map(Self::from).with_context(|| format!("`{}` is not a date of the form YYYY-MM-DD", text.escape_debug()))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_and_read_back() {
        assert_eq!(Day::from_ymd(1970, 1, 1), Some(Day::from_number(0)));
        assert_eq!(Day::from_ymd(2000, 2, 29).map(Day::number), Some(11_016));
        let day: Day = "2025-12-31".parse().expect("a date");
        assert_eq!((day.to_string().as_str(), day.number()), ("2025-12-31", 20_453));
    }

    #[test]
    fn weeks_begin_on_monday_and_months_count_across_the_year() {
        let day = |text: &str| text.parse::<Day>().expect("a date");
        assert_eq!(day("2024-12-29").week() + 1, day("2024-12-30").week());
        assert_eq!(day("2024-12-30").week(), day("2025-01-05").week());
        assert_eq!(day("2024-12-31").month() + 1, day("2025-01-01").month());
    }

    #[test]
    fn days_agree_up_to_the_first_that_differs() {
        let days: Vec<Day> = (0..300).map(Day::from_number).collect();
        assert!(Day::ascend(&days) && Day::ascend(&[]) && !Day::ascend(&[days[3], days[3]]));
        for differs in [0, 1, 63, 64, 65, 200, 299] {
            let mut others = days.clone();
            others[differs] = Day::from_number(-1);
            assert_eq!((Day::agree(&days, &others), Day::ascend(&others)), (differs, differs == 0));
            assert_eq!(Day::agree(&days[..differs], &days), differs);
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["2025-2-3", "2025-02-30", "20250203", "0025-02-03", "2025-02-03 ", ""] {
            assert!(text.parse::<Day>().is_err(), "`{text}`");
        }
    }
}
