//! The program from outside: `rotation check` on the demo, on an empty store, and against a server
//! that plays the sources.

mod server;

use std::fs;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use server::upstream::Upstream;
use server::{answer, config_text};

/// The program, with nothing of this machine's environment but the path.
fn rotation() -> Command {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_clear().env("LANG", "C.UTF-8");
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {}", text(&output.stderr)))
}

fn demo(arguments: &[&str]) -> Output {
    let now = ["check", "--demo", "--now", "2026-06-30T18:00:00-04:00"];
    rotation().args(now).args(arguments).output().expect("a run")
}

#[test]
fn the_demo_needs_no_home_and_says_that_it_is_synthetic() {
    let table = demo(&[]);
    assert_eq!((table.status.code(), text(&table.stderr)), (Some(0), ""));
    assert!(text(&table.stdout).starts_with("SYNTHETIC DEMO DATA"));
    let report = json(&demo(&["--format", "json"]));
    assert_eq!((&report["synthetic"], &report["as_of"]), (&true.into(), &"2026-06-30".into()));
    assert!(text(&demo(&["--explain"]).stdout).contains("synthetic"));
    // a clock before the first session of the synthetic market makes nothing of it real
    let early = ["check", "--demo", "--now", "1995-01-03T18:00:00-05:00", "--format", "json"];
    assert_eq!(json(&rotation().args(early).output().expect("a run"))["synthetic"], true);
}

#[test]
fn the_demo_has_every_reading_and_the_names_of_the_contract() {
    let report = json(&demo(&["--format", "json"]));
    let keys: Vec<_> = report.as_object().expect("an object").keys().cloned().collect();
    for key in ["schema_version", "as_of", "synthetic", "verdict", "pillars", "signals", "rate_regime", "inputs"] {
        assert!(keys.iter().any(|known| known == key), "{key}");
    }
    for signal in report["signals"].as_array().expect("signals") {
        // usually there is no cycle to vote with
        let abstains = signal["id"] == "cycles" && signal["missing"] == "no significant cycle in IWM or SPY";
        assert!(abstains || signal["missing"].is_null() && signal["vote"].is_i64(), "{signal}");
    }
    assert_eq!(report["verdict"]["coverage"], 1.0);
}

#[test]
fn the_same_store_gives_the_same_bytes_whatever_the_zone_and_the_threads() {
    let first = demo(&["--format", "json"]).stdout;
    for (zone, threads) in [("Asia/Tokyo", "1"), ("Pacific/Kiritimati", "2"), ("America/New_York", "8")] {
        let mut command = rotation();
        command.env("TZ", zone).args(["check", "--demo", "--now", "2026-06-30T18:00:00-04:00", "--format", "json"]);
        assert_eq!(command.args(["--threads", threads]).output().expect("a run").stdout, first, "{zone}");
    }
}

#[test]
fn colour_is_a_terminals_or_asked_for() {
    assert!(!text(&demo(&[]).stdout).contains('\u{1b}'));
    assert!(text(&demo(&["--color", "always"]).stdout).contains('\u{1b}'));
}

#[test]
fn without_utf8_there_is_only_ascii() {
    let mut command = rotation();
    let output = command.env("LANG", "C").args(["check", "--demo"]).output().expect("a run");
    assert!(output.stdout.is_ascii());
}

#[test]
fn the_stage_decides_the_exit_code_where_that_is_asked_for() {
    for session in ["2026-06-30", "2025-06-30", "2024-06-28", "2023-06-30", "2022-06-30", "2021-06-30"] {
        let report = demo(&["--exit-code", "--format", "json", "--as-of", session]);
        let expected = match json(&report)["verdict"]["stage"].as_str().expect("a stage") {
            "early" | "confirmed" => 0,
            "setup" => 10,
            "none" | "fading" => 20,
            stage => panic!("{stage}"),
        };
        assert_eq!(report.status.code(), Some(expected), "{session}");
    }
}

#[test]
fn a_day_without_a_session_means_the_one_before_and_a_later_one_is_refused() {
    assert_eq!(json(&demo(&["--format", "json", "--as-of", "2026-06-28"]))["as_of"], "2026-06-26");
    let later = demo(&["--as-of", "2026-07-01"]);
    assert_eq!((later.status.code(), text(&later.stdout)), (Some(2), ""));
    assert!(text(&later.stderr).contains("last finished session, 2026-06-30"));
}

#[test]
fn an_output_file_is_written_whole_and_nothing_goes_to_stdout() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("verdict.json");
    let output = demo(&["--format", "json", "--output", path.to_str().expect("a path")]);
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(fs::read(&path).expect("a file"), demo(&["--format", "json"]).stdout);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[cfg(unix)]
#[test]
fn an_output_that_is_a_link_is_written_through_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let [link, page] = ["link", "page"].map(|name| folder.path().join(name));
    fs::write(&page, "old").expect("written");
    std::os::unix::fs::symlink("page", &link).expect("a link");
    assert!(demo(&["--format", "line", "--output", link.to_str().expect("a path")]).status.success());
    assert!(link.is_symlink() && fs::read_to_string(&page).expect("text").contains("SYNTHETIC"));
    // to what is not there yet, and to itself
    let told = |to: &str| demo(&["--format", "line", "--output", folder.path().join(to).to_str().expect("a path")]);
    for (name, to) in [("early", "later"), ("round", "round"), ("far", "none/page")] {
        std::os::unix::fs::symlink(to, folder.path().join(name)).expect("a link");
    }
    assert!(told("early").status.success() && folder.path().join("later").is_file());
    assert!(["round", "far"].iter().all(|name| told(name).status.code() == Some(1)));
    assert!(["early", "round", "far"].iter().all(|name| folder.path().join(name).is_symlink()));
}

#[test]
fn an_output_that_is_the_standard_one_goes_the_same_way() {
    for to in ["-", "/dev/stdout"] {
        assert!(text(&demo(&["--format", "line", "--output", to]).stdout).contains("SYNTHETIC"), "{to}");
    }
}

#[test]
fn a_signal_that_does_not_exist_is_a_usage_error_that_names_those_that_do() {
    let output = demo(&["--explain", "astrology"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("relative-strength"));
}

#[test]
fn with_no_store_the_way_out_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = rotation().args(["check", "--offline", "--store"]).arg(folder.path().join("none")).output();
    let output = output.expect("a run");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), ""));
    for way in ["rotation fetch", "rotation import", "check --demo"] {
        assert!(text(&output.stderr).contains(way), "{way}");
    }
    assert!(!folder.path().join("none").exists(), "nothing is made");
}

/// A store and a configuration whose sources are `upstream`.
struct Desk {
    folder: tempfile::TempDir,
    upstream: Upstream,
}

impl Desk {
    fn new() -> Self {
        let day = |text: &str| text.parse().expect("a day");
        let upstream = Upstream::start(day("2023-01-03"), day("2025-09-24"));
        let folder = tempfile::tempdir().expect("a folder");
        let text = config_text(&upstream.server.url(), &["yahoo"], &["fredgraph"]);
        fs::write(folder.path().join("c.toml"), text).expect("written");
        Self { folder, upstream }
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("store")
    }

    fn run(&self, now: &str, arguments: &[&str]) -> Output {
        let mut command = rotation();
        command.args(arguments).args(["--now", now]).arg("--store").arg(self.store());
        command.arg("--config").arg(self.folder.path().join("c.toml")).output().expect("a run")
    }

    fn check(&self, now: &str) -> Output {
        self.run(now, &["check", "--format", "json"])
    }
}

const EVENING: &str = "2025-09-24T18:00:00-04:00";

#[test]
fn the_first_check_fetches_all_the_second_nothing_the_next_sessions_the_tail() {
    let desk = Desk::new();
    let first = desk.check(EVENING);
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert!(desk.upstream.asked().len() >= 20);
    let again = desk.check(EVENING);
    assert_eq!((desk.upstream.asked().len(), &again.stdout), (0, &first.stdout));
    desk.upstream.market().until = "2025-09-25".parse().expect("a day");
    let next = desk.check("2025-09-25T18:00:00-04:00");
    assert_eq!(json(&next)["as_of"], "2025-09-25");
    let log = desk.upstream.server.take_log();
    let starts: Vec<i64> = log.iter().filter_map(|request| request.query.get("period1")?.parse().ok()).collect();
    // no more than two weeks before the session in question
    assert!(!starts.is_empty() && starts.iter().all(|&start| start > 1_757_500_000), "{starts:?}");
}

#[test]
fn one_series_that_fails_leaves_the_others_and_is_named() {
    let desk = Desk::new();
    desk.upstream.market().instead.insert("KRE".into(), answer(403, &[], "no"));
    let output = desk.check(EVENING);
    let report = json(&output);
    let banks = report["signals"].as_array().expect("signals").iter().find(|one| one["id"] == "regional-banks");
    let banks = banks.expect("the banks");
    assert_eq!(banks["vote"], Value::Null);
    assert!(banks["missing"].as_str().expect("a reason").contains("KRE"));
    assert_ne!(report["verdict"]["stage"], "unknown");
    assert!(text(&output.stderr).contains("KRE"));
    let codes = report["warnings"].as_array().expect("warnings");
    assert!(codes.iter().any(|warning| warning["input"] == "KRE"));
}
