//! The report: one value, and one file for each format it is written in.

mod beneath;
mod claims;
mod csv;
mod explain;
mod figures;
mod flips;
mod gather;
mod headline;
mod history;
mod html;
mod ink;
pub mod journal;
mod json;
mod line;
mod markdown;
mod notes;
mod page;
mod pictures;
mod readings;
mod record;
mod rounded;
mod rows;
mod spark;
mod studies;
mod table;
mod words;

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

pub use beneath::{Evidence, HorizonRow};
pub use claims::{answers, audit};
pub use explain::explain;
pub use figures::{Figure, count, figure, whole};
pub use flips::{ChangeRow, FlipRow, NextClose, Said};
pub use history::{LINES, Line, Session, Sessions};
pub use page::Page;
pub use pictures::Pictures;
pub use readings::{Readings, Reasons};
pub use record::record;
pub use rounded::{Told, pretty};
pub use studies::{study, study_csv};

use crate::bars::Warning;
use crate::day::Day;
use crate::journal::Change;
use crate::series::InputState;
use crate::signals::{Pillar, SIGNALS};
use crate::verdict::{Posture, Stage};

/// The version of the contract below; it changes when a field is renamed, removed or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything `check` says. Its fields, in this order, are the contract of the JSON.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The reference session: everything was known at its close.
    pub as_of: Day,
    /// Whether the market was made up.
    pub synthetic: bool,
    /// The stage and how it came about.
    pub verdict: Outcome,
    /// What changed since the last verdict of an earlier session under the same settings; null where the
    /// journal has none.
    pub change: Option<Change>,
    /// The questions, in order.
    pub pillars: Vec<PillarRow>,
    /// The signals, in order.
    pub signals: Vec<SignalRow>,
    /// What the rate series say.
    pub rate_regime: RateRegime,
    /// What would change at the next close; null where it was not asked for.
    pub flips: Option<Vec<FlipRow>>,
    /// The session of that close; null where it was not asked for.
    pub next_close: Option<NextClose>,
    /// What followed such verdicts.
    pub evidence: Evidence,
    /// What every input was.
    pub inputs: Vec<InputState>,
    /// What the user should know of this run.
    pub warnings: Vec<Warning>,
    /// Settings that differ from the defaults and bear on the figures.
    pub settings: Vec<Setting>,
    /// What the pictures show, for the formats that have some.
    #[serde(skip)]
    pub pictures: Option<Pictures>,
}

/// The verdict of the reference session.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outcome {
    /// The stage.
    pub stage: Stage,
    /// The session from which it has stood.
    pub since: Day,
    /// Sessions it has stood for, the reference session included.
    pub sessions_in_stage: usize,
    /// The stage before it; null when none was.
    pub previous_stage: Option<Stage>,
    /// What the rules call for at the reference session alone.
    pub candidate: Stage,
    /// Consecutive sessions they have called for it.
    pub candidate_sessions: u32,
    /// Σ weight × pillar score.
    pub score: Figure,
    /// Weight of the signals that vote ÷ weight of those set up.
    pub coverage: Figure,
    /// The rule that called for the stage, with its figures.
    pub rule: String,
    /// What the stage comes to.
    pub posture: Posture,
    /// The way out of an unknown stage; null when the stage is known.
    pub next_step: Option<String>,
}

/// One pillar.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PillarRow {
    /// Name.
    pub id: Pillar,
    /// Mean of its votes; null when fewer than half of its signals vote.
    pub score: Figure,
    /// Votes for rotation into small caps.
    #[serde(rename = "for")]
    pub in_favour: u32,
    /// Votes against.
    pub against: u32,
    /// Votes of 0.
    pub neutral: u32,
    /// Signals without a vote.
    pub missing: u32,
    /// What it counts for.
    pub weight: Figure,
}

/// One signal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SignalRow {
    /// Name.
    #[schemars(extend("enum" = signal_names()))]
    pub id: &'static str,
    /// The question it helps to answer.
    pub pillar: Pillar,
    /// +1, 0, −1, or null.
    pub vote: Option<i8>,
    /// Whether the vote is an earlier one that was kept, as nothing called for another.
    pub kept: bool,
    /// The first session of the trailing run of this vote; sessions without a vote do not break it.
    pub since: Option<Day>,
    /// The readings in words; null without a vote, but for a signal beside the pillars that was measured and
    /// abstains.
    pub summary: Option<String>,
    /// Its figures by name.
    pub readings: Readings,
    /// What they are measured on.
    pub basis: &'static str,
    /// The last session with a vote.
    pub as_of: Option<Day>,
    /// What it reads.
    pub inputs: Vec<String>,
    /// Why there is no vote.
    pub missing: Option<String>,
    /// Why readings are null, by name; empty when the signal as a whole is missing.
    pub reasons: Reasons,
    /// The place of its headline reading in its own past; null without one.
    pub history: Option<History>,
}

/// The names of the signals, for the schema.
fn signal_names() -> Vec<&'static str> {
    SIGNALS.iter().map(|signal| signal.id).collect()
}

impl SignalRow {
    /// Whether it was measured and has no vote to give.
    fn abstains(&self) -> bool {
        self.vote.is_none() && self.summary.is_some()
    }
}

/// The place of a reading among all its values up to the reference session.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct History {
    /// Name of the reading.
    pub reading: &'static str,
    /// 100·(less + ½·equal)/n.
    pub percentile: Figure,
    /// The number of values, n.
    pub sessions: usize,
    /// The last year, in few values, for a picture.
    #[serde(skip)]
    pub year: Vec<f64>,
}

/// What the rate series say together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RateRegime {
    /// The state of the policy cycle.
    pub state: Option<String>,
    /// Yes, no, or null where it is not known.
    pub flags: RateFlags,
}

/// The parts of the rate regime.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct RateFlags {
    /// The policy rate is being cut.
    pub easing: Option<bool>,
    /// The policy rate is being raised.
    pub hiking: Option<bool>,
    /// Short rates do not press harder.
    pub not_intensifying: Option<bool>,
    /// The curve has steepened over 63 sessions.
    pub steepening: Option<bool>,
    /// Ten-year yields stand below two-year yields.
    pub inverted: Option<bool>,
    /// Credit spreads neither widen nor stand high.
    pub credit_calm: Option<bool>,
}

/// A setting that differs from its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// Its path in the configuration file.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The default.
    pub default: String,
}

/// One way to write a report.
pub struct Format {
    /// Name on the command line.
    pub name: &'static str,
    /// Whether it shows all of a report: what the next close would change and what followed such verdicts are found
    /// for such a format alone.
    pub whole: bool,
    /// Whether it has pictures, whose histories are gathered for it alone.
    pub pictured: bool,
    /// Writes it.
    pub render: fn(&Report, &Page) -> Result<String>,
}

/// Every format; the first is the default.
pub const FORMATS: &[Format] = &[
    Format { name: "table", whole: true, pictured: false, render: table::render },
    Format { name: "line", whole: false, pictured: false, render: line::render },
    Format { name: "json", whole: true, pictured: false, render: json::render },
    Format { name: "csv", whole: false, pictured: false, render: csv::render },
    Format { name: "markdown", whole: true, pictured: false, render: markdown::render },
    Format { name: "html", whole: true, pictured: true, render: html::render },
];

#[cfg(test)]
mod tests;
