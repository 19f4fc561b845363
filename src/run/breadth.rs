//! `rotation breadth`: the daily breadth of a universe.

use anyhow::{Context as _, Result, ensure};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::quality::FETCH_UNIVERSE;
use super::universe::{self, Counted, Folder, Universe};
use super::{Context, GOOD, Outcome, PARTIAL, forwards};
use crate::bars::{SeriesId, Warning};
use crate::cli;
use crate::day::Day;
use crate::demo::Members;
use crate::import::Clock;
use crate::report::{Figure, count};
use crate::series::{Breadth, MEANS};
use crate::store::Store;
use crate::universe::{Member, Membership};

/// Share of the members, in percent, without bars above which the result counts as partial.
const LACKING_PERCENT: usize = 20;

/// Runs the command.
pub fn breadth(flags: &cli::Breadth, context: &Context) -> Result<Outcome> {
    forwards(flags.from, flags.to)?;
    let finished = context.calendar.last_finished(context.now);
    let Taken { membership, counted, mut warnings } = if flags.demo {
        of_demo(context, finished)
    } else if let Some(folder) = &flags.bars {
        of_folder(flags, &Folder::list(folder)?, context, finished)?
    } else {
        of_store(flags, &context.store()?, context, finished)?
    };
    let all = membership.members.len();
    warnings.extend(counted.warnings(all));
    let label = flags.demo.then(|| "SYNTHETIC DEMO DATA: no real market".to_owned());
    let said = warnings.iter().map(|warning| format!("warning: {}", warning.message));
    let mut notes: Vec<String> = label.into_iter().chain(said).collect();
    let (first, last) = counted.breadth.span().with_context(|| {
        let told = notes.iter().fold(String::new(), |text, note| text + "\n  " + note);
        let all = count(all, "member");
        format!("none of {all} has bars up to {finished}: nothing can be counted; {}{told}", missing(flags))
    })?;
    let days = &counted.breadth.sessions;
    let age = context.calendar.age(days[last], finished);
    let stale = age > 0 && flags.bars.is_none() && flags.to.is_none_or(|to| to > days[last]);
    if stale {
        let before = count(age as usize, "session");
        let message = format!("the last bars are of {}, {before} before the last finished session", days[last]);
        notes.push(format!("warning: {message}"));
    }
    if membership.dated_from.is_none_or(|from| days[first] < from) && !flags.demo {
        notes.push(survivors(&membership));
    }
    let rows = (first..=last).filter(|&t| flags.from.is_none_or(|from| days[t] >= from));
    let rows: Vec<usize> = rows.filter(|&t| flags.to.is_none_or(|to| days[t] <= to)).collect();
    let unusable = warnings.iter().any(|warning| warning.code.starts_with("file_"));
    let withheld = !counted.withheld.is_empty();
    let partial = stale || unusable || withheld || 100 * counted.lacking.len() > LACKING_PERCENT * all;
    let table = Table::new(&counted.breadth, membership.dated_from, flags.demo);
    Ok(Outcome {
        result: table.render(&rows, flags.format == "ndjson")?,
        notes,
        details: counted.details(),
        code: if partial { PARTIAL } else { GOOD },
        ..Outcome::default()
    })
}

/// How bars come to be where none are.
fn missing(flags: &cli::Breadth) -> String {
    match &flags.bars {
        Some(folder) => format!("put their files (`SYMBOL.csv`) into `{}`", folder.display()),
        None => format!(
            "bring them in with `rotation import`, those of the Russell 2000 with `rotation fetch {FETCH_UNIVERSE}`"
        ),
    }
}

/// What was counted, of whom, and what is to be said of it.
struct Taken {
    membership: Membership,
    counted: Counted,
    warnings: Vec<Warning>,
}

fn of_demo(context: &Context, finished: Day) -> Taken {
    let members = Members::new(&context.calendar, finished);
    let membership = members.membership();
    let sessions = context.calendar.between(EARLIEST, finished);
    let counted = universe::count(&membership, sessions, universe::made(&members));
    Taken { membership, counted, warnings: Vec::new() }
}

/// Before every session that is counted.
const EARLIEST: Day = Day::from_number(-100_000);

fn of_folder(flags: &cli::Breadth, folder: &Folder, context: &Context, finished: Day) -> Result<Taken> {
    let listed = flags.universe.as_deref().or(context.settings.universe.as_deref());
    let (membership, warnings) = match listed {
        Some(path) => {
            let Universe { membership, warnings, .. } = universe::of_file(path, context)?;
            (membership, warnings)
        }
        None => (Membership::undated(folder.0.keys().map(Member::bare)), Vec::new()),
    };
    let sessions = context.calendar.between(EARLIEST, finished);
    let load = universe::of_folder(folder, Clock::new(&context.calendar, context.now));
    Ok(Taken { counted: universe::count(&membership, sessions, load), membership, warnings })
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
    let Universe { membership, mut warnings, .. } = listed;
    // as in the verdict: sessions are counted from SPY's first bar on, where it is held
    let spy = SeriesId::bars("SPY");
    let loaded = store.load_part(std::slice::from_ref(&spy), |_| Some(&[]));
    warnings.extend(loaded.warnings);
    let first = loaded.shelf.get(&spy).and_then(|spy| spy.columns.days().first().copied());
    let sessions = context.calendar.between(first.unwrap_or(EARLIEST), finished);
    ensure!(!sessions.is_empty(), "no session has finished since the first bar of `SPY`");
    let counted = universe::count(&membership, sessions, universe::of_store(store, &context.calendar));
    Ok(Taken { membership, counted, warnings })
}

/// What is to be thought of the past of today's members.
fn survivors(membership: &Membership) -> String {
    let until = membership.dated_from.map_or_else(String::new, |from| format!("before {from} "));
    format!(
        "note: {until}the members of one list are counted throughout: they are survivors, and the past looks broader \
         than it was; lists by day (`date,symbol`) avoid that"
    )
}

/// The breadth of one session, as it is written.
#[derive(Serialize, JsonSchema)]
pub(super) struct Row {
    date: Day,
    /// Members with a close.
    members: u32,
    /// Share of the members with 20 closes whose close is above their mean; so on.
    above_20d: Figure,
    above_50d: Figure,
    above_100d: Figure,
    above_150d: Figure,
    above_200d: Figure,
    /// Members whose close is the highest of 252.
    new_highs: u32,
    /// Members whose close is the lowest of 252.
    new_lows: u32,
    advancing: u32,
    declining: u32,
    unchanged: u32,
    /// Advances less declines, summed up.
    ad_line: Figure,
    mcclellan: Figure,
    /// Members with 20 closes; so on.
    n_20d: u32,
    n_50d: u32,
    n_100d: u32,
    n_150d: u32,
    n_200d: u32,
    n_252d: u32,
    /// Who is counted: `survivors` of one list, those `dated` lists name, or `synthetic` ones.
    membership: &'static str,
}

/// Breadth as lines of text.
struct Table<'a> {
    breadth: &'a Breadth,
    above: [Vec<f64>; MEANS.len()],
    ad_line: Vec<f64>,
    mcclellan: Vec<f64>,
    dated_from: Option<Day>,
    synthetic: bool,
}

/// Sessions that are written at a time.
const ROWS: usize = 512;

impl<'a> Table<'a> {
    fn new(breadth: &'a Breadth, dated_from: Option<Day>, synthetic: bool) -> Self {
        let above = std::array::from_fn(|mean| breadth.above_share(mean));
        let (ad_line, mcclellan) = (breadth.ad_line(), breadth.mcclellan());
        Self { breadth, above, ad_line, mcclellan, dated_from, synthetic }
    }

    /// The sessions `rows`, in order.
    fn render(&self, rows: &[usize], json: bool) -> Result<String> {
        let parts: Vec<String> = rows
            .par_chunks(ROWS)
            .map(|rows| if json { self.objects(rows) } else { self.cells(rows, false) })
            .collect::<Result<_>>()?;
        // a line of names, whether or not a session follows
        let names = if json { String::new() } else { self.cells(&[0], true)? };
        Ok(names.lines().take(1).flat_map(|names| [names, "\n"]).collect::<String>() + &parts.concat())
    }

    fn objects(&self, rows: &[usize]) -> Result<String> {
        let line = |&t: &usize| Ok(serde_json::to_string(&self.line(t))? + "\n");
        rows.iter().map(line).collect()
    }

    fn cells(&self, rows: &[usize], names: bool) -> Result<String> {
        let mut writer = csv::WriterBuilder::new().has_headers(names).from_writer(Vec::new());
        for &t in rows {
            writer.serialize(self.line(t))?;
        }
        Ok(String::from_utf8(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)?)
    }

    /// The line of session `t`.
    fn line(&self, t: usize) -> Row {
        let breadth = self.breadth;
        let date = breadth.sessions[t];
        let (above, full) = (|mean: usize| Figure(self.above[mean][t]), |mean: usize| breadth.full[mean][t]);
        Row {
            date,
            members: breadth.members[t],
            above_20d: above(0),
            above_50d: above(1),
            above_100d: above(2),
            above_150d: above(3),
            above_200d: above(4),
            new_highs: breadth.new_highs[t],
            new_lows: breadth.new_lows[t],
            advancing: breadth.advancing[t],
            declining: breadth.declining[t],
            unchanged: breadth.unchanged[t],
            ad_line: Figure(self.ad_line[t]),
            mcclellan: Figure(self.mcclellan[t]),
            n_20d: full(0),
            n_50d: full(1),
            n_100d: full(2),
            n_150d: full(3),
            n_200d: full(4),
            n_252d: breadth.full_year[t],
            membership: match self.dated_from {
                _ if self.synthetic => "synthetic",
                Some(from) if date >= from => "dated",
                _ => "survivors",
            },
        }
    }
}
