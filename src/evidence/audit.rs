//! The audit: what is said of a session must not depend on later ones.
//!
//! The market is cut at random sessions and everything computed again; up to the cut nothing may differ by a bit.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

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
    /// Signals of which nothing was compared, as they say nothing.
    pub silent: Vec<&'static str>,
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

/// Cuts the market `whole` at `cuts` random sessions; `cut` gives it as of any of its sessions.
pub fn audit(
    whole: Market,
    cut: impl Fn(Day) -> Market + Sync,
    signals: &'static [Signal],
    cuts: usize,
    seed: u64,
) -> Audit {
    let compute = |market: Market| -> Computed {
        let tracks: Vec<Tracked> = signals.par_iter().map(|signal| (signal, (signal.track)(&market))).collect();
        let verdict = verdict::weigh(&market, &tracks);
        (market, tracks, verdict)
    };
    let whole = compute(whole);
    let sessions = &whole.0.sessions;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut at: Vec<usize> = (0..cuts).map(|_| rng.random_range(0..sessions.len())).collect();
    at.sort_unstable();
    at.dedup();
    let compare = |&t: &usize| compare(&whole, &compute(cut(sessions[t])));
    let found: Vec<(usize, Option<Difference>)> = at.par_iter().map(compare).collect();
    Audit {
        seed,
        cuts: at.iter().map(|&t| sessions[t]).collect(),
        compared: found.iter().map(|(compared, _)| compared).sum(),
        silent: whole.1.iter().filter(|(_, track)| track.is_err()).map(|(signal, _)| signal.id).collect(),
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
        if track.is_ok() || cut_track.is_ok() {
            let [track, cut_track] = [track, cut_track].map(|track| track.as_ref().ok());
            first = first.or(track_differs(signal, track, cut_track, cut.sessions.len(), &mut compared));
        }
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
        // numbers are compared by their bits
        let differs = match (numbers(whole, column), numbers(cut, column)) {
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

/// The readings of a column of numbers.
fn numbers(track: Option<&Track>, column: usize) -> Option<&[f64]> {
    match &track?.columns[column] {
        Column::Number(numbers) => Some(numbers),
        _ => None,
    }
}

/// The first session before the cut at which the verdict differs.
fn verdict_differs(whole: &Verdict, cut: &Verdict, compared: &mut usize) -> Option<Told> {
    *compared += cut.staged.len() * (Pillar::ALL.len() + 3);
    for t in 0..cut.staged.len() {
        let (one, other) = (&whole.weighed[t], &cut.weighed[t]);
        for pillar in Pillar::ALL {
            let scores = [one, other].map(|day| day.pillars[pillar as usize].score());
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
