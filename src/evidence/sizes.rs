//! How often the tests cry wolf: measured on markets without an edge.

use schemars::JsonSchema;
use serde::Serialize;

/// What each test does at one horizon where nothing is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Size {
    /// The horizon.
    pub sessions: usize,
    /// Share of markets in which the Newey–West |t| exceeds 1.96, which a t of its kind should in 0.05.
    pub newey_west: f64,
    /// The |t| that only 0.05 of them exceed.
    pub critical_t: f64,
    /// Share in which the Newey–West interval leaves out 0; 0.05 is meant.
    pub interval: f64,
    /// Share in which the bootstrap interval leaves out 0; 0.05 is meant.
    pub bootstrap: f64,
}

/// The |t| that 0.05 of standard normals exceed.
pub(super) const NOMINAL_T: f64 = 1.96;

/// Spells of this mean length or longer are judged by the second table.
const LONG_SPELL: f64 = 100.0;

/// Sizes where spells are short: a class of 0.4 of 6,300 sessions in spells of 40 on average, in 4,000 markets; those
/// with fewer than 8 windows are left out, and the bootstrap is of 1,000 resamples.
///
/// Measured by `cargo test --release --lib -- --ignored --nocapture sizes_without_an_edge`.
pub(super) const SHORT_SPELLS: [Size; 4] = [
    Size { sessions: 21, newey_west: 0.103, critical_t: 2.34, interval: 0.102, bootstrap: 0.076 },
    Size { sessions: 63, newey_west: 0.088, critical_t: 2.24, interval: 0.084, bootstrap: 0.079 },
    Size { sessions: 126, newey_west: 0.071, critical_t: 2.12, interval: 0.062, bootstrap: 0.077 },
    Size { sessions: 252, newey_west: 0.076, critical_t: 2.19, interval: 0.063, bootstrap: 0.085 },
];

/// The same in spells of 200.
pub(super) const LONG_SPELLS: [Size; 4] = [
    Size { sessions: 21, newey_west: 0.103, critical_t: 2.39, interval: 0.101, bootstrap: 0.071 },
    Size { sessions: 63, newey_west: 0.109, critical_t: 2.4, interval: 0.105, bootstrap: 0.085 },
    Size { sessions: 126, newey_west: 0.12, critical_t: 2.51, interval: 0.111, bootstrap: 0.11 },
    Size { sessions: 252, newey_west: 0.124, critical_t: 2.54, interval: 0.106, bootstrap: 0.133 },
];

/// The measured sizes at horizon `h` for spells of this mean length.
pub(super) fn size(h: usize, mean_spell: f64) -> Option<&'static Size> {
    let table = if mean_spell < LONG_SPELL { &SHORT_SPELLS } else { &LONG_SPELLS };
    table.iter().find(|size| size.sessions == h)
}

#[cfg(test)]
mod tests {
    use super::super::scorecard::{Outcomes, intervals};
    use super::*;
    use crate::evidence::HORIZONS;
    use crate::stats::{self, Resamples};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, StandardNormal};
    use rayon::prelude::*;

    /// Sessions of a made-up market: 25 years.
    const SESSIONS: usize = 6_300;

    /// A class that `share` of the sessions are in, in spells of `spell` sessions on average, and the running relative
    /// return of a market that knows nothing of it, but for `edge` a session within it.
    fn market(seed: u64, share: f64, spell: f64, edge: f64) -> (Vec<Option<u8>>, Vec<f64>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (leave, enter) = (1.0 / spell, share / (1.0 - share) / spell);
        let mut inside = rng.random::<f64>() < share;
        let mut level = 0.0;
        let step = |_| {
            let (class, now) = (Some(u8::from(inside)), level);
            let normal: f64 = StandardNormal.sample(&mut rng);
            level += 0.007 * normal + if inside { edge } else { 0.0 };
            if rng.random::<f64>() < if inside { leave } else { enter } {
                inside = !inside;
            }
            (class, now)
        };
        (0..SESSIONS).map(step).unzip()
    }

    /// |t|, and whether either interval leaves out 0; `None` where there are too few windows.
    fn test(classes: &[Option<u8>], relative: &[f64], h: usize, resamples: usize) -> Option<(f64, bool, bool)> {
        let outcomes = Outcomes::measure(relative, h)?;
        let followed = outcomes.follow(classes, 1, f64::NAN)?;
        let t = followed.newey_west_t?.abs();
        let drawn = Resamples::draw(outcomes.values.len(), outcomes.block(), 0..resamples, 0);
        let bootstrap = intervals::<6>(outcomes.before(classes), &outcomes.values, &drawn)[1]?;
        let leaves = |[low, high]: [f64; 2]| low > 0.0 || high < 0.0;
        Some((t, leaves(followed.interval?), leaves(bootstrap)))
    }

    fn measure(share: f64, spell: f64, h: usize, markets: u64, resamples: usize) -> Size {
        let tests: Vec<_> = (0..markets)
            .into_par_iter()
            .filter_map(|seed| {
                let (classes, relative) = market(seed, share, spell, 0.0);
                test(&classes, &relative, h, resamples)
            })
            .collect();
        let part = |of: &dyn Fn(&(f64, bool, bool)) -> bool| {
            (1_000.0 * tests.iter().filter(|test| of(test)).count() as f64 / tests.len() as f64).round() / 1_000.0
        };
        let critical_t = stats::quantile(&mut tests.iter().map(|test| test.0).collect::<Vec<_>>(), 0.95);
        Size {
            sessions: h,
            newey_west: part(&|test| test.0 > NOMINAL_T),
            critical_t: (100.0 * critical_t).round() / 100.0,
            interval: part(&|test| test.1),
            bootstrap: part(&|test| test.2),
        }
    }

    #[test]
    #[ignore = "makes the tables: minutes in a release build"]
    fn sizes_without_an_edge() {
        for (table, spell) in [(SHORT_SPELLS, 40.0), (LONG_SPELLS, 200.0)] {
            let made = HORIZONS.map(|h| measure(0.4, spell, h, 4_000, 1_000));
            assert_eq!(made, table, "spells of {spell}");
        }
    }

    /// The tables are what the measurement gives: a part of it, within what so few markets leave to luck.
    #[test]
    fn a_part_of_the_markets_agrees_with_the_table() {
        let table = size(63, 40.0).expect("a size");
        let part = measure(0.4, 40.0, 63, 150, 200);
        let luck = |size: f64| 4.0 * (size * (1.0 - size) / 150.0).sqrt();
        assert!((part.newey_west - table.newey_west).abs() < luck(table.newey_west), "{part:?}");
        assert!((part.bootstrap - table.bootstrap).abs() < luck(table.bootstrap), "{part:?}");
    }

    #[test]
    fn an_edge_that_was_planted_is_found() {
        let found = |seed| {
            let (classes, relative) = market(seed, 0.4, 40.0, 0.0008);
            test(&classes, &relative, 21, 200)
                .is_some_and(|(t, interval, bootstrap)| t > SHORT_SPELLS[0].critical_t && interval && bootstrap)
        };
        let times = (0..40).filter(|&seed| found(seed)).count();
        assert!(times >= 36, "{times} of 40");
    }
}
