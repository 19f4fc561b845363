//! The target range, yields, the high-yield spread, conditions, lending standards, positioning and
//! forward P/Es.

use chrono::{Datelike, Weekday};
use rand_distr::{Distribution, StandardNormal};

use super::noise::{Deviation, stream};
use super::script::Script;
use crate::bars::{Kind, POSITIONS, Points, SeriesId};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::inputs::{self, RUSSELL_FUTURES};

/// The last day of the single target rate: 2008-12-15.
pub(super) const LAST_SINGLE_TARGET: Day = Day::from_number(14_228);

/// The streams of noise: one a series.
const FUNDS: u64 = 1;
const TWO_YEAR: u64 = 2;
const TEN_YEAR: u64 = 3;
const CREDIT: u64 = 4;
const EARNINGS: u64 = 5;
const CONDITIONS: u64 = 6;
const LENDING: u64 = 7;
const POSITIONING: u64 = 8;

/// The lowest rate, percent.
const FLOOR: f64 = 0.05;

/// Every series of dated values; one out of range is empty.
pub(super) fn make(calendar: &Calendar, sessions: &[Day], script: &Script) -> Vec<(SeriesId, Points)> {
    let publish = |id: &str, days: &[Day], values: &[f64]| {
        let mut points = Points::default();
        for (&day, &value) in days.iter().zip(values) {
            points.push(day, inputs::known_from(id, day, calendar), value);
        }
        points
    };
    let rate = |id: &'static str, days: &[Day], values: &[f64]| (SeriesId::rates(id), publish(id, days, values));
    let (days, target) = daily(sessions, &script.target);
    let single = days.partition_point(|&day| day <= LAST_SINGLE_TARGET);
    let two_year = around(TWO_YEAR, 0.03, &sum(&script.target, &script.premium));
    let ten_year = around(TEN_YEAR, 0.02, &sum(&two_year, &script.slope));
    let mut series = vec![
        rate("DFEDTAR", &days[..single], &target[..single]),
        rate("DFEDTARU", &days[single..], &target[single..]),
        rate("DFF", &days, &daily(sessions, &funds(&script.target)).1),
        rate("DGS2", sessions, &two_year),
        rate("DGS10", sessions, &ten_year),
        rate("BAMLH0A0HYM2", sessions, &around(CREDIT, 0.05, &script.spread)),
    ];
    for (id, (days, values)) in [("NFCI", conditions(sessions, script)), ("DRTSCIS", lending(sessions, script))] {
        series.push(rate(id, &days, &values));
    }
    let mut reports = Points::default();
    for (day, figures) in positioning(sessions, script) {
        reports.push_report(day, inputs::known_from(RUSSELL_FUTURES, day, calendar), figures);
    }
    series.push((SeriesId::new(Kind::Positioning, RUSSELL_FUTURES), reports));
    let (months, small, large) = earnings(calendar, sessions, script);
    for (name, values) in [("russell-2000.ex-negative.demo", small), ("sp-500.ex-negative.demo", large)] {
        series.push((SeriesId::new(Kind::Valuation, name), publish(name, &months, &values)));
    }
    series
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// Rounds to hundredths.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Values on every calendar day from the first session to the last, each session's until the next.
fn daily(sessions: &[Day], values: &[f64]) -> (Vec<Day>, Vec<f64>) {
    let spans = sessions.iter().zip(sessions.iter().skip(1).copied().chain(sessions.last().map(|day| day.plus(1))));
    spans
        .zip(values)
        .flat_map(|((from, to), &value)| (from.number()..to.number()).map(move |n| (Day::from_number(n), value)))
        .unzip()
}

/// A rate that strays from `path` by shocks of `shock` percent a session, rounded to hundredths.
fn around(noise: u64, shock: f64, path: &[f64]) -> Vec<f64> {
    let mut rng = stream(noise);
    let mut stray = Deviation::new(shock, 12.0);
    path.iter().map(|level| hundredths((level + stray.next(StandardNormal.sample(&mut rng))).max(FLOOR))).collect()
}

/// The rate banks lend at overnight: a little below the upper end of the target range.
fn funds(target: &[f64]) -> Vec<f64> {
    let mut rng = stream(FUNDS);
    let mut below = || -> f64 { 0.12 + 0.015 * Distribution::<f64>::sample(&StandardNormal, &mut rng) };
    target.iter().map(|target| hundredths((target - below()).max(FLOOR))).collect()
}

/// Forward P/Es at complete months: days, small caps, large caps. Prices drive them, for expected
/// earnings move less.
fn earnings(calendar: &Calendar, sessions: &[Day], script: &Script) -> (Vec<Day>, Vec<f64>, Vec<f64>) {
    let mut rng = stream(EARNINGS);
    let mut jitter = |size: f64| -> f64 { size * Distribution::<f64>::sample(&StandardNormal, &mut rng) };
    let mut made = (Vec::new(), Vec::new(), Vec::new());
    for (t, &day) in sessions.iter().enumerate() {
        let completes = calendar.next_session(day).date().month() != day.date().month();
        if completes {
            let large = 17.0 * (0.5 * (script.market[t] + script.noise[t]) + jitter(0.01)).exp();
            let gap = -0.05 + 0.9 * script.small[t] + jitter(0.01);
            made.0.push(day);
            made.1.push(hundredths(large * gap.exp()));
            made.2.push(hundredths(large));
        }
    }
    made
}

/// Every calendar day from the first session to the last that is `wanted`, with the last session up to it.
fn every(sessions: &[Day], wanted: impl Fn(Day) -> bool) -> impl Iterator<Item = (Day, usize)> {
    let (first, last) = (sessions[0], sessions[sessions.len() - 1]);
    let days = (first.number()..=last.number()).map(Day::from_number).filter(move |&day| wanted(day));
    days.map(|day| (day, sessions.partition_point(|&session| session <= day) - 1))
}

/// Financial conditions of each week: tight when credit is.
fn conditions(sessions: &[Day], script: &Script) -> (Vec<Day>, Vec<f64>) {
    let mut rng = stream(CONDITIONS);
    let mut stray = Deviation::new(0.03, 6.0);
    let level = |(day, t): (Day, usize)| {
        let level = 0.35 * (script.spread[t] - 5.2) + stray.next(StandardNormal.sample(&mut rng));
        (day, hundredths(level))
    };
    every(sessions, |day| day.weekday() == Weekday::Fri).map(level).unzip()
}

/// Net percent of banks that tighten, each quarter: many when credit is tight or rates still rise.
fn lending(sessions: &[Day], script: &Script) -> (Vec<Day>, Vec<f64>) {
    let mut rng = stream(LENDING);
    let level = |(day, t): (Day, usize)| {
        let noise: f64 = StandardNormal.sample(&mut rng);
        (day, (10.0 * (16.0 * (script.spread[t] - 4.4) + 3.0 * noise)).round() / 10.0)
    };
    every(sessions, |day| day.date().day() == 1 && day.date().month0() % 3 == 0).map(level).unzip()
}

/// Who holds Russell futures, each Tuesday: asset managers buy what has led, leveraged funds sell it.
fn positioning(sessions: &[Day], script: &Script) -> impl Iterator<Item = (Day, [f64; POSITIONS.len()])> {
    let mut rng = stream(POSITIONING);
    let [mut interest, mut buyers, mut sellers] =
        [(0.03, 26.0), (0.012, 8.0), (0.012, 8.0)].map(|(shock, half_life)| Deviation::new(shock, half_life));
    every(sessions, |day| day.weekday() == Weekday::Tue).map(move |(day, t)| {
        let mut draw = |stray: &mut Deviation| stray.next(StandardNormal.sample(&mut rng));
        let open = (460_000.0 * f64::exp(draw(&mut interest))).round();
        let net = (0.05 + 0.5 * script.small[t]).clamp(-0.2, 0.3);
        let [managers, funds] = [net + draw(&mut buyers), -0.8 * net + draw(&mut sellers)];
        let held = |level: f64, side: f64| (open * (level + side / 2.0).max(0.0)).round();
        (day, [open, held(0.36, managers), held(0.36, -managers), held(0.2, funds), held(0.2, -funds)])
    })
}
