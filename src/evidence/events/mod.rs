//! Easing cycles: what small caps did against large ones after cuts of the policy rate.

mod cuts;
mod dates;
mod study;

pub use cuts::{Class, Event, cuts};
pub use dates::{dates, merge};
pub use study::{MONTHS, Measured, Outcome, Pair, Study, Summary, Without, follow, study};
