//! The common valid observations of several columns: what every window is counted in.

use std::ops::Range;

use crate::day::Day;

/// Sessions at which all of some columns have a value.
///
/// A window of n is the last n of them, and must lie within n + max(2, n/50) sessions; at the
/// session itself there must be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Observations {
    /// Session index of each observation, ascending.
    at: Vec<usize>,
    sessions: usize,
}

impl Observations {
    /// The sessions at which every column is finite. The columns have one value a session.
    pub fn common(columns: &[&[f64]]) -> Self {
        let sessions = columns.first().map_or(0, |column| column.len());
        let at = (0..sessions).filter(|&t| columns.iter().all(|column| column[t].is_finite())).collect();
        Self { at, sessions }
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Session index of each observation.
    pub fn sessions(&self) -> &[usize] {
        &self.at
    }

    /// The observed values of a column.
    pub fn gather(&self, column: &[f64]) -> Vec<f64> {
        self.at.iter().map(|&t| column[t]).collect()
    }

    /// Puts one value an observation back on the sessions; `NaN` elsewhere, and where the window of
    /// `n` observations that ends there does not exist or spans too many sessions.
    pub fn scatter(&self, values: &[f64], n: usize) -> Vec<f64> {
        let mut column = vec![f64::NAN; self.sessions];
        for k in n.saturating_sub(1)..self.at.len() {
            if self.spans(k, n) <= widest(n) {
                column[self.at[k]] = values[k];
            }
        }
        column
    }

    /// The session indices of the window of `n` observations that ends with observation `k`.
    pub fn window(&self, k: usize, n: usize) -> Range<usize> {
        self.at[k + 1 - n]..self.at[k] + 1
    }

    /// Why the window of `n` that ends at the last session gives no value, `None` where it does.
    pub fn why_missing(&self, n: usize, names: &str, days: &[Day]) -> Option<String> {
        let last = self.sessions.checked_sub(1)?;
        let Some(&latest) = self.at.last() else {
            return Some(format!("{names}: no value yet"));
        };
        if latest != last {
            return Some(format!("{names}: no value on {}, the last is of {}", days[last], days[latest]));
        }
        if self.at.len() < n {
            return Some(format!("{names}: {n} sessions are needed, {} are there", self.at.len()));
        }
        let span = self.spans(self.at.len() - 1, n);
        (span > widest(n)).then(|| format!("{names}: the last {n} values are spread over {span} sessions"))
    }

    /// Sessions from the first to the last observation of the window of `n` that ends with `k`.
    fn spans(&self, k: usize, n: usize) -> usize {
        self.at[k] - self.at[k + 1 - n.max(1)] + 1
    }
}

/// The most sessions a window of `n` observations may span.
fn widest(n: usize) -> usize {
    n + (n / 50).max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn windows_count_common_observations_and_may_span_few_more_sessions() {
        let a = [1.0, NAN, 3.0, 4.0, 5.0, NAN, NAN, 8.0];
        let b = [1.0, 2.0, 3.0, NAN, 5.0, 6.0, 7.0, 8.0];
        let both = Observations::common(&[&a, &b]);
        assert_eq!(both.sessions(), [0, 2, 4, 7]);
        // a window of 2 may span 4 sessions, one of 3 five
        let column = both.scatter(&[0.0, 1.0, 2.0, 3.0], 2);
        assert_eq!(
            column.iter().map(|x| x.is_nan()).collect::<Vec<_>>(),
            [true, true, false, true, false, true, true, false]
        );
        assert!(both.scatter(&[0.0, 1.0, 2.0, 3.0], 3)[7].is_nan());
    }

    #[test]
    fn the_reason_names_what_is_short() {
        let days: Vec<Day> = (0..4).map(Day::from_number).collect();
        let why = |column: &[f64], n| Observations::common(&[column]).why_missing(n, "X", &days);
        assert_eq!(why(&[1.0, 2.0, 3.0, 4.0], 4), None);
        assert_eq!(why(&[1.0, 2.0, 3.0, 4.0], 5).expect("too few"), "X: 5 sessions are needed, 4 are there");
        assert_eq!(why(&[1.0, 2.0, NAN, NAN], 1).expect("old"), "X: no value on 1970-01-04, the last is of 1970-01-02");
    }
}
