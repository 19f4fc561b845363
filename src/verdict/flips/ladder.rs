//! One signal's vote of the session to come over every close that one input could have.

use super::super::Tracked;
use super::range::Range;
use super::{Change, Flip};
use crate::series::{Depth, Market};
use crate::signals::{Past, Signal, Vote};

/// The votes of a signal by the close of an input.
pub(super) struct Ladder {
    /// The signal's place among all.
    pub signal: usize,
    id: &'static str,
    /// The input that moves; `None` where the signal reads none that does.
    pub input: Option<&'static str>,
    /// The vote where every close stands.
    pub unmoved: Vote,
    /// From the lowest close on: the level in cents from which a vote holds, and that vote.
    runs: Vec<(i64, Vote)>,
}

impl Ladder {
    /// Finds the votes of a signal whose track so far is there.
    pub(super) fn climb(market: &Market, at: usize, (signal, track): &Tracked, range: Option<&Range>) -> Self {
        let votes = track.as_ref().map_or(&[][..], |track| &track.votes);
        let (mut next, unmoved) = next(market, signal, votes);
        let mut ladder =
            Self { signal: at, id: signal.id, input: range.map(|range| range.input), unmoved, runs: Vec::new() };
        if let Some(range) = range {
            let one_way = (signal.next.one_way)(&next);
            let vote = |cents: i64| {
                if cents == range.centre {
                    return unmoved;
                }
                next.close_at(range.input, range.price(cents));
                last_vote(signal, &next)
            };
            ladder.runs = if one_way { runs(&range.ends(), vote) } else { runs(&range.scan, vote) };
        }
        ladder
    }

    /// The vote at this level; where no price moves it, the one vote there is.
    pub(super) fn at(&self, cents: i64) -> Vote {
        let run = self.runs.partition_point(|&(from, _)| from <= cents);
        run.checked_sub(1).map_or(self.unmoved, |run| self.runs[run].1)
    }

    /// The levels, ascending, at which the vote is another than one cent below.
    pub(super) fn steps(&self) -> impl Iterator<Item = i64> {
        self.runs.iter().skip(1).map(|&(from, _)| from)
    }

    /// The nearest change of the vote on either side of the last close.
    pub(super) fn flips(&self, range: &Range) -> Vec<Flip> {
        let steps: Vec<i64> = self.steps().collect();
        let flip = |(cents, from, to)| range.flip(cents, Change::Vote { signal: self.id, from, to });
        range.nearest(&steps, |cents| self.at(cents)).map(flip).collect()
    }
}

/// The market of the session to come, as short as the signal allows, and the signal's vote in it.
fn next(market: &Market, signal: &Signal, votes: &[Vote]) -> (Market, Vote) {
    let inputs = (signal.inputs)(&market.settings);
    let Past { from, agrees } = (signal.next.past)(market, votes);
    let mut short = market.next(from, &inputs);
    let again = (signal.track)(&short).map(|track| track.votes).unwrap_or_default();
    match again.split_last() {
        Some((&vote, past)) if agrees >= from && past.get(agrees - from..) == votes.get(agrees..) => {
            short.depth = Depth::Vote;
            (short, vote)
        }
        // what is short of a gap's length or a window's: then everything that was
        _ => {
            let mut whole = market.next(0, &inputs);
            whole.depth = Depth::Vote;
            let vote = last_vote(signal, &whole);
            (whole, vote)
        }
    }
}

/// The vote of the market's last session.
fn last_vote(signal: &Signal, market: &Market) -> Vote {
    (signal.track)(market).ok().and_then(|track| track.votes.last().copied().flatten())
}

/// The runs of equal votes over levels, given some of them, ascending: between two that differ every change is searched for
/// to one cent.
fn runs(levels: &[i64], mut vote: impl FnMut(i64) -> Vote) -> Vec<(i64, Vote)> {
    let votes: Vec<(i64, Vote)> = levels.iter().map(|&level| (level, vote(level))).collect();
    let mut found: Vec<(i64, Vote)> = votes.first().copied().into_iter().collect();
    for pair in votes.windows(2) {
        halve(pair[0], pair[1], &mut vote, &mut found);
    }
    found
}

/// Adds the first level of each run that begins after `low` up to `high`.
fn halve(low: (i64, Vote), high: (i64, Vote), vote: &mut impl FnMut(i64) -> Vote, found: &mut Vec<(i64, Vote)>) {
    if low.1 == high.1 {
        return;
    }
    if high.0 - low.0 <= 1 {
        found.push(high);
        return;
    }
    let middle = i64::midpoint(low.0, high.0);
    let middle = (middle, vote(middle));
    halve(low, middle, vote, found);
    halve(middle, high, vote, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;
    use crate::signals::SIGNALS;

    /// Closes that stray by up to 1.5 % a session around a slow wave.
    fn walk(seed: u64, size: f64) -> impl Fn(usize) -> f64 {
        let mut state = seed;
        let mut level = 0.0;
        let path: Vec<f64> = (0..1_700)
            .map(|t| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                level = 0.98 * level + 0.03 * ((state >> 33) as f64 / (1_u64 << 31) as f64 - 0.5);
                100.0 * (level + size * (f64::from(t) / 90.0).sin()).exp()
            })
            .collect();
        move |t| (path[t] * 100.0).round() / 100.0
    }

    #[test]
    fn a_vote_said_to_turn_one_way_does_so_at_every_level_of_the_scan() {
        let pays = |t: usize| if t % 63 == 10 { 0.4 } else { 0.0 };
        let fixture = Fixture::new(1_700)
            .bars_paying("IWM", walk(1, 0.1), pays)
            .bars_paying("SPY", walk(2, 0.05), pays)
            .bars("KRE", walk(3, 0.1));
        let mut changes = 0;
        // on every weekday
        for t in (1_150..1_690).step_by(49) {
            let market = fixture.market_at(t);
            for input in ["IWM", "KRE"] {
                let range = Range::of(&market, input).expect("a range");
                for signal in
                    SIGNALS.iter().filter(|signal| (signal.inputs)(&market.settings).iter().any(|id| id == input))
                {
                    let Ok(track) = (signal.track)(&market) else { continue };
                    let (mut next, _) = next(&market, signal, &track.votes);
                    if !(signal.next.one_way)(&next) {
                        continue;
                    }
                    let mut vote = |cents: i64| {
                        next.close_at(input, range.price(cents));
                        last_vote(signal, &next)
                    };
                    let [ends, scan] = [&range.ends()[..], &range.scan].map(|levels| runs(levels, &mut vote));
                    assert_eq!(ends, scan, "{} at {t}", signal.id);
                    changes += scan.len() - 1;
                }
            }
        }
        assert!(changes >= 8, "{changes}");
    }

    #[test]
    fn runs_begin_at_the_cent_where_the_vote_changes() {
        let mut asked = 0;
        let vote = |cents: i64| {
            asked += 1;
            Some(i8::from(cents >= 1_234) - i8::from(cents < 1_100))
        };
        assert_eq!(runs(&[1_000, 1_200, 1_400], vote), [(1_000, Some(-1)), (1_100, Some(0)), (1_234, Some(1))]);
        assert!(asked < 22, "{asked}");
        assert_eq!(runs(&[1_000, 1_200, 1_400], |_| None), [(1_000, None)]);
    }
}
