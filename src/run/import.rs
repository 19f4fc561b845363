//! `rotation import`: files of the user into the store.
//!
//! Every path is read before anything is laid together, series by series, so that their order is
//! irrelevant. What conflicts with what is held is refused, and the others are taken.

mod command;
mod doubts;
mod draft;
mod estimates;
mod files;
mod members;
mod render;
mod settle;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use rayon::prelude::*;

pub use command::command;
pub use files::Left;
pub(super) use files::{gather, read_bytes, shown};
pub use members::List;
pub use render::{render, render_notes};

use crate::bars::{Columns, Dividends, IMPORTED, Kind, Origin, Series, SeriesId, Warning};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::import::{Clock, KINDS, Parsed, Tally};
use crate::inputs;
use crate::quality::{self, Finding, Nature, is_us};
use crate::store::{LeftFile, Store, Writer};
use settle::{Pile, Settled};

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Files and folders.
    pub paths: &'a [PathBuf],
    /// The kind of all of them, where it is said outright.
    pub kind: Option<&'a str>,
    /// Whether a series is taken whole, in place of what is held.
    pub replace: bool,
    /// How long another process that writes is waited for.
    pub wait: Duration,
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Series that are in the store now, by name.
    pub taken: Vec<Taken>,
    /// Lists of members.
    pub lists: Lists,
    /// Series that were refused, and why.
    pub refused: Vec<(SeriesId, String)>,
    /// What is to be disclosed of P/Es that were worked out.
    pub remarks: Vec<String>,
    /// Files of which nothing was used, and why.
    pub left: Vec<Left>,
    /// What of each file was not taken, for the files that were read.
    pub tallies: Vec<(PathBuf, Tally)>,
    /// Damage found in the store.
    pub warnings: Vec<Warning>,
}

/// What came of lists of members.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Those that are in the store now, by universe and day.
    pub taken: Vec<List>,
    /// Those that were refused, and why.
    pub refused: Vec<(String, String)>,
}

/// A series after an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Its name.
    pub id: SeriesId,
    /// What changed.
    pub outcome: Outcome,
    /// Rows held now.
    pub rows: usize,
    /// Rows held before.
    pub before: usize,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// How many dividends it has and how they are known; `None` for values and indices.
    pub dividends: Option<(usize, Dividends)>,
    /// Ex-dates without a bar: these dividends were not taken.
    pub unpaid: Vec<Day>,
    /// What speaks against it.
    pub findings: Vec<Finding>,
}

/// What an import changed in a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not held.
    New,
    /// Rows were added.
    Extended(usize),
    /// Dividends or splits of held rows changed, and nothing else.
    Revised,
    /// It was taken whole in place of what was held.
    Replaced,
    /// Nothing.
    Unchanged,
}

impl Imported {
    /// Whether anything was left or refused, most of a file was rejected, or something is withheld.
    pub fn is_partial(&self) -> bool {
        let withheld = |taken: &Taken| taken.findings.iter().any(|finding| finding.withholds);
        let refused = !self.refused.is_empty() || !self.lists.refused.is_empty();
        let rejected = self.tallies.iter().any(|(_, tally)| tally.is_mostly_rejected());
        !self.left.is_empty() || refused || rejected || self.taken.iter().any(withheld)
    }
}

/// Reads the files and lays them onto what is held.
///
/// # Errors
/// When a path cannot be read, or the store cannot be written to. Files that are not understood and
/// series that conflict are part of the result.
pub fn import(
    request: &Request,
    store: &Store,
    settings: &Settings,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<Imported> {
    if let Some(kind) = request.kind.filter(|kind| KINDS.iter().all(|known| known.id != *kind)) {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
        bail!("`{}` is no kind of file; give one of {}", kind.escape_debug(), known.join(", "));
    }
    let clock = Clock::new(calendar, now);
    let (paths, left) = files::gather(request.paths)?;
    let parsed: Vec<_> = paths.par_iter().map(|path| files::read(path, request.kind, &clock)).collect();
    let mut imported = Imported { left, ..Imported::default() };
    let mut piles: BTreeMap<SeriesId, Pile> = BTreeMap::new();
    let mut lists = members::Given::new();
    let mut stocks = Vec::new();
    for (path, parsed) in paths.into_iter().zip(parsed) {
        match parsed {
            Ok(Parsed { contents, tally, .. }) => {
                for (id, content) in contents.series {
                    piles.entry(id).or_default().add(content);
                }
                stocks.extend(contents.estimates);
                for (universe, snapshot) in contents.snapshots {
                    lists.entry((universe, snapshot.day)).or_default().push(snapshot);
                }
                imported.tallies.push((path, tally));
            }
            Err(error) => imported.left.push(Left { path, reason: format!("{error:#}") }),
        }
    }
    if piles.is_empty() && lists.is_empty() && stocks.is_empty() {
        return Ok(imported);
    }
    let inputs = inputs::inputs(settings);
    let mut writer = store.lock(request.wait)?;
    for (id, pile) in piles {
        let nature = Nature::of(&id, &inputs);
        match take(&id, pile, request.replace, nature, &mut writer, now)? {
            Ok((series, mut taken)) => {
                taken.findings = quality::examine(&id, &series, nature, calendar);
                imported.taken.push(taken);
            }
            Err(reason) => imported.refused.push((id, reason)),
        }
    }
    let fetched_at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    imported.lists = members::take(lists, request.replace, &fetched_at, store, &mut writer)?;
    // by the lists that came along, too
    let worked = estimates::take(stocks, store, &mut writer, calendar, now)?;
    imported.taken.extend(worked.taken);
    imported.refused.extend(worked.refused);
    imported.remarks = worked.remarks;
    imported.warnings = writer.finish()?;
    Ok(imported)
}

/// Stores one series; the inner error is the reason for which it is refused.
fn take(
    id: &SeriesId,
    pile: Pile,
    replace: bool,
    nature: Nature,
    writer: &mut Writer,
    now: DateTime<Utc>,
) -> Result<Result<(Series, Taken), String>> {
    let held = match writer.held(id) {
        Err(error) if error.is::<LeftFile>() => return Ok(Err(error.to_string())),
        held => held?,
    };
    let settled = match pile.settle(held.as_ref(), replace, nature) {
        Err(reason) => return Ok(Err(reason)),
        Ok(settled) => settled,
    };
    let Settled { columns, dividends, unpaid } = settled;
    let series = Series { origin: origin(id, held.as_ref(), replace, dividends, now), hash: columns.hash(), columns };
    let outcome = outcome(held.as_ref(), &series, replace);
    writer.put(id, &series)?;
    let days = series.columns.days();
    let (Some(&first), Some(&last)) = (days.first(), days.last()) else { bail!("`{id}` was stored without rows") };
    let paid = match &series.columns {
        Columns::Bars(bars) if !id.name.starts_with('^') => {
            Some((bars.dividend.iter().filter(|&&dividend| dividend > 0.0).count(), dividends))
        }
        _ => None,
    };
    let rows = days.len();
    let before = held.as_ref().map_or(0, |held| held.columns.days().len());
    let (id, findings) = (id.clone(), Vec::new());
    Ok(Ok((series, Taken { id, outcome, rows, before, first, last, dividends: paid, unpaid, findings })))
}

/// Who a series comes from after an import: still its source, when rows were only added to it.
fn origin(id: &SeriesId, held: Option<&Series>, replace: bool, dividends: Dividends, now: DateTime<Utc>) -> Origin {
    let is_dollar = id.kind == Kind::Bars && is_us(&id.name);
    let (owner, currency) = match held.filter(|_| !replace) {
        Some(held) => (held.origin.owner.clone(), held.origin.currency.clone()),
        None => (IMPORTED.into(), if is_dollar { "USD".into() } else { String::new() }),
    };
    let borrowed = held.filter(|_| !replace).and_then(|held| held.origin.borrowed.clone());
    Origin { owner, currency, fetched_at: now.to_rfc3339_opts(SecondsFormat::Secs, true), dividends, borrowed }
}

fn outcome(held: Option<&Series>, now: &Series, replace: bool) -> Outcome {
    let Some(held) = held else { return Outcome::New };
    let added = now.columns.days().len().saturating_sub(held.columns.days().len());
    let same = held.hash == now.hash && held.origin.owner == now.origin.owner;
    match (same && held.origin.dividends == now.origin.dividends, replace, added) {
        (true, _, _) => Outcome::Unchanged,
        (false, true, _) => Outcome::Replaced,
        (false, false, 0) => Outcome::Revised,
        (false, false, added) => Outcome::Extended(added),
    }
}
