//! The past, a line a session or a line a spell, for other programs: CSV and NDJSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use anyhow::Result;
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Figure;
use crate::day::Day;
use crate::evidence::{HORIZONS, Spell};
use crate::series::Market;
use crate::signals::{Pillar, Vote};
use crate::verdict::{Stage, Tracked, Verdict};

/// Every format; the first is the default.
pub const LINES: [&str; 2] = ["csv", "ndjson"];

/// What is said of each session, and whether the market was made up.
pub struct Sessions<'a> {
    /// The sessions.
    pub market: &'a Market,
    /// The signals.
    pub tracks: &'a [Tracked],
    /// The stages.
    pub verdict: &'a Verdict,
    /// Whether the market was made up.
    pub synthetic: bool,
}

/// One session.
#[derive(Serialize, JsonSchema)]
pub struct Session<'a> {
    date: Day,
    stage: Stage,
    candidate: Stage,
    score: Figure,
    coverage: Figure,
    #[schemars(with = "BTreeMap<String, Figure>")]
    pillars: Pillars,
    #[schemars(with = "BTreeMap<String, Vote>")]
    votes: Votes<'a>,
    synthetic: bool,
}

/// Scores in the order of [`Pillar::ALL`].
struct Pillars([Figure; Pillar::ALL.len()]);

/// The votes of one session.
struct Votes<'a> {
    tracks: &'a [Tracked],
    session: usize,
}

/// One spell.
#[derive(Serialize, JsonSchema)]
pub struct Line {
    stage: Stage,
    first: Day,
    last: Day,
    sessions: usize,
    running: bool,
    relative_inside: Figure,
    #[schemars(with = "BTreeMap<String, Figure>")]
    relative_after: After,
    synthetic: bool,
}

/// Figures in the order of [`HORIZONS`].
struct After([Figure; HORIZONS.len()]);

impl Serialize for Pillars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Pillar::ALL.iter().map(|pillar| pillar.id()).zip(&self.0))
    }
}

impl Serialize for After {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(HORIZONS.iter().map(ToString::to_string).zip(&self.0))
    }
}

impl Votes<'_> {
    fn each(&self) -> impl Iterator<Item = (&'static str, Vote)> {
        let vote = |(_, track): &Tracked| track.as_ref().ok().and_then(|track| track.votes[self.session]);
        self.tracks.iter().map(move |tracked| (tracked.0.id, vote(tracked)))
    }
}

impl Serialize for Votes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.tracks.len()))?;
        for (id, vote) in self.each() {
            map.serialize_entry(id, &vote)?;
        }
        map.end()
    }
}

impl Sessions<'_> {
    /// Writes the sessions with these indices in `format`, one of [`LINES`].
    pub fn sessions(&self, sessions: Range<usize>, format: &str) -> Result<String> {
        let lines = sessions.map(|t| self.session(t));
        if format != "csv" {
            return ndjson(lines);
        }
        let pillars = Pillar::ALL.map(Pillar::id).join(",");
        let signals: Vec<&str> = self.tracks.iter().map(|(signal, _)| signal.id).collect();
        let mut out = format!("date,stage,candidate,score,coverage,{pillars},{},synthetic\n", signals.join(","));
        lines.for_each(|line| line.csv(&mut out));
        Ok(out)
    }

    /// Writes `spells` in `format`, one of [`LINES`].
    pub fn spells(&self, spells: &[Spell], format: &str) -> Result<String> {
        let lines = spells.iter().map(|spell| self.spell(spell));
        if format != "csv" {
            return ndjson(lines);
        }
        let after = HORIZONS.map(|h| format!("relative_after_{h}d")).join(",");
        let mut out = format!("stage,first,last,sessions,running,relative_inside,{after},synthetic\n");
        lines.for_each(|line| line.csv(&mut out));
        Ok(out)
    }

    fn session(&self, t: usize) -> Session<'_> {
        let (weighed, staged) = (&self.verdict.weighed[t], &self.verdict.staged[t]);
        Session {
            date: self.market.sessions[t],
            stage: staged.stage,
            candidate: staged.candidate,
            score: Figure(weighed.score),
            coverage: Figure(weighed.coverage),
            pillars: Pillars(weighed.scores().map(Figure)),
            votes: Votes { tracks: self.tracks, session: t },
            synthetic: self.synthetic,
        }
    }

    fn spell(&self, spell: &Spell) -> Line {
        Line {
            stage: spell.stage,
            first: self.market.sessions[spell.first],
            last: self.market.sessions[spell.last],
            sessions: spell.sessions(),
            running: spell.running,
            relative_inside: Figure(spell.inside),
            relative_after: After(spell.after.map(Figure)),
            synthetic: self.synthetic,
        }
    }
}

/// One line of JSON each.
fn ndjson(lines: impl Iterator<Item: Serialize>) -> Result<String> {
    let mut out = String::new();
    for line in lines {
        out += &serde_json::to_string(&line)?;
        out.push('\n');
    }
    Ok(out)
}

impl Session<'_> {
    fn csv(&self, out: &mut String) {
        let Self { date, stage, candidate, synthetic, .. } = self;
        put(out, format_args!("{date},{stage},{candidate}"));
        [self.score, self.coverage].iter().chain(&self.pillars.0).for_each(|figure| cell(out, *figure));
        for (_, vote) in self.votes.each() {
            match vote {
                Some(vote) => put(out, format_args!(",{vote}")),
                None => out.push(','),
            }
        }
        put(out, format_args!(",{synthetic}\n"));
    }
}

impl Line {
    fn csv(&self, out: &mut String) {
        let Self { stage, first, last, sessions, running, synthetic, .. } = self;
        put(out, format_args!("{stage},{first},{last},{sessions},{running}"));
        [self.relative_inside].iter().chain(&self.relative_after.0).for_each(|figure| cell(out, *figure));
        put(out, format_args!(",{synthetic}\n"));
    }
}

/// A number after a comma; nothing where it is missing.
fn cell(out: &mut String, figure: Figure) {
    match figure.rounded() {
        Some(number) => put(out, format_args!(",{number}")),
        None => out.push(','),
    }
}

fn put(out: &mut String, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("writing to a string");
}
