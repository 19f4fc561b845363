//! The scorecard: every class of every group at every horizon, with both intervals.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::followed::{Followed, follow};
use super::groups::{Group, Kind, MOST_CLASSES};
use super::outcomes::{HORIZONS, outcome, relative};
use super::sizes::size;
use crate::day::Day;
use crate::series::{Market, Missing};
use crate::stats::{self, Resamples};

/// Resamples behind a bootstrap interval.
pub const RESAMPLES: usize = 10_000;
/// The seed of their blocks: 0, so that nothing was chosen.
const SEED: u64 = 0;
/// Share of the resamples that must hold the class at all.
const ENOUGH_RESAMPLES: f64 = 0.99;

/// What followed, group by group.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Scorecard {
    /// First session with an outcome.
    pub first: Day,
    /// Last session with an outcome at each horizon.
    pub last: [Option<Day>; HORIZONS.len()],
    /// Mean length of the bootstrap's blocks at each horizon.
    pub blocks: [f64; HORIZONS.len()],
    /// The groups.
    pub groups: Vec<Rows>,
}

/// The rows of one group.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rows {
    /// What it is made of.
    pub kind: Kind,
    /// `stage`, `score`, or the signal's name.
    pub id: &'static str,
    /// Changes of class per 252 sessions.
    pub flips_a_year: f64,
    /// A row a class that occurs.
    pub rows: Vec<Row>,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// Name of the class.
    pub value: &'static str,
    /// Sessions in it.
    pub sessions: usize,
    /// Share of the sessions at which the class is known.
    pub share: f64,
    /// Spells.
    pub spells: usize,
    /// Mean length of a spell.
    pub mean_spell_sessions: f64,
    /// What followed, by horizon.
    pub horizons: Vec<Followed>,
}

/// The outcomes at one horizon, from the first session with one to the last.
pub(super) struct Outcomes {
    /// The horizon.
    pub h: usize,
    /// Index of the first session with an outcome.
    pub first: usize,
    /// An outcome a session from there on; the last is there.
    pub values: Vec<f64>,
}

impl Outcomes {
    /// Measures them; `None` where there is none.
    pub(super) fn measure(relative: &[f64], h: usize) -> Option<Self> {
        let all = outcome(relative, h);
        let first = all.iter().position(|value| !value.is_nan())?;
        let end = all.iter().rposition(|value| !value.is_nan())? + 1;
        Some(Self { h, first, values: all[first..end].to_vec() })
    }

    /// The part of `column`, one value a session, that the outcomes follow.
    pub(super) fn before<'a, T>(&self, column: &'a [T]) -> &'a [T] {
        &column[self.first..self.first + self.values.len()]
    }

    /// Mean length of a bootstrap's blocks: what Patton, Politis and White find, and no less than the horizon.
    pub(super) fn block(&self) -> f64 {
        let dense: Vec<f64> = self.values.iter().copied().filter(|value| !value.is_nan()).collect();
        stats::block_length(&dense).max(self.h as f64)
    }

    /// What followed the sessions of `class`, whose spells have this mean length, without the bootstrap.
    pub(super) fn follow(&self, classes: &[Option<u8>], class: u8, mean_spell: f64) -> Option<Followed> {
        let inside = |one: &Option<u8>| one.map_or(f64::NAN, |one| f64::from(u8::from(one == class)));
        let inside: Vec<f64> = self.before(classes).iter().map(inside).collect();
        follow(&inside, &self.values, self.h, size(self.h, mean_spell))
    }
}

/// The outcomes at every horizon that has some.
///
/// # Errors
/// When IWM or SPY was never had.
pub(super) fn outcomes(market: &Market) -> Result<Vec<Outcomes>, Missing> {
    let relative = relative(market)?;
    Ok(HORIZONS.iter().filter_map(|&h| Outcomes::measure(&relative, h)).collect())
}

/// Measures every class of `groups` against the outcomes at every horizon.
pub(super) fn scorecard(market: &Market, groups: &[Group], outcomes: &[Outcomes]) -> Scorecard {
    // a horizon's resamples serve every group and are then gone: all at once would be memory that is touched in vain
    let measure = |outcomes: &Outcomes| {
        let block = outcomes.block();
        let resamples = Resamples::draw(outcomes.values.len(), block, 0..RESAMPLES, SEED);
        let cells: Vec<_> = groups.par_iter().map(|group| cell(group, outcomes, &resamples)).collect();
        (block, cells)
    };
    let measured: Vec<(f64, Vec<Cell>)> = outcomes.par_iter().map(measure).collect();
    let rows =
        |(g, group): (usize, &Group)| rows(group, &measured.iter().map(|(_, cells)| &cells[g]).collect::<Vec<_>>());
    let at = |h| outcomes.iter().position(|outcomes| outcomes.h == h);
    let last = |i: usize| market.sessions[outcomes[i].first + outcomes[i].values.len() - 1];
    Scorecard {
        first: outcomes.first().map_or(market.reference(), |outcomes| market.sessions[outcomes.first]),
        last: HORIZONS.map(|h| at(h).map(last)),
        blocks: HORIZONS.map(|h| at(h).map_or(f64::NAN, |i| measured[i].0)),
        groups: groups.iter().enumerate().map(rows).collect(),
    }
}

/// What followed each class of a group at one horizon.
type Cell = Vec<Option<Followed>>;

/// The rows of one group from what was measured, by horizon and class.
fn rows(group: &Group, measured: &[&Cell]) -> Rows {
    let known = group.known().count();
    let row = |(class, value): (usize, &&'static str)| {
        let (sessions, spells) = group.spells(class as u8);
        (sessions > 0).then(|| Row {
            value,
            sessions,
            share: sessions as f64 / known as f64,
            spells,
            mean_spell_sessions: group.mean_spell(class as u8),
            horizons: measured.iter().filter_map(|classes| classes[class].clone()).collect(),
        })
    };
    let rows = group.classes.iter().enumerate().filter_map(row).collect();
    Rows { kind: group.kind, id: group.id, flips_a_year: group.flips_a_year(), rows }
}

/// One group at one horizon: what followed each of its classes.
fn cell(group: &Group, outcomes: &Outcomes, resamples: &Resamples) -> Cell {
    let classes = outcomes.before(&group.class);
    let intervals = if group.classes.len() <= 3 {
        intervals::<6>(classes, &outcomes.values, resamples)
    } else {
        intervals::<{ 2 * MOST_CLASSES }>(classes, &outcomes.values, resamples)
    };
    let with = |(class, interval): (usize, Option<[f64; 2]>)| {
        let class = class as u8;
        let mut followed = outcomes.follow(&group.class, class, group.mean_spell(class))?;
        followed.bootstrap_interval = interval.filter(|_| followed.newey_west_t.is_some());
        Some(followed)
    };
    intervals.into_iter().take(group.classes.len()).enumerate().map(with).collect()
}

/// The 95 % interval of `mean − base mean` of each class: quantiles over the resamples of outcome and class together.
/// `W` is twice the number of classes: sessions and outcomes are summed for each.
pub(super) fn intervals<const W: usize>(
    classes: &[Option<u8>],
    outcomes: &[f64],
    resamples: &Resamples,
) -> Vec<Option<[f64; 2]>> {
    let row = |(class, outcome): (&Option<u8>, &f64)| {
        let mut row = [0.0; W];
        if let Some(class) = class.filter(|_| !outcome.is_nan()) {
            row[2 * usize::from(class)] = 1.0;
            row[2 * usize::from(class) + 1] = *outcome;
        }
        row
    };
    let running = stats::running(classes.iter().zip(outcomes).map(row));
    let mut differences = vec![Vec::with_capacity(RESAMPLES); W / 2];
    let mut drawn = 0;
    for sums in resamples.sums(&running) {
        drawn += 1;
        let (mut n, mut sum) = (0.0, 0.0);
        for pair in sums.chunks_exact(2) {
            n += pair[0];
            sum += pair[1];
        }
        for (pair, differences) in sums.chunks_exact(2).zip(&mut differences) {
            // counts are whole; what is left of a difference of sums may not be
            if pair[0] >= 0.5 {
                differences.push(pair[1] / pair[0] - sum / n);
            }
        }
    }
    let interval = |mut differences: Vec<f64>| {
        let enough = differences.len() as f64 >= ENOUGH_RESAMPLES * f64::from(drawn) && !differences.is_empty();
        enough.then(|| [0.025, 0.975].map(|q| stats::quantile(&mut differences, q)))
    };
    differences.into_iter().map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sizes::LONG_SPELLS;
    use super::*;

    #[test]
    fn the_size_of_the_tests_is_that_of_the_spells_that_are_shown() {
        // by turns of 161 sessions, in whose middle one has no class with a row
        let class = |t: usize| Some(if t % 161 == 80 { 2 } else { (t / 161 % 2) as u8 });
        let group =
            Group { kind: Kind::Stage, id: "stage", classes: &["a", "b"], class: (0..1_610).map(class).collect() };
        let values = (0..1_610).map(|t| (f64::from(t) * 0.11).sin()).collect();
        let outcomes = Outcomes { h: 63, first: 0, values };
        let measured = cell(&group, &outcomes, &Resamples::draw(1_610, 63.0, 0..50, SEED));
        let shown = rows(&group, &[&measured]);
        assert_eq!(shown.rows[0].mean_spell_sessions, 160.0);
        assert_eq!(shown.rows[0].horizons[0].newey_west_size, Some(LONG_SPELLS[1].newey_west));
    }
}
