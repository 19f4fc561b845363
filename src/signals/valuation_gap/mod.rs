//! `valuation-gap`: are small caps cheap against large ones?

mod dividend_yield;
mod forward_pe;

pub(crate) use forward_pe::pe_pair;
use forward_pe::{ForwardPe, PUBLISHED};

use super::words::{number, setting, signed, signed_percent};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, Vote, named, reading};
use crate::config::Bands;
use crate::inputs::{PE_LARGE, PE_SMALL};
use crate::series::{Figure, Market, Missing};

const READINGS: &[Reading] = &[
    reading("pe_small", Unit::Number),
    reading("pe_large", Unit::Number),
    reading("basis", Unit::Plain),
    reading("source", Unit::Plain),
    reading("small_index", Unit::Plain),
    reading("disclosure", Unit::Plain),
    reading("pe_age_days", Unit::Count),
    reading("gap", Unit::Fraction),
    reading("log_gap", Unit::Number),
    reading("percentile", Unit::Percentile),
    reading("robust_z", Unit::Number),
    reading("dividend_yield_gap", Unit::Fraction),
    reading("dividend_yield_percentile", Unit::Percentile),
    reading("voter", Unit::Plain),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "valuation-gap",
    pillar: Pillar::Fuel,
    readings: READINGS,
    headline: |now| if now.get("voter") == Value::Word(VOTERS[0].into()) { "gap" } else { "dividend_yield_gap" },
    basis: "as published; dividends over close",
    inputs: |_| named(&[PE_SMALL, PE_LARGE, "IWM", "SPY"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "What small caps cost against large caps, on next year's earnings. Cheapness moves nothing by itself, but a \
              rotation that starts from a cheap end has room to run. Without a history of forward P/Es the gap of \
              dividend yields stands in: weaker, but made of nobody's estimates.",
    formula: "gap = pe_small/pe_large − 1, both of one basis and one source, its percentile among the last values of each \
              month; robust_z = distance of log_gap from their median / (1.4826 × median absolute deviation); dividend_yield_gap = \
              dividends with ex-date in the 365 days to t / close, IWM less SPY",
    rule: |settings| {
        let cheap = setting(settings.bands.valuation_extreme, 1.0);
        let [dear, kept] = [settings.bands.valuation_extreme, settings.bands.valuation_release].map(|end| 100.0 - end);
        let [dear, kept, back] = [dear, kept, settings.bands.valuation_release].map(|place| setting(place, 1.0));
        format!(
            "P/E gap at percentile {cheap} or below → +1, {dear} or above → −1, kept until beyond {back} ({kept}); with \
             no P/E history of {MONTHS} months up to {FRESH_DAYS} days old the yield gap votes, the other way round"
        )
    },
    source: "spreads of valuation after Asness, Friedman, Krail and Liew, Journal of Portfolio Management 26 (2000), \
             50–60; median and MAD after Rousseeuw and Croux (1993); the ends are convention",
};

/// Months of P/Es without which a gap has no place in its history.
const MONTHS: usize = 36;
/// Days after which a P/E does not vote.
pub(crate) const FRESH_DAYS: i32 = 45;

/// The index that stands in for the Russell 2000.
const PROXY: &str = "sp-600";

const VOTERS: [&str; 2] = ["forward-pe", "dividend-yield"];

fn track(market: &Market) -> Result<Track, Missing> {
    let pe = ForwardPe::measure(market);
    let (yield_gap, yield_place) = dividend_yield::measure(market)?;

    let bands = &market.settings.bands;
    // each voter has a memory of its own: the two measure different things, and one may pause for years
    let fresh = |place: f64, age: f64| if age <= f64::from(FRESH_DAYS) { place } else { f64::NAN };
    let by_pe = sides(&pe.percentile.with(&pe.age_days, fresh), bands, |place| place);
    let by_yield = sides(&yield_place, bands, |place| 100.0 - place);

    let votes = by_pe.iter().zip(&by_yield).map(|(&pe, &dividends)| pe.or(dividends)).collect();
    let speaker = by_pe.iter().zip(&by_yield).map(|pair| match pair {
        (Some(_), _) => 0.0,
        (None, Some(_)) => 1.0,
        (None, None) => f64::NAN,
    });
    let speaker = Figure::new(speaker.collect(), || yield_place.reason.clone().unwrap_or_default());
    Ok(Track::new(votes, &[&yield_place])
        .number(pe.small)
        .number(pe.large)
        .word(pe.known.clone(), [pe.basis])
        .word(pe.known.clone(), [pe.source])
        .word(pe.known, [pe.index])
        .word(pe.disclosed, pe.disclosures)
        .number(pe.age_days)
        .number(pe.gap)
        .number(pe.log_gap)
        .number(pe.percentile)
        .number(pe.robust_z)
        .number(yield_gap)
        .number(yield_place)
        .word(speaker, VOTERS))
}

/// The side that the place of small caps' price in its history calls for: `dearness` makes it run
/// from 0 (cheap) to 100. A side is kept until the place is back beyond the release.
fn sides(place: &Figure, bands: &Bands, dearness: impl Fn(f64) -> f64) -> Vec<Vote> {
    let (extreme, release) = (bands.valuation_extreme, bands.valuation_release);
    let mut kept = 0;
    let step = |&place: &f64| {
        if place.is_nan() {
            return None;
        }
        kept = match dearness(place) {
            dear if dear <= extreme => 1,
            dear if dear >= 100.0 - extreme => -1,
            dear if kept == 1 && dear <= release => 1,
            dear if kept == -1 && dear >= 100.0 - release => -1,
            _ => 0,
        };
        Some(kept)
    };
    place.values.iter().map(step).collect()
}

fn summary(now: &Snapshot) -> String {
    let yields = || {
        let (gap, place) = (100.0 * now.number("dividend_yield_gap"), now.number("dividend_yield_percentile"));
        format!("IWM yields {} points against SPY, percentile {}", signed(gap, 2), number(place, 0))
    };
    let [small, large, place] = ["pe_small", "pe_large", "percentile"].map(|name| now.number(name));
    match now.get("voter") {
        Value::Word(voter) if voter == VOTERS[0] => {
            let gap = signed_percent(now.number("gap"));
            let (small, large) = (number(small, 1), number(large, 1));
            format!("forward P/E {small} against {large} ({gap}), percentile {}{}", number(place, 0), disclosed(now))
        }
        _ if small.is_nan() => format!("no forward P/E; {}", yields()),
        _ => {
            let (small, large) = (number(small, 1), number(large, 1));
            format!("P/E {small} against {large}{} does not vote; {}", disclosed(now), yields())
        }
    }
}

/// What is to be known of a P/E beside its value: a proxy's name, and of one worked out here its losses
/// and gaps.
fn disclosed(now: &Snapshot) -> String {
    let mut parts = Vec::new();
    if now.get("small_index") == Value::Word(PROXY.into()) {
        parts.push("S&P 600 proxy".to_owned());
    }
    if let Value::Word(disclosure) = now.get("disclosure") {
        parts.extend(Some(disclosure).filter(|disclosure| disclosure != PUBLISHED));
    }
    if parts.is_empty() { String::new() } else { format!(" [{}]", parts.join("; ")) }
}

#[cfg(test)]
mod tests;
