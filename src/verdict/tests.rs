use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::bars::{Bar, Columns, Kind, Origin, Points, Series, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::signals::{Next, Vote};

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::new(&[]));

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn sessions(count: usize) -> Vec<Day> {
    CALENDAR.between(day("2020-01-02"), day("2026-12-31"))[..count].to_vec()
}

fn series(columns: Columns) -> Series {
    Series { origin: Origin { owner: "imported".into(), ..Origin::default() }, columns, hash: String::new() }
}

/// A series that closes at `close` on each day it has one.
fn closes(days: &[Day], close: impl Fn(usize) -> f64) -> Series {
    let bar = |(t, &day): (usize, &Day)| {
        let price = close(t);
        Bar { day, open: price, high: price, low: price, close: price, volume: 1.0, dividend: 0.0, split: 1.0 }
    };
    series(Columns::Bars(days.iter().enumerate().map(bar).collect()))
}

fn shelf(days: &[Day]) -> Shelf {
    Shelf::from([
        (SeriesId::bars("IWM"), closes(days, |t| 100.0 + t as f64)),
        (SeriesId::bars("SPY"), closes(days, |_| 300.0)),
    ])
}

fn market(shelf: &Shelf, reference: Day) -> Market {
    Market::build(shelf, CALENDAR.clone(), Settings::default(), reference)
}

const fn signal(id: &'static str, pillar: Pillar, inputs: fn(&Settings) -> Vec<String>) -> Signal {
    Signal {
        id,
        pillar,
        readings: &[],
        headline: |_| "",
        basis: "close",
        inputs,
        track: |_| Ok(Track::default()),
        next: Next::WHOLE,
        summary: |_| String::new(),
        meaning: "",
        formula: "",
        rule: |_| String::new(),
        source: "",
    }
}

static LEAD: Signal = signal("lead", Pillar::Leadership, |_| vec!["IWM".into(), "SPY".into()]);
static BREADTH: Signal = signal("breadth", Pillar::Participation, |_| vec!["PSCD".into()]);
static RATES: Signal = signal("rates", Pillar::Pressure, |_| vec!["two-year".into()]);
static BANKS: Signal = signal("banks", Pillar::Pressure, |_| vec!["KRE".into()]);
static VALUE: Signal = signal("value", Pillar::Fuel, |_| vec!["pe-small".into(), "pe-large".into()]);

fn votes(signal: &'static Signal, votes: &[Vote]) -> Tracked {
    (signal, Ok(Track { votes: votes.to_vec(), ..Track::default() }))
}

/// Every pillar but fuel, which is not set up, votes the same at every session.
fn steady(count: usize, [lead, breadth, pressure]: [Vote; 3]) -> Vec<Tracked> {
    vec![
        votes(&LEAD, &vec![lead; count]),
        votes(&BREADTH, &vec![breadth; count]),
        votes(&RATES, &vec![pressure; count]),
    ]
}

#[test]
fn the_rule_of_the_stage_is_told_with_the_figures_of_the_session_it_held_at() {
    let days = sessions(10);
    let market = market(&shelf(&days), days[9]);
    let verdict = weigh(&market, &steady(10, [Some(1), Some(1), Some(0)]));
    assert_eq!(verdict.staged[9].stage, Stage::Confirmed);
    assert_eq!(verdict.rule, "leadership +1.00 ≥ 0.5 and participation +1.00 ≥ 0.25 and pressure +0.00 ≥ 0");

    let mut tracks = steady(10, [Some(1), Some(1), Some(0)]);
    tracks[0] = votes(&LEAD, &[[Some(1); 8].as_slice(), &[Some(-1); 2]].concat());
    let verdict = weigh(&market, &tracks);
    assert_eq!((verdict.staged[9].stage, verdict.staged[9].candidate), (Stage::Confirmed, Stage::Fading));
    assert!(verdict.rule.ends_with(&format!("(on {})", days[7])), "{}", verdict.rule);
}

#[test]
fn a_session_without_a_close_of_either_is_unknown_and_says_which() {
    let days = sessions(10);
    let mut shelf = shelf(&days);
    shelf.insert(SeriesId::bars("IWM"), closes(&days, |t| if t == 4 || t == 9 { f64::NAN } else { 100.0 }));
    let verdict = weigh(&market(&shelf, days[9]), &steady(10, [Some(1); 3]));
    let unknown: Vec<usize> = (0..10).filter(|&t| verdict.staged[t].stage == Stage::Unknown).collect();
    assert_eq!(unknown, [4, 9]);
    assert_eq!(verdict.rule, format!("IWM has no close on {}, the last is of {}", days[9], days[8]));
    assert_eq!(verdict.posture.risk, "not judged");

    shelf.remove(&SeriesId::bars("SPY"));
    let verdict = weigh(&market(&shelf, days[9]), &steady(1, [Some(1); 3]));
    assert!(verdict.rule.contains("SPY is not in the store"), "{}", verdict.rule);
}

#[test]
fn unknown_tells_a_silent_leadership_from_thin_coverage() {
    let days = sessions(3);
    let market = market(&shelf(&days), days[2]);
    let silent = weigh(&market, &steady(3, [None, Some(1), Some(1)]));
    assert_eq!(silent.rule, "leadership is unknown: 1 of its 1 signals cannot vote");
    // 0.35 of 0.85
    let thin = weigh(&market, &steady(3, [Some(1), None, None]));
    assert_eq!(thin.rule, "coverage 41 % is below 60 %");
}

#[test]
fn a_signal_without_its_inputs_counts_as_missing_and_one_never_given_does_not() {
    let days = sessions(2);
    let mut shelf = shelf(&days);
    let mut tracks = steady(2, [Some(1), Some(1), Some(1)]);
    tracks.push((&BANKS, Err(Missing::new("KRE", State::Missing))));
    tracks.push((&VALUE, Err(Missing::new("pe-small", State::Absent))));
    let bare = weigh(&market(&shelf, days[1]), &tracks);
    let missing = |verdict: &Verdict| verdict.weighed[1].pillars.map(|tally| tally.missing);
    assert_eq!(missing(&bare), [0, 0, 1, 0]);
    assert!((bare.weighed[1].coverage - 0.725 / 0.85).abs() < 1e-12);

    // a value that will be published later: set up, and missing until then
    let mut points = Points::default();
    points.push(days[1].plus(30), days[1].plus(31), 17.0);
    shelf.insert(SeriesId::new(Kind::Valuation, "russell-2000.fy1.x"), series(Columns::Points(points)));
    let given = weigh(&market(&shelf, days[1]), &tracks);
    assert_eq!(missing(&given), [0, 0, 1, 1]);
    assert!((given.weighed[1].coverage - 0.725).abs() < 1e-12);
}

#[test]
fn volatility_is_a_years_deviation_of_63_returns() {
    let days = sessions(400);
    let mut shelf = shelf(&days);
    // log returns of +1 % and −1 % by turns, from session 300 on ±2 %
    let level = |t: usize| match t {
        ..300 => {
            if t.is_multiple_of(2) {
                0.0
            } else {
                0.01
            }
        }
        _ => {
            if t.is_multiple_of(2) {
                0.0
            } else {
                0.02
            }
        }
    };
    shelf.insert(SeriesId::bars("IWM"), closes(&days, |t| 100.0 * f64::exp(level(t))));
    let measure = |t: usize| Volatility::measure(&market(&shelf, days[t]));
    assert!(measure(62).is_none());
    let early = measure(63).expect("63 returns");
    // 32 returns of one sign and 31 of the other: mean x/63
    let deviation = |x: f64| ((63.0 * x * x - x * x / 63.0) / 62.0).sqrt() * 252_f64.sqrt();
    assert!((early.annual - deviation(0.01)).abs() < 1e-9 && early.percentile.is_nan());
    let late = measure(399).expect("63 returns");
    assert!((late.annual - deviation(0.02)).abs() < 1e-9);
    assert!(late.percentile > 90.0);
    assert!(Posture::of(Stage::Early, Some(&late)).risk.starts_with("high, raised from elevated: "));
    assert!(Posture::of(Stage::Early, Some(&early)).risk.starts_with("elevated, "));
    let calm = Volatility { annual: 0.2, percentile: 79.9 };
    assert_eq!(
        Posture::of(Stage::Confirmed, Some(&calm)).risk,
        "moderate; 63-session volatility of IWM 20 % a year, percentile 79 of its history"
    );
}

/// Votes in runs, as signals cast them.
fn some_votes(count: usize) -> impl Strategy<Value = Vec<Vote>> {
    let run = (prop::option::weighted(0.9, -1..=1_i8), 1..40_usize);
    prop::collection::vec(run, count / 4).prop_map(move |runs| {
        runs.into_iter().flat_map(|(vote, n)| vec![vote; n]).chain(std::iter::repeat(None)).take(count).collect()
    })
}

fn bits(verdict: &Verdict, t: usize) -> Vec<u64> {
    let day = &verdict.weighed[t];
    day.pillars.iter().map(super::pillars::Tally::score).chain([day.score, day.coverage]).map(f64::to_bits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn later_sessions_change_no_bit_of_earlier_ones(
        all in prop::array::uniform4(some_votes(200)), cut in 0..200_usize, gap in 0..200_usize,
    ) {
        let days = sessions(200);
        let mut shelf = shelf(&days);
        shelf.insert(SeriesId::bars("IWM"), closes(&days, |t| if t == gap { f64::NAN } else { 100.0 + t as f64 }));
        let until = |last: usize| {
            let signals = [&LEAD, &BREADTH, &RATES, &BANKS];
            let tracks: Vec<Tracked> = signals.into_iter().zip(&all).map(|(s, all)| votes(s, &all[..=last])).collect();
            weigh(&market(&shelf, days[last]), &tracks)
        };
        let (whole, part) = (until(199), until(cut));
        for t in 0..=cut {
            prop_assert_eq!(bits(&whole, t), bits(&part, t));
            prop_assert_eq!(whole.staged[t], part.staged[t]);
        }
    }

    #[test]
    fn a_stage_changes_only_by_confirmation_or_from_and_to_unknown(all in prop::array::uniform4(some_votes(300))) {
        let days = sessions(300);
        let signals = [&LEAD, &BREADTH, &RATES, &BANKS];
        let tracks: Vec<Tracked> = signals.into_iter().zip(&all).map(|(signal, all)| votes(signal, all)).collect();
        let verdict = weigh(&market(&shelf(&days), days[299]), &tracks);
        for pair in verdict.staged.windows(2) {
            let (before, now) = (pair[0], pair[1]);
            if before.stage != now.stage && before.stage != Stage::Unknown && now.stage != Stage::Unknown {
                prop_assert_eq!(now.candidate_sessions, CONFIRMATION_SESSIONS);
            }
            prop_assert_eq!(now.stage == Stage::Unknown, now.candidate == Stage::Unknown);
        }
        for day in &verdict.weighed {
            let weights = [0.35, 0.25, 0.25, 0.15];
            let scores = day.pillars.map(|tally| if tally.score().is_nan() { 0.0 } else { tally.score() });
            let sum: f64 = weights.iter().zip(scores).map(|(weight, score)| weight * score).sum();
            prop_assert!((day.score - sum).abs() < 1e-12);
            prop_assert!((0.0..=1.0 + 1e-12).contains(&day.coverage));
        }
    }
}
