//! Where the closes of members come from: the store, a folder of CSV files, or the demo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Result, bail};

use super::count::{Load, Space};
use crate::bars::{Columns, SeriesId, Warning};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::demo::Members;
use crate::import::{Clock, closes, symbol};
use crate::quality::{self, Nature};
use crate::run::import;
use crate::store::Store;
use crate::universe::spelled;

/// Closes from the store.
pub(in crate::run) fn of_store(store: &Store, calendar: &Calendar) -> impl Fn(&str, &mut Space) -> Load + Sync {
    let lost = OnceLock::new();
    move |symbol, space| {
        let id = SeriesId::bars(symbol);
        let series = match store.read(&id, Some(&["close"]), &mut space.scratch) {
            Ok(Some(series)) => series,
            Ok(None) => {
                let lost = lost.get_or_init(|| store.series().map_or_else(|_| BTreeMap::new(), |listing| listing.lost));
                return lost.get(&id).map_or(Load::Lacking, |warning| Load::Unusable(warning.clone()));
            }
            Err(warning) => return Load::Unusable(warning),
        };
        let mut findings = quality::examine(&id, &series, Nature::Other, calendar);
        // that a stock did not trade on a session is no news
        findings.retain(|finding| finding.withholds || finding.code == "possible_split");
        if let Columns::Bars(bars) = series.columns {
            space.closes = bars.into();
        }
        Load::Closes { findings, rejected: 0 }
    }
}

/// Files of bars in a folder, by symbol.
#[derive(Debug)]
pub(in crate::run) struct Folder(pub(in crate::run) BTreeMap<String, PathBuf>);

impl Folder {
    /// Lists the files; each is named for its symbol.
    ///
    /// # Errors
    /// When the folder cannot be read, has no file, or two of one symbol.
    pub(in crate::run) fn list(folder: &Path) -> Result<Self> {
        let (paths, left) = import::gather(&[folder.to_path_buf()])?;
        if let Some(left) = left.first() {
            bail!("`{}`: {}", import::shown(&left.path), left.reason);
        }
        let mut files = BTreeMap::new();
        for path in paths {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let symbol = spelled(&symbol(&stem));
            if let Some(other) = files.insert(symbol, path.clone()) {
                let (one, other) = (import::shown(&other), import::shown(&path));
                bail!("`{one}` and `{other}` are of the same symbol; keep one of them");
            }
        }
        Ok(Self(files))
    }
}

/// Closes from a folder of files.
pub(in crate::run) fn of_folder(folder: &Folder, clock: Clock) -> impl Fn(&str, &mut Space) -> Load + Sync {
    move |symbol, Space { closes: read, bytes, .. }| {
        let Some(path) = folder.0.get(symbol) else { return Load::Lacking };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match import::read_bytes(path, bytes).and_then(|()| closes(&name, bytes, &clock, read)) {
            Err(error) => {
                let message = format!("`{}` is not used: {error:#}", import::shown(path));
                Load::Unusable(Warning::about("file_unusable", symbol, message))
            }
            Ok(tally) => {
                let findings = quality::examine_closes(read, clock.calendar());
                Load::Closes { findings, rejected: tally.rejected.len() }
            }
        }
    }
}

/// The same, of closes that stand still after the session `day`, on the session `next` too.
pub(in crate::run) fn standing_still(
    load: impl Fn(&str, &mut Space) -> Load + Sync,
    day: Day,
    next: Day,
) -> impl Fn(&str, &mut Space) -> Load + Sync {
    move |symbol, space| {
        let loaded = load(symbol, space);
        space.closes.stand_still(day, next);
        loaded
    }
}

/// Closes of the synthetic members.
pub(in crate::run) fn made(members: &Members) -> impl Fn(&str, &mut Space) -> Load + Sync {
    |symbol, space| match members.closes(symbol) {
        Some(closes) => {
            space.closes = closes;
            Load::Closes { findings: Vec::new(), rejected: 0 }
        }
        None => Load::Lacking,
    }
}
