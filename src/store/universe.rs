//! Who the members of an index were, day by day: `universe/NAME/YYYY-MM-DD.csv`.
//!
//! ```text
//! # rotation 1 ishares 2026-11-25T21:00:00Z 8f0c…   format, source, when it was had, hash of the rest
//! symbol,name,sector,weight
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::{DeserializeOwned, IgnoredAny};
use xxhash_rust::xxh3::xxh3_64;

use super::damage::{self, DAMAGED, Unused};
use super::format::Refusal;
use super::reader::Unread;
use super::{Store, Writer, name};
use crate::bars::Warning;
use crate::day::Day;
use crate::universe::{self, Member, Snapshot};

/// The folder of all universes.
pub(super) const FOLDER: &str = "universe";
/// The version of the format written here.
const VERSION: u32 = 1;
/// What the first line begins with.
const MARK: &str = "# rotation";
const HEADER: [&str; 4] = ["symbol", "name", "sector", "weight"];
const ENDING: &str = ".csv";

impl Store {
    /// The names of the universes of which a list is held, or was lost, in order.
    pub fn universes(&self) -> Result<Vec<String>> {
        let names = entries(&self.root().join(FOLDER))?;
        let mut held = Vec::new();
        for universe in names.iter().filter_map(|folder| name::universe_of(folder)) {
            if !self.snapshot_days(&universe)?.is_empty() || !self.lost_lists(&universe)?.is_empty() {
                held.push(universe);
            }
        }
        Ok(held)
    }

    /// Lists of a universe that were set aside as damaged and in whose place none stands: what the user should know.
    pub fn lost_lists(&self, universe: &str) -> Result<Vec<Warning>> {
        let folder = folder(self.root(), universe);
        let names = entries(&folder)?;
        let is_lost = |list: &str| day_of(list).is_some() && names.iter().all(|held| held != list);
        let mut lost: BTreeMap<&str, u32> = BTreeMap::new();
        for (list, number) in names.iter().filter_map(|name| damage::aside(name)).filter(|(list, _)| is_lost(list)) {
            let highest = lost.entry(list).or_default();
            *highest = number.max(*highest);
        }
        // a fetch brings the list of its own day
        let warning = |(list, number)| unused(universe, folder.join(list)).lost(number, "import that day's list");
        Ok(lost.into_iter().map(warning).collect())
    }

    /// The days for which the members of a universe are held, ascending.
    pub fn snapshot_days(&self, universe: &str) -> Result<Vec<Day>> {
        Ok(entries(&folder(self.root(), universe))?.iter().filter_map(|file| day_of(file)).collect())
    }

    /// The members of a universe on a day for which they are held.
    ///
    /// # Errors
    /// Why the file is not used; a damaged one is set aside, as any other of the store.
    pub fn snapshot(&self, universe: &str, day: Day) -> Result<Snapshot, Warning> {
        self.list(universe, day, whole)
    }

    /// The same with nothing of the members but their symbols.
    pub fn symbols(&self, universe: &str, day: Day) -> Result<Snapshot, Warning> {
        let row = |(symbol, ..): (String, IgnoredAny, IgnoredAny, IgnoredAny)| Member::bare(symbol);
        self.list(universe, day, |day, bytes| decode(day, bytes, row))
    }

    fn list(
        &self,
        universe: &str,
        day: Day,
        decode: impl Fn(Day, &[u8]) -> Result<Snapshot, Refusal>,
    ) -> Result<Snapshot, Warning> {
        let path = file(self.root(), universe, day);
        let read = || -> Result<Snapshot, Unread> { Ok(decode(day, &fs::read(&path)?)?) };
        read().map_err(|unread| unused(universe, path.clone()).refuse(self.root(), unread, read))
    }

    /// The newest members of a universe that are held and can be read, why newer ones cannot, and which were lost.
    pub fn latest_snapshot(&self, universe: &str) -> Result<(Option<Snapshot>, Vec<Warning>)> {
        let mut warnings = self.lost_lists(universe)?;
        for day in self.snapshot_days(universe)?.into_iter().rev() {
            match self.snapshot(universe, day) {
                Ok(snapshot) => return Ok((Some(snapshot), warnings)),
                Err(warning) => warnings.push(warning),
            }
        }
        Ok((None, warnings))
    }

    /// The files of all universes: those of the days, those set aside, temporary ones.
    pub(super) fn universe_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for folder in universe_folders(self.root())? {
            for name in entries(&folder)? {
                let stem = name.split_once(DAMAGED).map_or(name.as_str(), |(stem, _)| stem);
                if day_of(stem).is_some() || super::clear::is_temporary(&name) {
                    files.push(folder.join(&name));
                }
            }
        }
        Ok(files)
    }
}

impl Writer {
    /// Stores the members of a universe on a day, in place of those held for it. Says whether anything
    /// was written: nothing is when source and members are held already.
    ///
    /// # Errors
    /// [`LeftFile`](super::LeftFile) when a newer version wrote the file, or it cannot be read; a name that no universe
    /// can have; a disk that cannot be written to, in which case the old file stands.
    pub fn put_snapshot(&mut self, universe: &str, snapshot: &Snapshot) -> Result<bool> {
        let universe = universe::named(universe)?;
        let path = file(&self.root, &universe, snapshot.day);
        match fs::read(&path).map_err(Unread::from).and_then(|bytes| Ok(whole(snapshot.day, &bytes)?)) {
            Ok(held) if same(&held, snapshot) => return Ok(false),
            Ok(_) => {}
            Err(Unread::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(unread) => self.make_room(&unused(&universe, path.clone()), unread)?,
        }
        let bytes = encode(snapshot)?;
        fs::create_dir_all(folder(&self.root, &universe))
            .with_context(|| super::cannot("make", &folder(&self.root, &universe)))?;
        self.unsynced.extend([self.root.clone(), self.root.join(FOLDER)]);
        self.replace(&path, &bytes)?;
        Ok(true)
    }
}

/// The folders of the universes under `root`.
pub(super) fn universe_folders(root: &Path) -> Result<Vec<PathBuf>> {
    let all = root.join(FOLDER);
    let names = entries(&all)?;
    Ok(names.iter().filter(|folder| name::universe_of(folder).is_some()).map(|folder| all.join(folder)).collect())
}

fn folder(root: &Path, universe: &str) -> PathBuf {
    root.join(FOLDER).join(name::universe_folder(universe))
}

fn file(root: &Path, universe: &str, day: Day) -> PathBuf {
    folder(root, universe).join(format!("{day}{ENDING}"))
}

/// The day of the file called `file`; `None` for another file.
fn day_of(file: &str) -> Option<Day> {
    file.strip_suffix(ENDING)?.parse().ok()
}

/// Whether there is no folder: nothing, or a file that is none of the store's.
fn is_no_folder(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The names in a folder, in order; none where there is no folder.
fn entries(folder: &Path) -> Result<Vec<String>> {
    let place = || super::cannot("read", folder);
    let found = match fs::read_dir(folder) {
        Err(error) if is_no_folder(&error) => return Ok(Vec::new()),
        found => found.with_context(place)?,
    };
    let mut names = Vec::new();
    for entry in found {
        names.extend(entry.with_context(place)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Whether storing `new` over `held` would change anything but the time it was had.
fn same(held: &Snapshot, new: &Snapshot) -> bool {
    held.source == new.source && held.members == new.members
}

/// The cells of members; an unknown weight is an empty one.
fn rows(members: &[Member]) -> impl Iterator<Item = [String; 4]> {
    members.iter().map(|Member { symbol, name, sector, weight }| {
        let weight = if weight.is_finite() { weight.to_string() } else { String::new() };
        [symbol.clone(), name.clone(), sector.clone(), weight]
    })
}

/// The hash over what the first line says and the rest of the file.
fn hash(said: &str, rest: &[u8]) -> String {
    format!("{:016x}", xxh3_64(&[said.as_bytes(), b"\n", rest].concat()))
}

fn encode(snapshot: &Snapshot) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    rows(&snapshot.members).try_for_each(|row| writer.write_record(row))?;
    let rest = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    let Snapshot { day, source, fetched_at, .. } = snapshot;
    let said = format!("{MARK} {VERSION} {source} {fetched_at}");
    let seal = hash(&format!("{said} {day}"), &rest);
    Ok([format!("{said} {seal}\n").as_bytes(), &rest].concat())
}

/// The list in a file.
fn whole(day: Day, bytes: &[u8]) -> Result<Snapshot, Refusal> {
    decode(day, bytes, |(symbol, name, sector, weight): (String, String, String, Option<f64>)| Member {
        symbol,
        name,
        sector,
        weight: weight.unwrap_or(f64::NAN),
    })
}

/// The list in a file, each member made of what is wanted of its `row`.
fn decode<T: DeserializeOwned>(day: Day, bytes: &[u8], row: impl Fn(T) -> Member) -> Result<Snapshot, Refusal> {
    let torn = || Refusal::damaged("its first line is not the one written here");
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(torn)?;
    let (first, rest) = (std::str::from_utf8(&bytes[..end]).map_err(|_| torn())?, &bytes[end + 1..]);
    let (said, seal) = first.rsplit_once(' ').ok_or_else(torn)?;
    if hash(&format!("{said} {day}"), rest) != seal {
        return Err(Refusal::damaged("it does not match its hash"));
    }
    let words: Vec<&str> = said.strip_prefix(MARK).ok_or_else(torn)?.split_whitespace().collect();
    match words.first().and_then(|version| version.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(Refusal::Newer { version }),
        _ => return Err(torn()),
    }
    let [_, source, fetched_at] = words[..] else { return Err(torn()) };
    let mut reader = csv::Reader::from_reader(rest);
    let members = reader.deserialize().map(|cells| cells.map(&row)).collect::<Result<_, _>>();
    let members = members.map_err(|_| Refusal::damaged("a row of it cannot be read"))?;
    Ok(Snapshot { day, source: source.into(), fetched_at: fetched_at.into(), members })
}

/// The file of a list that gave none.
fn unused(universe: &str, path: PathBuf) -> Unused {
    Unused { path, about: universe.to_owned(), again: "the members".into() }
}

#[cfg(test)]
mod tests;
