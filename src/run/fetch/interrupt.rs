//! Ctrl-C, and the polite end a supervisor asks for.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::run::INTERRUPTED;

static ASKED: AtomicBool = AtomicBool::new(false);
static NEVER: AtomicBool = AtomicBool::new(false);
/// How far the fetch has come.
static DONE: AtomicUsize = AtomicUsize::new(0);
static TOTAL: AtomicUsize = AtomicUsize::new(0);

/// How long a source that does not answer is waited for, once the end is asked for. No file suffers
/// from an end at any moment: each is replaced whole.
const GRACE: Duration = Duration::from_secs(2);

/// The fetch was interrupted: exit code 130.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// Series done with by then.
    pub done: usize,
    /// Series in all.
    pub total: usize,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { done, total } = self;
        if *total == 0 {
            return f.write_str("interrupted before the first series; run again");
        }
        match (done, total) {
            (0, 1) => f.write_str("interrupted before the only series; it is asked for next time"),
            (1, 1) => f.write_str("interrupted after the only series; it is kept"),
            (0, _) => write!(f, "interrupted before the first of {total} series; they are asked for next time"),
            _ if done == total => write!(f, "interrupted after all {total} series; those are kept"),
            _ => {
                write!(
                    f,
                    "interrupted after {done} of {total} series; those are kept, the others are asked for next time"
                )
            }
        }
    }
}

impl std::error::Error for Interrupted {}

/// A flag that nobody sets.
pub(super) fn never() -> &'static AtomicBool {
    &NEVER
}

/// Notes how far the fetch has come, for an end that does not wait for it.
pub(super) fn note(done: usize, total: usize) {
    DONE.store(done, Ordering::Relaxed);
    TOTAL.store(total, Ordering::Relaxed);
}

/// Says how far the fetch had come, on a line of its own.
fn tell() {
    let interrupted = Interrupted { done: DONE.load(Ordering::Relaxed), total: TOTAL.load(Ordering::Relaxed) };
    let mut stderr = io::stderr().lock();
    let under_the_bar = if stderr.is_terminal() { "\n" } else { "" };
    // there is nobody to tell when that fails
    let _ = writeln!(stderr, "{under_the_bar}error: {interrupted}");
}

/// The flag that Ctrl-C sets from now on. A source in whose answer a run is stuck is left after
/// [`GRACE`].
pub(super) fn watch() -> &'static AtomicBool {
    // where no handler can be set, Ctrl-C ends the process as it always does
    let _ = ctrlc::try_set_handler(|| {
        ASKED.store(true, Ordering::Relaxed);
        thread::sleep(GRACE);
        tell();
        process::exit(INTERRUPTED.into());
    });
    &ASKED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_says_how_far_it_had_come() {
        let said = |done, total| Interrupted { done, total }.to_string();
        assert_eq!(said(0, 0), "interrupted before the first series; run again");
        assert_eq!(said(0, 9), "interrupted before the first of 9 series; they are asked for next time");
        assert_eq!(said(0, 1), "interrupted before the only series; it is asked for next time");
        assert_eq!(said(1, 1), "interrupted after the only series; it is kept");
        assert!(said(2, 9).starts_with("interrupted after 2 of 9 series; those are kept, "));
        assert_eq!(said(9, 9), "interrupted after all 9 series; those are kept");
    }
}
