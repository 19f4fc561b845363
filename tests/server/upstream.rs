//! A small market that plays Yahoo's chart and FRED's graph, and in `doors` the other sources. Its figures are made up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{NaiveTime, Weekday};
use rotation::calendar::{Calendar, Zone};
use rotation::config::Settings;
use rotation::day::Day;
use rotation::inputs;
use rotation::{bars::Kind, inputs::inputs};
use serde_json::{Value, json};

use super::{Reply, Request, Server, answer, ok};

/// One bar: day, close, volume.
pub type Row = (Day, f64, f64);

/// What is served, and what goes wrong.
pub struct Market {
    pub(super) calendar: Calendar,
    /// The last finished session: nothing later is served.
    pub until: Day,
    /// Bars by symbol.
    pub bars: BTreeMap<String, Vec<Row>>,
    /// Dividends by symbol.
    pub dividends: BTreeMap<String, BTreeMap<Day, f64>>,
    /// Splits by symbol: numerator and denominator.
    pub splits: BTreeMap<String, BTreeMap<Day, (u32, u32)>>,
    /// Rates by id.
    pub rates: BTreeMap<String, BTreeMap<Day, f64>>,
    /// Series that are unknown here.
    pub unknown: BTreeSet<String>,
    /// Sources that answer nothing but this.
    pub down: BTreeMap<&'static str, Reply>,
    /// Series answered otherwise.
    pub instead: BTreeMap<String, Reply>,
    /// Pages of fund companies, by the last part of their paths.
    pub pages: BTreeMap<String, Reply>,
    /// After so many answers one that is this.
    pub nth: Option<(usize, Reply)>,
    /// Charts changed before they are sent, by symbol.
    pub twisted: BTreeMap<String, fn(&mut Value)>,
}

/// The server and its market.
pub struct Upstream {
    /// Where it is.
    pub server: Server,
    market: Arc<Mutex<Market>>,
}

impl Upstream {
    /// Every series of the default inputs from `first` on, finished up to `until`; and more, later.
    pub fn start(first: Day, until: Day) -> Self {
        let market = Arc::new(Mutex::new(Market::new(first, until)));
        let shared = market.clone();
        let server = Server::start(move |request| shared.lock().expect("a market").reply(request));
        Self { server, market }
    }

    /// The market, to be changed.
    pub fn market(&self) -> MutexGuard<'_, Market> {
        self.market.lock().expect("a market")
    }

    /// The series asked for since the last time, in order of their names.
    pub fn asked(&self) -> Vec<String> {
        let mut names: Vec<_> = self.server.take_log().iter().map(series_of).collect();
        names.sort();
        names
    }
}

/// The series that fund pages show, the ends of their paths, and the funds.
const FUNDS: [(&str, &str, &str); 2] =
    [("sp-500.fy1.ssga", "trust-spy", "SPY"), ("sp-600.fy1.ssga", "etf-spsm", "SPSM")];

/// The source that a path goes to, where it says so, and its own path.
pub fn door(path: &str) -> (&str, &str) {
    let via = path.strip_prefix("/via-").map(|rest| rest.split_at(rest.find('/').unwrap_or(rest.len())));
    via.unwrap_or(("", path))
}

/// The series a request is about; empty where it is about several.
pub fn series_of(request: &Request) -> String {
    let (_, path) = door(&request.path);
    let mut parts = path.trim_start_matches('/').split('/');
    let symbol = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("v8"), _, _, Some(symbol))
        | (Some("tiingo"), _, Some(symbol), _)
        | (Some("api"), Some("quote"), Some(symbol), _) => Some(symbol),
        _ => None,
    };
    let named = || request.query.get("id").or(request.query.get("series_id")).cloned();
    let page = FUNDS.iter().find(|(_, page, _)| path.ends_with(page)).map(|(series, ..)| (*series).to_owned());
    let contract = || request.query.get("$where")?.split("%27").nth(1).map(str::to_owned);
    symbol.map(|symbol| symbol.replace("%5E", "^")).or_else(named).or(page).or_else(contract).unwrap_or_default()
}

impl Market {
    fn new(first: Day, until: Day) -> Self {
        let calendar = Calendar::new(&[]);
        let mut market = Self {
            until,
            bars: BTreeMap::new(),
            dividends: BTreeMap::new(),
            splits: BTreeMap::new(),
            rates: BTreeMap::new(),
            unknown: BTreeSet::new(),
            down: BTreeMap::new(),
            instead: BTreeMap::new(),
            pages: BTreeMap::new(),
            nth: None,
            twisted: BTreeMap::new(),
            calendar,
        };
        let sessions = market.calendar.between(first, until.plus(60)).to_vec();
        for (k, series) in inputs(&Settings::default()).iter().flat_map(|input| &input.series).enumerate() {
            let wave = |day: &Day| (f64::from(day.number() % 17) / 17.0 - 0.5) * 0.02;
            if series.kind == Kind::Bars {
                let base = 30.0 + 5.0 * k as f64;
                let close = |day: &Day| (base * (1.0 + wave(day)) * 100.0).round() / 100.0;
                let rows = sessions.iter().map(|day| (*day, close(day), 1000.0 + k as f64)).collect();
                market.bars.insert(series.name.clone(), rows);
            } else if series.kind == Kind::Positioning {
                let tuesdays = sessions.iter().filter(|day| day.weekday() == Weekday::Tue);
                market.rates.insert(series.name.clone(), tuesdays.map(|day| (*day, 500_000.0)).collect());
            } else {
                let values = sessions.iter().map(|day| (*day, ((3.0 + wave(day)) * 100.0).round() / 100.0)).collect();
                market.rates.insert(series.name.clone(), values);
            }
        }
        let end = inputs::ends("DFEDTAR").expect("an end");
        market.rates.insert("DFEDTAR".into(), (0..20).map(|i| (end.plus(i - 19), 1.0)).collect());
        market
    }

    fn reply(&mut self, request: &Request) -> Reply {
        match &mut self.nth {
            Some((0, reply)) => {
                let reply = reply.clone();
                self.nth = None;
                return reply;
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
        let name = series_of(request);
        let (source, path) = door(&request.path);
        if let Some(reply) = self.down.get(source) {
            return reply.clone();
        }
        if let Some(reply) = self.instead.get(&name) {
            return reply.clone();
        }
        match source {
            "tiingo" => self.tiingo(&name, request),
            "nasdaq" => self.nasdaq(&name, request),
            "fred_api" => self.api(&name, request),
            "treasury" => self.treasury(request),
            "nyfed" => self.nyfed(request),
            _ if path.starts_with("/resource/gpe5") => self.reports(&name, request),
            _ if path.starts_with("/v8/") => self.chart(&name, request),
            _ if FUNDS.iter().any(|(series, ..)| *series == name) => self.fund(&name),
            _ if path.starts_with("/us/") => {
                let page = path.rsplit('/').next().and_then(|page| self.pages.get(page));
                page.cloned().unwrap_or_else(|| answer(404, &[("Content-Type", "text/html")], "<html>no such page"))
            }
            _ => self.graph(&name, request),
        }
    }

    fn chart(&self, symbol: &str, request: &Request) -> Reply {
        let number = |key: &str| request.query[key].parse::<i64>().expect("a number");
        let window = number("period1")..number("period2");
        let inside = |day: Day| day <= self.until && window.contains(&open(day));
        let Some(rows) = self.bars.get(symbol).filter(|_| !self.unknown.contains(symbol)) else {
            let error = json!({ "code": "Not Found", "description": "No data found, symbol may be delisted" });
            return answer(404, &[], json!({ "chart": { "result": null, "error": error } }).to_string());
        };
        let rows: Vec<_> = rows.iter().filter(|(day, ..)| inside(*day)).collect();
        let column = |of: fn(&Row) -> f64| rows.iter().map(|row| json!(of(row))).collect::<Vec<Value>>();
        let price = |(_, close, _): &Row| f64::from(*close as f32);
        let events = |of: &dyn Fn(Day) -> Option<Value>| -> Value {
            let days = rows.iter().filter_map(|(day, ..)| Some((open(*day).to_string(), of(*day)?)));
            Value::Object(days.collect())
        };
        let paid = |day| {
            let amount = self.dividends.get(symbol)?.get(&day)?;
            Some(json!({ "amount": amount, "date": open(day) }))
        };
        let split = |day| {
            let (numerator, denominator) = self.splits.get(symbol)?.get(&day)?;
            Some(json!({ "date": open(day), "numerator": numerator, "denominator": denominator }))
        };
        let mut chart = json!({
            "meta": {
                "symbol": symbol, "currency": "USD", "dataGranularity": "1d", "gmtoffset": -18000,
                "exchangeTimezoneName": "America/New_York", "regularMarketTime": open(self.until) + 23_401
            },
            "timestamp": rows.iter().map(|(day, ..)| open(*day)).collect::<Vec<_>>(),
            "events": { "dividends": events(&paid), "splits": events(&split) },
            "indicators": { "quote": [{
                "open": column(price), "high": column(price), "low": column(price), "close": column(price),
                "volume": column(|(.., volume)| *volume)
            }] }
        });
        if let Some(twist) = self.twisted.get(symbol) {
            twist(&mut chart);
        }
        ok(json!({ "chart": { "result": [chart], "error": null } }).to_string())
    }

    /// A fund's page with the P/E of its index, as known at the last session's close.
    fn fund(&self, series: &str) -> Reply {
        let (.., ticker) = FUNDS.iter().find(|(name, ..)| *name == series).expect("a fund");
        let known = |day: &Day| inputs::known_from(series, *day, &self.calendar) <= self.until;
        let values = self.rates.get(series).filter(|_| !self.unknown.contains(series));
        let Some((day, value)) = values.and_then(|values| values.iter().rfind(|(day, _)| known(day))) else {
            return answer(404, &[("Content-Type", "text/html")], "<html>no such page</html>");
        };
        let date = day.date().format("%b %d %Y");
        ok(format!(
            "<html><input type=\"hidden\" id=\"fund-info-ticker\" value=\"{ticker}\"><section><h2>Index \
             Characteristics <span class=\"date\">as of {date}</span></h2><table><tr><th>Price/Earnings Ratio FY1\
             <span>..</span></th><td class=\"data\">{value}</td></tr></table></section></html>"
        ))
    }

    fn graph(&self, id: &str, request: &Request) -> Reply {
        let date = |key: &str| request.query[key].parse::<Day>().expect("a date");
        let public = |day: Day| inputs::known_from(id, day, &self.calendar) <= self.until;
        let Some(values) = self.rates.get(id).filter(|_| !self.unknown.contains(id)) else {
            return answer(404, &[("Content-Type", "text/html")], "<!DOCTYPE html><html>not here</html>");
        };
        let mut text = format!("observation_date,{id}\n");
        for (day, value) in values.range(date("cosd")..=date("coed")).filter(|(day, _)| public(**day)) {
            writeln!(text, "{day},{value}").expect("text");
        }
        ok(text)
    }
}

/// When a session opens, in Unix seconds.
fn open(day: Day) -> i64 {
    let at = day.date().and_time(NaiveTime::from_hms_opt(9, 30, 0).expect("a time"));
    Zone::new_york().instant(at).timestamp()
}
