//! Whether a stored series can be true: what speaks against it, and whether it may be used.
//!
//! A pure look at columns and calendar. Nothing is repaired: a series that a finding withholds counts
//! as not to be had until its cause is gone.

mod closes;
mod jumps;
mod rows;

use std::fmt;

use crate::bars::{Bars, Borrowed, Columns, Dividends, IMPORTED, Kind, Origin, Points, Series, SeriesId};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::inputs::Input;
pub use closes::examine_closes;
use jumps::jumps;
pub use jumps::{is_jump, like_a_split};
use rows::rows;
pub use rows::{OUT_OF_RANGE, in_range};

/// Number of the rules that [`is_sound`] goes by, raised whenever one of them changes: what is stored
/// as sound by others is examined again.
pub const RULES: u32 = 1;

/// Sessions are judged by the calendar from here on: 1990-01-01.
pub const JUDGED_FROM: Day = Day::from_number(7_305);

/// Sessions without a bar after which the name may have passed to another fund: a year.
pub const REUSED_AFTER_SESSIONS: u32 = 252;

/// Something that speaks against a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable word, in `snake_case`.
    pub code: &'static str,
    /// The days it is about; none for the series as a whole.
    pub days: Vec<Day>,
    /// What was found, without the days.
    pub what: String,
    /// Whether the series may not be used.
    pub withholds: bool,
}

/// The finding of a session between two bars that has none.
pub const SESSION_MISSING: &str = "session_missing";

/// Days that a message names; the others are counted.
const NAMED_DAYS: usize = 3;

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.days.iter().take(NAMED_DAYS).map(Day::to_string).collect();
        f.write_str(&self.what)?;
        if !named.is_empty() {
            write!(f, " {}", named.join(", "))?;
        }
        if self.days.len() > NAMED_DAYS { write!(f, ", … ({} days)", self.days.len()) } else { Ok(()) }
    }
}

impl Finding {
    fn note(code: &'static str, what: impl Into<String>, days: Vec<Day>) -> Self {
        Self { code, days, what: what.into(), withholds: false }
    }

    fn withholding(code: &'static str, what: impl Into<String>, days: Vec<Day>) -> Self {
        Self { code, days, what: what.into(), withholds: true }
    }
}

/// Whether a symbol is certainly traded on the exchanges of the calendar: letters, perhaps a class
/// (`BRK-B`), or one of the two indices used here.
pub fn is_us(symbol: &str) -> bool {
    let (name, class) = symbol.split_once('-').unwrap_or((symbol, ""));
    let letters = |text: &str, most| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_uppercase());
    ["^GSPC", "^RUT"].contains(&symbol) || (!name.is_empty() && letters(name, 5) && letters(class, 2))
}

/// How much a series can move in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// It stands for a market: a fund, an index, a rate. What moves it like a split is none of the market's doing.
    Market,
    /// Whatever else is held: a stock does double or halve in a day, with the trading that news brings,
    /// which is said and does not withhold it.
    Other,
}

impl Nature {
    /// Of a series, where `inputs` are those the program knows: these all stand for a market.
    pub fn of(id: &SeriesId, inputs: &[Input]) -> Self {
        let known = id.kind == Kind::Valuation || inputs.iter().any(|input| input.series.contains(id));
        if known { Self::Market } else { Self::Other }
    }
}

/// What speaks against `series`, those findings first that withhold it.
///
/// How old its last value is, is no part of this: that depends on when one looks.
pub fn examine(id: &SeriesId, series: &Series, nature: Nature, calendar: &Calendar) -> Vec<Finding> {
    let mut findings = match &series.columns {
        Columns::Bars(bars) => examine_bars(id, series, bars, nature, calendar),
        Columns::Points(points) => examine_points(id, points),
    };
    findings.extend(origin(series));
    findings.retain(|finding| !finding.days.is_empty() || finding.code == CURRENCY);
    if nature == Nature::Other {
        // a file is taken with such a jump only on the user's word
        let vouched = series.origin.owner == IMPORTED;
        let said = |code| BY_SIZE.contains(&code) || (vouched && code == POSSIBLE_SPLIT);
        findings.iter_mut().filter(|finding| said(finding.code)).for_each(|one| one.withholds = false);
    }
    findings.sort_by_key(|finding| !finding.withholds);
    findings
}

/// What is to be known of where the rows come from.
fn origin(series: &Series) -> Vec<Finding> {
    let Origin { owner, dividends, borrowed, .. } = &series.origin;
    let mut findings = Vec::new();
    if let Some(Borrowed { source, from }) = borrowed {
        let (owner, source) = (owner.escape_debug(), source.escape_debug());
        let what = format!("{owner}'s series goes on with {source}'s rows, until {owner} serves them, from");
        findings.push(Finding::note("rows_borrowed", what, vec![*from]));
    }
    if *dividends == Dividends::Unknown && owner != IMPORTED {
        let since = borrowed.as_ref().map(|borrowed| borrowed.from);
        let since = since.or_else(|| series.columns.days().first().copied());
        let what = "dividends are not known, and returns lack them, from";
        findings.push(Finding::note("dividends_unknown", what, since.into_iter().collect()));
    }
    findings
}

/// What speaks against the figures of bars, whatever the calendar.
fn figures(bars: &Bars, nature: Nature) -> Vec<Finding> {
    let mut findings = rows(bars);
    findings.extend(jumps(bars, nature));
    findings.retain(|finding| !finding.days.is_empty());
    findings
}

/// Whether nothing speaks against any figure of daily bars, whatever the calendar; no other columns are sound.
pub fn is_sound(columns: &Columns) -> bool {
    matches!(columns, Columns::Bars(bars) if bars.is_whole() && figures(bars, Nature::Market).is_empty())
}

/// The finding of a jump that nobody marked as a split.
const POSSIBLE_SPLIT: &str = "possible_split";

/// The finding of another currency than the exchange's.
const CURRENCY: &str = "currency_unexpected";

/// Findings that rest on how far a value moved.
const BY_SIZE: [&str; 4] = ["price_outlier", "price_block", "value_outlier", "value_implausible"];

fn examine_bars(id: &SeriesId, series: &Series, bars: &Bars, nature: Nature, calendar: &Calendar) -> Vec<Finding> {
    let currency = &series.origin.currency;
    // bars read in part are those of a file whose figures were found sound when it was written
    let mut findings = if bars.is_whole() { figures(bars, nature) } else { Vec::new() };
    let us = is_us(&id.name);
    if us && !currency.is_empty() && currency != "USD" {
        let what = format!("its prices are in `{}`, not in USD", currency.escape_debug());
        findings.push(Finding::withholding(CURRENCY, what, Vec::new()));
    }
    findings.push(reused(&bars.day, calendar));
    if us {
        let (missing, extra) = compare(&bars.day, calendar);
        findings.push(Finding::note(SESSION_MISSING, "no bar on sessions of the exchange:", missing));
        findings.push(Finding::note("row_without_session", "a bar on a day without a session:", extra));
    }
    findings
}

/// The finding of a year without a bar.
fn reused(days: &[Day], calendar: &Calendar) -> Finding {
    // so many sessions are at least as many days: most pairs need no counting, and most series not even a look at each
    let far = |pair: &&[Day]| pair[1].since(pair[0]) > REUSED_AFTER_SESSIONS as i32;
    let any = days.windows(2).fold(false, |any, pair| any | far(&pair));
    let days = if any { days } else { &[] };
    let reused = days.windows(2).filter(far).filter(|pair| calendar.age(pair[0], pair[1]) > REUSED_AFTER_SESSIONS);
    let what = "ticker reused? No bar for over a year before";
    Finding::withholding("ticker_reused", what, reused.map(|pair| pair[1]).collect())
}

/// Sessions without a row between the first and the last, and rows without a session.
fn compare(days: &[Day], calendar: &Calendar) -> (Vec<Day>, Vec<Day>) {
    let (mut missing, mut extra) = (Vec::new(), Vec::new());
    let judged = &days[days.partition_point(|&day| day < JUDGED_FROM)..];
    // sessions before the first judged row count only where there is a row before them
    let first = days.first().map_or(JUDGED_FROM, |&first| first.max(JUDGED_FROM));
    let Some(&last) = judged.last() else { return (missing, extra) };
    let (mut days, mut sessions) = (judged, calendar.between(first, last));
    loop {
        let agreed = Day::agree(days, sessions);
        (days, sessions) = (&days[agreed..], &sessions[agreed..]);
        let Some(&day) = days.first() else { break };
        if let Some(&session) = sessions.first().filter(|&&session| session < day) {
            missing.push(session);
            sessions = &sessions[1..];
        } else {
            if !calendar.is_session(day) {
                extra.push(day);
            }
            days = &days[1..];
        }
    }
    (missing, extra)
}

/// Rates, spreads and shares lie in here, in percent; indices of conditions do too.
const PLAUSIBLE_RATES: std::ops::RangeInclusive<f64> = -100.0..=100.0;
/// P/Es of indices lie in here. Below are inverses (0.04 for 25) and placeholders; above, the members earn next to
/// nothing together.
pub const PLAUSIBLE_PE: std::ops::RangeInclusive<f64> = 2.0..=500.0;
/// A value that leaves by this factor and comes back on the next day …
const VALUE_FACTOR: f64 = 5.0;
/// … is wrong where it is also this far away, in percentage points: small rates do jump by factors.
const VALUE_POINTS: f64 = 5.0;
/// Days between values of a daily series at most; quarterly surveys swing as they like.
const DAILY_DAYS: i32 = 7;

/// Whether the figures of a positioning report contradict each other: no side exceeds what is open.
fn contradicts(points: &Points, i: usize) -> bool {
    let open = points.value[i];
    open <= 0.0 || points.beside.iter().any(|side| !(0.0..=open).contains(&side[i]))
}

fn examine_points(id: &SeriesId, points: &Points) -> Vec<Finding> {
    if id.kind == Kind::Positioning {
        let days = (0..points.len()).filter(|&i| contradicts(points, i)).map(|i| points.day[i]).collect();
        return vec![Finding::withholding("value_implausible", "a report that cannot be on", days)];
    }
    let plausible = if id.kind == Kind::Valuation { PLAUSIBLE_PE } else { PLAUSIBLE_RATES };
    let value = &points.value;
    let outside = (0..points.len()).filter(|&i| !plausible.contains(&value[i])).map(|i| points.day[i]);
    let alone = (1..points.len().saturating_sub(1)).filter(|&i| {
        let off = |other: f64| {
            let factor = value[i] / other;
            (value[i] - other).abs() >= VALUE_POINTS && !(1.0 / VALUE_FACTOR..VALUE_FACTOR).contains(&factor)
        };
        points.day[i + 1].since(points.day[i - 1]) <= 2 * DAILY_DAYS && off(value[i - 1]) && off(value[i + 1])
    });
    vec![
        Finding::withholding("value_implausible", "a value that cannot be on", outside.collect()),
        Finding::withholding(
            "value_outlier",
            "a value that leaves and comes back on",
            alone.map(|i| points.day[i]).collect(),
        ),
    ]
}

#[cfg(test)]
mod tests;
