//! Easing cycles: what small caps did against large ones after cuts of the policy rate.

mod cuts;
mod dates;
mod pairs;
mod study;

pub use cuts::{Class, Event, cuts};
pub use dates::{dates, merge};
pub use pairs::{PAIRS, pairs};
pub use study::{MONTHS, Measured, Outcome, Study, Summary, follow, study};
