#![no_main]
//! The store's files of text: what was asked when, the verdicts given, the members of an index.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use rotation::bars::SeriesId;
use rotation::journal::Journal;
use rotation::store::Store;
use rotation::universe::{Member, Snapshot};
use rotation_fuzz::folder;
use xxhash_rust::xxh3::xxh3_64;

/// Where the store keeps the members of a day.
static SNAPSHOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let store = Store::at(folder().join("store")).expect("a store");
    let snapshot = Snapshot {
        day: "2026-03-02".parse().expect("a date"),
        source: "ishares".into(),
        fetched_at: "2026-03-02T21:00:00Z".into(),
        members: vec![Member::bare("A")],
    };
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    writer.put_snapshot("iwm", &snapshot).expect("stored");
    let mut universes = fs::read_dir(store.root().join("universe")).expect("a folder");
    universes.next().expect("one").expect("an entry").path().join("2026-03-02.csv")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let store = Store::at(folder().join("store")).expect("a store");
    match choice & 3 {
        0 => {
            fs::write(store.root().join("asked.json"), bytes).expect("written");
            let (asked, _) = store.asked();
            let _ = asked.last(&SeriesId::bars("IWM"), "yahoo");
        }
        1 => {
            let journal = Journal::new(String::from_utf8_lossy(bytes).into_owned());
            let (entries, _) = journal.entries();
            // what was read is known, and is not written again
            assert!(entries.iter().all(|entry| journal.before(entry).is_none_or(|before| before.session < entry.session)));
        }
        way => {
            let day = "2026-03-02".parse().expect("a date");
            let bytes = if way == 2 { bytes.to_vec() } else { sealed(bytes) };
            fs::write(&*SNAPSHOT, bytes).expect("written");
            if store.snapshot("iwm", day).is_err() {
                let _ = fs::remove_file(SNAPSHOT.with_extension("csv.damaged-1"));
            }
        }
    }
});

/// These rows under a first line that vouches for them.
fn sealed(rows: &[u8]) -> Vec<u8> {
    let said = "# rotation 1 ishares 2026-03-02T21:00:00Z";
    let seal = xxh3_64(&[said.as_bytes(), b" 2026-03-02\n", rows].concat());
    [format!("{said} {seal:016x}\n").as_bytes(), rows].concat()
}
