//! From the pillars to a stage: the table of rules, three-valued, and its confirmation.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Weighed;
use crate::signals::Pillar;

/// Where a rotation into small caps stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Too little is known to say.
    Unknown,
    /// No rotation.
    None,
    /// Large caps lead, and the ground is being prepared.
    Setup,
    /// Small caps lead, and something confirms it.
    Early,
    /// Small caps lead, broadly and without headwind.
    Confirmed,
    /// A rotation that has lost the lead.
    Fading,
}

impl Stage {
    /// Name in every output.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Setup => "setup",
            Self::Early => "early",
            Self::Confirmed => "confirmed",
            Self::Fading => "fading",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Coverage below which nothing is said.
pub const COVERAGE_NEEDED: f64 = 0.6;
/// Sums of weights that are equal on paper differ by less.
const ROUNDING: f64 = 1e-9;
/// Consecutive sessions a candidate must hold to become the stage.
pub const CONFIRMATION_SESSIONS: u32 = 5;
/// Sessions after which a past rotation no longer fades.
pub const FADING_SESSIONS: usize = 63;

/// What a session is judged on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    /// Scores in the order of [`Pillar::ALL`]; `NaN` for null.
    pub scores: [f64; 4],
    /// Weight that votes ÷ weight set up.
    pub coverage: f64,
    /// Whether both IWM and SPY have a close.
    pub priced: bool,
}

/// How a pillar's score is compared.
#[derive(Clone, Copy)]
enum Side {
    Above,
    AtLeast,
    AtMost,
    Below,
}

/// A condition of a rule.
enum Condition {
    Score(Pillar, Side, f64),
    /// The stage was early or confirmed within [`FADING_SESSIONS`].
    RotatedRecently,
    All(&'static [Condition]),
    Any(&'static [Condition]),
}

use Condition::{All, Any, RotatedRecently, Score};
use Pillar::{Fuel, Leadership, Participation, Pressure};
use Side::{Above, AtLeast, AtMost, Below};

/// The stages that a rule can call, the first that holds. `none` is what is left.
const RULES: [(Stage, Condition); 4] = [
    (
        Stage::Confirmed,
        All(&[Score(Leadership, AtLeast, 0.5), Score(Participation, AtLeast, 0.25), Score(Pressure, AtLeast, 0.0)]),
    ),
    (
        Stage::Early,
        All(&[Score(Leadership, Above, 0.0), Any(&[Score(Participation, Above, 0.0), Score(Pressure, Above, 0.0)])]),
    ),
    (Stage::Fading, All(&[RotatedRecently, Score(Leadership, Below, 0.0)])),
    (
        Stage::Setup,
        All(&[
            Score(Leadership, AtMost, 0.0),
            Score(Pressure, Above, 0.0),
            Any(&[Score(Participation, Above, 0.0), Score(Fuel, Above, 0.0)]),
        ]),
    ),
];

impl Condition {
    /// Whether it holds; `None` when that cannot be said.
    fn holds(&self, scores: &[f64; 4], rotated_recently: bool) -> Option<bool> {
        let each = |parts: &'static [Self]| parts.iter().map(|part| part.holds(scores, rotated_recently));
        match self {
            Score(pillar, side, limit) => {
                let score = scores[*pillar as usize];
                (!score.is_nan()).then(|| side.holds(score, *limit))
            }
            RotatedRecently => Some(rotated_recently),
            All(parts) => decide(each(parts), false),
            Any(parts) => decide(each(parts), true),
        }
    }

    /// The condition with the scores put in; of alternatives those that hold.
    fn text(&self, scores: &[f64; 4]) -> String {
        match self {
            Score(pillar, side, limit) => {
                format!("{} {} {} {limit}", pillar.id(), shown(scores[*pillar as usize]), side.sign())
            }
            RotatedRecently => format!("early or confirmed within the last {FADING_SESSIONS} sessions"),
            All(parts) => parts.iter().map(|part| part.text(scores)).collect::<Vec<_>>().join(" and "),
            Any(parts) => {
                let holding = parts.iter().filter(|part| part.holds(scores, true) == Some(true));
                holding.map(|part| part.text(scores)).collect::<Vec<_>>().join(" and ")
            }
        }
    }
}

/// `settled` as soon as one part is, its opposite when all parts are; unknown otherwise.
fn decide(parts: impl Iterator<Item = Option<bool>>, settled: bool) -> Option<bool> {
    let mut whole = Some(!settled);
    for part in parts {
        match part {
            Some(held) if held == settled => return Some(settled),
            Some(_) => {}
            None => whole = None,
        }
    }
    whole
}

impl Side {
    fn holds(self, score: f64, limit: f64) -> bool {
        match self {
            Above => score > limit,
            AtLeast => score >= limit,
            AtMost => score <= limit,
            Below => score < limit,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Above => ">",
            AtLeast => "≥",
            AtMost => "≤",
            Below => "<",
        }
    }
}

/// A score with its sign and two decimals.
fn shown(score: f64) -> String {
    match score {
        _ if score.is_nan() => "unknown".into(),
        _ if score < 0.0 => format!("−{:.2}", -score),
        _ => format!("+{:.2}", score.abs()),
    }
}

impl Figures {
    /// Those of a session.
    pub(super) fn of(day: &Weighed, priced: bool) -> Self {
        Self { scores: day.scores(), coverage: day.coverage, priced }
    }

    /// Whether nothing can be said.
    fn unknown(&self) -> bool {
        !self.priced || self.scores[Leadership as usize].is_nan() || self.uncovered()
    }

    /// Whether too few of the signals vote.
    pub(super) fn uncovered(&self) -> bool {
        self.coverage < COVERAGE_NEEDED - ROUNDING
    }

    /// The first stage whose rule holds.
    pub(super) fn candidate(&self, rotated_recently: bool) -> Stage {
        if self.unknown() {
            return Stage::Unknown;
        }
        let fired = RULES.iter().find(|(_, rule)| rule.holds(&self.scores, rotated_recently) == Some(true));
        fired.map_or(Stage::None, |(stage, _)| *stage)
    }

    /// The rule of a known `stage` with these figures put in.
    pub(super) fn rule(&self, stage: Stage) -> String {
        if let Some((_, rule)) = RULES.iter().find(|(called, _)| *called == stage) {
            return rule.text(&self.scores);
        }
        let scores = Pillar::ALL.map(|pillar| format!("{} {}", pillar.id(), shown(self.scores[pillar as usize])));
        format!("no other rule holds: {}", scores.join(", "))
    }
}

/// The stage of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staged {
    /// What the rules call for at this session alone.
    pub candidate: Stage,
    /// Consecutive sessions, this one included, that called for the same.
    pub candidate_sessions: u32,
    /// The stage.
    pub stage: Stage,
    /// Index of the session from which it has stood.
    pub since: usize,
    /// The stage before it; `None` when it has stood from the first session.
    pub previous: Option<Stage>,
    /// Index of the last session at which its rule fired.
    pub fired: usize,
}

/// Gives every session its stage, judged on the figures `of` it.
///
/// `unknown` takes effect at once, and so does the first known candidate after it; any other candidate
/// once it has held for [`CONFIRMATION_SESSIONS`].
pub(super) fn stages<T: PartialEq>(
    sessions: impl ExactSizeIterator<Item = T>,
    of: impl Fn(&T) -> Figures,
) -> Vec<Staged> {
    let mut staged: Vec<Staged> = Vec::with_capacity(sessions.len());
    let mut rotated: Option<usize> = None;
    let mut judged = None;
    for (t, session) in sessions.enumerate() {
        let recently = rotated.is_some_and(|at| t - at <= FADING_SESSIONS);
        let session = (session, recently);
        let candidate = match judged {
            // most sessions are as the one before
            Some((before, candidate)) if before == session => candidate,
            _ => of(&session.0).candidate(recently),
        };
        judged = Some((session, candidate));
        let next = follow(staged.last(), candidate, t);
        if matches!(next.stage, Stage::Early | Stage::Confirmed) {
            rotated = Some(t);
        }
        staged.push(next);
    }
    staged
}

/// The session `t` after `before`, when the rules call for `candidate`.
fn follow(before: Option<&Staged>, candidate: Stage, t: usize) -> Staged {
    let Some(before) = before else {
        return Staged { candidate, candidate_sessions: 1, stage: candidate, since: t, previous: None, fired: t };
    };
    let held = if candidate == before.candidate { before.candidate_sessions + 1 } else { 1 };
    let at_once = candidate == Stage::Unknown || before.stage == Stage::Unknown;
    let stage = if at_once || held >= CONFIRMATION_SESSIONS { candidate } else { before.stage };
    let (since, previous) =
        if stage == before.stage { (before.since, before.previous) } else { (t, Some(before.stage)) };
    let fired = if candidate == stage { t } else { before.fired };
    Staged { candidate, candidate_sessions: held, stage, since, previous, fired }
}

#[cfg(test)]
mod tests;
