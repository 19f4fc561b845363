//! The store: one series, one file on disk.
//!
//! ```text
//! STORE                  number of this layout
//! bars/SYMBOL.parquet    date, open, high, low, close, volume, dividend, split
//! rates/ID.parquet       date, known_from, value
//! valuation/INDEX.BASIS.SOURCE.parquet
//! positioning/CODE.parquet
//! universe/NAME/YYYY-MM-DD.csv   members of an index on a day
//! asked.json             what was asked when
//! journal.ndjson         the verdicts given
//! lock                   who writes
//! ```
//!
//! Every file carries hashes of its columns and of its description, verified on load. What fails is
//! set aside as `NAME.damaged-N`, counts as not held, and is told of until something stands in its place or it is
//! removed. Readers take no lock.

mod asked;
mod clear;
mod damage;
mod footer;
mod format;
mod lend;
mod listing;
mod lock;
mod merge;
mod name;
mod reader;
mod universe;
mod writer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

pub use asked::{Answer, Asked, Outcome};
pub use damage::LeftFile;
pub use listing::Listing;
pub use lock::Locked;
pub use merge::{Conflict, Difference, Merge, OVERLAP, Terms, dividend_tolerance, merge};
pub use reader::Scratch;
pub use writer::Writer;

use crate::bars::{Series, SeriesId, Shelf, Warning};
use damage::Unused;

/// The layout written here.
const LAYOUT: u32 = 1;
/// Files that a thread reads one after the other into the same memory.
const FILES: usize = 4;
/// The file that holds its number.
const LAYOUT_FILE: &str = "STORE";
/// The file of what was asked when.
const ASKED: &str = "asked.json";
/// The file of the verdicts given, a line each.
const JOURNAL: &str = "journal.ndjson";

/// A store in a folder, which need not exist yet.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// What a store holds.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The series by name.
    pub shelf: Shelf,
    /// Files that were not used, and why.
    pub warnings: Vec<Warning>,
}

impl Store {
    /// The store at `root`; makes nothing.
    ///
    /// # Errors
    /// When a newer version of this program laid it out, or its layout cannot be read.
    pub fn at(root: PathBuf) -> Result<Self> {
        check_layout(&root)?;
        Ok(Self { root })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether anything was ever stored here.
    pub fn exists(&self) -> Result<bool> {
        let path = self.root.join(LAYOUT_FILE);
        path.try_exists().with_context(|| cannot("read", &path))
    }

    /// Everything that is held.
    pub fn load(&self) -> Result<Loaded> {
        let Listing { held, lost, strange } = self.series()?;
        let mut loaded = self.load_only(&held);
        loaded.warnings.splice(0..0, strange.into_iter().chain(lost.into_values()));
        Ok(loaded)
    }

    /// Those of `ids` that are held.
    pub fn load_only(&self, ids: &[SeriesId]) -> Loaded {
        self.load_part(ids, |_| None)
    }

    /// The same, of daily bars only the days and the columns that `wanted` names; see [`Store::read`].
    pub fn load_part(
        &self,
        ids: &[SeriesId],
        wanted: impl Fn(&SeriesId) -> Option<&'static [&'static str]> + Sync,
    ) -> Loaded {
        let read = |scratch: &mut Scratch, id| (id, self.read(id, wanted(id), scratch));
        let read: Vec<_> = ids.par_iter().with_max_len(FILES).map_init(Scratch::default, read).collect();
        let mut loaded = Loaded::default();
        for (id, outcome) in read {
            match outcome {
                Ok(Some(series)) => drop(loaded.shelf.insert(id.clone(), series)),
                Ok(None) => {}
                Err(warning) => loaded.warnings.push(warning),
            }
        }
        loaded
    }

    /// The series `id`; `None` where it is not held.
    ///
    /// Of daily bars only the days and the columns that `wanted` names are read and verified, the
    /// others stay empty: where nothing spoke against any figure of the file when it was written (by
    /// the rules of [`crate::quality::RULES`]). Any other file is read whole, to be examined whole.
    ///
    /// # Errors
    /// What the user should know of a file that is not used.
    pub fn read(
        &self,
        id: &SeriesId,
        wanted: Option<&[&str]>,
        scratch: &mut Scratch,
    ) -> Result<Option<Series>, Warning> {
        let path = path(&self.root, id);
        reader::read(id, &path, wanted, scratch).map_err(|unread| {
            let again = || reader::read(id, &path, None, &mut Scratch::default());
            unused(id, path.clone()).refuse(&self.root, unread, again)
        })
    }

    /// What was asked when; a file that cannot be read counts as empty.
    pub fn asked(&self) -> (Asked, Option<Warning>) {
        let path = self.root.join(ASKED);
        let parsed = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (Asked::default(), None),
            Err(error) => Err(anyhow::Error::from(error).context("check the disk and its rights")),
            Ok(bytes) => Asked::parse(&bytes),
        };
        match parsed {
            Ok(asked) => (asked, None),
            Err(error) => {
                let message = format!("`{}` is not used ({error:#}); every source is asked again", path.display());
                (Asked::default(), Some(Warning::general("asked_unreadable", message)))
            }
        }
    }

    /// The verdicts given, as text; empty where there are none.
    pub fn journal(&self) -> Result<String> {
        let path = self.root.join(JOURNAL);
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            bytes => {
                let bytes = bytes.with_context(|| cannot("read", &path))?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            }
        }
    }

    /// The right to write, which one process has at a time; makes the folders.
    ///
    /// # Errors
    /// [`Locked`] when another process still has it after `wait`.
    pub fn lock(&self, wait: Duration) -> Result<Writer> {
        Writer::open(self, wait)
    }
}

/// The series in a file said to hold `id`, if any: the fuzz targets' way to the reader.
#[doc(hidden)]
pub fn read_file(id: &SeriesId, path: &Path, scratch: &mut Scratch) -> Option<Series> {
    reader::read(id, path, None, scratch).ok().flatten()
}

/// The file of a series.
fn path(root: &Path, id: &SeriesId) -> PathBuf {
    root.join(id.kind.folder()).join(name::file_name(id))
}

/// The file of a series that gave none.
fn unused(id: &SeriesId, path: PathBuf) -> Unused {
    Unused { path, about: id.to_string(), again: format!("`{id}`") }
}

/// What the system would not do with a file of the store, and what may help.
fn cannot(what: &str, path: &Path) -> String {
    format!("cannot {what} `{}` (check the disk, or name another folder with `--store`)", path.display())
}

/// Refuses a store laid out by a newer version, or one whose layout cannot be told.
fn check_layout(root: &Path) -> Result<()> {
    let path = root.join(LAYOUT_FILE);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        text => text.with_context(|| cannot("read", &path))?,
    };
    match text.trim().parse::<u32>() {
        Ok(LAYOUT) => Ok(()),
        Ok(layout) if layout > LAYOUT => {
            bail!("`{}` was laid out by a newer version (layout {layout}); update rotation", root.display())
        }
        _ => bail!("`{}` should hold the number {LAYOUT}; name another folder with `--store`", path.display()),
    }
}
