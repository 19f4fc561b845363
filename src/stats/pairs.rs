//! How two columns move together.

use super::moments::Sum;

/// Correlation of pairs, given their covariance and the deviations of both columns over one window; `NaN` where either
/// does not vary.
pub fn correlation(covariance: &[f64], deviations: [&[f64]; 2]) -> Vec<f64> {
    let scales = deviations[0].iter().zip(deviations[1]).map(|(x, y)| x * y);
    let part = |(covariance, scale): (&f64, f64)| {
        if scale > 0.0 { (covariance / scale).clamp(-1.0, 1.0) } else { f64::NAN }
    };
    covariance.iter().zip(scales).map(part).collect()
}

/// Covariance (ddof 1) of the last `n` pairs.
pub fn covariance(x: &[f64], y: &[f64], n: usize) -> Vec<f64> {
    let (Some(&x_origin), Some(&y_origin)) = (x.first(), y.first()) else { return Vec::new() };
    let (mut x_sum, mut y_sum, mut products) = (Sum::default(), Sum::default(), Sum::default());
    let mut count = |i: usize, times: f64| {
        let (x, y) = (x[i] - x_origin, y[i] - y_origin);
        x_sum.add(times * x);
        y_sum.add(times * y);
        products.add(times * x * y);
        products.value() - x_sum.value() * y_sum.value() / n as f64
    };
    let step = |i: usize| {
        let mut sum = count(i, 1.0);
        if i >= n {
            sum = count(i - n, -1.0);
        }
        if i + 1 < n { f64::NAN } else { sum / (n - 1) as f64 }
    };
    (0..x.len()).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::super::deviation;
    use super::covariance;
    use proptest::prelude::*;
    use statrs::statistics::Statistics;

    fn correlation(x: &[f64], y: &[f64], n: usize) -> Vec<f64> {
        super::correlation(&covariance(x, y, n), [&deviation(x, n), &deviation(y, n)])
    }

    #[test]
    fn figures_worked_out_by_hand() {
        // deviations −1.5 −0.5 0.5 1.5 and −1 1 −1 1: 2 / √(5·4)
        let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 3.0, 1.0, 3.0, 0.0]);
        let correlation = correlation(&x, &y, 4);
        assert!((correlation[3] - 2.0 / 20.0_f64.sqrt()).abs() < 1e-15);
        // −0.75 1.25 −0.75 1.25 −… : y 3 1 3 0 from 1.75 against −1.5 … 1.5
        assert!((correlation[4] - -3.5 / (5.0_f64 * 6.75).sqrt()).abs() < 1e-15);
        assert!(correlation[2].is_nan());
    }

    #[test]
    fn a_column_that_does_not_vary_correlates_with_nothing() {
        let x: Vec<f64> = (0..30).map(f64::from).collect();
        assert!(correlation(&x, &[0.3; 30], 20)[29].is_nan());
        assert_eq!(correlation(&x, &x, 20)[29], 1.0);
    }

    proptest! {
        #[test]
        fn running_sums_agree_with_direct_ones(
            pairs in prop::collection::vec((-0.5..2.0_f64, 5.0..9.0_f64), 40..200),
            n in 3_usize..40,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let rolling = correlation(&x, &y, n);
            for i in n - 1..x.len() {
                let (x, y) = (&x[i + 1 - n..=i], &y[i + 1 - n..=i]);
                let direct = x.covariance(y) / (x.std_dev() * y.std_dev());
                prop_assert!((rolling[i] - direct).abs() < 1e-9, "{} {direct}", rolling[i]);
            }
        }
    }
}
