//! Levels and votes of prices drawn by hand.

use super::*;
use crate::series::{Fixture, day};

/// Zigzag in legs of 40: lows of 100 and 102 in turn from session 40 on, highs of 120 and 124 from 80 on;
/// from 124 at 800 down to 101 at 840, then what `later` says.
fn track_of(later: impl Fn(usize) -> f64) -> Track {
    let corner = |leg: usize| match leg % 4 {
        0 => 124.0,
        1 => 100.0,
        2 => 120.0,
        _ => 102.0,
    };
    let close = |t: usize| {
        let (leg, part) = (t / 40, (t % 40) as f64 / 40.0);
        let (from, to) = (corner(leg), if leg == 20 { 101.0 } else { corner(leg + 1) });
        if t > 840 { later(t) } else { from + part * (to - from) }
    };
    let close = |t: usize| if t == 840 { 101.0 } else { close(t) };
    track(&Fixture::new(1000).bars("SPY", |_| 400.0).bars("IWM", close).market()).expect("a track")
}

fn read<const N: usize>(track: &Track, names: [&str; N], t: usize) -> [f64; N] {
    names.map(|name| Snapshot::new(&SIGNAL, track, t).number(name))
}

#[test]
fn swings_close_together_make_a_level_with_its_touches() {
    let track = track_of(|_| 101.0);
    let support = ["support_low", "support_high", "support_touches"];
    let resistance = ["resistance_low", "resistance_high", "resistance_touches"];
    // at 790 the price is 118.5 on its way from 102 to 124; swings of sessions 35 to 780 count
    assert_eq!(read(&track, support, 790), [100.0, 102.0, 10.0]);
    assert_eq!(read(&track, resistance, 790), [120.0, 120.0, 5.0]);
    // at 796 the low of session 40 is gone, and at 121.8 the next level of highs is that of 124
    assert_eq!(read(&track, support, 796), [100.0, 102.0, 9.0]);
    assert_eq!(read(&track, resistance, 796), [124.0, 124.0, 4.0]);
    // the high of 0 had nothing before it; the low of 760 is known ten sessions later
    assert_eq!([769, 770].map(|t| read(&track, ["support_touches"], t)), [[9.0], [10.0]]);
    let last = |t| Snapshot::new(&SIGNAL, &track, t).get("support_last_date");
    let sessions = Fixture::new(1000).sessions;
    assert_eq!([769, 770].map(last), [680, 760].map(|t| Value::Date(sessions[t])));
    assert!(read(&track, support, 754)[0].is_nan() && !read(&track, support, 755)[0].is_nan());
}

#[test]
fn the_prior_high_leaves_out_the_last_year() {
    let track = track_of(|t| if t < 844 { 125.0 } else { 121.0 });
    let figures = ["prior_high", "above_prior_high_by", "sessions_above", "drawdown"];
    assert_eq!(read(&track, figures, 842), [124.0, 125.0 / 124.0 - 1.0, 2.0, 0.0]);
    assert_eq!(read(&track, figures, 844), [124.0, 121.0 / 124.0 - 1.0, 0.0, 121.0 / 125.0 - 1.0]);
    // the first of equal highs, session 0
    let now = Snapshot::new(&SIGNAL, &track, 844);
    assert_eq!(now.get("prior_high_date"), Value::Date(day("2004-01-02")));
    assert!(read(&track, figures, 251)[0].is_nan() && read(&track, figures, 252)[0] == 124.0);
    let told = "IWM 2.4 % below the prior high of 124.00 (2004-01-02), support down to 100.00, resistance up to 124.00";
    assert_eq!(summary(&now), told);
}

#[test]
fn a_breakout_is_held_until_it_fails_or_makes_no_high_for_126_sessions() {
    let held = track_of(|t| if t < 844 { 125.0 } else { 121.0 });
    assert_eq!([842, 843, 844, 968, 969].map(|t| held.votes[t]), [0, 1, 1, 1, 0].map(Some));
    // 0.97 of 124 is 120.28
    let failed = track_of(|t| if t < 844 { 125.0 } else { 120.2 });
    assert_eq!([843, 844].map(|t| failed.votes[t]), [1, 0].map(Some));
    assert_eq!([755, 756].map(|t| held.votes[t]), [None, Some(0)]);
    assert!(!held.kept && track_of(|_| 125.0).votes[999] == Some(1));
}

#[test]
fn a_broken_support_is_held_until_its_low_is_regained_or_for_126_sessions() {
    let broken = track_of(|_| 98.9);
    assert_eq!([840, 841, 966, 967].map(|t| broken.votes[t]), [0, -1, -1, 0].map(Some));
    let regained = track_of(|t| if t < 850 { 98.9 } else { 99.2 + 0.1 * (t - 842) as f64 });
    // 100.0 at 850 is not above 100; 100.1 at 851 is
    assert_eq!([850, 851].map(|t| regained.votes[t]), [-1, 0].map(Some));
    // 99 is not below 0.99 of the low
    assert_eq!(track_of(|_| 99.0).votes[841], Some(0));
}

#[test]
fn a_price_that_no_low_lies_below_has_no_support() {
    let track = track_of(|_| 90.0);
    assert_eq!(track.reasons[5].as_deref(), Some("IWM: no cluster of lows lies below the close"));
    let market = Fixture::new(300).bars("SPY", |_| 400.0).bars("IWM", |t| 50.0 + t as f64).market();
    let short = super::track(&market).expect("a track");
    assert_eq!(short.missing.as_deref(), Some("IWM: 757 sessions are needed, 300 are there"));
}
