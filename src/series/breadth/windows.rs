//! Sums and extremes over windows of one member, in one pass each and without a branch.

/// Part of a sum by which rounding may part a close from a mean that it equals: decimals are off by at most
/// 1.2e-16 each when read, and no two prices of a market are as close together as this.
const NOISE: f64 = 1e-13;

/// Sums of the first k values for each k, with what rounding dropped of them (Knuth's two-sum), so that the
/// difference of two is as good as a sum of the values between.
#[derive(Default)]
pub(super) struct Sums {
    total: Vec<f64>,
    dropped: Vec<f64>,
}

impl Sums {
    /// Sums up `x`.
    pub(super) fn take(&mut self, x: &[f64]) {
        self.total.resize(x.len() + 1, 0.0);
        self.dropped.resize(x.len() + 1, 0.0);
        let (mut total, mut dropped) = (0.0, 0.0);
        let sums = self.total[1..].iter_mut().zip(&mut self.dropped[1..]);
        for ((sum, rest), &x) in sums.zip(x) {
            let next: f64 = total + x;
            let part = next - total;
            dropped += (total - (next - part)) + (x - part);
            total = next;
            (*sum, *rest) = (total, dropped);
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
}

/// Highest and lowest of the last `n` values, by blocks of n (van Herk 1992): the window that ends at k is
/// the end of one block and the beginning of the next.
#[derive(Default)]
pub(super) struct Extremes {
    /// Highest of the window that ends at each value; of fewer before the n-th.
    pub(super) highest: Vec<f64>,
    /// Lowest, likewise.
    pub(super) lowest: Vec<f64>,
}

impl Extremes {
    /// Measures `x`.
    pub(super) fn take(&mut self, x: &[f64], n: usize) {
        self.highest.resize(x.len(), 0.0);
        self.lowest.resize(x.len(), 0.0);
        let blocks = self.highest.chunks_mut(n).zip(self.lowest.chunks_mut(n));
        for (block, (highest, lowest)) in x.chunks(n).zip(blocks) {
            let (mut high, mut low) = (block[0], block[0]);
            for ((&x, highest), lowest) in block.iter().zip(highest).zip(lowest) {
                (high, low) = (higher(high, x), lower(low, x));
                (*highest, *lowest) = (high, low);
            }
        }
        for (at, block) in x.chunks(n).enumerate() {
            // the window that begins at a value ends n − 1 later, in the next block
            let later = at * n + n - 1;
            let within = x.len().saturating_sub(later).min(n);
            let (mut high, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
            for j in (0..block.len()).rev() {
                (high, low) = (higher(high, block[j]), lower(low, block[j]));
                if j < within {
                    self.highest[later + j] = higher(self.highest[later + j], high);
                    self.lowest[later + j] = lower(self.lowest[later + j], low);
                }
            }
        }
    }
}

fn higher(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

fn lower(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
