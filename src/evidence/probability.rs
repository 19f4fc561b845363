//! A probability that IWM leads SPY, from the stage: given only while its own past forecasts were worth something.

use schemars::JsonSchema;
use serde::Serialize;

use super::brier::Brier;
use super::groups::{Group, MOST_CLASSES};
use super::scorecard::{Outcomes, RESAMPLES};
use crate::day::Day;
use crate::stats::{self, Resamples};

/// The one horizon at which it is asked for, declared before any look at the result.
pub const PROBABILITY_SESSIONS: usize = 126;
/// The first forecast that is scored is that of this session, counted from the first with an outcome: ten years.
const LEARNING_SESSIONS: usize = 2_520;
/// Forecasts that the base rate counts for.
const PRIOR: f64 = 20.0;
/// The seed of the resamples.
const SEED: u64 = 0;

/// What past forecasts were worth, and the one of today if that is more than nothing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Probability {
    /// Sessions until it is decided.
    pub sessions: usize,
    /// The forecast of the last session; `None` unless the interval of the skill lies above 0.
    pub probability: Option<f64>,
    /// Share of past outcomes above 0, as known at the last session.
    pub base_rate: f64,
    /// Forecasts scored.
    pub scored: usize,
    /// Session of the first and the last of them.
    pub span: Option<[Day; 2]>,
    /// Their score in parts.
    pub brier: Option<Brier>,
    /// The score of the base rate as it was known at each.
    pub base_brier: f64,
    /// 1 − score/base score: above 0 where the stage helped.
    pub skill: f64,
    /// 95 % interval of the skill by the stationary bootstrap; `None` where it was not needed.
    pub interval: Option<[f64; 2]>,
}

/// The forecast of one session.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Forecast {
    p: f64,
    base: f64,
}

/// What had followed earlier sessions, as one session after the other is come to, from the first with an outcome on.
struct Past<'a> {
    classes: &'a [Option<u8>],
    outcomes: &'a [f64],
    /// What followed, all together: times that IWM led, and outcomes.
    all: [f64; 2],
    /// The same of the sessions so many horizons back, by the class they were in.
    alike: Vec<[[f64; 2]; MOST_CLASSES + 1]>,
}

impl<'a> Past<'a> {
    fn new(classes: &'a [Option<u8>], outcomes: &'a [f64]) -> Self {
        Self { classes, outcomes, all: [0.0; 2], alike: vec![[[0.0; 2]; MOST_CLASSES + 1]; PROBABILITY_SESSIONS] }
    }

    /// 1 where IWM led after session `t`, 0 where not; `None` where no outcome is there.
    fn event(&self, t: usize) -> Option<f64> {
        self.outcomes.get(t).filter(|outcome| !outcome.is_nan()).map(|&outcome| f64::from(u8::from(outcome > 0.0)))
    }

    /// The forecast at session `t`, the next one, from what had followed by then; `None` where nothing had.
    fn forecast(&mut self, t: usize) -> Option<Forecast> {
        let before = t.checked_sub(PROBABILITY_SESSIONS)?;
        let of = |t: usize| self.classes[t].map_or(MOST_CLASSES, usize::from);
        let (now, then) = (of(t), of(before));
        let event = self.event(before);
        let alike = &mut self.alike[t % PROBABILITY_SESSIONS];
        if let Some(event) = event {
            for [happened, known] in [&mut self.all, &mut alike[then]] {
                (*happened, *known) = (*happened + event, *known + 1.0);
            }
        }
        let ([happened, known], [k, m]) = (self.all, alike[now]);
        let base = happened / known;
        (known > 0.0).then(|| Forecast { p: (k + PRIOR * base) / (m + PRIOR), base })
    }
}

/// Forecasts from the stages and scores them; `None` where nothing was ever followed by an outcome. With `whole` the
/// interval of the skill is measured even where it cannot lie above 0.
pub(super) fn probability(stages: &Group, outcomes: &Outcomes, sessions: &[Day], whole: bool) -> Option<Probability> {
    let classes = &stages.class[outcomes.first..];
    let is_known = |t: usize| classes[t].is_some_and(|class| usize::from(class) < stages.classes.len());
    let mut past = Past::new(classes, &outcomes.values);
    let (mut now, mut at) = (None, Vec::new());
    let (mut forecasts, mut bases, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for t in 0..classes.len() {
        now = past.forecast(t);
        if t + 1 >= LEARNING_SESSIONS
            && is_known(t)
            && let (Some(Forecast { p, base }), Some(event)) = (now, past.event(t))
        {
            at.push(t);
            forecasts.push(p);
            bases.push(base);
            events.push(event);
        }
    }
    let now = now?;
    let score = |(forecast, event): (&f64, &f64)| (forecast - event).powi(2);
    let [scores, base_scores] =
        [&forecasts, &bases].map(|given| given.iter().zip(&events).map(score).collect::<Vec<f64>>());
    let (sum, base_sum) = (scores.iter().sum::<f64>(), base_scores.iter().sum::<f64>());
    let skill = 1.0 - sum / base_sum;
    let interval = (whole || skill > 0.0).then(|| skill_interval(&scores, &base_scores, whole)).flatten();
    let earned = skill > 0.0 && interval.is_some_and(|[low, _]| low > 0.0);
    let day = |t: &usize| sessions[outcomes.first + t];
    Some(Probability {
        sessions: PROBABILITY_SESSIONS,
        probability: (earned && is_known(classes.len() - 1)).then_some(now.p),
        base_rate: now.base,
        scored: at.len(),
        span: at.first().zip(at.last()).map(|(first, last)| [day(first), day(last)]),
        brier: Brier::of(&forecasts, &events),
        base_brier: base_sum / at.len() as f64,
        skill,
        interval,
    })
}

/// Resamples drawn before it is asked whether more are needed.
const DRAWN_AT_ONCE: usize = 500;
/// Ends of the interval.
const ENDS: [f64; 2] = [0.025, 0.975];

/// The 95 % interval of the skill: the two scores of a session resampled together. Unless the `whole` is wanted,
/// `None` as soon as so many resamples are without skill that it cannot lie above 0.
fn skill_interval(scores: &[f64], base_scores: &[f64], whole: bool) -> Option<[f64; 2]> {
    let gains: Vec<f64> = scores.iter().zip(base_scores).map(|(score, base)| base - score).collect();
    if gains.is_empty() {
        return None;
    }
    let block = stats::block_length(&gains).max(PROBABILITY_SESSIONS as f64);
    let running = stats::running(gains.iter().zip(base_scores).map(|(gain, base)| [*gain, *base]));
    let mut skills: Vec<f64> = Vec::with_capacity(RESAMPLES);
    while skills.len() < RESAMPLES {
        let numbers = skills.len()..(skills.len() + DRAWN_AT_ONCE).min(RESAMPLES);
        let resamples = Resamples::draw(gains.len(), block, numbers, SEED);
        skills.extend(resamples.sums(&running).map(|[gain, base]| gain / base));
        let without = skills.iter().filter(|skill| **skill <= 0.0).count();
        if !whole && without as f64 > ENDS[0] * RESAMPLES as f64 + 1.0 {
            return None;
        }
    }
    Some(ENDS.map(|q| stats::quantile(&mut skills, q)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::groups::Kind;

    /// 6,000 sessions in classes 0 and 1 by turns of 200, and outcomes that are above 0 in `hits` of 10.
    fn case(hits: [usize; 2]) -> (Group, Outcomes, Vec<Day>) {
        let n = 6_000;
        let class = (0..n).map(|t| Some((t / 200 % 2) as u8)).collect();
        let value = |t: usize| if t * 7 % 10 < hits[t / 200 % 2] { 0.01 } else { -0.01 };
        let values = (0..n - PROBABILITY_SESSIONS).map(value).collect();
        let group = Group { kind: Kind::Stage, id: "stage", classes: &["a", "b"], class };
        let sessions = (0..n).map(|t| Day::from_number(t as i32)).collect();
        (group, Outcomes { h: PROBABILITY_SESSIONS, first: 0, values }, sessions)
    }

    fn forecasts(group: &Group, outcomes: &Outcomes) -> Vec<Option<Forecast>> {
        let mut past = Past::new(&group.class, &outcomes.values);
        (0..group.class.len()).map(|t| past.forecast(t)).collect()
    }

    #[test]
    fn a_forecast_is_the_base_rate_moved_by_what_followed_alike_sessions() {
        let (group, outcomes, _) = case([8, 3]);
        let forecasts = forecasts(&group, &outcomes);
        let t = 1_000;
        // events among sessions 0 to 874
        let events: Vec<f64> = outcomes.values[..=t - 126].iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
        let base = events.iter().sum::<f64>() / 875.0;
        let alike = [874, 748, 622, 496, 370, 244, 118].map(|s| (s / 200 % 2 == t / 200 % 2, events[s]));
        let m = alike.iter().filter(|(alike, _)| *alike).count() as f64;
        let k: f64 = alike.iter().filter(|(alike, _)| *alike).map(|(_, event)| event).sum();
        let found = forecasts[t].expect("a forecast");
        assert!(m > 0.0 && (found.base - base).abs() < 1e-12);
        assert!((found.p - (k + 20.0 * base) / (m + 20.0)).abs() < 1e-12);
        assert_eq!(forecasts[125], None);
        assert!(forecasts[126].is_some());
    }

    #[test]
    fn later_outcomes_change_no_earlier_forecast() {
        let (group, mut outcomes, _) = case([8, 3]);
        let before = forecasts(&group, &outcomes)[3_000];
        outcomes.values[3_000 - 125..].fill(0.5);
        assert_eq!(forecasts(&group, &outcomes)[3_000], before);
        outcomes.values[3_000 - 126] *= -1.0;
        assert_ne!(forecasts(&group, &outcomes)[3_000], before);
    }

    #[test]
    fn a_stage_that_tells_earns_its_probability_and_one_that_does_not_earns_none() {
        let (group, outcomes, sessions) = case([10, 0]);
        let telling = probability(&group, &outcomes, &sessions, true).expect("forecasts");
        assert!(telling.skill > 0.2 && telling.probability.is_some(), "{telling:?}");
        assert_eq!(telling.scored, 6_000 - 126 - 2_519);
        // what is enough for a verdict comes to the same
        assert_eq!(probability(&group, &outcomes, &sessions, false), Some(telling));
        let (group, outcomes, sessions) = case([5, 5]);
        let silent = probability(&group, &outcomes, &sessions, true).expect("forecasts");
        assert_eq!(silent.probability, None);
        assert!(silent.interval.is_some_and(|[low, _]| low <= 0.0) && (silent.base_rate - 0.5).abs() < 0.01);
        // without a skill no interval is needed
        let cheap = probability(&group, &outcomes, &sessions, false).expect("forecasts");
        assert_eq!((cheap.probability, cheap.skill), (None, silent.skill));
    }
}
