//! Files that are not used: left as they are, or set aside where they are not what was written, which is renamed,
//! never deleted, never overwritten.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use super::format::Refusal;
use super::reader::Unread;
use super::{Writer, lock};
use crate::bars::Warning;

/// What marks a file that was set aside.
pub(super) const DAMAGED: &str = ".damaged-";

/// The name that a file had before it was set aside, and as the how manyth of that name; `None` for another file.
pub(super) fn aside(file: &str) -> Option<(&str, u32)> {
    let (whole, number) = file.split_once(DAMAGED)?;
    Some((whole, number.parse().ok()?))
}

/// A file of the store that is left as it is: neither read nor written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftFile {
    /// A later version of this program wrote it.
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        version: u32,
    },
    /// The system would not read it.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

impl LeftFile {
    /// The code of a warning about it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "file_newer",
            Self::Unreadable { .. } => "file_unreadable",
        }
    }
}

impl fmt::Display for LeftFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { path, version } => {
                write!(f, "`{}` was written by a newer version (format {version}); update rotation", path.display())
            }
            Self::Unreadable { path, why } => {
                let path = path.display();
                write!(f, "`{path}` cannot be read ({why}) and counts as not held: check the disk and its rights")
            }
        }
    }
}

impl std::error::Error for LeftFile {}

/// A file that gave nothing, and in what words that is said.
pub(super) struct Unused {
    pub(super) path: PathBuf,
    /// What a warning about it is about.
    pub(super) about: String,
    /// What is to be fetched or imported again.
    pub(super) again: String,
}

impl Unused {
    /// What a reader says of it, who sets it aside if it is damaged, by a second look too.
    pub(super) fn refuse<T>(&self, root: &Path, unread: Unread, read: impl Fn() -> Result<T, Unread>) -> Warning {
        match self.damage(unread) {
            Ok(reason) => {
                let still = || matches!(read(), Err(Unread::Refused(Refusal::Damaged { .. })));
                let aside = set_aside_if_idle(root, &self.path, still);
                self.damaged(&reason, aside.as_deref())
            }
            Err(left) => Warning::about(left.code(), &self.about, left.to_string()),
        }
    }

    /// In what respect it is damaged; a file that is not is left as it is.
    fn damage(&self, unread: Unread) -> Result<String, LeftFile> {
        let path = self.path.clone();
        match unread {
            Unread::Refused(Refusal::Damaged { reason }) => Ok(reason),
            Unread::Refused(Refusal::Newer { version }) => Err(LeftFile::Newer { path, version }),
            Unread::Unreadable(error) => Err(LeftFile::Unreadable { path, why: error.to_string() }),
        }
    }

    fn damaged(&self, reason: &str, aside: Option<&Path>) -> Warning {
        let fate = match aside.and_then(Path::file_name) {
            Some(aside) => format!("set aside as `{}`", aside.to_string_lossy()),
            None => "left where it is".into(),
        };
        let message =
            format!("`{}` is damaged: {reason}; {fate}; fetch or import {} again", self.path.display(), self.again);
        Warning::about(FILE_DAMAGED, &self.about, message)
    }

    /// What is said later on of a file that was set aside as the `number`th of its name, while nothing is in its place;
    /// `back` brings it back.
    pub(super) fn lost(&self, number: u32, back: &str) -> Warning {
        let (path, name) = (self.path.display(), self.path.file_name().unwrap_or_default().to_string_lossy());
        let message = format!(
            "`{path}` was damaged and is missing, set aside as `{name}{DAMAGED}{number}`; {back} again, or remove what was \
             set aside to do without"
        );
        Warning::about(FILE_DAMAGED, &self.about, message)
    }
}

/// The code of a warning about a damaged file.
const FILE_DAMAGED: &str = "file_damaged";

impl Writer {
    /// Sets aside a damaged file, in whose place another is to be written.
    ///
    /// # Errors
    /// [`LeftFile`] for a file that is not damaged, or when it cannot be renamed.
    pub(super) fn make_room(&mut self, unused: &Unused, unread: Unread) -> Result<()> {
        let reason = unused.damage(unread)?;
        let aside = set_aside(&unused.path).with_context(|| super::cannot("set aside the damaged", &unused.path))?;
        self.warnings.push(unused.damaged(&reason, Some(&aside)));
        Ok(())
    }
}

/// Renames `path` to the first free `NAME.damaged-N` and says which; the caller holds the lock.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    for n in 1_u32.. {
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!("{DAMAGED}{n}"));
        let aside = PathBuf::from(aside);
        if !fs::exists(&aside)? {
            return fs::rename(path, &aside).map(|()| aside);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Readers of one process that find damage at the same time take turns: the lock is not waited for.
static TURN: Mutex<()> = Mutex::new(());

/// The same for a reader, which holds no lock: only when nobody is writing, and only if the file is
/// still bad then. `None` when it stays where it is.
fn set_aside_if_idle(root: &Path, path: &Path, still_bad: impl Fn() -> bool) -> Option<PathBuf> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let _held = lock::take(root, Duration::ZERO).ok()?;
    if !still_bad() {
        return None;
    }
    set_aside(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_aside_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("IWM.parquet");
        for n in 1..=3 {
            fs::write(&path, format!("bad {n}")).expect("a file");
            let aside = set_aside(&path).expect("a free name");
            assert_eq!(aside, folder.path().join(format!("IWM.parquet.damaged-{n}")));
        }
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(folder.path().join("IWM.parquet.damaged-1")).expect("text"), "bad 1");
    }

    #[test]
    fn files_found_damaged_at_the_same_time_are_all_set_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<PathBuf> = (0..32).map(|n| folder.path().join(format!("{n}.parquet"))).collect();
        for path in &paths {
            fs::write(path, "bad").expect("a file");
        }
        std::thread::scope(|scope| {
            for path in &paths {
                scope.spawn(|| set_aside_if_idle(folder.path(), path, || true).expect("a turn"));
            }
        });
        assert!(paths.iter().all(|path| !path.exists()));
    }

    #[test]
    fn nothing_is_renamed_while_somebody_writes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("IWM.parquet");
        fs::write(&path, "bad").expect("a file");
        let held = lock::take(folder.path(), Duration::ZERO).expect("a free lock");
        assert_eq!(set_aside_if_idle(folder.path(), &path, || true), None);
        drop(held);
        assert_eq!(set_aside_if_idle(folder.path(), &path, || false), None);
        assert!(path.exists());
        assert!(set_aside_if_idle(folder.path(), &path, || true).is_some());
    }
}
