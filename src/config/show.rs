//! Settings written out: as a configuration file, with what each key means or who decided about it.

use std::fmt::Write;
use std::path::Path;

use toml::{Table, Value};

use super::{Given, Origin, Settings, Source};

/// One key of the file.
struct Row {
    /// The table it stands in (`sources.yahoo`).
    section: String,
    key: String,
    value: Value,
    /// What it means; empty where the table says it.
    about: &'static str,
}

/// What the tables are for.
const SECTIONS: &[(&str, &str)] = &[
    ("weights", "What the pillars count for, 0 to 1; they need not add up to 1."),
    ("bands", "Thresholds of the votes, in the unit of the reading each one judges."),
    ("groups", "Funds whose breadth is measured, with their sector. Named at all, they replace these."),
    ("order", "Sources in the order they are asked."),
    ("sources", "A source's paths are its own; a key of its own that is left out keeps its default."),
    ("universe", "Members of the small-cap index whose breadth is measured: a list of your own."),
    ("calendar", "Closures of the exchange beyond those known here, as dates: \"2027-03-01\"."),
];

#[rustfmt::skip]
const WEIGHTS: &[(&str, &str)] = &[
    ("leadership",    "is money already moving?"),
    ("participation", "is it broad?"),
    ("pressure",      "is the headwind fading?"),
    ("fuel",          "is there room to run?"),
];

#[rustfmt::skip]
const BANDS: &[(&str, &str)] = &[
    ("relative_strength",         "distance of IWM/SPY from its 200-session mean beyond which it votes, a fraction"),
    ("relative_momentum",         "relative return over 21 and 126 sessions beyond which it votes, a fraction"),
    ("rotation_quadrant",         "recipes out of five that must agree, 3 to 5"),
    ("monthly_streak",            "complete months in a row"),
    ("regional_banks",            "distance of KRE/SPY from its 200-session mean beyond which it votes, a fraction"),
    ("group_breadth_high",        "share of the groups above their 50-session mean that votes for"),
    ("group_breadth_low",         "share that votes against"),
    ("breakout_support",          "how far below the support's low a close breaks it, a fraction"),
    ("breakout_release",          "how far below the prior high a close ends the breakout, a fraction"),
    ("sector_leadership_breadth", "share of the groups above their 50-session mean that leadership must have"),
    ("constituent_ad",            "mean of advances less declines over ten sessions that votes, a fraction"),
    ("constituent_200d",          "share of members above their 200-session mean that votes for; what 1 lacks of it, against"),
    ("constituent_150d",          "the same of the 150-session mean"),
    ("constituent_100d",          "the same of the 100-session mean"),
    ("constituent_highs",         "new highs less new lows that vote, a share of the members"),
    ("volume",                    "distance of up/down volume from its median beyond which it votes, a fraction"),
    ("in_sync_high_percentile",   "percentile of the correlation from which it votes for"),
    ("in_sync_low_percentile",    "percentile below which it votes against"),
    ("equal_weight",              "distance of RSP/SPY from its 200-session mean beyond which it votes, a fraction"),
    ("curve",                     "change of the 10-year less the 2-year yield over 63 sessions, percentage points"),
    ("rate_pressure_calm_bp",     "rise of the 2-year yield up to which pressure is not intensifying, basis points"),
    ("rate_pressure_rising_bp",   "rise above which it is, basis points"),
    ("credit_high_yield_bp",      "widening of the high-yield spread over 63 sessions that votes against, basis points"),
    ("credit_baa_bp",             "the same for the Baa spread, basis points"),
    ("credit_high_percentile",    "percentile above which the level votes against"),
    ("credit_low_percentile",     "percentile below which a spread that does not widen votes for"),
    ("financial_conditions",      "change of the index over 13 weeks beyond which it votes, points of the index"),
    ("lending_standards",         "net share of banks that tighten above which it votes against, percent"),
    ("positioning_extreme",       "percentile from the light or the crowded end up to which it votes"),
    ("valuation_extreme",         "percentile from the cheap or the dear end up to which a gap votes"),
    ("valuation_release",         "percentile from that end up to which a vote is kept"),
];

/// Every key, in the order of the file.
fn rows(settings: &Settings) -> Vec<Row> {
    let row =
        |section: &str, key: &str, value: Value, about| Row { section: section.into(), key: key.into(), value, about };
    let mut rows = Vec::new();
    // plain structs of numbers: they always are tables
    let table = |value: Result<Table, _>| -> Table { value.unwrap_or_default() };
    let figures = [
        ("weights", table(Table::try_from(settings.weights)), WEIGHTS),
        ("bands", table(Table::try_from(settings.bands)), BANDS),
    ];
    for (section, figures, abouts) in figures {
        let place = |key: &str| abouts.iter().position(|(known, _)| *known == key);
        let mut figures: Vec<(String, Value)> = figures.into_iter().collect();
        figures.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
        rows.extend(figures.into_iter().map(|(key, value)| {
            let about = place(&key).map_or("", |at| abouts[at].1);
            row(section, &key, value, about)
        }));
    }
    rows.extend(settings.groups.iter().map(|group| row("groups", &group.symbol, group.tag.clone().into(), "")));
    rows.push(row("order", "bars", settings.order.bars.clone().into(), "for daily bars"));
    rows.push(row("order", "rates", settings.order.rates.clone().into(), "for rates"));
    for (name, source) in &settings.sources {
        let section = format!("sources.{name}");
        rows.extend(source_keys(source).map(|(key, value, about)| row(&section, key, value, about)));
    }
    let list = settings.universe.iter().map(|path| path.to_string_lossy().into_owned());
    rows.extend(list.map(|path| row("universe", "file", path.into(), "symbols, a holdings file, or dated lists")));
    let closures: Vec<String> = settings.extra_closures.iter().map(ToString::to_string).collect();
    rows.push(row("calendar", "extra_closures", closures.into(), ""));
    rows
}

/// The keys of one source.
fn source_keys(source: &Source) -> impl Iterator<Item = (&'static str, Value, &'static str)> {
    [
        ("enabled", source.enabled.into(), "whether it may be asked"),
        ("base_url", source.base_url.clone().into(), "https, or http to this machine alone"),
        ("user_agent", source.user_agent.clone().into(), "what it is told of the client"),
        ("requests_per_second", source.requests_per_second.into(), "most requests a second, 0.01 to 1000"),
        ("max_in_flight", (source.max_in_flight as i64).into(), "most requests at once, 1 to 32"),
    ]
    .into_iter()
}

/// A key as the file spells it: bare where it may be.
fn spelled(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !key.is_empty() && key.bytes().all(bare) { key.into() } else { Value::from(key).to_string() }
}

/// The defaults as an annotated configuration file, which reads back as the defaults.
pub fn annotated() -> String {
    let mut text = "# Configuration of rotation. Every key is optional; these are the defaults.\n\
         # Paths that are not whole begin in the folder of this file.\n\n\
         # Folder of the store; the default is the platform's data folder.\n\
         # store = \"/path/to/store\"\n"
        .to_owned();
    let mut section = String::new();
    for row in rows(&Settings::default()) {
        if row.section != section {
            let about = SECTIONS.iter().find(|(name, _)| *name == row.section.split('.').next().unwrap_or_default());
            let first = section.split('.').next() != row.section.split('.').next();
            text.push('\n');
            if let Some((_, about)) = about.filter(|_| first) {
                lines(&mut text, format_args!("# {about}"));
            }
            lines(&mut text, format_args!("[{}]", row.section));
            section.clone_from(&row.section);
        }
        if !row.about.is_empty() {
            lines(&mut text, format_args!("# {}", row.about));
        }
        lines(&mut text, format_args!("{} = {}", spelled(&row.key), row.value));
    }
    text.push_str(
        "\n# Members of the small-cap index whose breadth is measured; the default is the list in the store.\n\
         [universe]\n# file = \"/path/to/members.csv\"\n",
    );
    text
}

/// The settings in force as a configuration file, with who decided about each value.
pub fn effective(settings: &Settings, store: Option<&Path>, given: &Given) -> String {
    let mut text = String::new();
    match &given.file {
        None => text.push_str("# no configuration file\n"),
        Some(path) => {
            let by = match given.file_from {
                Origin::Flag => " (--config)",
                Origin::Environment => " (ROTATION_CONFIG)",
                Origin::Default | Origin::File => "",
            };
            lines(&mut text, format_args!("# file: {}{by}", path.to_string_lossy().escape_debug()));
        }
    }
    match store {
        None => text.push_str("# no folder is known for the store: name one with --store DIR or ROTATION_STORE\n"),
        Some(path) => {
            let line = format!("store = {}", Value::from(path.to_string_lossy().into_owned()));
            lines(&mut text, format_args!("{line:WIDTH$}  # {}", said(given.store_from, "--store", "ROTATION_STORE")));
        }
    }
    let mut section = String::new();
    for row in rows(settings) {
        if row.section != section {
            lines(&mut text, format_args!("\n[{}]", row.section));
            section.clone_from(&row.section);
        }
        let line = format!("{} = {}", spelled(&row.key), row.value);
        let origin = said(given.origin(&row.section, &row.key), "flag", "environment");
        lines(&mut text, format_args!("{line:WIDTH$}  # {origin}"));
    }
    text
}

/// Column of the comments, less the gap before them.
const WIDTH: usize = 34;

/// Who decided, in a word.
const fn said(origin: Origin, flag: &'static str, variable: &'static str) -> &'static str {
    match origin {
        Origin::Default => "default",
        Origin::File => "file",
        Origin::Environment => variable,
        Origin::Flag => flag,
    }
}

/// Adds a line; writing to a string does not fail.
fn lines(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests;
