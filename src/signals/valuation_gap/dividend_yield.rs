//! The gap of trailing dividend yields.

use crate::series::{Figure, Market, Missing};
use crate::stats::{self, WHOLE};

/// Days of a year of dividends.
const YEAR_DAYS: i32 = 365;
/// Sessions of history without which the gap has no place in it.
const LEAST_SESSIONS: usize = 756;

/// IWM's yield less SPY's, and its percentile in its history.
pub(super) fn measure(market: &Market) -> Result<(Figure, Figure), Missing> {
    let gap = trailing(market, "IWM")?.with(&trailing(market, "SPY")?, |small, large| small - large);
    let at = gap.observe("dividend yields of IWM and SPY");
    let place = stats::percentile(&at.gather(&gap.values), WHOLE, LEAST_SESSIONS, 0);
    let place = at.figure_of_history(LEAST_SESSIONS, place);
    Ok((gap, place))
}

/// Dividends with ex-date in the [`YEAR_DAYS`] to each session over its close.
///
/// Missing until the bars reach back a year, where that year lacks bars (a dividend could hide there),
/// and where it has no dividend at all: these funds pay, so none was given.
fn trailing(market: &Market, symbol: &str) -> Result<Figure, Missing> {
    let prices = market.prices(symbol)?;
    let sessions = &market.sessions;
    let traded = market.observe(&[(symbol, &prices.close)]);
    let paid: Vec<usize> = (0..sessions.len()).filter(|&t| prices.dividend[t] > 0.0).collect();
    let (mut bars, mut old, mut due) = (0, 0, 0);
    let year = |&t: &usize| {
        let year_ago = sessions[t].plus(-YEAR_DAYS);
        let is_past = |at: usize| sessions[at] <= year_ago;
        bars = passed(traded.sessions(), bars, is_past);
        old = passed(&paid, old, is_past);
        due = passed(&paid, due, |at| at <= t);
        // the last bar a year or longer ago: the window then shows whether bars are missing since
        let start = bars.checked_sub(1);
        let sum: f64 = paid[old..due].iter().map(|&at| prices.dividend[at]).sum();
        (start.filter(|_| sum > 0.0), sum / prices.close[t])
    };
    let (starts, yields): (Vec<_>, Vec<_>) = traded.sessions().iter().map(year).unzip();
    Ok(traded.figure_since(&starts, "a year of bars with dividends is needed", yields))
}

/// How many sessions at the start of `all` are passed, given that the first `already` are.
fn passed(all: &[usize], already: usize, is_past: impl Fn(usize) -> bool) -> usize {
    already + all[already..].iter().take_while(|&&at| is_past(at)).count()
}
