//! What a stage comes to, in plain words. It describes the state; it promises nothing.

use schemars::JsonSchema;
use serde::Serialize;

use super::Stage;
use crate::series::Market;
use crate::stats;

/// Daily returns in the volatility.
const VOLATILITY_SESSIONS: usize = 63;
/// Sessions in a year, for an annual figure.
const YEAR_SESSIONS: f64 = 252.0;
/// Percentile of the volatility in its own history from which the risk is one step higher.
const RAISED_FROM: f64 = 80.0;
/// Past values that make a history.
const ENOUGH_PAST: usize = 252;

/// What a stage comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Posture {
    /// What the state gives reason for.
    pub action: String,
    /// Which side it leans to.
    pub stance: String,
    /// How long such a state is a matter of.
    pub time_frame: String,
    /// How much can go against the stance, and why.
    pub risk: String,
    /// What kind of statement all this is: [`STATEMENT`].
    pub statement: &'static str,
}

/// What kind of statement a verdict is.
pub const STATEMENT: &str =
    "what prices and rates show at that close, by fixed rules: a description of a state, no forecast and no advice";

/// How much the small caps move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volatility {
    /// Standard deviation of the last 63 daily log returns of IWM (total return), a year's.
    pub annual: f64,
    /// Its place in its own history up to now, 0 to 100; `NaN` with less than a year of it.
    pub percentile: f64,
}

/// Degrees of risk, each one step above the one before.
const RISKS: [&str; 4] = ["moderate", "elevated", "high", "very high"];

/// The words of a stage: action, stance, time frame, and the index of its risk.
///
/// The time frame is how long three in four of its runs lasted at most in real history: within two months they are
/// weeks, else weeks to months (a test on real history holds it).
const fn words(stage: Stage) -> (&'static str, &'static str, &'static str, Option<usize>) {
    match stage {
        Stage::Unknown => ("none, too little is known", "open", "until the missing figures are there", None),
        Stage::None => ("no tilt to small caps", "neutral, or large caps", "weeks to months", Some(2)),
        Stage::Setup => ("watch, no tilt yet", "neutral", "weeks", Some(2)),
        Stage::Early => ("a partial tilt to small caps", "leaning to small caps", "weeks", Some(1)),
        Stage::Confirmed => ("a full tilt to small caps", "small caps", "weeks to months", Some(0)),
        Stage::Fading => ("take the tilt back", "towards neutral", "weeks to months", Some(2)),
    }
}

impl Posture {
    /// The posture of `stage`, with the risk raised one step when IWM moves more than it mostly does.
    pub(super) fn of(stage: Stage, volatility: Option<&Volatility>) -> Self {
        let (action, stance, time_frame, risk) = words(stage);
        let risk = risk.map_or_else(|| "not judged".into(), |step| risk_text(step, volatility));
        Self { action: action.into(), stance: stance.into(), time_frame: time_frame.into(), risk, statement: STATEMENT }
    }
}

/// The risk in words, from its step without regard to volatility.
fn risk_text(step: usize, volatility: Option<&Volatility>) -> String {
    let Some(Volatility { annual, percentile }) = volatility.filter(|volatility| !volatility.percentile.is_nan())
    else {
        return format!("{}, IWM's volatility cannot be judged", RISKS[step]);
    };
    let (annual, place) = (annual * 100.0, percentile.floor());
    let measured = format!("63-session volatility of IWM {annual:.0} % a year, percentile {place} of its history");
    if *percentile >= RAISED_FROM {
        format!("{}, raised from {}: {measured} ({RAISED_FROM} raises it)", RISKS[step + 1], RISKS[step])
    } else {
        format!("{}; {measured}", RISKS[step])
    }
}

impl Volatility {
    /// The volatility of IWM at the last session; `None` without enough prices.
    pub fn measure(market: &Market) -> Option<Self> {
        let prices = market.prices("IWM").ok()?;
        let observed = market.observe(&[("IWM", &prices.total_return)]);
        let logs: Vec<f64> = observed.gather(&prices.total_return).iter().map(|level| level.ln()).collect();
        let returns: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let deviations = stats::deviation(&returns, VOLATILITY_SESSIONS);
        let column = observed.figure(VOLATILITY_SESSIONS + 1, deviations).values;
        let now = *column.last().filter(|value| value.is_finite())?;
        let (percentile, past) = stats::place_among(&column, now);
        let percentile = if past < ENOUGH_PAST { f64::NAN } else { percentile };
        Some(Self { annual: now * YEAR_SESSIONS.sqrt(), percentile })
    }
}
