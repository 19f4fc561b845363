//! Ctrl-C, and the polite end a supervisor asks for.

use std::fmt;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::run::INTERRUPTED;

static ASKED: AtomicBool = AtomicBool::new(false);
static NEVER: AtomicBool = AtomicBool::new(false);

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
        write!(f, "interrupted after {done} of {total} series; those are kept, the others are asked for next time")
    }
}

impl std::error::Error for Interrupted {}

/// A flag that nobody sets.
pub(super) fn never() -> &'static AtomicBool {
    &NEVER
}

/// The flag that Ctrl-C sets from now on. A source in whose answer a run is stuck is left after
/// [`GRACE`].
pub(super) fn watch() -> &'static AtomicBool {
    // where no handler can be set, Ctrl-C ends the process as it always does
    let _ = ctrlc::try_set_handler(|| {
        ASKED.store(true, Ordering::Relaxed);
        thread::sleep(GRACE);
        process::exit(INTERRUPTED.into());
    });
    &ASKED
}
