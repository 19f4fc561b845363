//! The track record: what followed such verdicts, by statistics that survive overlapping windows.

pub mod audit;
mod brier;
pub mod claims;
mod closes;
pub mod events;
mod followed;
mod groups;
mod luck;
mod outcomes;
mod probability;
mod record;
mod scorecard;
mod sizes;
mod spells;
mod tried;

pub use followed::{Apart, FEWEST_WINDOWS, Followed, follow};
pub use groups::Kind;
pub use outcomes::{HORIZONS, outcome, relative};
pub use probability::{PROBABILITY_SESSIONS, Probability};
pub use record::{Beneath, Extreme, Record, beneath, record};
pub use scorecard::{RESAMPLES, Row, Rows};
pub use sizes::Size;
pub use spells::{Spell, spells};
