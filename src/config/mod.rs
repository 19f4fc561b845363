//! Settings: the configuration file, the environment and the defaults, validated once.

mod environment;
mod file;
mod given;
mod keys;
mod limits;
mod show;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use environment::Environment;
pub use file::{Config, ConfigError};
pub(crate) use file::{placed, told};
pub use given::{Given, Origin};
pub use keys::{KEY_VARIABLES, Key, Keys};
pub use show::{annotated, effective};

use crate::day::Day;

/// Everything a run may be told, valid once built.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Upstream sources by name.
    pub sources: BTreeMap<&'static str, Source>,
    /// Which sources are asked, in order.
    pub order: Order,
    /// Small-cap groups whose breadth is measured.
    pub groups: Vec<Group>,
    /// Weights of the pillars.
    pub weights: Weights,
    /// Dead bands of the votes.
    pub bands: Bands,
    /// List of the members of the universe; none for the holdings in the store.
    pub universe: Option<PathBuf>,
    /// Closures of the exchange beyond those known here.
    pub extra_closures: Vec<Day>,
}

/// One upstream source.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Whether it may be asked.
    pub enabled: bool,
    /// Scheme and host; the paths behind it are the source's own.
    pub base_url: String,
    /// What it is told of the client.
    pub user_agent: String,
    /// Most requests a second.
    pub requests_per_second: f64,
    /// Most requests at once.
    pub max_in_flight: usize,
}

/// Sources in the order they are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// For daily bars.
    pub bars: Vec<String>,
    /// For rates.
    pub rates: Vec<String>,
}

/// One small-cap group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The fund that stands for it.
    pub symbol: String,
    /// Its sector (`financials`).
    pub tag: String,
}

/// Weights of the pillars; they need not add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Is money already moving?
    pub leadership: f64,
    /// Is it broad?
    pub participation: f64,
    /// Is the headwind fading?
    pub pressure: f64,
    /// Is there room to run?
    pub fuel: f64,
}

/// Thresholds of the votes, in the unit of the reading each one judges.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bands {
    /// `relative-strength`: |`sma200_gap`| beyond which it votes, a fraction.
    pub relative_strength: f64,
    /// `relative-momentum`: |21- and 126-session relative return|, a fraction.
    pub relative_momentum: f64,
    /// `rotation-quadrant`: recipes out of five that must agree.
    pub rotation_quadrant: u32,
    /// `monthly-streak`: complete months in a row.
    pub monthly_streak: u32,
    /// `regional-banks`: |`sma200_gap`|, a fraction.
    pub regional_banks: f64,
    /// `group-breadth`: share above the 50-session mean that votes for.
    pub group_breadth_high: f64,
    /// `group-breadth`: share that votes against.
    pub group_breadth_low: f64,
    /// `breakout`: how far below the support's low a close breaks it, a fraction.
    pub breakout_support: f64,
    /// `breakout`: how far below the prior high a close ends the breakout, a fraction.
    pub breakout_release: f64,
    /// `sector-leadership`: share of the groups above the 50-session mean that leadership must have.
    pub sector_leadership_breadth: f64,
    /// `constituent-breadth`: |`ad_ema10`| that votes, a fraction.
    pub constituent_ad: f64,
    /// `constituent-breadth`: share above the 200-session mean that votes for; one less it, against.
    pub constituent_200d: f64,
    /// `constituent-breadth`: the same of the 150-session mean.
    pub constituent_150d: f64,
    /// `constituent-breadth`: the same of the 100-session mean.
    pub constituent_100d: f64,
    /// `constituent-breadth`: |`net_new_highs`| that votes, a fraction.
    pub constituent_highs: f64,
    /// `volume`: |up/down volume over its median − 1|, a fraction.
    pub volume: f64,
    /// `in-sync`: percentile of the correlation from which it votes for.
    pub in_sync_high_percentile: f64,
    /// `in-sync`: percentile below which it votes against.
    pub in_sync_low_percentile: f64,
    /// `equal-weight`: |`sma200_gap`|, a fraction.
    pub equal_weight: f64,
    /// `curve`: |63-session change|, percentage points.
    pub curve: f64,
    /// `rate-pressure`: rise of the two-year yield up to which pressure is not intensifying, bp.
    pub rate_pressure_calm_bp: f64,
    /// `rate-pressure`: rise above which it is, bp.
    pub rate_pressure_rising_bp: f64,
    /// `credit`: widening of the high-yield spread over 63 sessions that votes against, bp.
    pub credit_high_yield_bp: f64,
    /// `credit`: the same for the Baa spread, bp.
    pub credit_baa_bp: f64,
    /// `credit`: percentile above which the level votes against.
    pub credit_high_percentile: f64,
    /// `credit`: percentile below which a spread that does not widen votes for.
    pub credit_low_percentile: f64,
    /// `financial-conditions`: |13-week change of the index| beyond which it votes.
    pub financial_conditions: f64,
    /// `lending-standards`: net share of banks that tighten above which it votes against, percent.
    pub lending_standards: f64,
    /// `positioning`: percentile at the light (crowded) end that votes, from either end.
    pub positioning_extreme: f64,
    /// `valuation-gap`: percentile at the cheap (expensive) end that votes, from either end.
    pub valuation_extreme: f64,
    /// `valuation-gap`: percentile from that end up to which a side is kept.
    pub valuation_release: f64,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            relative_strength: 0.01,
            relative_momentum: 0.01,
            rotation_quadrant: 4,
            monthly_streak: 2,
            regional_banks: 0.01,
            group_breadth_high: 0.60,
            group_breadth_low: 0.40,
            breakout_support: 0.01,
            breakout_release: 0.03,
            sector_leadership_breadth: 0.50,
            constituent_ad: 0.30,
            constituent_200d: 0.60,
            constituent_150d: 0.65,
            constituent_100d: 0.75,
            constituent_highs: 0.10,
            volume: 0.10,
            in_sync_high_percentile: 50.0,
            in_sync_low_percentile: 20.0,
            equal_weight: 0.005,
            curve: 0.05,
            rate_pressure_calm_bp: 10.0,
            rate_pressure_rising_bp: 25.0,
            credit_high_yield_bp: 50.0,
            credit_baa_bp: 17.0,
            credit_high_percentile: 90.0,
            credit_low_percentile: 70.0,
            financial_conditions: 0.10,
            lending_standards: 20.0,
            positioning_extreme: 20.0,
            valuation_extreme: 20.0,
            valuation_release: 30.0,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { leadership: 0.35, participation: 0.25, pressure: 0.25, fuel: 0.15 }
    }
}

/// The nine S&P `SmallCap` 600 sector funds.
#[rustfmt::skip]
const GROUPS: [(&str, &str); 9] = [
    ("PSCD", "discretionary"), ("PSCC", "staples"),     ("PSCE", "energy"),
    ("PSCF", "financials"),    ("PSCH", "health-care"), ("PSCI", "industrials"),
    ("PSCT", "technology"),    ("PSCM", "materials"),   ("PSCU", "utilities"),
];

/// A current browser's name: the chart service answers an old one's with 429.
const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/// The place of a fund among the default groups, which is the order groups are shown in; others follow.
fn group_place(symbol: &str) -> usize {
    GROUPS.iter().position(|(known, _)| *known == symbol).unwrap_or(GROUPS.len())
}

impl Default for Settings {
    fn default() -> Self {
        let source = |base_url: &str| Source {
            enabled: true,
            base_url: base_url.into(),
            user_agent: USER_AGENT.into(),
            requests_per_second: 2.0,
            max_in_flight: 4,
        };
        Self {
            sources: BTreeMap::from([
                ("yahoo", source("https://query1.finance.yahoo.com")),
                ("yahoo_2", source("https://query2.finance.yahoo.com")),
                ("tiingo", source("https://api.tiingo.com")),
                ("nasdaq", source("https://api.nasdaq.com")),
                ("fred_api", source("https://api.stlouisfed.org")),
                ("fredgraph", source("https://fred.stlouisfed.org")),
                ("treasury", source("https://home.treasury.gov")),
                ("nyfed", source("https://markets.newyorkfed.org")),
                ("cftc", source("https://publicreporting.cftc.gov")),
                ("ishares", source("https://www.ishares.com")),
                ("ssga", source("https://www.ssga.com")),
            ]),
            order: Order {
                bars: ["yahoo", "yahoo_2", "tiingo", "nasdaq"].map(str::to_owned).into(),
                rates: ["fred_api", "fredgraph", "treasury", "nyfed"].map(str::to_owned).into(),
            },
            groups: GROUPS.map(|(symbol, tag)| Group { symbol: symbol.into(), tag: tag.into() }).into(),
            weights: Weights::default(),
            bands: Bands::default(),
            universe: None,
            extra_closures: Vec::new(),
        }
    }
}
