//! Rows whose figures contradict themselves or each other.

use super::Finding;
use crate::bars::Bars;

/// What is wrong with single rows.
pub(super) fn rows(bars: &Bars) -> Vec<Finding> {
    let (mut low, mut torn, mut absent, mut splits, mut paid) = (vec![], vec![], vec![], vec![], vec![]);
    let mut before = f64::INFINITY;
    for (i, &day) in bars.day.iter().enumerate() {
        let prices = [bars.open[i], bars.high[i], bars.low[i], bars.close[i]];
        if !prices.iter().all(|price| *price > 0.0 && *price < f64::INFINITY) {
            let list = if prices.iter().any(|price| price.is_nan()) { &mut absent } else { &mut low };
            list.push(day);
        } else if !in_range(prices) {
            torn.push(day);
        }
        if !(bars.split[i] > 0.0 && bars.split[i] < f64::INFINITY) {
            splits.push(day);
        }
        if bars.dividend[i] < 0.0 || bars.dividend[i] >= before {
            paid.push(day);
        }
        if bars.close[i] > 0.0 {
            before = bars.close[i];
        }
    }
    vec![
        Finding::withholding("price_not_positive", "a price that is not above zero on", low),
        Finding::withholding("row_out_of_range", OUT_OF_RANGE, torn),
        Finding::note("row_without_price", "no price on", absent),
        Finding::withholding("split_impossible", "a split that is no ratio on", splits),
        Finding::withholding("dividend_impossible", "a dividend below zero, or not below the price, on", paid),
    ]
}

/// What is said of prices that are not [`in_range`].
pub const OUT_OF_RANGE: &str = "prices that contradict each other (by over 0.005 and 1e-5 of the close) on";

/// Whether open and close lie between low and high, within the larger of half a cent and 1e-5 of the
/// close: sources and files round column by column. Absent prices contradict nothing.
pub fn in_range([open, high, low, close]: [f64; 4]) -> bool {
    let slack = (1e-5 * close).max(0.005);
    !(low > high || open.max(close) > high + slack || open.min(close) < low - slack)
}
