//! The page in every state: what it says is true of it, and no figure is one that is none.

mod desk;

use std::process::Output;

use desk::{Desk, NOW, text};
use rotation::bars::SeriesId;

/// A store with the synthetic market but for some funds.
fn without(lacking: &[&str]) -> Desk {
    Desk::filled(|shelf| shelf.retain(|id, _| lacking.iter().all(|name| *id != SeriesId::bars(name))))
}

const PAGE: [&str; 4] = ["check", "--offline", "--format", "html"];

/// The page of a store, asked for so.
fn page(desk: &Desk, asked: &[&str]) -> String {
    desk.out(&[&PAGE[..], asked].concat())
}

/// Holds that every place on a page is a number, and every list has an entry.
fn sound(state: &str, page: &str) {
    let (_, page) = page.split_once("</style>").unwrap_or_else(|| panic!("{state}: no page: {page}"));
    for wrong in ["NaN", "inf ", ": .", "ends at –"] {
        let at = page.find(wrong).map(|at| page[..at].chars().rev().take(200).collect::<Vec<_>>());
        let before = at.map(|before| before.into_iter().rev().collect::<String>());
        assert_eq!(before, None, "{state}: {wrong}");
    }
    // a dash alone is a figure that is none
    for words in page.split("<desc").skip(1).filter_map(|rest| rest.split("</desc>").next()) {
        let dash = words.split_whitespace().any(|word| word.trim_end_matches(['.', ',', ';', ':']) == "–");
        assert!(!dash, "{state}: {words}");
    }
    assert!(!page.contains("d=\"\""), "{state}: a line without points, which the legend names");
}

#[test]
fn every_state_has_a_page_of_numbers() {
    let output: Output =
        desk::rotation().args(["check", "--demo", "--now", NOW, "--format", "html"]).output().expect("a run");
    sound("demo", text(&output.stdout));
    let whole = without(&[]);
    sound("whole", &page(&whole, &[]));
    // the first session of all, the second, and some of which little is known
    for early in ["2000-01-03", "2000-01-04", "2000-06-30", "2001-06-29"] {
        sound(early, &page(&whole, &["--as-of", early]));
    }
    let yields = page(&whole, &["--as-of", "2001-06-29"]);
    for told in [" points.</desc>", " points</td>"] {
        assert!(yields.contains(told), "the gap of yields is counted as its axis says: {yields}");
    }
    let stage = yields.split("that of 2001-06-29 is ").nth(1).and_then(|rest| rest.split('.').next()).expect("a stage");
    assert!(
        yields.contains(&format!("<td>{stage}</td></tr>")),
        "the stage stands in the table of its picture: {yields}"
    );
    sound("partial", &page(&without(&["KRE", "RSP", "PSCD"]), &[]));
    sound("unknown", &page(&without(&["SPY"]), &[]));
    let targetless = Desk::filled(|shelf| shelf.retain(|id, _| !id.name.starts_with("DFEDTAR")));
    let rates = page(&targetless, &[]);
    sound("without a target", &rates);
    assert!(rates.contains("The two-year Treasury yield, from ") && !rates.contains("policy target, upper bound"));
}

#[test]
fn a_stale_page_says_where_its_lines_end() {
    let desk = without(&[]);
    for (state, now) in [("a month", "2026-07-31T18:00:00-04:00"), ("a year", "2027-06-30T18:00:00-04:00")] {
        let page = page(&desk, &["--now", now]);
        sound(state, &page);
        assert!(page.contains("STAGE UNKNOWN"), "{state}");
        assert!(page.contains("figures are missing: Track record: what followed this stage."), "{state}");
        assert!(page.contains("to 2026-06-30. It ends at "), "{state}");
        assert!(page.contains("; the highest close of all years but the last is "), "{state}");
        assert!(page.contains(&format!("that of {} is unknown.", &now[..10])), "{state}");
    }
}
