//! One fund against another, on total return.

use std::borrow::Cow;

use crate::series::{Figure, Market, Missing, Observations};
use crate::stats;

/// Sessions in a year.
const SESSIONS_A_YEAR: f64 = 252.0;

/// Return of a fund over `h` sessions less that of SPY, on the sessions at which both traded; `votes` tells whether a vote
/// rests on it.
pub(super) fn less_spy(market: &Market, fund: &str, h: usize, votes: bool) -> Result<Figure, Missing> {
    let (over, under) = (&market.prices(fund)?.total_return, &market.prices("SPY")?.total_return);
    let at = market.observe(&[(fund, over), ("SPY", under)]);
    let at = if votes { at } else { at.shown(market) };
    Ok(apart(&at, &at.gather(over), &at.gather(under), h))
}

fn apart(at: &Observations, upper: &[f64], lower: &[f64], h: usize) -> Figure {
    let ret = |x: &[f64], k: usize| x[k] / x[k - h] - 1.0;
    at.figure(h + 1, at.measure(|k| if k < h { f64::NAN } else { ret(upper, k) - ret(lower, k) }))
}

/// Total return of `upper` over that of `lower`, on the sessions at which both traded.
pub(super) struct Relative<'a> {
    /// Those sessions.
    pub at: Observations,
    /// The same, for readings on which no vote rests.
    pub shown: Observations,
    /// The ratio, 1 on the first of them.
    pub ratio: Vec<f64>,
    upper: Cow<'a, [f64]>,
    lower: Cow<'a, [f64]>,
}

impl<'a> Relative<'a> {
    /// Sets `upper` against `lower`.
    pub(super) fn of(market: &'a Market, upper: &str, lower: &str) -> Result<Self, Missing> {
        let (over, under) = (&market.prices(upper)?.total_return, &market.prices(lower)?.total_return);
        let at = market.observe(&[(upper, over), (lower, under)]);
        let (upper, lower) = (at.gather(over), at.gather(under));
        let mut ratio: Vec<f64> = upper.iter().zip(&*lower).map(|(upper, lower)| upper / lower).collect();
        let first = ratio.first().copied().unwrap_or(1.0);
        for ratio in &mut ratio {
            *ratio /= first;
        }
        Ok(Self { shown: at.shown(market), at, ratio, upper, lower })
    }

    /// Logarithm of the ratio.
    pub(super) fn log(&self) -> Vec<f64> {
        self.ratio.iter().map(|ratio| ratio.ln()).collect()
    }

    /// The ratio over its mean of `n` sessions, less 1.
    pub(super) fn sma_gap(&self, n: usize) -> Figure {
        let gap = self.ratio.iter().zip(stats::mean(&self.ratio, n)).map(|(ratio, mean)| ratio / mean - 1.0);
        self.at.figure(n, gap.collect::<Vec<_>>())
    }

    /// Slope of the logarithm over `n` sessions, a year; no vote rests on it.
    pub(super) fn slope(&self, n: usize) -> Figure {
        let begin = (self.shown.from() + 1).saturating_sub(n);
        let logs: Vec<f64> = self.ratio[begin..].iter().map(|ratio| ratio.ln()).collect();
        let slope = stats::slope(&logs, n);
        self.shown.figure(n, self.shown.measure(|k| slope[k - begin] * SESSIONS_A_YEAR))
    }

    /// Return of `upper` over `h` sessions less that of `lower`.
    pub(super) fn returns(&self, h: usize) -> Figure {
        apart(&self.at, &self.upper, &self.lower, h)
    }

    /// The same where no vote rests on it.
    pub(super) fn returns_shown(&self, h: usize) -> Figure {
        apart(&self.shown, &self.upper, &self.lower, h)
    }

    /// The same since an observation of its own for each; `none` says why one has no start.
    pub(super) fn returns_since(&self, starts: &[Option<usize>], none: &str) -> Figure {
        let ret = |x: &[f64], start: usize, k: usize| x[k] / x[start] - 1.0;
        let less =
            |k: usize| starts[k].map_or(f64::NAN, |start| ret(&self.upper, start, k) - ret(&self.lower, start, k));
        self.shown.figure_since(starts, none, self.shown.measure(less))
    }
}
