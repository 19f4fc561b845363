//! What the report calls things.

use super::SignalRow;
use super::ink::Ink;
use crate::signals::{Pillar, Vote};
use crate::verdict::Stage;

/// Labels what is not real.
pub(super) const SYNTHETIC: &str = "SYNTHETIC DEMO DATA: no real market";

/// Explains the column of the last year.
pub(super) const YEAR: &str = "last year: the figure over 252 sessions, from its lowest to its highest; ";

/// Explains the history column.
pub(super) const HISTORY: &str = "history: share of its own past values below today's figure, up to this session; \
     vote kept: an earlier one, as nothing called for another since";

/// The stage as a headline.
pub(super) const fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Unknown => "STAGE UNKNOWN",
        Stage::None => "NO ROTATION",
        Stage::Setup => "ROTATION SETUP",
        Stage::Early => "EARLY ROTATION",
        Stage::Confirmed => "CONFIRMED ROTATION",
        Stage::Fading => "FADING ROTATION",
    }
}

/// The stage within a sentence.
pub(super) const fn noun(stage: Stage) -> &'static str {
    match stage {
        Stage::Unknown => "an unknown stage",
        Stage::None => "no rotation",
        Stage::Setup => "a setup",
        Stage::Early => "an early rotation",
        Stage::Confirmed => "a confirmed rotation",
        Stage::Fading => "a fading rotation",
    }
}

/// What a stage means, in one sentence.
pub(super) const fn meaning(stage: Stage) -> &'static str {
    match stage {
        Stage::Unknown => "Too little is known for a verdict.",
        Stage::None => "Money does not rotate into small caps: large caps lead, or small caps lead without support.",
        Stage::Setup => {
            "Small caps do not lead yet, but rates, credit and banks on balance favour them, and so does breadth or \
             valuation."
        }
        Stage::Early => {
            "Small caps have taken the lead, and breadth, or rates, credit and banks on balance, go with them."
        }
        Stage::Confirmed => {
            "Small caps lead, the move is broad, and rates, credit and banks on balance do not stand against it."
        }
        Stage::Fading => "Small caps led within the last three months, and have lost the lead to large caps.",
    }
}

/// Width of the longest question.
pub(super) const QUESTION_WIDTH: usize = 24;

/// The question a pillar answers.
pub(super) const fn question(pillar: Pillar) -> &'static str {
    match pillar {
        Pillar::Leadership => "is money already moving?",
        Pillar::Participation => "is it broad?",
        Pillar::Pressure => "is the headwind fading?",
        Pillar::Fuel => "is there room to run?",
        Pillar::Cycles => "is there a rhythm?",
    }
}

/// A signal's vote: mark, word and colour.
pub(super) fn vote(signal: &SignalRow, unicode: bool) -> (&'static str, &'static str, Ink) {
    match signal.vote {
        Some(1..) => (if unicode { "▲" } else { "+" }, vote_word(signal.vote), Ink::Favour),
        Some(..0) => (if unicode { "▼" } else { "-" }, vote_word(signal.vote), Ink::Against),
        Some(0) => (if unicode { "●" } else { "0" }, vote_word(signal.vote), Ink::Plain),
        None if signal.abstains() => (if unicode { "–" } else { "." }, vote_word(None), Ink::Plain),
        None => (if unicode { "–" } else { "." }, "missing", Ink::Dim),
    }
}

/// A vote in a word.
pub(super) const fn vote_word(vote: Vote) -> &'static str {
    match vote {
        Some(1..) => "for",
        Some(..0) => "against",
        Some(0) => "neutral",
        None => "no vote",
    }
}

/// The state of the policy cycle.
pub(super) fn policy(state: Option<&str>) -> String {
    match state {
        None => "policy unknown".into(),
        Some("easing") => "Fed easing".into(),
        Some("hiking") => "Fed hiking".into(),
        Some(hold) => hold.replace('-', " "),
    }
}
