//! Volumes of a market drawn by hand.

use super::*;
use crate::bars::Bar;
use crate::series::Fixture;

const SESSIONS: usize = 900;

/// SPY trades 3,000 a session at 100. IWM at 50 closes up and down by 1 in turn, always at its high when up and
/// its low when down, 2 below and above; even sessions are up. Its volume is as given.
fn market(volume: impl Fn(usize) -> f64) -> Market {
    let bar = |day, high: f64, low: f64, close: f64, volume: f64| Bar {
        day,
        open: close,
        high,
        low,
        close,
        volume,
        dividend: 0.0,
        split: 1.0,
    };
    Fixture::new(SESSIONS)
        .rows("SPY", |_, day| bar(day, 100.0, 100.0, 100.0, 3000.0))
        .rows("IWM", |t, day| {
            let (close, part) = if t % 2 == 0 { (51.0, 0.0) } else { (50.0, 2.0) };
            bar(day, close + part, close + part - 2.0, close, volume(t))
        })
        .market()
}

fn read(track: &Track, name: &str, t: usize) -> f64 {
    Snapshot::new(&SIGNAL, track, t).number(name)
}

#[test]
fn figures_of_a_market_that_trades_half_more_on_rises() {
    // from 850 on it is twice as much
    let volume = |t: usize| f64::from([1500, 1000][t % 2]) * if t < 850 { 1.0 } else { 2.0 };
    let track = track(&market(volume)).expect("a track");
    assert_eq!([50, 899].map(|t| read(&track, "up_down_50d", t)), [1.5; 2]);
    assert_eq!(read(&track, "up_down_median_3y", 899), 1.5);
    assert!(read(&track, "up_down_50d", 49).is_nan() && read(&track, "up_down_median_3y", 804).is_nan());
    // 20 of 252 sessions at 2500 instead of 1250: 2500/(1250·272/252)
    assert!((read(&track, "volume_20_252", 869) - 2.0 * 252.0 / 272.0).abs() < 1e-14);
    // 10·(51·1500 + 50·1000) of that and 20·300,000
    let share = 1_265_000.0 / 7_265_000.0;
    assert!((read(&track, "dollar_share", 849) - share).abs() < 1e-15);
    let change = 2_530_000.0 / 8_530_000.0 - share;
    assert!((read(&track, "dollar_share_change_63d", 869) - change).abs() < 1e-15);
    // of 21 sessions to an even one, 11 closed at the high and 10 at the low
    assert!((read(&track, "chaikin_21d", 800) - 6_500.0 / 26_500.0).abs() < 1e-15);
    assert_eq!([804, 805, 869].map(|t| track.votes[t]), [None, Some(0), Some(0)]);
}

#[test]
fn buying_on_a_growing_share_votes_for_and_selling_on_a_shrinking_one_against() {
    let buying = |t: usize| if t < 860 { 1000.0 } else { [2000.0, 1000.0][t % 2] };
    let track = track(&market(buying)).expect("a track");
    // 5 of 25 rises doubled: 1.2 × the median of 1
    assert_eq!((read(&track, "up_down_50d", 869), track.votes[869]), (1.2, Some(1)));
    assert_eq!((read(&track, "up_down_50d", 861), track.votes[861]), (1.04, Some(0)));
    let selling = |t: usize| if t < 860 { 1000.0 } else { [500.0, 1000.0][t % 2] };
    let track = super::track(&market(selling)).expect("a track");
    assert_eq!((read(&track, "up_down_50d", 869), track.votes[869]), (0.9, Some(-1)));
}

#[test]
fn a_market_without_volume_has_no_quotients() {
    let track = track(&market(|_| 0.0)).expect("a track");
    assert_eq!(track.missing.as_deref(), Some("IWM: no lower close with volume in 50 sessions"));
    assert_eq!(track.reasons[0].as_deref(), Some("IWM: nothing was traded in 252 sessions"));
    assert_eq!(read(&track, "dollar_share", 899), 0.0);
}

#[test]
fn a_gap_that_the_year_bears_is_too_long_for_the_month() {
    let gap = 870..875;
    let track = track(&market(|t| if gap.contains(&t) { f64::NAN } else { 1000.0 })).expect("a track");
    let shown: Vec<f64> = [869, 870, 880, 893, 894, 899].map(|t| read(&track, "volume_20_252", t)).to_vec();
    // the last 20 volumes are spread over 25 sessions, which is more than 22; the last 252 over 257, which is not more
    assert_eq!(format!("{shown:?}"), "[1.0, NaN, NaN, NaN, 1.0, 1.0]");
}
