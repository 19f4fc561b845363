//! The configured small-cap groups, measured and counted.

use super::relative::Relative;
use crate::series::{Figure, Market, Missing, State};
use crate::stats;

/// How many groups say yes, of how many that can tell, at each session.
pub(super) struct Tally {
    pub yes: Vec<f64>,
    pub of: Vec<f64>,
}

impl Tally {
    fn new(sessions: usize) -> Self {
        Self { yes: vec![0.0; sessions], of: vec![0.0; sessions] }
    }

    fn count(&mut self, group: &Figure, says_yes: impl Fn(f64) -> bool) {
        for (t, &value) in group.values.iter().enumerate() {
            self.yes[t] += f64::from(says_yes(value));
            self.of[t] += f64::from(!value.is_nan());
        }
    }
}

/// The configured groups, on total return.
pub(super) struct Groups<'a> {
    market: &'a Market,
    /// Above the mean of the last 50 sessions.
    pub above_50d: Tally,
    /// Above the mean of the last 200.
    pub above_200d: Tally,
    /// Ahead of SPY over 63.
    pub beating: Tally,
    /// Return over 63 sessions less SPY's, by symbol, of the groups in the store.
    pub relative: Vec<(&'a str, Figure)>,
}

impl<'a> Groups<'a> {
    /// Counts the groups that are in the store; an error if none is.
    pub(super) fn measure(market: &'a Market) -> Result<Self, Missing> {
        let tally = || Tally::new(market.sessions.len());
        let mut groups =
            Self { market, above_50d: tally(), above_200d: tally(), beating: tally(), relative: Vec::new() };
        let symbols = market.settings.groups.iter().map(|group| group.symbol.as_str());
        let (held, lacking): (Vec<_>, Vec<_>) = symbols.partition(|symbol| market.prices(symbol).is_ok());
        if held.is_empty() {
            let first = lacking.first().copied().unwrap_or("groups");
            return Err(Missing::new(first, market.state(first).map_or(State::Absent, |state| state.state)));
        }
        for symbol in held {
            groups.add(symbol)?;
        }
        Ok(groups)
    }

    fn add(&mut self, symbol: &'a str) -> Result<(), Missing> {
        let total_return = &self.market.prices(symbol)?.total_return;
        let at = self.market.observe(&[(symbol, total_return)]);
        let level = at.gather(total_return);
        let gap = |n| level.iter().zip(stats::mean(&level, n)).map(|(level, mean)| level - mean).collect::<Vec<_>>();
        self.above_50d.count(&at.figure(50, &gap(50)), |gap| gap > 0.0);
        self.above_200d.count(&at.figure(200, &gap(200)), |gap| gap > 0.0);
        let relative = Relative::of(self.market, symbol, "SPY")?.returns(63);
        self.beating.count(&relative, |less_spy| less_spy > 0.0);
        self.relative.push((symbol, relative));
        Ok(())
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
