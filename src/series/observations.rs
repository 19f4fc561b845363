//! The common valid observations of several columns: what every window is counted in.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Market;

/// Sessions at which all of some columns have a value.
///
/// A window of n is the last n of them, and must lie within n + max(2, n/50) sessions; at the
/// session itself there must be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Observations {
    /// What reasons call the columns.
    pub(super) names: String,
    /// What they are counted in: `sessions`, or `weeks` where a column has one value a week.
    counted: &'static str,
    /// Session indices, ascending, which others share; the observations are at those `within`.
    all: Arc<[usize]>,
    within: Range<usize>,
    /// The first observation whose figures are wanted.
    from: usize,
    sessions: usize,
    /// Why there is none at the last session, `None` where there is one.
    pub(super) absent: Option<String>,
}

/// Numbers over the sessions, `NaN` where missing, and why the last one is.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// One value a session; of a figure that is only shown, as far as the market was asked for it, the last ones.
    pub values: Vec<f64>,
    /// Why it is missing at the last session; `None` where it is there.
    pub reason: Option<String>,
}

impl Market {
    /// The sessions at which every column is finite; each column goes by the input it comes from.
    pub fn observe(&self, columns: &[(&str, &[f64])]) -> Observations {
        let lacking = columns.iter().find(|(_, column)| !column[self.last()].is_finite());
        let (all, within) = match finite(&columns.iter().map(|&(_, column)| column), self.sessions.len()) {
            Finite::Throughout(sessions) => (self.indices.clone(), sessions),
            Finite::Listed(sessions) => {
                let within = 0..sessions.len();
                (sessions.into(), within)
            }
        };
        Observations {
            names: columns.iter().map(|&(input, _)| input).collect::<Vec<_>>().join(" and "),
            counted: "sessions",
            all,
            within,
            from: 0,
            sessions: self.sessions.len(),
            absent: lacking.map(|(input, column)| self.why_absent(input, column)),
        }
    }

    /// Why the column of `input` has no value at the reference session.
    fn why_absent(&self, input: &str, column: &[f64]) -> String {
        let now = self.reference();
        let Some(seen) = column.iter().rposition(|value| value.is_finite()) else {
            return format!("{input}: no value up to {now}");
        };
        // a rate is carried past the day it is for: its own last day says more
        let seen = self.sessions[seen];
        let last = self.state(input).and_then(|state| state.last).map_or(seen, |last| last.min(seen));
        format!("{input}: no value on {now}, the last is of {last}")
    }
}

/// Indices at which every column is finite.
enum Finite {
    Throughout(Range<usize>),
    Listed(Vec<usize>),
}

/// Indices below `sessions` at which every column is finite.
fn finite<'a>(columns: &(impl Iterator<Item = &'a [f64]> + Clone), sessions: usize) -> Finite {
    // most columns have no gap between their first value and their last, which is told at a glance
    let first = columns.clone().map(|column| column.iter().position(|x| x.is_finite()).unwrap_or(sessions)).max();
    let last = columns.clone().map(|column| column.iter().rposition(|x| x.is_finite()).map_or(0, |t| t + 1)).min();
    let within = first.unwrap_or(0)..last.unwrap_or(sessions);
    if within.is_empty() {
        return Finite::Listed(Vec::new());
    }
    // nothing times a finite number is nothing, whose bits are 0; times any other it is NaN
    let gap = |column: &[f64]| column[within.clone()].iter().fold(0, |bits, x| bits | (0.0 * x).abs().to_bits()) != 0;
    if columns.clone().any(gap) {
        Finite::Listed(within.filter(|&t| columns.clone().all(|column| column[t].is_finite())).collect())
    } else {
        Finite::Throughout(within)
    }
}

impl Observations {
    /// The first session and the number of observations where these leave no session out.
    fn without_gap(&self) -> Option<Range<usize>> {
        let (&first, &last) = (self.sessions().first()?, self.sessions().last()?);
        (last - first + 1 == self.len()).then_some(first..last + 1)
    }

    /// The same observations, to put a reading on the sessions on which no vote rests: as far as `market` is asked.
    #[must_use]
    pub fn shown(&self, market: &Market) -> Self {
        Self { from: market.shown(self.len()), ..self.clone() }
    }

    /// The first observation whose figures are wanted.
    pub fn from(&self) -> usize {
        self.from
    }

    /// What `measure` gives for each observation whose figures are wanted.
    pub fn measure(&self, measure: impl FnMut(usize) -> f64) -> Vec<f64> {
        (self.from..self.len()).map(measure).collect()
    }

    /// The sessions on which figures are wanted: the last one at least.
    pub fn wanted(&self) -> Range<usize> {
        let last = self.sessions.saturating_sub(1);
        let first = if self.from == 0 { 0 } else { self.sessions().get(self.from).map_or(last, |&t| t) };
        first..self.sessions
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.within.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.within.is_empty()
    }

    /// Session index of each observation.
    pub fn sessions(&self) -> &[usize] {
        &self.all[self.within.clone()]
    }

    /// The observed values of a column.
    pub fn gather<'a>(&self, column: &'a [f64]) -> Cow<'a, [f64]> {
        match self.without_gap() {
            Some(sessions) => Cow::Borrowed(&column[sessions]),
            None => self.sessions().iter().map(|&t| column[t]).collect(),
        }
    }

    /// Puts `values`, one an observation, the last ones at least, on the sessions, where each was measured on the window
    /// of `n` that ends there. `NaN` in a full window means that the window does not vary.
    pub fn figure<'a>(&self, n: usize, values: impl Into<Cow<'a, [f64]>>) -> Figure {
        self.figure_up_to(n, n, values)
    }

    /// The same where the value of a full window may be undefined (`NaN`) for the reason `undefined`.
    pub fn figure_where<'a>(&self, n: usize, values: impl Into<Cow<'a, [f64]>>, undefined: &str) -> Figure {
        let window = |k: usize, value: f64| (k + 1 >= n && !value.is_nan()).then_some(n);
        let none = || if self.len() < n { self.too_few(n) } else { format!("{}: {undefined}", self.names) };
        self.place(values, window, none)
    }

    /// The same where a value at a session may be undefined (`NaN`) for the reason `undefined`.
    pub fn figure_at_once<'a>(&self, values: impl Into<Cow<'a, [f64]>>, undefined: &str) -> Figure {
        let window = |_, value: f64| (!value.is_nan()).then_some(1);
        self.place(values, window, || format!("{}: {undefined}", self.names))
    }

    /// The same where the window may hold fewer than `n`, but no fewer than `least`.
    pub fn figure_up_to<'a>(&self, n: usize, least: usize, values: impl Into<Cow<'a, [f64]>>) -> Figure {
        let (values, window) = (values.into(), |k: usize| (k + 1 >= least).then(|| n.min(k + 1)));
        let now = self.len().checked_sub(1).and_then(window);
        match self.without_gap() {
            // a window then spans as many sessions as it counts
            Some(sessions) if least > 0 && self.len() >= least && values.len() == self.len() && self.from == 0 => {
                let column = match values {
                    Cow::Owned(mut column) if column.len() == self.sessions => {
                        column[..least - 1].fill(f64::NAN);
                        column
                    }
                    values => {
                        let mut column = vec![f64::NAN; self.sessions];
                        let full = least - 1..self.len();
                        column[sessions.start + full.start..sessions.end].copy_from_slice(&values[full]);
                        column
                    }
                };
                self.finish(column, now, || self.too_few(least))
            }
            _ => self.place(values, |k, _| window(k), || self.too_few(least)),
        }
    }

    /// The same where `values` were measured on everything up to each observation, however spread,
    /// once there are `least`.
    pub fn figure_of_history<'a>(&self, least: usize, values: impl Into<Cow<'a, [f64]>>) -> Figure {
        self.place(values, |k, _| (k + 1 >= least).then_some(1), || self.too_few(least))
    }

    /// The same where each window starts at an observation of its own; `none` says why one has no start.
    pub fn figure_since<'a>(&self, starts: &[Option<usize>], none: &str, values: impl Into<Cow<'a, [f64]>>) -> Figure {
        self.place(values, |k, _| starts[k].map(|start| k - start + 1), || format!("{}: {none}", self.names))
    }

    /// Puts values on the sessions, given the number of observations in each one's window; `none`
    /// says why the last has no window.
    fn place<'a>(
        &self,
        values: impl Into<Cow<'a, [f64]>>,
        window: impl Fn(usize, f64) -> Option<usize>,
        none: impl Fn() -> String,
    ) -> Figure {
        let values = values.into();
        let last_value = values.last().copied().unwrap_or(f64::NAN);
        let last = self.len().checked_sub(1).and_then(|k| window(k, last_value));
        let without_gap = self.without_gap().is_some();
        // without a gap a window spans as many sessions as it counts
        let stands =
            |k: usize, value: f64| window(k, value).is_some_and(|n| without_gap || self.spans(k, n) <= widest(n));
        let column = match values {
            Cow::Owned(mut column) if column.len() == self.sessions && self.from == 0 => {
                for (k, value) in column.iter_mut().enumerate() {
                    *value = if stands(k, *value) { *value } else { f64::NAN };
                }
                column
            }
            values => {
                let (wanted, unmeasured) = (self.wanted(), self.len() - values.len());
                let mut column = vec![f64::NAN; wanted.len()];
                let from = self.from.max(unmeasured);
                for ((k, &t), &value) in (from..).zip(&self.sessions()[from..]).zip(&values[from - unmeasured..]) {
                    if stands(k, value) {
                        column[t - wanted.start] = value;
                    }
                }
                column
            }
        };
        self.finish(column, last, none)
    }

    /// The figure of values on the sessions, given the number of observations in the last one's window.
    fn finish(&self, column: Vec<f64>, window: Option<usize>, none: impl Fn() -> String) -> Figure {
        let why = || match self.len().checked_sub(1).map(|last| (last, window)) {
            None => format!("{}: no value", self.names),
            Some((_, None)) => none(),
            Some((last, Some(n))) if self.spans(last, n) > widest(n) => {
                format!("{}: the last {n} values are spread over {} {}", self.names, self.spans(last, n), self.counted)
            }
            Some((_, Some(n))) => format!("{}: the last {n} values do not vary", self.names),
        };
        Figure::new(column, || self.absent.clone().unwrap_or_else(why))
    }

    fn too_few(&self, least: usize) -> String {
        format!("{}: {least} {} are needed, {} are there", self.names, self.counted, self.len())
    }

    /// Sessions from the first to the last observation of the window of `n` that ends with `k`.
    fn spans(&self, k: usize, n: usize) -> usize {
        self.sessions()[k] - self.sessions()[k + 1 - n] + 1
    }
}

impl Figure {
    /// A figure of `values`, one a session; `why` says why the last is missing, if it is.
    pub fn new(values: Vec<f64>, why: impl FnOnce() -> String) -> Self {
        let missing = values.last().is_none_or(|value| value.is_nan());
        Self { reason: missing.then(why), values }
    }

    /// A figure whose missing values need no reason.
    pub fn complete(values: Vec<f64>) -> Self {
        Self { values, reason: None }
    }

    /// A figure that is missing at each of `sessions`.
    pub fn missing(sessions: usize, reason: impl Into<String>) -> Self {
        Self { values: vec![f64::NAN; sessions], reason: Some(reason.into()) }
    }

    /// The sessions at which the figure has a value, to measure windows of it.
    pub fn observe(&self, names: &str) -> Observations {
        self.observe_by(names, "sessions")
    }

    /// The same for a figure with one value a week or month.
    pub(super) fn observe_by(&self, names: &str, counted: &'static str) -> Observations {
        let all: Arc<[usize]> = (0..self.values.len()).filter(|&t| self.values[t].is_finite()).collect();
        let (within, sessions, absent) = (0..all.len(), self.values.len(), self.reason.clone());
        Observations { names: names.into(), counted, all, within, from: 0, sessions, absent }
    }

    /// A figure made of the values of two at each session that has both.
    #[must_use]
    pub fn with(&self, other: &Self, join: impl Fn(f64, f64) -> f64) -> Self {
        let both = |(&a, &b): (&f64, &f64)| if a.is_nan() || b.is_nan() { f64::NAN } else { join(a, b) };
        // of one that is only shown the last values alone are there
        let shared = self.values.len().min(other.values.len());
        let [of_self, of_other] = [self, other].map(|figure| &figure.values[figure.values.len() - shared..]);
        Self {
            values: of_self.iter().zip(of_other).map(both).collect(),
            reason: self.reason.clone().or_else(|| other.reason.clone()),
        }
    }
}

/// The most sessions a window of `n` observations may span.
pub const fn widest(n: usize) -> usize {
    n + if n / 50 > 2 { n / 50 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn observed(column: &[f64]) -> Observations {
        Figure::complete(column.to_vec()).observe("X")
    }

    #[test]
    fn a_window_may_span_two_sessions_more_than_it_counts() {
        let some = observed(&[1.0, NAN, 3.0, NAN, 5.0, NAN, NAN, NAN, 9.0]);
        assert_eq!(some.sessions(), [0, 2, 4, 8]);
        // a window of 2 may span 4 sessions, one of 3 five
        let figure = some.figure(2, &[0.0, 1.0, 2.0, 3.0]);
        assert_eq!([figure.values[2], figure.values[4]], [1.0, 2.0]);
        assert!(figure.values[0].is_nan() && figure.values[8].is_nan());
        assert_eq!(figure.reason.as_deref(), Some("X: the last 2 values are spread over 5 sessions"));
        assert_eq!(some.figure(3, &[0.0, 1.0, 2.0, 3.0]).values[4], 2.0);
        assert_eq!(some.figure_of_history(4, &[0.0, 1.0, 2.0, 3.0]).values[8], 3.0);
    }

    #[test]
    fn the_reason_names_what_is_short() {
        let four = observed(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(four.figure(4, &[0.0; 4]).reason, None);
        assert_eq!(four.figure(5, &[0.0; 4]).reason.as_deref(), Some("X: 5 sessions are needed, 4 are there"));
        assert_eq!(four.figure_up_to(5, 3, &[0.0; 4]).reason, None);
        assert_eq!(four.figure(4, &[NAN; 4]).reason.as_deref(), Some("X: the last 4 values do not vary"));
        let starts = [None, Some(0), Some(0), None];
        assert_eq!(four.figure_since(&starts, "no start", &[0.0; 4]).reason.as_deref(), Some("X: no start"));
    }
}
