//! The README shows what the program prints.

use std::io::Write as _;
use std::process;

use assert_cmd::Command;
use clap::CommandFactory as _;
use clap::error::ErrorKind;
use rotation::cli::Cli;
use rotation::signals::SIGNALS;
use serde_json::Value;

const README: &str = include_str!("../README.md");

fn rotation(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_clear().env("LANG", "C.UTF-8").env("COLUMNS", "80");
    let output = command.args(arguments).output().expect("a run");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A readme whose screens show what the program prints now.
fn refreshed() -> String {
    let mut parts = README.split("<!-- screen -->\n```console\n");
    let mut out = parts.next().expect("a beginning").to_owned();
    for part in parts {
        let (command, _) = part.split_once('\n').expect("a command");
        let (_, rest) = part.split_once("\n```").expect("the end of the screen");
        let arguments: Vec<&str> = command.trim_start_matches("$ rotation ").split(' ').collect();
        let screen = rotation(&arguments);
        out.extend(["<!-- screen -->\n```console\n", command, "\n", screen.trim_end(), "\n```", rest]);
    }
    out
}

#[test]
fn the_screens_are_what_the_program_prints() {
    let refreshed = refreshed();
    // `README_WRITE=1 cargo test --test readme` takes what is printed now
    if option_env!("README_WRITE").is_some() {
        std::fs::write("README.md", refreshed).expect("written");
        return;
    }
    assert!(README.matches("<!-- screen -->").count() >= 2);
    assert_eq!(README, refreshed);
}

/// Every `rotation …` that a reader may type: in blocks and in the text, up to what the shell takes for itself.
fn commands() -> Vec<Vec<&'static str>> {
    let begins = |at| ["`", "\n", "/", "(", "$ ", "&& "].iter().any(|before| README[..at].ends_with(before));
    let ends = |word: &&str| !["|", ">", "&&", "#"].contains(word);
    let found = README.match_indices("rotation ").filter(|(at, _)| begins(*at)).map(|(at, _)| &README[at..]);
    let line = |text: &'static str| text.split(['\n', '`', ')']).next().unwrap_or_default();
    found.map(|text| line(text).split_whitespace().take_while(ends).collect()).collect()
}

#[test]
fn every_command_is_understood() {
    let commands = commands();
    assert!(commands.len() >= 40, "{commands:?}");
    for words in commands {
        if let Err(error) = Cli::command().try_get_matches_from(&words) {
            // a command by its mere name is spoken of, not to be typed
            let spoken = words.len() == 2 && error.kind() == ErrorKind::MissingRequiredArgument;
            assert!(spoken, "{words:?}: {error}");
        }
    }
}

/// Runs a line of shell with `$subject` in its environment; its stdout.
fn shell(line: &str) -> String {
    let output =
        process::Command::new("sh").args(["-c", line]).env("subject", "it's \"new\"").output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn recipes_with_jq_say_what_they_promise() {
    if process::Command::new("jq").arg("--version").output().is_err() {
        return drop(writeln!(std::io::stderr(), "skipped: there is no jq here"));
    }
    let program = assert_cmd::cargo::cargo_bin("rotation");
    let check = "rotation check --format json";
    let demo = format!("'{}' check --demo --now 2026-06-30T18:00:00-04:00 --format json", program.display());
    let report: Value = serde_json::from_str(&shell(&demo)).expect("JSON");
    let said: Vec<String> = README
        .lines()
        .filter(|line| line.starts_with(check) && line.contains("| jq "))
        .map(|line| shell(&line.replace(check, &demo)))
        .collect();
    let [verdict, signals, inputs] = &said[..] else { panic!("{said:?}") };
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let [stage, since, score] = ["stage", "since", "score"].map(|name| word(&report["verdict"][name]));
    assert_eq!(*verdict, format!("{stage} since {since}, score {score}\n"));
    for (line, signal) in signals.lines().zip(report["signals"].as_array().expect("signals")) {
        let start = format!("{}\t{}\t", word(&signal["id"]), word(&signal["vote"]).replace("null", ""));
        assert!(line.starts_with(&start), "{line}, not {start}");
    }
    assert_eq!(signals.lines().count(), SIGNALS.len());
    let lacking = report["inputs"].as_array().expect("inputs").iter().filter(|input| input["state"] != "ok");
    let lacking: Vec<String> = lacking.map(|input| word(&input["id"])).collect();
    assert_eq!(inputs.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect::<Vec<_>>(), lacking);
    // what is posted to a chat, without the posting
    let post = README.lines().find(|line| line.starts_with("jq -n ")).expect("a line");
    let body: Value = serde_json::from_str(&shell(post.split(" | curl").next().expect("a part"))).expect("JSON");
    assert_eq!(body, serde_json::json!({ "text": "it's \"new\"" }));
}

#[test]
fn every_signal_has_its_row() {
    for signal in SIGNALS {
        assert!(README.contains(&format!("| `{}` |", signal.id)), "{}", signal.id);
    }
}

#[test]
fn the_picture_is_there_and_small() {
    let size = std::fs::metadata("fixtures/report.png").expect("a picture").len();
    assert!(README.contains("(fixtures/report.png)") && size < 200_000, "{size} bytes");
}

#[test]
fn it_says_once_what_it_is_not() {
    assert_eq!(README.matches("investment advice").count(), 1);
}
