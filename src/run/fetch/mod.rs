//! `rotation fetch`: asks the sources for what is due, and stores what they serve.

mod bar;
mod command;
mod interrupt;
mod plan;
mod report;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

pub use bar::Bar;
pub use command::{command, needed};
pub use interrupt::Interrupted;
pub use report::{Became, Fetched, Line, render};

use crate::bars::{Borrowed, Columns, IMPORTED, Origin, Series, Warning};
use crate::calendar::Calendar;
use crate::config::{Keys, Settings};
use crate::fetch::{self, Answer, Arrival, Desk, Fault, FetchError, Lay, Limits, Monotonic, Wanted};
use crate::store::{Asked, Merge, NewerFile, Outcome, Store, Terms, Writer, merge};
use plan::{Plan, Planned};

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

/// A clock that differs this much from a source's is wrong.
const CLOCK_HOURS: i64 = 24;

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
    let plan = |candidates| plan::plan(candidates, request, store, settings, calendar, now);
    let looked = plan(&candidates);
    if looked.series.is_empty() {
        return Ok(Fetched { warnings: looked.warnings, ..Fetched::default() });
    }
    let mut writer = store.lock(request.wait)?;
    // another run may have fetched while this one waited
    let Plan { series, mut asked, mut warnings } = plan(&candidates);
    warnings
        .splice(0..0, looked.warnings.into_iter().filter(|warning| !warnings.contains(warning)).collect::<Vec<_>>());
    let clock = Monotonic::start();
    let desk = Desk::open(settings, &request.keys, calendar, now, request.limits, &clock);
    let wanted: Vec<Wanted> = series.iter().map(|planned| planned.wanted.clone()).collect();
    let mut became: Vec<Option<Became>> = vec![None; wanted.len()];
    let mut done = 0;
    let interrupted = (request.watch)();
    let arrivals = desk.fetch(&wanted, &mut |i, arrival| {
        if let Ok(answer) = &arrival.outcome {
            became[i] = Some(keep(&mut writer, &series[i], answer, now)?);
        }
        done += 1;
        progress(Progress { done, total: wanted.len(), series: wanted[i].id.to_string() });
        if interrupted.load(Ordering::Relaxed) && done < wanted.len() {
            return Err(Interrupted { done, total: wanted.len() }.into());
        }
        Ok(())
    });
    let arrivals = match arrivals {
        Ok(arrivals) => arrivals,
        Err(error) => {
            // what has arrived by now is kept; the error that came first is the one to tell
            drop(writer.finish());
            return Err(error);
        }
    };
    let mut fetched = Fetched { warnings, details: report::keyless(settings, &request.keys), ..Fetched::default() };
    let closures = report::closures(&series, &arrivals);
    for ((planned, arrival), became) in series.iter().zip(&arrivals).zip(became) {
        let became = became.unwrap_or_else(|| failed(arrival));
        note(&mut asked, planned, arrival, &became, now);
        fetched.warnings.extend(report::warnings(planned, arrival, &became, &closures));
        fetched.lines.push(Line { became, ..report::line(planned, arrival) });
    }
    fetched.warnings.extend(report::failures(&fetched.lines, &arrivals));
    fetched.warnings.extend(report::unscheduled(&closures));
    fetched.warnings.extend(request.live_clock.then(|| clock_differs(&arrivals, now)).flatten());
    writer.put_asked(&asked)?;
    fetched.warnings.extend(writer.finish()?);
    Ok(fetched)
}

/// Stores what a source served.
fn keep(writer: &mut Writer, planned: &Planned, answer: &Answer, now: DateTime<Utc>) -> Result<Became> {
    let held = planned.held.as_ref();
    let fetched_at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (columns, origin) = match held {
        Some(held) if held.origin.owner == IMPORTED => match merge(&held.columns, &answer.columns, Terms::Append) {
            Merge::Unchanged => return Ok(Became::Unchanged),
            Merge::Extended { columns, .. } => {
                let dividends = held.origin.dividends.max(answer.dividends);
                (columns, Origin { fetched_at, dividends, ..held.origin.clone() })
            }
            Merge::Conflict(conflict) => return Ok(Became::Foreign(conflict.to_string())),
        },
        Some(held) if answer.lay == Lay::After => {
            let columns = fetch::laid(held, answer);
            let Some(origin) = borrowing(held, &columns, answer, fetched_at) else { return Ok(Became::Unchanged) };
            (columns, origin)
        }
        _ => {
            let columns = held.map_or_else(|| answer.columns.clone(), |held| fetch::laid(held, answer));
            let (owner, currency) = (answer.source.to_owned(), answer.currency.clone());
            (columns, Origin { owner, currency, fetched_at, dividends: answer.dividends, borrowed: None })
        }
    };
    let rows = columns.days().len();
    let before = held.map_or(0, |held| held.columns.days().len());
    let series = Series { origin, hash: columns.hash(), columns };
    match writer.put(&planned.wanted.id, &series) {
        Ok(false) => Ok(Became::Unchanged),
        Ok(true) if held.is_some() && answer.lay != Lay::Whole => {
            Ok(Became::Extended { added: rows.saturating_sub(before) })
        }
        Ok(true) => Ok(Became::Whole { rows, anew: held.is_some() }),
        Err(error) if error.is::<NewerFile>() => Ok(Became::Untouched(error.to_string())),
        Err(error) => Err(error),
    }
}

/// The origin of a held series that another vendor's rows continue; `None` where it has none to add.
fn borrowing(held: &Series, columns: &Columns, answer: &Answer, fetched_at: String) -> Option<Origin> {
    let own = fetch::own_last(held)?;
    let from = columns.days().iter().copied().find(|day| *day > own)?;
    let borrowed = Some(Borrowed { source: answer.source.to_owned(), from });
    let dividends = fetch::own_dividends(held).max(answer.dividends);
    Some(Origin { fetched_at, dividends, borrowed, ..held.origin.clone() })
}

/// What became of a series that no source served.
fn failed(arrival: &Arrival) -> Became {
    match &arrival.outcome {
        Err(error) => Became::Failed(error.clone()),
        Ok(_) => Became::Unchanged,
    }
}

/// Records who was asked and how they answered.
fn note(asked: &mut Asked, planned: &Planned, arrival: &Arrival, became: &Became, now: DateTime<Utc>) {
    let id = &planned.wanted.id;
    let reply = |error: &FetchError| match error.fault {
        Fault::NotFound => Outcome::NotFound,
        _ => Outcome::Failed,
    };
    for (source, error) in &arrival.failed {
        asked.note(id, source, now, reply(error));
    }
    let Some(source) = arrival.source else { return };
    let outcome = match became {
        Became::Whole { .. } | Became::Extended { .. } => Outcome::New,
        Became::Unchanged | Became::Foreign(_) | Became::Untouched(_) => Outcome::NothingNew,
        Became::Failed(error) => reply(error),
    };
    asked.note(id, source, now, outcome);
}

/// Says so when the machine's clock and a source's are far apart.
fn clock_differs(arrivals: &[Arrival], now: DateTime<Utc>) -> Option<Warning> {
    let dates = arrivals.iter().filter_map(|arrival| arrival.outcome.as_ref().ok()?.date);
    let theirs = dates.max_by_key(|date| (*date - now).abs())?;
    ((theirs - now).abs() >= TimeDelta::hours(CLOCK_HOURS)).then(|| {
        let [theirs, ours] = [theirs, now].map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true));
        Warning::general(
            "clock_differs",
            format!("the clock here says {ours}, a source's {theirs}: set the clock, then run `rotation fetch --full`"),
        )
    })
}

/// Days with a value, for the report.
fn span(columns: &Columns) -> Option<(crate::day::Day, crate::day::Day)> {
    let days = columns.days();
    Some((*days.first()?, *days.last()?))
}
