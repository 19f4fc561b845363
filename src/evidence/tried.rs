//! What was tried: every rule and every set of parameters that was ever looked at, so that luck can be reckoned with.
//!
//! Whoever tries another one adds it here, whatever came of it.

use schemars::JsonSchema;
use serde::Serialize;

/// Rules or sets of parameters that were tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tried {
    /// What.
    pub what: &'static str,
    /// How many.
    pub count: usize,
    /// To what end, and what came of it.
    pub why: &'static str,
}

/// Everything tried.
pub(super) const TRIED: &[Tried] = &[
    Tried { what: "votes of the signals", count: 21, why: "one rule each, bands set on meaning and steadiness" },
    Tried { what: "recipes of the rotation quadrant", count: 5, why: "all five are kept and must agree" },
    Tried {
        what: "IWM/SPY against its 200-day mean without a band",
        count: 1,
        why: "flips 9.2 times a year, with the band of 1 % 2.5 times; what follows hardly changes",
    },
    Tried {
        what: "IWM/SPY and KRE/SPY both above their 200-day means",
        count: 1,
        why: "the textbook case for the error of overlapping windows; no signal uses it",
    },
    Tried { what: "credit on the Baa spread", count: 1, why: "thresholds of its own where high-yield is too short" },
    Tried { what: "rules of the stages", count: 5, why: "one table, taken as first written" },
    Tried {
        what: "sessions of confirmation",
        count: 4,
        why: "3, 5, 8 and 10: five taken for steadiness; what followed was no better for any",
    },
    Tried { what: "weights of the pillars", count: 1, why: "one set, taken as first written" },
    Tried { what: "thirds of the score", count: 3, why: "what the score is worth without the stages" },
    Tried { what: "probability from the stage", count: 1, why: "declared beforehand: the stage, 126 sessions" },
];

/// The number of everything tried.
pub(super) fn tried() -> usize {
    TRIED.iter().map(|tried| tried.count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::SIGNALS;

    #[test]
    fn every_signal_counts() {
        assert_eq!(TRIED[0].count, SIGNALS.len());
    }
}
