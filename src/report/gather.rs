//! From market, tracks and verdict to the report.

use super::{
    Figure, History, NotMeasured, Outcome, PillarRow, RateFlags, RateRegime, Readings, Reasons, Report, SCHEMA_VERSION,
    Setting, SignalRow,
};
use crate::bars::Warning;
use crate::config::Settings;
use crate::series::{Market, State};
use crate::signals::{Column, Pillar, Signal, Track, Value, Vote};
use crate::stats;
use crate::verdict::{self, REQUIRED, Stage, Tracked, Verdict};

impl Report {
    /// Gathers what is said of the market's reference session.
    pub fn new(
        market: &Market,
        tracks: &[Tracked],
        verdict: &Verdict,
        warnings: Vec<Warning>,
        synthetic: bool,
    ) -> Self {
        let weighed = &verdict.weighed[market.last()];
        let pillars = Pillar::ALL.iter().zip(&weighed.pillars).map(|(&pillar, tally)| PillarRow {
            id: pillar.id(),
            score: Figure(tally.score),
            in_favour: tally.in_favour,
            against: tally.against,
            neutral: tally.neutral,
            missing: tally.missing,
            weight: Figure(verdict::weight(&market.settings.weights, pillar)),
        });
        Self {
            schema_version: SCHEMA_VERSION,
            as_of: market.reference(),
            synthetic,
            verdict: outcome(market, tracks, verdict),
            pillars: pillars.collect(),
            signals: tracks.iter().map(|tracked| signal_row(market, tracked)).collect(),
            rate_regime: rate_regime(market, tracks),
            flips: NotMeasured,
            evidence: NotMeasured,
            inputs: market.states.clone(),
            warnings,
            settings: changed(&market.settings),
        }
    }
}

/// The verdict of the reference session.
fn outcome(market: &Market, tracks: &[Tracked], verdict: &Verdict) -> Outcome {
    let last = market.last();
    let (staged, weighed) = (&verdict.staged[last], &verdict.weighed[last]);
    Outcome {
        stage: staged.stage,
        since: market.sessions[staged.since],
        sessions_in_stage: last - staged.since + 1,
        previous_stage: staged.previous,
        candidate: staged.candidate,
        candidate_sessions: staged.candidate_sessions,
        score: Figure(weighed.score),
        coverage: Figure(weighed.coverage),
        rule: verdict.rule.clone(),
        posture: verdict.posture.clone(),
        next_step: (staged.stage == Stage::Unknown).then(|| way_out(market, tracks, verdict)),
    }
}

/// What to do about an unknown stage.
fn way_out(market: &Market, tracks: &[Tracked], verdict: &Verdict) -> String {
    let priced = verdict::priced(market);
    let known = (0..priced.len()).rev().find(|&t| verdict.staged[t].stage != Stage::Unknown);
    let earlier = known.map(|t| format!(", or look at an earlier session with `--as-of {}`", market.sessions[t]));
    let mut wanted: Vec<String> = REQUIRED.map(String::from).into();
    if priced[market.last()] {
        let silent = tracks.iter().filter(|(_, track)| vote_at(track, market.last()).is_none());
        wanted = silent.flat_map(|(signal, _)| (signal.inputs)(&market.settings)).collect();
    }
    let state = |input: &String| market.state(input).map_or(State::Missing, |state| state.state);
    wanted.retain(|input| matches!(state(input), State::Missing | State::Stale | State::Ended));
    wanted.sort();
    wanted.dedup();
    match (wanted.is_empty(), earlier) {
        (true, None) => "more history is needed: `rotation fetch` or `rotation import` longer series".into(),
        (true, Some(earlier)) => format!("run `rotation fetch`{earlier}"),
        (false, earlier) => {
            let list = wanted.join(", ");
            format!("bring in {list} with `rotation fetch` or `rotation import`{}", earlier.unwrap_or_default())
        }
    }
}

/// The vote of `track` at session `t`.
fn vote_at<E>(track: &Result<Track, E>, t: usize) -> Vote {
    track.as_ref().ok().and_then(|track| track.votes[t])
}

fn signal_row(market: &Market, (signal, track): &Tracked) -> SignalRow {
    let last = market.last();
    let vote = vote_at(track, last);
    let readings = signal.readings.iter().enumerate().map(|(i, &reading)| match track {
        Ok(track) => (reading, track.columns[i].value(last)),
        Err(_) => (reading, Value::Missing),
    });
    let votes = track.as_ref().map_or(&[][..], |track| &track.votes);
    SignalRow {
        id: signal.id,
        pillar: signal.pillar.id(),
        vote,
        since: vote.map(|vote| market.sessions[run_start(votes, vote)]),
        summary: track.as_ref().ok().filter(|_| vote.is_some()).map(|track| signal.summary_at(track, last)),
        readings: Readings(readings.collect()),
        basis: signal.basis,
        as_of: votes.iter().rposition(Option::is_some).map(|t| market.sessions[t]),
        inputs: (signal.inputs)(&market.settings),
        missing: if vote.is_some() { None } else { Some(why_missing(market, signal, track)) },
        reasons: if vote.is_some() { reasons(signal, track) } else { Reasons::default() },
        history: track.as_ref().ok().and_then(|track| history(signal, track)),
    }
}
