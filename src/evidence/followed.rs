//! What followed the sessions of one class at one horizon, against all sessions.

use schemars::JsonSchema;
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::sizes::Size;
use crate::stats::newey_west;

/// Independent windows below which neither a t nor an interval is given.
pub const FEWEST_WINDOWS: f64 = 8.0;

/// What followed. Outcomes are log returns of IWM over SPY. `NaN` and `None` where there is no figure.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Followed {
    /// The horizon h.
    pub sessions: usize,
    /// Sessions of the class with an outcome.
    pub n: usize,
    /// What they are worth in independent windows: n/h.
    pub n_effective: f64,
    /// Mean outcome.
    pub mean: f64,
    /// Mean outcome of every session at which a class is known; those whose stage is `unknown` count as well.
    pub base_mean: f64,
    /// `mean − base_mean`.
    pub difference: f64,
    /// Share of outcomes above 0.
    pub hit_rate: f64,
    /// Share of their outcomes above 0.
    pub base_rate: f64,
    /// t of the class against the others, as if every session stood for itself: it does not.
    pub naive_t: f64,
    /// The same by Newey and West with lag h.
    pub newey_west_t: Option<f64>,
    /// Share of markets without an edge in which such a |t| exceeds 1.96, where 0.05 is meant.
    pub newey_west_size: Option<f64>,
    /// 95 % interval of the difference from it, by Student's distribution on ⌊N/h⌋ − 2 degrees of freedom.
    pub interval: Option<[f64; 2]>,
    /// Share of those markets in which such an interval leaves out 0.
    #[serde(skip)]
    pub interval_size: Option<f64>,
    /// 95 % interval of the difference by the stationary bootstrap; none where none was asked for.
    pub bootstrap_interval: Option<[f64; 2]>,
    /// The same on windows that share no session.
    pub apart: Apart,
    /// The difference in the first and the second half of the sessions.
    pub halves: [f64; 2],
}

/// Windows that share no session: the first session of the class, then its next one at least h later.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Apart {
    /// Windows.
    pub n: usize,
    /// Their mean outcome.
    pub mean: f64,
    /// Share of them above 0.
    pub hit_rate: f64,
}

/// Measures what followed where `inside` is 1, against the sessions where it is 0; `NaN` where it is not known.
/// `size` is what the tests do without an edge. `None` where no session of the class has an outcome.
pub fn follow(inside: &[f64], outcome: &[f64], h: usize, size: Option<&Size>) -> Option<Followed> {
    let all = || inside.iter().zip(outcome).filter(|(x, y)| !x.is_nan() && !y.is_nan()).map(|(x, y)| (*x == 1.0, *y));
    let sums = Sums::of(all());
    if sums.n == 0 {
        return None;
    }
    let half = sums.base_n / 2;
    let halves = [Sums::of(all().take(half)), Sums::of(all().skip(half))].map(|half| half.mean() - half.base_mean());
    let fit = newey_west(inside, outcome, h);
    let n_effective = sums.n as f64 / h as f64;
    let enough = fit.filter(|_| n_effective >= FEWEST_WINDOWS);
    let size = size.filter(|_| enough.is_some());
    let difference = sums.mean() - sums.base_mean();
    let others = 1.0 - sums.n as f64 / sums.base_n as f64;
    let interval = enough.and_then(|fit| {
        let reach = student((fit.n / h).checked_sub(2)?)? * others * fit.error;
        Some([difference - reach, difference + reach])
    });
    Some(Followed {
        sessions: h,
        n: sums.n,
        n_effective,
        mean: sums.mean(),
        base_mean: sums.base_mean(),
        difference,
        hit_rate: sums.hits as f64 / sums.n as f64,
        base_rate: sums.base_hits as f64 / sums.base_n as f64,
        naive_t: fit.map_or(f64::NAN, |fit| fit.naive_t),
        newey_west_t: enough.map(|fit| fit.t()),
        newey_west_size: size.map(|size| size.newey_west),
        interval,
        interval_size: size.map(|size| size.interval),
        bootstrap_interval: None,
        apart: apart(inside, outcome, h),
        halves,
    })
}

/// Sums over the sessions of a class and over all.
#[derive(Default)]
struct Sums {
    n: usize,
    sum: f64,
    hits: usize,
    base_n: usize,
    base_sum: f64,
    base_hits: usize,
}

impl Sums {
    fn of(sessions: impl Iterator<Item = (bool, f64)>) -> Self {
        let mut sums = Self::default();
        for (inside, outcome) in sessions {
            sums.base_n += 1;
            sums.base_sum += outcome;
            sums.base_hits += usize::from(outcome > 0.0);
            if inside {
                sums.n += 1;
                sums.sum += outcome;
                sums.hits += usize::from(outcome > 0.0);
            }
        }
        sums
    }

    fn mean(&self) -> f64 {
        self.sum / self.n as f64
    }

    fn base_mean(&self) -> f64 {
        self.base_sum / self.base_n as f64
    }
}

/// The 97.5 % quantile of Student's distribution; `None` without a degree of freedom.
fn student(freedom: usize) -> Option<f64> {
    StudentsT::new(0.0, 1.0, freedom as f64).ok().map(|student| student.inverse_cdf(0.975))
}

/// The windows that share no session.
fn apart(inside: &[f64], outcome: &[f64], h: usize) -> Apart {
    let (mut n, mut sum, mut hits, mut next) = (0, 0.0, 0, 0);
    for t in 0..outcome.len() {
        if t >= next && inside[t] == 1.0 && !outcome[t].is_nan() {
            n += 1;
            sum += outcome[t];
            hits += usize::from(outcome[t] > 0.0);
            next = t + h;
        }
    }
    Apart { n, mean: sum / n as f64, hit_rate: hits as f64 / n as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_are_those_of_student() {
        // scipy.stats.t.ppf(0.975, df) of scipy 1.17
        for (freedom, quantile) in [(1, 12.706_204_74), (2, 4.302_652_73), (10, 2.228_138_85), (304, 1.967_798_14)] {
            assert!((student(freedom).expect("a quantile") - quantile).abs() < 1e-7, "{freedom}");
        }
        assert_eq!(student(0), None);
    }

    #[test]
    fn figures_worked_out_by_hand() {
        let nan = f64::NAN;
        // in the class: 3 −1 2 of 3 −1 1 −2 2, and one without an outcome
        let inside = [1.0, 1.0, 0.0, 0.0, 1.0, nan, 1.0];
        let outcome = [3.0, -1.0, 1.0, -2.0, 2.0, 9.0, nan];
        let found = follow(&inside, &outcome, 2, None).expect("figures");
        assert_eq!((found.n, found.n_effective), (3, 1.5));
        assert!((found.mean - 4.0 / 3.0).abs() < 1e-15 && (found.base_mean - 0.6).abs() < 1e-15);
        assert!((found.hit_rate - 2.0 / 3.0).abs() < 1e-15 && (found.base_rate - 0.6).abs() < 1e-15);
        assert_eq!((found.newey_west_t, found.interval), (None, None));
        // sessions 0 and 4: the second is less than 2 after the first
        assert_eq!(found.apart, Apart { n: 2, mean: 2.5, hit_rate: 1.0 });
        // 3 −1 | 1 −2 2: 1 − 1 and 2 − 1/3
        assert!(found.halves[0].abs() < 1e-15 && (found.halves[1] - 5.0 / 3.0).abs() < 1e-15);
        assert_eq!(follow(&[0.0, nan], &[1.0, 1.0], 1, None), None);
    }

    #[test]
    fn the_interval_is_that_of_the_slope_less_the_share_of_the_class() {
        let inside: Vec<f64> = (0..600).map(|t| f64::from(u8::from(t / 40 % 3 == 0))).collect();
        let outcome: Vec<f64> = (0..600).map(|t| (f64::from(t) * 0.11).sin() + 0.2 * inside[t as usize]).collect();
        let found = follow(&inside, &outcome, 5, None).expect("figures");
        let fit = newey_west(&inside, &outcome, 5).expect("a fit");
        let share = inside.iter().sum::<f64>() / 600.0;
        let [low, high] = found.interval.expect("an interval");
        assert!((found.difference - (1.0 - share) * fit.slope).abs() < 1e-12);
        assert!((f64::midpoint(low, high) - found.difference).abs() < 1e-12);
        let reach = student(600 / 5 - 2).expect("a quantile") * (1.0 - share) * fit.error;
        assert!((high - found.difference - reach).abs() < 1e-12);
        assert_eq!(found.newey_west_t, Some(fit.slope / fit.error));
    }
}
