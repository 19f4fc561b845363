//! What is written out reads back.

use super::*;
use crate::config::{Config, Environment};

fn load(text: &str) -> Config {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).expect("a file");
    Config::load(Some(&path), None, &Environment::default()).unwrap_or_else(|error| panic!("{error:#}\n{text}"))
}

/// No value is its default.
/// A value other than the default under every section, and every key of most.
const EVERY_KEY: &str = r#"
store = "/a \"b\"/c"
[weights]
leadership = 0.1
participation = 0.2
pressure = 0.3
fuel = 1.0
[bands]
relative_strength = 0.5
relative_momentum = 0.5
regional_banks = 0.5
group_breadth_high = 0.7
group_breadth_low = 0.3
rotation_quadrant = 5
monthly_streak = 9
breakout_support = 0.5
breakout_release = 0.5
sector_leadership_breadth = 0.75
volume = 0.5
in_sync_high_percentile = 51.0
in_sync_low_percentile = 21.0
equal_weight = 0.5
curve = 0.5
rate_pressure_calm_bp = 11.5
rate_pressure_rising_bp = 26.5
credit_high_yield_bp = 51.0
credit_baa_bp = 18.0
credit_high_percentile = 91.0
credit_low_percentile = 71.0
valuation_extreme = 21.0
valuation_release = 31.0
financial_conditions = 0.11
lending_standards = 21.0
positioning_extreme = 22.0
[groups]
"BRK.B" = "fin\u001b"
PSCF = "banks"
[order]
bars = ["nasdaq", "yahoo"]
rates = ["nyfed"]
[sources.yahoo]
enabled = false
base_url = "https://example.com"
user_agent = "agent \"x\""
requests_per_second = 0.5
max_in_flight = 1
[sources.fredgraph]
enabled = false
base_url = "https://example.org"
user_agent = "agent"
requests_per_second = 3.0
max_in_flight = 2
[calendar]
extra_closures = ["2027-03-01"]
"#;

#[test]
fn the_annotated_file_reads_back_as_the_defaults() {
    assert_eq!(load(&annotated()).settings, Settings::default());
}

#[test]
fn the_effective_configuration_reads_back_whatever_is_set() {
    let config = load(EVERY_KEY);
    let text = effective(&config.settings, config.store.as_deref(), &config.given);
    let again = load(&text);
    assert_eq!((&again.settings, &again.store), (&config.settings, &config.store), "{text}");
    let keys = EVERY_KEY.lines().filter(|line| line.contains(" = ")).count();
    let from_file = text.lines().filter(|line| line.ends_with("  # file")).count();
    assert_eq!(from_file, keys, "every key of the file is written\n{text}");
}

#[test]
fn every_figure_has_its_meaning() {
    let names = |table: Table| table.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    let sorted = |abouts: &[(&str, &str)]| {
        let mut keys: Vec<String> = abouts.iter().map(|(key, _)| (*key).to_owned()).collect();
        keys.sort();
        keys
    };
    let settings = Settings::default();
    assert_eq!(names(Table::try_from(settings.bands).expect("a table")), sorted(BANDS));
    assert_eq!(names(Table::try_from(settings.weights).expect("a table")), sorted(WEIGHTS));
}

#[test]
fn what_nobody_set_is_a_default() {
    let config = load("[bands]\ncurve = 0.05\n[calendar]\n");
    let text = effective(&config.settings, None, &config.given);
    let from =
        |start: &str| text.lines().find(|line| line.starts_with(start)).and_then(|line| line.rsplit("# ").next());
    assert_eq!((from("curve ="), from("fuel ="), from("PSCF =")), (Some("file"), Some("default"), Some("default")));
    assert!(text.contains("no folder is known for the store"));
}
