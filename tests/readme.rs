//! The README shows what the program prints.

use assert_cmd::Command;
use rotation::signals::SIGNALS;

const README: &str = include_str!("../README.md");

/// The block of code after the mark `<!-- name -->`, without its fence.
fn block(name: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("<!-- {name} -->\n```")).unwrap_or_else(|| panic!("no block `{name}`"));
    let (_, rest) = rest.split_once('\n').expect("a fence");
    rest.split_once("\n```").expect("the end of the block").0
}

fn rotation(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_clear().env("LANG", "C.UTF-8").env("COLUMNS", "80");
    let output = command.args(arguments).output().expect("a run");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_screen_is_what_the_demo_prints() {
    let command = block("screen").lines().next().expect("a command");
    let arguments: Vec<&str> = command.trim_start_matches("$ rotation ").split(' ').collect();
    let screen = format!("{command}\n{}", rotation(&arguments));
    // to refresh it: COLUMNS=80 and the command itself
    assert_eq!(block("screen"), screen.trim_end());
}

#[test]
fn every_signal_has_its_row() {
    for signal in SIGNALS {
        assert!(README.contains(&format!("| `{}` |", signal.id)), "{}", signal.id);
    }
}

#[test]
fn it_says_once_what_it_is_not() {
    assert_eq!(README.matches("investment advice").count(), 1);
}
