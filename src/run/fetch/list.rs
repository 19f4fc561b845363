//! The list of a universe's members: the source's where it is due, else the one held.

use anyhow::{Error, Result};
use chrono::{SecondsFormat, TimeDelta};

use super::round::Round;
use crate::bars::{IMPORTED, Warning};
use crate::day::Day;
use crate::fetch::ISHARES;
use crate::store::{LeftFile, Outcome};
use crate::universe::{Holdings, Snapshot, Universe};

/// Sessions after which a list is asked for again: members change by the month, weights by the minute.
const LIST_SESSIONS: u32 = 5;
/// Hours after an answer with the list that is held.
const SAME_LIST_HOURS: i64 = 20;

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

/// The list to go by: the source's where it is due, else the newest held; `None` where neither is had.
pub(super) fn list(
    round: &Round,
    universe: &Universe,
    warnings: &mut Vec<Warning>,
) -> Result<Option<(Snapshot, List)>> {
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
