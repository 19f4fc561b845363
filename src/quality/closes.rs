//! What speaks against a series of which the closes alone are known.

use super::{Finding, is_jump, reused};
use crate::bars::Closes;
use crate::calendar::Calendar;

/// What speaks against these closes. A stock does double or halve in a day: that is said, and withholds
/// nothing.
pub fn examine_closes(closes: &Closes, calendar: &Calendar) -> Vec<Finding> {
    let jump = |pair: &[f64]| is_jump(pair[0], pair[1]);
    let mut findings = vec![reused(&closes.day, calendar)];
    // most have none: a look without a branch
    if closes.close.windows(2).map(|pair| u32::from(jump(pair))).sum::<u32>() > 0 {
        let days = closes.close.windows(2).zip(&closes.day[1..]).filter(|(pair, _)| jump(pair));
        let days = days.map(|(_, &day)| day).collect();
        findings.push(Finding::note("possible_split", "a split, if it is not the market's doing, on", days));
    }
    findings.retain(|finding| !finding.days.is_empty());
    findings
}
