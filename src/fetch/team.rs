//! Many series at once: workers per kind, a pace per host, results in the order asked for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::fault::{Fault, FetchError};
use super::inquiry::ask;
use super::{Answer, Client, Clock, ISHARES, Limits, SourceRow, Wanted, ishares, sources};
use crate::bars::Kind;
use crate::calendar::Calendar;
use crate::config::{Keys, Settings, Source};
use crate::quality::Nature;
use crate::universe::{Holdings, Universe};

/// Of so many symbols asked for at once …
const BLOCKED_ASKED: usize = 5;
/// … more than one in so many not found means that the source refuses them all.
const BLOCKED_ONE_IN: usize = 5;

/// What became of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// What was served, or the fault of the first source, where none served.
    pub outcome: Result<Answer, FetchError>,
    /// The other sources that failed.
    pub failed: Vec<(&'static str, FetchError)>,
    /// The source of the outcome; none where none could be asked.
    pub source: Option<&'static str>,
}

/// Where series are asked for: sources, calendar and clock.
pub struct Desk<'a> {
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    limits: Limits,
    clock: &'a dyn Clock,
    /// The source of members, which few runs ask.
    ishares: Option<Source>,
    rows: BTreeMap<Kind, Vec<&'static SourceRow>>,
    clients: BTreeMap<&'static str, Result<Client<'a>, FetchError>>,
    workers: BTreeMap<Kind, usize>,
}

impl<'a> Desk<'a> {
    /// Prepares the enabled sources, with the keys that some of them want; nothing is sent yet.
    pub fn open(
        settings: &Settings,
        keys: &Keys,
        calendar: &'a Calendar,
        now: DateTime<Utc>,
        limits: Limits,
        clock: &'a dyn Clock,
    ) -> Self {
        let rows: BTreeMap<Kind, Vec<_>> =
            Kind::ALL.map(|kind| (kind, sources(kind, settings, keys).collect())).into_iter().collect();
        let mut clients = BTreeMap::new();
        let mut workers = BTreeMap::new();
        for (kind, row) in rows.iter().flat_map(|(kind, rows)| rows.iter().map(move |row| (kind, row))) {
            let source = &settings.sources[row.name];
            let limits = Limits { request: row.patience.unwrap_or(limits.request).min(limits.request), ..limits };
            let client = Client::new(source, limits, clock, now);
            clients.insert(row.name, client.map(|client| equipped(client, row, keys)));
            *workers.entry(*kind).or_default() += source.max_in_flight;
        }
        let ishares = settings.sources.get(ISHARES).filter(|source| source.enabled).cloned();
        Self { calendar, now, limits, clock, ishares, rows, clients, workers }
    }

    /// Asks for the members of a universe.
    pub fn members(&self, universe: &Universe) -> Result<Holdings, FetchError> {
        let why = "no source of members is enabled: enable `ishares` under `[sources]`, or give its holdings file with \
                   `rotation import`";
        let source = self.ishares.as_ref().ok_or_else(|| Fault::NoSource(why.into()).at(ISHARES))?;
        ishares::list(&Client::new(source, self.limits, self.clock, self.now)?, universe, self.now)
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
        let rows = self.rows.get(&kind).into_iter().flatten();
        let fit = |row: &&&SourceRow| !row.prices_alone || wanted.nature == Nature::Market;
        for row in rows.filter(|row| (row.serves)(&wanted.id.name)).filter(fit) {
            let served = match &self.clients[row.name] {
                Ok(client) => ask(row, client, wanted, self.calendar, self.now),
                Err(error) => Err(error.clone()),
            };
            match served {
                Ok(answer) => return Arrival { outcome: Ok(answer), failed, source: Some(row.name) },
                Err(error) => failed.push((row.name, error)),
            }
        }
        if !failed.is_empty() {
            let (source, error) = failed.remove(0);
            return Arrival { outcome: Err(error), failed, source: Some(source) };
        }
        let what = if self.rows.get(&kind).is_none_or(Vec::is_empty) { "is enabled" } else { "serves it" };
        let why = format!("no source of {} {what}: enable one under `[sources]`", kind.folder());
        Arrival { outcome: Err(Fault::NoSource(why).at(kind.folder())), failed, source: None }
    }
}

/// A client with the key and the allowance of its source.
fn equipped<'a>(client: Client<'a>, row: &SourceRow, keys: &Keys) -> Client<'a> {
    let client = match (row.key, keys.get(row.name), row.key_variable()) {
        (Some(place), Some(key), Some(variable)) => client.with_key(key.clone(), place, variable),
        _ => client,
    };
    let client = if row.page { client.of_pages() } else { client };
    match row.allowance {
        Some(requests) => client.at_most(requests),
        None => client,
    }
}

/// Where a source denies knowing many series at once it is not they that are gone.
fn unmask(arrivals: &mut [Arrival]) {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for arrival in arrivals.iter() {
        let first = arrival.source.map(|source| (source, arrival.outcome.as_ref().err()));
        let others = arrival.failed.iter().map(|(source, error)| (*source, Some(error)));
        for (source, error) in first.into_iter().chain(others) {
            let (asked, missing) = counts.entry(source).or_default();
            *asked += 1;
            *missing += usize::from(error.is_some_and(|error| error.fault == Fault::NotFound));
        }
    }
    for arrival in arrivals.iter_mut() {
        let first = arrival.source.and_then(|source| Some((source, arrival.outcome.as_mut().err()?)));
        let others = arrival.failed.iter_mut().map(|(source, error)| (*source, error));
        for (source, error) in first.into_iter().chain(others) {
            let (asked, failed) = counts[source];
            if error.fault == Fault::NotFound && asked >= BLOCKED_ASKED && failed * BLOCKED_ONE_IN > asked {
                error.fault = Fault::Blocked { failed, asked };
            }
        }
    }
}

#[cfg(test)]
mod tests;
