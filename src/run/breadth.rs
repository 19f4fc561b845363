//! `rotation breadth`: the daily breadth of a universe.

use std::fmt::Write;

use anyhow::{Context as _, Result, ensure};
use rayon::prelude::*;

use super::universe::{self, Counted, Folder, Universe};
use super::{Context, GOOD, Outcome, PARTIAL, UsageError};
use crate::bars::SeriesId;
use crate::cli;
use crate::day::Day;
use crate::demo::Members;
use crate::import::Clock;
use crate::report::Figure;
use crate::series::{Breadth, MEANS};
use crate::store::Store;
use crate::universe::{Member, Membership};

/// Share of the members, in percent, without bars above which the result counts as partial.
const LACKING_PERCENT: usize = 20;

/// Runs the command.
pub fn breadth(flags: &cli::Breadth, context: &Context) -> Result<Outcome> {
    if let (Some(from), Some(to)) = (flags.from, flags.to)
        && from > to
    {
        return Err(UsageError(format!("`--from {from}` lies after `--to {to}`")).into());
    }
    let finished = context.calendar.last_finished(context.now);
    let Taken { membership, counted, mut notes } = if flags.demo {
        of_demo(context, finished)
    } else if let Some(folder) = &flags.bars {
        of_folder(flags, &Folder::list(folder)?, context, finished)?
    } else {
        of_store(flags, &context.store()?, context, finished)?
    };
    let all = membership.members.len();
    let warnings = counted.warnings(all);
    notes.extend(warnings.iter().map(|warning| format!("warning: {}", warning.message)));
    let (first, last) = counted.breadth.span().with_context(|| {
        let told = notes.iter().fold(String::new(), |text, note| text + "\n  " + note);
        format!("none of {all} members has bars up to {finished}: nothing can be counted{told}")
    })?;
    let days = &counted.breadth.sessions;
    let age = context.calendar.age(days[last], finished);
    let stale = age > 0 && flags.bars.is_none() && flags.to.is_none_or(|to| to > days[last]);
    if stale {
        let message = format!("the last bars are of {}, {age} sessions before the last finished session", days[last]);
        notes.push(format!("warning: {message}"));
    }
    if membership.dated_from.is_none_or(|from| days[first] < from) && !flags.demo {
        notes.push(survivors(&membership));
    }
    let rows = (first..=last).filter(|&t| flags.from.is_none_or(|from| days[t] >= from));
    let rows: Vec<usize> = rows.filter(|&t| flags.to.is_none_or(|to| days[t] <= to)).collect();
    let unusable = !counted.unusable.is_empty() || !counted.withheld.is_empty();
    let partial = stale || unusable || 100 * counted.lacking.len() > LACKING_PERCENT * all;
    let synthetic = flags.demo;
    let table = Table { breadth: &counted.breadth, dated_from: membership.dated_from, synthetic };
    Ok(Outcome {
        result: table.render(&rows, flags.format == "ndjson"),
        notes,
        details: counted.details(),
        code: if partial { PARTIAL } else { GOOD },
        ..Outcome::default()
    })
}

/// What was counted, of whom, and what is to be said of it.
struct Taken {
    membership: Membership,
    counted: Counted,
    notes: Vec<String>,
}

fn of_demo(context: &Context, finished: Day) -> Taken {
    let members = Members::new(&context.calendar, finished);
    let membership = members.membership();
    let sessions = context.calendar.between(EARLIEST, finished);
    let counted = universe::count(&membership, sessions, universe::made(&members));
    Taken { membership, counted, notes: vec!["SYNTHETIC DEMO DATA: no real market".into()] }
}

/// Before every session that is counted.
const EARLIEST: Day = Day::from_number(-100_000);

fn of_folder(flags: &cli::Breadth, folder: &Folder, context: &Context, finished: Day) -> Result<Taken> {
    let listed = flags.universe.as_deref().or(context.settings.universe.as_deref());
    let (membership, notes) = match listed {
        Some(path) => told(universe::of_file(path, context)?),
        None => (Membership::undated(folder.0.keys().map(Member::bare)), Vec::new()),
    };
    let sessions = context.calendar.between(EARLIEST, finished);
    let load = universe::of_folder(folder, Clock::new(&context.calendar, context.now));
    Ok(Taken { counted: universe::count(&membership, sessions, load), membership, notes })
}

fn of_store(flags: &cli::Breadth, store: &Store, context: &Context, finished: Day) -> Result<Taken> {
    let listed = match flags.universe.as_deref().or(context.settings.universe.as_deref()) {
        Some(path) => Some(universe::of_file(path, context)?),
        None => universe::of_lists(store)?,
    };
    let listed = listed.with_context(|| {
        format!(
            "the store `{}` lists no members: name them with `--universe FILE`, take a fund's holdings with \
             `rotation import FILE`, or read CSV files with `--bars DIR`",
            store.root().display()
        )
    })?;
    let (membership, notes) = told(listed);
    // as in the verdict: sessions are counted from SPY's first bar on, where it is held
    let spy = SeriesId::bars("SPY");
    let loaded = store.load_only(std::slice::from_ref(&spy)).shelf;
    let first = loaded.get(&spy).and_then(|spy| spy.columns.days().first().copied());
    let sessions = context.calendar.between(first.unwrap_or(EARLIEST), finished);
    ensure!(!sessions.is_empty(), "no session has finished since the first bar of `SPY`");
    let counted = universe::count(&membership, sessions, universe::of_store(store, &context.calendar));
    Ok(Taken { membership, counted, notes })
}

/// The members, and the warnings about their lists as notes.
fn told(universe: Universe) -> (Membership, Vec<String>) {
    let notes = universe.warnings.iter().map(|warning| format!("warning: {}", warning.message));
    (universe.membership, notes.collect())
}

/// What is to be thought of the past of today's members.
fn survivors(membership: &Membership) -> String {
    let until = membership.dated_from.map_or_else(String::new, |from| format!("before {from} "));
    format!(
        "note: {until}the members of one list are counted throughout: they are survivors, and the past looks broader \
         than it was; lists by day (`date,symbol`) avoid that"
    )
}

/// Breadth as lines of text.
struct Table<'a> {
    breadth: &'a Breadth,
    dated_from: Option<Day>,
    synthetic: bool,
}

/// A column of figures.
enum Column<'a> {
    Count(&'a [u32]),
    Number(Vec<f64>),
}

/// Sessions that are written at a time.
const ROWS: usize = 512;

impl Table<'_> {
    /// The sessions `rows`, in order.
    fn render(&self, rows: &[usize], json: bool) -> String {
        let columns = self.columns();
        let write = |rows: &[usize]| {
            let mut text = String::with_capacity(rows.len() * 240);
            for &t in rows {
                self.write(&mut text, &columns, t, json);
            }
            text
        };
        let parts: Vec<String> = rows.par_chunks(ROWS).map(write).collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let header = if json { String::new() } else { format!("date,{},membership\n", names.join(",")) };
        header + &parts.concat()
    }

    fn columns(&self) -> Vec<(&'static str, Column<'_>)> {
        const ABOVE: [&str; MEANS.len()] = ["above_20d", "above_50d", "above_100d", "above_150d", "above_200d"];
        const FULL: [&str; MEANS.len()] = ["n_20d", "n_50d", "n_100d", "n_150d", "n_200d"];
        let Breadth { members, full, full_year, new_highs, new_lows, advancing, declining, unchanged, .. } =
            self.breadth;
        let mut columns = vec![("members", Column::Count(members))];
        columns.extend((0..MEANS.len()).map(|i| (ABOVE[i], Column::Number(self.breadth.above_share(i)))));
        columns.extend([
            ("new_highs", Column::Count(new_highs)),
            ("new_lows", Column::Count(new_lows)),
            ("advancing", Column::Count(advancing)),
            ("declining", Column::Count(declining)),
            ("unchanged", Column::Count(unchanged)),
            ("ad_line", Column::Number(self.breadth.ad_line())),
            ("mcclellan", Column::Number(self.breadth.mcclellan())),
        ]);
        columns.extend((0..MEANS.len()).map(|i| (FULL[i], Column::Count(&full[i]))));
        columns.push(("n_252d", Column::Count(full_year)));
        columns
    }

    /// Adds the line of session `t`. Writing to a string does not fail.
    fn write(&self, text: &mut String, columns: &[(&str, Column)], t: usize, json: bool) {
        let day = self.breadth.sessions[t];
        let _ = if json { write!(text, "{{\"date\":\"{day}\"") } else { write!(text, "{day}") };
        for (name, column) in columns {
            text.push(',');
            if json {
                let _ = write!(text, "\"{name}\":");
            }
            let _ = match column {
                Column::Count(counts) => write!(text, "{}", counts[t]),
                Column::Number(numbers) => match Figure(numbers[t]).rounded() {
                    Some(number) => write!(text, "{number}"),
                    None => write!(text, "{}", if json { "null" } else { "" }),
                },
            };
        }
        let membership = match self.dated_from {
            _ if self.synthetic => "synthetic",
            Some(from) if day >= from => "dated",
            _ => "survivors",
        };
        let _ =
            if json { writeln!(text, ",\"membership\":\"{membership}\"}}") } else { writeln!(text, ",{membership}") };
    }
}
