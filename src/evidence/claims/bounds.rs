//! What a figure must be for a claim to hold.

use anyhow::{Result, ensure};
use serde::Deserialize;

/// Limits of a figure; each that is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// At least this.
    pub above: Option<f64>,
    /// At most this.
    pub below: Option<f64>,
    /// This, give or take `within`.
    pub about: Option<f64>,
    /// How far from `about` it may be.
    pub within: Option<f64>,
}

impl Bounds {
    /// Names of the limits in a claim's table.
    pub(super) const NAMES: [&str; 4] = ["above", "below", "about", "within"];

    /// Refuses `about` without `within`, the other way round, and what is no number.
    pub(super) fn check(&self) -> Result<()> {
        ensure!(self.about.is_some() == self.within.is_some(), "`about` and `within` go together");
        let all = [self.above, self.below, self.about, self.within];
        ensure!(all.iter().flatten().all(|limit| limit.is_finite()), "a limit is no number");
        Ok(())
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `figure` keeps them.
    pub(super) fn hold(&self, figure: f64) -> bool {
        self.above.is_none_or(|limit| figure >= limit)
            && self.below.is_none_or(|limit| figure <= limit)
            && self.about.zip(self.within).is_none_or(|(about, within)| (figure - about).abs() <= within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_given_must_hold_and_limits_count_as_within() {
        let about = Bounds { about: Some(0.5), within: Some(0.25), ..Bounds::default() };
        assert!(about.hold(0.25) && about.hold(0.75) && !about.hold(0.76));
        let both = Bounds { above: Some(0.0), below: Some(1.0), ..about };
        assert!(both.hold(0.6) && !both.hold(0.9) && Bounds::default().hold(9.0));
        assert!(Bounds { about: Some(1.0), ..Bounds::default() }.check().is_err());
    }
}
