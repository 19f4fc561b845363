//! Statistics over columns: rolling ones, and those of a whole sample.
//!
//! Rolling: each takes one finite value an observation and gives one back, `NaN` until its window is full.
//! The value at `i` depends on `x[..=i]` alone, bit for bit: later values change nothing.

mod block_length;
mod bootstrap;
mod moments;
mod newey_west;
mod pairs;
mod ranks;
#[cfg(test)]
pub(crate) mod reference;

pub use block_length::block_length;
pub use bootstrap::{Block, Resamples, quantile, running};
pub use moments::{change, deviation, dot, ema, mean, ret, settled, slope, z_score};
pub use newey_west::{Fit, newey_west};
pub use pairs::{correlation, covariance};
pub use ranks::{WHOLE, highest, median, percentile, place, place_among};

/// Digits after the point to which differences of published rates are rounded, as a power of ten.
const RATE_DIGITS: f64 = 1e8;

/// A difference of published rates without the noise of their binary form: 4.15 − 4.10 is 0.05.
///
/// Rates are published to at most four decimals; rounding to eight lets a threshold be met exactly.
pub fn rounded(difference: f64) -> f64 {
    (difference * RATE_DIGITS).round() / RATE_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    type Measure = fn(&[f64]) -> Vec<f64>;

    #[test]
    fn a_difference_of_rates_meets_its_threshold_exactly() {
        assert_ne!(4.15 - 4.10, 0.05);
        assert_eq!([rounded(4.15 - 4.10), rounded(4.05 - 4.00)], [0.05, 0.05]);
        assert_eq!(rounded((4.27 - 4.10) * 100.0), 17.0);
        assert!(rounded(f64::NAN).is_nan());
    }

    #[test]
    fn later_values_change_no_bit_of_earlier_ones() {
        let x: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.7).sin() + 1.3).collect();
        let all: [Measure; 11] = [
            |x| mean(x, 20),
            |x| deviation(x, 20),
            |x| z_score(x, 20),
            |x| slope(x, 21),
            |x| ret(x, 5),
            |x| highest(x, 30, 0),
            |x| percentile(x, 30, 10, 0),
            |x| percentile(x, WHOLE, 1, 0),
            |x| ema(x, 0.1),
            |x| median(x, 30, 0),
            |x| {
                let y: Vec<f64> = x.iter().map(|x| x * x).collect();
                correlation(&covariance(x, &y, 20), [&deviation(x, 20), &deviation(&y, 20)])
            },
        ];
        for (which, measure) in all.iter().enumerate() {
            let (long, short) = (measure(&x), measure(&x[..150]));
            let same = long.iter().zip(&short).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "statistic {which}");
        }
    }
}
