//! The table of sources: who serves what, under which terms.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::body::Body;
use super::symptom::recognise;
use super::{
    Ask, EARLIEST, Fault, Parsed, cftc, fred_api, fredgraph, nasdaq, newest, nyfed, ssga, tiingo, treasury, yahoo,
};
use crate::bars::{Columns, Kind, SeriesId};
use crate::calendar::Calendar;
use crate::config::{KEY_VARIABLES, Keys, Settings};
use crate::day::Day;
use crate::quality::Nature;

/// One upstream source.
#[derive(Clone, Copy)]
pub struct SourceRow {
    /// Name, as the configuration and the store's owner use it.
    pub name: &'static str,
    /// Whose figures it serves: two doors of one vendor continue each other's series.
    pub(super) vendor: &'static str,
    /// What it serves.
    pub kind: Kind,
    /// Whether it may have a series of this name.
    pub serves: fn(&str) -> bool,
    /// Path and query of a request, without a key.
    pub(super) path: fn(&Ask) -> String,
    /// What an answer holds.
    pub(super) parse: fn(&Body, &Ask) -> Result<Parsed, Fault>,
    /// The first day it has.
    pub(super) first: Day,
    /// Whether one request brings one calendar year.
    pub(super) yearly: bool,
    /// Whether it knows prices alone, no dividends and no splits.
    pub(super) prices_alone: bool,
    /// Whether it is a web page that shows the latest value alone, which is added to those held.
    pub(super) page: bool,
    /// How its key is sent, where it wants one.
    pub(super) key: Option<KeyPlace>,
    /// Time for a request, where that is less than usual.
    pub(super) patience: Option<Duration>,
    /// Most requests of one run, where it counts them by the hour.
    pub(super) allowance: Option<usize>,
}

/// Where in a request the key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the header `Authorization`, after the word `Token`.
    Header,
    /// In the query, under this name.
    Query(&'static str),
}

impl SourceRow {
    /// A source without a key that has every series of its kind from the beginning.
    pub(super) const fn new(
        name: &'static str,
        kind: Kind,
        path: fn(&Ask) -> String,
        parse: fn(&Body, &Ask) -> Result<Parsed, Fault>,
    ) -> Self {
        Self {
            name,
            vendor: name,
            kind,
            serves: |_| true,
            path,
            parse,
            first: EARLIEST,
            yearly: false,
            prices_alone: false,
            page: false,
            key: None,
            patience: None,
            allowance: None,
        }
    }

    /// The variable that holds its key.
    pub fn key_variable(&self) -> Option<&'static str> {
        let wanted = KEY_VARIABLES.iter().find(|(source, _)| *source == self.name);
        wanted.filter(|_| self.key.is_some()).map(|(_, variable)| *variable)
    }

    /// What it makes of an answer about `name`, asked for whole at `now`: the fuzz targets' way to every parser.
    #[doc(hidden)]
    pub fn read(&self, name: &str, body: &Body, calendar: &Calendar, now: DateTime<Utc>) -> Result<Columns, Fault> {
        let to = newest(&SeriesId::new(self.kind, name), calendar, now);
        if !self.page {
            recognise(&body.bytes)?;
        }
        let ask = Ask { name, from: self.first, to, nature: Nature::Market, calendar, now };
        (self.parse)(body, &ask).map(|parsed| parsed.columns)
    }
}

/// Every source; the order in which they are asked is configured.
pub const SOURCES: &[SourceRow] = &[
    SourceRow::new("yahoo", Kind::Bars, yahoo::path, yahoo::parse),
    SourceRow { vendor: "yahoo", ..SourceRow::new("yahoo_2", Kind::Bars, yahoo::path, yahoo::parse) },
    SourceRow {
        serves: tiingo::serves,
        key: Some(KeyPlace::Header),
        allowance: Some(tiingo::HOURLY),
        ..SourceRow::new("tiingo", Kind::Bars, tiingo::path, tiingo::parse)
    },
    SourceRow {
        serves: nasdaq::serves,
        prices_alone: true,
        patience: Some(Duration::from_secs(10)),
        ..SourceRow::new("nasdaq", Kind::Bars, nasdaq::path, nasdaq::parse)
    },
    SourceRow {
        vendor: "fred",
        key: Some(fred_api::KEY),
        ..SourceRow::new("fred_api", Kind::Rates, fred_api::path, fred_api::parse)
    },
    SourceRow { vendor: "fred", ..SourceRow::new("fredgraph", Kind::Rates, fredgraph::path, fredgraph::parse) },
    SourceRow {
        serves: treasury::serves,
        first: treasury::FIRST,
        yearly: true,
        ..SourceRow::new("treasury", Kind::Rates, treasury::path, treasury::parse)
    },
    SourceRow {
        serves: nyfed::serves,
        first: nyfed::FIRST,
        ..SourceRow::new("nyfed", Kind::Rates, nyfed::path, nyfed::parse)
    },
    SourceRow {
        serves: cftc::serves,
        first: cftc::FIRST,
        ..SourceRow::new("cftc", Kind::Positioning, cftc::path, cftc::parse)
    },
    SourceRow { serves: ssga::serves, page: true, ..SourceRow::new("ssga", Kind::Valuation, ssga::path, ssga::parse) },
];

/// Whether any source serves series of this kind.
pub fn is_served(kind: Kind) -> bool {
    SOURCES.iter().any(|row| row.kind == kind)
}

/// The source of this name.
pub(super) fn source(name: &str) -> Option<&'static SourceRow> {
    SOURCES.iter().find(|row| row.name == name)
}

/// The sources of a kind that are enabled, in the configured order.
fn enabled(kind: Kind, settings: &Settings) -> impl Iterator<Item = &'static SourceRow> {
    let order: Vec<&str> = match kind {
        Kind::Bars => settings.order.bars.iter().map(String::as_str).collect(),
        Kind::Rates => settings.order.rates.iter().map(String::as_str).collect(),
        Kind::Valuation | Kind::Positioning => SOURCES.iter().map(|row| row.name).collect(),
    };
    let rows = order.into_iter().filter_map(source).filter(move |row| row.kind == kind);
    rows.filter(|row| settings.sources.get(row.name).is_some_and(|source| source.enabled))
}

/// The sources of a kind that may be asked, in the configured order: enabled, and with the key they want.
pub fn sources(kind: Kind, settings: &Settings, keys: &Keys) -> impl Iterator<Item = &'static SourceRow> {
    enabled(kind, settings).filter(|row| row.key.is_none() || keys.contains_key(row.name))
}

/// The enabled sources that are not asked for want of a key, with the variable that would hold it.
pub fn keyless(settings: &Settings, keys: &Keys) -> Vec<(&'static str, &'static str)> {
    let rows = Kind::ALL.into_iter().flat_map(|kind| enabled(kind, settings));
    let missing = rows.filter(|row| !keys.contains_key(row.name));
    missing.filter_map(|row| Some((row.name, row.key_variable()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Key;
    use crate::fetch::ISHARES;

    #[test]
    fn every_configured_source_is_in_the_table_and_the_other_way_round() {
        let settings = Settings::default();
        let mut table: Vec<&str> = SOURCES.iter().map(|row| row.name).chain([ISHARES]).collect();
        table.sort_unstable();
        assert_eq!(table, settings.sources.keys().copied().collect::<Vec<_>>());
        let order = settings.order.bars.iter().chain(&settings.order.rates);
        assert!(order.clone().all(|name| source(name).is_some()) && order.count() + 2 == SOURCES.len());
    }

    #[test]
    fn an_error_that_is_not_in_the_sources_own_words_is_what_its_status_says() {
        let (calendar, now) = (Calendar::new(&[]), DateTime::from_timestamp(1_772_838_000, 0).expect("an instant"));
        for row in SOURCES {
            let names = ["IWM", "DGS2", "EFFR", "239742", "sp-500.fy1.ssga"];
            let name = names.into_iter().find(|name| (row.serves)(name)).expect("a series");
            for text in ["Not Found", "", "{}", "[1", "<html>no such page"] {
                let said = |status| {
                    let body = Body { status, bytes: text.into(), framed: true, date: None };
                    let to = calendar.last_finished(now);
                    let ask = Ask { name, from: row.first, to, nature: Nature::Market, calendar: &calendar, now };
                    (row.parse)(&body, &ask).expect_err("refused")
                };
                assert_eq!(said(404), Fault::NotFound, "{} {text}", row.name);
                // of Nasdaq's own shape, in which 400 is a symbol that it does not know
                let known = row.name == "nasdaq" && text == "{}";
                assert_eq!(said(400), if known { Fault::NotFound } else { Fault::Status(400) }, "{} {text}", row.name);
            }
        }
    }

    #[test]
    fn a_source_that_wants_a_key_is_asked_with_one_alone() {
        let (settings, none) = (Settings::default(), Keys::new());
        let names = |keys: &Keys| -> Vec<&str> {
            Kind::ALL.into_iter().flat_map(|kind| sources(kind, &settings, keys)).map(|row| row.name).collect()
        };
        assert_eq!(names(&none), ["yahoo", "yahoo_2", "nasdaq", "fredgraph", "treasury", "nyfed", "ssga", "cftc"]);
        assert_eq!(keyless(&settings, &none), [("tiingo", "TIINGO_API_KEY"), ("fred_api", "FRED_API_KEY")]);
        let both = Keys::from([("tiingo", Key::new("0123456789")), ("fred_api", Key::new("0123456789"))]);
        assert_eq!((names(&both).len(), keyless(&settings, &both)), (SOURCES.len(), Vec::new()));
        assert!(names(&both).starts_with(&["yahoo", "yahoo_2", "tiingo", "nasdaq", "fred_api", "fredgraph"]));
    }
}
