//! Who may name whom: data flows one way, and this holds it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that name nobody but each other.
const FOUNDATIONS: &[&str] = &["bars", "calendar", "config", "day", "inputs", "quality", "stats", "universe"];

/// Rooms of the flow in its order; rooms of one step do not name each other.
const FLOW: &[&[&str]] =
    &[&["fetch", "import", "store"], &["series"], &["signals"], &["verdict"], &["evidence"], &["journal"], &["report"]];

/// Rooms that may name all.
const FRONT: &[&str] = &["cli", "lib", "main", "run"];

/// The rooms that `room` may name beside itself.
fn allowed(room: &str) -> Option<BTreeSet<&'static str>> {
    let mut rooms: BTreeSet<_> = FOUNDATIONS.iter().copied().collect();
    if FOUNDATIONS.contains(&room) || room == "demo" {
        return Some(rooms);
    }
    for step in FLOW {
        if step.contains(&room) {
            return Some(rooms);
        }
        rooms.extend(step.iter().copied());
    }
    None
}

/// Every Rust file under `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The room a file belongs to: the first part of its path under `src`.
fn room(path: &Path) -> String {
    let first = path.strip_prefix("src").expect("under src").components().next().expect("a part");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The rooms that a source text names through `crate::`, in paths and in grouped imports.
fn named(text: &str) -> BTreeSet<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => {
                let group = group.split("};").next().unwrap_or_default();
                rooms.extend(group.split(',').map(|part| word(part.trim())));
            }
            None => {
                rooms.insert(word(rest));
            }
        }
    }
    rooms
}

#[test]
fn every_file_names_only_what_stands_left_of_it() {
    let mut wrong = Vec::new();
    for path in files(Path::new("src")) {
        let room = room(&path);
        if FRONT.contains(&room.as_str()) {
            continue;
        }
        let allowed = allowed(&room).unwrap_or_else(|| panic!("`{room}` has no place in the flow"));
        let text = fs::read_to_string(&path).expect("a source file");
        for other in named(&text) {
            if other != room && !allowed.contains(other.as_str()) {
                wrong.push(format!("{} names `{other}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_grouped_import_is_read_whole() {
    let text = "use crate::{bars::Bars, run};\nlet x = crate::report::FORMATS;";
    let rooms: Vec<_> = named(text).into_iter().collect();
    assert_eq!(rooms, ["bars", "report", "run"]);
}

#[test]
fn only_the_front_prints() {
    for path in files(Path::new("src")) {
        let text = fs::read_to_string(&path).expect("a source file");
        let prints = ["println!(", "eprintln!(", "print!(", "dbg!("].iter().any(|print| text.contains(print));
        assert!(room(&path) == "main" || !prints, "{} prints", path.display());
    }
}

#[test]
fn every_file_is_one_room() {
    for path in files(Path::new("src")) {
        let lines = fs::read_to_string(&path).expect("a source file").lines().count();
        assert!(lines <= 350, "{} has {lines} lines", path.display());
    }
}

/// The number of the case that a function is called by: `t07_…`.
fn case(line: &str) -> Option<u32> {
    let name = line.trim_start().strip_prefix("fn t")?;
    name.get(..2)?.parse().ok().filter(|_| name[2..].starts_with('_'))
}

#[test]
fn every_case_of_the_list_of_tortures_has_a_test_that_is_run() {
    let mut held = BTreeSet::new();
    for path in ["src", "tests"].iter().flat_map(|folder| files(Path::new(folder))) {
        let text = fs::read_to_string(&path).expect("a source file");
        let mut attributes = Vec::new();
        for line in text.lines() {
            if let Some(n) = case(line) {
                assert!(attributes.contains(&"#[test]"), "{}: {line} is no test", path.display());
                if !attributes.iter().any(|attribute| attribute.starts_with("#[ignore")) {
                    held.insert(n);
                }
            }
            match line.trim() {
                attribute if attribute.starts_with("#[") => attributes.push(attribute),
                comment if comment.starts_with("//") => {}
                _ => attributes.clear(),
            }
        }
    }
    assert_eq!(held, (1..=59).collect());
}
