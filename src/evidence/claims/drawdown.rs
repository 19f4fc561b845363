//! `drawdown`: how far a symbol stands below its highest close, of all time or of some years.

use serde::Deserialize;

use super::{Measured, Sources};
use crate::day::Day;
use crate::evidence::closes::Closes;

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) symbol: String,
    /// The highest close counts from here.
    peak_from: Option<Day>,
    /// And up to here.
    peak_to: Option<Day>,
}

impl Spec {
    pub(super) fn name(&self) -> String {
        let span = match (self.peak_from, self.peak_to) {
            (None, None) => "of all time".into(),
            (Some(from), None) => format!("since {from}"),
            (None, Some(to)) => format!("up to {to}"),
            (Some(from), Some(to)) => format!("of {from} to {to}"),
        };
        format!("{} against its highest close {span}", self.symbol)
    }

    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let closes = Closes::of(sources.shelf, &self.symbol, &sources.market.calendar, sources.market.reference())?;
        let counts =
            |day: Day| self.peak_from.is_none_or(|from| day >= from) && self.peak_to.is_none_or(|to| day <= to);
        let mut peak: Option<usize> = None;
        let mut figure = Vec::with_capacity(closes.day.len());
        for (i, &close) in closes.close.iter().enumerate() {
            if counts(closes.day[i]) && peak.is_none_or(|peak| close > closes.close[peak]) {
                peak = Some(i);
            }
            figure.push(peak.map_or(f64::NAN, |peak| close / closes.close[peak] - 1.0));
        }
        let detail = peak.map(|peak| format!("highest {:.2} on {}", closes.close[peak], closes.day[peak]));
        Ok(Measured { day: closes.day, figure, detail, ..Measured::default() })
    }
}
