//! Sums and extremes over windows of one member, in one pass and without a branch.

use super::YEAR;

/// Part of a sum by which rounding may part a close from a mean that it equals: decimals are off by at most
/// 1.2e-16 each when read, and no two prices of a market are as close together as this.
const NOISE: f64 = 1e-13;

/// Of one member what any window is made of.
///
/// Sums of the first k values for each k, with what rounding dropped of them (Knuth's two-sum), so that the
/// difference of two is as good as a sum of the values between. Extremes by blocks of a year (van Herk 1992): the
/// year that ends at a value is the end of one block and the beginning of the next.
#[derive(Default)]
pub(super) struct Windows {
    total: Vec<f64>,
    dropped: Vec<f64>,
    /// Of each value's block the highest up to it, and from it on.
    highest: [Vec<f64>; 2],
    /// The lowest, likewise.
    lowest: [Vec<f64>; 2],
}

impl Windows {
    /// Takes the values `x`.
    pub(super) fn take(&mut self, x: &[f64]) {
        self.total.resize(x.len() + 1, 0.0);
        self.dropped.resize(x.len() + 1, 0.0);
        self.highest.iter_mut().chain(&mut self.lowest).for_each(|extremes| extremes.resize(x.len(), 0.0));
        let ([highest, highest_on], [lowest, lowest_on]) = (&mut self.highest, &mut self.lowest);
        let blocks = x.chunks(YEAR).zip(self.total[1..].chunks_mut(YEAR)).zip(self.dropped[1..].chunks_mut(YEAR));
        let highs = highest.chunks_mut(YEAR).zip(highest_on.chunks_mut(YEAR));
        let lows = lowest.chunks_mut(YEAR).zip(lowest_on.chunks_mut(YEAR));
        let (mut total, mut dropped) = (0.0, 0.0);
        for (((block, totals), rests), ((highs, highs_on), (lows, lows_on))) in blocks.zip(highs.zip(lows)) {
            let (mut high, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
            let (mut high_on, mut low_on) = (high, low);
            let onward = block.iter().zip(totals.iter_mut().zip(rests)).zip(highs.iter_mut().zip(lows));
            let back = block.iter().zip(highs_on.iter_mut().zip(lows_on)).rev();
            // three chains that wait for themselves, side by side
            for (((&x, (sum, rest)), (highest, lowest)), (&y, (highest_on, lowest_on))) in onward.zip(back) {
                let next: f64 = total + x;
                let part = next - total;
                dropped += (total - (next - part)) + (x - part);
                total = next;
                (*sum, *rest) = (total, dropped);
                (high, low) = (higher(high, x), lower(low, x));
                (*highest, *lowest) = (high, low);
                (high_on, low_on) = (higher(high_on, y), lower(low_on, y));
                (*highest_on, *lowest_on) = (high_on, low_on);
            }
        }
    }

    /// Adds 1 to `counts` wherever a value is above the mean of the `n` that end with it, from the value
    /// `first` on. A value that equals the mean is not above it.
    pub(super) fn count_above(&self, counts: &mut [u32], x: &[f64], first: usize, n: usize) {
        let length = counts.len();
        let x = &x[first..][..length];
        let [now, then] = [first + 1, first + 1 - n];
        let (total, total_then) = (&self.total[now..][..length], &self.total[then..][..length]);
        let (dropped, dropped_then) = (&self.dropped[now..][..length], &self.dropped[then..][..length]);
        let times = n as f64 * (1.0 - NOISE);
        for i in 0..length {
            let sum = (total[i] - total_then[i]) + (dropped[i] - dropped_then[i]);
            counts[i] += u32::from(x[i] * times > sum);
        }
    }

    /// Adds 1 to `highs` wherever a value is the highest of the year that ends with it, from the value `first` on,
    /// and to `lows` where it is the lowest.
    pub(super) fn count_extremes(&self, [highs, lows]: [&mut [u32]; 2], x: &[f64], first: usize) {
        let length = highs.len();
        let x = &x[first..][..length];
        let begin = first + 1 - YEAR;
        let [highest, highest_on] = [&self.highest[0][first..][..length], &self.highest[1][begin..][..length]];
        let [lowest, lowest_on] = [&self.lowest[0][first..][..length], &self.lowest[1][begin..][..length]];
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
