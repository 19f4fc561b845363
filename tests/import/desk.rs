//! A folder of files, a store, and a clock for the tests of the import.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rotation::bars::{Bars, Columns, Kind, Points, Series, SeriesId};
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::run::import::{Imported, Outcome, Request, import};
use rotation::store::Store;

/// A folder of files to import and a store to import them into.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) calendar: Calendar,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), calendar: Calendar::new(&[]) }
    }

    /// Writes a file and says where.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    pub(crate) fn store(&self) -> Store {
        Store::at(self.root()).expect("a store")
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn clear(&self) {
        fs::remove_dir_all(self.root()).expect("a store");
    }

    pub(crate) fn run(&self, paths: &[PathBuf], replace: bool) -> Imported {
        let request = Request { paths, kind: None, replace, wait: Duration::ZERO };
        import(&request, &self.store(), &rotation::config::Settings::default(), &self.calendar, now())
            .expect("an import")
    }

    pub(crate) fn take(&self, paths: &[PathBuf]) -> Imported {
        self.run(paths, false)
    }

    pub(crate) fn series(&self, id: &SeriesId) -> Series {
        let mut loaded = self.store().load().expect("loaded");
        assert_eq!(loaded.warnings, []);
        loaded.shelf.remove(id).expect("the series is held")
    }

    pub(crate) fn bars(&self, symbol: &str) -> Bars {
        match self.series(&SeriesId::bars(symbol)).columns {
            Columns::Bars(bars) => bars,
            Columns::Points(_) => panic!("not bars"),
        }
    }

    pub(crate) fn points(&self, kind: Kind, name: &str) -> Points {
        match self.series(&SeriesId::new(kind, name)).columns {
            Columns::Points(points) => points,
            Columns::Bars(_) => panic!("not points"),
        }
    }

    /// Every file of the store and its bytes.
    pub(crate) fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folders = Kind::ALL.map(|kind| self.root().join(kind.folder()));
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
        entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.clone(), fs::read(path).expect("a file")))
            .collect()
    }

    /// The sessions from 2024-01-02 on.
    pub(crate) fn sessions(&self, count: usize) -> Vec<Day> {
        self.calendar.between(day("2024-01-02"), day("2025-06-30"))[..count].to_vec()
    }

    /// Bars in the plain form: close 100.00, 100.01, … and `adj_close` 2 % lower before the 21st.
    pub(crate) fn plain(&self, rows: std::ops::Range<usize>, adjusted: bool) -> String {
        let mut text = format!("date,open,high,low,close,{}volume\n", if adjusted { "adj_close," } else { "" });
        for (i, day) in self.sessions(rows.end).iter().enumerate().skip(rows.start) {
            let close = 100.0 + i as f64 / 100.0;
            let factor = if i < 20 { 0.98 } else { 1.0 };
            let adjusted = if adjusted { format!("{:.6},", close * factor) } else { String::new() };
            let _ = writeln!(
                text,
                "{day},{close:.2},{:.2},{:.2},{close:.2},{adjusted}{}",
                close + 1.0,
                close - 1.0,
                1000 + i
            );
        }
        text
    }
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// The evening of 2025-07-01 in New York.
pub(crate) fn now() -> DateTime<Utc> {
    "2025-07-01T23:00:00Z".parse().expect("an instant")
}

/// The rejected lines of the only file read, with their reasons.
pub(crate) fn rejected(imported: &Imported) -> Vec<(u64, &str)> {
    assert_eq!(imported.tallies.len(), 1, "{imported:?}");
    imported.tallies[0].1.rejected.iter().map(|(line, reason)| (*line, reason.as_str())).collect()
}

pub(crate) fn only(imported: &Imported) -> Outcome {
    assert_eq!((imported.taken.len(), imported.is_partial()), (1, false), "{imported:?}");
    imported.taken[0].outcome
}
