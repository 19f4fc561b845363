//! Prices on the sessions, and total return.

use crate::bars::Bars;
use crate::day::Day;

/// Prices of one input, one value a session, `NaN` where it did not trade. Every input has its total return; the
/// other columns are empty where [`crate::inputs::measured`] does not name them.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// Highest price, as quoted.
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
    /// Puts `bars` on `sessions` and keeps, beside total return, the columns that `measured` names. A bar on a
    /// day that is no session is left out.
    pub(super) fn align(bars: &Bars, sessions: &[Day], measured: &[&str]) -> Self {
        let runs = runs(&bars.day, sessions);
        let put = |column: &[f64], blank: f64| {
            let mut placed = vec![blank; sessions.len()];
            for &Run { row, session, rows } in &runs {
                placed[session..session + rows].copy_from_slice(&column[row..row + rows]);
            }
            placed
        };
        let keeps = |name| measured.contains(&name);
        let some = |name, column, blank| if keeps(name) { put(column, blank) } else { Vec::new() };
        let total_return = match runs[..] {
            // most funds have traded at every session since their first
            [Run { row, session, rows }] => {
                let mut placed = vec![f64::NAN; sessions.len()];
                let rows = row..row + rows;
                accumulate(&mut placed[session..], &bars.close[rows.clone()], &bars.dividend[rows]);
                placed
            }
            _ => total_return(&put(&bars.close, f64::NAN), &put(&bars.dividend, 0.0)),
        };
        Self {
            total_return,
            high: some("high", &bars.high, f64::NAN),
            low: some("low", &bars.low, f64::NAN),
            volume: some("volume", &bars.volume, f64::NAN),
            close: some("close", &bars.close, f64::NAN),
            dividend: some("dividend", &bars.dividend, 0.0),
        }
    }
}

/// Consecutive rows on consecutive sessions.
struct Run {
    row: usize,
    session: usize,
    rows: usize,
}

/// The rows of `days` that stand on `sessions`.
fn runs(days: &[Day], sessions: &[Day]) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut row, mut session) = (0, 0);
    while row < days.len() && session < sessions.len() {
        let rows = Day::agree(&days[row..], &sessions[session..]);
        if rows > 0 {
            runs.push(Run { row, session, rows });
            (row, session) = (row + rows, session + rows);
        } else if days[row] < sessions[session] {
            row += days[row..].partition_point(|&day| day < sessions[session]);
        } else {
            session += sessions[session..].partition_point(|&session| session < days[row]);
        }
    }
    runs
}

/// Total return of reinvesting each dividend at the close before its ex-date:
/// `TR[t] = TR[t−1] · close[t] / (close[t−1] − D[t])`, from 1 at the first close.
///
/// Later values change no bit of earlier ones. A dividend not below the close before it has no
/// meaning; from there on the column is `NaN`.
pub fn total_return(close: &[f64], dividend: &[f64]) -> Vec<f64> {
    let mut levels = vec![f64::NAN; close.len()];
    accumulate(&mut levels, close, dividend);
    levels
}

/// Puts total return in the place of `levels`, which are `NaN`, wherever there is a close.
fn accumulate(levels: &mut [f64], close: &[f64], dividend: &[f64]) {
    let mut level = 1.0;
    let mut before: Option<f64> = None;
    let mut paid = 0.0;
    for (place, (&close, &dividend)) in levels.iter_mut().zip(close.iter().zip(dividend)) {
        paid += dividend;
        if !close.is_finite() {
            continue;
        }
        if let Some(before) = before {
            let base = before - paid;
            level *= if base > 0.0 { close / base } else { f64::NAN };
        }
        before = Some(close);
        paid = 0.0;
        *place = level;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::TOTAL_RETURN;

    #[test]
    fn rows_stand_on_the_sessions_of_their_days() {
        let days = |numbers: &[i32]| numbers.iter().copied().map(Day::from_number).collect::<Vec<_>>();
        let bars = Bars {
            day: days(&[1, 2, 5, 6, 9, 10, 13]),
            close: vec![1.0, 2.0, 5.0, 6.0, 9.0, 10.0, 13.0],
            dividend: vec![0.0, 0.0, 0.5, 0.0, 0.9, 0.0, 0.0],
            ..Bars::default()
        };
        let prices = Prices::align(&bars, &days(&[2, 3, 5, 6, 7, 8, 10, 11]), TOTAL_RETURN);
        let shown: Vec<String> = prices.close.iter().map(ToString::to_string).collect();
        assert_eq!(shown.join(" "), "2 NaN 5 6 NaN NaN 10 NaN");
        assert_eq!(prices.dividend, [0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(prices.high.is_empty() && prices.volume.is_empty());
        let none = Prices::align(&bars, &days(&[20, 21]), &[]);
        assert!(none.close.is_empty() && none.total_return.iter().all(|level| level.is_nan()));
    }

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
