//! One writer at a time.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The file the lock is held on. It is never deleted: a new one would be another lock.
pub(super) const LOCK: &str = "lock";

/// How often a lock in use is tried again.
const PAUSE: Duration = Duration::from_millis(50);

/// The store is being written to by another run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The process that writes, where it could be told.
    pub pid: Option<u32>,
    /// How long was waited for it.
    pub waited: Duration,
    /// The lock.
    pub path: PathBuf,
}

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.pid {
            Some(pid) => write!(f, "process {pid} is writing to the store (`{path}`)")?,
            None => write!(f, "another process is writing to the store (`{path}`)")?,
        }
        write!(f, ", waited {} s; try again when it has ended", self.waited.as_secs())
    }
}

impl std::error::Error for Locked {}

/// Takes the lock of the store at `root`, waiting at most `wait` for whoever holds it. It is free
/// again when the file is dropped, or when the process ends, in whatever way.
pub(super) fn take(root: &Path, wait: Duration) -> Result<File> {
    let path = root.join(LOCK);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .with_context(|| super::cannot("open", &path))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if start.elapsed() < wait => sleep(PAUSE.min(wait)),
            Err(TryLockError::WouldBlock) => return Err(Locked { pid: holder(&mut file), waited: wait, path }.into()),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| super::cannot("lock", &path));
            }
        }
    }
    write_pid(&mut file).with_context(|| super::cannot("write", &path))?;
    Ok(file)
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// The process that wrote itself into the lock.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_in_use_names_its_holder_and_a_stale_one_is_taken_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = take(folder.path(), Duration::ZERO).expect("a free lock");
        let error = take(folder.path(), Duration::ZERO).expect_err("the lock is held");
        let locked = error.downcast_ref::<Locked>().expect("a typed error");
        assert_eq!(locked.pid, Some(std::process::id()));
        drop(held);
        std::fs::write(folder.path().join(LOCK), "999999999\n").expect("a file");
        take(folder.path(), Duration::ZERO).expect("nobody holds it, whatever it says");
    }

    #[test]
    fn a_lock_that_is_released_in_time_is_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = take(folder.path(), Duration::ZERO).expect("a free lock");
        std::thread::scope(|scope| {
            let second = scope.spawn(|| take(folder.path(), Duration::from_mins(1)).map(|_| ()));
            sleep(PAUSE);
            drop(held);
            second.join().expect("no panic").expect("the lock in time");
        });
    }
}
