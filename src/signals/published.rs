//! Series with one value a week or a quarter, measured on the values themselves and then carried.

use crate::bars::Points;
use crate::series::{Figure, Known, Market};
use crate::stats;

/// Change of each value from the one `back` values earlier; `NaN` where that is not there or more
/// than `days` earlier, so that a gap is not taken for a change.
pub(super) fn change(points: &Points, back: usize, days: i32) -> Vec<f64> {
    let step = |i: usize| match i.checked_sub(back) {
        Some(then) if points.day[i].since(points.day[then]) <= days => {
            stats::rounded(points.value[i] - points.value[then])
        }
        _ => f64::NAN,
    };
    (0..points.len()).map(step).collect()
}

/// Puts `values`, one a published value of `input`, on the sessions; `undefined` says why one is `NaN`.
pub(super) fn figure(market: &Market, input: &str, known: &Known, values: &[f64], undefined: &str) -> Figure {
    let at = market.observe(&[(input, &known.values())]);
    let measured = at.sessions().iter().map(|&t| known.at(t).map_or(f64::NAN, |i| values[i]));
    at.figure_at_once(measured.collect::<Vec<_>>(), undefined)
}
