//! What speaks against stored series, as warnings.

use std::collections::BTreeMap;

use crate::bars::{IMPORTED, Kind, SeriesId, Warning};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::inputs::{self, UNIVERSE};
use crate::quality::{self, Finding, Nature, SESSION_MISSING};
use crate::report::count;
use crate::series::{Market, State};
use crate::store::Store;

/// What speaks against the inputs of a market, beyond what was `said` already.
pub(super) fn warnings(market: &Market, said: &[Warning]) -> Vec<Warning> {
    let new = |input: &str, code| said.iter().all(|one| one.code != code || one.input.as_deref() != Some(input));
    let closed = closures(market);
    let mut warnings = Vec::new();
    for (input, id, finding) in market.findings.iter().filter(|(input, _, finding)| new(input, finding.code)) {
        let mut finding = finding.clone();
        finding.days.retain(|day| finding.code != SESSION_MISSING || !closed.contains(day));
        if finding.withholds || !finding.days.is_empty() {
            let owner = market.state(input).and_then(|state| state.source.as_deref());
            warnings.push(warning(input, id, owner.unwrap_or_default(), &finding));
        }
    }
    let stale = market.states.iter().filter(|state| state.state == State::Stale && new(&state.id, STALE));
    warnings.extend(stale.map(|state| {
        let (id, last) = (&state.id, state.last.map_or_else(String::new, |last| format!(" of {last}")));
        let what = if id == UNIVERSE { FETCH_UNIVERSE } else { id };
        let message = format!(
            "{id} is stale: its last value{last} is {} old; bring in newer ones with `rotation fetch {what}` or \
             `rotation import`",
            count(state.age_sessions.unwrap_or_default() as usize, "session")
        );
        Warning::about(STALE, id, message)
    }));
    if !closed.is_empty() && said.iter().all(|one| one.code != CLOSURE) {
        let days: Vec<String> = closed.iter().take(CLOSURES_NAMED).map(Day::to_string).collect();
        let more = if closed.len() > CLOSURES_NAMED { ", …" } else { "" };
        let next = "an unscheduled closure? Then add it to `extra_closures` under `[calendar]`";
        let message = format!("no series has a bar on {}{more}: {next}", days.join(", "));
        warnings.push(Warning::general(CLOSURE, message));
    }
    warnings
}

/// Warnings that many inputs have at once, and for one cause.
const SHARED: [&str; 3] = [STALE, "dividends_unknown", "rows_borrowed"];

/// Warnings as lines: of those shared, inputs of which the same is said have one line.
pub(super) fn lines(warnings: &[Warning]) -> Vec<String> {
    let words = |warning: &Warning| warning.input.as_ref().map(|input| warning.message.replace(input, "\0"));
    let mut lines: Vec<(&Warning, Vec<&str>)> = Vec::new();
    for warning in warnings {
        let same = |first: &Warning| first.code == warning.code && words(first) == words(warning);
        let known = lines.iter_mut().find(|(first, _)| SHARED.contains(&first.code) && same(first));
        match (known, &warning.input) {
            (Some((_, others)), Some(input)) => others.push(input),
            _ => lines.push((warning, Vec::new())),
        }
    }
    lines.iter().map(|(first, others)| format!("warning: {}{}", first.message, the_same(others))).collect()
}

/// Series that a message names; the others are counted.
const NAMED: usize = 24;

/// What a message ends with that is true of others too.
pub(super) fn the_same(others: &[&str]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let more = if others.len() > NAMED { format!(" and {} more", others.len() - NAMED) } else { String::new() };
    format!("; the same for {}{more}", others[..others.len().min(NAMED)].join(", "))
}

/// What `rotation fetch` is told to fetch the members of an index.
pub(super) const FETCH_UNIVERSE: &str = "--universe iwm";
/// The warning of an input whose last value is too old to be used.
const STALE: &str = "stale";
/// The warning of sessions that no series has.
const CLOSURE: &str = "unscheduled_closure";
/// Such sessions that are named.
const CLOSURES_NAMED: usize = 5;
/// Series that must all lack a session before it is taken for a closure.
const CLOSURE_SERIES: usize = 3;

/// Sessions of which no series of bars has one, among those that began before and ended after.
fn closures(market: &Market) -> Vec<Day> {
    let mut lacking: BTreeMap<Day, usize> = BTreeMap::new();
    let missing = market.findings.iter().filter(|(.., finding)| finding.code == SESSION_MISSING);
    missing.flat_map(|(.., finding)| &finding.days).for_each(|day| *lacking.entry(*day).or_default() += 1);
    let spans: Vec<(Day, Day)> = market
        .states
        .iter()
        .filter(|state| state.series.first().is_some_and(|id| id.kind == Kind::Bars))
        .filter_map(|state| state.first.zip(state.last))
        .collect();
    let spanning = |day: Day| spans.iter().filter(|(first, last)| (*first..=*last).contains(&day)).count();
    lacking.into_iter().filter(|&(day, n)| n >= CLOSURE_SERIES && n == spanning(day)).map(|(day, _)| day).collect()
}

/// What speaks against those of `ids` that are held, beyond what was `said`; and how many are withheld.
pub(super) fn stored(
    store: &Store,
    ids: &[SeriesId],
    settings: &Settings,
    calendar: &Calendar,
    said: &[Warning],
) -> (Vec<Warning>, usize) {
    let inputs = inputs::inputs(settings);
    let mut withheld = 0;
    let mut warnings = Vec::new();
    for (id, series) in store.load_only(ids).shelf {
        let findings = quality::examine(&id, &series, Nature::of(&id, &inputs), calendar);
        withheld += usize::from(findings.iter().any(|finding| finding.withholds));
        for finding in findings {
            let input = inputs.iter().find(|input| input.series.contains(&id)).map_or(&id.name, |input| &input.id);
            if said.iter().all(|one| one.code != finding.code || one.input.as_ref() != Some(input)) {
                warnings.push(warning(input, &id, &series.origin.owner, &finding));
            }
        }
    }
    (warnings, withheld)
}

/// A finding as a warning, with what to do where it withholds.
fn warning(input: &str, id: &SeriesId, owner: &str, finding: &Finding) -> Warning {
    let next = match (finding.withholds, owner) {
        (false, _) => String::new(),
        (true, IMPORTED) => "; withheld: correct the file and give it with `rotation import --replace`".into(),
        (true, _) => format!("; withheld: try `rotation fetch --full {}`, or give it with `rotation import`", id.name),
    };
    Warning::about(finding.code, input, format!("`{id}`: {finding}{next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_inputs_have_at_once_is_one_line() {
        let stale = |id: &str, last: &str| Warning::about(STALE, id, format!("{id} is stale since {last}: fetch {id}"));
        let alone = |id: &str| Warning::about("dividends_unknown", id, format!("`bars/{id}` has no dividends"));
        let failed = |id: &str| Warning::about("answer_cut", id, format!("`bars/{id}` breaks off"));
        let warnings = [
            stale("IWM", "May"),
            alone("IWM"),
            stale("SPY", "May"),
            stale("KRE", "June"),
            alone("KRE"),
            stale("RSP", "May"),
            failed("IWM"),
            failed("SPY"),
            Warning::general("clock_differs", "the clock is wrong"),
        ];
        let said = [
            "warning: IWM is stale since May: fetch IWM; the same for SPY, RSP",
            "warning: `bars/IWM` has no dividends; the same for KRE",
            "warning: KRE is stale since June: fetch KRE",
            "warning: `bars/IWM` breaks off",
            "warning: `bars/SPY` breaks off",
            "warning: the clock is wrong",
        ];
        assert_eq!(lines(&warnings), said);
        let many: Vec<Warning> = (0..30).map(|i| stale(&format!("G{i}"), "May")).collect();
        assert!(lines(&many)[0].ends_with("G23, G24 and 5 more"), "{:?}", lines(&many));
    }

    #[test]
    fn one_session_is_one() {
        let (settings, day) = (Settings::default(), Day::from_ymd(2026, 6, 30).expect("a date"));
        let mut market = Market::build(&crate::bars::Shelf::new(), Calendar::new(&[]), settings, day);
        let state = market.states.first_mut().expect("an input");
        (state.state, state.age_sessions) = (State::Stale, Some(1));
        let said = warnings(&market, &[]);
        assert!(said[0].message.contains(" is 1 session old; bring in"), "{}", said[0].message);
    }
}
