//! `rotation fetch`: asks the sources for what is due, and stores what they serve.

mod bar;
mod command;
mod interrupt;
mod keep;
mod list;
mod members;
mod plan;
mod report;
mod round;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};

pub use bar::Bar;
pub use command::{command, needed};
pub use interrupt::Interrupted;
pub use list::{List, Listed};
pub use members::{Members, fetch_members, render_members};
pub use report::{Became, Fetched, Line, render};

use crate::bars::Columns;
use crate::calendar::Calendar;
use crate::config::{Keys, Settings};
use crate::fetch::{Limits, Monotonic};
use crate::store::Store;
use round::Round;

/// What is to be fetched, and how.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    /// Inputs or series by name, due or not; empty for all that are due.
    pub names: Vec<String>,
    /// Whole series anew instead of what follows the stored ones.
    pub full: bool,
    /// Only what a verdict needs: not the inputs of the track record.
    pub needed_only: bool,
    /// How long to wait for another run that writes to the store.
    pub wait: Duration,
    /// Whether `now` is the machine's clock, to be compared with the sources' clocks.
    pub live_clock: bool,
    /// Bounds of the requests.
    pub limits: Limits,
    /// Keys of the sources that want one.
    pub keys: Keys,
    /// Begins to watch for an interruption; the flag it returns is looked at after each series.
    pub watch: fn() -> &'static AtomicBool,
}

impl Default for FetchRequest {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            full: false,
            needed_only: false,
            wait: Duration::from_secs(30),
            live_clock: true,
            limits: Limits::default(),
            keys: Keys::new(),
            watch: interrupt::never,
        }
    }
}

/// How far a fetch has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Series done with.
    pub done: usize,
    /// Series in all.
    pub total: usize,
    /// The series just done with.
    pub series: String,
}

/// Asks for what is due, or named, and stores it. The store is locked from the first request to the
/// last file, so that two runs do not ask for the same; when nothing is due it is not touched.
///
/// # Errors
/// [`UsageError`](super::UsageError) for an unknown name, [`Locked`](crate::store::Locked), or a store that
/// cannot be written to. A series that fails is no error: the report says so, the others are kept.
pub fn fetch(
    request: &FetchRequest,
    store: &Store,
    settings: &Settings,
    calendar: &Calendar,
    now: DateTime<Utc>,
    progress: &dyn Fn(Progress),
) -> Result<Fetched> {
    let candidates = plan::candidates(request, settings)?;
    let clock = Monotonic::start();
    Round::new(request, store, settings, calendar, now, &clock).fetch(candidates, None, progress)
}

/// Days with a value, for the report.
fn span(columns: &Columns) -> Option<(crate::day::Day, crate::day::Day)> {
    let days = columns.days();
    Some((*days.first()?, *days.last()?))
}
