//! `regional-banks`: do regional banks, the small caps' lenders, hold up against the market?

use super::relative::Relative;
use super::words::{percent, setting};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, beyond, keeps, named, reading};
use crate::series::{Market, Missing, widest};
use crate::stats::{self, WHOLE};

const READINGS: &[Reading] = &[
    reading("sma200_gap", Unit::Fraction),
    reading("relative_return_63d", Unit::Fraction),
    reading("drawdown", Unit::Fraction),
    reading("drawdown_3y", Unit::Fraction),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "regional-banks",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "sma200_gap",
    basis: "total return; drawdowns close",
    inputs: |_| named(&["KRE", "SPY"]),
    track,
    next: Next::one_way(|_, votes| Past::kept(votes, widest(200))),
    summary,
    meaning: "Small companies borrow from regional banks rather than from bond markets, and banks are a large part of \
              the small-cap index itself. Banks that lag the market say that credit to small firms is under strain; \
              banks that lead it say that the strain is easing.",
    formula: "R = TR(KRE)/TR(SPY); sma200_gap = R / mean of its last 200 − 1; drawdown = close / highest close − 1",
    rule: |settings| {
        let band = setting(settings.bands.regional_banks, 100.0);
        format!("sma200_gap above +{band} % → +1, below −{band} % → −1; between, the vote stays what it was")
    },
    source: "convention",
};

fn track(market: &Market) -> Result<Track, Missing> {
    let banks = Relative::of(market, "KRE", "SPY")?;
    let gap = banks.sma_gap(200);

    let close = &market.prices("KRE")?.close;
    let traded = market.observe(&[("KRE", close)]).shown(market);
    let close = traded.gather(close);
    let drawdown = |n: usize| {
        let high = stats::highest(&close, n, traded.from());
        traded.measure(|k| close[k] / high[k - traded.from()] - 1.0)
    };

    let votes = keeps(gap.values.len(), |t| beyond(gap.values[t], market.settings.bands.regional_banks));
    Ok(Track::new(votes, &[&gap])
        .number(gap)
        .number(banks.returns_shown(63))
        .number(traded.figure_of_history(1, drawdown(WHOLE)))
        .number(traded.figure(756, drawdown(756))))
}

fn summary(now: &Snapshot) -> String {
    let (gap, drawdown) = (now.number("sma200_gap"), now.number("drawdown"));
    let side = if gap < 0.0 { "below" } else { "above" };
    let (gap, drawdown) = (percent(gap.abs()), percent(drawdown.abs()));
    format!("KRE/SPY {gap} {side} its 200-day mean, KRE {drawdown} below its all-time high")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    #[test]
    fn drawdowns_count_from_the_highest_close_ever_and_of_three_years() {
        // a peak of 80 at session 10, then 40, and 60 at session 900
        let close = |t: usize| match t {
            0..10 => 50.0,
            10 => 80.0,
            900 => 60.0,
            _ => 40.0,
        };
        let market = Fixture::new(1000).bars("SPY", |_| 400.0).bars("KRE", close).market();
        let track = track(&market).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        assert_eq!((number("drawdown", 5), number("drawdown", 11), number("drawdown", 900)), (0.0, -0.5, -0.25));
        assert_eq!((number("drawdown_3y", 765), number("drawdown_3y", 766)), (-0.5, 0.0));
        assert!(number("drawdown_3y", 754).is_nan());
        assert!((number("drawdown_3y", 999) - (40.0 / 60.0 - 1.0)).abs() < 1e-15);
        // 60 against 199 times 40 and itself
        assert!((number("sma200_gap", 900) - (60.0 / 40.1 - 1.0)).abs() < 1e-14);
        assert!((number("relative_return_63d", 900) - 0.5).abs() < 1e-14 && number("relative_return_63d", 899) == 0.0);
        assert_eq!((track.votes[899], track.votes[900], track.votes[910]), (Some(-1), Some(1), Some(1)));
    }

    #[test]
    fn an_ended_fund_does_not_vote_and_the_reason_names_its_last_day() {
        let fixture = Fixture::new(300).bars("SPY", |_| 400.0);
        let market = fixture.bars("KRE", |t| if t < 250 { 40.0 } else { f64::NAN }).market();
        let track = track(&market).expect("a track");
        assert_eq!((track.votes[249], track.votes[250]), (Some(0), None));
        let reason = "KRE: no value on 2005-03-11, the last is of 2004-12-29";
        assert_eq!(track.missing.as_deref(), Some(reason));
        assert!(track.reasons.iter().all(|why| why.as_deref() == Some(reason)));
    }
}
