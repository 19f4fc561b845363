//! `rotation fetch --universe`: who the members of an index are, then the bars of each.
//!
//! Members are asked for in rounds, and the store is free between two of them: a run of a quarter of an hour keeps
//! no other waiting. What is held and not due is not asked for, so that a run goes on where one ended.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::list::{List, Listed, list};
use super::plan::Candidate;
use super::round::{Place, Round};
use super::{Became, FetchRequest, Fetched, Interrupted, Progress};
use crate::bars::{SeriesId, Warning};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::fetch::{Fault, Monotonic};
use crate::run::quality;
use crate::store::Store;
use crate::universe::Universe;

/// Members of one round: twenty seconds at the usual pace, so that a run that waits for the store gets it.
const AT_ONCE: usize = 40;
/// Time between two rounds in which another run may take the store.
const PAUSE: Duration = Duration::from_millis(120);
/// Of a round's requests, more than one in so many refused …
const BLOCKED_ONE_IN: usize = 5;
/// … and at least so many, and the rest is not asked for.
const BLOCKED_LEAST: usize = 3;

/// What a fetch of members did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    /// The universe.
    pub universe: &'static str,
    /// The list that was gone by; none where none is to be had.
    pub list: Option<List>,
    /// Members whose bars are as new as they can be, and were not asked for.
    pub not_due: usize,
    /// Members stored whole.
    pub whole: usize,
    /// Members with new rows.
    pub extended: usize,
    /// Members of which the source has nothing new.
    pub unchanged: usize,
    /// Members that no source knows.
    pub unknown: usize,
    /// Members that failed, or were left as they are.
    pub failed: usize,
    /// Members not asked for any more, as the sources refused those before.
    pub stopped: usize,
    /// Members whose bars were stored and may not be used.
    pub withheld: usize,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl Members {
    /// Whether something asked for is not to be had: exit code 3. A member that no source knows is gone
    /// from the market.
    pub fn partial(&self) -> bool {
        let had = |list: &List| matches!(list.from, Listed::Source | Listed::Store);
        let list_failed = !self.list.as_ref().is_some_and(had);
        list_failed || self.failed > 0 || self.stopped > 0 || self.withheld > 0
    }

    /// Counts a round.
    fn count(&mut self, round: &Fetched) {
        for line in &round.lines {
            match &line.became {
                Became::Whole { .. } => self.whole += 1,
                Became::Extended { .. } => self.extended += 1,
                Became::Unchanged => self.unchanged += 1,
                Became::Failed(error) if error.fault == Fault::NotFound => self.unknown += 1,
                Became::Failed(_) | Became::Foreign(_) | Became::Untouched { .. } => self.failed += 1,
            }
        }
    }
}

/// Fetches the list of a universe's members where it is due, then the bars of those that are.
///
/// # Errors
/// [`Interrupted`], [`Locked`](crate::store::Locked), or a store that cannot be written to.
pub fn fetch_members(
    universe: &'static Universe,
    request: &FetchRequest,
    store: &Store,
    settings: &Settings,
    calendar: &Calendar,
    now: DateTime<Utc>,
    progress: &dyn Fn(Progress),
) -> Result<Members> {
    let clock = Monotonic::start();
    let round = Round::new(request, store, settings, calendar, now, &clock);
    let interrupted = (request.watch)();
    let mut members = Members { universe: universe.name, ..Members::default() };
    let Some((snapshot, list)) = list(&round, universe, &mut members.warnings)? else { return Ok(members) };
    members.list = Some(list);
    let all: Vec<SeriesId> = snapshot.members.iter().map(|member| SeriesId::bars(&member.symbol)).collect();
    let mut said = Vec::new();
    let mut done = 0;
    for part in all.chunks(AT_ONCE) {
        if interrupted.load(Ordering::Relaxed) {
            return Err(Interrupted { done, total: all.len() }.into());
        }
        let candidates = part.iter().map(candidate).collect();
        let fetched = round.fetch(candidates, Some(Place { before: done, of: all.len() }), progress)?;
        done += part.len();
        progress(Progress { done, total: all.len(), series: String::new() });
        members.not_due += part.len() - fetched.lines.len();
        members.count(&fetched);
        let stored = |became: &Became| matches!(became, Became::Whole { .. } | Became::Extended { .. });
        let stored = fetched.lines.iter().filter(|line| stored(&line.became)).map(|line| line.series.clone());
        let (found, withheld) =
            quality::stored(store, &stored.collect::<Vec<_>>(), settings, calendar, &fetched.warnings);
        members.withheld += withheld;
        let refused = refused(&fetched);
        let asked = fetched.lines.len();
        said.extend(fetched.warnings.into_iter().chain(found));
        if refused >= BLOCKED_LEAST && refused * BLOCKED_ONE_IN > asked {
            members.stopped = all.len() - done;
            break;
        }
        if asked > 0 && done < all.len() {
            thread::sleep(PAUSE);
        }
    }
    members.warnings.extend(together(said));
    Ok(members)
}

fn candidate(id: &SeriesId) -> Candidate {
    Candidate { input: id.name.clone(), id: id.clone(), named: false }
}

/// Series of a round that failed for a fault of the source, not their own.
fn refused(fetched: &Fetched) -> usize {
    let refused = |became: &Became| matches!(became, Became::Failed(error) if error.fault.concerns_all());
    fetched.lines.iter().filter(|line| refused(&line.became)).count()
}

/// Members that a message names.
const NAMED: usize = 8;

/// Warnings of many members, those of a kind together: the first in full, the others by name.
fn together(said: Vec<Warning>) -> Vec<Warning> {
    let mut kinds: BTreeMap<&'static str, Vec<Warning>> = BTreeMap::new();
    for warning in said {
        kinds.entry(warning.code).or_default().push(warning);
    }
    let one = |(code, mut all): (&'static str, Vec<Warning>)| {
        let mut first = all.remove(0);
        let mut names: Vec<String> = all.into_iter().filter_map(|warning| warning.input).collect();
        names.sort();
        names.dedup();
        names.retain(|name| first.input.as_ref() != Some(name));
        if !names.is_empty() {
            let shown = names[..names.len().min(NAMED)].join(", ");
            let more = if names.len() > NAMED { ", …" } else { "" };
            let _ = write!(first.message, "; the like ({code}) of {} more: {shown}{more}", names.len());
            first.input = None;
        }
        first
    };
    kinds.into_iter().map(one).collect()
}

/// The outcome as text.
pub fn render_members(members: &Members) -> String {
    let name = format!("universe/{}", members.universe);
    let Some(list) = &members.list else { return format!("{name}  no list of members\n") };
    let how = match list.from {
        Listed::Source => "new list",
        Listed::SourceAlone => "new list, which is not stored",
        Listed::Store => "held list",
        Listed::StoreInstead => "held list, as no newer one could be had",
    };
    let mut text = format!("{name}  {} members of {}, {how}\n", list.members, list.day);
    let counts = [
        (members.not_due, "not due"),
        (members.whole, "stored whole"),
        (members.extended, "with new rows"),
        (members.unchanged, "with nothing new"),
        (members.unknown, "unknown to the sources"),
        (members.failed, "failed"),
        (members.withheld, "withheld"),
        (members.stopped, "not asked for, as the sources refuse: run again later, it goes on from here"),
    ];
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(text, "{count:>6} {what}");
    }
    text
}
