//! Prices that cannot be, as a source serves them or a file holds them.

use std::time::Duration;

use rotation::bars::{Bars, Columns, Series, SeriesId};
use rotation::store::Store;
use serde_json::{Value, json};

use crate::desk::{Desk, TUESDAY, WEDNESDAY, day};

/// The bars of a symbol in a desk's store.
fn bars(desk: &Desk, symbol: &str) -> Bars {
    match desk.shelf().remove(&SeriesId::bars(symbol)).expect("bars").columns {
        Columns::Bars(bars) => bars,
        Columns::Points(_) => panic!("not bars"),
    }
}

/// Puts changed bars of KRE into the store, as a version without the gate might have.
fn stored(desk: &Desk, change: impl FnOnce(&mut Bars)) {
    let id = SeriesId::bars("KRE");
    let held = desk.shelf().remove(&id).expect("bars");
    let mut bars = bars(desk, "KRE");
    change(&mut bars);
    let columns = Columns::Bars(bars);
    let mut writer = Store::at(desk.path("store")).and_then(|store| store.lock(Duration::from_secs(10))).expect("ours");
    writer.put(&id, &Series { hash: columns.hash(), columns, ..held }).expect("stored");
    writer.finish().expect("synced");
}

/// The columns of prices in a chart.
fn prices(chart: &mut Value, mut change: impl FnMut(usize, &mut Value)) {
    for column in ["open", "high", "low", "close"] {
        let column = chart["indicators"]["quote"][0][column].as_array_mut().expect("a column");
        column.iter_mut().enumerate().for_each(|(i, price)| change(i, price));
    }
}

fn times(price: &mut Value, factor: f64) {
    *price = json!(price.as_f64().expect("a price") * factor);
}

/// KRE's chart is twisted so, and asked for whole: refused under `words`, what is stored stands.
fn refused(twist: fn(&mut Value), words: &[&str]) {
    let desk = Desk::filled();
    let before = desk.bytes("bars/KRE.parquet");
    desk.twist("KRE", twist);
    let words = [&["`bars/KRE` from yahoo: "], words].concat();
    desk.run(WEDNESDAY, &["fetch", "--full", "KRE"]).ends(3, &words);
    assert_eq!(desk.bytes("bars/KRE.parquet"), before);
    // and where nothing is stored, nothing is
    let fresh = Desk::new();
    fresh.twist("KRE", twist);
    let check = fresh.run(TUESDAY, &["check", "--format", "json"]);
    check.warns("answer_malformed", Some("KRE"), &words);
    assert!(
        check.entry("signals", "regional-banks")["vote"].is_null() && !fresh.path("store/bars/KRE.parquet").exists()
    );
}

#[test]
fn t31_prices_adjusted_for_dividends_are_not_laid_onto_prices_as_quoted() {
    let desk = Desk::new();
    desk.upstream.market().dividends.entry("KRE".into()).or_default().insert(day("2025-08-15"), 0.6);
    desk.run(TUESDAY, &["fetch", "KRE"]).ends(0, &[]);
    let (before, held) = (desk.bytes("bars/KRE.parquet"), bars(&desk, "KRE"));
    let row = |i: usize| {
        let factor = if held.day[i] < day("2025-08-15") { 0.985 } else { 1.0 };
        let [open, high, low, close] =
            [&held.open, &held.high, &held.low, &held.close].map(|column| format!("{:.4}", column[i] * factor));
        format!("{},{open},{high},{low},{close},1\n", held.day[i])
    };
    let rows: String = (0..held.len()).map(row).collect();
    let file = desk.file("KRE.csv", format!("date,open,high,low,close,volume\n{rows}"));
    desk.run(TUESDAY, &["import", &file]).ends(3, &["bars/KRE: refused", "close", "2025-06-02"]);
    assert_eq!(desk.bytes("bars/KRE.parquet"), before);
}

#[test]
fn t32_a_jump_like_a_split_without_its_event_is_not_stored() {
    let why = "possible split, or a wrong price";
    refused(|chart| prices(chart, |i, price| times(price, if i >= 30 { 0.5 } else { 1.0 })), &[why]);
    refused(|chart| prices(chart, |i, price| times(price, if i >= 30 { 10.0 } else { 1.0 })), &[why]);
}

#[test]
fn t33_of_two_rows_of_the_last_day_the_final_one_counts_and_a_rerun_changes_no_byte() {
    let desk = Desk::filled();
    desk.twist("KRE", |chart| {
        // the row of the last trade, beside the one stamped at the open
        let last = chart["meta"]["regularMarketTime"].clone();
        chart["timestamp"].as_array_mut().expect("stamps").push(last);
        for (column, value) in [("open", 41.0), ("high", 42.0), ("low", 40.0), ("close", 41.5), ("volume", 777.0)] {
            chart["indicators"]["quote"][0][column].as_array_mut().expect("a column").push(json!(value));
        }
    });
    desk.run(WEDNESDAY, &["fetch", "KRE"]).ends(0, &[]);
    let held = bars(&desk, "KRE");
    let last = held.len() - 1;
    assert_eq!((held.day[last], held.close[last], held.volume[last]), (day("2025-09-24"), 41.5, 777.0));
    let before = desk.files();
    let again = desk.run(WEDNESDAY, &["fetch", "KRE"]);
    assert_eq!((again.code, desk.files()), (Some(0), before));
}

#[test]
fn t35_what_is_no_price_is_left_out_and_counted() {
    let desk = Desk::new();
    desk.twist("KRE", |chart| {
        let close = &mut chart["indicators"]["quote"][0]["close"];
        (close[3], close[5], close[7]) = (Value::Null, json!(0.0), json!(-41.0));
    });
    desk.instead(
        "DGS2",
        crate::server::ok(
            "observation_date,DGS2\n2025-09-17,.\n2025-09-18,\n2025-09-19,NaN\n2025-09-22,1e400\n2025-09-23,0\n",
        ),
    );
    let said = desk.run(TUESDAY, &["fetch", "KRE", "DGS2"]);
    let no_price = "`bars/KRE` from yahoo: no price on 2025-06-05, 2025-06-09, 2025-06-11";
    said.ends(0, &[no_price, "left out what is no number on 2025-09-19, 2025-09-22"]);
    let rates = desk.shelf().remove(&SeriesId::rates("DGS2")).expect("rates").columns;
    assert_eq!(rates.days(), [day("2025-09-23")], "0 is a rate");
    let rows = "2025-09-02,1,1,1,NaN,1\n2025-09-03,1,1,1,.,1\n2025-09-04,1,1,0,1,1\n2025-09-05,1,1,-1,1,1\n\
                2025-09-08,1,1e400,1,1,1\n2025-09-09,inf,1,1,1,1\n2025-09-10,1,1,1,1,1\n";
    let file = desk.file("XYZ.csv", format!("date,open,high,low,close,volume\n{rows}"));
    desk.run(TUESDAY, &["import", &file]).ends(3, &["6 rows rejected, 1 taken", "line 2: ", "line 6: "]);
    assert_eq!(bars(&desk, "XYZ").day, [day("2025-09-10")]);
    let check = desk.run(TUESDAY, &["check", "--format", "json"]);
    assert!(!check.out.contains("NaN") && !check.out.contains("inf,"), "{}", check.out);
    check.json();
}

#[test]
fn t36_a_price_or_a_block_times_a_hundred_is_flagged_and_not_repaired() {
    refused(|chart| prices(chart, |i, price| times(price, if i == 30 { 100.0 } else { 1.0 })), &["a wrong price"]);
    refused(
        |chart| prices(chart, |i, price| times(price, if (30..40).contains(&i) { 100.0 } else { 1.0 })),
        &["a wrong price"],
    );
    for (rows, code, what) in [
        (30..31, "price_outlier", "a price that leaves and returns on 2025-07-16"),
        (30..40, "price_block", "prices that leave and return, first and last on 2025-07-16, 2025-07-29"),
    ] {
        let desk = Desk::filled();
        stored(&desk, |bars| {
            for column in [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close] {
                column[rows.clone()].iter_mut().for_each(|price| *price *= 100.0);
            }
        });
        let before = desk.bytes("bars/KRE.parquet");
        let check = desk.run(TUESDAY, &["check", "--offline", "--format", "json"]);
        check.ends(3, &[]);
        let words = format!("`bars/KRE`: {what}; withheld: try `rotation fetch --full KRE`");
        check.warns(code, Some("KRE"), &[&words]);
        assert_eq!(check.entry("inputs", "KRE")["state"], "withheld");
        assert!(
            check.entry("signals", "regional-banks")["missing"].as_str().expect("a reason").contains("KRE is withheld")
        );
        let verified = desk.run(TUESDAY, &["store", "verify"]);
        verified.ends(3, &[]);
        assert!(verified.out.starts_with(&format!("bars/KRE: withheld: {what}")), "{verified:?}");
        assert_eq!(desk.bytes("bars/KRE.parquet"), before, "not repaired");
    }
}

#[test]
fn t37_another_currency_stops_the_series() {
    refused(|chart| chart["meta"]["currency"] = json!("EUR"), &["its currency is `EUR`, not USD"]);
    let pence = |chart: &mut Value| chart["meta"]["currency"] = json!("GBp");
    refused(pence, &["its currency is `GBp`, not USD"]);
}

#[test]
fn t38_prices_that_contradict_each_other_reject_the_row() {
    let desk = Desk::new();
    desk.twist("KRE", |chart| {
        let quote = &mut chart["indicators"]["quote"][0];
        (quote["low"][3], quote["high"][5]) = (json!(1000.0), json!(1.0));
        // within the rounding of adjusted prices
        times(&mut quote["close"][7], 1.000_009);
    });
    let said = desk.run(TUESDAY, &["check", "--format", "json"]);
    let words = [
        "`bars/KRE` from yahoo: prices that contradict each other (by over 0.005 and 1e-5 of the close) on 2025-06-05, 2025-06-09",
    ];
    said.warns("row_out_of_range", Some("KRE"), &words);
    let held = bars(&desk, "KRE");
    assert!(!held.day.contains(&day("2025-06-05")) && held.day.contains(&day("2025-06-11")));
    let rows = "2025-09-02,40,39,41,40,1\n2025-09-03,40,41,39,41.1,1\n2025-09-04,40,41,39,41.0004,1\n";
    let file = desk.file("XYZ.csv", format!("date,open,high,low,close,volume\n{rows}"));
    desk.run(TUESDAY, &["import", &file]).ends(3, &["2 rows rejected, 1 taken", "line 2: high 39 is below", "0.005"]);
    assert_eq!(bars(&desk, "XYZ").day, [day("2025-09-04")]);
}

#[test]
fn t39_a_missing_session_and_a_bar_at_the_weekend_are_said() {
    let desk = Desk::new();
    desk.twist("KRE", |chart| {
        // Thursday's row is stamped on Friday, and Friday's on Saturday
        let stamps = &mut chart["timestamp"];
        let friday = stamps[4].as_i64().expect("a stamp");
        (stamps[3], stamps[4]) = (json!(friday), json!(friday + 86_400));
    });
    let check = desk.run(TUESDAY, &["check", "--format", "json"]);
    check.warns("session_missing", Some("KRE"), &["`bars/KRE` from yahoo: no bar on 2025-06-05"]);
    check.warns("row_without_session", Some("KRE"), &["bars on days without a session: 2025-06-07"]);
    let held = bars(&desk, "KRE");
    assert!(held.day.iter().all(|at| ![day("2025-06-05"), day("2025-06-07")].contains(at)));
    assert!(held.day.contains(&day("2025-06-06")));
}

#[test]
fn t43_after_a_years_gap_the_ticker_is_another() {
    let desk = Desk::since("2022-06-01");
    let gap = day("2023-03-01")..day("2024-06-03");
    desk.upstream.market().bars.get_mut("KRE").expect("bars").retain(|(at, ..)| !gap.contains(at));
    let check = desk.run(TUESDAY, &["check", "--format", "json"]);
    let words = ["`bars/KRE` from yahoo: ticker reused?", "left out, up to 2023-02-28"];
    check.warns("ticker_reused", Some("KRE"), &words);
    assert_eq!(bars(&desk, "KRE").day[0], gap.end, "not spanned");
    // what is stored of the other is kept until the user says so
    let held = Desk::since("2022-06-01");
    held.upstream.market().until = day("2023-02-28");
    held.run("2023-02-28T18:00:00-05:00", &["fetch", "KRE"]).ends(0, &[]);
    let before = held.bytes("bars/KRE.parquet");
    held.upstream.market().until = day("2025-09-23");
    held.upstream.market().bars.get_mut("KRE").expect("bars").retain(|(at, ..)| *at >= gap.end);
    let said = held.run(TUESDAY, &["fetch", "KRE"]);
    said.ends(
        3,
        &["`bars/KRE` from yahoo: ", "its first day is 2024-06-03, the stored one 2022-06-01; what is stored was kept"],
    );
    assert!(held.bytes("bars/KRE.parquet") == before, "not spanned");
    // a file that spans it is refused
    let rows: String = ["2023-02-23", "2023-02-24", "2023-02-27", "2023-02-28", "2024-06-03", "2024-06-04"]
        .map(|day| format!("{day},1,1,1,1,1\n"))
        .concat();
    let file = desk.file("XYZ.csv", format!("date,open,high,low,close,volume\n{rows}"));
    desk.run(TUESDAY, &["import", &file])
        .ends(3, &["bars/XYZ: refused", "from 2023-02-28 to 2024-06-03", "`--replace`"]);
    assert!(!desk.path("store/bars/XYZ.parquet").exists());
}
