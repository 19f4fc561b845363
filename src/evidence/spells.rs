//! Spells: how long each stage stood, and what small caps did meanwhile and afterwards.

use super::outcomes::{HORIZONS, relative};
use crate::series::Market;
use crate::verdict::{Stage, Verdict};

/// One stage from the session it was called to the one before another was.
#[derive(Clone, Debug, PartialEq)]
pub struct Spell {
    /// The stage.
    pub stage: Stage,
    /// Index of its first session.
    pub first: usize,
    /// Index of its last session.
    pub last: usize,
    /// Whether it still stands at the last session of the market.
    pub running: bool,
    /// Log return of IWM over SPY (total return) from the close of the first session to the close at which another
    /// stage was called, or to the last one while it runs; `NaN` where a close is missing.
    pub inside: f64,
    /// The same over the [`HORIZONS`] from that close on; `NaN` where they have not passed.
    pub after: [f64; HORIZONS.len()],
}

impl Spell {
    /// Sessions it stood for.
    pub fn sessions(&self) -> usize {
        self.last - self.first + 1
    }
}

/// Every spell, oldest first.
pub fn spells(market: &Market, verdict: &Verdict) -> Vec<Spell> {
    let relative = relative(market).unwrap_or_default();
    let at = |t: usize| relative.get(t).copied().unwrap_or(f64::NAN);
    let mut spells = Vec::new();
    let mut first = 0;
    for run in verdict.staged.chunk_by(|one, next| one.stage == next.stage) {
        let last = first + run.len() - 1;
        let running = last == market.last();
        let end = if running { last } else { last + 1 };
        let after = HORIZONS.map(|h| if running { f64::NAN } else { at(end + h) - at(end) });
        spells.push(Spell { stage: run[0].stage, first, last, running, inside: at(end) - at(first), after });
        first = last + 1;
    }
    spells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;
    use crate::signals::SIGNALS;
    use crate::verdict::{self, Tracked};

    #[test]
    fn spells_join_without_a_gap_and_measure_from_close_to_close() {
        let wave = |t: usize| 200.0 * (1.0 + 0.2 * (t as f64 / 80.0).sin());
        let market = Fixture::new(900).bars("SPY", |_| 400.0).bars("IWM", wave).market();
        let tracks: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, (signal.track)(&market))).collect();
        let mut verdict = verdict::weigh(&market, &tracks);
        for (t, staged) in verdict.staged.iter_mut().enumerate() {
            staged.stage = if (300..340).contains(&t) { Stage::Early } else { Stage::None };
        }
        let spells = spells(&market, &verdict);
        let found: Vec<_> = spells.iter().map(|spell| (spell.stage, spell.first, spell.last, spell.running)).collect();
        let expected = [(Stage::None, 0, 299, false), (Stage::Early, 300, 339, false), (Stage::None, 340, 899, true)];
        assert_eq!(found, expected);
        let log = |from: usize, to: usize| (wave(to) / wave(from)).ln();
        assert!((spells[1].inside - log(300, 340)).abs() < 1e-12);
        assert!((spells[1].after[2] - log(340, 466)).abs() < 1e-12);
        assert!((spells[2].inside - log(340, 899)).abs() < 1e-12 && spells[2].after[0].is_nan());
        assert_eq!(spells[1].sessions(), 40);
    }
}
