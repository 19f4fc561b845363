//! Acceptance on real market history, where `ROTATION_REAL_DATA` names a folder with it.
//!
//! `fixtures/acceptance/readings.csv` holds readings that a separate program computed from the same
//! files by the definitions; they must agree within 1e-8, relative or absolute.

mod real_data;

use std::path::Path;

use assert_cmd::Command;
use real_data::{real, rotation, store};
use rotation::bars::{Columns, SeriesId, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::series::Market;
use rotation::signals::SIGNALS;
use rotation::store::Store;
use rotation::verdict::{Stage, Tracked, weigh};
use serde_json::Value;

const TOLERANCE: f64 = 1e-8;

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

/// The same without what the next close would change.
fn readings(store: &Path, session: &str) -> Value {
    let (_, bytes) = verdict(store, session, |command| {
        command.arg("--no-flips");
    });
    serde_json::from_slice(&bytes).expect("JSON")
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
    assert!(said.contains("3 without a ticker") && said.contains("no market quotes INH, ADRO, ADRO"), "{said}");
    let list = folder.path().join("universe/IWM/2026-05-05.csv");
    let bytes = std::fs::read(&list).expect("a list");
    assert!(import().expect("import runs").status.success());
    assert_eq!(std::fs::read(&list).expect("a list"), bytes, "the same file twice changes no byte");
}

#[test]
fn readings_agree_with_a_separate_program() {
    let Some(store) = store("readings_agree_with_a_separate_program") else { return };
    let figures = include_str!("../fixtures/acceptance/readings.csv");
    let mut reports = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    for line in figures.lines().skip(1) {
        let [session, id, reading, value] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let report = reports.entry(session).or_insert_with(|| readings(store, session));
        assert_eq!(report["as_of"], session);
        let signal = signal(report, id);
        let got = if reading == "vote" { &signal["vote"] } else { &signal["readings"][reading] };
        if !agrees(got, value) {
            wrong.push(format!("{session} {id} {reading}: {got}, expected {value}"));
        }
    }
    assert!(figures.lines().count() > 700 && reports.len() == 18);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every series of the real store.
fn shelf(store: &Path) -> Shelf {
    Store::at(store.to_path_buf()).and_then(|store| store.load()).expect("a shelf").shelf
}

/// The real market up to the end of 2025.
fn market(store: &Path) -> Market {
    let last = "2025-12-31".parse().expect("a date");
    Market::build(&shelf(store), Calendar::new(&[]), Settings::default(), last)
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
    let Some(store) = store("the_old_high_and_the_run_of_months_of_2025") else { return };
    let figure = |session, id, reading: &str| signal(&readings(store, session), id)["readings"][reading].clone();
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

/// The fall of the regional banks: 54.2 % under the peak of 2022 (78.78 on 2022-01-14) in May 2023, and 35 % under it for the
/// last time in April 2025.
#[test]
fn the_fall_of_regional_banks_from_their_peak_of_2022() {
    let Some(store) = store("the_fall_of_regional_banks_from_their_peak_of_2022") else { return };
    let under = |session: &str| {
        let report = readings(store, session);
        signal(&report, "regional-banks")["readings"]["drawdown"].as_f64().expect("a fraction")
    };
    assert_eq!(under("2022-01-14"), 0.0);
    assert!((under("2023-05-04") - (36.08 / 78.78 - 1.0)).abs() < 1e-5);
    assert_eq!(format!("{:.3}", under("2023-05-04")), "-0.542");
    assert!(under("2025-04-21") < -0.35);
    let Columns::Bars(banks) = &shelf(store)[&SeriesId::bars("KRE")].columns else { panic!("no bars") };
    let last = banks.close.iter().rposition(|close| close / 78.78 - 1.0 < -0.35).expect("a session");
    assert_eq!(banks.day[last].to_string(), "2025-04-21");
}

/// The words for how long a stage lasts are those of its runs since 2004.
#[test]
fn three_in_four_runs_of_a_stage_end_within_its_time_frame() {
    let Some(store) = store("three_in_four_runs_of_a_stage_end_within_its_time_frame") else { return };
    let market = market(store);
    let tracks: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, (signal.track)(&market))).collect();
    let staged = weigh(&market, &tracks).staged;
    let known: Vec<Stage> = staged.iter().map(|staged| staged.stage).filter(|stage| *stage != Stage::Unknown).collect();
    for (stage, within) in [
        (Stage::Setup, 5..42),
        (Stage::Early, 5..42),
        (Stage::Confirmed, 42..126),
        (Stage::Fading, 42..126),
        (Stage::None, 42..126),
    ] {
        let runs = known.chunk_by(|a, b| a == b).filter(|run| run[0] == stage);
        let mut lengths: Vec<usize> = runs.map(<[Stage]>::len).collect();
        lengths.sort_unstable();
        assert!(lengths.len() > 20 && within.contains(&lengths[3 * lengths.len() / 4]), "{stage}: {lengths:?}");
    }
}

#[test]
fn words_of_the_rate_regime_agree_with_history() {
    let Some(store) = store("words_of_the_rate_regime_agree_with_history") else { return };
    for (session, state) in [
        ("2008-12-31", "easing"),
        ("2015-07-31", "hold-after-cut"),
        ("2020-06-30", "easing"),
        ("2022-09-30", "hiking"),
        ("2024-03-28", "hold-after-hike"),
        ("2025-09-24", "easing"),
    ] {
        assert_eq!(json(store, session)["rate_regime"]["state"], state, "{session}");
    }
}

#[test]
fn ended_groups_are_missing_with_their_reason() {
    let Some(store) = store("ended_groups_are_missing_with_their_reason") else { return };
    let report = json(store, "2025-09-24");
    let breadth = signal(&report, "group-breadth");
    assert_eq!(breadth["vote"], Value::Null);
    let reason = breadth["missing"].as_str().expect("a reason");
    assert!(reason.contains("2020-12-11"), "{reason}");
    assert_ne!(report["verdict"]["stage"], "unknown");
}

#[test]
fn the_stage_is_unknown_before_there_is_enough_history() {
    let Some(store) = store("the_stage_is_unknown_before_there_is_enough_history") else { return };
    for session in ["1999-12-31", "2000-08-31"] {
        let (code, bytes) = verdict(store, session, |_| ());
        let report: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!((code, &report["verdict"]["stage"]), (Some(3), &"unknown".into()), "{session}");
    }
}

#[test]
fn threads_zone_and_repetition_change_no_byte() {
    let Some(store) = store("threads_zone_and_repetition_change_no_byte") else { return };
    for session in ["2008-12-31", "2015-07-31", "2020-06-30", "2025-09-24"] {
        let first = verdict(store, session, |_| ());
        let again = verdict(store, session, |_| ());
        let tokyo = verdict(store, session, |command| {
            command.env("TZ", "Asia/Tokyo");
        });
        let one = verdict(store, session, |command| {
            command.args(["--threads", "1"]);
        });
        let two = verdict(store, session, |command| {
            command.args(["--threads", "2"]);
        });
        assert!([again, tokyo, one, two].iter().all(|other| *other == first), "{session}");
        assert_eq!(first.0, Some(0), "{session}");
    }
}

/// The textbook case: overlapping windows make a t of −14 out of one of −2.7.
#[test]
fn a_rule_that_looks_significant_is_not() {
    use rotation::evidence::{follow, outcome};
    let Some(store) = store("a_rule_that_looks_significant_is_not") else { return };
    let market = market(store);
    let track = |id: &str| {
        let signal = SIGNALS.iter().find(|signal| signal.id == id).expect("a signal");
        let track = (signal.track)(&market).expect("a track");
        let at = signal.readings.iter().position(|reading| reading.name == "sma200_gap").expect("a reading");
        let rotation::signals::Column::Number(gaps) = &track.columns[at] else { panic!("numbers") };
        gaps.clone()
    };
    let above = |(small, banks): (&f64, &f64)| {
        if small.is_nan() || banks.is_nan() { f64::NAN } else { f64::from(u8::from(*small > 0.0 && *banks > 0.0)) }
    };
    let (small, banks) = (track("relative-strength"), track("regional-banks"));
    let inside: Vec<f64> = small.iter().zip(&banks).map(above).collect();
    let relative = rotation::evidence::relative(&market).expect("prices");
    let found = follow(&inside, &outcome(&relative, 126), 126, None).expect("figures");
    let t = found.newey_west_t.expect("a t");
    assert_eq!(format!("{:.1} {t:.2} {:.1}", found.naive_t, found.n_effective), "-14.1 -2.70 8.5");
}

/// The breadth of sixty members of the Russell 2000, which a separate program counted from the same files in exact
/// decimals: counts to the last one, shares and means to ten digits.
#[test]
fn breadth_of_members_agrees_with_a_separate_program() {
    let Some(real) = real("breadth_of_members_agrees_with_a_separate_program") else { return };
    let members = real.join("universe");
    let output = rotation().args(["breadth", "--format", "ndjson", "--bars"]).arg(&members).output().expect("a run");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((rows.len(), &rows[0]["date"], &rows[6083]["date"]), (6084, &"2000-01-03".into(), &"2024-03-08".into()));

    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("members.txt");
    let stems = std::fs::read_dir(&members).expect("members").map(|entry| entry.expect("a file").path());
    let symbols: Vec<_> = stems.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    std::fs::write(&list, symbols.join("\n")).expect("a list");
    let config = folder.path().join("config.toml");
    std::fs::write(&config, format!("[universe]\nfile = {:?}\n", list.display().to_string())).expect("settings");
    let mut import = rotation();
    import.args(["import", "--replace"]).args([&members, &real.join("bars/SPY.csv"), &real.join("bars/IWM.csv")]);
    assert_eq!(import.arg("--store").arg(folder.path().join("store")).output().expect("a run").status.code(), Some(0));
    let stored = rotation()
        .args(["breadth", "--format", "ndjson", "--config"])
        .arg(&config)
        .arg("--store")
        .arg(folder.path().join("store"))
        .output()
        .expect("a run");
    assert!(stored.stdout == lines.as_bytes(), "from the store as from the files");

    let (mut reports, mut wrong) = (std::collections::BTreeMap::new(), Vec::new());
    for line in include_str!("../fixtures/acceptance/breadth.csv").lines().skip(1) {
        let [session, reading, value] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let row = rows.iter().find(|row| row["date"] == session).expect("a row");
        let report = reports.entry(session).or_insert_with(|| {
            let (_, bytes) = verdict(&folder.path().join("store"), session, |command| {
                command.arg("--no-flips").arg("--config").arg(&config);
            });
            serde_json::from_slice::<Value>(&bytes).expect("JSON")
        });
        // the signal says all of it; the row, what is counted
        let signal = signal(report, "constituent-breadth");
        let said = if reading == "vote" { Some(&signal["vote"]) } else { signal["readings"].get(reading) };
        let told: Vec<&Value> = [row.get(reading), said].into_iter().flatten().collect();
        assert!(!told.is_empty(), "nobody tells `{reading}`");
        for got in told {
            let same = if let Value::Bool(got) = got { got.to_string() == value } else { agrees(got, value) };
            if !same {
                wrong.push(format!("{session} {reading}: {got}, expected {value}"));
            }
        }
    }
    assert!(wrong.is_empty() && reports.len() == 24, "{}", wrong.join("\n"));
}
