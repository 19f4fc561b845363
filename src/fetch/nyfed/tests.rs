use chrono::DateTime;
use serde_json::{Value, json};

use super::*;
use crate::bars::Columns;
use crate::calendar::Calendar;

fn read(name: &str, rates: &Value) -> Result<Parsed, Fault> {
    let bytes = json!({ "refRates": rates }).to_string().into_bytes();
    let body = Body { status: 200, bytes, framed: true, date: None };
    let calendar = Calendar::new(&[]);
    let day = |text: &str| text.parse().expect("a date");
    let (from, to) = (day("2008-12-01"), day("2026-03-09"));
    parse(
        &body,
        &Ask { nature: crate::quality::Nature::Market, name, from, to, calendar: &calendar, now: DateTime::UNIX_EPOCH },
    )
}

/// Newest first: two days with a range, one without, and a day without a rate.
fn rates() -> Value {
    json!([
        { "effectiveDate": "2026-03-05", "type": "EFFR", "percentRate": 3.63, "targetRateFrom": 3.5, "targetRateTo": 3.75, "revisionIndicator": "" },
        { "effectiveDate": "2008-12-16", "type": "EFFR", "percentRate": 0.15, "targetRateFrom": 0.0, "targetRateTo": 0.25 },
        { "effectiveDate": "2008-12-15", "type": "EFFR", "percentRate": 0.18, "targetRateFrom": 1.0 },
        { "effectiveDate": "2008-12-12", "type": "EFFR", "percentRate": null }
    ])
}

fn values(name: &str) -> Vec<(String, f64)> {
    let Columns::Points(points) = read(name, &rates()).expect("values").columns else { panic!("not values") };
    (0..points.len()).map(|i| (points.day[i].to_string(), points.value[i])).collect()
}

#[test]
fn the_rate_and_the_target_are_three_series() {
    let row = |day: &str, value: f64| (day.to_owned(), value);
    assert_eq!(values("EFFR"), [row("2008-12-15", 0.18), row("2008-12-16", 0.15), row("2026-03-05", 3.63)]);
    assert_eq!(values("DFEDTARU"), [row("2008-12-16", 0.25), row("2026-03-05", 3.75)]);
    assert_eq!(values("DFEDTAR"), [row("2008-12-15", 1.0)]);
    assert!(["EFFR", "DFEDTARU", "DFEDTAR"].into_iter().all(serves) && !serves("DFF") && !serves("DFEDTARL"));
}

#[test]
fn a_rate_counts_from_the_next_session_and_a_target_at_once() {
    for (name, known) in [("EFFR", "2026-03-06"), ("DFEDTARU", "2026-03-05")] {
        let Columns::Points(points) = read(name, &rates()).expect("values").columns else { panic!("not values") };
        assert_eq!(points.known_from.last().map(Day::to_string).as_deref(), Some(known), "{name}");
    }
}

#[test]
fn another_rate_and_repeated_days_are_refused() {
    let spoilt = |place: usize, key: &str, value: Value| {
        let mut rates = rates();
        rates[place][key] = value;
        rates
    };
    for (name, rates, said) in [
        ("EFFR", spoilt(0, "type", "SOFR".into()), "another rate than EFFR"),
        ("EFFR", spoilt(1, "effectiveDate", "2008-12-15".into()), "do not ascend at 2008-12-15"),
        ("EFFR", spoilt(0, "effectiveDate", "2026-03-10".into()), "2026-03-10, which was not asked for"),
        ("EFFR", spoilt(0, "percentRate", "3.63".into()), "invalid type"),
        ("DFEDTAR", spoilt(2, "targetRateTo", 1.25.into()), "it has a range"),
    ] {
        let refused = read(name, &rates).expect_err(said).at("P").to_string();
        assert!(refused.contains(said), "{refused}");
    }
}
