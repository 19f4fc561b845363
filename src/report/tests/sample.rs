//! A report made by hand.

use super::super::*;
use super::past::record;
use crate::bars::SeriesId;
use crate::inputs::Need;
use crate::journal::{Step, VoteStep};
use crate::series::State;
use crate::signals::{Unit, Value, reading};
use crate::verdict::STATEMENT;

pub(super) fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// A signal that votes.
fn signal(
    id: &'static str,
    pillar: Pillar,
    vote: i8,
    since: &str,
    summary: &str,
    place: (&'static str, f64),
) -> SignalRow {
    SignalRow {
        id,
        pillar,
        vote: Some(vote),
        // one row of the sample is kept
        kept: id == "curve",
        since: Some(day(since)),
        summary: Some(summary.into()),
        readings: Readings(vec![(reading(place.0, Unit::Fraction), Value::Number(0.021_234_567_891_23))]),
        basis: "total return",
        as_of: Some(day("2025-10-09")),
        inputs: vec!["IWM".into(), "SPY".into()],
        missing: None,
        reasons: Reasons::default(),
        history: Some(History { reading: place.0, percentile: Figure(place.1), sessions: 5_218, year: year() }),
    }
}

/// A year that falls, lacks a part, and climbs.
fn year() -> Vec<f64> {
    (0..24).map(|i| if (8..10).contains(&i) { f64::NAN } else { f64::from((i - 6_i32).abs()) }).collect()
}

/// The same without a vote.
fn silent(row: SignalRow, reason: &str, as_of: Option<&str>) -> SignalRow {
    SignalRow {
        vote: None,
        since: None,
        summary: None,
        readings: Readings(row.readings.0.iter().map(|(reading, _)| (*reading, Value::Missing)).collect()),
        as_of: as_of.map(day),
        missing: Some(reason.into()),
        reasons: Reasons::default(),
        history: None,
        ..row
    }
}

fn input(id: &str, source: Option<&str>, last: Option<(&str, u32)>, state: State) -> InputState {
    InputState {
        id: id.into(),
        series: source.map(|_| SeriesId::bars(id)).into_iter().collect(),
        source: source.map(Into::into),
        first: last.map(|_| day("2000-05-26")),
        last: last.map(|(last, _)| day(last)),
        rows: last.map_or(0, |_| 6_383),
        age_sessions: last.map(|(_, age)| age),
        fetched_at: source.map(|_| "2025-10-09T22:10:00Z".into()),
        hash: source.map(|_| "0123456789abcdef".into()),
        revised: false,
        state,
        need: if id.starts_with('^') { Need::Evidence } else { Need::Expected },
        withheld: None,
    }
}

fn signals() -> Vec<SignalRow> {
    use Pillar::{Fuel, Leadership, Participation, Pressure};
    let fuel = signal(
        "valuation-gap",
        Fuel,
        1,
        "2024-02-06",
        "small caps yield 0.15 points more than large caps in dividends, cheaper than mostly",
        ("dividend_yield_gap", 81.2),
    );
    let reason = |name| (name, "pe-small was never given".to_owned());
    vec![
        signal(
            "relative-strength",
            Leadership,
            1,
            "2025-08-22",
            "IWM/SPY 2.1 % above its 200-session mean, rising 8 % a year",
            ("sma200_gap", 71.4),
        ),
        signal(
            "relative-momentum",
            Leadership,
            0,
            "2025-09-02",
            "IWM less SPY: +1.8 % in 21 sessions, −0.4 % in 126",
            ("relative_return_21d", 63.0),
        ),
        silent(
            signal("group-breadth", Participation, 0, "2020-12-11", "", ("above_50d", 50.0)),
            "0 of 9 groups have a value, 5 are needed: PSCD ended on 2020-12-11",
            Some("2020-12-11"),
        ),
        signal(
            "policy-cycle",
            Pressure,
            1,
            "2025-09-18",
            "easing: cut by 25 bp 21 days ago, 125 bp below the peak",
            ("below_peak_bp", 44.0),
        ),
        signal(
            "rate-pressure",
            Pressure,
            1,
            "2025-05-30",
            "two-year yield −22 bp in 63 sessions",
            ("two_year_change_63d_bp", 31.0),
        ),
        signal(
            "curve",
            Pressure,
            0,
            "2025-07-01",
            "ten-year less two-year 0.53 points, −0.01 in 63 sessions",
            ("level", 38.6),
        ),
        signal("credit", Pressure, 0, "2025-10-06", "high-yield spread 3.1 %, +4 bp in 63 sessions", ("level", 3.0)),
        signal(
            "regional-banks",
            Pressure,
            -1,
            "2025-10-01",
            "KRE/SPY 3.4 % below its 200-session mean",
            ("sma200_gap", 24.9),
        ),
        SignalRow {
            reasons: Reasons(vec![
                reason("pe_small"),
                reason("pe_large"),
                reason("gap"),
                reason("log_gap"),
                reason("percentile"),
            ]),
            ..fuel
        },
    ]
}

fn inputs() -> Vec<InputState> {
    let now = Some(("2025-10-09", 0));
    let before = Some(("2025-10-08", 1));
    vec![
        input("IWM", Some("yahoo"), now, State::Ok),
        input("SPY", Some("yahoo"), now, State::Ok),
        input("KRE", Some("imported"), now, State::Ok),
        input("RSP", None, None, State::Missing),
        input("policy-target", Some("fredgraph"), now, State::Ok),
        input("funds-rate", Some("fredgraph"), before, State::Ok),
        input("two-year", Some("fredgraph"), before, State::Ok),
        input("ten-year", Some("fredgraph"), before, State::Ok),
        input("credit", Some("fredgraph"), Some(("2025-09-12", 19)), State::Stale),
        input("PSCD", Some("imported"), Some(("2020-12-11", 1_212)), State::Ended),
        input("PSCC", Some("imported"), Some(("2020-12-11", 1_212)), State::Ended),
        input("pe-small", None, None, State::Absent),
        input("pe-large", None, None, State::Absent),
        input("^RUT", None, None, State::Absent),
    ]
}

/// A day on which a vote changed.
fn change() -> Change {
    Change {
        session: day("2025-10-08"),
        stage: None,
        score: Step { from: Some(0.3125), to: Some(0.375) },
        votes: vec![VoteStep { signal: "credit".into(), from: None, to: Some(0) }],
    }
}

/// An early rotation whose rule no longer holds, with gaps of every kind.
fn vote_change(signal: &'static str, from: Option<i8>, to: Option<i8>) -> ChangeRow {
    ChangeRow { signal: Some(signal), from: Said::Vote(from), to: Said::Vote(to) }
}

fn flips() -> Vec<FlipRow> {
    let row = |level, distance, sigmas, change| FlipRow {
        input: "IWM",
        level: Figure(level),
        distance: Figure(distance),
        sigmas: Figure(sigmas),
        change,
    };
    let candidate = ChangeRow { signal: None, from: Said::Stage(Stage::None), to: Said::Stage(Stage::Early) };
    vec![
        row(247.31, 0.012_345_678_9, 0.94, candidate),
        row(247.31, 0.012_345_678_9, 0.94, vote_change("relative-momentum", Some(0), Some(1))),
        row(231.06, -0.054_2, -3.71, vote_change("breakout", Some(1), Some(0))),
    ]
}

pub(super) fn early() -> Report {
    let pillar = |id, score, [in_favour, against, neutral, missing]: [u32; 4], weight| PillarRow {
        id,
        score: Figure(score),
        in_favour,
        against,
        neutral,
        missing,
        weight: Figure(weight),
    };
    Report {
        schema_version: SCHEMA_VERSION,
        as_of: day("2025-10-09"),
        synthetic: false,
        verdict: Outcome {
            stage: Stage::Early,
            since: day("2025-09-24"),
            sessions_in_stage: 12,
            previous_stage: Some(Stage::Setup),
            candidate: Stage::None,
            candidate_sessions: 2,
            score: Figure(0.375),
            coverage: Figure(0.75),
            rule: "leadership +0.50 > 0 and pressure +0.40 > 0 (on 2025-10-07)".into(),
            posture: Posture {
                action: "a partial tilt to small caps".into(),
                stance: "leaning to small caps".into(),
                time_frame: "weeks".into(),
                risk:
                    "high, raised from elevated: 63-session volatility of IWM 31 % a year, percentile 88 of its history (80 raises it)"
                        .into(),
                statement: STATEMENT,
            },
            next_step: None,
        },
        change: Some(change()),
        pillars: vec![
            pillar(Pillar::Leadership, 0.5, [1, 0, 1, 0], 0.35),
            pillar(Pillar::Participation, f64::NAN, [0, 0, 0, 1], 0.25),
            pillar(Pillar::Pressure, -0.2, [2, 1, 2, 0], 0.25),
            pillar(Pillar::Fuel, 1.0, [1, 0, 0, 0], 0.15),
        ],
        signals: signals(),
        rate_regime: RateRegime {
            state: Some("easing".into()),
            flags: RateFlags {
                easing: Some(true),
                hiking: Some(false),
                not_intensifying: Some(true),
                steepening: Some(false),
                inverted: Some(false),
                credit_calm: None,
            },
        },
        flips: Some(flips()),
        next_close: Some(NextClose {
            session: day("2025-10-10"),
            moved: vec!["IWM"],
            unmoved: vec![vote_change("volume", Some(0), Some(-1))],
            missing: vec!["KRE has no close on 2025-10-09, the last is of 2025-10-08".into()],
        }),
        evidence: Evidence::new(Stage::Early, Some(&record())),
        inputs: inputs(),
        warnings: vec![Warning::about("stale", "credit", "`credit` is 19 sessions old")],
        settings: vec![Setting { name: "bands.curve".into(), value: "0.1".into(), default: "0.05".into() }],
        pictures: None,
    }
}

/// Nothing is known: SPY lacks the last session.
pub(super) fn unknown() -> Report {
    let early = early();
    Report {
        verdict: Outcome {
            stage: Stage::Unknown,
            since: day("2025-10-09"),
            sessions_in_stage: 1,
            previous_stage: Some(Stage::Early),
            candidate: Stage::Unknown,
            candidate_sessions: 1,
            score: Figure(0.0),
            coverage: Figure(0.0),
            rule: "SPY has no close on 2025-10-09, the last is of 2025-10-08".into(),
            posture: Posture {
                action: "none, too little is known".into(),
                stance: "open".into(),
                time_frame: "until the missing figures are there".into(),
                risk: "not judged".into(),
                statement: STATEMENT,
            },
            next_step: Some(
                "bring in SPY with `rotation fetch` or `rotation import`, or look at an earlier session with `--as-of 2025-10-08`"
                    .into(),
            ),
        },
        pillars: early
            .pillars
            .into_iter()
            .map(|row| {
                let missing = row.in_favour + row.against + row.neutral + row.missing;
                PillarRow { score: Figure(f64::NAN), in_favour: 0, against: 0, neutral: 0, missing, ..row }
            })
            .collect(),
        signals: early
            .signals
            .into_iter()
            .map(|row| silent(row, "SPY: no value on 2025-10-09, the last is of 2025-10-08", Some("2025-10-08")))
            .collect(),
        rate_regime: RateRegime { state: None, flags: RateFlags::default() },
        change: None,
        flips: Some(Vec::new()),
        next_close: early.next_close.map(|next| NextClose { unmoved: Vec::new(), missing: Vec::new(), ..next }),
        settings: Vec::new(),
        evidence: Evidence::new(Stage::Unknown, None),
        ..early
    }
}

/// The same of a made-up market.
pub(super) fn synthetic() -> Report {
    Report { synthetic: true, ..early() }
}
