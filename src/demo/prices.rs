//! Daily bars of the funds and indices.

use chrono::{Datelike, Timelike, Weekday};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::noise::{Deviation, cents, stream};
use super::script::Script;
use crate::bars::{Bar, Bars};
use crate::calendar::Calendar;
use crate::day::Day;

/// How a fund or an index follows the script.
pub(super) struct Listing {
    pub(super) symbol: &'static str,
    /// Price at the start.
    pub(super) first: f64,
    /// Log growth a year beyond the market's.
    pub(super) growth: f64,
    /// Share of the market's noise.
    pub(super) beta: f64,
    /// Shares of the levels of small caps, banks and groups.
    pub(super) small: f64,
    pub(super) banks: f64,
    pub(super) groups: f64,
    /// Standard deviation of its own noise a session, log.
    pub(super) own: f64,
    /// Dividends a year, as a share of the price.
    pub(super) dividends: f64,
    /// Shares on a usual session.
    pub(super) volume: f64,
}

/// Log growth of the market a year.
const GROWTH: f64 = 0.056;

#[rustfmt::skip]
const LISTINGS: [Listing; 15] = [
    //                first  growth  beta small banks groups    own dividends volume
    listing("SPY",   [ 135.0,  0.000, 1.00,  0.0,  0.0,   0.0,  0.000,    0.017, 7.5e7]),
    listing("IWM",   [  72.0, -0.012, 1.15,  1.0,  0.0,   0.0,  0.000,    0.012, 3.2e7]),
    listing("KRE",   [  38.0, -0.036, 1.10,  0.3,  1.0,   0.0,  0.006,    0.024, 1.1e7]),
    listing("RSP",   [  42.0, -0.004, 1.03,  0.3,  0.0,   0.0,  0.001,    0.015, 8.0e6]),
    listing("PSCC",  [  22.0, -0.012, 0.85,  1.0,  0.0,   1.0,  0.005,    0.014, 4.0e4]),
    listing("PSCD",  [  30.0, -0.012, 1.25,  1.0,  0.0,   1.0,  0.006,    0.010, 5.0e4]),
    listing("PSCE",  [  28.0, -0.030, 1.30,  1.0,  0.0,   1.0,  0.010,    0.008, 9.0e4]),
    listing("PSCF",  [  24.0, -0.020, 1.10,  0.7,  0.5,   1.0,  0.004,    0.022, 3.0e4]),
    listing("PSCH",  [  26.0, -0.004, 0.95,  1.0,  0.0,   1.0,  0.006,    0.001, 6.0e4]),
    listing("PSCI",  [  29.0, -0.006, 1.15,  1.0,  0.0,   1.0,  0.004,    0.008, 4.0e4]),
    listing("PSCM",  [  25.0, -0.018, 1.20,  1.0,  0.0,   1.0,  0.006,    0.009, 3.0e4]),
    listing("PSCT",  [  27.0, -0.002, 1.20,  1.0,  0.0,   1.0,  0.006,    0.002, 7.0e4]),
    listing("PSCU",  [  23.0, -0.016, 0.70,  0.9,  0.0,   1.0,  0.005,    0.020, 3.0e4]),
    listing("^RUT",  [ 725.0, -0.012, 1.15,  1.0,  0.0,   0.0,  0.000,    0.000, 2.5e9]),
    listing("^GSPC", [1354.0,  0.000, 1.00,  0.0,  0.0,   0.0,  0.000,    0.000, 3.5e9]),
];

/// A row of the table: figures in the order of the fields.
const fn listing(symbol: &'static str, figures: [f64; 9]) -> Listing {
    let [first, growth, beta, small, banks, groups, own, dividends, volume] = figures;
    Listing { symbol, first, growth, beta, small, banks, groups, own, dividends, volume }
}

/// The streams of noise of the listings follow this one.
const FIRST_STREAM: u64 = 100;

/// The bars of every listing.
pub(super) fn make(calendar: &Calendar, sessions: &[Day], script: &Script) -> Vec<(&'static str, Bars)> {
    let days = Days::new(calendar, sessions);
    let bars = |(at, listing): (usize, &'static Listing)| {
        (listing.symbol, listing.bars(FIRST_STREAM + at as u64, &days, script))
    };
    LISTINGS.par_iter().enumerate().map(bars).collect()
}

/// The sessions, with what is the same for every listing.
struct Days<'a> {
    sessions: &'a [Day],
    /// Whether funds go ex-dividend.
    pays: Vec<bool>,
    /// Volume, in units of the usual.
    pace: Vec<f64>,
}

impl<'a> Days<'a> {
    fn new(calendar: &Calendar, sessions: &'a [Day]) -> Self {
        let before = |t: usize| if t == 0 { sessions[0] } else { sessions[t - 1] };
        let expiry: Vec<bool> = (0..sessions.len()).map(|t| expires(before(t), sessions[t])).collect();
        let pays = expiry.iter().zip(sessions).map(|(&expiry, day)| expiry && day.date().month() % 3 == 0).collect();
        let pace = sessions.iter().zip(&expiry).map(|(&day, &expiry)| pace(calendar, day, expiry)).collect();
        Self { sessions, pays, pace }
    }
}

/// Whether `day` is the first session from the third Friday of a month on, `before` being the last.
fn expires(before: Day, day: Day) -> bool {
    let first = day.plus(1 - day.date().day() as i32);
    let friday = first.plus(14 + Weekday::Fri.days_since(first.weekday()) as i32);
    before < friday && friday <= day
}

/// Volume of a session in units of the usual: thin on half days, around the year's end and in August.
fn pace(calendar: &Calendar, day: Day, expiry: bool) -> f64 {
    let date = day.date();
    let season = match (date.month(), date.day()) {
        (12, 22..) => 0.65,
        (8, _) => 0.88,
        _ => 1.0,
    };
    let weekday = if date.weekday() == Weekday::Mon { 0.92 } else { 1.0 };
    let hours = if calendar.close_time(day).hour() < 16 { 0.5 } else { 1.0 };
    season * weekday * hours * if expiry { 1.35 } else { 1.0 }
}

impl Listing {
    fn bars(&self, noise: u64, days: &Days, script: &Script) -> Bars {
        let mut rng = stream(noise);
        let mut own = [Deviation::new(self.own, 20.0), Deviation::new(0.4 * self.own, 200.0)];
        let mut before = self.first;
        let row = |t: usize| {
            let swing = script.swing[t];
            let [fast, slow, crowd]: [f64; 3] = std::array::from_fn(|_| StandardNormal.sample(&mut rng));
            let own = own[0].next(swing * fast) + own[1].next(slow);
            let close = self.first * (self.path(t, script) + own).exp();
            let [gap, up, down]: [f64; 3] = std::array::from_fn(|_| 0.006 * swing * rng.random::<f64>());
            let open = before * (1.0 + gap - 0.003 * swing);
            let dividend = if days.pays[t] { (before * self.dividends / 4.0 * 1e3).round() / 1e3 } else { 0.0 };
            let stir = 0.15 * crowd + 8.0 * (close / before - 1.0).abs();
            before = close;
            Bar {
                day: days.sessions[t],
                open: cents(open),
                high: cents(open.max(close) * (1.0 + up)),
                low: cents(open.min(close) * (1.0 - down)),
                close: cents(close),
                volume: (self.volume * days.pace[t] * swing * stir.exp() / 100.0).round() * 100.0,
                dividend,
                split: 1.0,
            }
        };
        (0..days.sessions.len()).map(row).collect()
    }

    /// Log level of session `t` against the first price, without noise of its own.
    pub(super) fn path(&self, t: usize, script: &Script) -> f64 {
        (GROWTH + self.growth) * t as f64 / 252.0
            + script.market[t]
            + self.beta * script.noise[t]
            + self.small * script.small[t]
            + self.banks * script.banks[t]
            + self.groups * script.groups[t]
    }
}
