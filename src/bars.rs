//! Plain columns: what a series holds in memory, and what may be said against it.

mod closes;
mod column;
mod origin;
mod overlay;
mod points;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use anyhow::{Result, bail};
use schemars::JsonSchema;
use serde::Serialize;

pub use closes::Closes;
pub use column::Column;
pub use origin::{Borrowed, Dividends, Origin};
pub use points::{BOTTOM_UP, POSITIONS, Points, WORKED_OUT};

use crate::day::Day;

/// A figure as it is told: with ten significant digits, as reports have it.
pub fn told(figure: f64) -> f64 {
    format!("{figure:.9e}").parse().unwrap_or(figure)
}

/// What a series measures; also the name of its folder in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Daily prices of a fund, stock or index.
    Bars,
    /// An interest rate, a spread or an economic index.
    Rates,
    /// A forward P/E of one index, on one basis, from one source.
    Valuation,
    /// Weekly reports of who holds which side of a futures contract.
    Positioning,
}

impl Kind {
    /// Every kind, in the order of the store's folders.
    pub const ALL: [Self; 4] = [Self::Bars, Self::Rates, Self::Valuation, Self::Positioning];

    /// The folder of this kind.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Rates => "rates",
            Self::Valuation => "valuation",
            Self::Positioning => "positioning",
        }
    }
}

/// One series: one file, one definition (`bars/IWM`, `rates/DGS2`, `valuation/russell-2000.fy1.ssga`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId {
    /// What it measures.
    pub kind: Kind,
    /// Symbol, FRED id, `INDEX.BASIS.SOURCE`, or the CFTC's code of a contract.
    pub name: String,
}

impl SeriesId {
    /// Names a series.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// The bars of `symbol`.
    pub fn bars(symbol: &str) -> Self {
        Self::new(Kind::Bars, symbol)
    }

    /// The rate series `id`.
    pub fn rates(id: &str) -> Self {
        Self::new(Kind::Rates, id)
    }

    /// Whether it is of P/Es that were worked out from an index's members.
    pub fn is_worked_out(&self) -> bool {
        self.kind == Kind::Valuation && self.name.rsplit('.').next() == Some(BOTTOM_UP)
    }

    /// Refuses a name that no series can have: empty, longer than [`LONGEST_NAME`], or with a
    /// character other than the visible ones of ASCII, a slash or a backslash.
    pub fn check(&self) -> Result<()> {
        let name = &self.name;
        let said: String = name.chars().take(LONGEST_NAME).collect();
        let said = said.escape_debug();
        if name.is_empty() {
            bail!("the name of a series is empty; give a symbol such as `IWM`");
        }
        if name.len() > LONGEST_NAME {
            bail!("`{said}…` is longer than {LONGEST_NAME} characters; give a symbol such as `IWM`");
        }
        if !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/' && byte != b'\\') {
            bail!("`{said}` is not the name of a series; give a symbol such as `IWM` or `^RUT`");
        }
        Ok(())
    }
}

/// Most characters in the name of a series.
pub const LONGEST_NAME: usize = 64;

impl fmt::Display for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.folder(), self.name)
    }
}

/// Daily bars as quoted: split-adjusted as of the last bar, never dividend-adjusted. Columns of
/// equal length, days ascending and distinct. An absent price or volume is `NaN`. Where a store was
/// asked for some of the columns, the others are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Session.
    pub day: Vec<Day>,
    /// First price.
    pub open: Vec<f64>,
    /// Highest price.
    pub high: Vec<f64>,
    /// Lowest price.
    pub low: Vec<f64>,
    /// Last price.
    pub close: Vec<f64>,
    /// Shares traded.
    pub volume: Vec<f64>,
    /// Cash paid to holders of one share before this session; 0 for none.
    pub dividend: Vec<f64>,
    /// New shares for one old share at this session; 1 for none.
    pub split: Vec<f64>,
}

/// One row of [`Bars`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Session.
    pub day: Day,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Shares traded.
    pub volume: f64,
    /// Cash paid; 0 for none.
    pub dividend: f64,
    /// Split factor; 1 for none.
    pub split: f64,
}

impl Bars {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// Whether every column was read.
    pub fn is_whole(&self) -> bool {
        let all = [&self.open, &self.high, &self.low, &self.close, &self.volume, &self.dividend, &self.split];
        all.iter().all(|column| column.len() == self.len())
    }

    /// Row `i` of whole bars.
    pub fn row(&self, i: usize) -> Bar {
        Bar {
            day: self.day[i],
            open: self.open[i],
            high: self.high[i],
            low: self.low[i],
            close: self.close[i],
            volume: self.volume[i],
            dividend: self.dividend[i],
            split: self.split[i],
        }
    }

    /// Appends a row; the caller keeps the days ascending.
    pub fn push(&mut self, bar: Bar) {
        self.day.push(bar.day);
        self.open.push(bar.open);
        self.high.push(bar.high);
        self.low.push(bar.low);
        self.close.push(bar.close);
        self.volume.push(bar.volume);
        self.dividend.push(bar.dividend);
        self.split.push(bar.split);
    }
}

impl FromIterator<Bar> for Bars {
    fn from_iter<I: IntoIterator<Item = Bar>>(rows: I) -> Self {
        let mut bars = Self::default();
        rows.into_iter().for_each(|row| bars.push(row));
        bars
    }
}

/// The columns of a series.
#[derive(Clone, Debug, PartialEq)]
pub enum Columns {
    /// Daily prices.
    Bars(Bars),
    /// Dated values.
    Points(Points),
}

impl Columns {
    /// The days, ascending.
    pub fn days(&self) -> &[Day] {
        match self {
            Self::Bars(bars) => &bars.day,
            Self::Points(points) => &points.day,
        }
    }

    /// Adds the rows of `later`, whose days all come after.
    pub fn append(&mut self, later: &Self) {
        match (self, later) {
            (Self::Bars(bars), Self::Bars(later)) => (0..later.len()).for_each(|i| bars.push(later.row(i))),
            (Self::Points(points), Self::Points(later)) => {
                (0..later.len()).for_each(|i| points.push_row(later, i));
            }
            _ => {}
        }
    }

    /// Forgets all rows but these.
    pub fn keep(&mut self, rows: Range<usize>) {
        match self {
            Self::Bars(bars) => *bars = rows.map(|i| bars.row(i)).collect(),
            Self::Points(points) => {
                let mut kept = Points::default();
                rows.for_each(|i| kept.push_row(points, i));
                *points = kept;
            }
        }
    }
}

/// The owner of a series that the user gave as a file.
pub const IMPORTED: &str = "imported";

/// The owner of a synthetic series.
pub const SYNTHETIC: &str = "synthetic";

/// A series as loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Who it comes from.
    pub origin: Origin,
    /// Its values.
    pub columns: Columns,
    /// Hash of the columns, 16 hexadecimal digits.
    pub hash: String,
}

/// Everything loaded, by name.
pub type Shelf = BTreeMap<SeriesId, Series>;

/// Something the user should know about an input or a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Warning {
    /// A stable word for scripts, in `snake_case`.
    pub code: &'static str,
    /// The input it concerns.
    pub input: Option<String>,
    /// What, where, and the next step.
    pub message: String,
}

impl Warning {
    /// A warning about `input`.
    pub fn about(code: &'static str, input: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, input: Some(input.into()), message: message.into() }
    }

    /// A warning about the run.
    pub fn general(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, input: None, message: message.into() }
    }
}
