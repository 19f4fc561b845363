//! Writing: one process at a time, each file whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::format;
use super::reader::Scratch;
use super::{ASKED, Asked, JOURNAL, LAYOUT, LAYOUT_FILE, Store, lock};
use crate::bars::{Kind, Series, SeriesId, Warning};

/// Temporary files: what begins and ends so is swept by the next writer.
pub(super) const TEMPORARY: (&str, &str) = (".rotation-", ".tmp");

/// Files after which the folders are synced too, so that a crash costs no more than so many.
const BATCH: usize = 100;

/// The right to write to a store, until it is dropped.
#[derive(Debug)]
pub struct Writer {
    pub(super) root: PathBuf,
    /// Folders with a file renamed into them since they were last synced.
    pub(super) unsynced: BTreeSet<PathBuf>,
    /// Files written since then.
    written: usize,
    /// What happened that the user should know.
    pub(super) warnings: Vec<Warning>,
    _lock: File,
}

impl Writer {
    /// Takes the lock, makes the folders and sweeps what a killed run left.
    pub(super) fn open(store: &Store, wait: Duration) -> Result<Self> {
        let root = store.root().to_path_buf();
        make_folder(&root)?;
        let lock = lock::take(&root, wait)?;
        let mut writer = Self { root, unsynced: BTreeSet::new(), written: 0, warnings: Vec::new(), _lock: lock };
        // whoever held the lock may have written a layout since the store was looked at
        super::check_layout(&writer.root)?;
        sweep(&writer.root);
        for kind in Kind::ALL {
            let folder = writer.root.join(kind.folder());
            make_folder(&folder)?;
            sweep(&folder);
        }
        super::universe::universe_folders(&writer.root)?.iter().for_each(|folder| sweep(folder));
        let layout = writer.root.join(LAYOUT_FILE);
        if !fs::exists(&layout).with_context(|| super::cannot("read", &layout))? {
            writer.replace(&layout, format!("{LAYOUT}\n").as_bytes())?;
            writer.sync()?;
        }
        Ok(writer)
    }

    /// The series as held now, when nobody else can change it. A damaged file is set aside and counts
    /// as none.
    ///
    /// # Errors
    /// [`LeftFile`](super::LeftFile) when a newer version wrote the file, or it cannot be read; or when a damaged one
    /// cannot be renamed.
    pub fn held(&mut self, id: &SeriesId) -> Result<Option<Series>> {
        let path = super::path(&self.root, id);
        match super::reader::read(id, &path, None, &mut Scratch::default()) {
            Ok(held) => Ok(held),
            Err(unread) => self.make_room(&super::unused(id, path), unread).map(|()| None),
        }
    }

    /// Stores a series whole, in place of the one of that name; its hash is computed here. Says
    /// whether anything was written: nothing is when columns, owner, currency and kind of dividends
    /// are held already.
    ///
    /// # Errors
    /// [`LeftFile`](super::LeftFile) when a newer version wrote the file, or it cannot be read; a name or columns that cannot be stored;
    /// a disk that cannot be written to, in which case the old file stands.
    pub fn put(&mut self, id: &SeriesId, series: &Series) -> Result<bool> {
        id.check()?;
        format::check(&series.columns, |_| true).with_context(|| format!("cannot store `{id}`"))?;
        if self.held(id)?.is_some_and(|held| same(&held, series)) {
            return Ok(false);
        }
        let path = super::path(&self.root, id);
        let bytes = format::encode(id, series).with_context(|| format!("cannot store `{id}`"))?;
        self.replace(&path, &bytes)?;
        if self.written >= BATCH {
            self.sync()?;
        }
        Ok(true)
    }

    /// Stores what was asked when.
    pub fn put_asked(&mut self, asked: &Asked) -> Result<()> {
        let path = self.root.join(ASKED);
        self.replace(&path, asked.render()?.as_bytes())
    }

    /// Appends a line to the verdicts given and syncs it. After a torn line it starts a new one.
    pub fn append_journal(&mut self, line: &str) -> Result<()> {
        let path = self.root.join(JOURNAL);
        let append = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().create(true).read(true).append(true).open(&path)?;
            let torn = file.metadata()?.len() > 0 && {
                let mut last = [0];
                file.seek(SeekFrom::End(-1))?;
                file.read_exact(&mut last)?;
                last != *b"\n"
            };
            let line = if torn { format!("\n{line}") } else { line.to_owned() };
            file.write_all(line.as_bytes())?;
            file.sync_data()
        };
        append().with_context(|| super::cannot("write", &path))?;
        self.unsynced.insert(self.root.clone());
        Ok(())
    }

    /// Makes sure that what was written outlasts a crash, and gives the lock back. Returns what was
    /// found while writing.
    pub fn finish(mut self) -> Result<Vec<Warning>> {
        self.sync()?;
        Ok(self.warnings)
    }

    /// Writes a file beside `path`, syncs it, and renames it to `path`.
    pub(super) fn replace(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        let folder = path.parent().unwrap_or(&self.root);
        let write = || -> Result<()> {
            let mut builder = tempfile::Builder::new();
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask, as for any new file
            let mut file = builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1).tempfile_in(folder)?;
            // its own errors name the temporary file, which is gone by the time they are read
            file.as_file_mut().write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().with_context(|| super::cannot("write", path))?;
        self.unsynced.insert(folder.to_path_buf());
        self.written += 1;
        Ok(())
    }

    /// Syncs the folders that files were renamed into.
    fn sync(&mut self) -> Result<()> {
        while let Some(folder) = self.unsynced.pop_first() {
            sync_folder(&folder).with_context(|| super::cannot("sync", &folder))?;
        }
        self.written = 0;
        Ok(())
    }
}

/// Whether storing `new` over `held` would change anything but the time it was had.
fn same(held: &Series, new: &Series) -> bool {
    let fetched_at = held.origin.fetched_at.clone();
    held.hash == new.columns.hash() && held.origin == crate::bars::Origin { fetched_at, ..new.origin.clone() }
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| super::cannot("make", folder))
}

/// Deletes the temporary files of runs that were killed. What cannot be deleted does no harm.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened for syncing; the rename is as durable as the system makes it.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
