//! Values and files: spellings, revisions, what is old or has shrunk, and the order in which it comes.

use std::fmt::Write as _;
use std::fs;

use rotation::bars::SeriesId;

use crate::desk::{Desk, Said, TUESDAY, WEDNESDAY, day};
use crate::server::ok;

#[test]
fn t41_every_spelling_of_a_table_is_read_as_the_same_or_refused() {
    let desk = Desk::new();
    let rows = ["2025-09-02,40.5,41.25,39,40.25,1000", "2025-09-03,40,41,39,40.75,900", "2025-09-04,41,42,40,41.5,800"];
    let plain = format!("date,open,high,low,close,volume\n{}\n", rows.join("\n"));
    let backwards = format!("date,open,high,low,close,volume\n{}\n", [rows[2], rows[1], rows[0]].join("\n"));
    let comma = plain.replace(',', ";").replace('.', ",");
    let header = format!("{plain}date,open,high,low,close,volume\n");
    let hash = |text: &str| {
        let file = desk.file("XYZ.csv", text);
        desk.run(TUESDAY, &["import", "--replace", &file]).ends(0, &[]);
        desk.shelf().remove(&SeriesId::bars("XYZ")).expect("bars").hash
    };
    let expected = hash(&plain);
    for text in [
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r\n"),
        backwards,
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        comma,
        header,
    ] {
        assert_eq!(hash(&text), expected, "{text:?}");
    }
    // what can be read in two ways is read in none
    let before = desk.files();
    for (text, why) in [
        (
            plain.replace(',', ";").replace("40.75", "1.000").replace("40.25", "1,5"),
            "it has decimal points and commas in its numbers; write them with points alone",
        ),
        (
            plain.replace("date,open", "date,date"),
            "its header `date,date,high,low,close,volume` is of no kind known here",
        ),
    ] {
        for name in ["XYZ", "NEW"] {
            let file = desk.file(&format!("in/{name}.csv"), &text);
            let said = desk.run(TUESDAY, &["import", "--replace", &file]);
            said.ends(3, &[&format!("{name}.csv: left: {why}")]);
            assert!(said.out.starts_with("0 of 1 files read"), "{said:?}");
        }
    }
    assert!(desk.files() == before);
    // a row that can be is rejected, with its line, and no other
    let file = desk.file("in/NEW.csv", plain.replace("2025-09-03", "03/09/2025"));
    desk.run(TUESDAY, &["import", &file])
        .ends(0, &["1 row rejected", "line 3: `03/09/2025` is not a date of the form"]);
    let days = desk.shelf()[&SeriesId::bars("NEW")].columns.days().to_vec();
    assert_eq!(days, [day("2025-09-02"), day("2025-09-04")]);
}

#[test]
fn t44_a_bar_40_sessions_old_is_left_out_and_the_count_is_shown() {
    let desk = Desk::since("2025-01-02");
    let last = day("2025-07-28");
    desk.upstream.market().bars.get_mut("PSCE").expect("bars").retain(|(at, ..)| *at <= last);
    desk.run(TUESDAY, &["fetch", "-q"]).ends(0, &[]);
    let check = desk.run(TUESDAY, &["check", "--offline", "--format", "json"]);
    check.ends(3, &[]);
    let words = ["PSCE is stale: its last value of 2025-07-28 is 40 sessions old", "`rotation fetch PSCE`"];
    check.warns("stale", Some("PSCE"), &words);
    let input = check.entry("inputs", "PSCE");
    assert_eq!((&input["state"], &input["age_sessions"]), (&"stale".into(), &40.into()));
    let breadth = check.entry("signals", "group-breadth");
    assert_eq!(breadth["readings"]["n"], 8, "{breadth}");
    assert!(breadth["summary"].as_str().expect("words").contains(" of 8 groups "), "{breadth}");
    let table = desk.run(TUESDAY, &["check", "--offline"]).out;
    assert!(
        table.contains(" of 8 groups ") && table.contains("PSCE to 2025-07-28, 40 sessions old: too old"),
        "{table}"
    );
    let whole = Desk::since("2025-01-02");
    let breadth = whole.run(TUESDAY, &["check", "--format", "json"]).entry("signals", "group-breadth");
    assert_eq!(breadth["readings"]["n"], 9, "{breadth}");
}

#[test]
fn t45_a_revision_is_fetched_whole_and_dates_not_asked_for_are_refused() {
    let desk = Desk::filled();
    let revised = day("2025-09-19");
    *desk.upstream.market().rates.get_mut("DGS2").expect("rates").get_mut(&revised).expect("a value") = 9.75;
    let said = desk.run(WEDNESDAY, &["fetch", "DGS2"]);
    said.ends(0, &[]);
    assert!(said.out.contains("whole anew"), "{said:?}");
    let log = desk.upstream.server.take_log();
    let starts: Vec<&str> = log.iter().map(|request| &*request.query["cosd"]).collect();
    assert_eq!((starts.len(), starts[1]), (2, "1900-01-01"), "the tail, then the whole: {starts:?}");
    let before = desk.bytes("rates/DGS2.parquet");
    // the usual page instead of the window, as a source that ignores the question sends it
    desk.instead("DGS2", ok("observation_date,DGS2\n2001-01-02,5\n2025-09-23,3.0\n"));
    desk.run(WEDNESDAY, &["fetch", "DGS2"]).ends(3, &["it holds 2001-01-02, which was not asked for"]);
    desk.instead("DGS2", ok("observation_date,DGS2\n2025-09-22,3.0\n2031-01-02,3.0\n"));
    desk.run(WEDNESDAY, &["fetch", "DGS2"]).ends(3, &["it holds 2031-01-02, which was not asked for"]);
    assert_eq!(desk.bytes("rates/DGS2.parquet"), before);
}

#[test]
fn t46_five_thousand_rows_never_shrink_to_a_hundred() {
    let desk = Desk::since("2005-06-01");
    desk.run(TUESDAY, &["fetch", "KRE", "DGS2"]).ends(0, &["answer_shrunk"; 0]);
    let rows = desk.shelf()[&SeriesId::bars("KRE")].columns.days().len();
    assert!(rows > 5_000, "{rows}");
    let before = desk.files();
    {
        let mut market = desk.upstream.market();
        let bars = market.bars.get_mut("KRE").expect("bars");
        let until = bars.iter().position(|(at, ..)| *at > day("2025-09-23")).expect("later ones");
        bars.drain(..until - 100);
        market.rates.get_mut("DGS2").expect("rates").retain(|at, _| *at > day("2025-05-01"));
    }
    let said = desk.run(TUESDAY, &["fetch", "--full", "KRE", "DGS2"]);
    said.ends(
        3,
        &["`bars/KRE` from yahoo: ", "`rates/DGS2` from fredgraph: ", "serves less than the store holds", "was kept"],
    );
    assert_eq!(desk.files(), before);
}

/// The same rows in another order: by the remainders of their number.
fn shuffled(text: &str) -> String {
    let (header, rows) = text.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| row.bytes().map(usize::from).sum::<usize>() * 7_919 % 101);
    rows.iter().fold(format!("{header}\n"), |mut text, row| {
        writeln!(text, "{row}").expect("text");
        text
    })
}

#[test]
fn t48_threads_and_order_change_no_byte() {
    let desk = Desk::since("2024-06-03");
    desk.run(TUESDAY, &["fetch", "-q"]).ends(0, &[]);
    desk.run(TUESDAY, &["store", "export", "--output", "out"]).ends(0, &[]);
    let mut files = Vec::new();
    for kind in ["bars", "rates", "positioning"] {
        for entry in fs::read_dir(desk.path("out").join(kind)).expect("a folder") {
            files.push(entry.expect("an entry").path());
        }
    }
    files.sort();
    let mixed: Vec<String> = files
        .iter()
        .rev()
        .map(|path| {
            let place = path.strip_prefix(desk.path("out")).expect("in it").display().to_string();
            desk.file(&format!("mixed/{place}"), shuffled(&fs::read_to_string(path).expect("text")))
        })
        .collect();
    let plain: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let verdict = |files: &[String], threads: &str| -> String {
        fs::remove_dir_all(desk.path("store")).expect("removed");
        let arguments: Vec<&str> =
            ["import", "--threads", threads].into_iter().chain(files.iter().map(String::as_str)).collect();
        desk.run(TUESDAY, &arguments).ends(0, &[]);
        let said: Said = desk.run(TUESDAY, &["check", "--offline", "--format", "json", "--threads", threads]);
        said.ends(0, &[]);
        said.out
    };
    let expected = verdict(&plain, "1");
    assert!(expected.contains("\"stage\""));
    for (files, threads) in [(&plain, "8"), (&mixed, "1"), (&mixed, "8")] {
        assert_eq!(verdict(files, threads), expected, "{threads} threads");
    }
}
