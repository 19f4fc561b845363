//! Whether bars can be true: what no source's bars may be, and what is left out of them.

use std::collections::BTreeMap;

use super::fault::Fault;
use super::{Ask, Finding, SESSION_MISSING, due};
use crate::bars::{Bar, Bars};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::quality::{JUDGED_FROM, Nature, OUT_OF_RANGE, REUSED_AFTER_SESSIONS, in_range, is_jump, like_a_split};

/// What happened on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Event {
    /// Cash paid for one share; 0 for none.
    pub(super) dividend: f64,
    /// New shares for one old one; 1 for none.
    pub(super) split: f64,
}

impl Default for Event {
    fn default() -> Self {
        Self { dividend: 0.0, split: 1.0 }
    }
}

/// Drops today's bar while the session is not finished.
///
/// # Errors
/// When the days do not ascend, were not asked for, or have not come yet.
pub(super) fn in_order(bars: &mut Vec<Bar>, ask: &Ask) -> Result<(), Fault> {
    if let Some(pair) = bars.windows(2).find(|pair| pair[0].day >= pair[1].day) {
        return Err(Fault::Malformed(format!("its dates do not ascend at {}", pair[1].day)));
    }
    let today = due::today(ask.now);
    if let Some(bar) = bars.last().filter(|bar| bar.day > today) {
        return Err(Fault::Malformed(format!("it holds {}, which has not come by the clock ({today})", bar.day)));
    }
    bars.retain(|bar| bar.day <= ask.to);
    match bars.first().filter(|bar| bar.day < ask.from) {
        Some(early) => Err(Fault::Malformed(format!("it holds {}, which was not asked for", early.day))),
        None => Ok(()),
    }
}

/// Puts events on their days, leaves out rows that hold no price or an impossible one, and says what
/// it left out. A day without a price keeps its event: the cash was paid all the same.
///
/// # Errors
/// When the close jumps as only a split or a wrong price makes it jump.
pub(super) fn settle(rows: Vec<Bar>, events: &BTreeMap<Day, Event>, ask: &Ask) -> Result<(Bars, Vec<Finding>), Fault> {
    let Ask { calendar, nature, .. } = *ask;
    let mut findings = Vec::new();
    let unpriced: Vec<Day> = rows.iter().filter(|bar| !priced(bar)).map(|bar| bar.day).collect();
    let odd: Vec<Day> = rows.iter().filter(|bar| priced(bar) && !in_range(prices(bar))).map(|bar| bar.day).collect();
    let closed = |day: Day| day >= JUDGED_FROM && !calendar.is_session(day);
    let idle: Vec<Day> = rows.iter().map(|bar| bar.day).filter(|&day| closed(day)).collect();
    let mut rows: Vec<Bar> =
        rows.into_iter().filter(|bar| priced(bar) && in_range(prices(bar)) && !closed(bar.day)).collect();
    note(&mut findings, "row_without_price", "no price on", &unpriced);
    note(&mut findings, "row_out_of_range", OUT_OF_RANGE, &odd);
    note(&mut findings, "row_without_session", "bars on days without a session:", &idle);
    if let Some(start) = after_reuse(&rows, calendar) {
        let what = "ticker reused? No bar for over a year, those before are left out, up to";
        note(&mut findings, "ticker_reused", what, &[rows[start - 1].day]);
        rows.drain(..start);
    }
    check_jumps(&rows, events, nature)?;
    let gaps = missing(&rows, &unpriced, &odd, calendar);
    note(&mut findings, SESSION_MISSING, "no bar on", &gaps);
    let homeless = place(&mut rows, events, calendar);
    note(&mut findings, "event_without_bar", "a dividend or split without a bar on", &homeless);
    Ok((rows.into_iter().collect(), findings))
}

/// Says something of days, if there are any.
fn note(findings: &mut Vec<Finding>, code: &'static str, what: &'static str, days: &[Day]) {
    if !days.is_empty() {
        findings.push(Finding { code, what, days: days.to_vec() });
    }
}

fn prices(bar: &Bar) -> [f64; 4] {
    [bar.open, bar.high, bar.low, bar.close]
}

/// Whether all four prices are there.
fn priced(bar: &Bar) -> bool {
    prices(bar).iter().all(|price| price.is_finite() && *price > 0.0)
}

/// The row after the last gap of over a year.
fn after_reuse(rows: &[Bar], calendar: &Calendar) -> Option<usize> {
    (1..rows.len()).rev().find(|&i| calendar.age(rows[i - 1].day, rows[i].day) > REUSED_AFTER_SESSIONS)
}

/// Refuses closes between which a split is hidden. A stock does jump: with the trading that news brings.
fn check_jumps(rows: &[Bar], events: &BTreeMap<Day, Event>, nature: Nature) -> Result<(), Fault> {
    let marked = |after: &Bar| events.get(&after.day).is_some_and(|event| event.split != 1.0);
    let jump = (1..rows.len()).find(|&i| {
        is_jump(rows[i - 1].close, rows[i].close)
            && (nature == Nature::Market || marked(&rows[i]) || like_a_split(&rows[..i], &rows[i]))
    });
    let Some((before, after)) = jump.map(|i| (&rows[i - 1], &rows[i])) else { return Ok(()) };
    let split = marked(after);
    let why = if split { "prices before the split are not adjusted yet" } else { "possible split, or a wrong price" };
    Err(Fault::Malformed(format!("the close goes from {} to {} on {}: {why}", before.close, after.close, after.day)))
}

/// Sessions between the first and the last row that the answer does not name.
fn missing(rows: &[Bar], unpriced: &[Day], odd: &[Day], calendar: &Calendar) -> Vec<Day> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Vec::new() };
    let sessions = calendar.between(first.day.max(JUDGED_FROM), last.day);
    let named = |day: &Day| {
        rows.binary_search_by_key(day, |bar| bar.day).is_ok() || unpriced.contains(day) || odd.contains(day)
    };
    sessions.iter().copied().filter(|day| !named(day)).collect()
}

/// Puts events on the rows of their days, or on a row without prices between two others. Events
/// before the first or after the last row belong to bars not asked for or not finished. Returns the
/// days of events that found no bar.
fn place(rows: &mut Vec<Bar>, events: &BTreeMap<Day, Event>, calendar: &Calendar) -> Vec<Day> {
    let (Some(first), Some(last)) = (rows.first().map(|bar| bar.day), rows.last().map(|bar| bar.day)) else {
        return Vec::new();
    };
    let mut homeless = Vec::new();
    for (&day, event) in events.range(first..=last) {
        match rows.binary_search_by_key(&day, |bar| bar.day) {
            Ok(i) => (rows[i].dividend, rows[i].split) = (event.dividend, event.split),
            Err(i) => {
                homeless.push(day);
                if calendar.is_session(day) {
                    rows.insert(i, without_prices(day, event));
                }
            }
        }
    }
    homeless
}

fn without_prices(day: Day, event: &Event) -> Bar {
    let none = f64::NAN;
    Bar {
        day,
        open: none,
        high: none,
        low: none,
        close: none,
        volume: none,
        dividend: event.dividend,
        split: event.split,
    }
}

#[cfg(test)]
mod tests;
