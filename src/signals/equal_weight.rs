//! `equal-weight`: does the average large company keep up with the index?

use super::relative::Relative;
use super::words::{percent, setting, signed_percent};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, beyond, keeps, named, reading};
use crate::series::{Market, Missing, widest};

const READINGS: &[Reading] = &[reading("sma200_gap", Unit::Fraction), reading("slope_63d", Unit::Fraction)];

pub(super) const SIGNAL: Signal = Signal {
    id: "equal-weight",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "sma200_gap",
    basis: "total return",
    inputs: |_| named(&["RSP", "SPY"]),
    track,
    next: Next::one_way(|_, votes| Past::kept(votes, widest(200))),
    summary,
    meaning: "The S&P 500 with equal weights against the same companies weighted by size. When the equal-weight fund \
              leads, money leaves the few largest companies for the rest of the market; small caps are the next stop.",
    formula: "R = TR(RSP)/TR(SPY); sma200_gap = R / mean of its last 200 − 1; slope_63d = slope of ln R over 63 \
              sessions, a year",
    rule: |settings| {
        let band = setting(settings.bands.equal_weight, 100.0);
        format!("sma200_gap above +{band} % → +1, below −{band} % → −1; between, the vote stays what it was")
    },
    source: "convention",
};

fn track(market: &Market) -> Result<Track, Missing> {
    let equal = Relative::of(market, "RSP", "SPY")?;
    let gap = equal.sma_gap(200);
    let votes = keeps(gap.values.len(), |t| beyond(gap.values[t], market.settings.bands.equal_weight));
    Ok(Track::new(votes, &[&gap]).number(gap).number(equal.slope(63)))
}

fn summary(now: &Snapshot) -> String {
    let (gap, slope) = (now.number("sma200_gap"), now.number("slope_63d"));
    let side = if gap < 0.0 { "below" } else { "above" };
    format!("RSP/SPY {} {side} its 200-day mean, trend {} a year", percent(gap.abs()), signed_percent(slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    #[test]
    fn the_gap_votes_beyond_half_a_percent_and_is_kept_between() {
        // the ratio steps from 1 to 1.01 at 210, to 0.99 at 420
        let level = |t: usize| match t {
            0..210 => 100.0,
            210..420 => 101.0,
            _ => 99.0,
        };
        let market = Fixture::new(520).bars("SPY", |_| 400.0).bars("RSP", level).market();
        let track = track(&market).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        // at 210 one of 200 is higher by a hundredth
        assert!((number("sma200_gap", 210) - (1.01 / 1.00005 - 1.0)).abs() < 1e-14);
        // +0.5 % is crossed where the mean is 1.01/1.005: 99 of the 200 have stepped up at 308, 100 at 309
        assert_eq!(
            [198, 199, 210, 309, 419, 420].map(|t| track.votes[t]),
            [None, Some(0), Some(1), Some(1), Some(1), Some(-1)]
        );
        // ln R steps once in the middle of 63: Σ(j − 31)·ln 1.01 over j ≥ 31 is 496, below it 31·32·63/3 = 20,832
        assert!((number("slope_63d", 241) - 252.0 * 496.0 / 20_832.0 * 1.01_f64.ln()).abs() < 1e-12);
        assert!(number("slope_63d", 300).abs() < 1e-15);
    }
}
