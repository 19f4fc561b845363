//! A regression whose error allows for overlapping observations.

/// A regression `y = a + b·x` in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Observations.
    pub n: usize,
    /// b.
    pub slope: f64,
    /// Its standard error by Newey and West.
    pub error: f64,
    /// b over the standard error that takes the observations for independent.
    pub naive_t: f64,
}

impl Fit {
    /// b over its standard error.
    pub fn t(&self) -> f64 {
        self.slope / self.error
    }
}

/// Fits `y = a + b·x` by least squares, with the standard error of Newey and West (Econometrica 55, 1987): Bartlett
/// weights up to `lag`, no small-sample factor. Where x or y is `NaN` there is no observation, and the distance in
/// time between the others stays. `None` with fewer than three observations, or where x does not vary.
///
/// # Formula
/// With z = (x − x̄)·u and residuals u: `error² = Σ_j (1 − |j|/(lag + 1)) Σ_t z[t]·z[t−j] / (Σ(x − x̄)²)²`, |j| ≤ lag.
/// The double sum is the sum of the squared sums of z over all windows of lag + 1, by lag + 1: one pass.
pub fn newey_west(x: &[f64], y: &[f64], lag: usize) -> Option<Fit> {
    let pairs = || x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let n = pairs().count();
    let mean = |of: fn((&f64, &f64)) -> f64| pairs().map(of).sum::<f64>() / n as f64;
    let (mean_x, mean_y) = (mean(|(x, _)| *x), mean(|(_, y)| *y));
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in pairs() {
        xx += (x - mean_x) * (x - mean_x);
        xy += (x - mean_x) * (y - mean_y);
    }
    if n < 3 || xx <= 0.0 {
        return None;
    }
    let slope = xy / xx;
    let residual = |x: f64, y: f64| y - mean_y - slope * (x - mean_x);
    let squares: f64 = pairs().map(|(&x, &y)| residual(x, y).powi(2)).sum();
    let z = |t: usize| {
        let moment = x.get(t).map_or(0.0, |x| (x - mean_x) * residual(*x, y[t]));
        if moment.is_nan() { 0.0 } else { moment }
    };
    let error = windows(x.len(), lag, z).sqrt() / xx;
    let naive = (squares / (n - 2) as f64 / xx).sqrt();
    Some(Fit { n, slope, error, naive_t: slope / naive })
}

/// Σ of the squared sums of z over every window of lag + 1 that touches one of `n` values, by lag + 1.
fn windows(n: usize, lag: usize, z: impl Fn(usize) -> f64) -> f64 {
    let (mut window, mut sum) = (0.0, 0.0);
    for t in 0..n + lag {
        window += z(t);
        sum += window * window;
        window -= t.checked_sub(lag).map_or(0.0, &z);
    }
    sum / (lag + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference::{ar, uniform};

    /// A persistent y and the middle one of three thirds of every 75 observations.
    fn sample() -> (Vec<f64>, Vec<f64>) {
        let x = (0..400).map(|i| f64::from(u8::from(i / 25 % 3 == 1))).collect();
        (x, ar(&uniform(400, 1), 0.9))
    }

    /// `OLS(y, [1, x]).fit(cov_type="HAC", cov_kwds=dict(maxlags=lag, use_correction=False))` of statsmodels 0.15.0.
    #[test]
    fn errors_are_those_of_statsmodels() {
        let (x, y) = sample();
        for (lag, error) in
            [(0, 0.071_926_583_149), (5, 0.146_093_288_248), (21, 0.179_937_760_769), (63, 0.203_169_632_115)]
        {
            let fit = newey_west(&x, &y, lag).expect("a fit");
            assert!((fit.error - error).abs() < 1e-11, "lag {lag}: {}", fit.error);
            assert!((fit.slope - 0.365_933_431_438).abs() < 1e-11);
            assert!((fit.naive_t - 5.276_523_090_756).abs() < 1e-10);
        }
    }

    #[test]
    fn a_gap_keeps_its_place_in_time() {
        let (x, mut y) = sample();
        y[100..110].fill(f64::NAN);
        let gapped = newey_west(&x, &y, 21).expect("a fit");
        // the double sum written out, with nothing at the gap
        let pairs: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        let seen: Vec<_> = pairs.iter().filter(|(_, y)| !y.is_nan()).collect();
        let n = seen.len() as f64;
        let (mean_x, mean_y) = (seen.iter().map(|p| p.0).sum::<f64>() / n, seen.iter().map(|p| p.1).sum::<f64>() / n);
        let xx: f64 = seen.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
        let z = |&(x, y): &(f64, f64)| {
            let u = y - mean_y - gapped.slope * (x - mean_x);
            if u.is_nan() { 0.0 } else { (x - mean_x) * u }
        };
        let z: Vec<f64> = pairs.iter().map(z).collect();
        let product = |j: usize| z.iter().zip(&z[j..]).map(|(a, b)| a * b).sum::<f64>();
        let weighted: f64 = (1..=21).map(|j| 2.0 * (1.0 - j as f64 / 22.0) * product(j)).sum();
        assert!((gapped.error - (product(0) + weighted).sqrt() / xx).abs() < 1e-12);
        assert_eq!(gapped.n, 390);
    }

    #[test]
    fn what_does_not_vary_has_no_slope() {
        assert_eq!(newey_west(&[1.0; 9], &[0.5; 9], 2), None);
        assert_eq!(newey_west(&[0.0, 1.0], &[0.5, 0.7], 0), None);
        assert_eq!(newey_west(&[], &[], 5), None);
    }
}
