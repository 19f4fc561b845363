//! Acceptance on real market history, where `ROTATION_REAL_DATA` names a folder with it.
//!
//! `fixtures/acceptance/readings.csv` holds readings that a separate program computed from the same
//! files by the definitions; they must agree within 1e-8, relative or absolute.

use std::io::Write;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

const TOLERANCE: f64 = 1e-8;

/// The folder of real history, or a word on stderr that the test is skipped.
#[expect(clippy::disallowed_methods, reason = "tells this test where the data lies")]
fn real(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ROTATION_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        // past the harness's capture, so that a passing run says it too
        let _ = writeln!(std::io::stderr(), "skipped: {test}: ROTATION_REAL_DATA is not set");
    }
    folder
}

fn rotation() -> Command {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_remove("ROTATION_CONFIG").env_remove("ROTATION_STORE").env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

/// A store with the real bars, dividends and rates.
fn store(real: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = ["bars", "dividends", "rates"].map(|kind| real.join(kind));
    let mut command = rotation();
    command.arg("import").args(paths).arg("--store").arg(folder.path());
    let imported = command.output().expect("import runs");
    assert!(matches!(imported.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&imported.stderr));
    folder
}

/// The verdict as of a session, as it was printed.
fn verdict(store: &Path, session: &str, adjust: impl Fn(&mut Command)) -> (Option<i32>, Vec<u8>) {
    let mut command = rotation();
    command.args(["check", "--offline", "--format", "json", "--as-of", session, "--store"]).arg(store);
    adjust(&mut command);
    let output = command.output().expect("check runs");
    (output.status.code(), output.stdout)
}

fn json(store: &Path, session: &str) -> Value {
    serde_json::from_slice(&verdict(store, session, |_| ()).1).expect("JSON")
}

fn signal<'a>(report: &'a Value, id: &str) -> &'a Value {
    let signals = report["signals"].as_array().expect("signals");
    signals.iter().find(|signal| signal["id"] == id).unwrap_or_else(|| panic!("no signal `{id}`"))
}

#[test]
fn the_holdings_file_has_its_1924_equities() {
    let Some(real) = real("the_holdings_file_has_its_1924_equities") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let import = || rotation().arg("import").arg(real.join("holdings")).arg("--store").arg(folder.path()).output();
    let first = import().expect("import runs");
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(first.status.success() && said.contains("1924 equities, of which 1918 are members"), "{said}");
    assert!(said.contains("3 have no ticker") && said.contains("no market quotes INH, ADRO, ADRO"), "{said}");
    let list = folder.path().join("universe/IWM/2026-05-05.csv");
    let bytes = std::fs::read(&list).expect("a list");
    assert!(import().expect("import runs").status.success());
    assert_eq!(std::fs::read(&list).expect("a list"), bytes, "the same file twice changes no byte");
}

#[test]
fn readings_agree_with_a_separate_program() {
    let Some(real) = real("readings_agree_with_a_separate_program") else { return };
    let store = store(&real);
    let figures = include_str!("../fixtures/acceptance/readings.csv");
    let mut reports = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    for line in figures.lines().skip(1) {
        let [session, id, reading, value] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let report = reports.entry(session).or_insert_with(|| json(store.path(), session));
        assert_eq!(report["as_of"], session);
        let signal = signal(report, id);
        let got = if reading == "vote" { &signal["vote"] } else { &signal["readings"][reading] };
        if !agrees(got, value) {
            wrong.push(format!("{session} {id} {reading}: {got}, expected {value}"));
        }
    }
    assert!(figures.lines().count() > 300 && reports.len() == 4);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Numbers within the tolerance; words and dates to the letter.
fn agrees(got: &Value, expected: &str) -> bool {
    match (got, expected.parse::<f64>()) {
        (Value::String(got), _) => got == expected,
        (_, Ok(expected)) => {
            got.as_f64().is_some_and(|got| (got - expected).abs() <= TOLERANCE * expected.abs().max(1.0))
        }
        _ => false,
    }
}

/// The figures of commentary on the autumn of 2025: the old high of 2021 passed, and months in a row.
#[test]
fn the_old_high_and_the_run_of_months_of_2025() {
    let Some(real) = real("the_old_high_and_the_run_of_months_of_2025") else { return };
    let store = store(&real);
    let figure = |session, id, reading: &str| signal(&json(store.path(), session), id)["readings"][reading].clone();
    for (session, running) in [("2025-09-17", 0), ("2025-09-18", 1)] {
        let high = figure(session, "breakout", "prior_high").as_f64().expect("a price");
        assert_eq!(format!("{high:.2}"), "242.56");
        assert_eq!(figure(session, "breakout", "prior_high_date"), "2021-11-08");
        assert_eq!(figure(session, "breakout", "sessions_above"), running, "{session}");
    }
    let above = figure("2025-09-18", "breakout", "above_prior_high_by").as_f64().expect("a fraction");
    assert!((above - (244.84 / 242.56 - 1.0)).abs() < 1e-5);
    for (session, months) in [("2025-09-30", 5), ("2025-11-28", 7), ("2025-12-31", -1)] {
        assert_eq!(figure(session, "monthly-streak", "months_up"), months, "{session}");
        assert_eq!(figure(session, "monthly-streak", "last_streak_of_5_date"), "2025-09-30");
    }
}

#[test]
fn words_of_the_rate_regime_agree_with_history() {
    let Some(real) = real("words_of_the_rate_regime_agree_with_history") else { return };
    let store = store(&real);
    for (session, state) in [
        ("2008-12-31", "easing"),
        ("2015-07-31", "hold-after-cut"),
        ("2020-06-30", "easing"),
        ("2022-09-30", "hiking"),
        ("2024-03-28", "hold-after-hike"),
        ("2025-09-24", "easing"),
    ] {
        assert_eq!(json(store.path(), session)["rate_regime"]["state"], state, "{session}");
    }
}

#[test]
fn ended_groups_are_missing_with_their_reason() {
    let Some(real) = real("ended_groups_are_missing_with_their_reason") else { return };
    let store = store(&real);
    let report = json(store.path(), "2025-09-24");
    let breadth = signal(&report, "group-breadth");
    assert_eq!(breadth["vote"], Value::Null);
    let reason = breadth["missing"].as_str().expect("a reason");
    assert!(reason.contains("2020-12-11"), "{reason}");
    assert_ne!(report["verdict"]["stage"], "unknown");
}

#[test]
fn the_stage_is_unknown_before_there_is_enough_history() {
    let Some(real) = real("the_stage_is_unknown_before_there_is_enough_history") else { return };
    let store = store(&real);
    for session in ["1999-12-31", "2000-08-31"] {
        let (code, bytes) = verdict(store.path(), session, |_| ());
        let report: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!((code, &report["verdict"]["stage"]), (Some(3), &"unknown".into()), "{session}");
    }
}

#[test]
fn threads_zone_and_repetition_change_no_byte() {
    let Some(real) = real("threads_zone_and_repetition_change_no_byte") else { return };
    let store = store(&real);
    for session in ["2008-12-31", "2015-07-31", "2020-06-30", "2025-09-24"] {
        let first = verdict(store.path(), session, |_| ());
        let again = verdict(store.path(), session, |_| ());
        let tokyo = verdict(store.path(), session, |command| {
            command.env("TZ", "Asia/Tokyo");
        });
        let one = verdict(store.path(), session, |command| {
            command.args(["--threads", "1"]);
        });
        let two = verdict(store.path(), session, |command| {
            command.args(["--threads", "2"]);
        });
        assert!([again, tokyo, one, two].iter().all(|other| *other == first), "{session}");
        assert_eq!(first.0, Some(0), "{session}");
    }
}
