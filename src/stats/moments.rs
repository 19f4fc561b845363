//! Means, deviations, slopes and changes.

/// A running sum that keeps what rounding drops (Neumaier 1974), so that adding and taking away
/// over thousands of sessions leaves no drift.
#[derive(Default)]
pub(super) struct Sum {
    total: f64,
    dropped: f64,
}

impl Sum {
    pub(super) fn add(&mut self, x: f64) {
        let total = self.total + x;
        let part = total - self.total;
        self.dropped += (self.total - (total - part)) + (x - part);
        self.total = total;
    }

    pub(super) fn value(&self) -> f64 {
        self.total + self.dropped
    }
}

/// Mean of the last `n`.
pub fn mean(x: &[f64], n: usize) -> Vec<f64> {
    let mut means = vec![f64::NAN; x.len()];
    let Some((first, later)) = x.split_at_checked(n) else { return means };
    let (mut sum, count) = (Sum::default(), n as f64);
    for &x in first {
        sum.add(x);
    }
    means[n - 1] = sum.value() / count;
    for ((mean, &new), &old) in means[n..].iter_mut().zip(later).zip(x) {
        sum.add(new);
        sum.add(-old);
        *mean = sum.value() / count;
    }
    means
}

/// Standard deviation (ddof 1) of the last `n`; exactly 0 for a window that does not vary.
pub fn deviation(x: &[f64], n: usize) -> Vec<f64> {
    let Some(&origin) = x.first() else { return Vec::new() };
    let (mut sum, mut squares) = (Sum::default(), Sum::default());
    let mut level = Level::default();
    let step = |i: usize| {
        let new = x[i] - origin;
        sum.add(new);
        squares.add(new * new);
        if i >= n {
            let old = x[i - n] - origin;
            sum.add(-old);
            squares.add(-(old * old));
        }
        let flat = level.held(x[i]) >= n;
        if i + 1 < n {
            return f64::NAN;
        }
        let variance = (squares.value() - sum.value() * sum.value() / n as f64) / (n - 1) as f64;
        if flat { 0.0 } else { variance.max(0.0).sqrt() }
    };
    (0..x.len()).map(step).collect()
}

/// How long a column has stood at one level, float noise aside.
#[derive(Default)]
struct Level {
    at: Option<f64>,
    held: usize,
}

/// Part of a level (of 1 for smaller ones) by which values at it may differ: far above what
/// rounding does to a ratio of cumulated returns, far below any market move.
const NOISE: f64 = 1e-10;

impl Level {
    /// Takes the next value; gives the number of values now at the level, this one included.
    fn held(&mut self, x: f64) -> usize {
        match self.at {
            Some(level) if (x - level).abs() <= NOISE * level.abs().max(1.0) => self.held += 1,
            _ => (self.at, self.held) = (Some(x), 1),
        }
        self.held
    }
}

/// Distance of each value from the mean of its window, in the window's standard deviations (ddof 1);
/// `NaN` where the window does not vary.
pub fn z_score(x: &[f64], n: usize) -> Vec<f64> {
    let z =
        |((&x, mean), deviation): ((&f64, f64), f64)| if deviation > 0.0 { (x - mean) / deviation } else { f64::NAN };
    x.iter().zip(mean(x, n)).zip(deviation(x, n)).map(z).collect()
}

/// Exponential mean: starts at the first value, then moves by `alpha` of the way to each next one;
/// `NaN` until there are [`settled`] values.
pub fn ema(x: &[f64], alpha: f64) -> Vec<f64> {
    let mut mean = f64::NAN;
    let step = |(i, &x): (usize, &f64)| {
        mean = if i == 0 { x } else { mean + alpha * (x - mean) };
        if i + 1 < settled(alpha) { f64::NAN } else { mean }
    };
    x.iter().enumerate().map(step).collect()
}

/// Values after which an exponential mean is shown: 3/α, by when its start weighs a twentieth.
pub fn settled(alpha: f64) -> usize {
    // 3/α may come out a rounding error above a whole number
    (3.0 / alpha - 1e-9).ceil() as usize
}

/// Slope per step of the least-squares line through the last `n`.
pub fn slope(x: &[f64], n: usize) -> Vec<f64> {
    let middle = (n as f64 - 1.0) / 2.0;
    let spread: f64 = (0..n).map(|j| (j as f64 - middle).powi(2)).sum();
    let weights: Vec<f64> = (0..n).map(|j| (j as f64 - middle) / spread).collect();
    let mut slopes = vec![f64::NAN; x.len()];
    for (slope, window) in slopes.iter_mut().skip(n - 1).zip(x.windows(n)) {
        *slope = dot(window, &weights);
    }
    slopes
}

/// Sum of products, in four lanes so that it need not wait for itself.
#[expect(clippy::inline_always, reason = "it is compiled for what a processor offers where that is called for")]
#[inline(always)]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_lanes, b_lanes) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a_lanes.remainder().iter().zip(b_lanes.remainder()).map(|(a, b)| a * b).sum();
    let mut lanes = [0.0; 4];
    for (a, b) in a_lanes.zip(b_lanes) {
        for lane in 0..4 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// `x[i] − x[i−h]`.
pub fn change(x: &[f64], h: usize) -> Vec<f64> {
    since(x, h, |now, then| now - then)
}

/// `x[i]/x[i−h] − 1`.
pub fn ret(x: &[f64], h: usize) -> Vec<f64> {
    since(x, h, |now, then| now / then - 1.0)
}

/// Compares each value with the one `h` before.
fn since(x: &[f64], h: usize, compare: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    (0..x.len()).map(|i| if i < h { f64::NAN } else { compare(x[i], x[i - h]) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::statistics::Statistics;

    #[test]
    fn figures_worked_out_by_hand() {
        let x = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&x, 4)[3..], [3.5, 4.25, 4.5, 5.25, 6.5]);
        // Σ(x − 5)² = 32 over 8 values: 32/7
        assert!((deviation(&x, 8)[7] - (32.0_f64 / 7.0).sqrt()).abs() < 1e-15);
        assert!((z_score(&x, 8)[7] - 4.0 / (32.0_f64 / 7.0).sqrt()).abs() < 1e-15);
        // 5, 5, 7, 9 against −1.5, −0.5, 0.5, 1.5: 7/5
        assert!((slope(&x, 4)[7] - 1.4).abs() < 1e-15);
        assert_eq!((change(&x, 3)[7], ret(&x, 3)[6]), (4.0, 0.75));
        // 2, 3, 3.5, 3.75, 4.375, 4.6875
        assert_eq!((settled(0.5), settled(1.0 / 3.0), settled(2.0 / 11.0)), (6, 9, 17));
        assert!(ema(&x, 0.5)[4].is_nan() && ema(&x, 0.5)[5] == 4.6875);
        assert!(mean(&x, 4)[2].is_nan() && slope(&x, 4)[2].is_nan() && ret(&x, 3)[2].is_nan());
    }

    #[test]
    fn a_flat_window_has_no_z_whatever_the_rounding() {
        let mut x = vec![0.5, 0.7];
        x.extend((0..30).map(|i| 0.3 + 1e-14 * f64::from(i % 3)));
        assert!(z_score(&x, 30)[30].is_finite());
        assert!(z_score(&x, 30)[31].is_nan());
        assert_eq!(deviation(&x, 30)[31], 0.0);
    }

    proptest! {
        #[test]
        fn running_sums_agree_with_direct_ones(x in prop::collection::vec(-0.5..2.0_f64, 40..300), n in 2_usize..40) {
            let (mean, deviation, slope) = (mean(&x, n), deviation(&x, n), slope(&x, n));
            for i in n - 1..x.len() {
                let window = &x[i + 1 - n..=i];
                prop_assert!((mean[i] - window.mean()).abs() < 1e-13);
                prop_assert!((deviation[i] - window.std_dev()).abs() < 1e-12 * (1.0 + 1.0 / window.std_dev()));
                let middle = (n - 1) as f64 / 2.0;
                let top: f64 = window.iter().enumerate().map(|(j, x)| (j as f64 - middle) * (x - mean[i])).sum();
                let below: f64 = (0..n).map(|j| (j as f64 - middle).powi(2)).sum();
                prop_assert!((slope[i] - top / below).abs() < 1e-12);
            }
        }
    }
}
