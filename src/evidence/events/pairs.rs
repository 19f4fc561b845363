//! What stands for small and large caps after a cut.

use super::super::closes::Closes;
use crate::bars::Shelf;
use crate::calendar::Calendar;
use crate::day::Day;

/// Symbols of small and of large caps, in order of preference: the indices reach back to 1987, the funds on to today.
pub const PAIRS: [[&str; 2]; 2] = [["^RUT", "^GSPC"], ["IWM", "SPY"]];

/// A pair of small and large caps, with what they are called.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Name of the small caps.
    pub small: &'static str,
    /// Name of the large caps.
    pub large: &'static str,
    /// Closes of both.
    pub closes: [Closes; 2],
}

/// The pairs that are held up to `reference`, and why the others are not.
pub fn pairs(shelf: &Shelf, calendar: &Calendar, reference: Day) -> (Vec<Pair>, Vec<String>) {
    let (mut held, mut lacking) = (Vec::new(), Vec::new());
    for [small, large] in PAIRS {
        match [small, large].map(|symbol| Closes::of(shelf, symbol, calendar, reference)) {
            [Ok(one), Ok(other)] => held.push(Pair { small, large, closes: [one, other] }),
            both => lacking.extend(both.into_iter().filter_map(Result::err)),
        }
    }
    (held, lacking)
}
