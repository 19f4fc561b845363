//! From votes to a stage: pillars, coverage, the table of stages with its confirmation, the posture, and what would
//! change them at the next close.

mod flips;
mod pillars;
mod posture;
mod stages;

pub use flips::{Change, Flip, Flips, flips};
pub use pillars::{Tally, Weighed};
pub use posture::{Posture, STATEMENT, Volatility};
pub use stages::{CONFIRMATION_SESSIONS, COVERAGE_NEEDED, FADING_SESSIONS, Stage, Staged};

use crate::config::Weights;
use crate::series::{Market, Missing, State};
use crate::signals::{Pillar, Signal, Track};
use pillars::{Ballot, count};
use stages::{Figures, stages};

/// A signal with what it says of every session, or the input it cannot do without.
pub type Tracked = (&'static Signal, Result<Track, Missing>);

/// The inputs without which there is no verdict.
pub const REQUIRED: [&str; 2] = ["IWM", "SPY"];

/// What the votes of every session come to. Each session rests on itself and earlier ones alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Pillars, score and coverage of each session.
    pub weighed: Vec<Weighed>,
    /// Candidate and stage of each session.
    pub staged: Vec<Staged>,
    /// Why the last session has its stage: the rule that called for it, with its figures.
    pub rule: String,
    /// What the last session's stage comes to.
    pub posture: Posture,
}

/// The weight of `pillar` under `weights`.
pub fn weight(weights: &Weights, pillar: Pillar) -> f64 {
    pillars::weight(weights, pillar)
}

/// Whether the user has given `signal` anything to speak from: a signal all of whose inputs are absent
/// is not set up. It does not depend on the session.
pub fn is_set_up(market: &Market, signal: &Signal) -> bool {
    let inputs = (signal.inputs)(&market.settings);
    let absent = |input: &String| market.state(input).is_some_and(|state| state.state == State::Absent);
    inputs.is_empty() || !inputs.iter().all(absent)
}

/// Whether `IWM` and `SPY` both have a close, for each session.
pub fn priced(market: &Market) -> Vec<bool> {
    let closes: Vec<_> = REQUIRED.iter().filter_map(|input| Some(&market.prices(input).ok()?.close)).collect();
    let both = closes.len() == REQUIRED.len();
    (0..market.sessions.len()).map(|t| both && closes.iter().all(|close| close[t].is_finite())).collect()
}

/// Weighs the votes of every session.
pub fn weigh(market: &Market, tracks: &[Tracked]) -> Verdict {
    let ballots: Vec<Ballot> = tracks
        .iter()
        .filter(|(signal, _)| signal.pillar.counts())
        .map(|(signal, track)| Ballot {
            pillar: signal.pillar,
            set_up: is_set_up(market, signal),
            votes: track.as_ref().ok().map(|track| track.votes.as_slice()),
        })
        .collect();
    let judge = || {
        let weighed = count(&ballots, &market.settings.weights, market.sessions.len());
        let staged = stages(weighed.iter().zip(priced(market)), |&(day, priced)| Figures::of(day, priced));
        (weighed, staged)
    };
    let ((weighed, staged), volatility) = rayon::join(judge, || Volatility::measure(market));
    let rule = rule(market, &staged, &weighed);
    let posture = Posture::of(staged[market.last()].stage, volatility.as_ref());
    Verdict { weighed, staged, rule, posture }
}

/// Why the last session has its stage.
fn rule(market: &Market, staged: &[Staged], weighed: &[Weighed]) -> String {
    let last = market.last();
    let Staged { stage, fired, .. } = staged[last];
    if stage == Stage::Unknown {
        return doubt(market, &weighed[last]);
    }
    let rule = Figures::of(&weighed[fired], true).rule(stage);
    if fired == last { rule } else { format!("{rule} (on {})", market.sessions[fired]) }
}

/// Why nothing can be said at the last session.
fn doubt(market: &Market, day: &Weighed) -> String {
    let unpriced: Vec<String> = REQUIRED.iter().filter_map(|input| without_close(market, input)).collect();
    if !unpriced.is_empty() {
        return unpriced.join("; ");
    }
    let leadership = &day.pillars[Pillar::Leadership as usize];
    if leadership.score().is_nan() {
        let all = leadership.in_favour + leadership.against + leadership.neutral + leadership.missing;
        return format!("leadership is unknown: {} of its {all} signals cannot vote", leadership.missing);
    }
    format!("coverage {:.0} % is below {:.0} %", day.coverage * 100.0, COVERAGE_NEEDED * 100.0)
}

/// Says that `input` has no close at the reference session, `None` where it has one.
fn without_close(market: &Market, input: &str) -> Option<String> {
    let prices = match market.prices(input) {
        Ok(prices) => prices,
        Err(missing) => return Some(missing.to_string()),
    };
    if prices.close[market.last()].is_finite() {
        return None;
    }
    let day = market.reference();
    Some(match prices.close.iter().rposition(|close| close.is_finite()) {
        Some(at) => format!("{input} has no close on {day}, the last is of {}", market.sessions[at]),
        None => format!("{input} has no close up to {day}"),
    })
}

#[cfg(test)]
mod tests;
