//! From market, tracks and verdict to the report.

use rayon::prelude::*;
use serde::Serialize;

use super::{
    Evidence, Figure, FlipRow, History, Outcome, PillarRow, RateFlags, RateRegime, Readings, Reasons, Report,
    SCHEMA_VERSION, Setting, SignalRow, spark,
};
use crate::bars::Warning;
use crate::config::Settings;
use crate::series::{InputState, Market, Missing, State};
use crate::signals::{Column, Pillar, Signal, Snapshot, Track, Value, Vote, run_start};
use crate::stats;
use crate::verdict::{self, Flips, REQUIRED, Stage, Tracked, Verdict};

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
            id: pillar,
            score: Figure(tally.score()),
            in_favour: tally.in_favour.into(),
            against: tally.against.into(),
            neutral: tally.neutral.into(),
            missing: tally.missing.into(),
            weight: Figure(verdict::weight(&market.settings.weights, pillar)),
        });
        Self {
            schema_version: SCHEMA_VERSION,
            as_of: market.reference(),
            synthetic,
            verdict: outcome(market, tracks, verdict),
            change: None,
            pillars: pillars.collect(),
            signals: tracks.par_iter().map(|tracked| signal_row(market, tracked)).collect(),
            rate_regime: rate_regime(market, tracks),
            flips: None,
            next_close: None,
            evidence: Evidence::none("what followed was not asked for"),
            inputs: market.states.clone(),
            warnings,
            settings: changed(&market.settings),
            pictures: None,
        }
    }

    /// Adds what followed such verdicts.
    #[must_use]
    pub fn with_evidence(self, evidence: Evidence) -> Self {
        Self { evidence, ..self }
    }

    /// Adds what would change at the next close.
    #[must_use]
    pub fn with_flips(self, flips: &Flips) -> Self {
        let rows = flips.flips.iter().map(FlipRow::from).collect();
        Self { flips: Some(rows), next_close: Some(flips.into()), ..self }
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
    if market.states.iter().all(|input| input.source.is_none()) {
        // of a store there is no such market: this is the synthetic one before its first session
        return "there is nothing up to this session: ask for a later one".into();
    }
    let priced = verdict::priced(market);
    let known = (0..priced.len()).rev().find(|&t| verdict.staged[t].stage != Stage::Unknown);
    let earlier = known.map(|t| format!(", or look at an earlier session with `--as-of {}`", market.sessions[t]));
    let mut wanted: Vec<String> = REQUIRED.map(String::from).into();
    if priced[market.last()] {
        let leaderless = verdict.weighed[market.last()].pillars[Pillar::Leadership as usize].score().is_nan();
        let silent = tracks.iter().filter(|(signal, track)| {
            let asked = if leaderless { signal.pillar == Pillar::Leadership } else { signal.pillar.counts() };
            asked && vote_at(track, market.last()).is_none()
        });
        wanted = silent.flat_map(|(signal, _)| (signal.inputs)(&market.settings)).collect();
    }
    wanted.sort();
    wanted.dedup();
    let (later, wanted): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|input| begins_later(market, input));
    let state = |input: &String| market.state(input).map_or(State::Missing, |state| state.state);
    let withheld = wanted.iter().filter_map(|input| market.state(input)).filter(|held| held.state == State::Withheld);
    let mut steps: Vec<String> = withheld.map(InputState::remedy).collect();
    let lacking = |input: &&String| matches!(state(input), State::Missing | State::Stale | State::Ended);
    let lacking: Vec<&str> = wanted.iter().filter(lacking).map(String::as_str).collect();
    if !lacking.is_empty() {
        steps.push(format!("bring in {} with `rotation fetch` or `rotation import`", lacking.join(", ")));
    }
    match (steps.is_empty(), earlier) {
        (true, _) if !later.is_empty() => {
            format!("nothing is held up to this session of {}: ask for a later one with `--as-of`", later.join(", "))
        }
        (true, None) => {
            "more history is needed: bring in longer series with `rotation fetch` or `rotation import`".into()
        }
        (true, Some(earlier)) => format!("run `rotation fetch`{earlier}"),
        (false, earlier) => steps.join("; ") + &earlier.unwrap_or_default(),
    }
}

/// Whether `input` is held and starts after the reference session.
fn begins_later(market: &Market, input: &str) -> bool {
    market.state(input).is_some_and(|state| state.source.is_some() && state.last.is_none())
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
    let now = track.as_ref().ok().map(|track| Snapshot::new(signal, track, last));
    let measured = |now: &Snapshot| now.get((signal.headline)(now)) != Value::Missing;
    let told = now.filter(|now| vote.is_some() || (!signal.pillar.counts() && measured(now)));
    let summary = told.map(|now| (signal.summary)(&now));
    SignalRow {
        id: signal.id,
        pillar: signal.pillar,
        vote,
        kept: track.as_ref().is_ok_and(|track| track.kept),
        since: vote.map(|_| market.sessions[run_start(votes)]),
        reasons: if summary.is_some() { reasons(signal, track) } else { Reasons::default() },
        summary,
        readings: Readings(readings.collect()),
        basis: signal.basis,
        as_of: votes.iter().rposition(Option::is_some).map(|t| market.sessions[t]),
        inputs: (signal.inputs)(&market.settings),
        missing: if vote.is_some() { None } else { Some(why_missing(market, signal, track)) },
        history: track.as_ref().ok().and_then(|track| history(signal, track)),
    }
}

/// Why `signal` has no vote at the reference session.
fn why_missing(market: &Market, signal: &Signal, track: &Result<Track, Missing>) -> String {
    if !verdict::is_set_up(market, signal) {
        return format!("not set up: {} never given", (signal.inputs)(&market.settings).join(" and "));
    }
    match track {
        Err(missing) => missing.to_string(),
        Ok(track) => track.missing.clone().unwrap_or_else(|| "no reason is known".into()),
    }
}

/// Why readings of a signal that votes or abstains are missing.
fn reasons(signal: &Signal, track: &Result<Track, Missing>) -> Reasons {
    let reasons = track.iter().flat_map(|track| signal.readings.iter().zip(&track.reasons));
    Reasons(reasons.filter_map(|(reading, reason)| Some((reading.name, reason.clone()?))).collect())
}

/// The place of the headline reading in its own past, `None` without a figure today.
fn history(signal: &Signal, track: &Track) -> Option<History> {
    let at = signal.deciding(track)?;
    let headline = signal.readings[at].name;
    let Column::Number(column) = &track.columns[at] else { return None };
    let now = *column.last().filter(|value| value.is_finite())?;
    let (percentile, sessions) = stats::place_among(column, now);
    Some(History { reading: headline, percentile: Figure(percentile), sessions, year: spark::year(column) })
}

/// What the rate series say at the reference session.
fn rate_regime(market: &Market, tracks: &[Tracked]) -> RateRegime {
    let last = market.last();
    let find = |id: &str| tracks.iter().find(|(signal, _)| signal.id == id);
    let reading = |id: &str, name: &str| {
        let (signal, track) = find(id)?;
        let at = signal.readings.iter().position(|reading| reading.name == name)?;
        Some(track.as_ref().ok()?.columns[at].value(last))
    };
    let number = |id, name| match reading(id, name) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let votes_for = |id| Some(vote_at(&find(id)?.1, last)? == 1);
    let state = match reading("policy-cycle", "state") {
        Some(Value::Word(state)) => Some(state),
        _ => None,
    };
    let flags = RateFlags {
        easing: state.as_deref().map(|state| state == "easing"),
        hiking: state.as_deref().map(|state| state == "hiking"),
        not_intensifying: votes_for("rate-pressure"),
        steepening: number("curve", "change_63d").map(|change| change > market.settings.bands.curve),
        inverted: number("curve", "level").map(|level| level < 0.0),
        credit_calm: votes_for("credit"),
    };
    RateRegime { state, flags }
}

/// The settings that bear on the figures and differ from the defaults.
fn changed(settings: &Settings) -> Vec<Setting> {
    let default = Settings::default();
    let numbers = flat("weights", &settings.weights, &default.weights).into_iter().chain(flat(
        "bands",
        &settings.bands,
        &default.bands,
    ));
    let listed = |settings: &Settings| {
        let groups: Vec<String> =
            settings.groups.iter().map(|group| format!("{} {}", group.symbol, group.tag)).collect();
        let closures: Vec<String> = settings.extra_closures.iter().map(ToString::to_string).collect();
        let universe = settings.universe.as_ref().map(|path| path.to_string_lossy().into_owned());
        [
            ("groups", groups.join(", ")),
            ("universe.file", universe.unwrap_or_default()),
            ("calendar.extra_closures", closures.join(", ")),
        ]
    };
    let lists = listed(settings).into_iter().zip(listed(&default)).map(|((name, value), (_, default))| Setting {
        name: name.into(),
        value,
        default,
    });
    numbers.chain(lists).filter(|setting| setting.value != setting.default).collect()
}

/// The fields of a flat table of settings, beside their defaults.
fn flat<T: Serialize>(table: &str, value: &T, default: &T) -> Vec<Setting> {
    let fields = |table: &T| match serde_json::to_value(table) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let defaults = fields(default);
    let setting = |(name, value): (String, serde_json::Value)| Setting {
        default: defaults.get(&name).map(ToString::to_string).unwrap_or_default(),
        name: format!("{table}.{name}"),
        value: value.to_string(),
    };
    fields(value).into_iter().map(setting).collect()
}
