//! From the synthetic market through the real signals to the verdict and its report.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rotation::bars::{Closes, SYNTHETIC, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::demo;
use rotation::report::{Evidence, FORMATS, Page, Report, explain};
use rotation::series::{Constituents, Counter, Depth, Market, UniverseOrigin};
use rotation::signals::SIGNALS;
use rotation::verdict::{Tracked, Verdict, flips, weigh};

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::new(&[]));
static SHELF: LazyLock<Shelf> = LazyLock::new(|| demo::market(&CALENDAR, last()));
/// The closes of the synthetic members.
static MEMBERS: LazyLock<Vec<Closes>> = LazyLock::new(|| {
    let members = demo::Members::new(&CALENDAR, last());
    members.membership().members.keys().filter_map(|symbol| members.closes(symbol)).collect()
});

fn last() -> Day {
    Day::from_ymd(2025, 9, 24).expect("a date")
}

fn judge(reference: Day) -> (Market, Vec<Tracked>, Verdict) {
    let market = with_members(Market::build(&SHELF, CALENDAR.clone(), Settings::default(), reference));
    let tracks: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, (signal.track)(&market))).collect();
    let verdict = weigh(&market, &tracks);
    (market, tracks, verdict)
}

/// The market with the synthetic universe counted into it.
fn with_members(mut market: Market) -> Market {
    let sessions = market.counted_sessions();
    let mut counter = Counter::new(&sessions);
    for mut closes in MEMBERS.iter().cloned() {
        closes.stand_still(market.reference(), market.next_session());
        counter.add(&closes, std::slice::from_ref(&(sessions[0]..market.next_session().plus(1))));
    }
    let listed = vec![MEMBERS.len() as u32; sessions.len()];
    let constituents = Constituents { breadth: counter.finish(), listed, dated_from: None };
    market.admit_universe(Some(constituents), UniverseOrigin { source: SYNTHETIC.into(), fetched_at: String::new() });
    market
}

fn report(reference: Day) -> Report {
    let (market, tracks, verdict) = judge(reference);
    Report::new(&market, &tracks, &verdict, Vec::new(), true).with_evidence(Evidence::of(&market, &verdict))
}

#[test]
fn a_verdict_given_then_is_the_one_found_for_that_session_now() {
    let (whole, _, now) = judge(last());
    for t in [0, 150, 199, 260, 1_000, 2_345, 4_001, 6_000, whole.last() - 1] {
        let (_, _, then) = judge(whole.sessions[t]);
        assert_eq!(now.staged[..=t], then.staged[..]);
        let bits = |verdict: &Verdict, t: usize| {
            let day = &verdict.weighed[t];
            let scores = day.scores().map(f64::to_bits);
            (scores, day.score.to_bits(), day.coverage.to_bits())
        };
        assert!((0..=t).all(|t| bits(&now, t) == bits(&then, t)), "{}", whole.sessions[t]);
    }
}

#[test]
fn a_report_takes_no_more_of_the_tracks_than_what_they_say_now() {
    let json = |market: &Market, tracks: &[Tracked]| {
        let verdict = weigh(market, tracks);
        let report = Report::new(market, tracks, &verdict, Vec::new(), true)
            .with_evidence(Evidence::of(market, &verdict))
            .with_flips(&flips(market, tracks, &verdict));
        serde_json::to_string(&report).expect("JSON")
    };
    let (market, whole, _) = judge(last());
    let mut consumed = with_members(Market::consume(SHELF.clone(), CALENDAR.clone(), Settings::default(), last()));
    consumed.depth = Depth::Report;
    let now: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, signal.measure(&consumed))).collect();
    assert_ne!(now[0].1, whole[0].1);
    assert_eq!(json(&consumed, &now), json(&market, &whole));
}

#[test]
fn every_stage_occurs_in_the_synthetic_market() {
    let (_, _, verdict) = judge(last());
    let stages: BTreeSet<&str> = verdict.staged.iter().map(|staged| staged.stage.id()).collect();
    assert_eq!(stages, BTreeSet::from(["unknown", "none", "setup", "early", "confirmed", "fading"]));
}

#[test]
fn every_signal_of_the_methods_is_there() {
    let ids: BTreeSet<&str> = SIGNALS.iter().map(|signal| signal.id).collect();
    for id in [
        ["relative-strength", "relative-momentum", "rotation-quadrant", "monthly-streak"].as_slice(),
        &["breakout", "group-breadth", "sector-leadership", "constituent-breadth", "volume", "in-sync", "equal-weight"],
        &[
            "policy-cycle",
            "rate-pressure",
            "curve",
            "credit",
            "financial-conditions",
            "lending-standards",
            "regional-banks",
        ],
        &["valuation-gap", "positioning", "cycles"],
    ]
    .concat()
    {
        assert!(ids.contains(id), "{id}");
    }
    let report = serde_json::to_value(report(last())).expect("JSON");
    assert_eq!(report["signals"].as_array().map(Vec::len), Some(SIGNALS.len()));
}

#[test]
fn with_every_input_there_the_report_has_no_gap() {
    let report = serde_json::to_value(report(last())).expect("JSON");
    let flags = report["rate_regime"]["flags"].as_object().expect("flags");
    assert_eq!(flags.len(), 6);
    assert!(flags.values().all(serde_json::Value::is_boolean), "{flags:?}");
    assert!(report["rate_regime"]["state"].is_string());
    for signal in report["signals"].as_array().expect("signals") {
        // usually there is no cycle to vote with
        let votes = signal["vote"].is_i64() && signal["missing"].is_null();
        assert!(signal["summary"].is_string() && (votes || signal["id"] == "cycles"), "{signal}");
        assert!(signal["history"]["percentile"].is_f64(), "{signal}");
    }
    assert_eq!(report["verdict"]["coverage"], 1.0);
}

#[test]
fn the_first_session_is_unknown_and_every_format_says_so() {
    let first = report(CALENDAR.between(Day::from_ymd(2000, 1, 1).expect("a date"), last())[0]);
    for format in FORMATS {
        let page = Page { width: 80, color: false, unicode: true };
        let text = (format.render)(&first, &page).expect("a report");
        assert!(text.to_lowercase().contains("unknown"), "{}", format.name);
        // a table of readings has no place for a next step
        assert!(format.name == "csv" || text.contains("more history is needed"), "{text}");
    }
}

#[test]
fn lines_of_real_summaries_keep_within_any_page() {
    let (market, tracks, verdict) = judge(last());
    let found = flips(&market, &tracks, &verdict);
    assert!(!found.flips.is_empty());
    let report = Report::new(&market, &tracks, &verdict, Vec::new(), true);
    let report = report.with_evidence(Evidence::of(&market, &verdict)).with_flips(&found);
    for width in 40..=130 {
        for unicode in [true, false] {
            let page = Page { width, color: false, unicode };
            let table = (FORMATS[0].render)(&report, &page).expect("a report");
            let explained = explain(&report, &market.settings, &tracks, None, &page);
            for line in table.lines().chain(explained.lines()) {
                assert!(line.chars().count() <= width, "{width}: {line}");
                assert!(unicode || (line.is_ascii() && !line.contains("\\u")), "{line}");
                assert!(width < 60 || !line.contains('…'), "{width}: {line}");
            }
        }
    }
}
