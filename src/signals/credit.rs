//! `credit`: do lenders ask more for risk?

use super::words::{number, setting, signed};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, named, reading, said};
use crate::series::{Figure, Market, Missing};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("series", Unit::Plain),
    reading("level", Unit::Percent),
    reading("percentile_3y", Unit::Percentile),
    reading("change_63d_bp", Unit::BasisPoints),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "credit",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "level",
    basis: "as published, a session later",
    inputs: |_| named(&["credit"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "What weaker borrowers pay above Treasuries. Small companies are such borrowers: while the spread is calm \
              and does not widen they can roll their debt; once it widens fast or is among its highest of three years, \
              risk leaves small caps first.",
    formula: "change_63d_bp = (s[t] − s[t−63]) × 100; percentile_3y of s over its last 756 sessions (at least 504); s is \
              the high-yield spread, or Baa less ten-year where that has the longer history",
    rule: |settings| {
        let bands = &settings.bands;
        let [junk, baa] = [bands.credit_high_yield_bp, bands.credit_baa_bp].map(|bp| setting(bp, 1.0));
        let [high, low] = [bands.credit_high_percentile, bands.credit_low_percentile].map(|place| setting(place, 1.0));
        format!(
            "change above +{junk} bp (Baa +{baa}) or percentile above {high} → −1; change at most 0 and percentile below \
             {low} → +1; else 0"
        )
    },
    source: "spreads as a sign of the cycle after Gilchrist and Zakrajšek, American Economic Review 102 (2012), \
             1692–1720; windows and bands are convention",
};

/// The series of the Baa spread; the other one is the high-yield spread.
const BAA: &str = "BAA10Y";

fn track(market: &Market) -> Result<Track, Missing> {
    let spread = market.known("credit")?.values();
    let chosen = market.state("credit").and_then(|state| state.series.first()).map_or("", |series| &series.name);
    let at = market.observe(&[("credit", &spread)]);
    let dense = at.gather(&spread);
    let change = stats::change(&dense, 63).into_iter().map(|change| stats::rounded(change * 100.0));
    let change = at.figure(64, change.collect::<Vec<_>>());
    let place = at.figure_up_to(756, 504, stats::percentile(&dense, 756, 504, market.voted(at.len())));

    let bands = &market.settings.bands;
    let widening = if chosen == BAA { bands.credit_baa_bp } else { bands.credit_high_yield_bp };
    let calm = change.with(&place, |change, place| match change {
        _ if change > widening || place > bands.credit_high_percentile => -1.0,
        _ if change <= 0.0 && place < bands.credit_low_percentile => 1.0,
        _ => 0.0,
    });
    let votes = calm.values.iter().copied().map(said).collect();
    Ok(Track::new(votes, &[&calm])
        .word(Figure::new(vec![0.0; spread.len()], String::new), [chosen])
        .number(at.figure(1, dense))
        .number(place)
        .number(change))
}

fn summary(now: &Snapshot) -> String {
    let (level, change) = (number(now.number("level"), 2), signed(now.number("change_63d_bp"), 0));
    let place = number(now.number("percentile_3y"), 0);
    format!("spread {level} points, {change} bp in 63 sessions, percentile {place} of three years")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;
    use crate::signals::Value;

    fn track_of(series: &str, spread: impl Fn(usize) -> f64) -> Track {
        track(&Fixture::new(900).bars("SPY", |_| 400.0).rate(series, spread).market()).expect("a track")
    }

    #[test]
    fn place_change_and_vote_of_a_spread_that_jumps_once() {
        // 3.00, then 3.51 known from session 701 on
        let track = track_of("BAMLH0A0HYM2", |t| if t < 700 { 3.0 } else { 3.51 });
        let read = |t| {
            let now = Snapshot::new(&SIGNAL, &track, t);
            ["level", "percentile_3y", "change_63d_bp"].map(|name| now.number(name))
        };
        // the first value is known at session 1; at 701 one of 701 is above
        assert_eq!(read(701), [3.51, 100.0 * 700.5 / 701.0, 51.0]);
        // at 770 the window of 756 holds 70 of them: percentile (686 + 35)/756
        assert_eq!(read(770), [3.51, 100.0 * 721.0 / 756.0, 0.0]);
        assert!(read(503)[1].is_nan() && !read(504)[1].is_nan());
        assert_eq!([503, 504, 701, 770, 899].map(|t| track.votes[t]), [None, Some(1), Some(-1), Some(-1), Some(0)]);
        let series = Snapshot::new(&SIGNAL, &track, 770).get("series");
        assert_eq!(series, Value::Word("BAMLH0A0HYM2".into()));
    }

    #[test]
    fn the_baa_spread_has_a_narrower_band_that_is_not_reached_by_itself() {
        // falls slowly to keep its place low, then +17 bp, or +18
        for (step, vote) in [(0.17, 0), (0.18, -1)] {
            let track = track_of("BAA10Y", |t| if t < 800 { 4.0 - 0.002 * t as f64 } else { 2.526 + step });
            // 63 sessions before 801 the spread of session 737 was known: 4 − 1.474
            assert_eq!(track.votes[801 + 63 - 126], Some(1));
            assert_eq!(track.votes[801], Some(vote), "+{step}");
        }
    }
}
