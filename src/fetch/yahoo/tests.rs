use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::bars::{Bars, Columns};
use crate::calendar::Calendar;
use crate::day::Day;

/// 09:30 in New York on 2026-03-02 (Monday), and four sessions more.
const OPENS: [i64; 5] = [1_772_461_800, 1_772_548_200, 1_772_634_600, 1_772_721_000, 1_772_807_400];

/// After the close of the last of them.
const EVENING: &str = "2026-03-06T18:00:00-05:00";

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

/// An answer for XYZ with five bars; `tweak` spoils it.
fn chart(tweak: impl FnOnce(&mut Value)) -> Value {
    let mut chart = json!({
        "meta": {
            "symbol": "XYZ", "currency": "USD", "dataGranularity": "1d", "gmtoffset": -18000,
            "exchangeTimezoneName": "America/New_York", "regularMarketTime": 1_772_830_801
        },
        "timestamp": OPENS,
        "indicators": { "quote": [{
            "open": [40.0, 40.5, 41.0, 40.8, 41.2],
            "high": [40.9, 41.2, 41.3, 41.5, 41.9],
            "low": [39.8, 40.2, 40.4, 40.7, 41.0],
            "close": [40.520_000_457_763_67, 41.0, 40.7, 41.3, 41.5],
            "volume": [1000, 1100, 900, 1200, 1300]
        }] }
    });
    tweak(&mut chart);
    chart
}

fn body(chart: &Value) -> Body {
    let text = json!({ "chart": { "result": [chart], "error": null } }).to_string();
    Body { status: 200, bytes: text.into_bytes(), framed: true, date: None }
}

fn read(body: &Body, now: &str) -> Result<Parsed, Fault> {
    let calendar = Calendar::new(&[]);
    let now = instant(now);
    let ask = Ask {
        nature: crate::quality::Nature::Market,
        name: "XYZ",
        from: day("2026-03-02"),
        to: calendar.last_finished(now),
        calendar: &calendar,
        now,
    };
    parse(body, &ask)
}

fn bars(body: &Body, now: &str) -> Bars {
    match read(body, now).expect("bars").columns {
        Columns::Bars(bars) => bars,
        Columns::Points(_) => panic!("not bars"),
    }
}

fn refusal(body: &Body) -> String {
    read(body, EVENING).expect_err("refused").at("P").to_string()
}

#[test]
fn a_request_names_its_window_in_seconds_and_encodes_the_symbol() {
    let calendar = Calendar::new(&[]);
    let ask = Ask {
        nature: crate::quality::Nature::Market,
        name: "^RUT",
        from: day("2026-03-02"),
        to: day("2026-03-06"),
        calendar: &calendar,
        now: instant(EVENING),
    };
    assert_eq!(
        path(&ask),
        "/v8/finance/chart/%5ERUT?period1=1772409600&period2=1772841600&interval=1d&includePrePost=false\
         &events=div%7Csplit%7CcapitalGains"
    );
}

#[test]
fn bars_stand_on_the_exchanges_dates() {
    let bars = bars(&body(&chart(|_| {})), EVENING);
    assert_eq!(bars.day.first(), Some(&day("2026-03-02")));
    assert_eq!(bars.day.last(), Some(&day("2026-03-06")));
    assert_eq!((bars.close[0], bars.volume[4]), (40.52, 1300.0));
    assert_eq!((bars.dividend[2], bars.split[2]), (0.0, 1.0));
}

#[test]
fn the_offset_serves_where_the_zone_has_no_name() {
    let nameless = chart(|chart| chart["meta"]["exchangeTimezoneName"] = Value::Null);
    assert_eq!(bars(&body(&nameless), EVENING).day[0], day("2026-03-02"));
    let adrift = chart(|chart| {
        chart["meta"]["exchangeTimezoneName"] = json!("Mars/Base");
        chart["meta"]["gmtoffset"] = Value::Null;
    });
    assert!(refusal(&body(&adrift)).contains("time zone `Mars/Base` is unknown"));
}

#[test]
fn the_bar_of_an_unfinished_session_is_left_out() {
    // 15:59 and 16:05 are too early, 16:15 is not
    for (now, rows) in [("15:59:00", 4), ("16:05:00", 4), ("16:14:59", 4), ("16:15:00", 5)] {
        let now = format!("2026-03-06T{now}-05:00");
        assert_eq!(bars(&body(&chart(|_| {})), &now).len(), rows, "{now}");
    }
    // 2025-11-28, a half day: 13:05 is too early, 13:15 is not
    for (now, rows) in [("13:05:00", 1), ("13:15:00", 2)] {
        let half = chart(|chart| {
            chart["timestamp"] = json!([1_764_167_400, 1_764_340_200]);
            for column in ["open", "high", "low", "close", "volume"] {
                chart["indicators"]["quote"][0][column] = json!([40.0, 40.0]);
            }
        });
        let now = instant(&format!("2025-11-28T{now}-05:00"));
        let calendar = Calendar::new(&[]);
        let to = calendar.last_finished(now);
        let ask = Ask {
            nature: crate::quality::Nature::Market,
            name: "XYZ",
            from: day("2025-11-26"),
            to,
            calendar: &calendar,
            now,
        };
        assert_eq!(parse(&body(&half), &ask).expect("bars").columns.days().len(), rows, "{now}");
    }
}

#[test]
fn a_live_bar_from_before_the_close_is_left_out_even_in_the_evening() {
    let stamped = |at: i64| {
        body(&chart(|chart| {
            chart["meta"]["regularMarketTime"] = json!(at);
            chart["timestamp"][4] = json!(at);
        }))
    };
    // an answer of 15:50, served late; and the market's last state, stamped at 16:00:01
    assert_eq!(bars(&stamped(1_772_830_200), EVENING).len(), 4);
    assert_eq!(bars(&stamped(1_772_830_801), EVENING).len(), 5);
}

#[test]
fn of_two_rows_for_the_last_day_the_final_one_is_kept() {
    let twice = |day_before: bool| {
        body(&chart(|chart| {
            let last = if day_before { OPENS[2] } else { 1_772_830_801 };
            chart["timestamp"].as_array_mut().expect("a list").push(json!(last));
            for (column, value) in [("open", 41.2), ("high", 42.0), ("low", 41.0), ("close", 41.6), ("volume", 1400.0)]
            {
                let column = &mut chart["indicators"]["quote"][0][column];
                column.as_array_mut().expect("a list").push(json!(value));
            }
        }))
    };
    let bars = bars(&twice(false), EVENING);
    assert_eq!((bars.len(), bars.close[4], bars.volume[4]), (5, 41.6, 1400.0));
    assert!(refusal(&twice(true)).contains("do not ascend at 2026-03-04"));
}

#[test]
fn a_row_without_a_price_is_left_out_and_said() {
    let nulls = chart(|chart| {
        chart["indicators"]["quote"][0]["close"][2] = Value::Null;
        chart["indicators"]["quote"][0]["volume"][3] = Value::Null;
    });
    let parsed = read(&body(&nulls), EVENING).expect("bars");
    assert_eq!(parsed.columns.days().len(), 4);
    let said: Vec<_> = parsed.findings.iter().map(|finding| (finding.code, finding.to_string())).collect();
    assert_eq!(said, [("row_without_price", "no price on 2026-03-04".to_owned())]);
}

#[test]
fn dividends_and_splits_stand_on_their_days() {
    let events = chart(|chart| {
        chart["events"] = json!({
            "dividends": { "1772548200": { "amount": 0.25, "date": OPENS[1] } },
            "capitalGains": { "1772548200": { "amount": 0.05, "date": OPENS[1] } },
            "splits": { "1772721000": { "date": OPENS[3], "numerator": 3, "denominator": 2, "splitRatio": "3:2" } }
        });
    });
    let bars = bars(&body(&events), EVENING);
    assert!((bars.dividend[1] - 0.30).abs() < 1e-12);
    assert_eq!((bars.split[3], bars.split[1]), (1.5, 1.0));
    for spoilt in [
        json!({ "date": OPENS[3], "numerator": 3, "denominator": 0 }),
        json!({ "date": OPENS[3], "numerator": -1, "denominator": 1 }),
    ] {
        let odd = chart(|chart| chart["events"] = json!({ "splits": { "x": spoilt } }));
        assert!(refusal(&body(&odd)).contains("the split of 2026-03-05"));
    }
}

/// What is spoilt, and what is said of it.
type Case = (fn(&mut Value), &'static str);

#[test]
fn what_is_not_the_series_asked_for_is_refused_by_name() {
    let cases: [Case; 9] = [
        (|chart| chart["meta"]["symbol"] = json!("ABC"), "about `ABC`"),
        (|chart| chart["meta"]["dataGranularity"] = json!("3mo"), "`3mo` apart"),
        (|chart| chart["meta"]["currency"] = json!("EUR"), "currency is `EUR`"),
        (|chart| chart["indicators"]["quote"][0]["low"] = json!([1.0]), "`low` has 1 values beside 5"),
        (|chart| chart["indicators"]["quote"] = json!([]), "no prices"),
        (|chart| chart["timestamp"][1] = Value::Null, "row 2 has no timestamp"),
        (|chart| chart["timestamp"][0] = json!(1_700_000_000), "2023-11-14, which was not asked for"),
        (|chart| chart["timestamp"][4] = json!(1_900_000_000), "has not come by the clock (2026-03-06)"),
        (|chart| chart["timestamp"][0] = json!(i64::MAX), "no timestamp"),
    ];
    for (tweak, said) in cases {
        let refused = refusal(&body(&chart(tweak)));
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn an_empty_window_holds_no_bars() {
    let untimed = chart(|chart| chart["timestamp"] = Value::Null);
    assert!(bars(&body(&untimed), EVENING).is_empty());
    let zero = json!({ "meta": { "gmtoffset": 0, "symbol": "XYZ" } });
    assert!(bars(&body(&zero), EVENING).is_empty());
    let said = r#"{"chart":{"result":null,"error":{"code":"Bad Request","description":"Data doesn't exist for startDate = 1, endDate = 2"}}}"#;
    let said = Body { status: 400, bytes: said.into(), framed: true, date: None };
    assert!(bars(&said, EVENING).is_empty());
}

#[test]
fn errors_in_words_and_broken_answers_are_told_apart() {
    let with = |status, text: &str| {
        let body = Body { status, bytes: text.into(), framed: true, date: None };
        read(&body, EVENING).expect_err("refused")
    };
    let of = |text: &str| with(200, text);
    let unknown = r#"{"chart":{"result":null,"error":{"code":"Not Found","description":"No such fund"}}}"#;
    assert_eq!(with(404, unknown), Fault::NotFound);
    assert_eq!(of("<html>"), Fault::WebPage);
    assert!(matches!(of(&unknown[..40]), Fault::Cut(_)));
    assert!(matches!(of("No"), Fault::Malformed(_)));
    assert_eq!(of(r#"{"chart":{"result":[],"error":null}}"#), Fault::NotFound);
    let odd = with(404, r#"{"chart":{"result":null,"error":{"code":"\u001b[2J","description":"x"}}}"#);
    assert!(odd.at("P").to_string().contains("`\\u{1b}[2J: x`"));
    let huge = chart(|_| {}).to_string().replace("41.5", "1e400");
    let huge = format!(r#"{{"chart":{{"result":[{huge}],"error":null}}}}"#);
    assert!(matches!(of(&huge), Fault::Malformed(_)));
}
