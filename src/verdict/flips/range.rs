//! The closes one input could have next: whole cents, up to four standard deviations to either side.

use super::{Change, Flip};
use crate::series::Market;
use crate::stats;

/// Daily log returns in the standard deviation.
const RETURNS: usize = 63;
/// Steps of the scan to either side.
const STEPS: i32 = 40;
/// One of them, in standard deviations.
const STEP: f64 = 0.1;

/// Where the next close of one input could lie.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Range {
    pub input: &'static str,
    /// The last close.
    close: f64,
    /// Standard deviation of the last daily log returns.
    sigma: f64,
    /// The last close in cents.
    pub centre: i64,
    /// The levels of the scan in cents, ascending and distinct; the centre is one of them.
    pub scan: Vec<i64>,
}

impl Range {
    /// The range of `input`; an error says why there is none.
    pub(super) fn of(market: &Market, input: &'static str) -> Result<Self, String> {
        let column = &market.prices(input).map_err(|missing| missing.to_string())?.close;
        let at = market.observe(&[(input, column)]);
        let close = at.gather(column);
        let last = close.windows(2).skip(close.len().saturating_sub(RETURNS + 1));
        let returns: Vec<f64> = last.map(|pair| (pair[1] / pair[0]).ln()).collect();
        let mut deviation = vec![f64::NAN; close.len()];
        if let (Some(now), Some(sigma)) = (deviation.last_mut(), stats::deviation(&returns, RETURNS).last()) {
            *now = *sigma;
        }
        let sigma = at.figure(RETURNS + 1, deviation);
        if let Some(reason) = sigma.reason {
            return Err(reason);
        }
        Ok(Self::around(input, column[market.last()], sigma.values[market.last()]))
    }

    /// The range around `close`.
    fn around(input: &'static str, close: f64, sigma: f64) -> Self {
        let cents = |steps: i32| ((100.0 * close * (STEP * f64::from(steps) * sigma).exp()).round() as i64).max(1);
        let mut scan: Vec<i64> = (-STEPS..=STEPS).map(cents).collect();
        scan.dedup();
        Self { input, close, sigma, centre: cents(0), scan }
    }

    /// The ends of the range and its centre.
    pub(super) fn ends(&self) -> [i64; 3] {
        [self.scan[0], self.centre, self.scan[self.scan.len() - 1]]
    }

    /// The price: of the centre the last close itself, which need not be in whole cents.
    pub(super) fn price(&self, cents: i64) -> f64 {
        if cents == self.centre { self.close } else { cents as f64 / 100.0 }
    }

    /// A change at this level.
    pub(super) fn flip(&self, cents: i64, change: Change) -> Flip {
        let level = self.price(cents);
        let sigmas = (level / self.close).ln() / self.sigma;
        Flip { input: self.input, level, distance: level / self.close - 1.0, sigmas, change }
    }

    /// The nearest change below the centre and the nearest above: the first level on its far side, what stood before it
    /// and what stands there. `steps` are the levels, ascending, at which something is another than one cent below.
    pub(super) fn nearest<T: Copy + PartialEq>(
        &self,
        steps: &[i64],
        at: impl Fn(i64) -> T,
    ) -> impl Iterator<Item = (i64, T, T)> {
        let (below, above) = steps.split_at(steps.partition_point(|&step| step <= self.centre));
        let first = |levels: &mut dyn Iterator<Item = i64>| {
            let from = at(self.centre);
            levels.map(|level| (level, from, at(level))).find(|(_, from, to)| from != to)
        };
        let below = first(&mut below.iter().rev().map(|step| step - 1));
        let above = first(&mut above.iter().copied());
        below.into_iter().chain(above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    #[test]
    fn a_range_is_four_deviations_wide_in_tenths() {
        let range = Range::around("IWM", 100.0, 0.01);
        assert_eq!((range.scan.len(), range.ends()), (81, [9_608, 10_000, 10_408]));
        assert_eq!(range.scan[39..42], [9_990, 10_000, 10_010]);
        let flip = range.flip(10_201, Change::Vote { signal: "x", from: Some(0), to: Some(1) });
        assert!((flip.distance - 0.0201).abs() < 1e-12 && (flip.sigmas - 1.990_066).abs() < 1e-6);
        // a close that is not in whole cents keeps its price, and a tenth smaller than a cent is no step
        let split = Range::around("IWM", 1.2349, 0.01);
        assert_eq!((split.price(split.centre), split.price(125)), (1.2349, 1.25));
        assert_eq!((split.scan.len(), split.ends()), (11, [119, 123, 129]));
    }

    #[test]
    fn the_deviation_is_that_of_63_returns_up_to_now() {
        // log returns of +1 % and −1 % by turns: 32 and 31 of them, mean 0.01/63
        let close = |t: usize| 100.0 * f64::exp(if t.is_multiple_of(2) { 0.0 } else { 0.01 });
        let fixture = Fixture::new(80).bars("IWM", close).bars("SPY", |_| 400.0);
        let range = Range::of(&fixture.market_at(63), "IWM").expect("a range");
        let deviation = ((63.0 * 1e-4 - 1e-4 / 63.0) / 62.0_f64).sqrt();
        assert!((range.sigma - deviation).abs() < 1e-12 && range.close == close(63));
        let short = Range::of(&fixture.market_at(62), "IWM").expect_err("too short");
        assert_eq!(short, "IWM: 64 sessions are needed, 63 are there");
        assert_eq!(Range::of(&fixture.market(), "KRE").expect_err("missing"), "KRE is not in the store");
    }

    #[test]
    fn the_nearest_change_is_on_the_far_side_of_its_level() {
        let range = Range::around("IWM", 100.0, 0.01);
        let steps = [9_900, 9_950, 10_050];
        let at = |cents: i64| steps.iter().filter(|&&step| cents >= step).count();
        let found: Vec<_> = range.nearest(&steps, at).collect();
        assert_eq!(found, [(9_949, 2, 1), (10_050, 2, 3)]);
        // what comes and goes between is passed over
        assert_eq!(range.nearest(&[9_900, 9_950], |cents| cents < 9_900).collect::<Vec<_>>(), [(9_899, false, true)]);
    }
}
