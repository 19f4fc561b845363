use super::*;
use crate::bars::Points;
use crate::day::Day;
use crate::series::{Fixture, day};

/// Both funds at 100, IWM paying `iwm(t)` and SPY 0.5 every 63 sessions.
fn fixture(sessions: usize, iwm: impl Fn(usize) -> f64) -> Fixture {
    let quarterly = |t: usize| if t % 63 == 10 { 0.5 } else { 0.0 };
    Fixture::new(sessions).bars_paying("SPY", |_| 100.0, quarterly).bars_paying("IWM", |_| 100.0, iwm)
}

/// A value on the 28th of each of `n` months from January 2004 on.
fn monthly(n: u32, value: impl Fn(u32) -> f64) -> Vec<(Day, f64)> {
    let day = |i: u32| Day::from_ymd(2004 + (i / 12) as i32, 1 + i % 12, 28).expect("a date");
    (0..n).map(|i| (day(i), value(i))).collect()
}

fn number(track: &Track, name: &str, t: usize) -> f64 {
    Snapshot::new(&SIGNAL, track, t).number(name)
}

#[test]
fn yields_sum_the_dividends_of_365_days() {
    let fixture = fixture(600, |t| if t == 100 { 1.0 } else { 0.0 });
    let paid = fixture.sessions[100];
    let track = track(&fixture.market()).expect("a track");
    let first = fixture.sessions.iter().position(|&d| d >= fixture.sessions[0].plus(365)).expect("a session");
    // 1.0 from IWM, four times 0.5 from SPY, at 100 each
    assert!(number(&track, "dividend_yield_gap", first - 1).is_nan());
    assert!((number(&track, "dividend_yield_gap", first) + 0.01).abs() < 1e-15);
    // the dividend counts on the 364th day after it, not on the 365th
    let last = fixture.sessions.iter().rposition(|&d| d < paid.plus(365)).expect("a session");
    assert!(!number(&track, "dividend_yield_gap", last).is_nan());
    assert!(number(&track, "dividend_yield_gap", last + 1).is_nan(), "a year without a dividend");
    let reason = track.reasons[11].as_deref().expect("a reason");
    assert_eq!(reason, "IWM: a year of bars with dividends is needed");
}

#[test]
fn without_pes_the_yield_gap_votes_and_is_named() {
    // IWM's dividends jump at session 1100: from then on its yield gap is the highest yet
    let fixture = fixture(1200, |t| if t % 63 == 10 { if t < 1100 { 0.4 } else { 0.6 } } else { 0.0 });
    let track = track(&fixture.market()).expect("a track");
    let now = Snapshot::new(&SIGNAL, &track, 1199);
    assert!((now.number("dividend_yield_gap") + 0.002).abs() < 1e-15);
    assert_eq!(now.get("voter"), Value::Word("dividend-yield".into()));
    assert_eq!((track.votes[1100], track.votes[1199]), (Some(0), Some(1)));
    assert_eq!(track.reasons[0].as_deref(), Some("pe-small was never given"));
    assert_eq!(summary(&now), "no forward P/E; IWM yields −0.20 points against SPY, percentile 97");
    // the 252 sessions of 2004, and 756 of history
    let history = track.votes.iter().position(Option::is_some).expect("a vote");
    assert_eq!(history, 252 + 755);
}

#[test]
fn the_gap_takes_its_place_among_the_months() {
    // 36 months of 15, the last of them at 12, against 20
    let fixture = fixture(800, |t| if t % 63 == 10 { 0.4 } else { 0.0 })
        .valuation("russell-2000.ex-negative.me", monthly(36, |i| if i < 35 { 15.0 + f64::from(i % 5) } else { 12.0 }))
        .valuation("sp-500.ex-negative.me", monthly(36, |_| 20.0));
    let last = fixture.sessions.iter().position(|&d| d == day("2006-12-29")).expect("a session");
    let track = track(&fixture.market()).expect("a track");
    let now = Snapshot::new(&SIGNAL, &track, last);
    assert_eq!((now.number("pe_small"), now.number("pe_large"), now.number("pe_age_days")), (12.0, 20.0, 1.0));
    assert!((now.number("gap") + 0.4).abs() < 1e-15 && (now.number("log_gap") - 0.6_f64.ln()).abs() < 1e-15);
    assert_eq!(now.number("percentile"), 50.0 / 36.0);
    // 15 to 19 seven times each and 12: the median is between the 18th and 19th, ln(17/20) both;
    // distances from it: ln(17/16) for the 15th to 21st, ln(18/17) below it, so the 18th and 19th are ln(17/16)
    let z = (12.0_f64 / 17.0).ln() / (1.4826 * (17.0_f64 / 16.0).ln());
    assert!((now.number("robust_z") - z).abs() < 1e-12);
    assert_eq!([now.get("basis"), now.get("voter")], ["ex-negative", "forward-pe"].map(|w| Value::Word(w.into())));
    assert_eq!((track.votes[last - 1], track.votes[last]), (None, Some(1)));
    assert_eq!(summary(&now), "forward P/E 12.0 against 20.0 (−40.0 %), percentile 1");
    // known the day after 2006-12-28; 45 days after it, on 2007-02-11, it has voted for the last time
    let old = fixture.sessions.iter().position(|&d| d > day("2007-02-11")).expect("a session");
    assert_eq!((track.votes[old - 1], track.votes[old]), (Some(1), None));
    assert!(number(&track, "percentile", old) < 2.0);
}

#[test]
fn other_bases_and_sources_are_not_compared() {
    let fixture = fixture(30, |_| 0.1)
        .valuation("russell-2000.all-in.me", monthly(1, |_| 25.0))
        .valuation("russell-2000.fy1.you", monthly(1, |_| 25.0))
        .valuation("sp-500.fy1.me", monthly(1, |_| 20.0));
    let track = track(&fixture.market()).expect("a track");
    let reason = "pe-small and pe-large have no basis and source in common, and others do not compare";
    assert_eq!(track.reasons[7].as_deref(), Some(reason));
    let fixture =
        fixture.valuation("sp-600.fy1.me", monthly(1, |_| 16.0)).valuation("sp-600.all-in.me", monthly(1, |_| 24.0));
    let track = super::track(&fixture.market()).expect("a track");
    assert!((number(&track, "gap", 29) + 0.2).abs() < 1e-15);
    assert_eq!(track.reasons[9].as_deref(), Some("forward P/E gap: 36 months are needed, 1 are there"));
}

#[test]
fn what_was_given_comes_first_then_what_a_source_serves_then_what_was_worked_out() {
    let worked = |day: &str, value: f64, losses: f64, covered: f64| {
        let mut points = Points::default();
        points.push_worked_out(crate::series::day(day), crate::series::day(day).plus(1), [value, losses, covered]);
        points
    };
    let fixture = fixture(30, |_| 0.1)
        .worked_out("russell-2000.all-in.bottom-up", worked("2004-01-15", 30.0, 0.4, 0.9))
        .worked_out("sp-500.all-in.bottom-up", worked("2004-01-15", 20.0, 0.1, 0.8));
    let last = |fixture: &Fixture| {
        let track = track(&fixture.market()).expect("a track");
        let now = Snapshot::new(&SIGNAL, &track, 29);
        (now.get("source"), now.number("pe_small"), now.get("disclosure"), summary(&now))
    };
    let word = |text: &str| Value::Word(text.into());
    let (source, small, disclosure, said) = last(&fixture);
    assert_eq!((source, small), (word("bottom-up"), 30.0));
    assert_eq!(disclosure, word("40 % of the weight without earnings, 80 % covered"));
    assert!(
        said.starts_with("P/E 30.0 against 20.0 [40 % of the weight without earnings, 80 % covered] does"),
        "{said}"
    );
    let fixture =
        fixture.valuation("sp-600.fy1.ssga", monthly(1, |_| 14.0)).valuation("sp-500.fy1.ssga", monthly(1, |_| 22.0));
    let (source, small, disclosure, said) = last(&fixture);
    assert_eq!((source, small, disclosure), (word("ssga"), 14.0, word("as published")));
    assert!(said.starts_with("P/E 14.0 against 22.0 [S&P 600 proxy] does not vote; "), "{said}");
    let fixture =
        fixture.given("sp-600.all-in.me", monthly(1, |_| 25.0)).given("sp-500.all-in.me", monthly(1, |_| 21.0));
    assert_eq!(last(&fixture).0, word("me"));
}

#[test]
fn a_side_is_kept_until_the_place_is_back_beyond_its_release() {
    let place = Figure::new(vec![50.0, 20.0, 25.0, 30.0, 30.1, 25.0, 80.0, 70.0, f64::NAN, 71.0, 69.9], String::new);
    let cheap_when_low = sides(&place, &Bands::default(), |place| place);
    assert_eq!(
        cheap_when_low.iter().map(|vote| vote.unwrap_or(9)).collect::<Vec<_>>(),
        [0, 1, 1, 1, 0, 0, -1, -1, 9, -1, 0]
    );
    let cheap_when_high = sides(&place, &Bands::default(), |place| 100.0 - place);
    assert!(cheap_when_low.iter().zip(&cheap_when_high).all(|(a, b)| a.map(|side| -side) == *b));
}
