//! Text of others, on its way to a terminal, a page or a spreadsheet.

use std::fs;
use std::time::Duration;

use rotation::bars::{Columns, Kind, Origin, Points, Series, SeriesId};
use rotation::report::FORMATS;
use rotation::store::Store;

use crate::desk::{Desk, TUESDAY, WEDNESDAY, day};
use crate::server::answer;

/// An escape sequence, an operating system command, a C1 control, and text that runs backwards.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{2066}";

#[test]
fn t23_control_characters_of_others_are_shown_escaped() {
    let desk = Desk::filled();
    let error = serde_json::json!({ "code": HOSTILE, "description": HOSTILE });
    let body = serde_json::json!({ "chart": { "result": null, "error": error } }).to_string();
    desk.instead("KRE", answer(404, &[], body));
    desk.instead("DGS2", answer(200, &[], format!("observation_date,{HOSTILE}\n2025-09-22,1\n")));
    let shown = "\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\u{9b}31m\\u{202e}\\u{2066}";
    desk.run(WEDNESDAY, &["fetch", "KRE", "DGS2"]).ends(3, &[shown]);
    desk.check().warns("answer_malformed", Some("KRE"), &["`bars/KRE` from yahoo", shown]);
    desk.check().warns("answer_malformed", Some("two-year"), &["`rates/DGS2` from fredgraph", "\\u{1b}"]);
    // names: of a series, of a file and its columns, of a signal
    desk.run(WEDNESDAY, &["fetch", HOSTILE]).ends(2, &[shown]);
    desk.run(WEDNESDAY, &["check", "--offline", "--explain", HOSTILE]).ends(2, &[shown]);
    let file = desk.file(&format!("{HOSTILE}.csv"), format!("date,value,{HOSTILE}\n2025-09-02,1,2\n"));
    desk.run(WEDNESDAY, &["import", &file]).ends(3, &["\\u{1b}"]);
}

#[test]
fn t24_a_script_in_a_name_is_inert_on_a_page() {
    const NAME: &str = "<script>alert(1)</script>";
    let desk = Desk::filled();
    desk.configure(&["yahoo"], &["fredgraph"], &format!("[groups]\nPSCF = \"{NAME}\"\nPSCE = \"b\"\n"));
    let error = serde_json::json!({ "code": "Bad", "description": NAME });
    desk.instead("KRE", answer(400, &[], serde_json::json!({ "chart": { "error": error } }).to_string()));
    for format in FORMATS {
        let said = desk.run(WEDNESDAY, &["check", "--format", format.name]);
        said.ends(3, &["`bars/KRE` from yahoo", NAME]);
        // of the group's name, and of the source's words where the format repeats them
        let shown = match format.name {
            "html" => "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;",
            "markdown" => "&lt;script>alert(1)&lt;/script>",
            // figures alone
            "line" | "csv" => continue,
            _ => NAME,
        };
        let told = said.out.matches(shown).count();
        assert!(told >= if ["html", "json"].contains(&format.name) { 2 } else { 1 }, "{}: {}", format.name, said.out);
        let page = ["html", "markdown"].contains(&format.name);
        assert!(!page || !said.out.to_lowercase().contains("<script"), "{}", format.name);
    }
}

#[test]
fn t25_text_that_a_spreadsheet_would_calculate_is_exported_as_text() {
    let desk = Desk::new();
    let mut points = Points::default();
    points.push(day("2025-09-02"), day("2025-09-03"), -0.25);
    let columns = Columns::Points(points);
    let store = Store::at(desk.path("store")).expect("a store");
    let mut writer = store.lock(Duration::from_secs(10)).expect("the lock");
    let names = ["=1+1", "+1", "-1", "@x"].map(|source| format!("russell-2000.all-in.{source}"));
    let ids = names.iter().map(|name| SeriesId::new(Kind::Valuation, name)).chain([SeriesId::rates("REAL")]);
    for id in ids {
        let origin = Origin { owner: "imported".into(), ..Origin::default() };
        writer.put(&id, &Series { origin, hash: columns.hash(), columns: columns.clone() }).expect("stored");
    }
    writer.finish().expect("synced");
    desk.run(TUESDAY, &["store", "export", "--output", "out"]).ends(0, &[]);
    let cells = |folder: &str| {
        let mut cells: Vec<String> = Vec::new();
        for entry in fs::read_dir(desk.path("out").join(folder)).expect("a folder") {
            let text = fs::read_to_string(entry.expect("an entry").path()).expect("text");
            cells.extend(text.lines().skip(1).flat_map(|line| line.split(',')).map(str::to_owned));
        }
        cells
    };
    let values = cells("valuation");
    for text in ["'=1+1", "'+1", "'-1", "'@x"] {
        assert!(values.iter().any(|cell| cell == text), "{text}: {values:?}");
    }
    assert_eq!(values.iter().filter(|cell| *cell == "-0.25").count(), 4, "a negative number is one");
    assert_eq!(cells("rates"), ["2025-09-02", "-0.25"]);
}

#[test]
fn t26_names_beyond_all_bounds_are_clipped_and_the_table_stays_aligned() {
    let desk = Desk::new();
    let long = "x".repeat(1 << 20);
    let row = |source| format!("2025-09-02,iwm,all-in,24.5,{source}\n2025-09-03,{source},all-in,1,b\n");
    let rows = [&*long, "\u{1f680}", "a", "desk"].map(row).concat();
    let values = desk.file("pe.csv", format!("date,index,basis,value,source\n{rows}"));
    let header = desk.file("header.csv", format!("{long},b\n1,2\n"));
    let none = desk.file("none.csv", "date,value\n2025-09-02,\0\n");
    let said = desk.run(TUESDAY, &["import", &values, &header, &none]);
    said.ends(3, &["is not a name of up to 38 letters", "is of no kind known here", "it is not text"]);
    assert!(said.err.contains("`\u{1f680}`") || said.err.contains("\\u{1f680}"), "{said:?}");
    assert!(said.err.lines().all(|line| line.chars().count() < 400), "clipped");
    desk.run(TUESDAY, &["fetch", &long[..100_000]]).ends(2, &["is no input or series"]);
    let status = desk.run(TUESDAY, &["store", "status"]);
    let ends: Vec<usize> = status.out.lines().filter_map(|line| line.find("imported")).collect();
    assert!(ends.len() == 2 && ends[0] == ends[1], "{}", status.out);
}
