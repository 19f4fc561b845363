//! Setting aside a file that is not what was written: renamed, never deleted, never overwritten.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
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

/// The same for a reader, which holds no lock: only when nobody is writing, and only if the file is
/// still bad then. `None` when it stays where it is.
pub(super) fn set_aside_if_idle(root: &Path, path: &Path, still_bad: impl Fn() -> bool) -> Option<PathBuf> {
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
