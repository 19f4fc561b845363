//! The README shows what the program prints.

use assert_cmd::Command;
use rotation::signals::SIGNALS;

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
