//! Closes that jump as only a split or a wrong price makes them jump.
//!
//! The thresholds were set against four decades of daily bars of 44 funds and indices: their largest
//! move is a fall to 0.69 (an energy group, March 2020), their largest opening gaps are 0.72 and 1.28,
//! and the largest move that was taken back on the next day is 1.16 (May 2010).

use super::{Finding, Nature, POSSIBLE_SPLIT};
use crate::bars::{Bar, Bars};

/// A close this many times the one before, or this small a part of it, is no market's doing: a split
/// that is not adjusted for, or a wrong price.
const JUMP: f64 = 1.75;
/// So is a smaller one, down to a split of three for two, where the open jumped as far already.
const JUMP_AT_OPEN: f64 = 1.43;
/// A bar that leaves by this factor and returns at once is wrong.
const LEAVES: f64 = 1.4;
/// What returns comes back to within this factor of where it left.
const RETURNS: f64 = 1.25;
/// Sessions within which a block of wrong prices returns.
const BLOCK_SESSIONS: usize = 63;

/// How far a day's own return may shift the ratio of a split.
const SPLIT_OFF: f64 = 0.07;
/// How far the open may lie from the close on the day of a split that nobody marked.
const SPLIT_SWING: f64 = 1.15;
/// Times its usual volume that a stock trades when news doubles or halves it. Of 22 such days in the daily
/// bars of sixty small caps two had less, both in March 2020, and neither began at the open.
const NEWS_VOLUME: f64 = 4.0;
/// Sessions whose median volume is the usual one, and how few of them will do.
const USUAL_SESSIONS: usize = 20;
const USUAL_LEAST: usize = 10;

/// Whether a close jumps from the one before as no market does.
pub fn is_jump(before: f64, after: f64) -> bool {
    after >= before * JUMP || after * JUMP <= before
}

/// Whether a stock that jumped from the last of `before` to `after` did so as by a split that nobody
/// marked: near a whole ratio, from the open on, and without the trading that news brings. Where the volume of
/// the day is not known nothing speaks for news; one that hardly trades moves by whole ratios of its ticks.
pub fn like_a_split(before: &[Bar], after: &Bar) -> bool {
    let Some(last) = before.last() else { return false };
    let ratio = apart(last.close, after.close);
    let whole = (ratio / ratio.round() - 1.0).abs() <= SPLIT_OFF && ratio.round() >= 2.0;
    let recent = &before[before.len().saturating_sub(USUAL_SESSIONS)..];
    let mut volumes: Vec<f64> = recent.iter().map(|bar| bar.volume).filter(|volume| *volume > 0.0).collect();
    volumes.sort_by(f64::total_cmp);
    let quiet = match volumes.get(volumes.len() / 2) {
        _ if after.volume.is_nan() => true,
        // shares are fewer where each is worth more
        Some(usual) if volumes.len() >= USUAL_LEAST => after.volume < NEWS_VOLUME * usual * last.close / after.close,
        _ => false,
    };
    whole && quiet && apart(after.open, after.close) <= SPLIT_SWING
}

/// The findings of jumps, each kind together. Those of a market withhold; of a stock, a jump like a
/// split's does.
pub(super) fn jumps(bars: &Bars, nature: Nature) -> Vec<Finding> {
    if !suspicious(bars) {
        return Vec::new();
    }
    let rows: Vec<Bar> = (0..bars.len()).filter(|&i| bars.close[i] > 0.0).map(|i| bars.row(i)).collect();
    let (mut outliers, mut blocks, mut unadjusted, mut splits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut moves = Vec::new();
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
            None if nature == Nature::Other && !like_a_split(&rows[..i], after) => moves.push(after.day),
            None => splits.push((after.day, rows[i - 1].close, after.close)),
        }
        i = back.unwrap_or(i) + 1;
    }
    let said = splits.first().map_or_else(String::new, |(_, from, to)| {
        format!("possible split, or wrong prices: without an event the close goes from {from} to {to} on")
    });
    let days = splits.iter().map(|(day, ..)| *day).collect();
    vec![
        Finding::withholding(POSSIBLE_SPLIT, said, days),
        Finding::withholding("split_not_applied", "prices before a split are not adjusted for it:", unadjusted),
        Finding::withholding("price_outlier", "a price that leaves and returns on", outliers),
        Finding::withholding("price_block", "prices that leave and return, first and last on", blocks),
        Finding::note("large_move", "a move as a split makes, but traded as news is, on", moves),
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

fn jumps_between(before: &Bar, after: &Bar) -> bool {
    let (gap, move_) = (apart(before.close, after.open), apart(before.close, after.close));
    let one_way = (after.open > before.close) == (after.close > before.close);
    is_jump(before.close, after.close) || (one_way && gap >= JUMP_AT_OPEN && move_ >= JUMP_AT_OPEN)
}

/// The row with which the prices that jumped at `start` are back where they were.
fn returns(rows: &[Bar], start: usize) -> Option<usize> {
    let before = rows[start - 1].close;
    let last = rows.len().min(start + 1 + BLOCK_SESSIONS);
    (start + 1..last).find(|&j| apart(before, rows[j].close) < RETURNS && jumps_between(&rows[j - 1], &rows[j]))
}
