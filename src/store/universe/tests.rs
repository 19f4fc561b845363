use std::time::Duration;

use super::*;
use crate::store::LeftFile;

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn snapshot(on: &str, symbols: &[&str]) -> Snapshot {
    let member = |symbol: &&str| Member {
        name: format!("\"{symbol}\", Inc"),
        weight: if *symbol == "A" { f64::NAN } else { 0.1 },
        ..Member::bare(*symbol)
    };
    Snapshot {
        day: day(on),
        source: "ishares".into(),
        fetched_at: "2026-02-04T01:00:00Z".into(),
        members: symbols.iter().map(member).collect(),
    }
}

/// A store with two days of a universe whose name has a colon.
fn filled(folder: &Path) -> Store {
    let store = Store::at(folder.to_path_buf()).expect("a store");
    let mut writer = store.lock(Duration::from_secs(10)).expect("the lock");
    for (on, symbols) in [("2026-02-03", &["A", "B"][..]), ("2026-01-02", &["A"])] {
        assert!(writer.put_snapshot("x:y", &snapshot(on, symbols)).expect("stored"));
    }
    let again = Snapshot { fetched_at: "2026-02-05T01:00:00Z".into(), ..snapshot("2026-02-03", &["A", "B"]) };
    assert!(!writer.put_snapshot("X:Y", &again).expect("held already"));
    assert!(writer.put_snapshot("../x", &again).is_err());
    assert_eq!(writer.finish().expect("synced"), []);
    store
}

#[test]
fn members_read_back_by_day_and_the_newest_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path());
    assert_eq!(store.universes().expect("names"), ["X:Y"]);
    assert_eq!(store.snapshot_days("X:Y").expect("days"), [day("2026-01-02"), day("2026-02-03")]);
    let (latest, warnings) = store.latest_snapshot("X:Y").expect("a list");
    assert_eq!((latest, warnings), (Some(snapshot("2026-02-03", &["A", "B"])), Vec::new()));
    assert!(folder.path().join("universe/X%3AY/2026-02-03.csv").is_file());
}

#[cfg(unix)]
#[test]
fn what_is_no_folder_lists_nobody_and_a_folder_that_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path());
    let stray = folder.path().join("universe/STRAY");
    fs::write(&stray, "a file").expect("written");
    assert_eq!(store.universes().expect("names"), ["X:Y"]);
    assert!(store.files().expect("files").len() > 2);
    fs::remove_file(&stray).expect("removed");
    // as on a failing disk: a link to itself cannot be opened
    std::os::unix::fs::symlink("STRAY", &stray).expect("a link");
    assert!(store.universes().expect_err("a folder that cannot be read").to_string().contains("check the disk"));
}

#[test]
fn t54_a_damaged_list_is_set_aside_and_the_one_before_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path());
    let path = folder.path().join("universe/X%3AY/2026-02-03.csv");
    let bytes = fs::read(&path).expect("a file");
    for at in [0, 12, 30, bytes.len() / 2, bytes.len() - 2] {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        assert!(matches!(whole(day("2026-02-03"), &bad), Err(Refusal::Damaged { .. })), "byte {at}");
    }
    assert!(whole(day("2026-02-04"), &bytes).is_err(), "a list is of its own day");
    for n in 0..bytes.len() {
        assert!(whole(day("2026-02-03"), &bytes[..n]).is_err(), "cut after {n} bytes");
    }
    fs::write(&path, &bytes[..bytes.len() - 1]).expect("written");
    let (latest, warnings) = store.latest_snapshot("X:Y").expect("a list");
    assert_eq!(latest.map(|latest| latest.day), Some(day("2026-01-02")));
    assert_eq!(warnings.iter().map(|one| one.code).collect::<Vec<_>>(), ["file_damaged"]);
    assert!(folder.path().join("universe/X%3AY/2026-02-03.csv.damaged-1").is_file());
}

#[test]
fn a_list_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path());
    let path = folder.path().join("universe/X%3AY/2026-02-03.csv");
    let said = "# rotation 2 ishares now";
    let newer = format!("{said} {}\nx\n", hash(&format!("{said} 2026-02-03"), b"x\n"));
    fs::write(&path, &newer).expect("written");
    assert_eq!(store.snapshot("X:Y", day("2026-02-03")).expect_err("newer").code, "file_newer");
    let mut writer = store.lock(Duration::from_secs(10)).expect("the lock");
    let error = writer.put_snapshot("X:Y", &snapshot("2026-02-03", &["A"])).expect_err("newer");
    assert!(error.is::<LeftFile>());
    assert_eq!(fs::read_to_string(&path).expect("text"), newer);
}
