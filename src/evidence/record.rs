//! The track record as a whole, and what of it stands under a verdict.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::followed::Followed;
use super::groups::{self, Kind, by_stage};
use super::luck::largest_t;
use super::outcomes::HORIZONS;
use super::probability::{PROBABILITY_SESSIONS, Probability, probability};
use super::scorecard::{Outcomes, Scorecard, outcomes, scorecard};
use super::sizes::{LONG_SPELLS, NOMINAL_T, SHORT_SPELLS, Size};
use super::tried::{TRIED, Tried, tried};
use crate::day::Day;
use crate::series::{Market, Missing};
use crate::verdict::{Stage, Tracked, Verdict};

/// The track record.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Record {
    /// What followed, group by group.
    pub scorecard: Scorecard,
    /// How often one looked, and what luck shows of that.
    pub comparisons: Comparisons,
    /// How often the tests cry wolf, by horizon.
    pub sizes: Sizes,
    /// Every rule and set of parameters ever tried.
    pub tried: Attempts,
    /// What forecasts from the stage were worth; `None` where there is nothing to forecast from.
    pub probability: Option<Probability>,
}

/// How often the tests cry wolf, by horizon.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sizes {
    /// For classes in short spells, 40 sessions on average.
    pub short_spells: [Size; HORIZONS.len()],
    /// For classes in long ones, 200 sessions on average.
    pub long_spells: [Size; HORIZONS.len()],
}

/// Comparisons made.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Comparisons {
    /// Rows and horizons that were given a t.
    pub count: usize,
    /// Largest |t| to expect by luck of so many.
    pub largest_t_by_luck: f64,
    /// The same, enlarged as much as the t of the eagerest horizon exceeds 1.96 on markets without an edge.
    pub largest_t_as_measured: f64,
    /// The largest |t| found.
    pub largest_t: Option<Extreme>,
}

/// A row at a horizon.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Extreme {
    /// The group.
    pub id: &'static str,
    /// The class.
    pub value: &'static str,
    /// The horizon.
    pub sessions: usize,
    /// Its Newey–West t.
    pub newey_west_t: f64,
}

/// Rules and sets of parameters tried.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Attempts {
    /// How many.
    pub count: usize,
    /// Largest |t| to expect by luck of so many.
    pub largest_t_by_luck: f64,
    /// What they were.
    pub list: &'static [Tried],
}

/// What followed earlier sessions in the stage of the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Beneath {
    /// The stage.
    pub stage: Stage,
    /// The first session at which the stage was known.
    pub first: Day,
    /// Sessions in it, of those at which the stage is known.
    pub sessions: usize,
    /// Their share.
    pub share: f64,
    /// Spells of it, the one of today included.
    pub spells: usize,
    /// What followed, by horizon.
    pub horizons: Vec<Followed>,
    /// What forecasts from the stage were worth.
    pub probability: Option<Probability>,
}

/// Measures the record of the groups of these kinds.
///
/// # Errors
/// When IWM or SPY was never had.
pub fn record(market: &Market, tracks: &[Tracked], verdict: &Verdict, kinds: &[Kind]) -> Result<Record, Missing> {
    let outcomes = outcomes(market)?;
    let scorecard = scorecard(market, &groups::groups(tracks, verdict, kinds), &outcomes);
    let stages = by_stage(verdict);
    let tried = tried();
    Ok(Record {
        comparisons: comparisons(&scorecard),
        sizes: Sizes { short_spells: SHORT_SPELLS, long_spells: LONG_SPELLS },
        tried: Attempts { count: tried, largest_t_by_luck: largest_t(tried), list: TRIED },
        probability: declared(&outcomes).and_then(|outcomes| probability(&stages, outcomes, &market.sessions, true)),
        scorecard,
    })
}

/// The outcomes that a probability is asked for.
fn declared(outcomes: &[Outcomes]) -> Option<&Outcomes> {
    outcomes.iter().find(|outcomes| outcomes.h == PROBABILITY_SESSIONS)
}

/// Counts the comparisons of a scorecard.
fn comparisons(scorecard: &Scorecard) -> Comparisons {
    let rows = scorecard.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group.id, row)));
    let ts = rows.flat_map(|(id, row)| {
        row.horizons.iter().filter_map(move |followed| {
            let newey_west_t = followed.newey_west_t?;
            Some(Extreme { id, value: row.value, sessions: followed.sessions, newey_west_t })
        })
    });
    let ts: Vec<Extreme> = ts.collect();
    let largest = ts.iter().max_by(|a, b| a.newey_west_t.abs().total_cmp(&b.newey_west_t.abs()));
    let eager = LONG_SPELLS.iter().chain(&SHORT_SPELLS).map(|size| size.critical_t / NOMINAL_T).fold(1.0, f64::max);
    let luck = largest_t(ts.len());
    Comparisons {
        count: ts.len(),
        largest_t_by_luck: luck,
        largest_t_as_measured: luck * eager,
        largest_t: largest.cloned(),
    }
}

/// What followed earlier sessions in the stage of the last one: no bootstrap but where a probability hangs on it.
/// `None` while the stage is unknown, or where nothing followed yet.
pub fn beneath(market: &Market, verdict: &Verdict) -> Option<Beneath> {
    let stage = verdict.staged[market.last()].stage;
    let row = groups::row_of(stage)? as u8;
    let stages = by_stage(verdict);
    let outcomes = outcomes(market).ok()?;
    let (sessions, spells) = stages.spells(row);
    let follow = |outcomes: &Outcomes| outcomes.follow(&stages.class, row, sessions as f64 / spells as f64);
    let (horizons, probability) = rayon::join(
        || outcomes.par_iter().filter_map(follow).collect(),
        || declared(&outcomes).and_then(|outcomes| probability(&stages, outcomes, &market.sessions, false)),
    );
    let known = || verdict.staged.iter().enumerate().filter(|(_, staged)| staged.stage != Stage::Unknown);
    Some(Beneath {
        stage,
        first: market.sessions[known().next()?.0],
        sessions,
        share: sessions as f64 / known().count() as f64,
        spells,
        horizons,
        probability,
    })
}
