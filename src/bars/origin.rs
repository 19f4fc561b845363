//! Who a series comes from.

use crate::day::Day;

/// Where dividends of a series of bars come from, the best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dividends {
    /// Given as events: by the source, a dividend column or a file of dividends.
    #[default]
    Reported,
    /// At least one of them worked out from adjusted closes.
    Implied,
    /// Never given, for some rows at least: these have zeros.
    Unknown,
}

/// Rows at the end of a series that another source than its owner served, until the owner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Borrowed {
    /// The source.
    pub source: String,
    /// The first of these rows.
    pub from: Day,
}

/// Who a series comes from. Exactly one owner, whose figures borrowed rows continue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `imported`, `synthetic`, or the name of the source.
    pub owner: String,
    /// ISO code of the prices' currency, empty for rates.
    pub currency: String,
    /// When it was last fetched or imported, RFC 3339 UTC.
    pub fetched_at: String,
    /// How the dividends were had.
    pub dividends: Dividends,
    /// Rows at the end that are another source's; none as a rule.
    pub borrowed: Option<Borrowed>,
}

impl Origin {
    /// The owner, then the source of borrowed rows.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.owner).chain(self.borrowed.iter().map(|borrowed| &*borrowed.source))
    }
}
