//! `relative-strength`: does IWM/SPY stand above its 200-session mean?

use super::relative::Relative;
use super::words::{percent, setting, signed_percent};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, beyond, keeps, named, reading};
use crate::series::{Market, Missing, Observations, widest};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("ratio", Unit::Number),
    reading("sma200_gap", Unit::Fraction),
    reading("slope_63d", Unit::Fraction),
    reading("z_252d", Unit::Number),
    reading("percentile_252d", Unit::Percentile),
    reading("new_high_252d", Unit::Plain),
    reading("leads_price", Unit::Plain),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "relative-strength",
    pillar: Pillar::Leadership,
    readings: READINGS,
    headline: |_| "sma200_gap",
    basis: "total return; leads_price also close",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next::one_way(|_, votes| Past::kept(votes, widest(200))),
    summary,
    meaning: "The ratio of small caps to large caps, dividends reinvested: it rises while a dollar in IWM does better \
              than one in SPY. Above its 200-day mean the tide runs towards small caps; a new high of the ratio before \
              one of the price says that leadership comes first.",
    formula: "RS = TR(IWM)/TR(SPY), 1 on the first common session; sma200_gap = RS / mean of its last 200 − 1; \
              slope_63d = least-squares slope of ln RS over 63 sessions, a year; leads_price = RS at its high of 252 sessions \
              while IWM's close is not",
    rule: |settings| {
        let band = setting(settings.bands.relative_strength, 100.0);
        format!("sma200_gap above +{band} % → +1, below −{band} % → −1; between, the vote stays what it was")
    },
    source: "relative strength after Levy, Journal of Finance 22 (1967), 595–610; the 200-day mean and the band are \
             convention",
};

fn track(market: &Market) -> Result<Track, Missing> {
    let rs = Relative::of(market, "IWM", "SPY")?;
    let gap = rs.sma_gap(200);
    let new_high = rs.shown.figure(252, at_high(&rs.shown, &rs.ratio, 252));

    let close = &market.prices("IWM")?.close;
    let traded = market.observe(&[("IWM", close)]).shown(market);
    let price_high = traded.figure(252, at_high(&traded, &traded.gather(close), 252));
    let leads_price = new_high.with(&price_high, |ratio, price| f64::from(ratio > price));

    let votes = keeps(gap.values.len(), |t| beyond(gap.values[t], market.settings.bands.relative_strength));
    let percentile = stats::percentile(&rs.ratio, 252, 252, rs.shown.from());
    Ok(Track::new(votes, &[&gap])
        .number(rs.at.figure(1, &rs.ratio))
        .number(gap)
        .number(rs.slope(63))
        .number(rs.at.figure(252, stats::z_score(&rs.log(), 252)))
        .number(rs.shown.figure(252, percentile))
        .flag(new_high)
        .flag(leads_price))
}

/// 1 where a value is the highest of the last `n`, else 0.
fn at_high(at: &Observations, x: &[f64], n: usize) -> Vec<f64> {
    let highest = stats::highest(x, n, at.from());
    at.measure(|k| f64::from(x[k] >= highest[k - at.from()]))
}

fn summary(now: &Snapshot) -> String {
    let (gap, slope) = (now.number("sma200_gap"), now.number("slope_63d"));
    let side = if gap < 0.0 { "below" } else { "above" };
    format!("IWM/SPY {} {side} its 200-day mean, trend {} a year", percent(gap.abs()), signed_percent(slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;
    use crate::signals::Value;

    #[test]
    fn a_ratio_that_grows_by_a_thousandth_a_session() {
        let grown = |t: usize| 1.001_f64.powi(t as i32);
        let market = Fixture::new(300).bars("SPY", |_| 400.0).bars("IWM", |t| 200.0 * grown(t)).market();
        let track = track(&market).expect("a track");
        let now = Snapshot::new(&SIGNAL, &track, 299);
        // mean of 200 terms of a geometric series: (1 − q^−200)/(200·(1 − q^−1))
        let q = 1.0 / 1.001_f64;
        let mean = (1.0 - q.powi(200)) / (200.0 * (1.0 - q));
        assert!((now.number("ratio") - grown(299)).abs() < 1e-12);
        assert!((now.number("sma200_gap") - (1.0 / mean - 1.0)).abs() < 1e-12);
        assert!((now.number("slope_63d") - 252.0 * 1.001_f64.ln()).abs() < 1e-11);
        // steps of one: 125.5 from the middle, deviation √(252·253/12)
        assert!((now.number("z_252d") - 125.5 / (252.0_f64 * 253.0 / 12.0).sqrt()).abs() < 1e-9);
        assert_eq!(now.number("percentile_252d"), 100.0 * 251.5 / 252.0);
        assert_eq!((now.get("new_high_252d"), now.get("leads_price")), (Value::Flag(true), Value::Flag(false)));
        assert_eq!((track.votes[198], track.votes[199], track.votes[299]), (None, Some(1), Some(1)));
        assert_eq!(summary(&now), "IWM/SPY 10.3 % above its 200-day mean, trend +25.2 % a year");
    }

    #[test]
    fn the_ratio_leads_when_small_caps_fall_less() {
        let falling = |a_session: f64| move |t: usize| 100.0 * (1.0 - a_session).powi(t as i32);
        let market = Fixture::new(260).bars("SPY", falling(0.002)).bars("IWM", falling(0.001)).market();
        let track = track(&market).expect("a track");
        assert_eq!(Snapshot::new(&SIGNAL, &track, 259).get("leads_price"), Value::Flag(true));
    }

    #[test]
    fn a_ratio_that_stands_still_has_no_z_and_votes_zero() {
        let walk = |t: usize| 1.0 + 0.01 * (t as f64).sin();
        let market = Fixture::new(260).bars("SPY", |t| 400.0 * walk(t)).bars("IWM", |t| 200.0 * walk(t)).market();
        let track = track(&market).expect("a track");
        assert_eq!(Snapshot::new(&SIGNAL, &track, 259).get("z_252d"), Value::Missing);
        assert_eq!(track.reasons[3].as_deref(), Some("IWM and SPY: the last 252 values do not vary"));
        assert_eq!(track.votes[259], Some(0));
    }
}
