use super::*;

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

#[test]
fn the_newest_value_expected_follows_the_calendar_and_the_lag() {
    let cases = [
        // Friday noon: Thursday's bar; of the yields Wednesday's, public on Thursday
        ("bars", "IWM", "2026-03-06T12:00:00-05:00", "2026-03-05", "2026-03-05T16:15:00-05:00"),
        ("rates", "DGS2", "2026-03-06T12:00:00-05:00", "2026-03-04", "2026-03-05T16:15:00-05:00"),
        ("rates", "DFEDTARU", "2026-03-06T12:00:00-05:00", "2026-03-05", "2026-03-05T16:15:00-05:00"),
        // Friday evening, and Sunday the same
        ("bars", "IWM", "2026-03-06T16:15:00-05:00", "2026-03-06", "2026-03-06T16:15:00-05:00"),
        ("rates", "DGS2", "2026-03-06T16:15:00-05:00", "2026-03-05", "2026-03-06T16:15:00-05:00"),
        ("bars", "IWM", "2026-03-08T16:15:00-04:00", "2026-03-06", "2026-03-06T16:15:00-05:00"),
        ("rates", "DGS2", "2026-03-08T16:15:00-04:00", "2026-03-05", "2026-03-06T16:15:00-05:00"),
        // a half day ends at 13:00
        ("bars", "IWM", "2025-11-28T13:14:00-05:00", "2025-11-26", "2025-11-26T16:15:00-05:00"),
        ("bars", "IWM", "2025-11-28T13:15:00-05:00", "2025-11-28", "2025-11-28T13:15:00-05:00"),
        // a week's index on its Wednesday's evening and just before; a quarter's survey
        ("rates", "NFCI", "2026-03-04T16:15:00-05:00", "2026-02-27", "2026-03-04T16:15:00-05:00"),
        ("rates", "NFCI", "2026-03-04T16:14:00-05:00", "2026-02-20", "2026-02-25T16:15:00-05:00"),
        ("rates", "NFCI", "2026-03-09T12:00:00-04:00", "2026-02-27", "2026-03-04T16:15:00-05:00"),
        ("rates", "DRTSCIS", "2026-03-09T12:00:00-04:00", "2026-01-01", "2026-02-10T16:15:00-05:00"),
        // a series that has ended expects its last day
        ("rates", "DFEDTAR", "2026-03-06T12:00:00-05:00", "2008-12-15", "2026-03-05T16:15:00-05:00"),
    ];
    let calendar = Calendar::new(&[]);
    for (kind, name, now, newest, since) in cases {
        let series = if kind == "bars" { SeriesId::bars(name) } else { SeriesId::rates(name) };
        let expected = expected(&series, &calendar, instant(now));
        assert_eq!(expected, Expected { day: day(newest), since: instant(since) }, "{name} at {now}");
    }
}

#[test]
fn a_series_is_asked_for_once_a_newer_value_is_expected() {
    let expected = Expected { day: day("2026-03-06"), since: instant("2026-03-06T21:15:00Z") };
    let now = instant("2026-03-07T03:00:00Z");
    let at = |text: &str, reply| Some((instant(text), reply));
    let (old, new) = (Some(day("2026-03-05")), Some(day("2026-03-06")));
    let cases = [
        // held already, or never asked
        (new, None, false),
        (new, at("2026-01-01T00:00:00Z", Reply::Failed), false),
        (old, None, true),
        (None, None, true),
        // answered before the value was expected, or since
        (old, at("2026-03-06T21:14:59Z", Reply::Answered), true),
        (old, at("2026-03-06T23:00:01Z", Reply::Answered), false),
        (old, at("2026-03-06T23:00:00Z", Reply::Answered), true),
        // answered, and what was served is gone
        (None, at("2026-03-07T02:00:00Z", Reply::Answered), true),
        // unknown there
        (None, at("2026-02-06T03:00:00Z", Reply::NotFound), false),
        (None, at("2026-02-05T03:00:00Z", Reply::NotFound), true),
        // no answer
        (old, at("2026-03-07T02:59:00Z", Reply::Failed), true),
        // asked under a clock that was ahead
        (old, at("2029-01-01T00:00:00Z", Reply::Answered), true),
        (None, at("2029-01-01T00:00:00Z", Reply::NotFound), true),
    ];
    for (i, (last, asked, wanted)) in cases.into_iter().enumerate() {
        assert_eq!(due(last, expected, asked, now), wanted, "case {i}");
    }
}

#[test]
fn the_date_is_new_yorks() {
    assert_eq!(today(instant("2026-03-07T04:59:00Z")), day("2026-03-06"));
    assert_eq!(today(instant("2026-03-07T05:00:00Z")), day("2026-03-07"));
}
