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

pub use brier::Brier;
pub use closes::Closes;
pub use followed::{Apart, FEWEST_WINDOWS, Followed, follow};
pub use groups::{Group, Kind};
pub use luck::largest_t;
pub use outcomes::{HORIZONS, outcome, relative};
pub use probability::{PROBABILITY_SESSIONS, Probability};
pub use record::{Attempts, Beneath, Comparisons, Extreme, Record, beneath, record};
pub use scorecard::{RESAMPLES, Row, Rows, Scorecard, scorecard};
pub use sizes::{LONG_SPELLS, SHORT_SPELLS, Size, size};
pub use spells::{Spell, spells};
pub use tried::{TRIED, Tried, tried};
