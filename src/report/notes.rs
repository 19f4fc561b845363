//! What stands below the signals: rates, gaps, data, settings.

use std::fmt::Write;
use std::ops::RangeInclusive;

use super::figures::count;
use super::page::{Note, Page};
use super::{RateFlags, RateRegime, Report, SignalRow, words};
use crate::inputs::Need;
use crate::series::{InputState, State};

/// Width of the second column: what a note is about. As much as the longest name of a signal where one needs it.
const TOPIC: RangeInclusive<usize> = 17..=20;
/// Names of readings listed under one reason before the rest are counted.
const NAMES_SHOWN: usize = 3;

/// Writes the notes.
pub(super) fn render(report: &Report, page: &Page) -> String {
    let notes = all(report);
    let longest = notes.iter().map(|(_, about, _)| about.chars().count()).max().unwrap_or(0);
    page.notes(longest.clamp(*TOPIC.start(), *TOPIC.end()), notes.into_iter())
}

/// Every note, in order.
pub(super) fn all(report: &Report) -> Vec<Note> {
    [rates(&report.rate_regime), missing(&report.signals), data(&report.inputs), settings(report)].concat()
}

/// The rate regime in words.
fn rates(regime: &RateRegime) -> Vec<Note> {
    let RateFlags { not_intensifying, steepening, inverted, credit_calm, .. } = regime.flags;
    let said = |flag: Option<bool>, yes: &str, no: &str, what: &str| match flag {
        Some(true) => yes.to_owned(),
        Some(false) => no.to_owned(),
        None => format!("{what} unknown"),
    };
    let curve = match (steepening, inverted) {
        (None, None) => "curve unknown".into(),
        _ => format!(
            "curve {}, {}",
            said(steepening, "steepening", "not steepening", "steepening"),
            said(inverted, "inverted", "not inverted", "inversion")
        ),
    };
    let parts = [
        said(not_intensifying, "rate pressure not intensifying", "rate pressure not calm", "rate pressure"),
        curve,
        said(credit_calm, "credit calm", "credit not calm", "credit"),
    ];
    vec![("rates", words::policy(regime.state.as_deref()), parts.join("; "))]
}

/// Signals without a vote, then readings that lack beside a vote; those with one reason together.
fn missing(signals: &[SignalRow]) -> Vec<Note> {
    let silent = signals.iter().filter(|signal| !signal.abstains());
    let silent = silent.filter_map(|signal| Some((signal.missing.as_deref()?, signal.id)));
    let mut notes: Vec<Note> = by_reason(silent)
        .into_iter()
        .map(|(reason, ids)| match ids[..] {
            [id] => ("missing", id.into(), reason.into()),
            _ => ("missing", format!("{} signals", ids.len()), format!("{reason} ({})", ids.join(", "))),
        })
        .collect();
    for signal in signals.iter().filter(|signal| !signal.abstains()) {
        let lacking = signal.reasons.0.iter().map(|(name, reason)| (reason.as_str(), *name));
        let lines = by_reason(lacking).into_iter().map(|(reason, names)| format!("{reason} ({})", listed(&names)));
        notes.extend(lines.map(|text| ("missing", signal.id.into(), text)));
    }
    notes
}

/// Names by their reason, in order.
fn by_reason<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (reason, name) in pairs {
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(name),
            None => groups.push((reason, vec![name])),
        }
    }
    groups
}

/// The first few names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let mut text = names[..names.len().min(NAMES_SHOWN)].join(", ");
    if names.len() > NAMES_SHOWN {
        write!(text, " and {} more", names.len() - NAMES_SHOWN).expect("writing to a string");
    }
    text
}

/// Where each input comes from and how old it is: alike ones together, in order, gaps last.
fn data(inputs: &[InputState]) -> Vec<Note> {
    let mut groups: Vec<(String, String, Vec<&str>)> = Vec::new();
    // the track record's own inputs bear on nothing here
    let shown = |input: &&InputState| input.need != Need::Evidence;
    let (held, lacking): (Vec<_>, Vec<_>) = inputs.iter().filter(shown).partition(|input| input.source.is_some());
    for input in held.into_iter().chain(lacking) {
        let (source, age) = (source(input), age(input));
        match groups.iter_mut().find(|group| group.0 == source && group.1 == age) {
            Some((_, _, ids)) => ids.push(&input.id),
            None => groups.push((source, age, vec![&input.id])),
        }
    }
    groups.into_iter().map(|(source, age, ids)| ("data", source, ids.join(" ") + &age)).collect()
}

/// Who served an input, or why nobody did.
fn source(input: &InputState) -> String {
    match (&input.source, input.state) {
        (Some(source), _) => source.replace('+', " + "),
        (None, State::Absent) => "never given".into(),
        (None, _) => "not in the store".into(),
    }
}

/// Up to when an input reaches, and what is wrong with that.
fn age(input: &InputState) -> String {
    let (Some(last), Some(age)) = (input.last, input.age_sessions) else {
        return if input.source.is_some() { " start after this session".into() } else { String::new() };
    };
    let old = if age == 0 { String::new() } else { format!(", {} old", count(age as usize, "session")) };
    match input.state {
        State::Stale => format!(" to {last}{old}: too old"),
        State::Ended => format!(" to {last}: ended"),
        State::Withheld => format!(" to {last}: withheld"),
        _ if input.revised => format!(" to {last}{old}: revised data"),
        _ => format!(" to {last}{old}"),
    }
}

/// The settings that differ from the defaults.
fn settings(report: &Report) -> Vec<Note> {
    let changed = report.settings.iter();
    let text = |value: &str| if value.is_empty() { "none".to_owned() } else { value.to_owned() };
    changed
        .map(|setting| {
            let text = format!("{} {} (default {})", setting.name, text(&setting.value), text(&setting.default));
            ("settings", "changed".into(), text)
        })
        .collect()
}
