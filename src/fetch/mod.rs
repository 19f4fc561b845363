//! Upstream sources: one source, one file: request and parse. What is asked for, of whom, in which
//! order, and whether the answer continues what is held.
//!
//! This place knows no store: it is told what is held, hands over what arrives, and reports progress
//! to a callback.

mod body;
mod cftc;
mod dated;
mod due;
mod environment;
mod fault;
mod fred_api;
mod fredgraph;
mod gate;
mod http;
mod inquiry;
mod ishares;
mod nasdaq;
mod nyfed;
mod overlap;
mod retry;
mod secret;
mod sound;
mod source;
mod ssga;
mod symptom;
mod team;
mod tiingo;
mod treasury;
mod yahoo;

pub use body::Body;
pub use due::{Expected, Reply, due, expected, last_reply, newest};
pub use environment::{check_certificates, check_proxy};
pub use fault::{Fault, FetchError};
pub use gate::{Clock, Monotonic};
pub use http::{Client, Limits};
pub use ishares::ISHARES;
pub use overlap::{Held, laid, own_dividends, own_last};
pub use source::{KeyPlace, SOURCES, SourceRow, is_served, keyless, sources};
pub use team::{Arrival, Desk};

use std::fmt;

use chrono::{DateTime, Utc};

use crate::bars::{Bars, Columns, Dividends, Points, SeriesId};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::quality::Nature;

/// Before the first value of any series.
const EARLIEST: Day = Day::from_number(-25_567); // 1900-01-01

/// Days that a whole answer whose end is not proven may lack.
const UNPROVEN_DAYS: i32 = 21;

/// A request: a series' values over some days.
pub(crate) struct Ask<'a> {
    /// The series' own name.
    name: &'a str,
    /// First day.
    from: Day,
    /// Last day: for bars the last finished session, for rates today.
    to: Day,
    nature: Nature,
    calendar: &'a Calendar,
    now: DateTime<Utc>,
}

/// What an answer holds.
#[derive(Debug)]
pub(crate) struct Parsed {
    columns: Columns,
    currency: String,
    findings: Vec<Finding>,
}

impl Parsed {
    fn bars(bars: Bars, currency: &str, findings: Vec<Finding>) -> Self {
        Self { columns: Columns::Bars(bars), currency: currency.to_owned(), findings }
    }

    fn empty_bars(currency: &str) -> Self {
        Self::bars(Bars::default(), currency, Vec::new())
    }

    fn points(points: Points, findings: Vec<Finding>) -> Self {
        Self { columns: Columns::Points(points), currency: String::new(), findings }
    }
}

/// Something to be known about an answer that is used all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable word, in `snake_case`.
    pub code: &'static str,
    /// What was found.
    pub what: &'static str,
    /// On which days.
    pub days: Vec<Day>,
}

/// The finding of a session between others that has no bar.
pub const SESSION_MISSING: &str = "session_missing";

/// Days that a message names; the others are counted.
const NAMED_DAYS: usize = 5;

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.days.iter().take(NAMED_DAYS).map(Day::to_string).collect();
        write!(f, "{} {}", self.what, named.join(", "))?;
        if self.days.len() > NAMED_DAYS { write!(f, ", … ({} days)", self.days.len()) } else { Ok(()) }
    }
}

/// How an answer is laid onto what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lay {
    /// It takes the place of all that is held.
    Whole,
    /// It counts where both have a row; borrowed rows give way.
    Onto,
    /// Only its rows after the owner's last are taken.
    After,
}

/// A series to be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its name.
    pub id: SeriesId,
    /// What is held of it.
    pub held: Option<Held>,
    /// How much it can move in a day; what is no market's is asked only of sources that know dividends.
    pub nature: Nature,
    /// Whether to fetch it whole though a tail would do.
    pub whole: bool,
}

/// What a source served.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Who.
    pub source: &'static str,
    /// The values.
    pub columns: Columns,
    /// How they are laid onto what is held.
    pub lay: Lay,
    /// Whether dividends are among them.
    pub dividends: Dividends,
    /// ISO code of the prices' currency, empty for rates.
    pub currency: String,
    /// What to know about them.
    pub findings: Vec<Finding>,
    /// The source's clock.
    pub date: Option<DateTime<Utc>>,
}

/// Midnight UTC at the start of `day`, in Unix seconds.
fn midnight(day: Day) -> i64 {
    i64::from(day.number()) * 86_400
}
