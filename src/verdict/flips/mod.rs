//! What would change the votes and the stage at the next close: one price moves, all else stands still.
//!
//! Every vote comes from the signal's own track, over a market one session longer. Two things make that cheap: a
//! signal says what part of the past its next vote rests on, and whether that vote turns one way alone as a price
//! rises, so that few prices need trying. A part that does not repeat the votes so far is not trusted.

mod ladder;
mod range;

use rayon::prelude::*;

use super::pillars::{Ballot, count};
use super::stages::Figures;
use super::{FADING_SESSIONS, Stage, Tracked, Verdict, is_set_up, priced};
use crate::day::Day;
use crate::series::Market;
use crate::signals::Vote;
use ladder::Ladder;
use range::Range;

/// The inputs whose next close is moved.
const MOVED: [&str; 2] = ["IWM", "KRE"];

/// What the next close could change, each price moved alone by up to four standard deviations.
#[derive(Clone, Debug, PartialEq)]
pub struct Flips {
    /// The session of that close.
    pub session: Day,
    /// The inputs that were moved.
    pub moved: Vec<&'static str>,
    /// The nearest change on either side of every vote and of the candidate stage: by input, the candidate first.
    pub flips: Vec<Flip>,
    /// What changes though every close stands where it stood.
    pub unmoved: Vec<Change>,
    /// Why an input was not moved.
    pub missing: Vec<String>,
}

/// The next close at which something changes: on the far side of `level`, that level included, it is another.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// Whose close.
    pub input: &'static str,
    /// The close, in whole cents.
    pub level: f64,
    /// The same against the last close, a fraction.
    pub distance: f64,
    /// Log distance in standard deviations of the last 63 daily log returns.
    pub sigmas: f64,
    /// What changes.
    pub change: Change,
}

/// What changes, and from what to what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// A signal's vote.
    Vote {
        /// The signal.
        signal: &'static str,
        /// Its vote on the near side.
        from: Vote,
        /// Its vote on the far side.
        to: Vote,
    },
    /// The candidate stage.
    Candidate {
        /// The candidate on the near side.
        from: Stage,
        /// The candidate on the far side.
        to: Stage,
    },
}

/// Finds what the next close could change.
pub fn flips(market: &Market, tracks: &[Tracked], verdict: &Verdict) -> Flips {
    let (ranges, missing): (Vec<_>, Vec<_>) =
        MOVED.into_iter().map(|input| Range::of(market, input)).partition(Result::is_ok);
    let ranges: Vec<Range> = ranges.into_iter().flatten().collect();
    let ladders: Vec<Ladder> = jobs(market, tracks, &ranges)
        .into_par_iter()
        .with_max_len(1)
        .map(|(at, range)| Ladder::climb(market, at, &tracks[at], range))
        .collect();
    let poll = Poll::new(market, tracks, verdict, &ladders);
    let flips = ranges.iter().flat_map(|range| {
        let candidate = poll.flips(range, &ladders);
        let votes = ladders.iter().filter(|ladder| ladder.input == Some(range.input));
        candidate.into_iter().chain(votes.flat_map(|ladder| ladder.flips(range)))
    });
    Flips {
        session: market.next_session(),
        moved: ranges.iter().map(|range| range.input).collect(),
        flips: flips.collect(),
        unmoved: poll.unmoved(tracks, verdict),
        missing: missing.into_iter().filter_map(Result::err).collect(),
    }
}

/// Every signal that votes with every range it reads the prices of, or without any.
fn jobs<'a>(market: &Market, tracks: &[Tracked], ranges: &'a [Range]) -> Vec<(usize, Option<&'a Range>)> {
    let job = |(at, (signal, track)): (usize, &Tracked)| {
        let inputs = (signal.inputs)(&market.settings);
        let read: Vec<_> = ranges.iter().filter(|range| inputs.iter().any(|id| id == range.input)).map(Some).collect();
        let jobs = if read.is_empty() { vec![None] } else { read };
        jobs.into_iter().filter(|_| track.is_ok()).map(move |range| (at, range)).collect::<Vec<_>>()
    };
    tracks.iter().enumerate().flat_map(job).collect()
}

/// The votes of the session to come, and the candidate stage they call for.
struct Poll<'a> {
    market: &'a Market,
    /// Every signal that counts, by its place among all, without its votes.
    signals: Vec<(usize, Ballot<'a>)>,
    /// The vote of every signal where every close stands.
    unmoved: Vec<Vote>,
    priced: bool,
    rotated_recently: bool,
}

impl<'a> Poll<'a> {
    fn new(market: &'a Market, tracks: &[Tracked], verdict: &Verdict, ladders: &[Ladder]) -> Self {
        let counted = tracks.iter().enumerate().filter(|(_, (signal, _))| signal.pillar.counts());
        let ballot = |(at, (signal, _)): (usize, &Tracked)| {
            (at, Ballot { pillar: signal.pillar, set_up: is_set_up(market, signal), votes: None })
        };
        let mut unmoved = vec![None; tracks.len()];
        for ladder in ladders {
            unmoved[ladder.signal] = ladder.unmoved;
        }
        let rotated = verdict.staged.iter().rposition(|staged| matches!(staged.stage, Stage::Early | Stage::Confirmed));
        Self {
            market,
            signals: counted.map(ballot).collect(),
            unmoved,
            priced: priced(market)[market.last()],
            rotated_recently: rotated.is_some_and(|at| market.last() + 1 - at <= FADING_SESSIONS),
        }
    }

    /// The candidate stage on these votes, one a signal.
    fn candidate(&self, votes: &[Vote]) -> Stage {
        let ballots: Vec<Ballot> = self
            .signals
            .iter()
            .map(|(at, ballot)| Ballot { votes: Some(std::slice::from_ref(&votes[*at])), ..*ballot })
            .collect();
        let weighed = &count(&ballots, &self.market.settings.weights, 1)[0];
        Figures::of(weighed, self.priced).candidate(self.rotated_recently)
    }

    /// The nearest changes of the candidate stage as the close of `range` moves.
    fn flips(&self, range: &Range, ladders: &[Ladder]) -> Vec<Flip> {
        let moved: Vec<&Ladder> = ladders.iter().filter(|ladder| ladder.input == Some(range.input)).collect();
        let candidate = |cents: i64| {
            let mut votes = self.unmoved.clone();
            for ladder in &moved {
                votes[ladder.signal] = ladder.at(cents);
            }
            self.candidate(&votes)
        };
        // it changes nowhere but where a vote does
        let mut steps: Vec<i64> = moved.iter().flat_map(|ladder| ladder.steps()).collect();
        steps.sort_unstable();
        steps.dedup();
        let flip = |(cents, from, to)| range.flip(cents, Change::Candidate { from, to });
        range.nearest(&steps, candidate).map(flip).collect()
    }

    /// What changes though no price moves.
    fn unmoved(&self, tracks: &[Tracked], verdict: &Verdict) -> Vec<Change> {
        let last = self.market.last();
        let candidate = (verdict.staged[last].candidate, self.candidate(&self.unmoved));
        let candidate = Some(candidate).filter(|(from, to)| from != to);
        let votes = tracks.iter().zip(&self.unmoved).filter_map(|((signal, track), &to)| {
            let from = track.as_ref().ok()?.votes[last];
            (from != to).then_some(Change::Vote { signal: signal.id, from, to })
        });
        candidate.map(|(from, to)| Change::Candidate { from, to }).into_iter().chain(votes).collect()
    }
}
