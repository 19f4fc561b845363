//! Many series at once: workers per kind, a pace per host, results in the order asked for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::fault::{Fault, FetchError};
use super::{Answer, Client, Clock, Limits, SourceRow, Wanted, ask, sources};
use crate::bars::Kind;
use crate::calendar::Calendar;
use crate::config::Settings;

/// Of so many symbols asked for at once …
const BLOCKED_ASKED: usize = 5;
/// … more than one in so many not found means that the source refuses them all.
const BLOCKED_ONE_IN: usize = 5;

/// What became of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// What was served, or the last source's fault.
    pub outcome: Result<Answer, FetchError>,
    /// Sources that failed before another was asked.
    pub failed: Vec<(&'static str, FetchError)>,
    /// The source asked last; none where none is enabled.
    pub source: Option<&'static str>,
}

/// Where series are asked for: sources, calendar and clock.
pub struct Desk<'a> {
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    rows: BTreeMap<Kind, Vec<&'static SourceRow>>,
    clients: BTreeMap<&'static str, Result<Client<'a>, FetchError>>,
    workers: BTreeMap<Kind, usize>,
}

impl<'a> Desk<'a> {
    /// Prepares the enabled sources; nothing is sent yet.
    pub fn open(
        settings: &Settings,
        calendar: &'a Calendar,
        now: DateTime<Utc>,
        limits: Limits,
        clock: &'a dyn Clock,
    ) -> Self {
        let rows: BTreeMap<Kind, Vec<_>> =
            Kind::ALL.map(|kind| (kind, sources(kind, settings).collect())).into_iter().collect();
        let mut clients = BTreeMap::new();
        let mut workers = BTreeMap::new();
        for (kind, row) in rows.iter().flat_map(|(kind, rows)| rows.iter().map(move |row| (kind, row))) {
            let source = &settings.sources[row.name];
            clients.insert(row.name, Client::new(source, limits, clock, now));
            *workers.entry(*kind).or_default() += source.max_in_flight;
        }
        Self { calendar, now, rows, clients, workers }
    }

    /// Fetches series. `arrived` sees each as it comes, in no order, on the calling thread; the result
    /// is in the order asked for.
    ///
    /// # Errors
    /// The one of `arrived`, after which nothing more is asked.
    pub fn fetch(
        &self,
        wanted: &[Wanted],
        arrived: &mut dyn FnMut(usize, &Arrival) -> Result<()>,
    ) -> Result<Vec<Arrival>> {
        let mut arrivals: Vec<Option<Arrival>> = wanted.iter().map(|_| None).collect();
        let queues = Kind::ALL.map(|kind| {
            let mine: Vec<usize> = (0..wanted.len()).filter(|&i| wanted[i].id.kind == kind).collect();
            let workers = self.workers.get(&kind).copied().unwrap_or(1).min(mine.len());
            (mine, AtomicUsize::new(0), workers)
        });
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            for (mine, next, workers) in &queues {
                for _ in 0..*workers {
                    let sender = sender.clone();
                    scope.spawn(move || self.work(mine, next, wanted, &sender));
                }
            }
            drop(sender);
            for (i, arrival) in receiver {
                arrived(i, &arrival)?;
                arrivals[i] = Some(arrival);
            }
            Ok::<_, anyhow::Error>(())
        })?;
        let mut arrivals: Vec<Arrival> = arrivals.into_iter().flatten().collect();
        unmask(&mut arrivals);
        Ok(arrivals)
    }

    /// One worker: takes the next series of its kind until none is left.
    fn work(&self, mine: &[usize], next: &AtomicUsize, wanted: &[Wanted], sender: &Sender<(usize, Arrival)>) {
        while let Some(&i) = mine.get(next.fetch_add(1, Ordering::Relaxed)) {
            if sender.send((i, self.chain(&wanted[i]))).is_err() {
                return;
            }
        }
    }

    /// Asks one source after the other until one serves.
    fn chain(&self, wanted: &Wanted) -> Arrival {
        let kind = wanted.id.kind;
        let mut failed: Vec<(&'static str, FetchError)> = Vec::new();
        for row in self.rows.get(&kind).into_iter().flatten() {
            let served = match &self.clients[row.name] {
                Ok(client) => ask(row, client, wanted, self.calendar, self.now),
                Err(error) => Err(error.clone()),
            };
            match served {
                Ok(answer) => return Arrival { outcome: Ok(answer), failed, source: Some(row.name) },
                Err(error) => failed.push((row.name, error)),
            }
        }
        if let Some((source, error)) = failed.pop() {
            return Arrival { outcome: Err(error), failed, source: Some(source) };
        }
        let why = format!("no source of {} is enabled: enable one under `[sources]`", kind.folder());
        Arrival { outcome: Err(Fault::NoSource(why).at(kind.folder())), failed, source: None }
    }
}

/// Where a source denies knowing many series at once it is not they that are gone.
fn unmask(arrivals: &mut [Arrival]) {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for arrival in arrivals.iter() {
        let Some(source) = arrival.source else { continue };
        let (asked, missing) = counts.entry(source).or_default();
        *asked += 1;
        *missing += usize::from(not_found(arrival));
    }
    for arrival in arrivals.iter_mut() {
        let Some(&(asked, failed)) = arrival.source.and_then(|source| counts.get(source)) else { continue };
        let masked = asked >= BLOCKED_ASKED && failed * BLOCKED_ONE_IN > asked && not_found(arrival);
        if let (true, Err(error)) = (masked, &mut arrival.outcome) {
            error.fault = Fault::Blocked { failed, asked };
        }
    }
}

fn not_found(arrival: &Arrival) -> bool {
    matches!(&arrival.outcome, Err(FetchError { fault: Fault::NotFound, .. }))
}

#[cfg(test)]
mod tests;
