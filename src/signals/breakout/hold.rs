//! The vote's memory: a broken support and a breakout are held until they fail or grow old.

use crate::config::Bands;

/// Sessions for which a side is held at most.
const LONGEST: usize = 126;

/// Closes running above the prior high that make a breakout.
pub(super) const CONFIRMED: usize = 3;

/// What a session's close is judged by.
pub(super) struct Bar {
    pub close: f64,
    /// Low of the support as it stood a session before.
    pub floor: Option<f64>,
    /// Highest close of all but the last year; `NaN` without one.
    pub prior_high: f64,
    /// Closes running above it, this one included.
    pub sessions_above: f64,
    /// Whether the close is the highest of a year.
    pub at_year_high: bool,
}

/// What is held after a session.
pub(super) struct Hold {
    /// Part of the support's low below which it is broken.
    broken_below: f64,
    /// Part of the prior high below which a breakout has failed.
    failed_below: f64,
    /// The low that was broken, frozen, and for how many sessions it has been held.
    broken: Option<(f64, usize)>,
    breakout: bool,
    /// Whether the side is one held from an earlier session, which nothing calls for at this one.
    pub kept: bool,
    /// Sessions since the last high of a year.
    since_high: usize,
}

impl Hold {
    pub(super) fn new(bands: &Bands) -> Self {
        Self {
            broken_below: 1.0 - bands.breakout_support,
            failed_below: 1.0 - bands.breakout_release,
            broken: None,
            breakout: false,
            kept: false,
            since_high: 0,
        }
    }

    /// The side after one more session: −1, 0 or +1. A broken support goes before a breakout, which
    /// is followed meanwhile.
    pub(super) fn side(&mut self, bar: &Bar) -> i8 {
        self.broken = match self.broken {
            Some((low, held)) if bar.close <= low && held < LONGEST => Some((low, held + 1)),
            _ => bar.floor.filter(|low| bar.close < self.broken_below * low).map(|low| (low, 1)),
        };
        self.since_high = if bar.at_year_high { 0 } else { self.since_high + 1 };
        let fresh = bar.close >= self.failed_below * bar.prior_high && self.since_high < LONGEST;
        let breaks_out = bar.sessions_above >= CONFIRMED as f64;
        self.breakout = breaks_out || (self.breakout && fresh);
        self.kept = self.broken.map_or(self.breakout && !breaks_out, |(_, held)| held > 1);
        if self.broken.is_some() { -1 } else { i8::from(self.breakout) }
    }
}
