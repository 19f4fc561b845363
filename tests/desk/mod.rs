//! A folder with a store, and the program run in it: where commands that ask no source are tested.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;
use rotation::bars::Shelf;
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::demo;
use rotation::store::Store;
use rotation::universe::{Member, Snapshot};
use tempfile::TempDir;

/// The evening of the synthetic market's last session.
pub const NOW: &str = "2026-06-30T18:00:00-04:00";

/// A folder with a store in it.
pub struct Desk {
    pub folder: TempDir,
}

impl Desk {
    /// Nothing is stored yet.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// The synthetic market is stored, changed so.
    pub fn filled(change: impl FnOnce(&mut Shelf)) -> Self {
        let desk = Self::new();
        let mut shelf = demo::market(&Calendar::new(&[]), day("2026-06-30"));
        change(&mut shelf);
        put(&desk.store(), &shelf);
        desk
    }

    /// Stores a list of the members of `MINE`.
    pub fn list(&self, on: &str, members: Vec<Member>) {
        let fetched_at = "2026-06-30T22:00:00Z".into();
        let snapshot = Snapshot { day: day(on), source: "imported".into(), fetched_at, members };
        let mut writer = self.store().lock(Duration::from_secs(10)).expect("the lock");
        assert!(writer.put_snapshot("MINE", &snapshot).expect("stored"));
        writer.finish().expect("synced");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn store(&self) -> Store {
        Store::at(self.path("store")).expect("a store")
    }

    /// The program with this store, by the machine's clock.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = rotation();
        command.env("COLUMNS", "80").current_dir(self.folder.path());
        command.args(arguments).arg("--store").arg(self.path("store"));
        command
    }

    /// A run on the evening of [`NOW`], where no other time is given.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let now: &[&str] = if arguments.contains(&"--now") { &[] } else { &["--now", NOW] };
        self.command(arguments).args(now).output().expect("a run")
    }

    /// What it prints.
    pub fn out(&self, arguments: &[&str]) -> String {
        self.said(arguments).1
    }

    /// Its exit code, stdout and stderr.
    pub fn said(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.run(arguments);
        (output.status.code(), text(&output.stdout).into(), text(&output.stderr).into())
    }
}

/// The program, with nothing of this machine's environment.
pub fn rotation() -> Command {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_clear().env("LANG", "C.UTF-8");
    command
}

/// Stores every series of a shelf.
pub fn put(store: &Store, shelf: &Shelf) {
    let mut writer = store.lock(Duration::from_secs(30)).expect("the lock");
    for (id, series) in shelf {
        assert!(writer.put(id, series).expect("stored"), "{id}");
    }
    assert_eq!(writer.finish().expect("synced"), []);
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}
