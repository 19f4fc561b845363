//! Sums and extremes over windows of one member, block by block, in one pass and without a branch.

use super::YEAR;

/// Part of a sum by which rounding may part a close from a mean that it equals: decimals are off by at most
/// 1.2e-16 each when read, and no two prices of a market are as close together as this.
const NOISE: f64 = 1e-13;

/// Of one member what any window is made of: a block of a year of its values and the block before it, which together
/// stay next to the processor.
///
/// Sums of the first k values for each k, with what rounding dropped of them (Knuth's two-sum), so that the
/// difference of two is as good as a sum of the values between. Extremes by blocks (van Herk 1992): the year that ends
/// at a value is the end of one block and the beginning of the next.
pub(super) struct Windows {
    /// Number of the first value of the present block.
    start: usize,
    /// The sums before each value of the two blocks, and after the last.
    total: [f64; 2 * YEAR + 1],
    dropped: [f64; 2 * YEAR + 1],
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
            total: [0.0; 2 * YEAR + 1],
            dropped: [0.0; 2 * YEAR + 1],
            highest: [0.0; YEAR],
            highest_on: [0.0; 2 * YEAR],
            lowest: [0.0; YEAR],
            lowest_on: [0.0; 2 * YEAR],
        }
    }

    /// Takes the next block of a year of values; the last one may be shorter. That from value `start` = 0 on is the
    /// first of another member.
    pub(super) fn take(&mut self, start: usize, block: &[f64]) {
        self.start = start;
        for sums in [&mut self.total, &mut self.dropped] {
            sums.copy_within(YEAR.., 0);
            if start == 0 {
                sums[YEAR] = 0.0;
            }
        }
        self.highest_on.copy_within(YEAR.., 0);
        self.lowest_on.copy_within(YEAR.., 0);
        let n = block.len();
        let (mut total, mut dropped) = (self.total[YEAR], self.dropped[YEAR]);
        let (totals, rests) = (&mut self.total[YEAR + 1..][..n], &mut self.dropped[YEAR + 1..][..n]);
        let (highs, lows) = (&mut self.highest[..n], &mut self.lowest[..n]);
        let (highs_on, lows_on) = (&mut self.highest_on[YEAR..][..n], &mut self.lowest_on[YEAR..][..n]);
        let (mut high, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
        let (mut peak, mut trough) = (high, low);
        // three chains that wait for themselves, side by side
        for i in 0..n {
            let x = block[i];
            let next: f64 = total + x;
            let part = next - total;
            dropped += (total - (next - part)) + (x - part);
            total = next;
            (totals[i], rests[i]) = (total, dropped);
            (high, low) = (higher(high, x), lower(low, x));
            (highs[i], lows[i]) = (high, low);
            let (back, y) = (n - 1 - i, block[n - 1 - i]);
            (peak, trough) = (higher(peak, y), lower(trough, y));
            (highs_on[back], lows_on[back]) = (peak, trough);
        }
    }

    /// Adds 1 to `counts` wherever a value is above the mean of the `n`, at most a year, that end with it, for the
    /// values `x` of the present block from number `first` on. A value that equals the mean is not above it.
    pub(super) fn count_above(&self, counts: &mut [u32], x: &[f64], first: usize, n: usize) {
        let length = counts.len();
        let now = YEAR + first - self.start + 1;
        let (x, then) = (&x[..length], now - n);
        let (total, total_then) = (&self.total[now..][..length], &self.total[then..][..length]);
        let (dropped, dropped_then) = (&self.dropped[now..][..length], &self.dropped[then..][..length]);
        let times = n as f64 * (1.0 - NOISE);
        for i in 0..length {
            let sum = (total[i] - total_then[i]) + (dropped[i] - dropped_then[i]);
            counts[i] += u32::from(x[i] * times > sum);
        }
    }

    /// Adds 1 to `highs` wherever a value is the highest of the year that ends with it, and to `lows` where it is the
    /// lowest, for the values `x` of the present block from number `first` on.
    pub(super) fn count_extremes(&self, [highs, lows]: [&mut [u32]; 2], x: &[f64], first: usize) {
        let length = highs.len();
        let at = first - self.start;
        let (x, begin) = (&x[..length], at + 1);
        let [highest, lowest] = [&self.highest, &self.lowest].map(|extremes| &extremes[at..][..length]);
        let [highest_on, lowest_on] = [&self.highest_on, &self.lowest_on].map(|extremes| &extremes[begin..][..length]);
        for i in 0..length {
            highs[i] += u32::from(x[i] >= highest[i] && x[i] >= highest_on[i]);
            lows[i] += u32::from(x[i] <= lowest[i] && x[i] <= lowest_on[i]);
        }
    }
}

fn higher(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

fn lower(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
