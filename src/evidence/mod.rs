//! The track record: what followed such verdicts, by statistics that survive overlapping windows.

mod outcomes;
mod spells;

pub use outcomes::{HORIZONS, outcome, relative};
pub use spells::{Spell, spells};
