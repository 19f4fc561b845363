//! The program from outside: `rotation breadth`, and the universe of a verdict.

mod desk;

use std::fmt::Write as _;
use std::fs;

use desk::{Desk, day};
use rotation::bars::{Bar, Bars, Columns, Origin, Series, SeriesId};
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::universe::Member;
use serde_json::Value;

/// A folder with the bars of three members to 2026-06-30: `UP` and `DOWN` of 400 sessions, `NEW` of 10.
fn with_files(desk: Desk) -> Desk {
    fs::create_dir(desk.path("bars")).expect("a folder");
    for (symbol, bars) in members() {
        let mut text = "date,open,high,low,close,volume\n".to_owned();
        for i in 0..bars.len() {
            let Bar { day, open, high, low, close, volume, .. } = bars.row(i);
            writeln!(text, "{day},{open},{high},{low},{close},{volume}").expect("writing to a string");
        }
        fs::write(desk.path("bars").join(format!("{symbol}.csv")), text).expect("a file");
    }
    desk
}

/// The same with a store that holds the synthetic market and the members.
fn stored() -> Desk {
    with_files(Desk::filled(|shelf| {
        for (symbol, bars) in members() {
            let columns = Columns::Bars(bars);
            let origin =
                Origin { owner: "imported".into(), fetched_at: "2026-06-30T22:00:00Z".into(), ..Origin::default() };
            shelf.insert(SeriesId::bars(symbol), Series { origin, hash: columns.hash(), columns });
        }
    }))
}

/// Stores a list of all three.
fn list(desk: &Desk) {
    desk.list("2026-06-01", ["UP", "DOWN", "NEW"].map(Member::bare).into());
}

/// The last 400 sessions to 2026-06-30.
fn sessions() -> Vec<Day> {
    let calendar = Calendar::new(&[]);
    let all = calendar.between(day("2024-01-02"), day("2026-06-30"));
    all[all.len() - 400..].to_vec()
}

fn members() -> [(&'static str, Bars); 3] {
    let bars = |from: usize, close: fn(usize) -> f64| {
        let rows = sessions().into_iter().enumerate().skip(from).map(move |(t, day)| {
            let close = close(t);
            Bar { day, open: close, high: close, low: close, close, volume: 1e3, dividend: 0.0, split: 1.0 }
        });
        rows.collect::<Bars>()
    };
    [("UP", bars(0, |t| 100.0 + t as f64)), ("DOWN", bars(0, |t| 1000.0 - t as f64)), ("NEW", bars(390, |_| 20.0))]
}

#[test]
fn files_of_bars_are_counted_without_a_store() {
    let desk = with_files(Desk::new());
    let (code, text, notes) = desk.said(&["breadth", "--bars", "bars"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((code, lines.len()), (Some(0), 401));
    assert_eq!(
        lines[0],
        "date,members,above_20d,above_50d,above_100d,above_150d,above_200d,new_highs,new_lows,advancing,declining,\
         unchanged,ad_line,mcclellan,n_20d,n_50d,n_100d,n_150d,n_200d,n_252d,membership"
    );
    assert!(lines[1].ends_with(",2,,,,,,0,0,0,0,0,,,0,0,0,0,0,0,survivors"), "{}", lines[1]);
    assert_eq!(lines[400], "2026-06-30,3,0.5,0.5,0.5,0.5,0.5,1,1,1,1,1,0.0,0.0,2,2,2,2,2,2,survivors");
    assert!(notes.contains("survivors") && !desk.path("store").exists(), "{notes}");

    let (_, some, _) =
        desk.said(&["breadth", "--bars", "bars", "--from", "2026-06-20", "--to", "2026-06-23", "--quiet"]);
    assert_eq!(some.lines().skip(1).map(|line| &line[..10]).collect::<Vec<_>>(), ["2026-06-22", "2026-06-23"]);
    let (code, _, error) = desk.said(&["breadth", "--bars", "bars", "--from", "2026-06-20", "--to", "2026-06-19"]);
    let said = "error: `--from 2026-06-20` lies after `--to 2026-06-19`; give the earlier day first\n";
    assert_eq!((code, error.as_str()), (Some(2), said));
}

#[test]
fn members_without_bars_are_named_and_many_of_them_make_it_partial() {
    let desk = with_files(Desk::new());
    fs::write(desk.path("list.txt"), "# mine\nup\nDOWN\nNEW\nGONE\n").expect("a list");
    let (code, text, notes) = desk.said(&["breadth", "--bars", "bars", "--universe", "list.txt"]);
    assert_eq!((code, text.lines().count()), (Some(3), 401), "one of four is more than a fifth");
    assert!(notes.contains("warning: 1 of 4 members has no bars and counts nowhere: GONE\n"), "{notes}");
    fs::write(desk.path("list.txt"), "GONE\n").expect("a list");
    let (code, text, error) = desk.said(&["breadth", "--bars", "bars", "--universe", "list.txt"]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    let none = "error: none of 1 member has bars up to 2026-06-30: nothing can be counted; ";
    assert!(error.starts_with(&format!("{none}put their files (`SYMBOL.csv`) into `bars`\n  ")), "{error}");
    // and of those that the store lists
    desk.list("2026-06-30", vec![Member::bare("GONE")]);
    let (code, _, error) = desk.said(&["breadth"]);
    let next = "bring them in with `rotation import`, those of the Russell 2000 with `rotation fetch --universe iwm`";
    assert!(code == Some(1) && error.starts_with(&format!("{none}{next}\n  ")), "{error}");
    fs::write(desk.path("list.txt"), "../x\n").expect("a list");
    let (code, _, error) = desk.said(&["breadth", "--bars", "bars", "--universe", "list.txt"]);
    assert_eq!(code, Some(1));
    assert!(error.starts_with("error: cannot take the members from `list.txt`"), "{error}");
}

#[test]
fn rows_that_are_not_taken_are_counted_and_a_few_of_a_list_shown() {
    let desk = with_files(Desk::new());
    let up = fs::read_to_string(desk.path("bars/UP.csv")).expect("text");
    fs::write(desk.path("bars/UP.csv"), format!("{up}2026-06-29,1,2\n2026-06-30,-1,-1,-1,-1,1\n")).expect("a file");
    let (code, _, notes) = desk.said(&["breadth", "--bars", "bars"]);
    assert_eq!(code, Some(0), "{notes}");
    assert!(notes.contains("warning: 1 of 3 members has rows that are not taken, so many: UP (2)\n"), "{notes}");
    fs::write(desk.path("lists.csv"), "date,symbol\n2026-01-02,UP\n2026-06-31,X\n").expect("lists");
    let (_, _, notes) = desk.said(&["breadth", "--bars", "bars", "--universe", "lists.csv"]);
    for said in ["warning: 1 row of `lists.csv` is not taken: line 3: ", "warning: 1 of 1 member has rows that"] {
        assert!(notes.contains(said), "{notes}");
    }

    let bad = "2026-06-31,X\n".repeat(100);
    fs::write(desk.path("lists.csv"), format!("date,symbol\n2026-01-02,DOWN\n{bad}")).expect("lists");
    let (_, _, notes) = desk.said(&["breadth", "--bars", "bars", "--universe", "lists.csv"]);
    let said: Vec<&str> = notes.lines().filter(|line| line.contains("not taken")).collect();
    assert!(
        said.len() == 1 && said[0].starts_with("warning: 100 rows of `lists.csv` are not taken: line 3: "),
        "{notes}"
    );
    assert!(said[0].contains("line 5: ") && said[0].ends_with("; …"), "{notes}");
}

#[test]
fn what_sessions_are_counted_by_is_said_where_it_cannot_be_read() {
    let desk = stored();
    list(&desk);
    fs::write(desk.path("store/bars/SPY.parquet"), "SPY").expect("written");
    let (code, text, notes) = desk.said(&["breadth"]);
    assert_eq!((code, text.is_empty()), (Some(3), false), "{notes}");
    assert!(notes.contains("SPY.parquet` is damaged"), "{notes}");
}

#[test]
fn lists_by_day_count_a_member_while_it_is_listed() {
    let desk = with_files(Desk::new());
    let days = sessions();
    let list = format!("date,symbol\n{0},UP\n{0},DOWN\n{1},UP\n{2},UP\n{2},DOWN\n", days[100], days[200], days[300]);
    fs::write(desk.path("lists.csv"), list).expect("lists");
    let (code, text, notes) = desk.said(&["breadth", "--bars", "bars", "--universe", "lists.csv"]);
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!((code, rows.len(), notes.as_str()), (Some(0), 300, ""));
    let at = |t: usize| (rows[t - 100][0].to_owned(), rows[t - 100][1], rows[t - 100][20]);
    for (t, members) in [(100, "2"), (199, "2"), (200, "1"), (299, "1"), (300, "2"), (399, "2")] {
        assert_eq!(at(t), (days[t].to_string(), members, "dated"));
    }
    // its bars from before it was listed count in its windows
    assert_eq!((rows[0][14], rows[0][2]), ("2", "0.5"));
}

#[test]
fn damaged_and_impossible_members_count_nowhere_and_are_said() {
    let desk = stored();
    list(&desk);
    let whole = desk.said(&["breadth"]);
    assert_eq!(whole.0, Some(0), "{}", whole.2);
    let path = desk.path("store/bars/DOWN.parquet");
    let mut bytes = fs::read(&path).expect("a file");
    // every column of prices is hit, the closes too
    (0..bytes.len() - 4096).step_by(64).for_each(|at| bytes[at] ^= 0x10);
    fs::write(&path, bytes).expect("written");
    let (code, text, notes) = desk.said(&["breadth"]);
    assert_eq!(code, Some(3), "{notes}");
    assert!(notes.contains("DOWN.parquet` is damaged") && notes.contains("DOWN.parquet.damaged-1`"), "{notes}");
    assert!(text.lines().last().expect("a line").starts_with("2026-06-30,2,1.0,1.0,1.0,1.0,1.0,1,0,1,0,1,"), "{text}");
    let (code, again, notes) = desk.said(&["breadth"]);
    assert_eq!((code, again), (Some(3), text), "{notes}");
    assert!(notes.contains("DOWN.parquet` was damaged and is missing"), "{notes}");

    fs::write(desk.path("bars/UP.csv"), "date,open\n2026-06-30,1\n").expect("a file");
    let text = fs::read_to_string(desk.path("bars/DOWN.csv")).expect("text");
    let gap: Vec<&str> =
        text.lines().enumerate().filter(|(i, _)| !(50..350).contains(i)).map(|(_, line)| line).collect();
    fs::write(desk.path("bars/DOWN.csv"), gap.join("\n")).expect("a file");
    let (code, _, notes) = desk.said(&["breadth", "--bars", "bars"]);
    assert_eq!(code, Some(3));
    assert!(notes.contains("UP.csv` is not used") && notes.contains("DOWN (ticker reused?"), "{notes}");
}

#[test]
fn a_verdict_has_the_breadth_of_the_stored_members() {
    let desk = stored();
    let signal = |arguments: &[&str]| {
        let (code, text, notes) = desk.said(&[&["check", "--offline", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&text).expect("JSON");
        let signals = report["signals"].as_array().expect("signals");
        let signal = signals.iter().find(|signal| signal["id"] == "constituent-breadth").expect("the signal").clone();
        let input =
            report["inputs"].as_array().expect("inputs").iter().find(|input| input["id"] == "universe").cloned();
        (code, signal, input.expect("the input"), report["verdict"]["coverage"].clone(), notes)
    };
    let (code, none, input, coverage, _) = signal(&[]);
    assert_eq!(
        (code, &none["missing"], &input["state"]),
        (Some(0), &"not set up: universe never given".into(), &"absent".into())
    );
    assert_eq!(coverage, 1.0, "what is not set up is outside coverage");

    list(&desk);
    let (code, breadth, input, _, notes) = signal(&[]);
    assert_eq!((code, notes.as_str()), (Some(0), ""));
    assert!(
        desk.said(&["check", "--offline"]).1.starts_with("SYNTHETIC"),
        "whatever is synthetic is labelled, stored too"
    );
    assert!(desk.said(&["history", "--from", "2026-06-30"]).1.ends_with(",true\n"));
    assert_eq!(
        (&input["state"], &input["source"], &input["last"]),
        (&"ok".into(), &"imported".into(), &"2026-06-30".into())
    );
    let readings = &breadth["readings"];
    for (name, value) in [
        ("members", 3.0),
        ("listed", 3.0),
        ("n_200d", 2.0),
        ("above_200d", 0.5),
        ("new_highs", 1.0),
        ("unchanged", 1.0),
    ] {
        assert_eq!(readings[name], value, "{name}");
    }
    assert_eq!((&readings["membership"], &breadth["vote"]), (&"dated".into(), &0.into()));
    let (_, before, ..) = signal(&["--as-of", "2026-05-29"]);
    assert_eq!(before["readings"]["membership"], "survivors");
    assert!(before["summary"].as_str().expect("a summary").contains("2 of 3 members (survivors) counted: "));

    // a list that was asked for and is gone is no silence
    fs::write(desk.path("config.toml"), "[universe]\nfile = \"gone.csv\"\n").expect("settings");
    let (code, gone, input, _, notes) = signal(&["--config", "config.toml"]);
    assert_eq!((code, &input["state"], &gone["vote"]), (Some(3), &"missing".into(), &Value::Null));
    assert!(notes.contains("cannot take the members from `/") && notes.contains("/gone.csv`"), "{notes}");
}

#[test]
fn members_whose_bars_are_old_are_brought_in_by_a_command_that_there_is() {
    let desk = stored();
    list(&desk);
    let (_, _, notes) = desk.said(&["check", "--offline", "--now", "2026-07-02T18:00:00-04:00"]);
    let stale = notes.lines().find(|line| line.contains("universe is stale")).expect("a warning");
    assert!(stale.contains("`rotation fetch --universe iwm`"), "{stale}");
    let (code, _, error) = desk.said(&["fetch", "universe"]);
    assert_eq!((code, error.contains("`rotation fetch --universe iwm`")), (Some(2), true), "{error}");
}

#[test]
fn a_store_without_a_list_says_what_to_do() {
    let desk = with_files(Desk::new());
    let (code, text, error) = desk.said(&["breadth"]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(error.contains("lists no members: name them with `--universe FILE`"), "{error}");
}

#[test]
fn the_demo_is_labelled_and_threads_change_no_byte() {
    let desk = with_files(Desk::new());
    let (code, text, notes) = desk.said(&["breadth", "--demo", "--format", "ndjson"]);
    assert_eq!((code, notes.as_str()), (Some(0), "SYNTHETIC DEMO DATA: no real market\n"));
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(row["membership"], "synthetic");
    }
    assert_eq!(desk.said(&["breadth", "--demo", "--format", "ndjson", "--threads", "1"]).1, text);
    assert_eq!(desk.said(&["breadth", "--demo", "--bars", "bars"]).0, Some(2));
}
