//! What followed such verdicts, as it stands under one.

use schemars::JsonSchema;
use serde::Serialize;

use super::Figure;
use super::figures::{NO_FIGURE, count, percent, signed};
use crate::evidence::{Beneath, FEWEST_WINDOWS, Followed, PROBABILITY_SESSIONS, Probability, beneath};
use crate::series::Market;
use crate::verdict::{Stage, Verdict};

/// The record of the stage of today.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Evidence {
    /// Sessions in this stage so far.
    pub sessions: usize,
    /// Their share of the sessions whose stage is known; null without one.
    pub share: Figure,
    /// Spells of it.
    pub spells: usize,
    /// What followed, by horizon; empty while nothing can be said.
    pub horizons: Vec<HorizonRow>,
    /// That IWM leads SPY over 126 sessions; null unless past forecasts have earned it.
    pub probability: Figure,
    /// What it is worth, in words.
    pub note: String,
    /// How often the stage occurred, what followed, and what that is worth.
    #[serde(skip)]
    lines: Vec<[String; 2]>,
}

/// What followed at one horizon: log returns of IWM over SPY.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HorizonRow {
    /// The horizon h.
    pub sessions: usize,
    /// Sessions of the stage with an outcome.
    pub n: usize,
    /// n/h.
    pub n_effective: Figure,
    /// Mean outcome.
    pub mean: Figure,
    /// The same of all sessions.
    pub base_mean: Figure,
    /// Share of outcomes above 0.
    pub hit_rate: Figure,
    /// The same of all sessions.
    pub base_rate: Figure,
    /// t of the stage against the others; null with too few windows.
    pub newey_west_t: Option<Figure>,
    /// 95 % interval of `mean − base_mean`; null with too few windows.
    pub interval: Option<[Figure; 2]>,
}

impl Evidence {
    /// What followed such verdicts as the one of the market's reference session.
    pub fn of(market: &Market, verdict: &Verdict) -> Self {
        let stage = verdict.staged[market.last()].stage;
        Self::new(stage, beneath(market, verdict).as_ref())
    }

    /// What is said of `found`, the record of the stage of today; of none that there is none.
    pub(super) fn new(stage: Stage, found: Option<&Beneath>) -> Self {
        let Some(found) = found else {
            return Self::none(match stage {
                Stage::Unknown => "an unknown stage has no record",
                _ => "nothing has followed this stage yet",
            });
        };
        let note = format!("{}; {}", worth(&found.horizons), chance(found.probability.as_ref()));
        let occurred = format!(
            "this stage in {} of the sessions since {}, in {} of {} on average",
            percent(found.share),
            found.first,
            count(found.spells, "spell"),
            count((found.sessions as f64 / found.spells as f64).round() as usize, "session")
        );
        let lines = vec![
            ["record".into(), occurred],
            ["followed".into(), followed(&found.horizons)],
            ["worth".into(), note.clone()],
        ];
        Self {
            sessions: found.sessions,
            share: Figure(found.share),
            spells: found.spells,
            horizons: found.horizons.iter().map(HorizonRow::new).collect(),
            probability: Figure(found.probability.as_ref().and_then(|found| found.probability).unwrap_or(f64::NAN)),
            note,
            lines,
        }
    }

    /// No record, and why.
    pub(super) fn none(note: &str) -> Self {
        Self {
            sessions: 0,
            share: Figure(f64::NAN),
            spells: 0,
            horizons: Vec::new(),
            probability: Figure(f64::NAN),
            note: note.into(),
            lines: vec![["record".into(), note.into()]],
        }
    }

    /// The lines for people, each with its label.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().map(|[label, text]| (label.as_str(), text.as_str()))
    }
}

impl HorizonRow {
    fn new(followed: &Followed) -> Self {
        Self {
            sessions: followed.sessions,
            n: followed.n,
            n_effective: Figure(followed.n_effective),
            mean: Figure(followed.mean),
            base_mean: Figure(followed.base_mean),
            hit_rate: Figure(followed.hit_rate),
            base_rate: Figure(followed.base_rate),
            newey_west_t: followed.newey_west_t.map(Figure),
            interval: followed.interval.map(|interval| interval.map(Figure)),
        }
    }
}

/// What followed at the declared horizon, against all sessions.
fn followed(horizons: &[Followed]) -> String {
    let Some(found) = horizons.iter().find(|found| found.sessions == PROBABILITY_SESSIONS) else {
        return format!("{NO_FIGURE} no {PROBABILITY_SESSIONS} sessions have passed since one of them");
    };
    let points = |fraction: f64| format!("{} %", signed(100.0 * fraction, 1));
    let interval =
        found.interval.map_or(format!("too few for an interval, {:.1} windows", found.n_effective), |[low, high]| {
            format!("95 % interval {} to {}", points(low), points(high))
        });
    format!(
        "{} sessions later IWM less SPY {} on average, {} after all sessions: a difference of {}, {interval}; ahead in {} \
         of cases, {} of all",
        found.sessions,
        points(found.mean),
        points(found.base_mean),
        points(found.difference),
        percent(found.hit_rate),
        percent(found.base_rate)
    )
}

/// What the differences are worth.
fn worth(horizons: &[Followed]) -> String {
    let judged: Vec<(&Followed, [f64; 2])> =
        horizons.iter().filter_map(|found| Some((found, found.interval?))).collect();
    if judged.is_empty() {
        return format!("too few to say: fewer than {FEWEST_WINDOWS} independent windows at every horizon");
    }
    let apart: Vec<&Followed> =
        judged.iter().filter(|(_, [low, high])| *low > 0.0 || *high < 0.0).map(|(found, _)| *found).collect();
    let named = |of: &[&Followed]| of.iter().map(|found| found.sessions.to_string()).collect::<Vec<_>>().join(", ");
    let all: Vec<&Followed> = judged.iter().map(|(found, _)| *found).collect();
    let Some(eager) = apart.iter().filter_map(|found| found.interval_size).reduce(f64::max) else {
        return format!("no difference that chance does not show: the interval holds 0 after {} sessions", named(&all));
    };
    format!(
        "the interval leaves out 0 after {} sessions, looked at after {}; without any edge it does so in up to {} of \
         cases each",
        named(&apart),
        named(&all),
        percent(eager)
    )
}

/// The probability, or that there is none.
fn chance(probability: Option<&Probability>) -> String {
    let Some(found) = probability else { return "no probability: nothing to forecast from".into() };
    match found.probability {
        Some(probability) => format!(
            "probability of IWM ahead after {} sessions {}, base rate {}",
            found.sessions,
            percent(probability),
            percent(found.base_rate)
        ),
        None => format!(
            "no probability but the base rate of {}, which the stage has not been shown to better",
            percent(found.base_rate)
        ),
    }
}
