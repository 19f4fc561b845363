//! Statements of market commentary, checked: true, false, or not checkable.
//!
//! Six kinds of statements, one file each; there are no expressions. A file of them is TOML, a table `[[claim]]` each.

mod after_events;
mod answer;
mod bounds;
mod claim;
mod crossing;
mod drawdown;
mod pe_gap;
mod returns;
mod streak;

pub use answer::{Answer, Answers, Finding, answer};
pub use claim::{Claim, read};

use crate::bars::Shelf;
use crate::day::Day;
use crate::series::Market;

/// Common statements of commentary, as an example and to begin with.
pub const COMMON: &str = include_str!("common.toml");

/// What claims are checked against: all of it as known at the market's last session.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Bars of every symbol.
    pub shelf: &'a Shelf,
    /// Rates and forward P/Es.
    pub market: &'a Market,
}

/// A figure over time, and whether the claim's own condition held.
#[derive(Clone, Debug, Default, PartialEq)]
struct Measured {
    /// Days, ascending.
    day: Vec<Day>,
    /// The figure; `NaN` where it cannot be measured.
    figure: Vec<f64>,
    /// Whether what the kind asks for beyond the bounds held.
    held: Vec<bool>,
    /// More about the last day.
    detail: Option<String>,
}

/// What a figure is, in words and in unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A fraction: 0.12 is 12 %.
    Fraction,
    /// A ratio.
    Ratio,
    /// Months in a row, negative for losses.
    Months,
}
