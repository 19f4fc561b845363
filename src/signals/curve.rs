//! `curve`: does the yield curve steepen or invert?

use super::words::{setting, several, signed};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, keeps, named, reading, said};
use crate::series::{Market, Missing};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("level", Unit::Percent),
    reading("change_63d", Unit::Percent),
    reading("sessions_since_inverted", Unit::Count),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "curve",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "level",
    basis: "as published, a session later",
    inputs: |_| named(&["ten-year", "two-year"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "The ten-year yield less the two-year. A positive curve that steepens pays banks to lend and prices \
              recovery, which small caps live on; an inverted one that sinks further warns of recession, which hits \
              them first.",
    formula: "level = ten-year − two-year, percent, as known at the close; change_63d = level[t] − level[t−63]",
    rule: |settings| {
        let band = setting(settings.bands.curve, 1.0);
        format!("above 0 and up more than {band} → +1; below 0 and down more than {band} → −1; else as it was")
    },
    source: "the slope as a sign of the cycle after Estrella and Mishkin, Review of Economics and Statistics 80 \
             (1998), 45–61, who take the three-month bill; two-year leg and band are convention",
};

fn track(market: &Market) -> Result<Track, Missing> {
    let (ten, two) = (market.known("ten-year")?.values(), market.known("two-year")?.values());
    let at = market.observe(&[("ten-year", &ten), ("two-year", &two)]);
    let slope: Vec<f64> = at.sessions().iter().map(|&t| stats::rounded(ten[t] - two[t])).collect();
    let change: Vec<f64> = stats::change(&slope, 63).into_iter().map(stats::rounded).collect();
    let (level, change) = (at.figure(1, &slope), at.figure(64, change));

    let band = market.settings.bands.curve;
    let moving = level.with(&change, |level, change| {
        f64::from(i8::from(level > 0.0 && change > band) - i8::from(level < 0.0 && change < -band))
    });
    let votes = keeps(moving.values.len(), |t| said(moving.values[t]));
    let since =
        at.figure_at_once(sessions_since_inverted(at.sessions(), &slope), "the curve was never inverted so far");
    Ok(Track::new(votes, &[&moving]).number(level).number(change).number(since))
}

/// Sessions since the slope was last below 0, for each observation; `NaN` before the first time.
fn sessions_since_inverted(at: &[usize], slope: &[f64]) -> Vec<f64> {
    let mut inverted = None;
    let step = |(&t, &slope): (&usize, &f64)| {
        if slope < 0.0 {
            inverted = Some(t);
        }
        inverted.map_or(f64::NAN, |inverted| (t - inverted) as f64)
    };
    at.iter().zip(slope).map(step).collect()
}

fn summary(now: &Snapshot) -> String {
    let (level, since) = (now.number("level"), now.number("sessions_since_inverted"));
    let (slope, change) = (signed(level, 2), signed(now.number("change_63d"), 2));
    let history = match since {
        _ if since.is_nan() => String::new(),
        0.0 => ", inverted now".into(),
        _ => format!(", last inverted {} ago", several(since, "session")),
    };
    format!("ten-year less two-year {slope} points, {change} in 63 sessions{history}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    /// The two-year yield stands at 4.10; the ten-year is 4.05 to session 99, then 4.15, and 4.21 from session 300.
    fn track_of_steps() -> Track {
        let ten = |t: usize| match t {
            0..100 => 4.05,
            100..300 => 4.15,
            _ => 4.21,
        };
        let fixture = Fixture::new(400).bars("SPY", |_| 400.0).rate("DGS2", |_| 4.10).rate("DGS10", ten);
        track(&fixture.market()).expect("a track")
    }

    #[test]
    fn the_slope_its_change_and_its_last_inversion() {
        let track = track_of_steps();
        let read = |t| {
            let now = Snapshot::new(&SIGNAL, &track, t);
            ["level", "change_63d", "sessions_since_inverted"].map(|name| now.number(name))
        };
        // known a session later
        assert_eq!(read(100), [-0.05, 0.0, 0.0]);
        assert_eq!(read(101), [0.05, 0.10, 1.0]);
        assert_eq!(read(250), [0.05, 0.0, 150.0]);
        assert_eq!(read(301), [0.11, 0.06, 201.0]);
        assert!(read(63)[1].is_nan());
        assert!(summary(&Snapshot::new(&SIGNAL, &track, 101)).ends_with(", last inverted 1 session ago"));
    }

    #[test]
    fn it_votes_on_a_steepening_above_zero_and_keeps_that() {
        let votes = track_of_steps().votes;
        assert_eq!([63, 64, 100, 101, 200, 399].map(|t| votes[t]), [None, Some(0), Some(0), Some(1), Some(1), Some(1)]);
    }

    #[test]
    fn a_curve_at_zero_is_neither_positive_nor_inverted() {
        let fixture = Fixture::new(200).bars("SPY", |_| 400.0).rate("DGS2", |_| 4.0);
        let track = track(&fixture.rate("DGS10", |t| if t < 100 { 4.20 } else { 4.00 }).market()).expect("a track");
        let now = Snapshot::new(&SIGNAL, &track, 110);
        assert_eq!((now.number("level"), now.number("change_63d"), track.votes[110]), (0.0, -0.2, Some(0)));
        assert!(now.number("sessions_since_inverted").is_nan());
    }

    #[test]
    fn a_change_equal_to_the_band_is_within_it() {
        let fixture = Fixture::new(200).bars("SPY", |_| 400.0).rate("DGS2", |_| 4.0);
        let market = fixture.rate("DGS10", |t| if t < 100 { 4.10 } else { 4.15 }).market();
        let track = track(&market).expect("a track");
        assert_eq!(Snapshot::new(&SIGNAL, &track, 110).number("change_63d"), 0.05);
        assert_eq!(track.votes[110], Some(0));
        assert_eq!(track.reasons[2].as_deref(), Some("ten-year and two-year: the curve was never inverted so far"));
    }
}
