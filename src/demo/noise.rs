//! Seeded noise.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The seed of the whole market: one of those under which small caps lead and fade in 2026 and 2027.
const SEED: u64 = 5;

/// Stream `n` of the market's noise: streams do not disturb each other.
pub(super) fn stream(n: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    rng.set_stream(n);
    rng
}

/// A deviation that returns to 0 (an AR(1) process), so that no path strays from its script.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deviation {
    level: f64,
    keep: f64,
    shock: f64,
}

impl Deviation {
    /// A deviation with shocks of standard deviation `shock` a session, half of which is forgotten
    /// after `half_life` sessions.
    pub(super) fn new(shock: f64, half_life: f64) -> Self {
        Self { level: 0.0, keep: 0.5_f64.powf(half_life.recip()), shock }
    }

    /// The deviation after a standard normal draw.
    pub(super) fn next(&mut self, normal: f64) -> f64 {
        self.level = self.keep * self.level + self.shock * normal;
        self.level
    }
}

/// Rounds to cents.
pub(super) fn cents(price: f64) -> f64 {
    (price * 100.0).round() / 100.0
}
