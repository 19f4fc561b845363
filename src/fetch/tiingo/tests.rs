use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::bars::{Bars, Columns};
use crate::calendar::Calendar;

fn read(body: &Body) -> Result<Parsed, Fault> {
    let calendar = Calendar::new(&[]);
    let now: DateTime<Utc> = DateTime::parse_from_rfc3339("2026-03-06T18:00:00-05:00").expect("an instant").to_utc();
    let from = "2026-03-02".parse().expect("a date");
    parse(
        body,
        &Ask {
            nature: crate::quality::Nature::Market,
            name: "XYZ",
            from,
            to: calendar.last_finished(now),
            calendar: &calendar,
            now,
        },
    )
}

fn row(date: &str, close: f64, paid: f64, split: f64) -> Value {
    json!({
        "date": format!("{date}T00:00:00.000Z"), "close": close, "high": close * 1.01, "low": close * 0.99,
        "open": close, "volume": 1000, "adjClose": close * 0.9, "adjHigh": close, "adjLow": close, "adjOpen": close,
        "adjVolume": 1000, "divCash": paid, "splitFactor": split
    })
}

fn answer(status: u16, value: &Value) -> Body {
    Body { status, bytes: value.to_string().into_bytes(), framed: true, date: None }
}

fn bars(rows: &[Value]) -> Bars {
    match read(&answer(200, &json!(rows))).expect("bars").columns {
        Columns::Bars(bars) => bars,
        Columns::Points(_) => panic!("not bars"),
    }
}

#[test]
fn a_request_names_symbol_and_window_and_no_key() {
    let calendar = Calendar::new(&[]);
    let day = |text: &str| text.parse::<Day>().expect("a date");
    let (from, to) = (day("2026-03-02"), day("2026-03-06"));
    let ask = Ask {
        nature: crate::quality::Nature::Market,
        name: "BRK-B",
        from,
        to,
        calendar: &calendar,
        now: DateTime::UNIX_EPOCH,
    };
    assert_eq!(path(&ask), "/tiingo/daily/BRK%2DB/prices?startDate=2026-03-02&endDate=2026-03-06&format=json");
    assert!(serves("IWM") && !serves("^RUT"));
}

#[test]
fn prices_volumes_and_dividends_are_brought_to_the_last_split() {
    let rows = [
        row("2026-03-02", 100.0, 0.0, 1.0),
        row("2026-03-03", 102.0, 0.4, 1.0),
        row("2026-03-04", 51.5, 0.0, 2.0),
        row("2026-03-05", 52.0, 0.25, 1.0),
    ];
    let bars = bars(&rows);
    assert_eq!(bars.close, [50.0, 51.0, 51.5, 52.0]);
    assert_eq!(bars.volume, [2000.0, 2000.0, 1000.0, 1000.0]);
    assert_eq!(bars.dividend, [0.0, 0.2, 0.0, 0.25]);
    assert_eq!(bars.split, [1.0, 1.0, 2.0, 1.0]);
}

#[test]
fn a_split_that_is_not_said_withholds_the_series() {
    let rows = [row("2026-03-02", 100.0, 0.0, 1.0), row("2026-03-03", 50.0, 0.0, 1.0)];
    let refused = read(&answer(200, &json!(rows))).expect_err("a jump").at("P").to_string();
    assert!(refused.contains("possible split"), "{refused}");
}

#[test]
fn events_that_cannot_be_and_wrong_dates_are_refused() {
    let good = row("2026-03-03", 100.0, 0.0, 1.0);
    for (first, said) in [
        (row("2026-03-02", 100.0, -1.0, 1.0), "a dividend of -1"),
        (row("2026-03-02", 100.0, 0.0, 0.0), "a split of 0"),
        (row("2026-03-03", 100.0, 0.0, 1.0), "do not ascend at 2026-03-03"),
        (row("2026-02-27", 100.0, 0.0, 1.0), "2026-02-27, which was not asked for"),
        (row("yesterday", 100.0, 0.0, 1.0), "is not a date"),
    ] {
        let refused = read(&answer(200, &json!([first, good]))).expect_err(said).at("P").to_string();
        assert!(refused.contains(said), "{refused}");
    }
    let mut bare = good.clone();
    bare.as_object_mut().expect("a row").remove("divCash");
    assert!(matches!(read(&answer(200, &json!([bare]))), Err(Fault::Malformed(why)) if why.contains("divCash")));
}

#[test]
fn words_are_told_from_prices() {
    let says = |status, detail: &str| read(&answer(status, &json!({ "detail": detail }))).expect_err("refused");
    assert_eq!(says(404, "Error: Ticker 'XYZ' not found"), Fault::NotFound);
    assert_eq!(says(200, "You have run over your hourly request allocation."), Fault::Limited { until: None });
    assert!(matches!(says(400, "startDate is odd"), Fault::Malformed(why) if why.contains("`startDate is odd`")));
    assert!(bars(&[]).is_empty());
}
