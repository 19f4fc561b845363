//! Signals: each a causal track over the sessions, with the readings and the vote of every one.
//!
//! A new signal is one file here and one line in [`SIGNALS`].

mod breakout;
mod constituent_breadth;
mod credit;
mod curve;
mod cycles;
mod equal_weight;
mod financial_conditions;
mod group_breadth;
mod groups;
mod in_sync;
mod lending_standards;
mod monthly_streak;
mod next;
mod policy_cycle;
mod positioning;
mod published;
mod rate_pressure;
mod regional_banks;
mod relative;
mod relative_momentum;
mod relative_strength;
mod rotation_quadrant;
mod sector_leadership;
mod track;
mod valuation_gap;
mod volume;
mod words;

pub(crate) use monthly_streak::runs_of_gains;
pub use next::{Next, Past, run_start};
pub use track::{Column, Track, Value, Vote, Votes, beyond, keeps, said};
pub(crate) use valuation_gap::{FRESH_DAYS as PE_FRESH_DAYS, pe_pair};

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Settings;
use crate::series::{Depth, Market, Missing};

/// The question a signal helps to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Pillar {
    /// Is money already moving?
    Leadership,
    /// Is it broad?
    Participation,
    /// Is the headwind fading?
    Pressure,
    /// Is there room to run?
    Fuel,
    /// Is there a rhythm? Shown beside the others; its votes count in no score.
    Cycles,
}

impl Pillar {
    /// Every pillar that counts, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Leadership, Self::Participation, Self::Pressure, Self::Fuel];

    /// Whether its votes count.
    pub fn counts(self) -> bool {
        Self::ALL.contains(&self)
    }

    /// Name in the output.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Leadership => "leadership",
            Self::Participation => "participation",
            Self::Pressure => "pressure",
            Self::Fuel => "fuel",
            Self::Cycles => "cycles",
        }
    }
}

/// What a reading is counted in; decides how people are shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A fraction, shown as percent (0.012 as +1.2 %).
    Fraction,
    /// A share between 0 and 1, shown as percent without a sign.
    Share,
    /// A bare number (a ratio, a P/E, a z-score).
    Number,
    /// 0 to 100.
    Percentile,
    /// Dollars a share, as quoted.
    Price,
    /// Percentage points or percent, as published (4.25).
    Percent,
    /// Hundredths of a percentage point.
    BasisPoints,
    /// A count of days, sessions or members.
    Count,
    /// A day, a word, or yes and no.
    Plain,
}

/// A named figure of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Name in JSON.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
}

/// A reading called `name`, counted in `unit`.
pub const fn reading(name: &'static str, unit: Unit) -> Reading {
    Reading { name, unit }
}

/// The readings of one session, by name.
pub struct Snapshot<'a> {
    readings: &'static [Reading],
    track: &'a Track,
    session: usize,
}

impl<'a> Snapshot<'a> {
    /// The readings of `track` at `session`.
    pub fn new(signal: &Signal, track: &'a Track, session: usize) -> Self {
        Self { readings: signal.readings, track, session }
    }

    /// The reading called `name`.
    ///
    /// # Panics
    /// When the signal has no such reading: a mistake in the signal's own file.
    pub fn get(&self, name: &str) -> Value {
        let at = self.readings.iter().position(|reading| reading.name == name).expect("a reading of this signal");
        self.track.columns[at].value(self.session)
    }

    /// The same as a number; `NaN` when it is none or missing.
    pub fn number(&self, name: &str) -> f64 {
        match self.get(name) {
            Value::Number(number) => number,
            _ => f64::NAN,
        }
    }
}

/// One row of the table of signals.
pub struct Signal {
    /// Name in every output, `kebab-case`; its file is the same in `snake_case`.
    pub id: &'static str,
    /// The question it helps to answer.
    pub pillar: Pillar,
    /// Its readings, in the order of the track's columns.
    pub readings: &'static [Reading],
    /// The reading whose place in its own history is shown: the one that decides.
    pub headline: fn(&Snapshot) -> &'static str,
    /// What the figures are measured on (`total return`, `close`, `as published`).
    pub basis: &'static str,
    /// The inputs it reads.
    pub inputs: fn(&Settings) -> Vec<String>,
    /// Readings and vote of every session, from that session and earlier ones alone.
    pub track: fn(&Market) -> Result<Track, Missing>,
    /// What the vote of the session to come rests on.
    pub next: Next,
    /// One line for people: what the readings say, in words and figures.
    pub summary: fn(&Snapshot) -> String,
    /// What it asks and why it matters, in two sentences for a reader of market commentary.
    pub meaning: &'static str,
    /// The formula of its deciding reading.
    pub formula: &'static str,
    /// When it votes which way, under these settings.
    pub rule: fn(&Settings) -> String,
    /// Where the definition comes from.
    pub source: &'static str,
}

impl Signal {
    /// What the signal says of `market`, as far as it is asked.
    ///
    /// # Errors
    /// Those of the track.
    pub fn measure(&self, market: &Market) -> Result<Track, Missing> {
        let mut track = (self.track)(market)?;
        if market.depth != Depth::Whole {
            track.cut(self.deciding(&track));
        }
        Ok(track)
    }

    /// The place among the readings of the one that decides at the last session of `track`.
    pub fn deciding(&self, track: &Track) -> Option<usize> {
        let last = track.votes.len().checked_sub(1)?;
        let headline = (self.headline)(&Snapshot::new(self, track, last));
        self.readings.iter().position(|reading| reading.name == headline)
    }
}

/// Every signal, in the order of the report.
pub const SIGNALS: &[Signal] = &[
    relative_strength::SIGNAL,
    relative_momentum::SIGNAL,
    rotation_quadrant::SIGNAL,
    monthly_streak::SIGNAL,
    breakout::SIGNAL,
    group_breadth::SIGNAL,
    sector_leadership::SIGNAL,
    constituent_breadth::SIGNAL,
    volume::SIGNAL,
    in_sync::SIGNAL,
    equal_weight::SIGNAL,
    policy_cycle::SIGNAL,
    rate_pressure::SIGNAL,
    curve::SIGNAL,
    credit::SIGNAL,
    financial_conditions::SIGNAL,
    lending_standards::SIGNAL,
    regional_banks::SIGNAL,
    valuation_gap::SIGNAL,
    positioning::SIGNAL,
    cycles::SIGNAL,
];

/// Input names as a signal's table row gives them.
fn named(inputs: &[&str]) -> Vec<String> {
    inputs.iter().map(ToString::to_string).collect()
}
