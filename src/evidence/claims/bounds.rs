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

    /// Refuses `about` without `within`, the other way round, what is no number, and what no figure keeps.
    pub(super) fn check(&self) -> Result<()> {
        ensure!(self.about.is_some() == self.within.is_some(), "`about` and `within` go together");
        let all = [self.above, self.below, self.about, self.within];
        ensure!(all.iter().flatten().all(|limit| limit.is_finite()), "a limit is no number");
        if let Some((above, below)) = self.above.zip(self.below) {
            ensure!(
                above <= below,
                "no figure is at least `above` = {above} and at most `below` = {below}: exchange them"
            );
        }
        ensure!(self.within.is_none_or(|within| within >= 0.0), "`within` is below 0: give the distance from `about`");
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
        assert!(both.check().is_ok() && Bounds { within: Some(-0.1), ..about }.check().is_err());
        let crossed = Bounds { above: Some(1.0), below: Some(0.5), ..Bounds::default() };
        let said = crossed.check().expect_err("no figure").to_string();
        assert_eq!(said, "no figure is at least `above` = 1 and at most `below` = 0.5: exchange them");
    }
}
