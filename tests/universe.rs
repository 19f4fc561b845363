//! The program from outside: the members of an index, and their bars.

use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;
use rotation::bars::SeriesId;
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::demo;
use rotation::store::Store;
use rotation::universe::{Member, Snapshot};
use serde_json::Value;

const NOW: &str = "2026-06-30T18:00:00-04:00";

/// A folder with a store in it.
struct Desk {
    folder: tempfile::TempDir,
}

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

impl Desk {
    /// The synthetic market, whose bank fund's bars are two members' too, and two lists of three members.
    fn filled() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder") };
        let shelf = demo::market(&Calendar::new(&[]), day("2026-06-30"));
        let mut writer = desk.store().lock(Duration::from_secs(10)).expect("the lock");
        for (id, series) in &shelf {
            writer.put(id, series).expect("stored");
        }
        for symbol in ["AAA", "BBB"] {
            writer.put(&SeriesId::bars(symbol), &shelf[&SeriesId::bars("KRE")]).expect("stored");
        }
        for on in ["2026-05-29", "2026-06-26"] {
            let members = ["=AAA", "BBB", "CCC"].map(|name| Member {
                name: name.into(),
                weight: 0.25,
                ..Member::bare(name.trim_start_matches('='))
            });
            let snapshot = Snapshot {
                day: day(on),
                source: "imported".into(),
                fetched_at: "2026-06-27T01:00:00Z".into(),
                members: members.into(),
            };
            writer.put_snapshot("MINE", &snapshot).expect("stored");
        }
        writer.finish().expect("synced");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn store(&self) -> Store {
        Store::at(self.path("store")).expect("a store")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("rotation").expect("the program");
        command.env_clear().env("LANG", "C.UTF-8").env("COLUMNS", "80").current_dir(self.folder.path());
        command.args(arguments).args(["--now", NOW]).arg("--store").arg(self.path("store"));
        command.output().expect("a run")
    }

    /// Exit code, stdout and stderr.
    fn said(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.run(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn members_are_told_of_together_in_the_table_and_each_in_json() {
    let desk = Desk::filled();
    let (code, out, err) = desk.said(&["store", "status"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!out.contains("bars/AAA"), "{out}");
    let row = out.lines().find(|line| line.starts_with("universe/MINE")).expect("a row");
    assert!(row.contains("imported") && row.contains("2026-05-29  2026-06-26       3"), "{row}");
    assert!(
        out.contains("members of MINE: bars of 2 of 3: 2 of them to 2026-06-30; 0 withheld, 0 with notes\n"),
        "{out}"
    );
    let json: Value = serde_json::from_str(&desk.said(&["store", "status", "--format", "json"]).1).expect("JSON");
    let named = |name: &str| json.as_array().expect("rows").iter().any(|row| row["series"] == name);
    assert!(named("bars/AAA") && named("bars/BBB") && named("universe/MINE") && !named("bars/CCC"));
}

#[test]
fn lists_are_verified_exported_read_back_and_cleared() {
    let desk = Desk::filled();
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert!(code == Some(0) && out.contains(" series and 2 lists of members verified: 0 withheld"), "{out}");
    let (code, out, _) = desk.said(&["store", "export", "universe/mine", "--output", "out"]);
    assert_eq!((code, out.lines().next()), (Some(0), Some("1 series written; they are read back with")));
    let text = fs::read_to_string(desk.path("out/universe/MINE.csv")).expect("a file");
    assert!(text.starts_with("date,symbol,name,sector,weight\n2026-05-29,AAA,'=AAA,,0.25\n"), "{text}");
    let (code, out, err) = desk.said(&["import", "out/universe", "--replace"]);
    assert!(code == Some(0) && out.contains("universe/MINE/2026-06-26       3 members  replaced"), "{out}{err}");

    let list = desk.path("store/universe/MINE/2026-05-29.csv");
    fs::write(&list, "symbol\nAAA\n").expect("written");
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert!(code == Some(3) && out.contains("2026-05-29.csv` is damaged"), "{out}");
    assert!(desk.path("store/universe/MINE/2026-05-29.csv.damaged-1").exists() && !list.exists());

    assert_eq!(desk.said(&["store", "clear", "--yes"]).0, Some(0));
    assert!(!desk.path("store/universe").exists());
}
