//! Bars that cannot be what they are given for.

use super::draft::Draft;
use crate::bars::{Bars, Dividends, told};
use crate::day::Day;
use crate::quality::{Nature, is_jump, like_a_split};

/// Prices below this move by large factors of their own: small caps near their end, bill yields.
const LEAST_JUDGED: f64 = 1.0;

/// Days without a bar after which a symbol may have passed to another fund.
const REUSED_AFTER_DAYS: i32 = 366;

/// The jump of a close, or the gap, that bars new to the store show. `held` are the days that were
/// accepted before. A stock does jump, with the trading that news brings.
pub(super) fn jump(bars: &Bars, held: &[Day], nature: Nature) -> Option<String> {
    let is_held = |t: usize| held.binary_search(&bars.day[t]).is_ok();
    let priced: Vec<usize> = (0..bars.len()).filter(|&t| bars.close[t].is_finite()).collect();
    priced.windows(2).filter(|pair| !(is_held(pair[0]) && is_held(pair[1]))).find_map(|pair| {
        let (before, after) = (bars.close[pair[0]], bars.close[pair[1]]);
        let (last, next) = (bars.day[pair[0]], bars.day[pair[1]]);
        let jumps = before.min(after) >= LEAST_JUDGED && is_jump(before, after);
        let rows = || (0..=pair[0]).map(|t| bars.row(t)).collect::<Vec<_>>();
        if jumps && (nature == Nature::Market || like_a_split(&rows(), &bars.row(pair[1]))) {
            let (before, after) = (told(before), told(after));
            return Some(format!(
                "the close goes from {before} to {after} on {next}: possible split, or a wrong price"
            ));
        }
        let is_gap = next.since(last) > REUSED_AFTER_DAYS;
        is_gap.then(|| format!("no bar from {last} to {next}: is the symbol still the same fund's?"))
    })
}

/// Sessions before an ex-date whose closes tell whether they are adjusted, and the least that can.
const BEFORE: usize = 60;
const LEAST_BEFORE: usize = 10;
/// Sessions from an ex-date on that tell how closes are quoted.
const AFTER: usize = 5;
/// Shares of closes in whole cents: as quoted, and otherwise.
const QUOTED: f64 = 0.8;
const UNQUOTED: f64 = 0.3;

/// The ex-date that shows closes to be adjusted for dividends: before it they are not in whole cents,
/// but after it they are, or before it without its dividend. `None` when they are not, or when it cannot be told.
pub(super) fn adjusted_before(draft: &Draft) -> Option<Day> {
    if draft.known.contains(&Dividends::Implied) {
        return None;
    }
    let bars = &draft.bars;
    let last = bars.dividend.iter().rposition(|&dividend| dividend > 0.0)?;
    let start = last.checked_sub(BEFORE)?;
    let is_split = bars.split[start..].iter().any(|&split| split != 1.0);
    if is_split || whole_cents(&bars.close[start..last]) > UNQUOTED {
        return None;
    }
    let after = &bars.close[last..];
    let is_quoted_after = after.len() >= AFTER && whole_cents(after) >= QUOTED;
    (is_quoted_after || is_quoted_without(bars, last, start)).then_some(bars.day[last])
}

/// Whether closes from `start` to the ex-date at `last`, and after the one before it, are in whole cents once
/// its dividend is taken back: an adjusted close before an ex-date is the quoted one less the dividend, and
/// those further back are less by the same factor.
fn is_quoted_without(bars: &Bars, last: usize, start: usize) -> bool {
    let paid = bars.dividend[start..last].iter().rposition(|&dividend| dividend > 0.0);
    let adjusted = &bars.close[start + paid.unwrap_or_default()..last];
    let Some(&before) = adjusted.last() else { return false };
    let quoted = ((before + bars.dividend[last]) * 100.0).round() / 100.0;
    let unadjusted: Vec<f64> = adjusted.iter().map(|close| close * quoted / before).collect();
    adjusted.len() >= LEAST_BEFORE && whole_cents(&unadjusted) >= QUOTED
}

/// The share of prices in whole cents, as far as single precision can tell.
fn whole_cents(prices: &[f64]) -> f64 {
    let is_whole = |price: &&f64| {
        let cents = **price * 100.0;
        (cents - cents.round()).abs() < 0.02 + 1e-7 * cents
    };
    prices.iter().filter(is_whole).count() as f64 / prices.len() as f64
}
