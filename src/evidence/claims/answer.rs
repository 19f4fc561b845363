//! The answer to a claim.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Claim, Measured, Sources, Unit};
use crate::day::Day;

/// Days that the last figure may lie before the day asked for.
const CARRY_DAYS: i32 = 5;

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Finding {
    /// It does.
    #[serde(rename = "true")]
    True,
    /// It does not.
    #[serde(rename = "false")]
    False,
    /// What it rests on is not had.
    #[serde(rename = "not checkable")]
    NotCheckable,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The claim in its own words.
    pub text: String,
    /// The session it was checked as of.
    pub as_of: Day,
    /// Whether it holds.
    pub finding: Finding,
    /// What was measured.
    pub measured: String,
    /// The figure; `NaN` where none could be measured.
    pub figure: f64,
    /// What it is counted in.
    pub unit: Unit,
    /// More about it, or why nothing could be measured.
    pub detail: Option<String>,
    /// The first day it was true.
    pub first_true: Option<Day>,
    /// The last day it was true.
    pub last_true: Option<Day>,
}

/// The answers to several claims, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answers {
    /// An answer a claim.
    pub claims: Vec<Answer>,
}

/// Checks `claim` as of the last session of the sources.
pub fn answer(claim: &Claim, sources: Sources) -> Answer {
    let as_of = sources.market.reference();
    let mut answer = Answer {
        text: claim.text.clone(),
        as_of,
        finding: Finding::NotCheckable,
        measured: claim.name(),
        figure: f64::NAN,
        unit: claim.unit(),
        detail: None,
        first_true: None,
        last_true: None,
    };
    match claim.measure(sources) {
        Err(reason) => answer.detail = Some(reason),
        Ok(measured) => answer.judge(claim, measured),
    }
    answer
}

impl Answer {
    fn judge(&mut self, claim: &Claim, measured: Measured) {
        let Measured { day, figure, held, detail } = measured;
        let holds = |i: &usize| {
            let within = claim.bounds.hold(figure[*i]) && held.get(*i).copied().unwrap_or(true);
            !figure[*i].is_nan() && within
        };
        self.first_true = (0..day.len()).find(holds).map(|i| day[i]);
        self.last_true = (0..day.len()).rev().find(holds).map(|i| day[i]);
        self.detail = detail;
        let Some(last) = day.len().checked_sub(1) else {
            self.detail = Some("no day can be measured yet".into());
            return;
        };
        if self.as_of.since(day[last]) > CARRY_DAYS {
            self.detail = Some(format!("the last value is of {}", day[last]));
        } else if figure[last].is_nan() {
            let known = figure.iter().rposition(|figure| !figure.is_nan());
            let seen = known.map_or("there is no figure yet".into(), |i| format!("the last figure is of {}", day[i]));
            self.detail = Some(seen);
        } else {
            self.figure = figure[last];
            self.finding = if holds(&last) { Finding::True } else { Finding::False };
        }
    }
}
