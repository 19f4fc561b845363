//! The commands: one command, one file. They compute what is to be printed; `main` prints it.

pub mod breadth;
pub mod check;
pub mod config;
pub mod describe;
pub mod evidence;
pub mod fetch;
pub mod history;
pub mod import;
pub mod journal;
mod market;
mod quality;
pub mod store;
mod universe;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};

use crate::calendar::Calendar;
use crate::config::{Environment, Given, Settings};
use crate::day::Day;
use crate::report::Page;
use crate::store::Store;

/// Exit code: all is well.
pub const GOOD: u8 = 0;
/// Exit code: failed.
pub const FAILED: u8 = 1;
/// Exit code: the command line or the configuration is wrong.
pub const USAGE: u8 = 2;
/// Exit code: stale, partial or withheld.
pub const PARTIAL: u8 = 3;
/// Exit code: interrupted.
pub const INTERRUPTED: u8 = 130;
/// Exit code: another run holds the store.
pub const LOCKED: u8 = 75;

/// What every command is told.
#[derive(Clone, Debug)]
pub struct Context {
    /// Sources, bands, weights, groups.
    pub settings: Settings,
    /// The store's folder, if one is known.
    pub store: Option<PathBuf>,
    /// Who decided about the settings and the store.
    pub given: Given,
    /// The exchange's sessions.
    pub calendar: Calendar,
    /// The clock.
    pub now: DateTime<Utc>,
    /// Whether that is the machine's own, and not one the user set.
    pub live_clock: bool,
    /// How long to wait for another run.
    pub wait: Duration,
    /// Width, colour and characters of the output.
    pub page: Page,
    /// What the process was started with.
    pub environment: Environment,
}

impl Context {
    /// The store.
    ///
    /// # Errors
    /// When no folder is known for it, or what lies there is not to be used.
    pub fn store(&self) -> Result<Store> {
        let root = self.store.clone().context(
            "no folder is known for the store, as no home is set: name one with `--store DIR` or ROTATION_STORE",
        )?;
        Store::at(root)
    }
}

/// What a command leaves behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The result, for stdout; empty for none.
    pub result: String,
    /// What the user should know, for stderr, a line each.
    pub notes: Vec<String>,
    /// What the user may want to know, for stderr when asked for.
    pub details: Vec<String>,
    /// Exit code.
    pub code: u8,
    /// A verdict to be noted in the journal once the result was shown.
    pub verdict: Option<journal::Note>,
}

/// Refuses days the wrong way round.
fn forwards(from: Option<Day>, to: Option<Day>) -> Result<(), UsageError> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            Err(UsageError(format!("`--from {from}` lies after `--to {to}`; give the earlier day first")))
        }
        _ => Ok(()),
    }
}

/// A request that makes no sense: exit code 2.
#[derive(Debug)]
pub struct UsageError(pub String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
