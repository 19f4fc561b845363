//! Which series a store holds, and which it lost.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Store, cannot, damage, name, path, unused};
use crate::bars::{Kind, SeriesId, Warning};

/// The names in a store.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Series held, in order.
    pub held: Vec<SeriesId>,
    /// Series whose file was set aside as damaged and in whose place none stands, with what the user should know.
    pub lost: BTreeMap<SeriesId, Warning>,
    /// Files that no series is stored under.
    pub strange: Vec<Warning>,
}

impl Store {
    /// The names of the series.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn series(&self) -> Result<Listing> {
        let (mut found, mut aside) = (Listing::default(), BTreeMap::new());
        for kind in Kind::ALL {
            let folder = self.root.join(kind.folder());
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.with_context(|| cannot("read", &folder))?,
            };
            for entry in entries {
                let file = entry.with_context(|| cannot("read", &folder))?.file_name();
                sort_out(kind, &file.to_string_lossy(), &folder, &mut found, &mut aside);
            }
        }
        found.held.sort();
        aside.retain(|id, _| found.held.binary_search(id).is_err());
        let lost = |(id, number): (SeriesId, u32)| {
            let file = unused(&id, path(&self.root, &id));
            let warning = file.lost(number, &format!("fetch or import {}", file.again));
            (id, warning)
        };
        found.lost = aside.into_iter().map(lost).collect();
        found.strange.sort_by(|a, b| a.message.cmp(&b.message));
        Ok(found)
    }
}

/// Takes in the name of a file: held, set aside (the last of several), or strange.
fn sort_out(kind: Kind, file: &str, folder: &Path, found: &mut Listing, aside: &mut BTreeMap<SeriesId, u32>) {
    let whose = |file: &str| name::series_of(kind, file);
    if let Some(id) = whose(file) {
        found.held.push(id);
    } else if let Some((id, number)) = damage::aside(file).and_then(|(whole, number)| Some((whose(whole)?, number))) {
        let highest = aside.entry(id).or_default();
        *highest = number.max(*highest);
    } else if file.ends_with(name::ENDING) {
        found.strange.push(strange(folder, file));
    }
}

/// The warning about a file that no series is stored under.
fn strange(folder: &Path, file: &str) -> Warning {
    let message =
        format!("`{}` in `{}` is not a file of the store and is not read", file.escape_debug(), folder.display());
    Warning::general("file_strange", message)
}
