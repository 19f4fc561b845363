//! What followed a session: the return of small caps over that of large caps.

use crate::series::{Market, Missing};

/// Sessions over which outcomes are measured: a month, a quarter, half a year, a year.
pub const HORIZONS: [usize; 4] = [21, 63, 126, 252];

/// `ln TR(IWM) − ln TR(SPY)` at each session; `NaN` where one of them has no close.
///
/// # Errors
/// When either was never had.
pub fn relative(market: &Market) -> Result<Vec<f64>, Missing> {
    let (small, large) = (&market.prices("IWM")?.total_return, &market.prices("SPY")?.total_return);
    Ok(small.iter().zip(large).map(|(small, large)| small.ln() - large.ln()).collect())
}

/// What followed each session: the change of `relative` over the next `h` sessions, a log return.
/// `NaN` where a close is missing at either end, and while the `h` sessions have not passed.
pub fn outcome(relative: &[f64], h: usize) -> Vec<f64> {
    let ahead = |t: usize| relative.get(t + h).map_or(f64::NAN, |later| later - relative[t]);
    (0..relative.len()).map(ahead).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    #[test]
    fn an_outcome_is_the_log_return_of_small_less_large_caps_after_the_session() {
        // IWM +1 % a session with 2 paid at session 3, SPY +0.5 %
        let grown = |rate: f64| move |t: usize| 100.0 * (1.0 + rate).powi(t as i32);
        let paying = Fixture::new(6).bars("SPY", grown(0.005));
        let market = paying.bars_paying("IWM", grown(0.01), |t| if t == 3 { 2.0 } else { 0.0 }).market();
        let relative = relative(&market).expect("both");
        let after = outcome(&relative, 2);
        let plain = 2.0 * (1.01_f64 / 1.005).ln();
        let paid = ((103.0301 / (102.01 - 2.0)) / 1.01_f64).ln();
        assert!((after[0] - plain).abs() < 1e-12 && (after[1] - plain - paid).abs() < 1e-12, "{after:?}");
        assert!(after[3].is_finite() && after[4].is_nan() && after[5].is_nan());
    }
}
