//! A store, the sources that fill it, and a clock: where fetching is tested.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rotation::bars::{Bars, Columns, Points, Series, SeriesId};
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::fetch::{Fault, Limits, is_served};
use rotation::inputs::inputs;
use rotation::run::fetch::{Became, FetchRequest, Fetched, Members, Progress, fetch, fetch_members};
use rotation::store::Store;
use rotation::universe::universe;
use tempfile::TempDir;

use super::Reply;
use super::upstream::Upstream;

/// A store, a market that plays the sources, and a clock.
pub struct Stage {
    _folder: TempDir,
    pub store: Store,
    pub upstream: Upstream,
    pub calendar: Calendar,
    pub now: DateTime<Utc>,
}

/// The first session served.
pub const FIRST: &str = "2025-11-03";
/// The first day of the story, a Friday: finished as it begins.
pub const FRIDAY: &str = "2026-03-06";

/// Reads a date.
pub fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// Evening in New York on `date`: 18:00, in summer 19:00.
pub fn evening(date: Day) -> DateTime<Utc> {
    date.plus(1).date().and_hms_opt(0, 0, 0).expect("midnight").and_utc() - TimeDelta::hours(1)
}

impl Stage {
    /// An empty store, and a market up to [`FRIDAY`].
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::at(folder.path().join("store")).expect("a store");
        Self {
            _folder: folder,
            store,
            upstream: Upstream::start(day(FIRST), day(FRIDAY)),
            calendar: Calendar::new(&[]),
            now: evening(day(FRIDAY)),
        }
    }

    /// A stage on which everything was fetched once.
    pub fn filled() -> Self {
        let stage = Self::new();
        assert!(!stage.run(&[]).partial());
        stage.upstream.asked();
        stage
    }

    /// Lets `sessions` pass, here and upstream.
    pub fn pass(&mut self, sessions: usize) {
        let mut until = self.upstream.market().until;
        for _ in 0..sessions {
            until = self.calendar.next_session(until);
        }
        self.upstream.market().until = until;
        self.now = evening(until);
    }

    /// Fetches as requested.
    pub fn request(&self, request: &FetchRequest) -> anyhow::Result<Fetched> {
        let settings = self.upstream.server.settings();
        fetch(request, &self.store, &settings, &self.calendar, self.now, &|_| {})
    }

    /// Fetches what is named, or due.
    pub fn run(&self, names: &[&str]) -> Fetched {
        self.request(&named(names)).expect("a report")
    }

    /// Fetches the members of the Russell 2000 and their bars.
    pub fn members(&self, request: &FetchRequest, progress: &dyn Fn(Progress)) -> anyhow::Result<Members> {
        let iwm = universe("IWM").expect("a universe");
        let settings = self.upstream.server.settings();
        fetch_members(iwm, request, &self.store, &settings, &self.calendar, self.now, progress)
    }

    /// What the store holds.
    pub fn held(&self, id: &SeriesId) -> Option<Series> {
        self.store.load_only(std::slice::from_ref(id)).shelf.remove(id)
    }

    /// The bars it holds.
    pub fn bars(&self, symbol: &str) -> Bars {
        match self.held(&SeriesId::bars(symbol)).expect("bars").columns {
            Columns::Bars(bars) => bars,
            Columns::Points(_) => panic!("not bars"),
        }
    }

    /// The rates it holds.
    pub fn rates(&self, id: &str) -> Points {
        match self.held(&SeriesId::rates(id)).expect("rates").columns {
            Columns::Points(points) => points,
            Columns::Bars(_) => panic!("not rates"),
        }
    }

    /// Changes how one series is answered, or no longer.
    pub fn instead(&self, series: &str, reply: Option<Reply>) {
        let instead = &mut self.upstream.market().instead;
        match reply {
            Some(reply) => drop(instead.insert(series.into(), reply)),
            None => drop(instead.remove(series)),
        }
    }
}

/// A request for what is named, or due.
pub fn named(names: &[&str]) -> FetchRequest {
    FetchRequest {
        names: names.iter().map(|&name| name.to_owned()).collect(),
        live_clock: false,
        limits: Limits { backoff: Duration::from_millis(1), ..Limits::default() },
        ..FetchRequest::default()
    }
}

/// Every series that has a source, in order of their names.
pub fn every_series() -> Vec<String> {
    let inputs = inputs(&rotation::config::Settings::default());
    let series = inputs.iter().flat_map(|input| &input.series).filter(|id| is_served(id.kind));
    let mut names: Vec<_> = series.map(|id| id.name.clone()).collect();
    names.sort();
    names
}

/// What became of a series.
pub fn became<'a>(fetched: &'a Fetched, series: &str) -> &'a Became {
    &fetched.lines.iter().find(|line| line.series.name == series).expect("a line").became
}

/// Why a series failed.
pub fn fault<'a>(fetched: &'a Fetched, series: &str) -> &'a Fault {
    match became(fetched, series) {
        Became::Failed(error) => &error.fault,
        other => panic!("{series} became {other:?}"),
    }
}

/// The codes of the warnings.
pub fn codes(fetched: &Fetched) -> Vec<&'static str> {
    fetched.warnings.iter().map(|warning| warning.code).collect()
}
