//! From votes to the score of each pillar, the weighted score and its coverage.

use crate::config::Weights;
use crate::signals::{Pillar, Vote};

/// One pillar at one session: the signals that are set up, by what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Votes for rotation into small caps.
    pub in_favour: u8,
    /// Votes against it.
    pub against: u8,
    /// Votes of 0.
    pub neutral: u8,
    /// Signals without a vote.
    pub missing: u8,
}

/// One session: what every pillar says, and what it adds up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// In the order of [`Pillar::ALL`].
    pub pillars: [Tally; 4],
    /// Σ weight × pillar score; a pillar without a score adds 0.
    pub score: f64,
    /// Weight of the signals that vote ÷ weight of those set up; 0 when none is.
    pub coverage: f64,
}

/// What a signal says of every session, with what it counts for.
pub(super) struct Ballot<'a> {
    /// The pillar it speaks for.
    pub pillar: Pillar,
    /// Whether the user has given it anything to speak from.
    pub set_up: bool,
    /// Its votes, one a session; `None` when it has none at all.
    pub votes: Option<&'a [Vote]>,
}

/// The weight of a pillar.
pub(super) fn weight(weights: &Weights, pillar: Pillar) -> f64 {
    match pillar {
        Pillar::Leadership => weights.leadership,
        Pillar::Participation => weights.participation,
        Pillar::Pressure => weights.pressure,
        Pillar::Fuel => weights.fuel,
        Pillar::Cycles => 0.0,
    }
}

/// Counts the ballots of `sessions` sessions. A pillar's weight is split evenly over its signals.
pub(super) fn count(ballots: &[Ballot], weights: &Weights, sessions: usize) -> Vec<Weighed> {
    let share = Pillar::ALL.map(|pillar| {
        let signals = ballots.iter().filter(|ballot| ballot.pillar == pillar).count();
        weight(weights, pillar) / signals.max(1) as f64
    });
    let silent = Tally { in_favour: 0, against: 0, neutral: 0, missing: 0 };
    let mut days = vec![Weighed { pillars: [silent; 4], score: 0.0, coverage: 0.0 }; sessions];
    let mut set_up = 0.0;
    // one signal after the other, whose votes seldom change; until all are counted, a day's coverage is the weight of
    // the signals that vote
    for ballot in ballots.iter().filter(|ballot| ballot.set_up) {
        let (pillar, share) = (ballot.pillar as usize, share[ballot.pillar as usize]);
        set_up += share;
        match ballot.votes {
            None => days.iter_mut().for_each(|day| day.pillars[pillar].missing += 1),
            Some(votes) => days.iter_mut().zip(votes).for_each(|(day, vote)| day.take(pillar, share, *vote)),
        }
    }
    let mut last: Option<[Weighed; 2]> = None;
    for day in &mut days {
        let counted = *day;
        // most sessions are as the one before
        *day = match last {
            Some([before, weighed]) if before == counted => weighed,
            _ => counted.weigh(weights, set_up),
        };
        last = Some([counted, *day]);
    }
    days
}

impl Tally {
    /// Mean of the votes present, −1 to 1; `NaN` when fewer than half of the signals vote.
    pub fn score(&self) -> f64 {
        let votes = self.in_favour + self.neutral + self.against;
        if votes == 0 || votes < self.missing {
            return f64::NAN;
        }
        (f64::from(self.in_favour) - f64::from(self.against)) / f64::from(votes)
    }
}

impl Weighed {
    /// The score of each pillar, in the order of [`Pillar::ALL`].
    pub fn scores(&self) -> [f64; 4] {
        self.pillars.map(|tally| tally.score())
    }

    /// Counts one vote, without a branch on what it is.
    fn take(&mut self, pillar: usize, share: f64, vote: Vote) {
        let tally = &mut self.pillars[pillar];
        tally.in_favour += u8::from(vote.is_some_and(|vote| vote > 0));
        tally.against += u8::from(vote.is_some_and(|vote| vote < 0));
        tally.neutral += u8::from(vote == Some(0));
        tally.missing += u8::from(vote.is_none());
        self.coverage += if vote.is_some() { share } else { 0.0 };
    }

    /// Scores what was counted, where the signals set up weigh `set_up`.
    fn weigh(self, weights: &Weights, set_up: f64) -> Self {
        let scores = Pillar::ALL.iter().zip(self.scores()).filter(|(_, score)| !score.is_nan());
        let score = scores.map(|(&pillar, score)| weight(weights, pillar) * score).sum();
        Self { score, coverage: if set_up > 0.0 { self.coverage / set_up } else { 0.0 }, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ballot(pillar: Pillar, votes: &[Vote]) -> Ballot<'_> {
        Ballot { pillar, set_up: true, votes: Some(votes) }
    }

    #[test]
    fn a_pillar_is_the_mean_of_the_votes_present_and_null_below_half() {
        use Pillar::Pressure;
        let votes: [&[Vote]; 4] =
            [&[Some(1), Some(1), Some(1)], &[Some(-1), Some(0), None], &[Some(1), None, None], &[Some(0), None, None]];
        let ballots = votes.map(|votes| ballot(Pressure, votes));
        let days = count(&ballots, &Weights::default(), 3);
        let scores: Vec<f64> = days.iter().map(|day| day.pillars[Pressure as usize].score()).collect();
        // (1 − 1 + 1 + 0)/4; (1 + 0)/2 with two of four present; one of four
        assert_eq!(scores[..2], [0.25, 0.5]);
        assert!(scores[2].is_nan());
        let last = days[2].pillars[Pressure as usize];
        assert_eq!((last.in_favour, last.against, last.neutral, last.missing), (1, 0, 0, 3));
        assert_eq!(days.iter().map(|day| day.coverage).collect::<Vec<_>>(), [1.0, 0.5, 0.25]);
        assert_eq!(days.iter().map(|day| day.score).collect::<Vec<_>>(), [0.0625, 0.125, 0.0]);
    }

    #[test]
    fn the_weight_of_a_silent_pillar_goes_to_no_other() {
        let (yes, silent) = ([Some(1)], [None]);
        let all = |fuel| {
            let ballots = [
                ballot(Pillar::Leadership, &yes),
                ballot(Pillar::Participation, &yes),
                ballot(Pillar::Pressure, &yes),
                ballot(Pillar::Fuel, fuel),
            ];
            count(&ballots, &Weights::default(), 1)[0]
        };
        let (full, gap) = (all(&yes), all(&silent));
        assert!((full.score - 1.0).abs() < 1e-12 && (full.coverage - 1.0).abs() < 1e-12);
        assert!((gap.score - 0.85).abs() < 1e-12 && (gap.coverage - 0.85).abs() < 1e-12);
    }

    #[test]
    fn a_signal_not_set_up_is_outside_coverage_and_keeps_its_share_of_the_weight() {
        let yes = [Some(1)];
        let ballots = [
            ballot(Pillar::Leadership, &yes),
            ballot(Pillar::Fuel, &yes),
            Ballot { pillar: Pillar::Fuel, set_up: false, votes: None },
            Ballot { pillar: Pillar::Pressure, set_up: true, votes: None },
        ];
        let day = count(&ballots, &Weights::default(), 1)[0];
        // (0.35 + 0.075)/(0.35 + 0.075 + 0.25)
        assert!((day.coverage - 0.425 / 0.675).abs() < 1e-12);
        assert_eq!(day.pillars[Pillar::Fuel as usize].missing, 0);
        assert!((day.score - 0.5).abs() < 1e-12);
    }

    #[test]
    fn with_nothing_set_up_nothing_is_covered() {
        let day = count(&[], &Weights::default(), 1)[0];
        assert_eq!((day.score, day.coverage), (0.0, 0.0));
        assert!(day.pillars.iter().all(|tally| tally.score().is_nan()));
    }
}
