//! The track record and the history, as the program gives them on the synthetic market.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use rotation::signals::SIGNALS;
use serde_json::Value;

const NOW: [&str; 2] = ["--now", "2026-06-30T18:00:00-04:00"];

/// What a run with the synthetic market prints.
fn run(arguments: &[&str]) -> String {
    run_at("80", arguments)
}

/// The same on a page of so many columns.
fn run_at(columns: &str, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_clear().env("LANG", "C.UTF-8").env("COLUMNS", columns);
    let output = command.args(arguments).arg("--demo").args(NOW).output().expect("a run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments)).expect("JSON")
}

#[test]
fn history_has_a_line_a_session_and_says_the_same_in_both_formats() {
    let csv = run(&["history", "--from", "2024-01-01", "--to", "2026-06-30"]);
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    assert_eq!(header[..5], ["date", "stage", "candidate", "score", "coverage"]);
    assert_eq!(header.len(), 5 + 4 + SIGNALS.len() + 1);
    let curve = header.iter().position(|name| *name == "curve").expect("a column");
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let ndjson = run(&["history", "--from", "2024-01-01", "--format", "ndjson"]);
    let objects: Vec<Value> = ndjson.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((rows.len(), objects.len(), rows[0][0], rows[624][0]), (625, 625, "2024-01-02", "2026-06-30"));
    for (row, object) in rows.iter().zip(&objects) {
        assert_eq!((object["date"].as_str(), object["stage"].as_str()), (Some(row[0]), Some(row[1])));
        assert_eq!(object["score"].as_f64(), row[3].parse().ok(), "{}", row[0]);
        assert_eq!(object["pillars"]["fuel"].as_f64(), row[8].parse().ok(), "{}", row[0]);
        assert_eq!(object["votes"]["curve"].as_i64(), row[curve].parse().ok(), "{}", row[0]);
        assert_eq!((object["synthetic"].as_bool(), row[header.len() - 1]), (Some(true), "true"));
    }
}

#[test]
fn the_last_line_of_history_is_the_verdict_of_check() {
    let history = run(&["history", "--from", "2026-06-30", "--format", "ndjson"]);
    let last: Value = serde_json::from_str(&history).expect("JSON");
    let check = json(&["check", "--format", "json"]);
    assert_eq!(last["stage"], check["verdict"]["stage"]);
    assert_eq!(last["score"], check["verdict"]["score"]);
    for signal in check["signals"].as_array().expect("signals") {
        assert_eq!(last["votes"][signal["id"].as_str().expect("an id")], signal["vote"], "{}", signal["id"]);
    }
}

#[test]
fn spells_join_and_agree_with_the_sessions() {
    let csv = run(&["history", "--spells"]);
    let spells: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let history = run(&["history"]);
    let sessions: Vec<Vec<&str>> = history.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let mut t = 0;
    for spell in &spells {
        let length: usize = spell[3].parse().expect("a number");
        assert_eq!((sessions[t][0], sessions[t + length - 1][0]), (spell[1], spell[2]));
        assert!(sessions[t..t + length].iter().all(|session| session[1] == spell[0]));
        t += length;
    }
    assert_eq!((t, spells.last().expect("a spell")[4]), (sessions.len(), "true"));
}

#[test]
fn dates_the_wrong_way_round_are_a_usage_error() {
    let dates = ["--from", "2024-02-01", "--to", "2024-01-01"];
    for command in [&["history", "--demo"][..], &["breadth", "--demo"], &["journal", "--store", "/nonexistent"]] {
        refused(&[command, &dates].concat());
    }
}

#[test]
fn cuts_that_are_given_count_up_to_the_session_looked_back_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cuts.csv").into_os_string().into_string().expect("UTF-8");
    let events = |rows: &str| {
        std::fs::write(&path, format!("date\n{rows}")).expect("written");
        let mut command = Command::cargo_bin("rotation").expect("the program");
        let asked = ["evidence", "events", "--demo", "--as-of", "2020-01-02", "--format", "json", "--dates", &path];
        let output = command.env_clear().args(asked).args(NOW).output().expect("a run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (String::from_utf8(output.stdout).expect("UTF-8"), said)
    };
    let (known, said) = events("2019-01-02\n2020-01-02\n");
    assert!(known.contains("2020-01-02") && said.is_empty(), "{said}");
    let (later, said) = events("2019-01-02\n2020-01-02\n2020-01-03\n2030-01-01\n");
    assert_eq!(later, known);
    let why = "2 cuts from 2020-01-03 on are left out, after the session that this is for, 2020-01-02";
    assert_eq!(said, format!("note: `{path}`: {why}\n"));
    assert!(events("2019-01-02\n2030-01-01\n").1.contains("a cut of 2030-01-01 is left out"));
}

#[test]
fn where_no_cut_is_left_the_refusal_says_which_were_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cuts.csv");
    std::fs::write(&path, "date\n2030-01-01\n").expect("written");
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_clear().args(["evidence", "events", "--demo", "--as-of", "2000-02-01", "--dates"]).arg(&path);
    let output = command.args(NOW).output().expect("a run");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("no cut of the policy rate is known: "), "{said}");
    let (file, day) = (path.display(), "2000-02-01");
    let why = format!("; `{file}`: a cut of 2030-01-01 is left out, after the session that this is for, {day}; ");
    assert!(said.contains(&why) && said.contains(&format!("a file of cuts up to {day} with `--dates`")), "{said}");
}

#[test]
fn rows_of_the_record_are_no_part_of_what_is_beneath_it() {
    refused(&["evidence", "--only", "stage", "events", "--demo"]);
}

/// Holds that a request makes no sense to the program.
fn refused(arguments: &[&str]) {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    let output = command.env_clear().args(arguments).output().expect("a run");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
}

/// The figures under the verdict are those of the record, and the record's of the history.
#[test]
fn the_record_of_the_stage_is_the_same_everywhere() {
    let record = json(&["evidence", "--only", "stage", "--format", "json"]);
    assert_eq!(record["synthetic"], true);
    let check = json(&["check", "--format", "json"]);
    let rows = record["scorecard"]["groups"][0]["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["value"] == check["verdict"]["stage"]).expect("the stage of today");
    assert!(row["share"].is_f64() && row["share"] == check["evidence"]["share"], "{}", row["share"]);
    let [all, some] = [&row["horizons"], &check["evidence"]["horizons"]].map(|list| list.as_array().expect("horizons"));
    let sessions: Vec<&Value> = some.iter().map(|one| &one["sessions"]).collect();
    assert_eq!((sessions, all.len()), (vec![&21.into(), &63.into(), &126.into(), &252.into()], some.len()));
    for (one, other) in all.iter().zip(some) {
        assert!(other["n"].as_u64() > Some(0) && other["mean"].is_f64(), "{other}");
        for (name, figure) in other.as_object().expect("an object") {
            assert_eq!(&one[name], figure, "{name} after {}", one["sessions"]);
        }
    }
    let history = run(&["history"]);
    let inside = history.lines().filter(|line| line.split(',').nth(1) == row["value"].as_str()).count();
    assert_eq!(row["sessions"], inside);
}

#[test]
fn threads_change_no_byte_of_the_record() {
    let [one, two] =
        ["1", "2"].map(|threads| run(&["evidence", "--only", "score", "--format", "json", "--threads", threads]));
    assert_eq!(one, two);
    assert!(one.contains("bootstrap_interval"));
}

#[test]
fn the_record_at_80_columns() {
    let text = run(&["evidence", "--only", "stage"]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!("evidence_80", text);
}

#[test]
fn an_early_record_says_where_it_has_no_figures() {
    let text = run(&["evidence", "--as-of", "2000-06-30"]);
    for said in ["stages: none with an outcome yet", "cut with hindsight: none with an outcome yet", "63, –, –"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("NaN"), "{text}");
    let one = run(&["evidence", "--only", "signal", "--as-of", "2001-03-12"]);
    assert!(one.contains("1 row and horizon has a t. "), "{one}");
}

#[test]
fn cuts_are_explained_as_far_as_they_are_shown() {
    let dates = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one_cut.csv");
    fs::write(&dates, "date,class\n2004-03-02,first-cut\n").expect("written");
    let given: [&str; 4] = ["evidence", "events", "--dates", dates.to_str().expect("a path")];
    assert!(run_at("120", &given).contains("given: from the file of dates"));
    assert!(!run_at("60", &given).contains("given"), "there is no room for the mark");
    assert!(!run_at("120", &["evidence", "events"]).contains("given"), "no file was named");
}

#[test]
fn the_audit_takes_in_the_members_of_the_index() {
    let audit = json(&["evidence", "audit", "--cuts", "2", "--format", "json"]);
    for none in ["silent", "differences"] {
        assert_eq!(audit[none].as_array().map(Vec::len), Some(0), "{}", audit[none]);
    }
}

#[test]
fn every_screen_keeps_within_its_page() {
    const AUDIT: &[&str] = &["evidence", "audit", "--cuts", "1"];
    // the last day looked back from is an early one: less is measured, and as wide
    const SCORE: &[&str] = &["evidence", "--only", "score", "--as-of", "2003-06-30"];
    const SIGNAL: &[&str] = &["evidence", "--only", "signal", "--as-of", "2003-06-30"];
    let quick: [&[&str]; 2] = [&["evidence", "events"], &["evidence", "claims"]];
    let pages = ["40", "59", "60", "79", "80", "118"].iter().flat_map(|width| quick.map(|screen| (*width, screen)));
    for (width, screen) in pages.chain([("40", AUDIT), ("80", AUDIT), ("40", SCORE), ("79", SIGNAL)]) {
        let text = run_at(width, screen);
        let longest = text.lines().map(|line| line.chars().count()).max().expect("lines");
        assert!(longest <= width.parse().expect("a number"), "{screen:?} at {width}:\n{text}");
        assert!(
            screen != AUDIT || text.contains("cut at 1 random session") && !text.contains("random sessions"),
            "{text}"
        );
    }
}
