//! The configured small-cap groups, measured and counted.

use super::relative::less_spy;
use crate::series::{Figure, Market, Missing, State, Tally};
use crate::stats;

impl Tally {
    fn new(sessions: usize) -> Self {
        Self { yes: vec![0.0; sessions], of: vec![0.0; sessions] }
    }

    /// Counts one more by the values there are of it, which are the last ones.
    fn count(&mut self, group: &[f64], says_yes: impl Fn(f64) -> bool) {
        let one = |counts: bool| if counts { 1.0 } else { 0.0 };
        let from = self.yes.len() - group.len();
        for ((yes, of), &value) in self.yes[from..].iter_mut().zip(&mut self.of[from..]).zip(group) {
            *yes += one(says_yes(value));
            *of += one(!value.is_nan());
        }
    }
}

/// The configured groups that are in the store, on total return.
pub(super) struct Groups<'a> {
    market: &'a Market,
    /// Their symbols.
    held: Vec<&'a str>,
    /// Return of each over 63 sessions less SPY's; no vote rests on it.
    pub relative: Vec<Figure>,
}

impl<'a> Groups<'a> {
    /// Measures the groups that are in the store; an error if none is.
    pub(super) fn measure(market: &'a Market) -> Result<Self, Missing> {
        let symbols = market.settings.groups.iter().map(|group| group.symbol.as_str());
        let (held, lacking): (Vec<_>, Vec<_>) = symbols.partition(|symbol| market.prices(symbol).is_ok());
        if held.is_empty() {
            let first = lacking.first().copied().unwrap_or("groups");
            return Err(Missing::new(first, market.state(first).map_or(State::Absent, |state| state.state)));
        }
        let relative = held.iter().map(|symbol| less_spy(market, symbol, 63, false)).collect::<Result<_, _>>()?;
        Ok(Self { market, held, relative })
    }

    /// Return of the group `symbol` over 63 sessions less SPY's; `None` where it is not in the store.
    pub(super) fn less_spy(&self, symbol: &str) -> Option<Figure> {
        less_spy(self.market, symbol, 63, true).ok()
    }

    /// Those above the mean of their last 50 sessions.
    pub(super) fn above_50d(&self) -> &'a Tally {
        self.market.groups_above(|| self.above(50, 0))
    }

    /// Those above the mean of their last `n` sessions, at the sessions from `from` on.
    pub(super) fn above(&self, n: usize, from: usize) -> Tally {
        let mut above = Tally::new(self.market.sessions.len());
        for symbol in &self.held {
            let Ok(prices) = self.market.prices(symbol) else { continue };
            let at = self.market.observe(&[(symbol, &prices.total_return)]);
            let level = at.gather(&prices.total_return);
            let gap: Vec<f64> = level.iter().zip(stats::mean(&level, n)).map(|(level, mean)| level - mean).collect();
            above.count(&at.figure(n, gap).values[from..], |gap| gap > 0.0);
        }
        above
    }

    /// Those ahead of SPY over 63 sessions; no vote rests on it.
    pub(super) fn beating(&self) -> Tally {
        let mut beating = Tally::new(self.market.sessions.len());
        self.relative.iter().for_each(|relative| beating.count(&relative.values, |less_spy| less_spy > 0.0));
        beating
    }

    /// The share that says yes where at least `least` groups have a window of `n`.
    pub(super) fn share(&self, tally: &Tally, n: usize, least: usize) -> Figure {
        let share = |(&yes, &of): (&f64, &f64)| if of < least as f64 { f64::NAN } else { yes / of };
        Figure::new(tally.yes.iter().zip(&tally.of).map(share).collect(), || {
            self.too_few(tally.of[self.market.last()], n, least)
        })
    }

    /// Why `have` groups with a window of `n` are too few at the last session, where `least` are needed.
    pub(super) fn too_few(&self, have: f64, n: usize, least: usize) -> String {
        let (market, symbols) = (self.market, self.market.settings.groups.iter().map(|group| &group.symbol));
        let latest = symbols.filter_map(|symbol| market.state(symbol)?.last).max();
        let latest = latest.map_or_else(|| "none has a value".into(), |day| format!("the last value is of {day}"));
        let (all, now) = (market.settings.groups.len(), market.reference());
        format!("{have} of {all} groups have {n} sessions up to {now}, {least} needed; {latest}")
    }
}
