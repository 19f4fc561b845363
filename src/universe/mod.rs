//! A universe: the members of an index on a day, as the holdings of a fund list them.

mod earnings;
mod holdings;
mod membership;

use std::ops::RangeInclusive;

use anyhow::{Result, ensure};

pub use earnings::{Earnings, Estimate, earnings};
pub use holdings::{Holdings, holdings, is_holdings};
pub use membership::{Membership, symbols};

use crate::bars::SeriesId;
use crate::day::Day;

/// The members of an index on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The day it is for.
    pub day: Day,
    /// Who lists them: a source, or `imported`.
    pub source: String,
    /// When it was fetched or imported, RFC 3339 UTC.
    pub fetched_at: String,
    /// The members by symbol, ascending and distinct.
    pub members: Vec<Member>,
}

/// One member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its symbol, as its bars are stored under (`BRK-B`).
    pub symbol: String,
    /// The company; may be empty.
    pub name: String,
    /// Its sector, in the words of the list; may be empty.
    pub sector: String,
    /// Its share of the market value of all members, 0 to 1; `NaN` where the list gives none.
    pub weight: f64,
}

impl PartialEq for Member {
    /// Two unknown weights are the same.
    fn eq(&self, other: &Self) -> bool {
        let unknown = self.weight.is_nan() && other.weight.is_nan();
        (&self.symbol, &self.name, &self.sector) == (&other.symbol, &other.name, &other.sector)
            && (unknown || self.weight == other.weight)
    }
}

impl Member {
    /// A member of which nothing but the symbol is known.
    pub fn bare(symbol: impl Into<String>) -> Self {
        Self { symbol: symbol.into(), name: String::new(), sector: String::new(), weight: f64::NAN }
    }
}

/// A universe that has a source.
#[derive(Clone, Debug)]
pub struct Universe {
    /// Name, upper case: the symbol of the fund that holds it.
    pub name: &'static str,
    /// The fund, as its holdings file begins.
    pub fund: &'static str,
    /// Members that it may have: more or fewer are a list of something else, or cut.
    pub plausible: RangeInclusive<usize>,
}

/// The universes that have a source.
pub const UNIVERSES: &[Universe] =
    &[Universe { name: "IWM", fund: "iShares Russell 2000 ETF", plausible: 1_800..=2_100 }];

/// The universe of a name, in any case.
pub fn universe(name: &str) -> Option<&'static Universe> {
    UNIVERSES.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

/// What speaks against a list of so many members of a universe.
pub fn doubt(name: &str, members: usize) -> Option<String> {
    let known = universe(name).filter(|known| !known.plausible.contains(&members))?;
    let (least, most) = (known.plausible.start(), known.plausible.end());
    Some(format!("{members} members, where {least} to {most} are expected: is it the whole list?"))
}

/// A symbol of a list as bars are stored under: `XYZ.A` is `XYZ-A`.
pub fn spelled(symbol: &str) -> String {
    symbol.to_uppercase().replace('.', "-")
}

/// The finding of such a list.
pub const MEMBERS_IMPLAUSIBLE: &str = "members_implausible";

/// A name as universes are stored under: upper case, and one that a symbol could have.
///
/// # Errors
/// When it is no such name.
pub fn named(name: &str) -> Result<String> {
    let name = name.to_uppercase();
    SeriesId::bars(&name).check()?;
    Ok(name)
}

/// Sorts members by symbol; those listed twice become one, with the sum of their weights.
///
/// # Errors
/// For a symbol that no series can have, or an empty list.
pub fn distinct(mut members: Vec<Member>) -> Result<Vec<Member>> {
    ensure!(!members.is_empty(), "it lists no members");
    for member in &members {
        SeriesId::bars(&member.symbol).check()?;
    }
    members.sort_by(|a, b| a.symbol.cmp(&b.symbol));
    members.dedup_by(|later, first| {
        let same = later.symbol == first.symbol;
        first.weight += if same { later.weight } else { 0.0 };
        same
    });
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_listed_twice_counts_once_with_both_weights() {
        let listed = |symbol: &str, weight| Member { weight, ..Member::bare(symbol) };
        let members = distinct(vec![listed("B", 0.25), listed("A", 0.5), listed("B", 0.25)]).expect("members");
        assert_eq!(members, [listed("A", 0.5), listed("B", 0.5)]);
        assert!(distinct(vec![Member::bare("../x")]).is_err() && distinct(Vec::new()).is_err());
    }

    #[test]
    fn names_are_symbols_in_upper_case() {
        assert_eq!(named("iwm").expect("a name"), "IWM");
        assert!(named("a/b").is_err() && named("").is_err());
        assert_eq!(universe("iwm").map(|known| known.name), Some("IWM"));
    }
}
