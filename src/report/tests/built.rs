//! Reports built from a market.

use super::sample::day;
use super::*;
use crate::bars::{Bar, Columns, Kind, Origin, Points, Series, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::series::{Market, Missing, State};
use crate::signals::{Column, Next, Reading, Signal, Track, Unit, Value, Vote, reading};
use crate::verdict::{Tracked, weigh};

const SESSIONS: usize = 8;

fn series(columns: Columns) -> Series {
    Series { origin: Origin { owner: "imported".into(), ..Origin::default() }, columns, hash: String::new() }
}

/// Bars on `days`, all at one price.
fn flat(days: &[Day]) -> Series {
    let bar = |&day| Bar { day, open: 9.0, high: 9.0, low: 9.0, close: 9.0, volume: 1.0, dividend: 0.0, split: 1.0 };
    series(Columns::Bars(days.iter().map(bar).collect()))
}

/// A market of eight sessions of 2025; SPY lacks the last `gap` of them.
fn market(gap: usize, settings: Settings) -> Market {
    market_from(0, gap, settings, SESSIONS - 1)
}

/// The same up to session `last`; IWM starts at session `start`.
fn market_from(start: usize, gap: usize, settings: Settings, last: usize) -> Market {
    let calendar = Calendar::new(&[]);
    let days = calendar.between(day("2025-03-03"), day("2025-12-31"))[..SESSIONS].to_vec();
    let mut credit = Points::default();
    credit.push(days[0], days[1], 3.1);
    let shelf = Shelf::from([
        (SeriesId::bars("IWM"), flat(&days[start..])),
        (SeriesId::bars("SPY"), flat(&days[..SESSIONS - gap])),
        (SeriesId::new(Kind::Rates, "BAA10Y"), series(Columns::Points(credit))),
    ]);
    Market::build(&shelf, calendar, settings, days[last])
}

const READINGS: &[Reading] = &[reading("level", Unit::Percent), reading("change_63d", Unit::Number)];

const fn signal(id: &'static str, pillar: Pillar, inputs: fn(&Settings) -> Vec<String>) -> Signal {
    Signal {
        id,
        pillar,
        readings: READINGS,
        headline: |_| "level",
        basis: "as published",
        inputs,
        track: |_| Ok(Track::default()),
        next: Next::WHOLE,
        summary: |now| format!("level {:.1}", now.number("level")),
        meaning: "What it asks.",
        formula: "level = a − b",
        rule: |settings| format!("level > {} votes for", settings.bands.curve),
        source: "METHODS",
    }
}

static LEAD: Signal = signal("lead", Pillar::Leadership, |_| vec!["IWM".into(), "SPY".into()]);
static BREADTH: Signal = signal("breadth", Pillar::Participation, |_| vec!["KRE".into()]);
static CURVE: Signal = signal("curve", Pillar::Pressure, |_| vec!["ten-year".into()]);
static CREDIT: Signal = signal("credit", Pillar::Pressure, |_| vec!["credit".into()]);
static VALUE: Signal = signal("value", Pillar::Fuel, |_| vec!["pe-small".into(), "pe-large".into()]);
static POLICY: Signal = Signal {
    readings: &[reading("state", Unit::Plain)],
    headline: |_| "state",
    summary: |_| String::new(),
    ..signal("policy-cycle", Pillar::Pressure, |_| vec!["policy-target".into()])
};

fn track(level: [f64; SESSIONS], change: f64, votes: [Vote; SESSIONS], missing: Option<&str>) -> Track {
    let reason = change.is_nan().then(|| "64 sessions are needed, 8 are there".to_owned());
    Track {
        columns: vec![Column::Number(level.into()), Column::Number([change; SESSIONS].into())],
        votes: votes.into(),
        kept: false,
        reasons: vec![None, reason],
        missing: missing.map(Into::into),
    }
}

fn tracks() -> Vec<Tracked> {
    let up = [Some(1); SESSIONS];
    let nan = f64::NAN;
    let lead = [Some(1), Some(-1), None, Some(1), None, Some(1), Some(1), Some(1)];
    let breadth = [Some(0), Some(1), Some(1), None, None, None, None, None];
    let states = vec!["hiking".to_owned(), "easing".to_owned()];
    let policy = Track {
        columns: vec![Column::Word(vec![Some(1); SESSIONS], states)],
        votes: up.into(),
        kept: false,
        reasons: vec![None],
        missing: None,
    };
    vec![
        (&LEAD, Ok(track([nan, 2.0, 1.0, 3.0, nan, 2.0, 4.0, 2.0], nan, lead, None))),
        (&BREADTH, Ok(track([1.0; SESSIONS], 0.0, breadth, Some("KRE: no value on 2025-03-12")))),
        (&POLICY, Ok(policy)),
        (&CURVE, Ok(track([-0.2; SESSIONS], 0.06, up, None))),
        (&CREDIT, Err(Missing::new("credit", State::Missing))),
        (&VALUE, Err(Missing::new("pe-small", State::Absent))),
    ]
}

fn report(market: &Market) -> Report {
    let tracks = tracks();
    Report::new(market, &tracks, &weigh(market, &tracks), Vec::new(), false)
}

fn usual() -> Report {
    report(&market(0, Settings::default()))
}

#[test]
fn a_vote_has_stood_since_its_run_began_whatever_was_missing_within() {
    let market = market(0, Settings::default());
    let report = report(&market);
    let lead = &report.signals[0];
    assert_eq!((lead.vote, lead.since, lead.as_of), (Some(1), Some(market.sessions[3]), Some(market.reference())));
    assert_eq!(lead.summary.as_deref(), Some("level 2.0"));
    let breadth = &report.signals[1];
    assert_eq!((breadth.vote, breadth.since, breadth.as_of), (None, None, Some(market.sessions[2])));
    assert_eq!((&breadth.summary, breadth.missing.as_deref()), (&None, Some("KRE: no value on 2025-03-12")));
}

#[test]
fn a_missing_reading_beside_a_vote_has_its_reason() {
    let report = usual();
    let reason = "64 sessions are needed, 8 are there".to_owned();
    assert_eq!(report.signals[0].reasons, Reasons(vec![("change_63d", reason)]));
    assert_eq!(report.signals[0].readings.0[1].1, Value::Missing);
    assert_eq!(report.signals[1].reasons, Reasons::default());
}

#[test]
fn the_place_in_history_is_among_the_figures_there_are() {
    let history = usual().signals[0].history.clone().expect("a figure today");
    // 1 below and 3 equal of 2 1 3 2 4 2
    assert_eq!((history.sessions, history.percentile), (6, Figure(100.0 * 2.5 / 6.0)));
    assert!(usual().signals[2].history.is_none(), "a word has no place");
}

#[test]
fn a_missing_signal_says_why_and_one_never_given_that_it_is_not_set_up() {
    let report = usual();
    let missing = |at: usize| report.signals[at].missing.clone().expect("a reason");
    assert_eq!(missing(4), "credit is not in the store");
    assert_eq!(missing(5), "not set up: pe-small and pe-large never given");
    assert_eq!(report.signals[4].readings.0.len(), READINGS.len());
}

#[test]
fn the_rate_regime_is_null_where_nothing_is_known() {
    let report = usual();
    assert_eq!(
        serde_json::to_value(&report.rate_regime).expect("JSON"),
        serde_json::json!({ "state": "easing", "flags": {
            "easing": true, "hiking": false, "not_intensifying": null, "steepening": true, "inverted": true, "credit_calm": null,
        }})
    );
}

#[test]
fn settings_are_shown_when_they_differ() {
    assert_eq!(usual().settings, []);
    let mut settings = Settings::default();
    settings.weights.fuel = 0.2;
    settings.bands.curve = 0.1;
    settings.groups.truncate(1);
    let names = ["weights.fuel", "bands.curve", "groups"];
    let changed = report(&market(0, settings)).settings;
    assert_eq!(changed.iter().map(|setting| setting.name.as_str()).collect::<Vec<_>>(), names);
    assert_eq!((changed[0].value.as_str(), changed[0].default.as_str()), ("0.2", "0.15"));
    assert_eq!(changed[2].value, "PSCD discretionary");
}

#[test]
fn the_way_out_of_an_unknown_stage_names_the_input_and_the_last_session_that_had_both() {
    let market = market(2, Settings::default());
    let verdict = report(&market).verdict;
    assert_eq!(verdict.stage, Stage::Unknown);
    assert_eq!(verdict.previous_stage, Some(Stage::Early));
    let last = market.sessions[5];
    assert_eq!(verdict.rule, format!("SPY has no close on {}, the last is of {last}", market.reference()));
    let step = format!(
        "bring in SPY with `rotation fetch` or `rotation import`, or look at an earlier session with `--as-of {last}`"
    );
    assert_eq!(verdict.next_step, Some(step));
    assert_eq!(usual().verdict.next_step, None);
}

#[test]
fn a_session_before_the_first_price_is_told_from_a_missing_series() {
    let market = market_from(6, 0, Settings::default(), 3);
    let verdict = Report::new(&market, &[], &weigh(&market, &[]), Vec::new(), false).verdict;
    assert_eq!(verdict.rule, format!("IWM has no close up to {}", market.reference()));
    assert_eq!(
        verdict.next_step.as_deref(),
        Some("nothing is held up to this session of IWM: ask for a later one with `--as-of`")
    );
}

#[test]
fn an_explanation_shows_formula_figures_threshold_and_inputs() {
    let market = market(0, Settings::default());
    let (report, tracks) = (report(&market), tracks());
    let page = Page { width: 80, color: false, unicode: true };
    let one = |name| explain(&report, &market.settings, &tracks, Some(name), &page);
    insta::assert_snapshot!("explain", one("lead") + "\n" + &one("credit"));
    let all = explain(&report, &market.settings, &tracks, None, &page);
    assert!(tracks.iter().all(|(signal, _)| all.contains(&format!("{} · ", signal.id))));
    let made_up = Report { synthetic: true, ..report.clone() };
    let labelled = explain(&made_up, &market.settings, &tracks, Some("lead"), &page);
    assert!(labelled.starts_with("SYNTHETIC DEMO DATA: no real market\n\nlead · "), "{labelled}");
}
