//! The program from outside: `rotation store`, and what it does to a series that cannot be true.

mod desk;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use desk::{Desk, NOW, day, rotation, text};
use rotation::bars::{Bars, Columns, Dividends, Kind, Origin, Points, Series, SeriesId, Shelf};
use rotation::calendar::Calendar;
use rotation::day::Day;
use serde_json::Value;

fn bars(shelf: &mut Shelf, symbol: &str) -> Bars {
    match &shelf.get(&SeriesId::bars(symbol)).expect("bars").columns {
        Columns::Bars(bars) => bars.clone(),
        Columns::Points(_) => panic!("not bars"),
    }
}

/// Changes the bars of a fund.
fn alter(shelf: &mut Shelf, symbol: &str, change: impl FnOnce(&mut Bars)) {
    let mut altered = bars(shelf, symbol);
    change(&mut altered);
    let series = shelf.get_mut(&SeriesId::bars(symbol)).expect("bars");
    series.columns = Columns::Bars(altered);
}

/// Halves all prices from a row on, as a split without an event does.
fn halve(bars: &mut Bars) {
    let from = bars.len() - 100;
    for column in [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close] {
        column[from..].iter_mut().for_each(|price| *price /= 2.0);
    }
}

#[test]
fn the_synthetic_market_is_clean() {
    let desk = Desk::filled(|_| ());
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.ends_with("0 withheld, 0 notes; 0 files not used\n"), "{out}");
}

#[test]
fn what_is_too_old_for_its_input_is_said() {
    let desk = Desk::filled(|shelf| {
        alter(shelf, "KRE", |bars| *bars = (0..bars.len() - 3).map(|i| bars.row(i)).collect());
    });
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert_eq!((code, out.lines().count()), (Some(0), 2), "{out}");
    assert!(out.starts_with("bars/KRE: note: its last value is of 2026-06-25, 3 sessions old (stale)\n"), "{out}");
    let output = desk.run(&["check", "--offline", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let warnings = report["warnings"].as_array().expect("warnings");
    assert!(warnings.iter().any(|one| one["code"] == "stale" && one["input"] == "KRE"), "{warnings:?}");
}

#[test]
fn what_is_verified_is_told_in_what_the_terminal_shows_and_one_is_one() {
    let desk = Desk::filled(|shelf| {
        alter(shelf, "KRE", |bars| {
            let gone = bars.len() - 20..bars.len() - 10;
            *bars = (0..bars.len()).filter(|i| !gone.contains(i)).map(|i| bars.row(i)).collect();
        });
    });
    for (locale, more) in [("C.UTF-8", ", … (10 days)"), ("C", ", ... (10 days)")] {
        let output = desk.command(&["store", "verify", "--now", NOW]).env("LANG", locale).output().expect("a run");
        let out = text(&output.stdout);
        assert!(out.contains(more) && out.ends_with("0 withheld, 1 note; 0 files not used\n"), "{locale}: {out}");
    }
}

#[test]
fn t32_a_possible_split_withholds_the_series_everywhere() {
    let desk = Desk::filled(|shelf| alter(shelf, "KRE", halve));
    let output = desk.run(&["check", "--offline", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let find = |list: &str, id: &str| {
        report[list].as_array().expect("a list").iter().find(|one| one["id"] == id).expect("an entry").clone()
    };
    assert_eq!(find("inputs", "KRE")["state"], "withheld");
    let banks = find("signals", "regional-banks");
    assert_eq!(banks["vote"], Value::Null);
    assert!(banks["missing"].as_str().expect("a reason").contains("KRE is withheld: possible split"), "{banks}");
    assert_ne!(report["verdict"]["stage"], "unknown", "the others still speak");
    let warnings = report["warnings"].as_array().expect("warnings");
    assert!(warnings.iter().any(|one| one["code"] == "possible_split" && one["input"] == "KRE"), "{warnings:?}");
    assert!(text(&output.stderr).contains("rotation fetch --full KRE"), "{}", text(&output.stderr));
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert_eq!(code, Some(3));
    assert!(out.starts_with("bars/KRE: withheld: possible split") && out.contains("1 withheld"), "{out}");
    let (code, out, _) = desk.said(&["store", "status"]);
    let row = out.lines().find(|line| line.starts_with("bars/KRE ")).expect("a row");
    assert!(code == Some(3) && row.ends_with("withheld"), "{row}");
}

#[test]
fn a_withheld_required_input_leaves_the_stage_unknown() {
    let desk = Desk::filled(|shelf| alter(shelf, "IWM", halve));
    let output = desk.run(&["check", "--offline", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((output.status.code(), &report["verdict"]["stage"]), (Some(3), &"unknown".into()));
    let table = desk.run(&["check", "--offline"]);
    assert!(text(&table.stdout).contains("withheld"), "{}", text(&table.stdout));
}

#[test]
fn t40_a_session_that_every_series_lacks_is_one_note_and_one_that_one_lacks_is_its_own() {
    let (closed, lost) = (day("2026-06-10"), day("2026-06-11"));
    let desk = Desk::filled(|shelf| {
        let symbols: Vec<String> = shelf.keys().filter(|id| id.kind == Kind::Bars).map(|id| id.name.clone()).collect();
        for symbol in symbols {
            alter(shelf, &symbol, |bars| {
                let kept = |day: Day| day != closed && (day != lost || symbol != "KRE");
                *bars = (0..bars.len()).map(|i| bars.row(i)).filter(|bar| kept(bar.day)).collect();
            });
        }
    });
    let output = desk.run(&["check", "--offline", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let warnings = report["warnings"].as_array().expect("warnings");
    let [one, all] = &warnings[..] else { panic!("{warnings:?}") };
    assert_eq!(
        (output.status.code(), &one["code"], &one["input"]),
        (Some(0), &"session_missing".into(), &"KRE".into())
    );
    assert_eq!((&all["code"], &all["input"]), (&"unscheduled_closure".into(), &Value::Null));
    assert_eq!(one["message"], "`bars/KRE`: no bar on sessions of the exchange: 2026-06-11");
    let closure =
        "no series has a bar on 2026-06-10: an unscheduled closure? Then add it to `extra_closures` under `[calendar]`";
    assert_eq!(all["message"], closure);
    assert_eq!(text(&output.stderr).matches("2026-06-10").count(), 1, "{}", text(&output.stderr));
}

#[test]
fn the_status_fits_80_columns_and_is_json_where_asked() {
    let desk = Desk::filled(|shelf| {
        let long = SeriesId::new(Kind::Valuation, "russell-2000.ex-negative.a-source-with-a-very-long-name");
        let mut points = Points::default();
        points.push(day("2026-06-29"), day("2026-06-30"), 24.0);
        let origin = Origin { owner: "imported".into(), ..Origin::default() };
        shelf.insert(long, Series { origin, columns: Columns::Points(points), hash: String::new() });
    });
    let (code, out, err) = desk.said(&["store", "status"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    for line in &lines[..lines.len() - 1] {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let name = "valuation/russell-2000.ex-negative.a-source-with-a-very-long-name";
    let at = lines.iter().position(|line| *line == name).unwrap_or_else(|| panic!("{out}"));
    assert!(lines[at + 1].starts_with("    ") && lines[at + 1].contains("imported"), "{out}");
    let rows: Value = serde_json::from_slice(&desk.run(&["store", "status", "--format", "json"]).stdout).expect("JSON");
    let rows = rows.as_array().expect("rows");
    let named = lines.iter().filter(|line| line.contains('/')).count();
    assert_eq!(rows.len(), named - 1, "but the last line");
    let iwm = rows.iter().find(|row| row["series"] == "bars/IWM").expect("a row");
    assert_eq!((&iwm["last"], &iwm["age_sessions"], &iwm["state"]), (&"2026-06-30".into(), &0.into(), &"ok".into()));
}

#[test]
fn t54_damaged_and_newer_files_are_found_by_verify_and_status() {
    let desk = Desk::filled(|_| ());
    let file = |name: &str| desk.path("store/bars").join(name);
    let bytes = fs::read(file("KRE.parquet")).expect("a file");
    fs::write(file("KRE.parquet"), &bytes[..bytes.len() / 2]).expect("written");
    fs::write(file("RSP.parquet"), "").expect("written");
    let mut flipped = fs::read(file("PSCF.parquet")).expect("a file");
    flipped[2_000] ^= 1;
    fs::write(file("PSCF.parquet"), flipped).expect("written");
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert_eq!(code, Some(3));
    for name in ["KRE", "RSP", "PSCF"] {
        assert!(out.contains(&format!("{name}.parquet.damaged-1")), "{name}: {out}");
        assert!(file(&format!("{name}.parquet.damaged-1")).exists() && !file(&format!("{name}.parquet")).exists());
    }
    assert!(out.ends_with("3 files not used\n"), "{out}");
    // what is gone is told of until something stands in its place, or what was set aside is removed
    for command in ["verify", "status"] {
        let (code, out, err) = desk.said(&["store", command]);
        let lost = "KRE.parquet` was damaged and is missing, set aside as `KRE.parquet.damaged-1`";
        assert!(code == Some(3) && (out + &err).contains(lost), "{command}");
    }
    for name in ["KRE", "RSP", "PSCF"] {
        fs::remove_file(file(&format!("{name}.parquet.damaged-1"))).expect("removed");
    }
    assert_eq!(desk.said(&["store", "verify"]).0, Some(0));
    fs::write(desk.path("store/STORE"), "2\n").expect("written");
    for command in [&["store", "status"][..], &["store", "verify"], &["store", "clear", "--yes"], &["check"]] {
        let (code, _, err) = desk.said(command);
        assert!(code == Some(1) && err.contains("newer version"), "{command:?}: {err}");
    }
}

#[test]
fn the_configuration_shows_who_decided_and_no_key() {
    let desk = Desk::new();
    let mut command = rotation();
    command.env("ROTATION_STORE", desk.path("mine")).env("TIINGO_API_KEY", "canary0123456789");
    fs::write(desk.path("c.toml"), "[weights]\nfuel = 0.2\n").expect("written");
    let output = command.arg("config").arg("--config").arg(desk.path("c.toml")).output().expect("a run");
    let out = text(&output.stdout);
    let ends = |start: &str| out.lines().find(|line| line.starts_with(start)).and_then(|line| line.rsplit("# ").next());
    assert_eq!(
        (ends("store = "), ends("fuel = 0.2"), ends("curve")),
        (Some("ROTATION_STORE"), Some("file"), Some("default"))
    );
    assert!(
        out.contains("c.toml (--config)") && out.contains("# TIINGO_API_KEY: set\n") && !out.contains("canary"),
        "{out}"
    );
    // the shell has emptied the file by the time its new content is asked for
    fs::write(desk.path("c.toml"), "").expect("written");
    let output = rotation().args(["config", "--default", "--config"]).arg(desk.path("c.toml")).output();
    assert_eq!(output.expect("a run").status.code(), Some(0));
}

/// Bars, rates and P/Es in every form that can be imported.
fn files(folder: &Path) -> Vec<PathBuf> {
    let calendar = Calendar::new(&[]);
    let sessions = &calendar.between(day("2024-01-02"), day("2025-06-30"))[..80];
    let table = |header: &str, row: &dyn Fn(usize, Day) -> String| {
        let mut text = format!("{header}\n");
        sessions.iter().enumerate().for_each(|(i, day)| writeln!(text, "{day},{}", row(i, *day)).expect("text"));
        text
    };
    let close = |i: usize| 100.0 + (i % 13) as f64 / 7.0;
    let prices = |i: usize| format!("{0},{1},{2},{0}", close(i), close(i) + 1.0, close(i) - 1.0);
    let adjusted = |i: usize| close(i) * if i < 40 { 0.98 } else { 1.0 };
    let all = [
        (
            "bars/IWM.csv",
            table("date,open,high,low,close,volume,dividends,stock_splits", &|i, _| {
                format!(
                    "{},{},{},{}",
                    prices(i),
                    1e6 + i as f64,
                    if i == 9 { 0.1 + 0.2 } else { 0.0 },
                    if i == 50 { 2.0 } else { 0.0 }
                )
            }),
        ),
        (
            "bars/SPY.csv",
            table("date,open,high,low,close,adj_close,volume", &|i, _| format!("{},{},7", prices(i), adjusted(i))),
        ),
        (
            "bars/^RUT.csv",
            table("date,open,high,low,close,adj_close,volume", &|i, _| format!("{},{},0", prices(i), close(i))),
        ),
        ("bars/BRK-B.csv", table("date,open,high,low,close,volume", &|i, _| format!("{},", prices(i)))),
        (
            "rates/DGS2.csv",
            table("date,value", &|i, _| if i == 5 { ".".into() } else { format!("{}", -0.1 + i as f64 / 30.0) }),
        ),
        (
            "pe.csv",
            table("date,index,basis,value,source", &|i, _| format!("iwm,all-in,{},My Desk", 24.0 + i as f64 / 10.0)),
        ),
        (
            "positioning.csv",
            table(
                "report_date_as_yyyy_mm_dd,cftc_contract_market_code,futonly_or_combined,open_interest_all,\
                 asset_mgr_positions_long,asset_mgr_positions_short,lev_money_positions_long,lev_money_positions_short",
                &|i, _| format!("239742,FutOnly,{},300,200,90,150", 1000 + i),
            ),
        ),
    ];
    let write = |(name, text): &(&str, String)| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    };
    all.iter().map(write).collect()
}

#[test]
fn what_is_exported_is_imported_as_it_was() {
    let desk = Desk::new();
    let paths = files(&desk.path("files"));
    let mut arguments = vec!["import"];
    arguments.extend(paths.iter().map(|path| path.to_str().expect("a path")));
    let (code, _, err) = desk.said(&arguments);
    assert_eq!(code, Some(0), "{err}");
    let before = desk.store().load().expect("loaded").shelf;
    let kinds = |shelf: &Shelf| shelf.values().map(|series| series.origin.dividends).collect::<Vec<_>>();
    for kind in [Dividends::Reported, Dividends::Implied, Dividends::Unknown] {
        assert!(kinds(&before).contains(&kind), "{kind:?}");
    }
    let (code, out, _) = desk.said(&["store", "export", "--output", "out"]);
    assert_eq!((code, out.lines().next()), (Some(0), Some("7 series written; they are read back with")));
    fs::remove_dir_all(desk.path("store")).expect("removed");
    let command: Vec<&str> = out.lines().nth(1).expect("a command").split(' ').skip(1).collect();
    let (code, _, err) = desk.said(&command);
    assert_eq!(code, Some(0), "{err}");
    let after = desk.store().load().expect("loaded").shelf;
    let hashes = |shelf: &Shelf| shelf.iter().map(|(id, series)| (id.clone(), series.hash.clone())).collect::<Vec<_>>();
    assert_eq!(hashes(&after), hashes(&before));
    assert_eq!(kinds(&after), kinds(&before));
}

#[test]
fn an_export_is_of_what_is_named_and_never_over_other_files() {
    let desk = Desk::filled(|_| ());
    let (code, ..) = desk.said(&["store", "export", "iwm", "rates/dgs2"]);
    assert_eq!(code, Some(0));
    assert!(desk.path("rotation-export/bars/IWM.csv").exists() && desk.path("rotation-export/rates/DGS2.csv").exists());
    assert_eq!(fs::read_dir(desk.path("rotation-export/bars")).expect("a folder").count(), 1);
    let (code, _, err) = desk.said(&["store", "export", "IWM"]);
    assert!(code == Some(2) && err.contains("is not empty"), "{err}");
    let (code, _, err) = desk.said(&["store", "export", "NOPE", "--output", "other"]);
    assert!(code == Some(2) && err.contains("`NOPE` is not stored"), "{err}");
    assert!(!desk.path("other").exists());
}

#[test]
fn a_store_is_cleared_when_that_is_said_and_of_its_own_files_alone() {
    let desk = Desk::filled(|_| ());
    let mine = ["store/bars/notes.txt", "store/bars/iwm.parquet", "store/mine.txt"].map(|name| desk.path(name));
    for path in &mine {
        fs::write(path, "mine").expect("written");
    }
    fs::write(desk.path("store/bars/KRE.parquet.damaged-1"), "x").expect("written");
    let (code, _, err) = desk.said(&["store", "clear"]);
    assert!(code == Some(2) && err.contains("--yes"), "nobody to ask: {err}");
    assert!(desk.path("store/bars/IWM.parquet").exists());
    let (code, out, _) = desk.said(&["store", "clear", "--yes"]);
    assert!(code == Some(0) && out.starts_with("removed "), "{out}");
    let mut left: Vec<_> =
        fs::read_dir(desk.path("store")).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
    left.sort();
    assert_eq!(left, ["bars", "lock", "mine.txt"]);
    assert!(mine.iter().all(|path| path.exists()) && !desk.path("store/bars/KRE.parquet.damaged-1").exists());
    assert_eq!(desk.said(&["store", "clear", "--yes"]).0, Some(0), "nothing left to clear");
}
