//! Sums and extremes over windows of one member, block by block, without a branch: loops that a processor takes several
//! values at a time through.

#![expect(clippy::inline_always, reason = "they are compiled anew for what a processor offers, where they are called")]

use super::YEAR;

/// Part of a sum by which rounding may part a close from a mean that it equals. A block's sums begin anew, so that it is
/// at most 504 · 2⁻⁵³ · 252/20 = 7e-13 of the mean of 20 for each time that the mean goes into the highest close of two
/// years; no two prices of a market are as close together as this.
const NOISE: f64 = 1e-11;

/// Of one member what any window is made of: a block of a year of its values and the block before it, which together
/// stay next to the processor.
///
/// Sums by blocks, so that the difference of two is the sum of the values between. Extremes by blocks (van Herk 1992):
/// the year that ends at a value is the end of one block and the beginning of the next.
pub(super) struct Windows {
    /// Number of the first value of the present block.
    start: usize,
    /// The sums of the present block before each of its values and after the last; before them, of the block before,
    /// what is left to its end, with the other sign.
    sums: [f64; 2 * YEAR + 1],
    /// Of the present block the highest up to each value, of both the highest from it on.
    highest: [f64; YEAR],
    highest_on: [f64; 2 * YEAR],
    /// The lowest, likewise.
    lowest: [f64; YEAR],
    lowest_on: [f64; 2 * YEAR],
}

impl Windows {
    /// Before the first value.
    pub(super) const fn new() -> Self {
        Self {
            start: 0,
            sums: [0.0; 2 * YEAR + 1],
            highest: [0.0; YEAR],
            highest_on: [0.0; 2 * YEAR],
            lowest: [0.0; YEAR],
            lowest_on: [0.0; 2 * YEAR],
        }
    }

    /// Takes the next block of a year of values, the first of which has the number `start`; the last block of a member
    /// may be shorter.
    #[inline(always)]
    pub(super) fn take(&mut self, start: usize, block: &[f64]) {
        self.start = start;
        let (before, present) = self.sums.split_at_mut(YEAR);
        let whole = present[YEAR];
        before.iter_mut().zip(&*present).for_each(|(left, sum)| *left = sum - whole);
        self.highest_on.copy_within(YEAR.., 0);
        self.lowest_on.copy_within(YEAR.., 0);
        let n = block.len();
        present[0] = 0.0;
        let sums = &mut present[1..][..n];
        let (highs, lows) = (&mut self.highest[..n], &mut self.lowest[..n]);
        let (highs_on, lows_on) = (&mut self.highest_on[YEAR..][..n], &mut self.lowest_on[YEAR..][..n]);
        let (mut sum, mut high, mut low) = (0.0, f64::NEG_INFINITY, f64::INFINITY);
        let (mut peak, mut trough) = (high, low);
        // chains that wait for themselves, side by side
        for i in 0..n {
            let (back, x) = (n - 1 - i, block[i]);
            sum += x;
            (high, low) = (higher(high, x), lower(low, x));
            (sums[i], highs[i], lows[i]) = (sum, high, low);
            (peak, trough) = (higher(peak, block[back]), lower(trough, block[back]));
            (highs_on[back], lows_on[back]) = (peak, trough);
        }
    }

    /// Adds 1 to `counts` wherever a value is above the mean of the `n`, at most a year, that end with it, for the
    /// values `x` of the present block from number `first` on. A value that equals the mean is not above it.
    #[inline(always)]
    pub(super) fn count_above(&self, counts: &mut [u32], x: &[f64], first: usize, n: usize) {
        let length = counts.len();
        let now = YEAR + first - self.start + 1;
        let (x, sums, then) = (&x[..length], &self.sums[now..][..length], &self.sums[now - n..][..length]);
        let times = n as f64 * (1.0 - NOISE);
        for i in 0..length {
            counts[i] += u32::from(x[i] * times > sums[i] - then[i]);
        }
    }

    /// Adds 1 to `highs` wherever a value is the highest of the year that ends with it, and to `lows` where it is the
    /// lowest, for the values `x` of the present block from number `first` on.
    #[inline(always)]
    pub(super) fn count_extremes(&self, [highs, lows]: [&mut [u32]; 2], x: &[f64], first: usize) {
        let length = highs.len();
        let at = first - self.start;
        let (x, lows) = (&x[..length], &mut lows[..length]);
        let [highest, lowest] = [&self.highest, &self.lowest].map(|extremes| &extremes[at..][..length]);
        let [highest_on, lowest_on] = [&self.highest_on, &self.lowest_on].map(|extremes| &extremes[at + 1..][..length]);
        for i in 0..length {
            highs[i] += u32::from(x[i] >= highest[i]) & u32::from(x[i] >= highest_on[i]);
            lows[i] += u32::from(x[i] <= lowest[i]) & u32::from(x[i] <= lowest_on[i]);
        }
    }
}

/// Adds 1 to `rises` wherever a value is above the one before, and to `falls` where it is below.
#[inline(always)]
pub(super) fn count_moves([rises, falls]: [&mut [u32]; 2], x: &[f64], before: &[f64]) {
    let length = rises.len();
    let (falls, x, before) = (&mut falls[..length], &x[..length], &before[..length]);
    for i in 0..length {
        rises[i] += u32::from(x[i] > before[i]);
        falls[i] += u32::from(x[i] < before[i]);
    }
}

#[inline(always)]
fn higher(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn lower(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
