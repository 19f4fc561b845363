//! `rotation fetch --universe`: who the members of an index are, then the bars of each.
//!
//! Members are asked for in rounds, and the store is free between two of them: a run of a quarter of an hour keeps
//! no other waiting. What is held and not due is not asked for, so that a run goes on where one ended.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use anyhow::{Error, Result};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::plan::Candidate;
use super::round::{Place, Round};
use super::{Became, FetchRequest, Fetched, Interrupted, Progress};
use crate::bars::{IMPORTED, SeriesId, Warning};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::fetch::{Fault, ISHARES, Monotonic};
use crate::run::quality;
use crate::store::{LeftFile, Outcome, Store};
use crate::universe::{Holdings, Snapshot, Universe};

/// Members of one round: twenty seconds at the usual pace, so that a run that waits for the store gets it.
const AT_ONCE: usize = 40;
/// Time between two rounds in which another run may take the store.
const PAUSE: Duration = Duration::from_millis(120);
/// Sessions after which a list is asked for again: members change by the month, weights by the minute.
const LIST_SESSIONS: u32 = 5;
/// Hours after an answer with the list that is held.
const SAME_LIST_HOURS: i64 = 20;
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

/// A list of members that was gone by.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The day it is for.
    pub day: Day,
    /// How many members.
    pub members: usize,
    /// Where it is from.
    pub from: Listed,
}

/// Where a list of members is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// The source, and it is stored.
    Source,
    /// The source, but it could not be stored.
    SourceAlone,
    /// The store.
    Store,
    /// The store, as the source did not serve.
    StoreInstead,
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

/// The list to go by: the source's where it is due, else the newest held; `None` where neither is had.
fn list(round: &Round, universe: &Universe, warnings: &mut Vec<Warning>) -> Result<Option<(Snapshot, List)>> {
    let name = universe.name;
    let (held, found) = round.store.latest_snapshot(name)?;
    warnings.extend(found);
    if !round.request.full && !is_due(round, universe, held.as_ref()) {
        return Ok(held.map(|held| gone_by(held, Listed::Store)));
    }
    let error = match round.desk().members(universe) {
        Ok(read) => return take(round, universe, read, held, warnings).map(Some),
        Err(error) => error,
    };
    let instead = match &held {
        Some(held) => format!("; the list of {} is gone by", held.day),
        None => "; no list is held: give one with `rotation import`".to_owned(),
    };
    let message = format!("members of `{name}` from {ISHARES}: {error}{instead}");
    warnings.push(Warning::about(error.fault.code(), name, message));
    note(round, universe, Outcome::Failed)?;
    Ok(held.map(|held| gone_by(held, Listed::StoreInstead)))
}

fn gone_by(snapshot: Snapshot, from: Listed) -> (Snapshot, List) {
    let list = List { day: snapshot.day, members: snapshot.members.len(), from };
    (snapshot, list)
}

/// Stores what the source lists, unless it is held, older than what is, or of the day of a list that the
/// user gave.
fn take(
    round: &Round,
    universe: &Universe,
    read: Holdings,
    held: Option<Snapshot>,
    warnings: &mut Vec<Warning>,
) -> Result<(Snapshot, List)> {
    let name = universe.name;
    let given = |held: &Snapshot| held.day == read.day && held.source == IMPORTED;
    if let Some(held) = held.filter(|held| held.day > read.day || held.members == read.members || given(held)) {
        if held.day > read.day {
            let message = format!("members of `{name}`: {ISHARES} has those of {}, {} are held", read.day, held.day);
            warnings.push(Warning::about("answer_shrunk", name, message));
        }
        note(round, universe, Outcome::NothingNew)?;
        return Ok(gone_by(held, Listed::Store));
    }
    let fetched_at = round.now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let snapshot = Snapshot { day: read.day, source: ISHARES.into(), fetched_at, members: read.members };
    let mut writer = round.store.lock(round.request.wait)?;
    let stored = writer.put_snapshot(name, &snapshot);
    warnings.extend(writer.finish()?);
    let from = match stored.map_err(Error::downcast::<LeftFile>) {
        Ok(_) => Listed::Source,
        Err(Ok(left)) => {
            warnings.push(Warning::about(left.code(), name, left.to_string()));
            Listed::SourceAlone
        }
        Err(Err(error)) => return Err(error),
    };
    note(round, universe, Outcome::New)?;
    Ok(gone_by(snapshot, from))
}

/// The name under which it is recorded when a list was asked for.
fn record(universe: &Universe) -> String {
    format!("universe/{}", universe.name)
}

/// Whether the list is to be asked for.
fn is_due(round: &Round, universe: &Universe, held: Option<&Snapshot>) -> bool {
    let Some(held) = held else { return true };
    let age = round.calendar.age(held.day, round.calendar.last_finished(round.now));
    let last = round.store.asked().0.last(&record(universe), ISHARES).filter(|answer| answer.at <= round.now);
    let answered = |hours| {
        last.is_some_and(|answer| answer.outcome != Outcome::Failed && round.now - answer.at < TimeDelta::hours(hours))
    };
    age > LIST_SESSIONS && !answered(SAME_LIST_HOURS)
}

fn note(round: &Round, universe: &Universe, outcome: Outcome) -> Result<()> {
    let mut writer = round.store.lock(round.request.wait)?;
    let mut asked = round.store.asked().0;
    asked.note(&record(universe), ISHARES, round.now, outcome);
    writer.put_asked(&asked)?;
    writer.finish().map(drop)
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
