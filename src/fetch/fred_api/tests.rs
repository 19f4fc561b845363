use chrono::DateTime;
use serde_json::{Value, json};

use super::*;
use crate::bars::Columns;
use crate::calendar::Calendar;

fn ask(calendar: &Calendar) -> Ask<'_> {
    let day = |text: &str| text.parse().expect("a date");
    Ask {
        nature: crate::quality::Nature::Market,
        name: "DGS2",
        from: day("2026-03-02"),
        to: day("2026-03-09"),
        calendar,
        now: DateTime::UNIX_EPOCH,
    }
}

fn read(value: &Value) -> Result<Parsed, Fault> {
    let body = Body { status: 200, bytes: value.to_string().into_bytes(), framed: true, date: None };
    parse(&body, &ask(&Calendar::new(&[])))
}

/// An answer with these dates and values.
fn answer(rows: &[(&str, &str)]) -> Value {
    let observation = |(date, value): &(&str, &str)| json!({ "realtime_start": "x", "date": date, "value": value });
    let list: Vec<Value> = rows.iter().map(observation).collect();
    json!({ "units": "lin", "count": rows.len(), "offset": 0, "limit": 100_000, "observations": list })
}

#[test]
fn a_request_names_its_window_and_no_key() {
    let path = path(&ask(&Calendar::new(&[])));
    let query = "series_id=DGS2&file_type=json&observation_start=2026-03-02&observation_end=2026-03-09";
    assert_eq!(path, format!("/fred/series/observations?{query}"));
}

#[test]
fn values_are_texts_and_a_dot_is_none() {
    let parsed =
        read(&answer(&[("2026-03-02", "3.41"), ("2026-03-03", "."), ("2026-03-04", "0"), ("2026-03-05", "x")]));
    let parsed = parsed.expect("values");
    let Columns::Points(points) = &parsed.columns else { panic!("not values") };
    assert_eq!((&points.value[..], parsed.findings[0].code), (&[3.41, 0.0][..], "row_unreadable"));
    assert_eq!(points.known_from[0].to_string(), "2026-03-03");
}

#[test]
fn parts_other_units_and_wrong_dates_are_refused() {
    let row = ("2026-03-02", "3.41");
    let mut part = answer(&[row]);
    part["count"] = 2.into();
    let mut change = answer(&[row]);
    change["units"] = "pch".into();
    let cases = [
        (part, "1 of 2 values"),
        (change, "units are `pch`"),
        (answer(&[row, row]), "do not ascend"),
        (answer(&[("2026-03-01", "3")]), "not asked for"),
        (json!({ "observations": [] }), "Shape"),
    ];
    for (value, said) in cases {
        let refused = read(&value).expect_err(said).at("P").to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn a_key_that_is_not_taken_names_its_variable() {
    let says = |message: &str| read(&json!({ "error_code": 400, "error_message": message })).expect_err("refused");
    let refused = says("Bad Request. The value for variable api_key is not registered.");
    assert_eq!(refused, Fault::KeyRefused("FRED_API_KEY"));
    assert!(refused.at("P").to_string().contains("`FRED_API_KEY`"));
    assert_eq!(says("Bad Request. The series does not exist."), Fault::NotFound);
    assert!(matches!(says("Odd\u{1b}"), Fault::Malformed(why) if why.contains("Odd\\u{1b}")));
}
