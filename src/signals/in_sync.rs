//! `in-sync`: do small and large caps rise together?

use super::words::{number, setting, signed_percent};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, named, reading, said};
use crate::series::{Figure, Market, Missing, Observations, widest};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("correlation_63d", Unit::Number),
    reading("correlation_percentile_3y", Unit::Percentile),
    reading("beta_63d", Unit::Number),
    reading("volatility_ratio_63d", Unit::Number),
    reading("return_21d_iwm", Unit::Fraction),
    reading("return_21d_spy", Unit::Fraction),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "in-sync",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "correlation_63d",
    basis: "close; returns total return",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next { past: |_, votes| Past::window(votes, widest(WINDOW + 1) + widest(756)), one_way: |_| false },
    summary,
    meaning: "Whether small caps rise with the market or apart from it. A healthy rotation lifts both, small caps a \
              little more; small caps that come loose from the market and fall behind are being left alone.",
    formula: "correlation_63d of the daily log returns of the closes of IWM and SPY; beta_63d = correlation_63d × \
              volatility_ratio_63d, the ratio of their standard deviations",
    rule: |settings| {
        let [high, low] = [settings.bands.in_sync_high_percentile, settings.bands.in_sync_low_percentile];
        let [high, low] = [high, low].map(|place| setting(place, 1.0));
        format!(
            "correlation at or above its {high}th percentile of three years, both 21-session returns above 0 and IWM's \
             at least SPY's → +1; below the {low}th and IWM's lower → −1; else 0"
        )
    },
    source: "convention",
};

/// Returns in a window.
const WINDOW: usize = 63;

fn track(market: &Market) -> Result<Track, Missing> {
    let (iwm, spy) = (market.prices("IWM")?, market.prices("SPY")?);
    let at = market.observe(&[("IWM", &iwm.close), ("SPY", &spy.close)]);
    let [iwm_close, spy_close] = [&iwm.close, &spy.close].map(|close| at.gather(close));
    let (x, y) = rayon::join(|| log_returns(&iwm_close), || log_returns(&spy_close));
    // returns begin at the second observation
    let windows = |values: Vec<f64>| at.figure(WINDOW + 1, values);
    let ((x_deviation, y_deviation), covariance) = rayon::join(
        || (stats::deviation(&x, WINDOW), stats::deviation(&y, WINDOW)),
        || stats::covariance(&x, &y, WINDOW),
    );
    let correlation = windows(stats::correlation(&covariance, [&x_deviation, &y_deviation]));
    let ratio = x_deviation.iter().zip(y_deviation).map(|(x, y)| if y > 0.0 { x / y } else { f64::NAN });
    let ratio = windows(ratio.collect());
    let correlations = correlation.observe("correlation of IWM and SPY");
    let from = market.voted(correlations.len());
    let place = stats::percentile(&correlations.gather(&correlation.values), 756, 756, from);
    let place = correlations.figure(756, place);

    let at = market.observe(&[("IWM", &iwm.total_return), ("SPY", &spy.total_return)]);
    let (small, large) = (month(&at, &iwm.total_return), month(&at, &spy.total_return));
    let bands = &market.settings.bands;
    // 1 where both rise and IWM is not behind, −1 where it is behind
    let moves = small.with(&large, |small, large| match small - large {
        0.0.. if small.min(large) > 0.0 => 1.0,
        ..0.0 => -1.0,
        _ => 0.0,
    });
    let side = place.with(&moves, |place, moves| match place {
        _ if moves > 0.0 && place >= bands.in_sync_high_percentile => 1.0,
        _ if moves < 0.0 && place < bands.in_sync_low_percentile => -1.0,
        _ => 0.0,
    });
    let votes = side.values.iter().copied().map(said).collect();
    Ok(Track::new(votes, &[&side])
        .number(correlation.clone())
        .number(place)
        .number(correlation.with(&ratio, |correlation, ratio| correlation * ratio))
        .number(ratio)
        .number(small)
        .number(large))
}

/// Logarithm of each close over the one before, from the second on.
fn log_returns(close: &[f64]) -> Vec<f64> {
    close.windows(2).map(|pair| (pair[1] / pair[0]).ln()).collect()
}

/// Total return over 21 sessions.
fn month(at: &Observations, total_return: &[f64]) -> Figure {
    at.figure(22, stats::ret(&at.gather(total_return), 21))
}

fn summary(now: &Snapshot) -> String {
    let correlation = number(now.number("correlation_63d"), 2);
    let place = number(now.number("correlation_percentile_3y"), 0);
    let [small, large] = ["return_21d_iwm", "return_21d_spy"].map(|name| signed_percent(now.number(name)));
    format!("correlation {correlation}, percentile {place} of three years; in 21 sessions IWM {small}, SPY {large}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    /// SPY moves by ±1 % in turn, drifting by `drift` a session; IWM's move is twice as large, in the
    /// same direction up to session 900 and turned by then `flip`.
    fn fixture(drift: f64, lead: f64, flip: f64) -> Fixture {
        let moves = |t: usize| 0.01 * if t.is_multiple_of(2) { 1.0 } else { -1.0 };
        // even sessions stand one move up
        let large = move |t: usize| 400.0 * (moves(t) / 2.0 + drift * t as f64).exp();
        let small = move |t: usize| {
            let turn = if t < 900 { 1.0 } else { flip };
            200.0 * (turn * moves(t) + (drift + lead) * t as f64).exp()
        };
        Fixture::new(1000).bars("SPY", large).bars("IWM", small)
    }

    #[test]
    fn twice_the_moves_of_spy_are_a_beta_of_two() {
        let track = track(&fixture(0.0, 0.0, 1.0).market()).expect("a track");
        let read = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        for (name, figure) in [("correlation_63d", 1.0), ("beta_63d", 2.0), ("volatility_ratio_63d", 2.0)] {
            assert!(read(name, 62).is_nan() && (read(name, 63) - figure).abs() < 1e-12, "{name}");
        }
        // 21 sessions from an even one to an odd one: a move down, and twice that
        assert!((read("return_21d_spy", 21) - ((-0.01_f64).exp() - 1.0)).abs() < 1e-14);
        assert!((read("return_21d_iwm", 21) - ((-0.02_f64).exp() - 1.0)).abs() < 1e-14);
        assert!(read("correlation_percentile_3y", 817).is_nan() && !read("correlation_percentile_3y", 818).is_nan());
        assert_eq!(track.votes[817], None);
    }

    #[test]
    fn both_up_in_step_votes_for_and_falling_behind_out_of_step_against() {
        // a correlation that slips from session 900 on is among the lowest of three years
        let behind = track(&fixture(0.002, -0.002, -1.0).market()).expect("a track");
        let (place, vote) =
            (Snapshot::new(&SIGNAL, &behind, 930).number("correlation_percentile_3y"), behind.votes[930]);
        assert_eq!((place < 5.0, vote), (true, Some(-1)));
        // from out of step back in step: the highest of three years
        let flipped = Fixture::new(1000)
            .bars("SPY", |t| 400.0 * (0.001 * ((t * t) % 7) as f64 + 0.002 * t as f64).exp())
            .bars("IWM", |t| {
                let apart = if t < 900 { ((t * 3) % 5) as f64 } else { 0.0 };
                200.0 * (0.001 * ((t * t) % 7) as f64 + 0.001 * apart + 0.003 * t as f64).exp()
            });
        let ahead = track(&flipped.market()).expect("a track");
        assert_eq!((ahead.votes[980], ahead.missing), (Some(1), None));
    }
}
