//! What the vote of the session to come rests on, so that it is found at many prices without measuring every session
//! anew at each of them.

use super::Vote;
use crate::series::Market;

/// How the vote of the session to come follows from what was, and from its prices.
#[derive(Clone, Copy)]
pub struct Next {
    /// The part of the past it rests on, given the votes so far.
    pub past: fn(&Market, &[Vote]) -> Past,
    /// Whether the vote turns one way alone as any one price of the session rises, given the market of that session:
    /// prices at which it is the same then have none between them at which it is another.
    pub one_way: fn(&Market) -> bool,
}

/// Part of the past: sessions alone, as each of them knew all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its first session.
    pub from: usize,
    /// The session from which on it gives the votes that the whole gives: if it does not, it will not do.
    pub agrees: usize,
}

impl Next {
    /// Everything that was.
    pub const WHOLE: Self = Self::one_way(|_, votes| Past { from: 0, agrees: votes.len() });

    /// A part of the past, and a vote that turns one way alone.
    pub const fn one_way(past: fn(&Market, &[Vote]) -> Past) -> Self {
        Self { past, one_way: |_| true }
    }
}

impl Past {
    /// What a vote without memory rests on: the last `sessions`, with the one to come.
    pub fn window(votes: &[Vote], sessions: usize) -> Self {
        let last = votes.len() - 1;
        Self { from: (last + 1).saturating_sub(sessions), agrees: last }
    }

    /// What a vote with memory rests on: what it kept was called for where its run began, by so many `sessions`.
    pub fn kept(votes: &[Vote], sessions: usize) -> Self {
        let agrees = run_start(votes);
        Self { from: agrees.saturating_sub(sessions), agrees }
    }
}

/// The session at which the vote that stands now was first given; sessions without one do not end its run. 0 where no
/// session has a vote.
pub fn run_start(votes: &[Vote]) -> usize {
    let Some(vote) = votes.iter().rev().find_map(|vote| *vote) else { return 0 };
    let other = votes.iter().rposition(|&one| one.is_some_and(|one| one != vote)).map_or(0, |t| t + 1);
    other + votes[other..].iter().position(Option::is_some).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_begins_with_its_first_vote_and_goes_on_over_gaps() {
        let votes = [None, Some(1), None, None, Some(-1), None, Some(-1), None];
        assert_eq!([8, 7, 5, 3, 2, 1].map(|n| run_start(&votes[..n])), [4, 4, 4, 1, 1, 0]);
        assert_eq!(Past::kept(&votes, 3), Past { from: 1, agrees: 4 });
        assert_eq!(Past::window(&votes, 3), Past { from: 5, agrees: 7 });
    }
}
