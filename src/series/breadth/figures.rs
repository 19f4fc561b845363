//! What the counts come to: shares, lines and means, one value a session, `NaN` where there is none.

use super::Breadth;
use crate::stats;

/// Weights of the two exponential means that `McClellan`'s oscillator is the difference of.
const MCCLELLAN: [f64; 2] = [0.10, 0.05];
/// Weight of an exponential mean of ten sessions.
const TEN: f64 = 2.0 / 11.0;
/// A thrust begins below this share of advances …
const THRUST_FROM: f64 = 0.40;
/// … and reaches more than this …
const THRUST_TO: f64 = 0.615;
/// … within so many sessions.
const THRUST_SESSIONS: usize = 10;

impl Breadth {
    /// Share of the members with the closes of a mean that stand above it, for one of [`MEANS`].
    pub fn above_share(&self, mean: usize) -> Vec<f64> {
        share(&self.full[mean], |t| f64::from(self.above[mean][t]))
    }

    /// New highs less new lows, as a share of the members with a year.
    pub fn net_new_highs(&self) -> Vec<f64> {
        share(&self.full_year, |t| f64::from(self.new_highs[t]) - f64::from(self.new_lows[t]))
    }

    /// Advances less declines, summed up from the first session with a member that can be compared.
    pub fn ad_line(&self) -> Vec<f64> {
        let mut line = 0.0;
        let step = |t: usize| {
            line += self.net_advances(t);
            if self.compared(t) > 0 { line } else { f64::NAN }
        };
        (0..self.sessions.len()).map(step).collect()
    }

    /// EMA(0.10) less EMA(0.05) of 1000·(A − D)/(A + D).
    pub fn mcclellan(&self) -> Vec<f64> {
        let net = self.of_moves(|t| 1000.0 * self.net_advances(t));
        let [fast, slow] = MCCLELLAN.map(|alpha| ema(&net, alpha));
        fast.iter().zip(slow).map(|(fast, slow)| fast - slow).collect()
    }

    /// EMA(2/11) of (A − D)/(A + D + U).
    pub fn ad_ema10(&self) -> Vec<f64> {
        let compared: Vec<u32> = (0..self.sessions.len()).map(|t| self.compared(t)).collect();
        ema(&share(&compared, |t| self.net_advances(t)), TEN)
    }

    /// Whether EMA(2/11) of A/(A + D) rose from below 0.40 to above 0.615 within ten sessions: 1 or 0.
    pub fn zweig_thrust(&self) -> Vec<f64> {
        let mean = ema(&self.of_moves(|t| f64::from(self.advancing[t])), TEN);
        let thrust = |t: usize| {
            let low = mean[t.saturating_sub(THRUST_SESSIONS)..t].iter().any(|&before| before < THRUST_FROM);
            if mean[t].is_nan() { f64::NAN } else { f64::from(low && mean[t] > THRUST_TO) }
        };
        (0..mean.len()).map(thrust).collect()
    }

    fn net_advances(&self, t: usize) -> f64 {
        f64::from(self.advancing[t]) - f64::from(self.declining[t])
    }

    /// Members with a close before to be compared with.
    fn compared(&self, t: usize) -> u32 {
        self.advancing[t] + self.declining[t] + self.unchanged[t]
    }

    /// A part of the members that moved.
    fn of_moves(&self, part: impl Fn(usize) -> f64) -> Vec<f64> {
        let moved: Vec<u32> = self.advancing.iter().zip(&self.declining).map(|(up, down)| up + down).collect();
        share(&moved, part)
    }
}

/// `part` of each session over the number `of` members; `NaN` where there is none.
fn share(of: &[u32], part: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..of.len()).map(|t| if of[t] == 0 { f64::NAN } else { part(t) / f64::from(of[t]) }).collect()
}

/// Exponential mean over the sessions that have a value.
fn ema(x: &[f64], alpha: f64) -> Vec<f64> {
    let at: Vec<usize> = (0..x.len()).filter(|&t| !x[t].is_nan()).collect();
    let dense: Vec<f64> = at.iter().map(|&t| x[t]).collect();
    let mut mean = vec![f64::NAN; x.len()];
    at.iter().zip(stats::ema(&dense, alpha)).for_each(|(&t, value)| mean[t] = value);
    mean
}
