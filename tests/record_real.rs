//! Cuts of the policy rate, claims and the audit on real market history, where `ROTATION_REAL_DATA` names a folder with it.

mod real_data;

use std::fs;
use std::path::Path;

use real_data::store;
use serde_json::Value;

fn json(arguments: &[&str], store: &Path) -> Value {
    let mut command = real_data::rotation();
    command.args(arguments).args(["--format", "json", "--as-of", "2025-12-31", "--store"]).arg(store);
    let output = command.output().expect("a run");
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Points after twelve months as a separate program finds them, by the day of the cut.
const TWELVE_MONTHS: [(&str, &str, f64); 10] = [
    ("1989-06-06", "first-cut", -13.9),
    ("1990-07-13", "restart", -3.5),
    ("1995-07-06", "first-cut", 0.0),
    ("1998-09-29", "first-cut", -5.7),
    ("2001-01-03", "first-cut", 15.8),
    ("2007-09-18", "first-cut", 10.3),
    ("2019-07-31", "first-cut", -15.7),
    ("2024-09-18", "first-cut", -6.4),
    ("2002-11-06", "restart", 23.7),
    ("2003-06-25", "restart", 16.3),
];

#[test]
fn what_followed_cuts_agrees_with_a_separate_program() {
    let Some(store) = store("what_followed_cuts_agrees_with_a_separate_program") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let given = |class: &str| {
        let dates = folder.path().join("dates.csv");
        let early = "date,class\n1989-06-06,first-cut\n1995-07-06,first-cut\n1998-09-29,first-cut\n";
        fs::write(&dates, format!("{early}1990-07-13,{class}\n")).expect("written");
        json(&["evidence", "events", "--dates", &dates.to_string_lossy()], store)
    };
    let study = given("restart");
    let events = study["events"].as_array().expect("events");
    for (date, class, points) in TWELVE_MONTHS {
        let event = events.iter().find(|event| event["date"] == date && event["class"] == class).expect(date);
        let relative = event["outcomes"][2]["relative"].as_f64().expect("a figure");
        assert!((100.0 * relative - points).abs() < 0.05, "{date}: {relative}");
        let pair = if date < "2024" { "^RUT" } else { "IWM" };
        assert_eq!(event["outcomes"][2]["pair"][0], pair);
    }
    let firsts = events.iter().filter(|event| event["class"] == "first-cut").count();
    let restarts = events.iter().filter(|event| event["class"] == "restart").count();
    // 1990, 2002, 2003 and 2025, of which nothing is known yet after a year
    assert_eq!((firsts, restarts), (7, 4));

    // the first cuts with the one of 1990 among them
    let study = given("first-cut");
    let summaries = study["summaries"].as_array().expect("summaries");
    let eight = summaries.iter().find(|one| one["class"] == "first-cut" && one["months"] == 12).expect("a summary");
    let points = |name: &str| format!("{:.1}", 100.0 * eight[name].as_f64().expect("a figure"));
    assert_eq!((eight["n"].as_u64(), points("mean"), points("standard_error")), (Some(8), "-2.4".into(), "3.9".into()));
    // last cuts alone show the advantage that is often quoted, and 2020 most of it
    let last = summaries.iter().find(|one| one["class"] == "last-cut" && one["months"] == 12).expect("a summary");
    assert_eq!((last["hindsight"].as_bool(), last["n"].as_u64()), (Some(true), Some(3)));
    assert!((last["mean"].as_f64().expect("a figure") - 0.2346).abs() < 5e-4);
    let without = last["without"].as_array().expect("means").iter().find(|one| one["date"] == "2020-03-13");
    assert!((without.expect("2020")["mean"].as_f64().expect("a figure") - 0.1070).abs() < 5e-4);
}

/// The answer, the figure, and the first and last day; `None` where it is not compared.
type Expected = (&'static str, Option<f64>, Option<[&'static str; 2]>);

/// The common claims, with figures and days as a separate program finds them.
#[test]
fn common_claims_are_answered_with_figure_and_days() {
    let Some(store) = store("common_claims_are_answered_with_figure_and_days") else { return };
    let answers = json(&["evidence", "claims"], store);
    let answers = answers["claims"].as_array().expect("claims");
    let expected: [Expected; 9] = [
        ("false", Some(0.823_900_647), Some(["2024-12-04", "2025-06-26"])),
        ("false", Some(0.255_534_053), Some(["2021-03-11", "2025-11-17"])),
        ("false", Some(-1.0), Some(["2003-08-29", "2025-12-30"])),
        ("false", Some(-1.0), None),
        ("false", None, Some(["2021-12-01", "2025-09-17"])),
        ("false", Some(-0.177_329_286), Some(["2023-03-10", "2025-04-21"])),
        ("false", Some(-0.003_314_946), None),
        ("false", Some(1.337_877_614), None),
        ("not checkable", None, None),
    ];
    assert_eq!(answers.len(), expected.len());
    for (answer, (finding, figure, days)) in answers.iter().zip(expected) {
        let text = &answer["text"];
        assert_eq!(answer["finding"], finding, "{text}");
        if let Some(figure) = figure {
            assert!(
                (answer["figure"].as_f64().expect("a figure") - figure).abs() < 1e-8,
                "{text}: {}",
                answer["figure"]
            );
        }
        if let Some(days) = days {
            assert_eq!([&answer["first_true"], &answer["last_true"]], days, "{text}");
        }
    }
    assert!(answers[8]["detail"].as_str().expect("a reason").contains("no forward P/Es"));
}

#[test]
fn nothing_said_of_a_session_depends_on_later_ones() {
    let Some(store) = store("nothing_said_of_a_session_depends_on_later_ones") else { return };
    let audit = json(&["evidence", "audit", "--cuts", "3"], store);
    assert_eq!(audit["differences"].as_array().map(Vec::len), Some(0), "{}", audit["differences"]);
    assert!(audit["compared"].as_u64().expect("a count") > 500_000);
}
