//! `return`: how far a symbol has come since a day, by itself or against another; or how much it has moved about.

use serde::Deserialize;

use super::{Measured, Sources, Unit};
use crate::day::Day;
use crate::evidence::closes::Closes;

/// Daily returns that make a volatility.
const FEWEST_RETURNS: f64 = 21.0;

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) symbol: String,
    /// The other side: less its change, or over its volatility.
    pub(super) against: Option<String>,
    /// The last close on or before this day is the start.
    from: Day,
    #[serde(default)]
    measure: Measure,
    #[serde(default)]
    basis: Basis,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Measure {
    /// Level over level less 1.
    #[default]
    Change,
    /// Standard deviation of daily log returns.
    Volatility,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Basis {
    /// As quoted.
    #[default]
    Close,
    /// Dividends reinvested.
    TotalReturn,
}

impl Spec {
    pub(super) fn unit(&self) -> Unit {
        match (self.measure, &self.against) {
            (Measure::Volatility, Some(_)) => Unit::Ratio,
            _ => Unit::Fraction,
        }
    }

    pub(super) fn name(&self) -> String {
        let what = match self.measure {
            Measure::Change => "change",
            Measure::Volatility => "daily volatility",
        };
        let joined = if self.measure == Measure::Change { "less" } else { "over" };
        let against = self.against.as_ref().map_or(String::new(), |other| format!(" {joined} {other}"));
        let basis = if self.basis == Basis::Close { "" } else { ", dividends reinvested" };
        format!("{what} of {}{against} since {}{basis}", self.symbol, self.from)
    }

    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let one = self.figures(&self.symbol, sources)?;
        let Some(other) = &self.against else { return Ok(one) };
        let other = self.figures(other, sources)?;
        let mut joined = Measured::default();
        for (i, &day) in one.day.iter().enumerate() {
            if let Ok(j) = other.day.binary_search(&day) {
                let (a, b) = (one.figure[i], other.figure[j]);
                joined.day.push(day);
                joined.figure.push(if self.measure == Measure::Change { a - b } else { a / b });
            }
        }
        Ok(joined)
    }

    /// The figure of one symbol on each day after the start.
    fn figures(&self, symbol: &str, sources: Sources) -> Result<Measured, String> {
        let closes = Closes::of(sources.shelf, symbol, &sources.market.calendar, sources.market.reference())?;
        let start = closes.on_or_before(self.from).ok_or_else(|| format!("{symbol} has no close at {}", self.from))?;
        let level = if self.basis == Basis::Close { &closes.close } else { &closes.total_return };
        let figure = match self.measure {
            Measure::Change => level[start + 1..].iter().map(|x| x / level[start] - 1.0).collect(),
            Measure::Volatility => volatility(&level[start..]),
        };
        Ok(Measured { day: closes.day[start + 1..].to_vec(), figure, ..Measured::default() })
    }
}

/// Standard deviation of the log returns from the first level up to each later one; `NaN` of too few.
fn volatility(level: &[f64]) -> Vec<f64> {
    let (mut n, mut mean, mut squares) = (0.0, 0.0, 0.0);
    let step = |pair: &[f64]| {
        // Welford's sums: no cancellation
        let step = (pair[1] / pair[0]).ln();
        n += 1.0;
        let before = step - mean;
        mean += before / n;
        squares += before * (step - mean);
        if n < FEWEST_RETURNS { f64::NAN } else { (squares / (n - 1.0)).sqrt() }
    };
    level.windows(2).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::statistics::Statistics;

    #[test]
    fn the_volatility_is_the_deviation_of_all_returns_so_far() {
        let level: Vec<f64> = (0..40).map(|i| 100.0 + (f64::from(i) * 1.7).sin()).collect();
        let found = volatility(&level);
        let logs: Vec<f64> = level.windows(2).map(|pair| (pair[1] / pair[0]).ln()).collect();
        assert!(found[19].is_nan());
        for i in [20, 38] {
            assert!((found[i] - logs[..=i].std_dev()).abs() < 1e-15);
        }
    }
}
