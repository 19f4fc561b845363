//! Dividends worked out from adjusted closes.

use anyhow::{Result, bail};

use crate::day::Day;

/// Share of the close before it above which an implied amount is a dividend and not a rounding.
const LEAST: f64 = 2e-4;

/// Share of the close by which an adjusted close may rise against it. A greater one is no rounding:
/// the two columns do not belong together.
const RISE: f64 = 0.005;

/// Factors of splits, old shares for new; an adjusted close that moves by one while the close does
/// not is adjusted for a split that the close is not.
const SPLITS: [f64; 14] = [1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 50.0];

/// How near a factor must be to one of a split, relative.
const SPLIT_TOLERANCE: f64 = 1e-3;

/// The dividend before each session: `close[t−1] − close[t] · adjusted[t−1] / adjusted[t]`, where it
/// exceeds 0.02 % of `close[t−1]`, else 0.
///
/// # Errors
/// When the closes are not adjusted for a split that the adjusted closes contain.
pub(super) fn implied(days: &[Day], close: &[f64], adjusted: &[f64]) -> Result<Vec<f64>> {
    let mut dividend = vec![0.0; days.len()];
    for t in 1..days.len() {
        let before = close[t - 1];
        let amount = before - close[t] * adjusted[t - 1] / adjusted[t];
        let factor = before / (before - amount);
        let is_split = SPLITS.iter().any(|split| (factor / split - 1.0).abs() < SPLIT_TOLERANCE);
        if is_split || amount < -RISE * before {
            let day = days[t];
            bail!(
                "on {day} adj_close moves {factor:.4} times as much as close, as over a split; \
                 give closes that are adjusted for splits too"
            );
        }
        if amount > LEAST * before {
            dividend[t] = amount;
        }
    }
    Ok(dividend)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(n: i32) -> Vec<Day> {
        (0..n).map(Day::from_number).collect()
    }

    #[test]
    fn a_dividend_is_what_the_adjusted_close_does_not_lose() {
        // 100 → 99 over a dividend of 2: TR 99/98; roundings below 0.02 % are none
        let close = [100.0, 99.0, 99.0];
        let adjusted = [98.0, 99.0, 99.01];
        let dividend = implied(&days(3), &close, &adjusted).expect("dividends");
        assert!((dividend[1] - 2.0).abs() < 1e-12, "{dividend:?}");
        assert_eq!((dividend[0], dividend[2]), (0.0, 0.0));
    }

    #[test]
    fn a_split_in_the_adjusted_close_alone_is_refused_and_a_large_dividend_is_not() {
        implied(&days(2), &[100.0, 50.0], &[50.0, 50.0]).expect_err("2:1");
        implied(&days(2), &[10.0, 100.0], &[100.0, 100.0]).expect_err("1:10");
        let dividend = implied(&days(2), &[100.0, 62.0], &[62.0, 62.0]).expect("a spin-off");
        assert!((dividend[1] - 38.0).abs() < 1e-12);
    }
}
