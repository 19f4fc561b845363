//! The journal: one line for each verdict given, and what changed between two of them.
//!
//! A line is a JSON object on its own, appended once the verdict was shown. What a crash left of a last
//! line is not read, nor is a line that holds no entry; neither is ever removed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::config::Settings;
use crate::day::Day;
use crate::series::InputState;
use crate::signals::Vote;
use crate::verdict::Stage;

/// One verdict as it was given. The first three fields say which it is; their order is that of the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The session it was for.
    pub session: Day,
    /// Hash of the settings that bear on the figures.
    pub settings: String,
    /// Hash of what was held of every input.
    pub inputs: String,
    /// The stage.
    pub stage: Stage,
    /// The score.
    pub score: Option<f64>,
    /// The coverage.
    pub coverage: Option<f64>,
    /// The votes by signal.
    pub votes: BTreeMap<String, Vote>,
    /// When it was given.
    pub written_at: String,
    /// The program that gave it.
    pub version: String,
}

/// A figure then and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step<T> {
    /// Then.
    pub from: T,
    /// Now.
    pub to: T,
}

/// A signal whose vote differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VoteStep {
    /// The signal.
    pub signal: String,
    /// Its vote then; null for none.
    pub from: Vote,
    /// Its vote now.
    pub to: Vote,
}

/// What changed from one verdict to another.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// The session of the earlier verdict.
    pub session: Day,
    /// The stage, if it changed.
    pub stage: Option<Step<Stage>>,
    /// The score.
    pub score: Step<Option<f64>>,
    /// The votes that changed.
    pub votes: Vec<VoteStep>,
}

impl Entry {
    /// The beginning of its line, which no other verdict shares.
    fn head(&self) -> String {
        let Self { session, settings, inputs, .. } = self;
        format!(r#"{{"session":"{session}","settings":"{settings}","inputs":"{inputs}","#)
    }
}

impl Change {
    /// What changed from `before` to `now`.
    pub fn between(before: &Entry, now: &Entry) -> Self {
        let names: std::collections::BTreeSet<&String> = before.votes.keys().chain(now.votes.keys()).collect();
        let vote = |entry: &Entry, name: &String| entry.votes.get(name).copied().flatten();
        let votes = names.into_iter().map(|name| VoteStep {
            signal: name.clone(),
            from: vote(before, name),
            to: vote(now, name),
        });
        Self {
            session: before.session,
            stage: (before.stage != now.stage).then_some(Step { from: before.stage, to: now.stage }),
            score: Step { from: before.score, to: now.score },
            votes: votes.filter(|vote| vote.from != vote.to).collect(),
        }
    }

    /// Whether the stage or a vote changed.
    pub fn matters(&self) -> bool {
        self.stage.is_some() || !self.votes.is_empty()
    }
}

/// The journal as read.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    text: String,
}

impl Journal {
    /// A journal of this text; a last line without its end is left out.
    pub fn new(mut text: String) -> Self {
        text.truncate(text.rfind('\n').map_or(0, |at| at + 1));
        Self { text }
    }

    /// Every verdict, in the order given, and the number of lines that hold none.
    pub fn entries(&self) -> (Vec<Entry>, usize) {
        let lines: Vec<&str> = self.text.lines().filter(|line| !line.is_empty()).collect();
        let entries: Vec<Entry> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let unread = lines.len() - entries.len();
        (entries, unread)
    }

    /// The last verdict for a session before `now`'s, under the same settings.
    pub fn before(&self, now: &Entry) -> Option<Entry> {
        let mut entries = self.text.lines().rev().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        entries.find(|entry| entry.session < now.session && entry.settings == now.settings)
    }

    /// The line to append for `entry`, `None` where the journal has it.
    ///
    /// # Panics
    /// Never: its fields are plain.
    pub fn line(&self, entry: &Entry) -> Option<String> {
        let head = entry.head();
        let known = self.text.lines().any(|line| line.starts_with(&head));
        (!known).then(|| serde_json::to_string(entry).expect("an entry is JSON") + "\n")
    }
}

/// The hash of the settings that bear on a verdict's figures.
///
/// # Panics
/// Never: they are plain.
pub fn settings_hash(settings: &Settings) -> String {
    let groups: Vec<_> = settings.groups.iter().map(|group| (&group.symbol, &group.tag)).collect();
    let bearing = (&settings.weights, &settings.bands, groups, &settings.extra_closures);
    let universe = settings.universe.as_ref().map_or(String::new(), |path| path.to_string_lossy().into_owned());
    hash(&(serde_json::to_string(&bearing).expect("settings are JSON") + &universe))
}

/// The hash of what was held of `inputs`.
pub fn inputs_hash(inputs: &[InputState]) -> String {
    let held = inputs.iter().map(|input| format!("{} {}\n", input.id, input.hash.as_deref().unwrap_or_default()));
    hash(&held.collect::<String>())
}

fn hash(text: &str) -> String {
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(session: &str, stage: Stage, votes: &[(&str, Vote)]) -> Entry {
        Entry {
            session: session.parse().expect("a date"),
            settings: "s".into(),
            inputs: "i".into(),
            stage,
            score: Some(0.25),
            coverage: Some(1.0),
            votes: votes.iter().map(|(name, vote)| ((*name).into(), *vote)).collect(),
            written_at: "2025-09-24T22:00:00Z".into(),
            version: "0.1.0".into(),
        }
    }

    /// A journal of these, appended one after the other.
    fn journal(entries: &[Entry]) -> Journal {
        let add = |journal: Journal, entry: &Entry| {
            let line = journal.line(entry).unwrap_or_default();
            Journal::new(journal.text + &line)
        };
        entries.iter().fold(Journal::default(), add)
    }

    #[test]
    fn a_verdict_is_noted_once_and_anew_when_what_it_rests_on_changed() {
        let first = entry("2025-09-24", Stage::Early, &[]);
        let later = Entry { written_at: "2025-09-25T01:00:00Z".into(), ..first.clone() };
        let other = Entry { inputs: "j".into(), ..first.clone() };
        let (entries, unread) = journal(&[first.clone(), later, other.clone(), first.clone()]).entries();
        assert_eq!((entries, unread), (vec![first, other], 0));
    }

    #[test]
    fn a_torn_last_line_and_one_that_is_no_entry_are_not_read() {
        let [first, second] = ["2025-09-23", "2025-09-24"].map(|session| entry(session, Stage::Early, &[]));
        let whole = journal(&[first.clone(), second.clone()]).text;
        for cut in 1..whole.len() {
            let torn = Journal::new(whole[..cut].to_owned());
            let lines = whole[..cut].matches('\n').count();
            assert_eq!(torn.entries(), ([&first, &second][..lines].iter().map(|&one| one.clone()).collect(), 0));
        }
        let mended = Journal::new(format!("{{\"session\":\n{whole}"));
        assert_eq!(mended.entries(), (vec![first, second], 1));
    }

    #[test]
    fn a_verdict_is_compared_with_the_last_of_an_earlier_session_under_the_same_settings() {
        let days = ["2025-09-22", "2025-09-23", "2025-09-24"];
        let [first, mut second, now] = days.map(|session| entry(session, Stage::Early, &[]));
        let all = journal(&[first.clone(), second.clone(), now.clone()]);
        assert_eq!(all.before(&now), Some(second.clone()));
        assert_eq!(all.before(&first), None);
        second.settings = "t".into();
        assert_eq!(journal(&[first.clone(), second, now.clone()]).before(&now), Some(first));
    }

    #[test]
    fn stage_and_votes_matter_and_the_score_alone_does_not() {
        let before =
            entry("2025-09-23", Stage::None, &[("a", Some(1)), ("b", None), ("c", Some(0)), ("gone", Some(1))]);
        let now = entry("2025-09-24", Stage::Setup, &[("a", Some(1)), ("b", Some(-1)), ("c", Some(0))]);
        let change = Change::between(&before, &now);
        assert_eq!(change.stage, Some(Step { from: Stage::None, to: Stage::Setup }));
        let step = |signal: &str, from, to| VoteStep { signal: signal.into(), from, to };
        assert_eq!(change.votes, [step("b", None, Some(-1)), step("gone", Some(1), None)]);
        assert!(change.matters());
        assert!(!Change::between(&before, &Entry { score: Some(0.5), ..before.clone() }).matters());
    }

    #[test]
    fn the_hashes_follow_what_they_stand_for() {
        let mut settings = Settings::default();
        let default = settings_hash(&settings);
        settings.sources.clear();
        assert_eq!(settings_hash(&settings), default, "sources bear on no figure");
        settings.universe = Some("members.csv".into());
        let of_file = settings_hash(&settings);
        assert_ne!(of_file, default);
        settings.bands.curve = 0.06;
        assert_ne!(settings_hash(&settings), of_file);
    }
}
