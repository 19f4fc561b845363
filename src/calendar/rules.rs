//! When the exchange is closed: holidays by rule, closures by list, half days by rule and by list.
//!
//! Right for every day from 1990 to 2027. Before 1990 the rules of 1990 stand for those of their
//! time, and neither exceptional closures nor half days are known; after 2027 today's rules go on.

use chrono::{Datelike, NaiveTime, Weekday};

use crate::day::Day;

/// Year, month, day.
type Ymd = (i32, u32, u32);

/// Closures that follow from no rule: state funerals, the attacks of 2001, a hurricane.
const EXCEPTIONAL: [Ymd; 11] = [
    (1994, 4, 27),
    (2001, 9, 11),
    (2001, 9, 12),
    (2001, 9, 13),
    (2001, 9, 14),
    (2004, 6, 11),
    (2007, 1, 2),
    (2012, 10, 29),
    (2012, 10, 30),
    (2018, 12, 5),
    (2025, 1, 9),
];

/// Half days that follow from no rule.
const EXTRA_HALF_DAYS: [Ymd; 3] = [(1997, 12, 26), (1999, 12, 31), (2003, 12, 26)];

/// The closures that follow from no rule, ascending.
pub(super) fn exceptional() -> impl Iterator<Item = Day> {
    EXCEPTIONAL.into_iter().map(|(year, month, day)| on(year, month, day))
}

/// The regular holidays of `year` that fall on a weekday, ascending.
pub(super) fn holidays(year: i32) -> impl Iterator<Item = Day> {
    let new_year = on(year, 1, 1);
    let holidays = [
        // a Saturday is not made up for: the Friday before belongs to the old year's books
        (new_year.weekday() != Weekday::Sat).then(|| observed(new_year)),
        (year >= 1998).then(|| nth(year, 1, Weekday::Mon, 3)),
        Some(nth(year, 2, Weekday::Mon, 3)),
        Some(easter(year).plus(-2)),
        Some(nth(year, 6, Weekday::Mon, 1).plus(-7)),
        (year >= 2022).then(|| observed(on(year, 6, 19))),
        Some(observed(on(year, 7, 4))),
        Some(nth(year, 9, Weekday::Mon, 1)),
        Some(nth(year, 11, Weekday::Thu, 4)),
        Some(observed(on(year, 12, 25))),
    ];
    holidays.into_iter().flatten()
}

/// When trading ends early on `day`, a session; `None` where it ends at the usual hour.
pub(super) fn early_close(day: Day) -> Option<NaiveTime> {
    let date = day.date();
    let (year, month, of_month, weekday) = (date.year(), date.month(), date.day(), date.weekday());
    let early = match (month, of_month) {
        (7, 3) => {
            year >= 1995
                && match weekday {
                    Weekday::Mon | Weekday::Tue | Weekday::Thu => true,
                    // until 2012 a Thursday holiday shortened the Friday after it
                    Weekday::Wed => year >= 2013,
                    _ => false,
                }
        }
        (7, 5) => (1995..2013).contains(&year) && weekday == Weekday::Fri,
        (11, 23..=29) => year >= 1992 && weekday == Weekday::Fri,
        (12, 24) => year >= 1990 && weekday != Weekday::Fri,
        _ => EXTRA_HALF_DAYS.contains(&(year, month, of_month)),
    };
    // one o'clock since Thanksgiving 1993
    let hour = if year < 1993 { 14 } else { 13 };
    early.then(|| NaiveTime::from_hms_opt(hour, 0, 0)).flatten()
}

/// A date of the tables above, or of a rule: all of them exist.
fn on(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).expect("a date of the calendar")
}

/// The weekday on which a holiday is kept: Friday for Saturday, Monday for Sunday.
fn observed(day: Day) -> Day {
    match day.weekday() {
        Weekday::Sat => day.plus(-1),
        Weekday::Sun => day.plus(1),
        _ => day,
    }
}

/// The `n`-th `weekday` of a month, from 1.
fn nth(year: i32, month: u32, weekday: Weekday, n: i32) -> Day {
    let first = on(year, month, 1);
    first.plus(weekday.days_since(first.weekday()) as i32 + 7 * (n - 1))
}

/// Easter Sunday of the Gregorian calendar (Oudin 1940).
fn easter(year: i32) -> Day {
    let century = year / 100;
    let golden = year % 19;
    let moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    let moon = moon - (moon / 28) * (1 - (29 / (moon + 1)) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    on(year, 3, 28).plus(moon - weekday)
}
