//! `rotation journal`, and how a verdict gets into it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use chrono::SecondsFormat;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Outcome, UsageError, forwards};
use crate::bars::Warning;
use crate::cli;
use crate::day::Day;
use crate::journal::{Change, Entry, Journal, inputs_hash, settings_hash};
use crate::report::{self, Report};
use crate::store::Store;

/// A verdict to be noted once it was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    root: PathBuf,
    wait: Duration,
    entry: Entry,
}

/// Two verdicts of the journal, compared.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// What changed from the first, whose session it names.
    #[serde(flatten)]
    pub change: Change,
    /// The session of the second.
    pub to_session: Day,
    /// Whether both were given under the same settings.
    pub same_settings: bool,
    /// Whether both rest on the same data.
    pub same_inputs: bool,
}

impl Note {
    /// Appends the verdict to the journal, unless it is there.
    pub fn write(&self) -> Result<()> {
        let store = Store::at(self.root.clone())?;
        if Journal::new(store.journal()?).line(&self.entry).is_none() {
            return Ok(());
        }
        let mut writer = store.lock(self.wait)?;
        // whoever held the lock may have noted it
        if let Some(line) = Journal::new(store.journal()?).line(&self.entry) {
            writer.append_journal(&line)?;
        }
        writer.finish().map(|_| ())
    }
}

/// What `report` says, as a line of the journal.
pub(super) fn entry(report: &Report, context: &Context) -> Entry {
    Entry {
        session: report.as_of,
        settings: settings_hash(&context.settings),
        inputs: inputs_hash(&report.inputs),
        stage: report.verdict.stage,
        score: report.verdict.score.rounded(),
        coverage: report.verdict.coverage.rounded(),
        votes: report.signals.iter().map(|row| (row.id.to_owned(), row.vote)).collect(),
        written_at: context.now.to_rfc3339_opts(SecondsFormat::Secs, true),
        version: env!("CARGO_PKG_VERSION").into(),
    }
}

/// What changed since the verdict before `entry`, `None` where there is none, and a warning where the
/// journal cannot be read.
pub(super) fn change(entry: &Entry, context: &Context) -> (Option<Change>, Option<Warning>) {
    let Some(root) = context.store.clone() else { return (None, None) };
    match Store::at(root).and_then(|store| store.journal()) {
        Ok(text) => (Journal::new(text).before(entry).map(|before| Change::between(&before, entry)), None),
        Err(error) => {
            let message = format!("{error:#}; what changed since the last run is not known");
            (None, Some(Warning::general("journal_unreadable", message)))
        }
    }
}

/// The verdict to be noted, where a store is known.
pub(super) fn note(entry: Entry, context: &Context) -> Option<Note> {
    let root = context.store.clone()?;
    Some(Note { root, wait: context.wait, entry })
}

/// Runs the command.
pub fn command(flags: &cli::Journal, context: &Context) -> Result<Outcome> {
    forwards(flags.from, flags.to)?;
    let store = context.store()?;
    let (entries, unread) = Journal::new(store.journal()?).entries();
    let mut outcome = Outcome::default();
    if unread > 0 {
        let [lines, hold, are] = if unread == 1 { ["line", "holds", "is"] } else { ["lines", "hold", "are"] };
        outcome.notes.push(format!("warning: {unread} {lines} of the journal {hold} no verdict and {are} not shown"));
    }
    outcome.result = match (&flags.diff[..], flags.format.as_str()) {
        (&[from, to], format) => {
            let compared = compare(at(&entries, from)?, at(&entries, to)?);
            match format {
                "ndjson" => serde_json::to_string(&compared)? + "\n",
                _ => report::journal::difference(
                    &compared.change,
                    compared.to_session,
                    &reasons(&compared),
                    &context.page,
                ),
            }
        }
        (_, format) => {
            let chosen: Vec<&Entry> = entries.iter().filter(|entry| flags.asks_for(entry.session)).collect();
            match format {
                "ndjson" => {
                    chosen.iter().map(|entry| Ok(serde_json::to_string(entry)? + "\n")).collect::<Result<_>>()?
                }
                _ if chosen.is_empty() => {
                    let root = store.root().display();
                    format!("the journal in `{root}` has no such verdict; every live `rotation check` adds one\n")
                }
                _ => report::journal::list(&chosen, &context.page),
            }
        }
    };
    Ok(outcome)
}

/// The last verdict up to `day`.
fn at(entries: &[Entry], day: Day) -> Result<&Entry> {
    let up_to = entries.iter().filter(|entry| entry.session <= day);
    let none = || {
        UsageError(format!("the journal has no verdict up to {day}; `rotation journal` lists those there are")).into()
    };
    up_to.max_by_key(|entry| entry.session).ok_or_else(none)
}

fn compare(from: &Entry, to: &Entry) -> Comparison {
    Comparison {
        change: Change::between(from, to),
        to_session: to.session,
        same_settings: from.settings == to.settings,
        same_inputs: from.inputs == to.inputs,
    }
}

/// What may have changed a verdict beside the market.
fn reasons(compared: &Comparison) -> Vec<&'static str> {
    let settings = (!compared.same_settings).then_some("the settings differ");
    let inputs = (!compared.same_inputs).then_some("the data differ");
    settings.into_iter().chain(inputs).collect()
}
