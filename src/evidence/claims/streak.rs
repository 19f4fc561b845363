//! `streak`: months of gains in a row.

use serde::Deserialize;

use super::{Measured, Sources};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::evidence::closes::Closes;

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) symbol: String,
    /// Complete months of gains, at least.
    months: u16,
    /// No earlier run as long may have reached that length from this day on.
    first_since: Option<Day>,
}

/// A complete month: its last day, the day it was known to be complete, and the run up to it.
struct Month {
    end: usize,
    known: usize,
    run: f64,
}

impl Spec {
    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let calendar = &sources.market.calendar;
        let closes = Closes::of(sources.shelf, &self.symbol, calendar, sources.market.reference())?;
        let months = months(&closes, calendar);
        let long = f64::from(self.months);
        let mut measured = Measured::default();
        // the months at which a run reached the length, the latest two
        let (mut latest, mut before): (Option<Day>, Option<Day>) = (None, None);
        let mut next = 0;
        let mut run = f64::NAN;
        for (i, &day) in closes.day.iter().enumerate() {
            while let Some(month) = months.get(next).filter(|month| month.known <= i) {
                run = month.run;
                if run == long {
                    (before, latest) = (latest, Some(closes.day[month.end]));
                }
                next += 1;
            }
            let first = self.first_since.is_none_or(|since| before.is_none_or(|before| before < since));
            measured.day.push(day);
            measured.figure.push(run);
            measured.held.push(run >= long && first);
        }
        let said = |day: Option<Day>| day.map_or("never".to_owned(), |day| day.to_string());
        let text = format!("a run reached {} on {}, before that on {}", self.months, said(latest), said(before));
        measured.detail = Some(text);
        Ok(measured)
    }
}

/// The complete months of a symbol.
fn months(closes: &Closes, calendar: &Calendar) -> Vec<Month> {
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (i, day) in closes.day.iter().enumerate() {
        let ended = i.checked_sub(1).filter(|&before| closes.day[before].month() != day.month());
        if let Some(end) = ended.filter(|end| ends.last().is_none_or(|last| last.0 != *end)) {
            ends.push((end, i));
        }
        let within = closes.day.get(i + 1).is_some_and(|next| next.month() == day.month());
        if !within && calendar.completes_month(*day) {
            ends.push((i, i));
        }
    }
    let mut run = 0.0_f64;
    let mut base: Option<usize> = None;
    let step = |(end, known): (usize, usize)| {
        let follows = base.is_some_and(|base| closes.day[base].month() + 1 == closes.day[end].month());
        let change = base.filter(|_| follows).map_or(f64::NAN, |base| closes.close[end] - closes.close[base]);
        let side = if change.is_nan() { f64::NAN } else { f64::from(i8::from(change > 0.0) - i8::from(change < 0.0)) };
        run = if run * side > 0.0 { run + side } else { side };
        base = Some(end);
        Month { end, known, run }
    };
    ends.into_iter().map(step).collect()
}
