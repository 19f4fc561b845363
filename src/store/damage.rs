//! Setting aside a file that is not what was written: renamed, never deleted, never overwritten.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::lock;

/// Renames `path` to the first free `NAME.damaged-N` and says which; the caller holds the lock.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    for n in 1_u32.. {
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".damaged-{n}"));
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
pub(super) fn set_aside_if_idle(root: &Path, path: &Path, still_bad: impl Fn() -> bool) -> Option<PathBuf> {
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
