//! What sessions are told apart by: the stage, the thirds of the score, each signal's vote.

use schemars::JsonSchema;
use serde::Serialize;

use crate::stats;
use crate::verdict::{Stage, Staged, Tracked, Verdict, Weighed};

/// What a group is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The stages.
    Stage,
    /// The thirds of the score.
    Score,
    /// The votes of a signal.
    Signal,
}

impl Kind {
    /// Every kind, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Stage, Self::Score, Self::Signal];

    /// Name in every output.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Score => "score",
            Self::Signal => "signal",
        }
    }
}

/// Classes that exclude each other, and the class of each session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    /// What it is made of.
    pub kind: Kind,
    /// `stage`, `score`, or the signal's name.
    pub id: &'static str,
    /// Names of the classes that have a row each.
    pub classes: &'static [&'static str],
    /// The class of each session; `None` where it is not known. May go beyond the rows: see [`STAGES`].
    pub class: Vec<Option<u8>>,
}

/// The stages that have a row. `unknown` has none, and counts among all sessions.
const STAGES: [Stage; 5] = [Stage::None, Stage::Setup, Stage::Early, Stage::Confirmed, Stage::Fading];
const STAGE_IDS: [&str; STAGES.len()] =
    [STAGES[0].id(), STAGES[1].id(), STAGES[2].id(), STAGES[3].id(), STAGES[4].id()];
const THIRDS: [&str; 3] = ["lowest third", "middle third", "highest third"];
const VOTES: [&str; 3] = ["-1", "0", "+1"];

/// Most classes of a group, those without a row included.
pub(super) const MOST_CLASSES: usize = STAGES.len() + 1;

/// The group of the stages.
pub(super) fn by_stage(verdict: &Verdict) -> Group {
    let class = |stage| STAGES.iter().position(|&one| one == stage).unwrap_or(STAGES.len()) as u8;
    let class = verdict.staged.iter().map(|staged| Some(class(staged.stage))).collect();
    Group { kind: Kind::Stage, id: "stage", classes: &STAGE_IDS, class }
}

/// The row of `stage` in its group; `None` for `unknown`.
pub(super) fn row_of(stage: Stage) -> Option<usize> {
    STAGES.iter().position(|&one| one == stage)
}

/// The thirds of the score, cut at its own tertiles over every session whose stage is known: with hindsight.
pub(super) fn by_score(verdict: &Verdict) -> Group {
    let known = |(day, staged): (&Weighed, &Staged)| {
        // scores that are equal on paper fall into one third
        if staged.stage == Stage::Unknown { f64::NAN } else { stats::rounded(day.score) }
    };
    let scores: Vec<f64> = verdict.weighed.iter().zip(&verdict.staged).map(known).collect();
    let mut sorted: Vec<f64> = scores.iter().copied().filter(|score| !score.is_nan()).collect();
    let [low, high] = [1.0 / 3.0, 2.0 / 3.0].map(|q| stats::quantile(&mut sorted, q));
    let class = |score: f64| (!score.is_nan()).then_some(u8::from(score > low) + u8::from(score > high));
    Group { kind: Kind::Score, id: "score", classes: &THIRDS, class: scores.into_iter().map(class).collect() }
}

/// A group for each signal that ever voted. A signal outside the pillars is among them.
pub(super) fn by_vote(tracks: &[Tracked]) -> Vec<Group> {
    let voting = tracks.iter().filter_map(|(signal, track)| Some((signal, track.as_ref().ok()?)));
    voting
        .filter(|(_, track)| track.votes.iter().any(Option::is_some))
        .map(|(signal, track)| Group {
            kind: Kind::Signal,
            id: signal.id,
            classes: &VOTES,
            class: track.votes.iter().map(|vote| vote.map(|vote| (vote + 1) as u8)).collect(),
        })
        .collect()
}

/// The groups of the chosen kinds, in the order of the report.
pub(super) fn groups(tracks: &[Tracked], verdict: &Verdict, kinds: &[Kind]) -> Vec<Group> {
    kinds
        .iter()
        .flat_map(|kind| match kind {
            Kind::Stage => vec![by_stage(verdict)],
            Kind::Score => vec![by_score(verdict)],
            Kind::Signal => by_vote(tracks),
        })
        .collect()
}

impl Group {
    /// The classes of the sessions at which one that has a row is known.
    pub(super) fn known(&self) -> impl Iterator<Item = u8> {
        self.class.iter().flatten().copied().filter(|&class| usize::from(class) < self.classes.len())
    }

    /// Changes of class from one session at which it is known to the next, per 252 of them.
    pub(super) fn flips_a_year(&self) -> f64 {
        let known: Vec<u8> = self.known().collect();
        let flips = known.windows(2).filter(|pair| pair[0] != pair[1]).count();
        252.0 * flips as f64 / known.len() as f64
    }

    /// Mean length of the spells of `class`.
    pub(super) fn mean_spell(&self, class: u8) -> f64 {
        let (sessions, spells) = self.spells(class);
        sessions as f64 / spells as f64
    }

    /// Sessions in `class`, and in how many spells; sessions without a class end none.
    pub(super) fn spells(&self, class: u8) -> (usize, usize) {
        let known: Vec<bool> = self.known().map(|one| one == class).collect();
        let spells = known.chunk_by(|a, b| a == b).filter(|run| run[0]).count();
        (known.iter().filter(|&&inside| inside).count(), spells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flips_and_spells_pass_over_sessions_without_a_class() {
        let class = [None, Some(0), Some(0), None, Some(0), Some(1), Some(2), Some(0)].to_vec();
        let group = Group { kind: Kind::Signal, id: "x", classes: &VOTES, class };
        assert_eq!((group.spells(0), group.spells(1), group.spells(2)), ((4, 2), (1, 1), (1, 1)));
        assert!((group.flips_a_year() - 252.0 * 3.0 / 6.0).abs() < 1e-12);
    }
}
