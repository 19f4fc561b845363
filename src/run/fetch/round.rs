//! One round: series that are due are asked for at once, kept as they arrive, and noted.

use std::cell::OnceCell;
use std::sync::atomic::Ordering;

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::keep::keep;
use super::plan::{Candidate, Planned};
use super::{Became, FetchRequest, Fetched, Interrupted, Line, Progress, interrupt, report};
use crate::bars::{SeriesId, Warning};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::fetch::{Arrival, Desk, Fault, FetchError, Monotonic, Wanted};
use crate::inputs;
use crate::store::{Asked, Outcome, Store, Writer};

/// A clock that differs this much from a source's is wrong.
const CLOCK_HOURS: i64 = 24;

/// Everything that rounds of one run have in common: sources keep their pace, and their troubles,
/// from one to the next.
pub(super) struct Round<'a> {
    pub(super) request: &'a FetchRequest,
    pub(super) store: &'a Store,
    pub(super) settings: &'a Settings,
    pub(super) calendar: &'a Calendar,
    pub(super) now: DateTime<Utc>,
    clock: &'a Monotonic,
    desk: OnceCell<Desk<'a>>,
}

/// What to ask for, and what was asked before.
struct Plan {
    series: Vec<Planned>,
    asked: Asked,
    warnings: Vec<Warning>,
}

/// Where a round stands among others.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Series done with before it.
    pub(super) before: usize,
    /// Series of all rounds.
    pub(super) of: usize,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        request: &'a FetchRequest,
        store: &'a Store,
        settings: &'a Settings,
        calendar: &'a Calendar,
        now: DateTime<Utc>,
        clock: &'a Monotonic,
    ) -> Self {
        Self { request, store, settings, calendar, now, clock, desk: OnceCell::new() }
    }

    /// The sources; no connection is prepared before one is needed.
    pub(super) fn desk(&self) -> &Desk<'a> {
        self.desk.get_or_init(|| {
            let Self { request, settings, calendar, now, clock, .. } = *self;
            Desk::open(settings, &request.keys, calendar, now, request.limits, clock)
        })
    }

    /// Asks for those of the candidates that are due, or named, and stores what is served.
    pub(super) fn fetch(
        &self,
        candidates: Vec<Candidate>,
        place: Option<Place>,
        progress: &dyn Fn(Progress),
    ) -> Result<Fetched> {
        let Self { request, store, settings, now, .. } = *self;
        let (candidates, looked) = self.look(candidates);
        if candidates.is_empty() {
            return Ok(Fetched { warnings: looked, ..Fetched::default() });
        }
        let mut writer = store.lock(request.wait)?;
        let Plan { series, mut asked, mut warnings } = self.plan(candidates);
        let before: Vec<_> = looked.into_iter().filter(|warning| !warnings.contains(warning)).collect();
        warnings.splice(0..0, before);
        let (arrivals, became) = match self.ask(&series, &mut asked, &mut writer, place, progress) {
            Ok(answered) => answered,
            Err(error) => {
                // what has arrived by now is kept; the error that came first is the one to tell
                drop(writer.put_asked(&asked).and_then(|()| writer.finish().map(drop)));
                return Err(error);
            }
        };
        let mut fetched = Fetched { warnings, details: report::keyless(settings, &request.keys), ..Fetched::default() };
        let closures = report::closures(&series, &arrivals);
        for ((planned, arrival), became) in series.iter().zip(&arrivals).zip(became) {
            let became = became.unwrap_or_else(|| failed(arrival));
            note(&mut asked, planned, arrival, &became, now);
            let mut warnings = report::warnings(planned, arrival, &became, &closures);
            // that a file cannot be read was said when the run was planned
            warnings.retain(|warning| fetched.warnings.iter().all(|said| said.message != warning.message));
            fetched.warnings.extend(warnings);
            fetched.details.extend(report::detail(planned, arrival, &became));
            fetched.lines.push(Line { became, ..report::line(planned, arrival) });
        }
        fetched.warnings.extend(report::failures(&fetched.lines, &arrivals));
        fetched.warnings.extend(report::unscheduled(&closures));
        fetched.warnings.extend(request.live_clock.then(|| clock_differs(&arrivals, now)).flatten());
        writer.put_asked(&asked)?;
        fetched.warnings.extend(writer.finish()?);
        Ok(fetched)
    }

    /// Asks for series and keeps them as they arrive. Of those that were served it is said what became of them.
    fn ask(
        &self,
        series: &[Planned],
        asked: &mut Asked,
        writer: &mut Writer,
        place: Option<Place>,
        progress: &dyn Fn(Progress),
    ) -> Result<(Vec<Arrival>, Vec<Option<Became>>)> {
        let wanted: Vec<Wanted> = series.iter().map(|planned| planned.wanted.clone()).collect();
        let place = place.unwrap_or(Place { before: 0, of: wanted.len() });
        let mut became: Vec<Option<Became>> = vec![None; wanted.len()];
        let mut done = place.before;
        let interrupted = (self.request.watch)();
        interrupt::note(done, place.of);
        let arrivals = self.desk().fetch(&wanted, &mut |i, arrival| {
            if let Ok(answer) = &arrival.outcome {
                let kept = keep(writer, &series[i], answer, self.now)?;
                // should this run be interrupted, it is known who has answered
                note(asked, &series[i], arrival, &kept, self.now);
                became[i] = Some(kept);
            }
            done += 1;
            interrupt::note(done, place.of);
            progress(Progress { done, total: place.of, series: wanted[i].id.to_string() });
            if interrupted.load(Ordering::Relaxed) && done < place.of {
                return Err(Interrupted { done, total: place.of }.into());
            }
            Ok(())
        })?;
        Ok((arrivals, became))
    }

    /// Those of the candidates that are due, without the lock.
    fn look(&self, candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Warning>) {
        // what a verdict reads of a series tells how far it goes, and whether its file is good
        let held = self.store.load_part(&ids(&candidates), |id| Some(inputs::columns(&id.name)));
        let (asked, unread) = self.store.asked();
        let due = self.due(candidates, &held.shelf, &asked);
        (due.candidates, held.warnings.into_iter().chain(unread).chain(due.warnings).collect())
    }

    /// The same under the lock, with all that is held of them: another run may have fetched while this one waited.
    fn plan(&self, candidates: Vec<Candidate>) -> Plan {
        let mut held = self.store.load_only(&ids(&candidates));
        let (asked, unread) = self.store.asked();
        let due = self.due(candidates, &held.shelf, &asked);
        let inputs = inputs::inputs(self.settings);
        let planned = due.candidates.into_iter().map(|candidate| {
            let series = held.shelf.remove(&candidate.id);
            Planned::new(candidate, series, &inputs, self.request.full)
        });
        let series = planned.collect();
        Plan { series, asked, warnings: held.warnings.into_iter().chain(unread).chain(due.warnings).collect() }
    }
}

fn ids(candidates: &[Candidate]) -> Vec<SeriesId> {
    candidates.iter().map(|candidate| candidate.id.clone()).collect()
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
        // what it served was not kept: it is asked again as soon as the file can be read
        Became::Untouched { code: "file_unreadable", .. } => return,
        Became::Unchanged | Became::Foreign(_) | Became::Untouched { .. } => Outcome::NothingNew,
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
