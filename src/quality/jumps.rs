//! Closes that jump as only a split or a wrong price makes them jump.
//!
//! The thresholds were set against four decades of daily bars of 44 funds and indices: their largest
//! move is a fall to 0.69 (an energy group, March 2020), their largest opening gaps are 0.72 and 1.28,
//! and the largest move that was taken back on the next day is 1.16 (May 2010).

use super::Finding;
use crate::bars::Bars;
use crate::day::Day;

/// A close this many times the one before, or this small a part of it, is no market's doing: a split
/// that is not adjusted for, or a wrong price.
pub const JUMP: f64 = 1.75;
/// So is a smaller one, down to a split of three for two, where the open jumped as far already.
const JUMP_AT_OPEN: f64 = 1.43;
/// A bar that leaves by this factor and returns at once is wrong.
const LEAVES: f64 = 1.4;
/// What returns comes back to within this factor of where it left.
const RETURNS: f64 = 1.25;
/// Sessions within which a block of wrong prices returns.
const BLOCK_SESSIONS: usize = 63;

/// A bar with prices.
struct Row {
    day: Day,
    open: f64,
    close: f64,
    split: f64,
}

/// The findings of jumps, each kind together. All of them withhold.
pub(super) fn jumps(bars: &Bars) -> Vec<Finding> {
    if !suspicious(bars) {
        return Vec::new();
    }
    let rows: Vec<Row> = (0..bars.len())
        .filter(|&i| bars.close[i] > 0.0)
        .map(|i| Row { day: bars.day[i], open: bars.open[i], close: bars.close[i], split: bars.split[i] })
        .collect();
    let (mut outliers, mut blocks, mut unadjusted, mut splits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut i = 1;
    while i < rows.len() {
        let after = &rows[i];
        let next = rows.get(i + 1).is_some_and(|next| spikes(rows[i - 1].close, after.close, next.close));
        if !next && !jumps_between(&rows[i - 1], after) {
            i += 1;
            continue;
        }
        let back = if next { Some(i + 1) } else { returns(&rows, i) };
        match back {
            Some(end) if end == i + 1 => outliers.push(after.day),
            Some(end) => blocks.extend([after.day, rows[end - 1].day]),
            None if after.split != 1.0 => unadjusted.push(after.day),
            None => splits.push((after.day, rows[i - 1].close, after.close)),
        }
        i = back.unwrap_or(i) + 1;
    }
    let said = splits.first().map_or_else(String::new, |(_, from, to)| {
        format!("possible split, or wrong prices: without an event the close goes from {from} to {to} on")
    });
    let days = splits.iter().map(|(day, ..)| *day).collect();
    vec![
        Finding::withholding("possible_split", said, days),
        Finding::withholding("split_not_applied", "prices before a split are not adjusted for it:", unadjusted),
        Finding::withholding("price_outlier", "a price that leaves and returns on", outliers),
        Finding::withholding("price_block", "prices that leave and return, first and last on", blocks),
    ]
}

/// Whether there is anything to be looked at: most series pass here, in one sweep.
fn suspicious(bars: &Bars) -> bool {
    let mut before = f64::NAN;
    bars.close.iter().any(|&close| {
        let jump = close >= before * LEAVES || close * LEAVES <= before;
        if close > 0.0 {
            before = close;
        }
        jump
    })
}

/// By what factor two prices differ, 1 or more; `NaN` where one is absent.
fn apart(a: f64, b: f64) -> f64 {
    if a > b { a / b } else { b / a }
}

fn spikes(before: f64, at: f64, after: f64) -> bool {
    let up = at > before;
    let legs = apart(before, at).min(apart(at, after));
    legs >= LEAVES && (up == (at > after)) && apart(before, after) < RETURNS
}

fn jumps_between(before: &Row, after: &Row) -> bool {
    let (gap, move_) = (apart(before.close, after.open), apart(before.close, after.close));
    let one_way = (after.open > before.close) == (after.close > before.close);
    move_ >= JUMP || (one_way && gap >= JUMP_AT_OPEN && move_ >= JUMP_AT_OPEN)
}

/// The row with which the prices that jumped at `start` are back where they were.
fn returns(rows: &[Row], start: usize) -> Option<usize> {
    let before = rows[start - 1].close;
    let last = rows.len().min(start + 1 + BLOCK_SESSIONS);
    (start + 1..last).find(|&j| apart(before, rows[j].close) < RETURNS && jumps_between(&rows[j - 1], &rows[j]))
}
