//! Files of the user, read into series: one kind of file, one file here.
//!
//! A kind is recognised by its header. A row that breaks a rule is rejected with its line and the
//! reason; it never changes a figure.

mod bars;
mod cells;
mod closes;
mod dividends;
mod estimates;
mod implied;
mod members;
mod positioning;
mod rates;
mod table;
mod valuation;

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use chrono::{DateTime, Utc};

pub use bars::{Quotes, symbol};
pub use closes::closes;
pub use dividends::Payment;
pub use estimates::Estimates;
pub use positioning::{FUTURES_ONLY, HEADER as POSITIONING_HEADER};

use crate::bars::{Points, SeriesId};
use crate::calendar::{Calendar, Zone};
use crate::day::Day;
use crate::universe::{self, Snapshot};
use cells::shown;
use table::Table;

/// A kind of file.
pub struct FileKind {
    /// What `--kind` calls it.
    pub id: &'static str,
    /// The columns it is known by, for people.
    pub header: &'static str,
    /// Whether a header is of this kind.
    recognises: fn(&Table) -> bool,
    /// Reads it; `stem` is the file's name without its ending.
    parse: fn(&Table, stem: &str, &Clock, &mut Tally) -> Result<Contents>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// Of which series.
    pub series: Vec<(SeriesId, Content)>,
    /// Of the members of which universe.
    pub snapshots: Vec<(String, Snapshot)>,
    /// What the members of which universe are expected to earn.
    pub estimates: Vec<Estimates>,
}

impl Contents {
    /// Rows of all of it.
    fn rows(&self) -> usize {
        let series = self.series.iter().map(|(_, content)| match content {
            Content::Quotes(quotes) => quotes.bars.len(),
            Content::Payments(payments) => payments.len(),
            Content::Points(points) => points.len(),
        });
        let lists = self.snapshots.iter().map(|(_, snapshot)| snapshot.members.len());
        let stocks = self.estimates.iter().map(|estimates| estimates.stocks.len());
        series.chain(lists).chain(stocks).sum()
    }
}

impl From<Vec<(SeriesId, Content)>> for Contents {
    fn from(series: Vec<(SeriesId, Content)>) -> Self {
        Self { series, ..Self::default() }
    }
}

/// Every kind of file.
pub const KINDS: &[FileKind] =
    &[bars::KIND, dividends::KIND, rates::KIND, valuation::KIND, positioning::KIND, members::KIND, estimates::KIND];

/// What a file says of a series.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Its daily bars.
    Quotes(Quotes),
    /// What it paid, by ex-date.
    Payments(BTreeMap<Day, Payment>),
    /// Its values.
    Points(Points),
}

/// A file as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The kind it was read as.
    pub kind: &'static str,
    /// What it says.
    pub contents: Contents,
    /// What of it was not taken.
    pub tally: Tally,
}

/// What of a file was not taken, and what is to be said of the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Rows that were taken.
    pub taken: usize,
    /// Rows that were rejected, by line.
    pub rejected: Vec<(u64, String)>,
    /// Those of them that are of something else, as most rows of a report on all contracts are.
    pub others: usize,
    /// Rows that say that there is no value.
    pub empty: usize,
    /// Rows given twice in the same words.
    pub repeated: usize,
    /// Sessions without volume, whose close was kept.
    pub without_volume: usize,
    /// Columns that were not read.
    pub unused: Vec<String>,
    /// What is to be known of the rows that were taken.
    pub remarks: Vec<String>,
}

impl Tally {
    /// Whether most of what the file says of its subject was rejected.
    pub fn is_mostly_rejected(&self) -> bool {
        self.rejected.len() - self.others > self.taken
    }

    /// Why the first row was rejected that was, in brackets; empty without one.
    fn first_rejected(&self) -> String {
        self.rejected.first().map_or_else(String::new, |(line, reason)| format!(" (line {line}: {reason})"))
    }
}

/// What may be known at the time of an import.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    calendar: &'a Calendar,
    finished: Day,
    today: Day,
}

impl<'a> Clock<'a> {
    /// The exchange's sessions.
    pub fn calendar(&self) -> &'a Calendar {
        self.calendar
    }

    /// Refuses a day whose session is not over.
    fn has_seen(&self, day: Day) -> Result<(), String> {
        if day > self.finished {
            return Err(format!("{day} is after the last finished session, {}", self.finished));
        }
        Ok(())
    }

    /// The clock at `now`.
    pub fn new(calendar: &'a Calendar, now: DateTime<Utc>) -> Self {
        let today = Day::from(Zone::new_york().date(now));
        Self { calendar, finished: calendar.last_finished(now), today }
    }
}

/// Reads a file called `name`, as the kind called `kind` or as the one its header is of.
///
/// # Errors
/// When it is of no known kind, or of none of its rows anything can be made.
pub fn parse(name: &str, bytes: &[u8], kind: Option<&str>, clock: &Clock) -> Result<Parsed> {
    if universe::is_holdings(bytes) && kind.is_none_or(|kind| kind == members::KIND.id) {
        return members::holdings(bytes, stem(name), clock);
    }
    let table = Table::read(bytes)?;
    let kinds: Vec<_> = match kind {
        Some(id) => KINDS.iter().filter(|kind| kind.id == id).collect(),
        None => KINDS.iter().filter(|kind| (kind.recognises)(&table)).collect(),
    };
    let header = || shown(&table.header.join(","));
    let [kind] = kinds[..] else {
        let known = KINDS.iter().map(|kind| kind.id).collect::<Vec<_>>().join(", ");
        bail!(
            "its header {} is of no kind known here; `--kind` and one of {known} says which columns it lacks",
            header()
        )
    };
    ensure!((kind.recognises)(&table), "its header {} is not one of {} ({})", header(), kind.id, kind.header);
    let mut tally = Tally { rejected: table.torn.clone(), ..Tally::default() };
    let contents = (kind.parse)(&table, stem(name), clock, &mut tally)?;
    tally.rejected.sort();
    tally.taken = contents.rows();
    if contents == Contents::default() {
        bail!("it has no row that could be taken{}", tally.first_rejected());
    }
    Ok(Parsed { kind: kind.id, contents, tally })
}

/// A file's name without its ending.
fn stem(name: &str) -> &str {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if ending.eq_ignore_ascii_case("csv") || ending.eq_ignore_ascii_case("txt") { stem } else { name }
}

/// Sorts rows by day. Equal rows of a day count once; of rows that differ none is taken.
fn distinct<T: PartialEq>(mut rows: Vec<(Day, u64, T)>, tally: &mut Tally) -> Vec<(Day, T)> {
    rows.sort_by_key(|(day, line, _)| (*day, *line));
    let mut kept: Vec<(Day, T)> = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while let Some((day, line, row)) = rows.next() {
        let mut again = Vec::new();
        while let Some(next) = rows.next_if(|next| next.0 == day) {
            again.push(next);
        }
        if again.iter().all(|(_, _, other)| *other == row) {
            tally.repeated += again.len();
            kept.push((day, row));
            continue;
        }
        for line in std::iter::once(line).chain(again.iter().map(|(_, line, _)| *line)) {
            tally.rejected.push((line, format!("{day} is given {} times, with different figures", again.len() + 1)));
        }
    }
    kept
}

/// Notes the columns that are not read.
fn note_unused(table: &Table, used: &[&str], tally: &mut Tally) {
    let unused = table.names.iter().filter(|name| !name.is_empty() && !used.contains(&name.as_str()));
    tally.unused = unused.cloned().collect();
}
