//! Prices on the sessions, and total return.

use crate::bars::Bars;
use crate::day::Day;

/// Prices of one input, one value a session, `NaN` where it did not trade.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// First price, as quoted.
    pub open: Vec<f64>,
    /// Highest price.
    pub high: Vec<f64>,
    /// Lowest price.
    pub low: Vec<f64>,
    /// Last price.
    pub close: Vec<f64>,
    /// Shares traded.
    pub volume: Vec<f64>,
    /// Cash that left the price at this session, 0 for none (also where there is no bar).
    pub dividend: Vec<f64>,
    /// Total return: 1 at the first bar, then cumulated forward.
    pub total_return: Vec<f64>,
}

impl Prices {
    /// Puts `bars` on `sessions`. A bar on a day that is no session is left out.
    pub(super) fn align(bars: &Bars, sessions: &[Day]) -> Self {
        let blank = || vec![f64::NAN; sessions.len()];
        let mut prices = Self {
            open: blank(),
            high: blank(),
            low: blank(),
            close: blank(),
            volume: blank(),
            dividend: vec![0.0; sessions.len()],
            total_return: Vec::new(),
        };
        let mut row = bars.day.partition_point(|&day| day < sessions[0]);
        for (t, &session) in sessions.iter().enumerate() {
            while row < bars.len() && bars.day[row] < session {
                row += 1;
            }
            if row < bars.len() && bars.day[row] == session {
                prices.open[t] = bars.open[row];
                prices.high[t] = bars.high[row];
                prices.low[t] = bars.low[row];
                prices.close[t] = bars.close[row];
                prices.volume[t] = bars.volume[row];
                prices.dividend[t] = bars.dividend[row];
            }
        }
        prices.total_return = total_return(&prices.close, &prices.dividend);
        prices
    }
}

/// Total return of reinvesting each dividend at the close before its ex-date:
/// `TR[t] = TR[t−1] · close[t] / (close[t−1] − D[t])`, from 1 at the first close.
///
/// Later values change no bit of earlier ones. A dividend not below the close before it has no
/// meaning; from there on the column is `NaN`.
fn total_return(close: &[f64], dividend: &[f64]) -> Vec<f64> {
    let mut level = 1.0;
    let mut before: Option<f64> = None;
    let mut paid = 0.0;
    close
        .iter()
        .zip(dividend)
        .map(|(&close, &dividend)| {
            paid += dividend;
            if !close.is_finite() {
                return f64::NAN;
            }
            if let Some(before) = before {
                let base = before - paid;
                level *= if base > 0.0 { close / base } else { f64::NAN };
            }
            before = Some(close);
            paid = 0.0;
            level
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dividend_is_earned_over_its_ex_date() {
        // 100 → 99 with 2 paid: 99/98; then → 102 over a session without a bar that paid 1
        let close = [f64::NAN, 100.0, 99.0, f64::NAN, 102.0];
        let track = total_return(&close, &[5.0, 0.0, 2.0, 1.0, 0.0]);
        assert!(track[0].is_nan() && track[3].is_nan());
        assert_eq!(track[1], 1.0);
        assert!((track[2] - 99.0 / 98.0).abs() < 1e-15);
        assert!((track[4] - 99.0 / 98.0 * (102.0 / 98.0)).abs() < 1e-15);
    }

    #[test]
    fn a_dividend_as_large_as_the_price_ends_the_column() {
        let track = total_return(&[10.0, 9.0, 9.5], &[0.0, 10.0, 0.0]);
        assert!(track[1].is_nan() && track[2].is_nan());
    }
}
