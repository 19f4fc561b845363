//! `rotation store verify`: every hash, and everything that speaks against a series.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::members;
use crate::bars::{Kind, Series, SeriesId, Warning};
use crate::inputs::{self, Input, Need};
use crate::quality::{self, Nature};
use crate::report::count;
use crate::run::{Context, GOOD, Outcome, PARTIAL};
use crate::series::State;
use crate::store::Listing;
use crate::universe::MEMBERS_IMPLAUSIBLE;

/// Of a series whose last value is too old for its input: its day, its age, and what that makes of it.
fn old(id: &SeriesId, series: &Series, inputs: &[Input], context: &Context) -> Option<String> {
    let input = inputs.iter().find(|input| input.series.contains(id) && input.need != Need::Evidence)?;
    let (calendar, last) = (&context.calendar, *series.columns.days().last()?);
    let replaced = inputs::ends(&id.name).is_some_and(|end| last >= end);
    let known = if id.kind == Kind::Bars { last } else { inputs::known_from(&id.name, last, calendar) };
    let age = |day| calendar.age(day, calendar.last_finished(context.now));
    let word = match State::aged(age(known), input.carry_sessions) {
        State::Stale => "stale",
        State::Ended => "ended",
        _ => return None,
    };
    let old = count(age(last) as usize, "session");
    (!replaced).then(|| format!("its last value is of {last}, {old} old ({word})"))
}

/// Runs the command. What is damaged is set aside, as on every load.
pub(super) fn verify(context: &Context) -> Result<Outcome> {
    let store = context.store()?;
    if !store.exists()? {
        bail!("nothing is stored in `{}`: run `rotation fetch` or `rotation import PATH…`", store.root().display());
    }
    let inputs = inputs::inputs(&context.settings);
    let Listing { held: ids, lost, strange } = store.series()?;
    let mut unused: Vec<Warning> = strange.into_iter().chain(lost.into_values()).collect();
    let (_, asked) = store.asked();
    let mut text = String::new();
    let (mut held, mut withheld, mut notes) = (0, 0, 0);
    let refused = super::each(&store, &ids, None, |id, series| {
        held += 1;
        let findings = quality::examine(id, series, Nature::of(id, &inputs), &context.calendar);
        withheld += usize::from(findings.iter().any(|finding| finding.withholds));
        for finding in &findings {
            let word = if finding.withholds { "withheld" } else { "note" };
            notes += usize::from(!finding.withholds);
            let _ = writeln!(text, "{id}: {word}: {} ({})", finding, finding.code);
        }
        if let Some(old) = old(id, series, &inputs, context) {
            notes += 1;
            let _ = writeln!(text, "{id}: note: {old}");
        }
        Ok(())
    })?;
    unused.extend(refused);
    let universes = members::held(&store)?;
    for universe in &universes {
        // the newest has been read, and whatever is newer and damaged
        let read = universe.latest.as_ref().map(|latest| latest.day);
        let older = universe.days.iter().filter(|day| read.is_some_and(|read| **day < read));
        unused.extend(universe.warnings.iter().cloned());
        unused.extend(older.filter_map(|day| store.snapshot(&universe.name, *day).err()));
        if let Some(doubt) = universe.doubt() {
            notes += 1;
            let _ = writeln!(text, "universe/{}: note: {doubt} ({MEMBERS_IMPLAUSIBLE})", universe.name);
        }
    }
    for warning in unused.iter().chain(&asked) {
        let _ = writeln!(text, "{} ({})", warning.message, warning.code);
    }
    let (files, lists) = (unused.len(), universes.iter().map(|universe| universe.days.len()).sum::<usize>());
    let lists = if lists > 0 { format!(" and {} of members", count(lists, "list")) } else { String::new() };
    let (notes, unread) = (count(notes, "note"), count(files, "file"));
    let _ = writeln!(text, "{held} series{lists} verified: {withheld} withheld, {notes}; {unread} not used");
    let code = if withheld + files > 0 { PARTIAL } else { GOOD };
    let result = text.lines().map(|line| context.page.plain(line) + "\n").collect();
    Ok(Outcome { result, code, ..Outcome::default() })
}
