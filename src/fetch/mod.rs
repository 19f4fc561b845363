//! Upstream sources: one source, one file: request and parse. What is asked for, of whom, in which
//! order, and whether the answer continues what is held.
//!
//! This place knows no store: it is told what is held, hands over what arrives, and reports progress
//! to a callback.

mod due;
mod environment;
mod fault;
mod fredgraph;
mod gate;
mod http;
mod overlap;
mod retry;
mod sound;
mod symptom;
mod team;
mod yahoo;

pub use due::{Expected, Reply, due, expected, newest};
pub use environment::{check_certificates, check_proxy};
pub use fault::{Fault, FetchError};
pub use gate::{Clock, Monotonic};
pub use http::{Body, Client, Limits};
pub use overlap::{Held, onto};
pub use team::{Arrival, Desk};

use std::fmt;

use chrono::{DateTime, Utc};

use crate::bars::{Bars, Columns, IMPORTED, Kind, Points, SeriesId};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::inputs;

/// One upstream source.
#[derive(Clone, Copy)]
pub struct SourceRow {
    /// Name, as the configuration and the store's owner use it.
    pub name: &'static str,
    /// What it serves.
    pub kind: Kind,
    /// Path and query of a request.
    path: fn(&Ask) -> String,
    /// What an answer holds.
    parse: fn(&Body, &Ask) -> Result<Parsed, Fault>,
}

/// Every source; the order in which they are asked is configured.
pub const SOURCES: &[SourceRow] = &[
    SourceRow { name: "yahoo", kind: Kind::Bars, path: yahoo::path, parse: yahoo::parse },
    SourceRow { name: "fredgraph", kind: Kind::Rates, path: fredgraph::path, parse: fredgraph::parse },
];

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

/// A series to be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its name.
    pub id: SeriesId,
    /// What is held of it.
    pub held: Option<Held>,
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
    /// Whether they take the place of all that is held; else they are laid [`onto`] it.
    pub whole: bool,
    /// ISO code of the prices' currency, empty for rates.
    pub currency: String,
    /// What to know about them.
    pub findings: Vec<Finding>,
    /// The source's clock.
    pub date: Option<DateTime<Utc>>,
}

/// Asks one source for one series: the tail where it continues what is held, else the whole; one whose
/// past is restated always whole. Of a series the user imported never more than the tail.
fn ask(row: &SourceRow, client: &Client, wanted: &Wanted, calendar: &Calendar, now: DateTime<Utc>) -> Served {
    let imported = |held: &Held| held.owner == IMPORTED;
    let whole = wanted.whole || inputs::is_revised(&wanted.id.name);
    let tailed = |held: &&Held| imported(held) || (held.owner == row.name && !whole);
    if let Some(held) = wanted.held.as_ref().filter(tailed) {
        let (answer, place) = one(row, client, wanted, held.overlap_from(), calendar, now)?;
        if imported(held) {
            return Ok(Answer { whole: false, ..answer });
        }
        held.reached_by(&answer.columns).map_err(|fault| fault.at(&place))?;
        if held.agrees(&answer.columns) {
            return Ok(Answer { whole: false, ..answer });
        }
    }
    let (answer, place) = one(row, client, wanted, EARLIEST, calendar, now)?;
    if answer.columns.days().is_empty() {
        return Err(Fault::NotFound.at(place));
    }
    let keeps = match &wanted.held {
        Some(held) => held.survives(&wanted.id, &answer.columns, row.name).map_err(|fault| fault.at(place))?,
        None => false,
    };
    Ok(Answer { whole: !keeps, ..answer })
}

/// What a source served, or why not.
type Served = Result<Answer, FetchError>;

/// One request and its answer, with the place it came from.
fn one(
    row: &SourceRow,
    client: &Client,
    wanted: &Wanted,
    from: Day,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<(Answer, String), FetchError> {
    let to = newest(&wanted.id, calendar, now);
    let ask = Ask { name: &wanted.id.name, from, to, calendar, now };
    let path = (row.path)(&ask);
    let place = client.place(&path);
    let body = client.get(&path)?;
    let parsed = (row.parse)(&body, &ask).map_err(|fault| fault.at(&place))?;
    if !body.framed {
        proven(&parsed.columns, expected(&wanted.id, calendar, now).day).map_err(|fault| fault.at(&place))?;
    }
    let Parsed { columns, currency, findings } = parsed;
    Ok((Answer { source: row.name, columns, whole: true, currency, findings, date: body.date }, place))
}

/// Refuses values that end long before they should, in an answer that shows no length: it may have
/// been cut exactly at a row's end.
fn proven(columns: &Columns, expected: Day) -> Result<(), Fault> {
    match columns.days().last() {
        Some(&last) if expected.since(last) > UNPROVEN_DAYS => {
            Err(Fault::Cut(format!("its last day is {last}, {expected} was expected")))
        }
        _ => Ok(()),
    }
}

/// Whether any source serves series of this kind.
pub fn is_served(kind: Kind) -> bool {
    SOURCES.iter().any(|row| row.kind == kind)
}

/// The sources of a kind that may be asked, in the configured order.
pub fn sources(kind: Kind, settings: &Settings) -> impl Iterator<Item = &'static SourceRow> {
    let order: &[String] = match kind {
        Kind::Bars => &settings.order.bars,
        Kind::Rates => &settings.order.rates,
        Kind::Valuation | Kind::Positioning => &[],
    };
    let row = move |name: &String| SOURCES.iter().find(|row| row.name == name && row.kind == kind);
    order.iter().filter_map(row).filter(|row| settings.sources.get(row.name).is_some_and(|source| source.enabled))
}

/// Midnight UTC at the start of `day`, in Unix seconds.
fn midnight(day: Day) -> i64 {
    i64::from(day.number()) * 86_400
}
