//! What the targets share: answers of sources, and what must hold of values that were read.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use rotation::bars::{Column, Columns};
use rotation::calendar::Calendar;
use rotation::fetch::{Body, FetchError, SOURCES};

/// The exchange's sessions.
pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::new(&[]));

/// A Friday evening in New York, 2026-03-06.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_838_000, 0).expect("an instant")
}

/// A folder of this process, in memory where there is such a place.
pub fn folder() -> &'static PathBuf {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let memory = ["/dev/shm", "/tmp"].iter().map(PathBuf::from).find(|folder| folder.is_dir());
        let folder = memory.expect("a folder").join(format!("rotation-fuzz-{}", std::process::id()));
        fs::create_dir_all(folder.join("store")).expect("a folder");
        fs::write(folder.join("store/STORE"), "1\n").expect("written");
        folder
    });
    &FOLDER
}

/// Lets one of `sources` read an answer about one of its series; the first byte chooses which, and how
/// the answer came.
pub fn answer(data: &[u8], sources: &[(&str, &str)]) {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let (source, name) = sources[usize::from(choice >> 3) % sources.len()];
    let status = [200, 200, 404, 400][usize::from(choice & 3)];
    let body = Body { status, bytes: bytes.to_vec(), framed: choice & 4 == 0, date: None };
    let row = SOURCES.iter().find(|row| row.name == source).expect("a source of the table");
    match row.read(name, &body, &CALENDAR, now()) {
        Ok(columns) => sound(&columns),
        // what is said of a fault is text for a terminal
        Err(fault) => plain(&FetchError { place: source.to_owned(), fault }.to_string()),
    }
}

/// Columns as the store takes them: of one length, days ascending, no infinity.
pub fn sound(columns: &Columns) {
    let days = columns.days();
    assert!(days.is_sorted_by(|a, b| a < b), "days ascend");
    for (name, column) in columns.named() {
        let rows = match column {
            Column::Days(days) => days.len(),
            Column::Numbers(numbers) => {
                assert!(numbers.iter().all(|x| !x.is_infinite()), "`{name}` is finite or absent");
                numbers.len()
            }
        };
        assert_eq!(rows, days.len(), "`{name}` is as long as the others");
    }
}

/// Text that does nothing to a terminal.
pub fn plain(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{text:?}");
}
