//! The Brier score of forecasts, and what it is made of.

use schemars::JsonSchema;
use serde::Serialize;

/// Bins of equal width that forecasts are gathered in.
const BINS: usize = 10;

/// A Brier score in parts, after Murphy (Journal of Applied Meteorology 12, 1973):
/// `score = reliability − resolution + uncertainty + within_bins`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Brier {
    /// Mean squared difference of forecast and event; 0 is perfect.
    pub score: f64,
    /// How far forecasts are from what followed them, by bin; 0 is perfect.
    pub reliability: f64,
    /// How far what followed differs from bin to bin; more is better.
    pub resolution: f64,
    /// How uncertain the event is by itself.
    pub uncertainty: f64,
    /// What is left as the forecasts of one bin differ.
    pub within_bins: f64,
}

impl Brier {
    /// Scores forecasts (0 to 1) against events (0 or 1); `None` of none.
    pub fn of(forecasts: &[f64], events: &[f64]) -> Option<Self> {
        let n = forecasts.len().min(events.len()) as f64;
        if n == 0.0 {
            return None;
        }
        let mut bins = [[0.0; 3]; BINS];
        let (mut score, mut happened) = (0.0, 0.0);
        for (forecast, event) in forecasts.iter().zip(events) {
            let bin = &mut bins[((forecast * BINS as f64) as usize).min(BINS - 1)];
            bin.iter_mut().zip([1.0, *forecast, *event]).for_each(|(sum, value)| *sum += value);
            score += (forecast - event).powi(2) / n;
            happened += event / n;
        }
        let filled = || bins.iter().filter(|[count, ..]| *count > 0.0);
        let reliability = filled().map(|[count, p, o]| count / n * (p / count - o / count).powi(2)).sum::<f64>();
        let resolution = filled().map(|[count, _, o]| count / n * (o / count - happened).powi(2)).sum::<f64>();
        let uncertainty = happened * (1.0 - happened);
        let within_bins = score - (reliability - resolution + uncertainty);
        Some(Self { score, reliability, resolution, uncertainty, within_bins })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_worked_out_by_hand_add_up() {
        // 0.25 twice (one event), 0.75 three times (two events): no difference within bins
        let found = Brier::of(&[0.25, 0.25, 0.75, 0.75, 0.75], &[0.0, 1.0, 1.0, 1.0, 0.0]).expect("a score");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(found.score, (0.0625 + 0.5625 + 0.0625 + 0.0625 + 0.5625) / 5.0);
        close(found.reliability, 0.4 * 0.0625 + 0.6 * (0.75_f64 - 2.0 / 3.0).powi(2));
        close(found.resolution, 0.4 * 0.01 + 0.6 * (2.0_f64 / 3.0 - 0.6).powi(2));
        close(found.uncertainty, 0.24);
        close(found.within_bins, 0.0);
        // 0.25 and 0.21 share a bin
        assert!(Brier::of(&[0.25, 0.21], &[0.0, 1.0]).expect("a score").within_bins != 0.0);
        assert_eq!(Brier::of(&[], &[]), None);
    }
}
