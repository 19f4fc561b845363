//! The program from outside: the verdicts it gave, and what changed between them.

mod desk;

use std::fs;
use std::process::Output;
use std::sync::LazyLock;

use desk::{Desk, text};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::demo;
use rotation::series::Market;
use rotation::signals::SIGNALS;
use serde_json::Value;

/// The last session of that market.
const LAST: &str = "2026-06-30";

/// Three sessions: between the first two no vote changes, between the last two some do.
static SESSIONS: LazyLock<[String; 3]> = LazyLock::new(|| {
    let calendar = Calendar::new(&[]);
    let last: Day = LAST.parse().expect("a date");
    let market = Market::build(&demo::market(&calendar, last), calendar, Settings::default(), last);
    let tracks: Vec<_> = SIGNALS.iter().map(|signal| (signal.track)(&market)).collect();
    let votes =
        |t: usize| -> Vec<_> { tracks.iter().map(|track| track.as_ref().map(|track| track.votes[t])).collect() };
    let end = market.last();
    let later = (0..end).rev().find(|&t| votes(t) != votes(end)).expect("a change");
    let quiet = (1..later).rev().find(|&t| votes(t) == votes(t - 1) && votes(t) != votes(end)).expect("a quiet day");
    [quiet - 1, quiet, end].map(|t| market.sessions[t].to_string())
});

/// A store with that market.
fn filled() -> Desk {
    Desk::filled(|_| ())
}

impl Desk {
    fn journal(&self) -> String {
        fs::read_to_string(self.path("store/journal.ndjson")).unwrap_or_default()
    }

    /// A run by the machine's clock, on a page of 100 columns.
    fn listed(&self, arguments: &[&str]) -> Output {
        self.command(arguments).env("COLUMNS", "100").output().expect("a run")
    }

    /// `check` of the store on the evening of a session.
    fn check(&self, session: &str, more: &[&str]) -> Output {
        let now = format!("{session}T18:00:00-04:00");
        self.listed(&[&["check", "--offline", "--now", &now], more].concat())
    }

    fn json(&self, session: &str) -> Value {
        serde_json::from_slice(&self.check(session, &["--format", "json"]).stdout).expect("JSON")
    }
}

#[test]
fn a_live_verdict_is_noted_once_and_no_other_is() {
    let desk = filled();
    desk.check(&SESSIONS[2], &["--as-of", &SESSIONS[0]]);
    desk.check(&SESSIONS[2], &["--demo"]);
    desk.check(&SESSIONS[2], &["--explain", "credit"]);
    assert_eq!(desk.check(&SESSIONS[2], &["--format", "none"]).status.code(), Some(2));
    let lost = desk.folder.path().join("no/such/folder.json");
    assert_eq!(desk.check(&SESSIONS[2], &["--output", lost.to_str().expect("a path")]).status.code(), Some(1));
    assert_eq!(desk.journal(), "");
    for _ in 0..3 {
        assert_eq!(desk.check(&SESSIONS[2], &[]).status.code(), Some(0));
    }
    let line: Value = serde_json::from_str(&desk.journal()).expect("one line");
    let report = desk.json(&SESSIONS[2]);
    assert_eq!(
        (&line["session"], &line["stage"], &line["score"]),
        (&SESSIONS[2].as_str().into(), &report["verdict"]["stage"], &report["verdict"]["score"])
    );
    for signal in report["signals"].as_array().expect("signals") {
        assert_eq!(line["votes"][signal["id"].as_str().expect("a name")], signal["vote"]);
    }
    assert_eq!(line["written_at"], "2026-06-30T22:00:00Z");
}

#[test]
fn a_verdict_that_was_not_shown_is_not_noted() {
    let desk = filled();
    let program = assert_cmd::cargo::cargo_bin("rotation");
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let mut command = std::process::Command::new(program);
    command
        .env_clear()
        .args(["check", "--offline", "--now", "2026-06-30T18:00:00-04:00", "--store"])
        .arg(desk.path("store"));
    assert_eq!(command.stdout(full).status().expect("a run").code(), Some(1));
    assert_eq!(desk.journal(), "");
}

#[test]
fn the_report_says_what_changed_since_the_verdict_before() {
    let desk = filled();
    assert_eq!(desk.json(&SESSIONS[0])["change"], Value::Null);
    let same = &desk.json(&SESSIONS[1])["change"];
    assert_eq!(
        (&same["session"], &same["stage"], &same["votes"]),
        (&SESSIONS[0].as_str().into(), &Value::Null, &Value::Array(vec![]))
    );
    let first = desk.check(&SESSIONS[2], &["--format", "json"]).stdout;
    let change = &serde_json::from_slice::<Value>(&first).expect("JSON")["change"];
    assert_eq!(change["session"], SESSIONS[1].as_str());
    let votes = |session: &str| -> Vec<(String, Value)> {
        let report = desk.json(session);
        let signals = report["signals"].as_array().expect("signals").iter();
        signals.map(|row| (row["id"].as_str().expect("a name").to_owned(), row["vote"].clone())).collect()
    };
    let mut moved: Vec<Value> = votes(&SESSIONS[1])
        .into_iter()
        .zip(votes(&SESSIONS[2]))
        .filter(|((_, from), (_, to))| from != to)
        .map(|((id, from), (_, to))| serde_json::json!({ "signal": id, "from": from, "to": to }))
        .collect();
    moved.sort_by_key(|step| step["signal"].to_string());
    assert!(!moved.is_empty());
    assert_eq!(change["votes"], Value::Array(moved));
    assert_eq!(desk.check(&SESSIONS[2], &["--format", "json"]).stdout, first, "its own line changes nothing");
    let table = desk.check(&SESSIONS[2], &[]);
    assert!(text(&table.stdout).contains(&format!("change     since the verdict of {}", &SESSIONS[1])));
}

#[test]
fn only_changes_is_silent_while_nothing_changes() {
    let desk = filled();
    let shown = |session: &str| {
        let output = desk.check(session, &["--only-changes"]);
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout).to_owned()
    };
    assert!(shown(&SESSIONS[0]).contains("ROTATION"), "nothing to compare with: the whole verdict");
    assert_eq!(shown(&SESSIONS[1]), "");
    assert!(shown(&SESSIONS[2]).contains(&format!("since the verdict of {}", SESSIONS[1])));
    assert_eq!(desk.journal().lines().count(), 3, "a silent verdict is noted too");
    let quiet = desk.folder.path().join("out.json");
    desk.check(&SESSIONS[1], &["--only-changes", "--output", quiet.to_str().expect("a path")]);
    assert!(!quiet.exists());
}

#[test]
fn other_settings_are_not_compared() {
    let desk = filled();
    desk.check(&SESSIONS[0], &[]);
    let config = desk.folder.path().join("c.toml");
    fs::write(&config, "[bands]\ncurve = 0.06\n").expect("written");
    let output = desk.check(&SESSIONS[1], &["--format", "json", "--config", config.to_str().expect("a path")]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).expect("JSON")["change"], Value::Null);
    assert!(text(&desk.listed(&["journal"]).stdout).contains("other settings"));
}

#[test]
fn the_journal_is_listed_and_two_days_are_compared() {
    let desk = filled();
    let empty = desk.listed(&["journal"]);
    assert!(text(&empty.stdout).contains("has no such verdict") && empty.status.success());
    for session in SESSIONS.iter() {
        desk.check(session, &[]);
    }
    let list = desk.listed(&["journal"]);
    let rows: Vec<&str> = text(&list.stdout).lines().filter(|line| line.starts_with("2026-")).collect();
    assert_eq!(rows.iter().map(|row| &row[..10]).collect::<Vec<_>>(), SESSIONS.each_ref().map(String::as_str));
    assert_eq!(text(&desk.listed(&["journal", "--format", "ndjson"]).stdout), desk.journal());
    let some = desk.listed(&["journal", "--from", &SESSIONS[1], "--to", &SESSIONS[1], "--format", "ndjson"]);
    assert_eq!(text(&some.stdout), desk.journal().lines().nth(1).expect("a line").to_owned() + "\n");
    // a day without a verdict means the one before
    let differ = desk.listed(&["journal", "--diff", &SESSIONS[1], "2026-07-03"]);
    let head = format!("from {} to {LAST}\nscore ", SESSIONS[1]);
    assert!(text(&differ.stdout).starts_with(&head), "{}", text(&differ.stdout));
    let none = desk.listed(&["journal", "--diff", "2020-01-02", &SESSIONS[2]]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("no verdict up to 2020-01-02; `rotation journal` lists"));
}

#[test]
fn a_torn_line_is_passed_over_and_nothing_of_it_is_removed() {
    let desk = filled();
    desk.check(&SESSIONS[0], &[]);
    let path = desk.path("store/journal.ndjson");
    let whole = desk.journal();
    fs::write(&path, format!("{whole}{}", &whole[..whole.len() / 2])).expect("written");
    assert_eq!(desk.json(&SESSIONS[1])["change"]["session"], SESSIONS[0].as_str());
    let lines: Vec<String> = desk.journal().lines().map(str::to_owned).collect();
    assert_eq!((lines.len(), &lines[1]), (3, &whole[..whole.len() / 2].to_owned()));
    let list = desk.listed(&["journal", "--format", "ndjson"]);
    assert_eq!(text(&list.stdout).lines().count(), 2);
    assert!(text(&list.stderr).contains("1 line of the journal holds no verdict and is not shown"));
}

#[test]
fn a_journal_that_cannot_be_written_is_said_and_costs_no_verdict() {
    let desk = filled();
    fs::create_dir(desk.path("store/journal.ndjson")).expect("a folder in its place");
    let output = desk.check(&SESSIONS[2], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("ROTATION"));
    let said = text(&output.stderr);
    assert!(said.contains("what changed since the last run is not known"), "{said}");
    assert!(said.contains("warning: this verdict is not in the journal: cannot read"), "{said}");
}
