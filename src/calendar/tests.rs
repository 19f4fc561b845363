use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn year(calendar: &Calendar, year: i32) -> &[Day] {
    calendar.between(day(&format!("{year}-01-01")), day(&format!("{year}-12-31")))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Sessions and half days of each year from 1990.
#[rustfmt::skip]
const YEARS: [(usize, usize); 38] = [
    (253, 1), (253, 1), (254, 2), (253, 1), (252, 1), (252, 2), (254, 3), (253, 4), (252, 2), (252, 2), // 1990
    (252, 2), (248, 3), (252, 3), (252, 4), (252, 1), (252, 1), (251, 2), (251, 3), (253, 3), (252, 2), // 2000
    (252, 1), (252, 1), (250, 3), (252, 3), (252, 3), (252, 2), (252, 1), (251, 2), (251, 3), (252, 3), // 2010
    (253, 2), (252, 1), (251, 1), (250, 2), (252, 3), (250, 3), (251, 2), (251, 1),                     // 2020
];

#[test]
fn every_year_from_1990_to_2027_has_its_sessions_and_half_days() {
    let calendar = Calendar::new(&[]);
    let usual = NaiveTime::MIN + TimeDelta::hours(16);
    for (number, expected) in (1990..).zip(YEARS) {
        let sessions = year(&calendar, number);
        let early = sessions.iter().filter(|&&day| calendar.close_time(day) != usual).count();
        assert_eq!((sessions.len(), early), expected, "{number}");
    }
}

#[test]
fn the_counted_days_are_whole_years() {
    assert_eq!(COUNTED.start().to_string(), "1960-01-01");
    assert_eq!(COUNTED.end().to_string(), "2060-12-31");
    assert_eq!(super::YEARS, COUNTED.start().year()..=COUNTED.end().year());
}

#[test]
fn exceptional_closures_are_no_sessions() {
    let calendar = Calendar::new(&[]);
    let closed: Vec<String> = calendar.exceptional.iter().map(Day::to_string).collect();
    let expected = "1994-04-27 2001-09-11 2001-09-12 2001-09-13 2001-09-14 2004-06-11 2007-01-02 \
                    2012-10-29 2012-10-30 2018-12-05 2025-01-09";
    assert_eq!(closed.join(" "), expected);
    assert!(calendar.exceptional.iter().all(|&day| !calendar.is_session(day)));
}

#[test]
fn holidays_move_and_begin_as_they_did() {
    let calendar = Calendar::new(&[]);
    let closed = [
        "1993-12-24",
        "1994-12-26",
        "1995-01-02",
        "1998-01-19",
        "1999-12-24",
        "2000-04-21",
        "2008-03-21",
        "2011-04-22",
        "2015-07-03",
        "2019-04-19",
        "2022-06-20",
        "2024-03-29",
        "2024-06-19",
        "2027-06-18",
        "2027-07-05",
        "2027-11-25",
        "2027-12-24",
    ];
    let open = [
        // a Saturday New Year is not made up for
        "1993-12-31",
        "1999-12-31",
        "2004-12-31",
        "2010-12-31",
        "2021-12-31",
        "2027-12-31",
        // before Martin Luther King day and Juneteenth were kept
        "1997-01-20",
        "2020-06-19",
        "2021-06-18",
        "2021-06-21",
        "2001-09-10",
        "2001-09-17",
        "2010-12-27",
        "2024-04-01",
    ];
    for text in closed {
        assert!(!calendar.is_session(day(text)), "{text}");
    }
    for text in open {
        assert!(calendar.is_session(day(text)), "{text}");
    }
}

#[test]
fn half_days_end_at_two_and_since_1993_at_one() {
    let calendar = Calendar::new(&[]);
    let hours = [
        ("1991-11-29", 16),
        ("1992-11-27", 14),
        ("1992-12-24", 14),
        ("1993-11-26", 13),
        ("1994-07-05", 16),
        ("1996-07-05", 13),
        ("1997-12-26", 13),
        ("1999-12-31", 13),
        ("2002-07-03", 16),
        ("2002-07-05", 13),
        ("2003-12-26", 13),
        ("2013-07-03", 13),
        ("2013-07-05", 16),
        ("2015-07-02", 16),
        ("2021-12-23", 16),
        ("2024-07-03", 13),
        ("2024-07-05", 16),
        ("2026-11-27", 13),
        ("2026-12-24", 13),
        ("2026-12-25", 16),
    ];
    for (text, hour) in hours {
        assert_eq!(calendar.close_time(day(text)), NaiveTime::MIN + TimeDelta::hours(hour), "{text}");
    }
}

#[test]
fn a_session_is_finished_a_quarter_of_an_hour_after_its_close() {
    let calendar = Calendar::new(&[]);
    let finished = [
        // summer time, winter time, and the days the clocks change
        ("2025-09-24T20:14:59Z", "2025-09-23"),
        ("2025-09-24T20:15:00Z", "2025-09-24"),
        ("2025-12-31T21:14:59Z", "2025-12-30"),
        ("2025-12-31T21:15:00Z", "2025-12-31"),
        ("2025-03-10T20:15:00Z", "2025-03-10"),
        ("2025-11-03T20:15:00Z", "2025-10-31"),
        // half day, holiday, weekend, and a day already over in UTC
        ("2025-11-28T18:14:59Z", "2025-11-26"),
        ("2025-11-28T18:15:00Z", "2025-11-28"),
        ("2025-12-25T23:00:00Z", "2025-12-24"),
        ("2025-01-09T23:00:00Z", "2025-01-08"),
        ("2025-09-28T12:00:00Z", "2025-09-26"),
        ("2025-09-25T03:00:00Z", "2025-09-24"),
    ];
    for (now, expected) in finished {
        assert_eq!(calendar.last_finished(at(now)), day(expected), "{now}");
    }
}

#[test]
fn an_exceptional_closure_does_not_complete_a_week_beforehand() {
    let calendar = Calendar::new(&[]);
    // day, next session, next regular session, week complete, month complete
    let cases = [
        ("2001-09-10", "2001-09-17", "2001-09-11", false, false),
        ("2001-09-17", "2001-09-18", "2001-09-18", false, false),
        ("2012-10-26", "2012-10-31", "2012-10-29", true, false),
        ("2012-10-31", "2012-11-01", "2012-11-01", false, true),
        ("2004-06-10", "2004-06-14", "2004-06-11", false, false),
        ("2006-12-29", "2007-01-03", "2007-01-02", true, true),
        ("2025-12-31", "2026-01-02", "2026-01-02", false, true),
        ("2024-03-28", "2024-04-01", "2024-04-01", true, true),
    ];
    for (from, next, regular, week, month) in cases {
        let from = day(from);
        assert_eq!((calendar.next_session(from), calendar.next_regular(from)), (day(next), day(regular)), "{from}");
        assert_eq!((calendar.completes_week(from), calendar.completes_month(from)), (week, month), "{from}");
    }
}

#[test]
fn a_closure_given_from_outside_counts_as_exceptional() {
    // a Friday, the Monday after it, a Saturday and a holiday
    let extra = ["2026-05-01", "2026-05-04", "2026-05-02", "2026-12-25"].map(day);
    let calendar = Calendar::new(&extra);
    let thursday = day("2026-04-30");
    assert_eq!(calendar.next_session(thursday), day("2026-05-05"));
    assert_eq!(calendar.next_regular(thursday), day("2026-05-01"));
    assert!(!calendar.completes_week(thursday) && calendar.completes_month(thursday));
    assert_eq!(calendar.exceptional.len(), 13);
    assert_eq!(year(&calendar, 2026).len(), 249);
    assert_eq!(calendar.last_finished(at("2026-05-02T12:00:00Z")), thursday);
}

#[test]
fn ages_count_sessions() {
    let calendar = Calendar::new(&[]);
    assert_eq!(calendar.age(day("2001-09-10"), day("2001-09-17")), 1);
    assert_eq!(calendar.age(day("2025-09-24"), day("2025-09-24")), 0);
    assert_eq!(calendar.age(day("2025-09-25"), day("2025-09-24")), 0);
    assert_eq!(calendar.age(day("2025-11-26"), day("2025-12-01")), 2);
}

proptest! {
    // from 1800-01-01 to 2200-12-31
    #[test]
    fn sessions_before_and_after_any_day_enclose_it(number in -62_091..84_371_i32) {
        let calendar = Calendar::new(&[]);
        let day = Day::from_number(number);
        let (before, after) = (calendar.on_or_before(day), calendar.next_session(day));
        prop_assert!(before <= day && day < after);
        prop_assert!(calendar.is_session(before) && calendar.is_session(after));
        prop_assert!(after.since(before) <= 8);
        prop_assert_eq!(calendar.next_session(before), after);
        prop_assert_eq!(before == day, calendar.is_session(day));
        let regular = calendar.next_regular(day);
        prop_assert!(day < regular && regular <= after);
        let counted = calendar.between(before, after).len();
        prop_assert!(counted == 2 || !COUNTED.contains(&before) || !COUNTED.contains(&after));
        let _ = (calendar.close_time(day), calendar.completes_week(day), calendar.completes_month(day));
    }
}
