//! What signals are asked for, and what they share.

use super::Market;

/// What signals are to say of a market: they need not measure what nobody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every reading and the vote of every session.
    Whole,
    /// Every vote, what decides it, and the other readings of the last session.
    Report,
    /// The vote of the last session.
    Vote,
}

/// How many of several say yes, of how many that can tell, at each session.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Those that say yes.
    pub yes: Vec<f64>,
    /// Those that can tell.
    pub of: Vec<f64>,
}

impl Market {
    /// Of `values` that end with the last one there is, the first that is wanted of a reading on which no vote rests.
    pub fn shown(&self, values: usize) -> usize {
        if self.depth == Depth::Whole { 0 } else { values.saturating_sub(1) }
    }

    /// The same of a reading on which the vote of its own session alone rests.
    pub fn voted(&self, values: usize) -> usize {
        if self.depth == Depth::Vote { values.saturating_sub(1) } else { 0 }
    }

    /// The groups above their 50-session means, which two signals rest on: counted once, by the first that asks.
    pub fn groups_above(&self, count: impl FnOnce() -> Tally) -> &Tally {
        self.groups_above.get_or_init(count)
    }
}
