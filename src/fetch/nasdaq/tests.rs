use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::bars::{Bars, Columns};
use crate::calendar::Calendar;

const EVENING: &str = "2026-03-06T18:00:00-05:00";

fn read_at(body: &Body, now: &str) -> Result<Parsed, Fault> {
    let calendar = Calendar::new(&[]);
    let now: DateTime<Utc> = DateTime::parse_from_rfc3339(now).expect("an instant").to_utc();
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

/// An answer for XYZ with three bars, newest first; `tweak` spoils it.
fn body(tweak: impl FnOnce(&mut Value)) -> Body {
    let mut answer = json!({
        "data": { "symbol": "XYZ", "totalRecords": 3, "tradesTable": { "rows": [
            { "date": "03/04/2026", "close": "$1,041.30", "volume": "1,200,300", "open": "1,040.8", "high": "$1,041.50", "low": "$1,040.70" },
            { "date": "03/03/2026", "close": "$1,040.70", "volume": "N/A", "open": "$1,041.00", "high": "$1,041.30", "low": "$1,040.40" },
            { "date": "03/02/2026", "close": "$1,041.00", "volume": "900", "open": "$1,040.50", "high": "$1,041.20", "low": "$1,040.20" }
        ] } },
        "message": null,
        "status": { "rCode": 200, "bCodeMessage": null }
    });
    tweak(&mut answer);
    Body { status: 200, bytes: answer.to_string().into_bytes(), framed: true, date: None }
}

fn refused(tweak: impl FnOnce(&mut Value)) -> String {
    read_at(&body(tweak), EVENING).expect_err("refused").at("P").to_string()
}

fn bars(body: &Body, now: &str) -> Bars {
    match read_at(body, now).expect("bars").columns {
        Columns::Bars(bars) => bars,
        Columns::Points(_) => panic!("not bars"),
    }
}

#[test]
fn a_request_names_a_window_of_ten_years_at_most() {
    let calendar = Calendar::new(&[]);
    let day = |text: &str| text.parse::<Day>().expect("a date");
    let ask = |from| Ask {
        nature: crate::quality::Nature::Market,
        name: "BRK.B",
        from: day(from),
        to: day("2026-03-06"),
        calendar: &calendar,
        now: DateTime::UNIX_EPOCH,
    };
    let query = "assetclass=etf&fromdate=2026-03-02&todate=2026-03-06&limit=9999";
    assert_eq!(path(&ask("2026-03-02")), format!("/api/quote/BRK%2EB/historical?{query}"));
    assert!(path(&ask("1900-01-01")).contains("fromdate=2016-03-06&"));
    assert!(serves("IWM") && !serves("^RUT") && !serves("EURUSD=X"));
}

#[test]
fn rows_are_turned_round_and_their_texts_are_figures() {
    let bars = bars(&body(|_| ()), EVENING);
    assert_eq!(bars.day.iter().map(Day::to_string).collect::<Vec<_>>(), ["2026-03-02", "2026-03-03", "2026-03-04"]);
    assert_eq!((bars.close.clone(), bars.open[2]), (vec![1041.0, 1040.7, 1041.3], 1040.8));
    assert!(bars.volume[1].is_nan() && bars.volume[2] == 1_200_300.0);
    assert_eq!((&bars.dividend[..], &bars.split[..]), (&[0.0; 3][..], &[1.0; 3][..]));
}

#[test]
fn a_session_that_is_not_finished_is_left_out() {
    assert_eq!(bars(&body(|_| ()), "2026-03-04T15:59:00-05:00").len(), 2);
    let early = read_at(&body(|_| ()), "2026-03-03T12:00:00-05:00").expect_err("a bar of tomorrow");
    assert!(early.at("P").to_string().contains("2026-03-04, which has not come"));
}

#[test]
fn what_is_no_price_is_left_out_and_said() {
    for text in ["", "N/A", "-5", "$1e3", "0", "inf"] {
        let parsed = read_at(&body(|v| v["data"]["tradesTable"]["rows"][1]["low"] = text.into()), EVENING);
        let parsed = parsed.expect("bars");
        assert_eq!((parsed.columns.days().len(), parsed.findings[0].code), (2, "row_without_price"), "{text}");
    }
}

#[test]
fn another_symbol_a_part_and_wrong_dates_are_refused() {
    assert!(refused(|v| v["data"]["symbol"] = "ABC".into()).contains("about `ABC`"));
    assert!(refused(|v| v["data"]["totalRecords"] = 4.into()).contains("holds 3 of 4 rows"));
    let dated = |date: &'static str| move |v: &mut Value| v["data"]["tradesTable"]["rows"][1]["date"] = date.into();
    for (date, said) in [
        ("2026-03-03", "not a date like 12/31/2025"),
        ("13/03/2026", "not a date like"),
        ("3/3/2026", "not a date like"),
        ("03/04/2026", "do not ascend at 2026-03-04"),
        ("02/27/2026", "2026-02-27, which was not asked for"),
    ] {
        assert!(refused(dated(date)).contains(said), "{date}");
    }
    let halved = |v: &mut Value| {
        for name in ["open", "high", "low", "close"] {
            v["data"]["tradesTable"]["rows"][0][name] = "$520.00".into();
        }
    };
    assert!(refused(halved).contains("possible split"));
}

#[test]
fn an_unknown_symbol_and_an_empty_window_are_told_apart() {
    let unknown = body(|v| {
        v["data"] = Value::Null;
        v["status"]["rCode"] = 400.into();
    });
    assert_eq!(read_at(&unknown, EVENING).expect_err("unknown"), Fault::NotFound);
    let failing = body(|v| {
        v["data"] = Value::Null;
        v["status"]["rCode"] = 503.into();
    });
    assert_eq!(read_at(&failing, EVENING).expect_err("failing"), Fault::Status(503));
    let empty = body(|v| v["data"]["tradesTable"]["rows"] = Value::Null);
    assert!(matches!(read_at(&empty, EVENING), Err(Fault::Malformed(_))));
    let empty = body(|v| (v["data"]["tradesTable"]["rows"], v["data"]["totalRecords"]) = (Value::Null, 0.into()));
    assert!(bars(&empty, EVENING).is_empty());
    let cut = Body { status: 200, bytes: body(|_| ()).bytes[..200].to_vec(), ..Body::default() };
    assert!(matches!(read_at(&cut, EVENING), Err(Fault::Cut(_))));
}
