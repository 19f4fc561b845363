//! The audit: what is said of a session must not depend on later ones.
//!
//! The market is cut at random sessions and everything computed again; up to the cut nothing may differ by a bit.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::bars::Shelf;
use crate::day::Day;
use crate::series::Market;
use crate::signals::{Column, Pillar, Signal, Track, Value};
use crate::verdict::{self, Tracked, Verdict};

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Audit {
    /// The seed of the cuts.
    pub seed: u64,
    /// The sessions at which the market was cut, ascending.
    pub cuts: Vec<Day>,
    /// Figures compared.
    pub compared: usize,
    /// The first difference of each cut that has one.
    pub differences: Vec<Difference>,
}

/// Something that later sessions changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Where the market was cut.
    pub cut: Day,
    /// The session that is told of.
    pub session: Day,
    /// The signal, or `verdict`.
    pub signal: &'static str,
    /// The reading, or `vote`, `stage` …
    pub reading: &'static str,
    /// What is said of it with all sessions.
    pub whole: String,
    /// What was said of it at the cut.
    pub cut_short: String,
}

/// What every signal of a table says, and what it comes to.
type Computed = (Market, Vec<Tracked>, Verdict);

/// Cuts the market of `shelf`, up to the last session of `whole`, at `cuts` random sessions.
pub fn audit(shelf: &Shelf, whole: &Market, signals: &'static [Signal], cuts: usize, seed: u64) -> Audit {
    let sessions = whole.sessions.len();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut at: Vec<usize> = (0..cuts).map(|_| rng.random_range(0..sessions)).collect();
    at.sort_unstable();
    at.dedup();
    let compute = |day: Day| -> Computed {
        let market = Market::build(shelf, whole.calendar.clone(), whole.settings.clone(), day);
        let tracks: Vec<Tracked> = signals.iter().map(|signal| (signal, (signal.track)(&market))).collect();
        let verdict = verdict::weigh(&market, &tracks);
        (market, tracks, verdict)
    };
    let all = compute(whole.reference());
    let compare = |&t: &usize| compare(&all, &compute(whole.sessions[t]));
    let found: Vec<(usize, Option<Difference>)> = at.par_iter().map(compare).collect();
    Audit {
        seed,
        cuts: at.iter().map(|&t| whole.sessions[t]).collect(),
        compared: found.iter().map(|(compared, _)| compared).sum(),
        differences: found.into_iter().filter_map(|(_, difference)| difference).collect(),
    }
}

/// Counts the figures of the cut market, and finds the first that the whole one has otherwise.
fn compare(
    (whole, tracks, verdict): &Computed,
    (cut, cut_tracks, cut_verdict): &Computed,
) -> (usize, Option<Difference>) {
    let mut compared = 0;
    let tell = |(t, signal, reading, whole, cut_short): Told| Difference {
        cut: cut.reference(),
        session: cut.sessions[t],
        signal,
        reading,
        whole,
        cut_short,
    };
    debug_assert_eq!(whole.sessions[..cut.sessions.len()], cut.sessions[..]);
    let mut first: Option<Told> = None;
    for ((signal, track), (_, cut_track)) in tracks.iter().zip(cut_tracks) {
        let found =
            track_differs(signal, track.as_ref().ok(), cut_track.as_ref().ok(), cut.sessions.len(), &mut compared);
        first = first.or(found);
    }
    let first = first.or_else(|| verdict_differs(verdict, cut_verdict, &mut compared));
    (compared, first.map(tell))
}

/// Session, signal, reading, and what both say.
type Told = (usize, &'static str, &'static str, String, String);

/// The first session before the cut at which a track differs.
fn track_differs(
    signal: &'static Signal,
    whole: Option<&Track>,
    cut: Option<&Track>,
    sessions: usize,
    compared: &mut usize,
) -> Option<Told> {
    let value = |track: Option<&Track>, column: usize, t: usize| {
        track.map_or(Value::Missing, |track| track.columns[column].value(t))
    };
    let vote = |track: Option<&Track>, t: usize| track.and_then(|track| track.votes[t]);
    *compared += sessions * (signal.readings.len() + 1);
    for (column, reading) in signal.readings.iter().enumerate() {
        // numbers are compared by their bits, without a copy of each
        let bits = |track: Option<&Track>| match track.map(|track| &track.columns[column]) {
            Some(Column::Number(numbers)) => Some(numbers[..sessions].to_vec()),
            _ => None,
        };
        let differs = match (bits(whole), bits(cut)) {
            (Some(whole), Some(cut)) => (0..sessions).find(|&t| !same(whole[t], cut[t])),
            _ => (0..sessions).find(|&t| value(whole, column, t) != value(cut, column, t)),
        };
        if let Some(t) = differs {
            let said = |track| format!("{:?}", value(track, column, t));
            return Some((t, signal.id, reading.name, said(whole), said(cut)));
        }
    }
    let t = (0..sessions).find(|&t| vote(whole, t) != vote(cut, t))?;
    let said = |track| format!("{:?}", vote(track, t));
    Some((t, signal.id, "vote", said(whole), said(cut)))
}

/// The first session before the cut at which the verdict differs.
fn verdict_differs(whole: &Verdict, cut: &Verdict, compared: &mut usize) -> Option<Told> {
    *compared += cut.staged.len() * (Pillar::ALL.len() + 3);
    for t in 0..cut.staged.len() {
        let (one, other) = (&whole.weighed[t], &cut.weighed[t]);
        for pillar in Pillar::ALL {
            let scores = [one, other].map(|day| day.pillars[pillar as usize].score);
            if !same(scores[0], scores[1]) {
                return Some((t, "verdict", pillar.id(), scores[0].to_string(), scores[1].to_string()));
            }
        }
        for (name, figures) in [("score", [one.score, other.score]), ("coverage", [one.coverage, other.coverage])] {
            if !same(figures[0], figures[1]) {
                return Some((t, "verdict", name, figures[0].to_string(), figures[1].to_string()));
            }
        }
        if whole.staged[t] != cut.staged[t] {
            let said = |verdict: &Verdict| format!("{:?}", verdict.staged[t]);
            return Some((t, "verdict", "stage", said(whole), said(cut)));
        }
    }
    None
}

/// Whether two figures are the same bits, or both missing.
fn same(one: f64, other: f64) -> bool {
    one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
}
