//! The range of every number that the configuration may hold, and the key that leaves it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::{Bands, Weights};

/// Where a number may lie.
#[derive(Clone, Copy)]
enum Range {
    /// Both ends included.
    Within(f64, f64),
    /// The upper end excluded.
    Below(f64, f64),
}

use Range::{Below, Within};

impl Range {
    fn holds(self, value: f64) -> bool {
        match self {
            Within(least, most) => (least..=most).contains(&value),
            Below(least, end) => (least..end).contains(&value),
        }
    }

    fn told(self) -> String {
        match self {
            Within(least, most) => format!("must lie between {least} and {most}"),
            Below(least, end) => format!("must be at least {least} and below {end}"),
        }
    }
}

const FRACTION: Range = Below(0.0, 1.0);
const SHARE: Range = Within(0.0, 1.0);
const MAJORITY: Range = Within(0.5, 1.0);
const PERCENTILE: Range = Within(0.0, 100.0);
const EXTREME: Range = Within(0.0, 50.0);
const POINTS: Range = Below(0.0, 10_000.0);

/// Every weight and its range.
fn weights(weights: &Weights) -> [(&'static str, f64, Range); 4] {
    let Weights { leadership, participation, pressure, fuel } = *weights;
    [
        ("leadership", leadership, SHARE),
        ("participation", participation, SHARE),
        ("pressure", pressure, SHARE),
        ("fuel", fuel, SHARE),
    ]
}

/// Every band and its range.
#[rustfmt::skip]
fn bands(bands: &Bands) -> [(&'static str, f64, Range); 31] {
    [
        ("relative_strength",         bands.relative_strength,           FRACTION),
        ("relative_momentum",         bands.relative_momentum,           FRACTION),
        ("rotation_quadrant",         f64::from(bands.rotation_quadrant), Within(3.0, 5.0)),
        ("monthly_streak",            f64::from(bands.monthly_streak),   Within(1.0, 60.0)),
        ("regional_banks",            bands.regional_banks,              FRACTION),
        ("group_breadth_high",        bands.group_breadth_high,          SHARE),
        ("group_breadth_low",         bands.group_breadth_low,           FRACTION),
        ("breakout_support",          bands.breakout_support,            FRACTION),
        ("breakout_release",          bands.breakout_release,            FRACTION),
        ("sector_leadership_breadth", bands.sector_leadership_breadth,   SHARE),
        ("constituent_ad",            bands.constituent_ad,              SHARE),
        ("constituent_200d",          bands.constituent_200d,            MAJORITY),
        ("constituent_150d",          bands.constituent_150d,            MAJORITY),
        ("constituent_100d",          bands.constituent_100d,            MAJORITY),
        ("constituent_highs",         bands.constituent_highs,           SHARE),
        ("volume",                    bands.volume,                      FRACTION),
        ("in_sync_high_percentile",   bands.in_sync_high_percentile,     PERCENTILE),
        ("in_sync_low_percentile",    bands.in_sync_low_percentile,      PERCENTILE),
        ("equal_weight",              bands.equal_weight,                FRACTION),
        ("curve",                     bands.curve,                       POINTS),
        ("rate_pressure_calm_bp",     bands.rate_pressure_calm_bp,       POINTS),
        ("rate_pressure_rising_bp",   bands.rate_pressure_rising_bp,     POINTS),
        ("credit_high_yield_bp",      bands.credit_high_yield_bp,        POINTS),
        ("credit_baa_bp",             bands.credit_baa_bp,               POINTS),
        ("credit_high_percentile",    bands.credit_high_percentile,      PERCENTILE),
        ("credit_low_percentile",     bands.credit_low_percentile,       PERCENTILE),
        ("financial_conditions",      bands.financial_conditions,        POINTS),
        ("lending_standards",         bands.lending_standards,           PERCENTILE),
        ("positioning_extreme",       bands.positioning_extreme,         EXTREME),
        ("valuation_extreme",         bands.valuation_extreme,           EXTREME),
        ("valuation_release",         bands.valuation_release,           EXTREME),
    ]
}

/// Bands of which the first may not lie above the second.
const PAIRS: [(&str, &str); 5] = [
    ("group_breadth_low", "group_breadth_high"),
    ("in_sync_low_percentile", "in_sync_high_percentile"),
    ("rate_pressure_calm_bp", "rate_pressure_rising_bp"),
    ("credit_low_percentile", "credit_high_percentile"),
    ("valuation_extreme", "valuation_release"),
];

/// A number that may not be: its table, and what is wrong as told by each key that may be at fault.
struct Wrong {
    table: &'static str,
    said: Vec<(&'static str, String)>,
}

/// A number as a file has it, however large.
fn written(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0").map_or(text.clone(), String::from)
}

fn outside(table: &'static str, numbers: &[(&'static str, f64, Range)]) -> Option<Wrong> {
    let (key, value, range) = numbers.iter().find(|(_, value, range)| !range.holds(*value))?;
    let why = format!("`{key}` is {}: it {}", written(*value), range.told());
    Some(Wrong { table, said: vec![(key, why)] })
}

fn wrong_weight(given: &Weights) -> Option<Wrong> {
    let all = weights(given);
    // none is 0 by default: the file has them all
    let nothing = || {
        let why = "the weights are all 0: one of them must be above".into();
        Wrong { table: "weights", said: vec![(all[0].0, why)] }
    };
    outside("weights", &all).or_else(|| all.iter().all(|(_, weight, _)| *weight == 0.0).then(nothing))
}

fn wrong_band(given: &Bands) -> Option<Wrong> {
    let all = bands(given);
    let value = |key: &str| all.iter().find(|(known, ..)| *known == key).map_or(f64::NAN, |(_, value, _)| *value);
    let crossed = || {
        let (low, high) = PAIRS.into_iter().find(|(low, high)| value(low) > value(high))?;
        let told = |key: &'static str, side: &str, other: &str| {
            let (this, that) = (written(value(key)), written(value(other)));
            (key, format!("`{key}` is {this}: it may not lie {side} `{other}`, which is {that}"))
        };
        Some(Wrong { table: "bands", said: vec![told(low, "above", high), told(high, "below", low)] })
    };
    outside("bands", &all).or_else(crossed)
}

/// The first weight or band that may not be as it is, with its line in `text`: of two that contradict
/// each other the one that the file has, or has later.
pub(super) fn problem(weights: &Weights, bands: &Bands, text: &str) -> Option<String> {
    let Wrong { table, said } = wrong_weight(weights).or_else(|| wrong_band(bands))?;
    let places: Places = toml::from_str(text).unwrap_or_default();
    let held = if table == "weights" { places.weights } else { places.bands };
    let place = |key: &str| held.get(key).map(|value| value.span().start);
    let (key, why) = said.iter().rev().max_by_key(|(key, _)| place(key))?;
    let at = place(key).unwrap_or_default();
    Some(format!("line {}: [{table}] {why}", 1 + text[..at].matches('\n').count()))
}

/// Where the file has its numbers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Places {
    weights: BTreeMap<String, Spanned<IgnoredAny>>,
    bands: BTreeMap<String, Spanned<IgnoredAny>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_range_which_its_default_keeps() {
        let keys = |table: toml::Table| table.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        let (given, judged) = (Bands::default(), Weights::default());
        let mut known: Vec<_> = bands(&given).map(|(key, ..)| key.to_owned()).into();
        known.sort();
        assert_eq!(known, keys(toml::Table::try_from(given).expect("a table")));
        let mut known: Vec<_> = weights(&judged).map(|(key, ..)| key.to_owned()).into();
        known.sort();
        assert_eq!(known, keys(toml::Table::try_from(judged).expect("a table")));
        assert_eq!(problem(&judged, &given, ""), None);
        for (low, high) in PAIRS {
            assert!([low, high].iter().all(|key| bands(&given).iter().any(|(known, ..)| known == key)));
        }
    }
}
