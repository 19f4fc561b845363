//! What became of an input.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::Known;
use crate::bars::{IMPORTED, Series, SeriesId};
use crate::day::Day;
use crate::inputs::{self, Input, Need};

/// Sessions without a new value after which a source has evidently ended its series.
const ENDED_AFTER_SESSIONS: u32 = 252;

/// Whether an input can be used at the reference session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Present.
    Ok,
    /// Had, but its last value is too old.
    Stale,
    /// Had, and without a new value for a year: its source has ended it.
    Ended,
    /// Had, and not to be used: something speaks against it.
    Withheld,
    /// Expected and never had.
    Missing,
    /// The user's to give, and never given.
    Absent,
}

impl State {
    /// Of an input whose last value is `sessions` old and may be carried for `limit`.
    pub fn aged(sessions: u32, limit: u32) -> Self {
        match sessions {
            _ if sessions <= limit => Self::Ok,
            _ if sessions > ENDED_AFTER_SESSIONS => Self::Ended,
            _ => Self::Stale,
        }
    }
}

/// One input as loaded and cut to the reference session.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InputState {
    /// Name.
    pub id: String,
    /// The series it was made of.
    #[serde(serialize_with = "names")]
    #[schemars(with = "Vec<String>")]
    pub series: Vec<SeriesId>,
    /// Who served them.
    pub source: Option<String>,
    /// First day with a value.
    pub first: Option<Day>,
    /// Last day with a value, at the reference session.
    pub last: Option<Day>,
    /// Number of values.
    pub rows: usize,
    /// Sessions from the last value to the reference session.
    pub age_sessions: Option<u32>,
    /// When it was fetched or imported.
    pub fetched_at: Option<String>,
    /// Hash of the stored columns.
    pub hash: Option<String>,
    /// Whether its past is restated by its source.
    pub revised: bool,
    /// Whether it can be used.
    pub state: State,
    /// What its absence means.
    #[serde(skip)]
    pub need: Need,
    /// Why it is withheld, if it is.
    #[serde(skip)]
    pub withheld: Option<String>,
}

impl InputState {
    /// The state of an input made of `held` series, before its dates are looked at.
    pub(super) fn new(input: &Input, held: &[(SeriesId, &Series)]) -> Self {
        let joined = |of: fn(&Series) -> Vec<&str>| {
            let mut parts: Vec<&str> = held.iter().flat_map(|(_, series)| of(series)).collect();
            parts.dedup();
            (!parts.is_empty()).then(|| parts.join("+"))
        };
        let state = match (held.is_empty(), input.need) {
            (true, Need::Yours) => State::Absent,
            _ => State::Missing,
        };
        Self {
            id: input.id.clone(),
            series: held.iter().map(|(id, _)| id.clone()).collect(),
            source: joined(|series| series.origin.sources().collect()),
            first: None,
            last: None,
            rows: 0,
            age_sessions: None,
            fetched_at: held.iter().map(|(_, series)| series.origin.fetched_at.clone()).max(),
            hash: joined(|series| vec![&series.hash]),
            revised: held.iter().any(|(id, _)| inputs::is_revised(&id.name)),
            state,
            need: input.need,
            withheld: None,
        }
    }

    /// Judges values for `days`, which ascend, of which those up to `reference` were known then.
    pub(super) fn judge(&mut self, days: &[Day], age: impl Fn(Day, Day) -> u32, reference: Day, limit: u32) {
        let known = &days[..days.partition_point(|&day| day <= reference)];
        let (Some(&first), Some(&last)) = (known.first(), known.last()) else { return };
        (self.first, self.last, self.rows) = (Some(first), Some(last), known.len());
        let sessions = age(last, reference);
        self.age_sessions = Some(sessions);
        self.state = State::aged(sessions, limit);
    }

    /// Says that it is not to be used, and why.
    pub(super) fn withhold(&mut self, reason: String) {
        self.state = State::Withheld;
        self.withheld = Some(reason);
    }

    /// What to do about it where it is withheld.
    pub fn remedy(&self) -> String {
        let id = &self.id;
        // a fetch never replaces what was imported
        if self.source.as_ref().is_some_and(|source| source.contains(IMPORTED)) {
            return format!("correct the file of {id} and give it with `rotation import --replace`");
        }
        format!("try `rotation fetch --full {id}`, or give {id} with `rotation import`")
    }

    /// Judges values that become known after the day they are for.
    pub(super) fn judge_known(&mut self, known: &Known, age: impl Fn(Day, Day) -> u32, reference: Day, limit: u32) {
        let points = &known.points;
        let (Some(&last), Some(&since)) = (points.day.last(), points.known_from.last()) else { return };
        self.first = points.day.first().copied();
        self.last = Some(last);
        self.rows = points.len();
        self.age_sessions = Some(age(last, reference));
        self.state = State::aged(age(since, reference), limit);
    }
}

/// Writes series by name.
fn names<S: Serializer>(series: &[SeriesId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(series.iter().map(ToString::to_string))
}

/// An input that a signal cannot do without is not to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The input.
    pub input: String,
    /// What became of it.
    pub state: State,
    /// More about that, where there is more to say.
    pub reason: Option<String>,
}

impl Missing {
    /// Says that `input` is not to be had.
    pub fn new(input: impl Into<String>, state: State) -> Self {
        Self { input: input.into(), state, reason: None }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.state, &self.reason) {
            (State::Absent, _) => write!(f, "{} was never given", self.input),
            (State::Withheld, Some(reason)) => write!(f, "{} is withheld: {reason}", self.input),
            (State::Withheld, None) => write!(f, "{} is withheld", self.input),
            _ => write!(f, "{} is not in the store", self.input),
        }
    }
}

impl std::error::Error for Missing {}
