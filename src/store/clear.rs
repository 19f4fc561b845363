//! Emptying a store: what it wrote, and nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::damage::DAMAGED;
use super::writer::TEMPORARY;
use super::{ASKED, JOURNAL, LAYOUT_FILE, Store, Writer, name, universe};
use crate::bars::Kind;

impl Store {
    /// The files of the store but its lock: series, lists of members, those set aside, what was asked
    /// when, the journal, temporary files, the layout last. Whatever else lies in its folders is not its own.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for kind in Kind::ALL {
            let own = |file: &str| {
                let (stem, _) = file.split_once(DAMAGED).unwrap_or((file, ""));
                name::series_of(kind, stem).is_some() || is_temporary(file)
            };
            files.extend(list(&self.root().join(kind.folder()), own)?);
        }
        files.extend(self.universe_files()?);
        files.extend(list(self.root(), |file| file == ASKED || file == JOURNAL || is_temporary(file))?);
        files.extend(list(self.root(), |file| file == LAYOUT_FILE)?);
        Ok(files)
    }
}

impl Writer {
    /// Removes every file of the store, and its folders where nothing else lies in them. The lock
    /// stays: it is held.
    ///
    /// # Errors
    /// The first file that cannot be removed; those after it stand.
    pub fn clear(self) -> Result<usize> {
        let store = Store { root: self.root.clone() };
        let files = store.files()?;
        for file in &files {
            fs::remove_file(file).with_context(|| super::cannot("remove", file))?;
        }
        let mut folders = universe::universe_folders(&self.root)?;
        folders.push(self.root.join(universe::FOLDER));
        folders.extend(Kind::ALL.map(|kind| self.root.join(kind.folder())));
        for folder in folders {
            // a folder with something of the user's stays
            let _ = fs::remove_dir(folder);
        }
        Ok(files.len())
    }
}

pub(super) fn is_temporary(file: &str) -> bool {
    file.starts_with(TEMPORARY.0) && file.ends_with(TEMPORARY.1)
}

/// The plain files of a folder whose names are `own`, in order; none where there is no folder.
fn list(folder: &Path, own: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let place = || super::cannot("read", folder);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(place)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.with_context(place)?;
        let plain = entry.file_type().with_context(place)?.is_file();
        if plain && entry.file_name().to_str().is_some_and(&own) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
