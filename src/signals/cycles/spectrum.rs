//! The periodogram of a window that moves along a series, judged against red noise.

#![expect(clippy::inline_always, reason = "it is compiled anew for what a processor offers, in `spectra`")]

use std::f64::consts::{LN_2, TAU};
use std::sync::LazyLock;

use fearless_simd::{Level, Simd, dispatch};

use super::null;
use crate::stats;

/// Sessions of a window.
pub(super) const WINDOW: usize = 1_260;
/// Cycles in a window, the slowest and the fastest.
const FIRST: usize = 5;
const LAST: usize = 63;
/// Number of periods.
const PERIODS: usize = LAST - FIRST + 1;
/// Sessions a projection looks ahead.
pub(super) const AHEAD: usize = 63;

/// Values that one recurrence runs over.
const GOERTZEL: usize = 32;
/// Recurrences side by side: the periods, and a few more for a round number.
const LANES: usize = 64;

/// What stands for no significant period.
pub(super) const NONE: &str = "none";

/// Deviation of a series that does not vary, rounding aside.
const NOISE: f64 = 1e-10;

/// A significant cycle at the end of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cycle {
    /// Cycles in a window.
    k: usize,
    /// Half the way from trough to crest.
    amplitude: f64,
    /// Part of a turn since the crest, 0 to 2π.
    pub(super) phase: f64,
}

/// What a window comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spectrum {
    /// The largest ratio to red noise, in units of the limit of significance.
    pub(super) strength: f64,
    /// The significant cycles, slowest first.
    pub(super) cycles: Vec<Cycle>,
}

impl Cycle {
    /// Sessions of a turn.
    fn period(&self) -> f64 {
        WINDOW as f64 / self.k as f64
    }

    /// Radians a session.
    fn speed(&self) -> f64 {
        TAU / self.period()
    }
}

impl Spectrum {
    /// Whether the significant cycles together rise; `None` without any.
    pub(super) fn rises(&self) -> Option<bool> {
        let slope: f64 = self.cycles.iter().map(|cycle| -cycle.amplitude * cycle.speed() * cycle.phase.sin()).sum();
        (!self.cycles.is_empty()).then_some(slope > 0.0)
    }

    /// By how much the significant cycles together will change in [`AHEAD`] sessions; `NaN` without any.
    pub(super) fn projection(&self) -> f64 {
        let change = |cycle: &Cycle| match cycle.k * AHEAD % WINDOW {
            // whole turns ahead it stands where it stood; rounding is no direction
            0 => 0.0,
            _ => cycle.amplitude * ((cycle.phase + cycle.speed() * AHEAD as f64).cos() - cycle.phase.cos()),
        };
        if self.cycles.is_empty() { f64::NAN } else { self.cycles.iter().map(change).sum() }
    }

    /// The significant periods in sessions.
    pub(super) fn periods(&self) -> String {
        self.listed(|cycle| format!("{:.1}", cycle.period()))
    }

    /// Their phases in degrees.
    pub(super) fn phases(&self) -> String {
        self.listed(|cycle| format!("{:.0}", cycle.phase.to_degrees().floor()))
    }

    fn listed(&self, text: impl Fn(&Cycle) -> String) -> String {
        if self.cycles.is_empty() { NONE.into() } else { self.cycles.iter().map(text).collect::<Vec<_>>().join(", ") }
    }
}

/// Mean resultant length of angles: 1 when all are the same; `NaN` for none.
pub(super) fn resultant(angles: impl Iterator<Item = f64>) -> f64 {
    let (count, x, y) = angles.fold((0.0, 0.0, 0.0), |(n, x, y), angle| (n + 1.0, x + angle.cos(), y + angle.sin()));
    f64::hypot(x, y) / count
}

/// The spectrum of the window that ends at each of `ends`, which ascend; `None` without an end, or where the window
/// does not vary. `x` may begin with `NaN`; there are [`WINDOW`] numbers before each end.
pub(super) fn spectra(x: &[f64], ends: &[Option<usize>]) -> Vec<Option<Spectrum>> {
    // several periods and values at a time, as many as this processor takes
    dispatch!(Level::new(), simd => simd.vectorize(#[inline(always)] || moved(x, ends)))
}

/// See [`spectra`].
#[inline(always)]
fn moved(x: &[f64], ends: &[Option<usize>]) -> Vec<Option<Spectrum>> {
    let first = x.iter().position(|x| x.is_finite()).unwrap_or(x.len());
    let mut transform = Transform::new(first);
    let mut next = first;
    let mut spectra = Vec::with_capacity(ends.len());
    // a loop, as what an iterator calls would not be compiled anew with it
    for end in ends {
        let Some(end) = *end else {
            spectra.push(None);
            continue;
        };
        let difference = |i: usize| x[i] - if i >= first + WINDOW { x[i - WINDOW] } else { 0.0 };
        let new: Vec<f64> = (next..=end).map(difference).collect();
        transform.add(&new);
        next = next.max(end + 1);
        spectra.push(transform.judge(&x[end + 1 - WINDOW..=end], end));
    }
    spectra
}

/// Cosine of each 1,260th part of a turn, and its sine with the other sign.
static TURN: LazyLock<Vec<[f64; 2]>> = LazyLock::new(|| {
    let angle = |part: usize| TAU * part as f64 / WINDOW as f64;
    (0..WINDOW).map(|part| [angle(part).cos(), -angle(part).sin()]).collect()
});

/// The Fourier sums of a moving window. A turn of every period ends with the window, so a value that
/// enters takes the place of the one that leaves.
struct Transform {
    /// Where in its turn each period stands.
    part: [usize; PERIODS],
    sums: [[f64; 2]; PERIODS],
}

impl Transform {
    /// Empty sums, the first value to come being number `first`.
    fn new(first: usize) -> Self {
        Self { part: std::array::from_fn(|j| (FIRST + j) * first % WINDOW), sums: [[0.0; 2]; PERIODS] }
    }

    /// Takes the differences of the next values to those a window earlier: a recurrence of Goertzel (1958) a period,
    /// whose two last values give the sum.
    #[inline(always)]
    fn add(&mut self, differences: &[f64]) {
        let turn: &[[f64; 2]; WINDOW] = (&**TURN).try_into().expect("a whole turn");
        // rounding grows with the length of a recurrence
        for part in differences.chunks(GOERTZEL) {
            let ends = recurrences(part, std::array::from_fn(|lane| turn[FIRST + lane][0]));
            for (j, (sum, place)) in self.sums.iter_mut().zip(&mut self.part).enumerate() {
                let k = FIRST + j;
                let [cos, minus_sin] = turn[k];
                let [now, before] = [ends[0][j], ends[1][j]];
                let (re, im) = (now - cos * before, -minus_sin * before);
                // they stand as at the last of the values
                let [cos, minus_sin] = turn[(*place + k * (part.len() - 1)) % WINDOW];
                *sum = [sum[0] + re * cos - im * minus_sin, sum[1] + re * minus_sin + im * cos];
                *place = (*place + k * part.len()) % WINDOW;
            }
        }
    }

    /// Judges the window that ends with value number `end`.
    #[inline(always)]
    fn judge(&self, window: &[f64], end: usize) -> Option<Spectrum> {
        let r = persistence(window)?;
        let ratios: [f64; PERIODS] = std::array::from_fn(|j| {
            let [re, im] = self.sums[j];
            (re * re + im * im) / background(r, FIRST + j)
        });
        // of ratios that are exponential, as of noise, the median is ln 2 of the mean; one cycle hardly moves it
        let mut sorted = ratios;
        let (_, &mut median, _) = sorted.select_nth_unstable_by(PERIODS / 2, f64::total_cmp);
        let limit = null::limit(r) * median / LN_2;
        let cycle = |j: usize| {
            let [re, im] = self.sums[j];
            let k = FIRST + j;
            let turned = TAU * ((k * end) % WINDOW) as f64 / WINDOW as f64;
            let amplitude = 2.0 * f64::hypot(re, im) / WINDOW as f64;
            Cycle { k, amplitude, phase: (turned + im.atan2(re)).rem_euclid(TAU) }
        };
        let largest = ratios.iter().copied().fold(0.0, f64::max);
        let significant = (0..PERIODS).filter(|&j| ratios[j] > limit);
        Some(Spectrum { strength: largest / limit, cycles: significant.map(cycle).collect() })
    }
}

/// The last two values of a recurrence over `part` for each of some periods, given the cosine of a step of each.
#[inline(always)]
fn recurrences(part: &[f64], cosines: [f64; LANES]) -> [[f64; LANES]; 2] {
    let double = cosines.map(|cosine| 2.0 * cosine);
    let (mut now, mut before) = ([0.0; LANES], [0.0; LANES]);
    for difference in part {
        for lane in 0..LANES {
            let next = difference + double[lane] * now[lane] - before[lane];
            (before[lane], now[lane]) = (now[lane], next);
        }
    }
    [now, before]
}

/// Power of red noise of persistence `r` at `k` cycles in a window.
#[inline(always)]
fn background(r: f64, k: usize) -> f64 {
    (1.0 - r * r) / (1.0 - 2.0 * r * TURN[k][0] + r * r)
}

/// Sums of the products of each value with itself, the one after it and the one after that: those of [`stats::dot`], in
/// one pass.
#[inline(always)]
fn lagged(x: &[f64]) -> [f64; 3] {
    const TOGETHER: usize = 4;
    let chunks = [0, 1, 2].map(|by| (x.len() - by) / TOGETHER);
    let mut lanes = [[0.0; TOGETHER]; 3];
    for window in x.windows(TOGETHER + 2).step_by(TOGETHER).take(chunks[2]) {
        for (by, lanes) in lanes.iter_mut().enumerate() {
            for lane in 0..TOGETHER {
                lanes[lane] += window[lane + by] * window[lane];
            }
        }
    }
    std::array::from_fn(|by| {
        let mut lanes = lanes[by];
        for first in (chunks[2]..chunks[by]).map(|chunk| TOGETHER * chunk) {
            for lane in 0..TOGETHER {
                lanes[lane] += x[first + lane + by] * x[first + lane];
            }
        }
        let rest: f64 = (TOGETHER * chunks[by]..x.len() - by).map(|i| x[i + by] * x[i]).sum();
        lanes.iter().sum::<f64>() + rest
    })
}

/// The persistence of red noise like `x`: (r₁ + √r₂)/2 of its autocorrelations, 0 to 0.9999; `None`
/// where it does not vary.
#[inline(always)]
fn persistence(x: &[f64]) -> Option<f64> {
    let n = x.len();
    let mean = stats::dot(x, &[1.0; WINDOW]) / n as f64;
    let here: Vec<f64> = x.iter().map(|x| x - mean).collect();
    let [squares, once, twice] = lagged(&here);
    let r = f64::midpoint(once / squares, (twice / squares).max(0.0).sqrt());
    (squares > NOISE * NOISE * n as f64).then_some(r.clamp(0.0, 0.9999))
}

#[cfg(test)]
pub(super) mod tests;
