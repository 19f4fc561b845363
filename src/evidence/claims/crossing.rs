//! `crossing`: whether a symbol has closed above a level, or above its highest close of some time, since.

use serde::Deserialize;

use super::{Measured, Sources};
use crate::day::Day;
use crate::evidence::closes::Closes;

/// What is claimed: a level, or the highest close of a span.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) symbol: String,
    /// The level, as quoted; without one the highest close of the span.
    level: Option<f64>,
    /// First day of the span.
    high_from: Option<Day>,
    /// Last day of the span; what is after it may cross the level.
    since: Day,
    /// Whether it has closed above it.
    crossed: bool,
}

impl Spec {
    pub(super) fn name(&self) -> String {
        let level = match (self.level, self.high_from) {
            (Some(level), _) => format!("{level}"),
            (None, Some(from)) => format!("its highest close of {from} to {}", self.since),
            (None, None) => format!("its highest close up to {}", self.since),
        };
        format!("{} against {level}", self.symbol)
    }

    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let closes = Closes::of(sources.shelf, &self.symbol, &sources.market.calendar, sources.market.reference())?;
        let start = closes.day.partition_point(|&day| day <= self.since);
        let from = self.high_from.map_or(0, |from| closes.day.partition_point(|&day| day < from));
        let highest = closes.close.get(from..start).unwrap_or_default().iter().copied().reduce(f64::max);
        let missing = || format!("{} has no close in the span", self.symbol);
        let level = self.level.or(highest).ok_or_else(missing)?;
        let mut crossing: Option<usize> = None;
        let mut measured = Measured::default();
        for i in start..closes.day.len() {
            if crossing.is_none() && closes.close[i] > level {
                crossing = Some(i);
            }
            measured.day.push(closes.day[i]);
            measured.figure.push(closes.close[i] / level - 1.0);
            measured.held.push(crossing.is_some() == self.crossed);
        }
        measured.detail = Some(match crossing {
            Some(i) => format!("first close above {level:.2} on {}", closes.day[i]),
            None => format!("no close above {level:.2} since"),
        });
        Ok(measured)
    }
}
