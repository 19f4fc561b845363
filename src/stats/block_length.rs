//! How long the blocks of a bootstrap should be.

/// Mean block length for the stationary bootstrap of the mean of `x`, after Politis and White (Econometric Reviews 23,
/// 2004) with the correction of Patton, Politis and White (28, 2009): as long as the series remembers.
///
/// The choices that the papers leave open are those of the `arch` package: a correlation counts as none below
/// 2·√(log₁₀ n / n), over max(5, log₁₀ n) lags; no block is longer than min(3·√n, n/3).
pub fn block_length(x: &[f64]) -> f64 {
    let n = x.len();
    if n < 4 {
        return 1.0;
    }
    let size = n as f64;
    let mean = x.iter().sum::<f64>() / size;
    let e: Vec<f64> = x.iter().map(|x| x - mean).collect();
    let longest = (3.0 * size.sqrt()).min(size / 3.0).ceil();
    let quiet = (size.log10() as usize).max(5);
    let most = (size.sqrt().ceil() as usize + quiet).min(n - 2);
    let product = |lag: usize| e[lag..].iter().zip(&e).map(|(a, b)| a * b).sum::<f64>();
    let covariance: Vec<f64> = (0..=most).map(|lag| product(lag) / size).collect();
    if covariance[0] <= 0.0 {
        return 1.0;
    }

    let limit = 2.0 * (size.log10() / size).sqrt();
    let sum = |part: &[f64]| part.iter().map(|e| e * e).sum::<f64>();
    let small = |lag: usize| {
        let scale = (sum(&e[lag + 1..]) * sum(&e[..n - lag - 1])).sqrt();
        (covariance[lag] * size / scale).abs() < limit
    };
    let forgotten = (0..=most - quiet.min(most)).find(|&lag| (lag..lag + quiet).all(small));
    let used = forgotten.map_or(most, |lag| (2 * lag.max(1)).min(most));

    let (mut slope, mut spectrum) = (0.0, covariance[0]);
    for lag in 1..=used {
        let share = lag as f64 / used as f64;
        let weight = if share <= 0.5 { 1.0 } else { 2.0 * (1.0 - share) };
        slope += 2.0 * weight * lag as f64 * covariance[lag];
        spectrum += 2.0 * weight * covariance[lag];
    }
    // (2·g²/d)^⅓·n^⅓ with d = 2·s(0)²
    ((slope / spectrum).powi(2) * size).cbrt().min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference::{ar, uniform};

    /// `optimal_block_length` of arch 8.0.0, the column `stationary`.
    #[test]
    fn lengths_are_those_of_arch() {
        let noise = uniform(1_000, 7);
        for (keep, length) in
            [(0.0, 1.771_918_223), (0.5, 12.891_661_895), (0.9, 30.378_543_943), (0.98, 52.876_084_337)]
        {
            let found = block_length(&ar(&noise, keep));
            assert!((found - length).abs() < 1e-7, "{keep}: {found}");
        }
        let level: Vec<f64> = ar(&noise, 0.3)
            .iter()
            .scan(0.0, |sum, step| {
                *sum += step;
                Some(*sum)
            })
            .collect();
        let overlapping: Vec<f64> = (63..1_000).map(|t| level[t] - level[t - 63]).collect();
        assert!((block_length(&overlapping) - 51.579_722_804).abs() < 1e-6);
    }

    #[test]
    fn what_does_not_vary_or_is_too_short_has_blocks_of_one() {
        assert_eq!((block_length(&[2.0; 50]), block_length(&[1.0, 2.0])), (1.0, 1.0));
    }
}
