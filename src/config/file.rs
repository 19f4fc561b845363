//! The configuration file: TOML, every key optional, unknown keys refused, errors with their line.

mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::given::{Given, Origin};
use super::{Bands, Environment, Group, Settings, Weights, limits};
use crate::day::Day;

/// Settings and the place of the store, with where they came from.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the signals, the verdict and the sources are told.
    pub settings: Settings,
    /// The store's folder; none when neither a flag, a variable, the file nor a home names one.
    pub store: Option<PathBuf>,
    /// What was said where.
    pub given: Given,
}

/// A configuration that cannot be used: exit code 2.
#[derive(Debug)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// The file's own shape.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    #[serde(deserialize_with = "values::path")]
    store: Option<PathBuf>,
    sources: BTreeMap<SourceName, SourceKeys>,
    order: OrderKeys,
    groups: Option<BTreeMap<Symbol, String>>,
    weights: Weights,
    bands: Bands,
    universe: UniverseKeys,
    calendar: CalendarKeys,
}

/// The sources there are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SourceName {
    Yahoo,
    #[serde(rename = "yahoo_2")]
    Yahoo2,
    Tiingo,
    Nasdaq,
    FredApi,
    Fredgraph,
    Treasury,
    Nyfed,
    Cftc,
    Ishares,
    Ssga,
}

impl SourceName {
    const fn name(self) -> &'static str {
        match self {
            Self::Yahoo => "yahoo",
            Self::Yahoo2 => "yahoo_2",
            Self::Tiingo => "tiingo",
            Self::Nasdaq => "nasdaq",
            Self::FredApi => "fred_api",
            Self::Fredgraph => "fredgraph",
            Self::Treasury => "treasury",
            Self::Nyfed => "nyfed",
            Self::Cftc => "cftc",
            Self::Ishares => "ishares",
            Self::Ssga => "ssga",
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SourceKeys {
    enabled: Option<bool>,
    #[serde(deserialize_with = "base_url")]
    base_url: Option<String>,
    #[serde(deserialize_with = "user_agent")]
    user_agent: Option<String>,
    #[serde(deserialize_with = "requests_per_second")]
    requests_per_second: Option<f64>,
    #[serde(deserialize_with = "max_in_flight")]
    max_in_flight: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OrderKeys {
    #[serde(deserialize_with = "values::order_of_bars")]
    bars: Option<Vec<SourceName>>,
    #[serde(deserialize_with = "values::order_of_rates")]
    rates: Option<Vec<SourceName>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct UniverseKeys {
    #[serde(deserialize_with = "values::path")]
    file: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CalendarKeys {
    extra_closures: Vec<Day>,
}

/// A symbol as bars are stored under: upper case.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Symbol(String);

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let symbol = String::deserialize(deserializer)?.to_uppercase();
        let plain = symbol.chars().all(|c| c.is_ascii_alphanumeric() || "^.-=".contains(c));
        // without a letter it might be a path: `..`
        let named = symbol.chars().any(|c| c.is_ascii_alphanumeric());
        if symbol.len() > 20 || !plain || !named {
            return Err(D::Error::custom("a group is named by its fund's symbol, such as `PSCF`"));
        }
        Ok(Self(symbol))
    }
}

impl Config {
    /// Reads the file that the flag, the environment or the platform names, and lets the flag and the
    /// environment decide about the store.
    ///
    /// # Errors
    /// [`ConfigError`] when a named file cannot be read, or its content is not understood.
    pub fn load(config: Option<&Path>, store: Option<&Path>, environment: &Environment) -> Result<Self> {
        let named = first([(config, Origin::Flag), (environment.config.as_deref(), Origin::Environment)]);
        let usual = environment.config_home.as_ref().map(|home| home.join("rotation").join("config.toml"));
        let found = named.or_else(|| usual.filter(|path| path.exists()).map(|path| (path, Origin::Default)));
        let (file, written) = match &found {
            Some((path, _)) => read(path)?,
            None => (File::default(), toml::Table::new()),
        };
        let usual = environment.data_home.as_ref().map(|home| home.join("rotation"));
        let given = first([
            (store, Origin::Flag),
            (environment.store.as_deref(), Origin::Environment),
            (file.store.as_deref(), Origin::File),
            (usual.as_deref(), Origin::Default),
        ]);
        let (store, store_from) = given.unzip();
        let (file_path, file_from) = found.unzip();
        let given = Given {
            file: file_path,
            file_from: file_from.unwrap_or_default(),
            store_from: store_from.unwrap_or_default(),
            written,
        };
        Ok(Self { settings: settings(file), store, given })
    }
}

/// The first path that is given, and by whom.
fn first<const N: usize>(candidates: [(Option<&Path>, Origin); N]) -> Option<(PathBuf, Origin)> {
    candidates.into_iter().find_map(|(path, origin)| Some((path?.to_path_buf(), origin)))
}

/// Reads and understands one file; also as it is written. Its paths begin in its folder, wherever the
/// process stands, so that one file means one store.
fn read(path: &Path) -> Result<(File, toml::Table)> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError(format!(
            "cannot read the configuration `{shown}` ({error}); `rotation config --default` prints one to begin with"
        ))
    })?;
    if text.is_empty() {
        let problem = format!("the configuration `{shown}` is empty at line 1: fill it or remove it");
        return Err(ConfigError(problem).into());
    }
    let refused = |error: toml::de::Error| ConfigError(format!("`{shown}` {}", placed(&error, &text)));
    let mut file: File = toml::from_str(&text).map_err(refused).context("the configuration is not understood")?;
    if let Some(problem) = limits::problem(&file.weights, &file.bands, &text) {
        return Err(ConfigError(format!("`{shown}` {problem}"))).context("the configuration is not understood");
    }
    let written = text.parse::<toml::Table>().map_err(refused).context("the configuration is not understood")?;
    let folder = std::path::absolute(path).unwrap_or_else(|_| path.into());
    for relative in [&mut file.store, &mut file.universe.file].into_iter().flatten() {
        *relative = folder.with_file_name(&*relative);
    }
    Ok((file, written))
}

/// The line of `text` that is wrong, and why.
pub(crate) fn placed(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
    format!("line {line}: {}", told(error))
}

/// Why a file is not understood. What it repeats of the file does nothing to a terminal.
pub(crate) fn told(error: &toml::de::Error) -> String {
    let escaped = |char: char| match char {
        '"' | '\'' | '\\' => char.to_string(),
        _ => char.escape_debug().to_string(),
    };
    error.message().trim_end().chars().map(escaped).collect()
}

/// The defaults with what the file says over them.
fn settings(file: File) -> Settings {
    let mut settings = Settings::default();
    for (name, keys) in file.sources {
        let Some(source) = settings.sources.get_mut(name.name()) else { continue };
        source.enabled = keys.enabled.unwrap_or(source.enabled);
        source.requests_per_second = keys.requests_per_second.unwrap_or(source.requests_per_second);
        source.max_in_flight = keys.max_in_flight.unwrap_or(source.max_in_flight);
        source.base_url = keys.base_url.unwrap_or_else(|| source.base_url.clone());
        source.user_agent = keys.user_agent.unwrap_or_else(|| source.user_agent.clone());
    }
    let names = |order: Vec<SourceName>| order.into_iter().map(|source| source.name().to_owned()).collect();
    if let Some(order) = file.order.bars {
        settings.order.bars = names(order);
    }
    if let Some(order) = file.order.rates {
        settings.order.rates = names(order);
    }
    if let Some(groups) = file.groups {
        settings.groups = groups.into_iter().map(|(symbol, tag)| Group { symbol: symbol.0, tag }).collect();
        settings.groups.sort_by_key(|group| super::group_place(&group.symbol));
    }
    settings.weights = file.weights;
    settings.bands = file.bands;
    settings.universe = file.universe.file;
    settings.extra_closures = file.calendar.extra_closures;
    settings
}

/// Only https, or plain http to this machine itself.
fn base_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let url = String::deserialize(deserializer)?;
    let url = url.trim_end_matches('/').to_owned();
    let host = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    let loopback = |host: &str| {
        let port = |(_, port): &(&str, &str)| port.bytes().all(|digit| digit.is_ascii_digit());
        let name = host.rsplit_once(':').filter(port).map_or(host, |(name, _)| name);
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    };
    let allowed = match url.split_once("://") {
        Some(("https", rest)) => !host(rest).is_empty(),
        Some(("http", rest)) => loopback(&host(rest)),
        _ => false,
    };
    if allowed && !url.contains(['@', '?', '#']) {
        Ok(Some(url))
    } else {
        Err(D::Error::custom("`base_url` must be https://HOST, or http:// to this machine alone"))
    }
}

fn user_agent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let fits = !text.is_empty() && text.len() <= 300 && text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if fits {
        Ok(Some(text))
    } else {
        Err(D::Error::custom("`user_agent` must be 1 to 300 printable ASCII characters"))
    }
}

fn requests_per_second<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let rate = f64::deserialize(deserializer)?;
    let fits = rate.is_finite() && (0.01..=1000.0).contains(&rate);
    if fits { Ok(Some(rate)) } else { Err(D::Error::custom("`requests_per_second` must lie between 0.01 and 1000")) }
}

fn max_in_flight<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let count = usize::deserialize(deserializer)?;
    let fits = (1..=32).contains(&count);
    if fits { Ok(Some(count)) } else { Err(D::Error::custom("`max_in_flight` must lie between 1 and 32")) }
}

#[cfg(test)]
mod tests;
