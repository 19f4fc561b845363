//! The universe a run is about: who its members are, and their breadth.

mod bars;
mod count;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use bars::standing_still;
pub(super) use bars::{Folder, made, of_folder, of_store};
pub(super) use count::{Counted, count};
use count::{Load, Space};

use super::{Context, import};
use crate::bars::{SYNTHETIC, Warning};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::demo::Members;
use crate::import::{Clock, parse};
use crate::inputs::UNIVERSE;
use crate::report;
use crate::series::{Constituents, Market, UniverseOrigin};
use crate::store::Store;
use crate::universe::{self, Membership, Snapshot, UNIVERSES, doubt};

/// Who the members are, and who says so.
#[derive(Debug)]
pub(super) struct Universe {
    pub(super) membership: Membership,
    pub(super) origin: UniverseOrigin,
    /// What is to be said of the lists.
    pub(super) warnings: Vec<Warning>,
}

/// The members that a file lists: a holdings file, lists by day (`date,symbol`), or symbols.
///
/// # Errors
/// When it cannot be read as any of these.
pub(super) fn of_file(path: &Path, context: &Context) -> Result<Universe> {
    let read = || -> Result<Universe> {
        let mut bytes = Vec::new();
        import::read_bytes(path, &mut bytes)?;
        let dated = universe::is_holdings(&bytes) || names_days(&bytes);
        let origin = UniverseOrigin { source: "file".into(), fetched_at: String::new() };
        if !dated {
            let membership = Membership::undated(universe::symbols(&bytes)?);
            return Ok(Universe { membership, origin, warnings: Vec::new() });
        }
        // a list is named here by whoever gives it, not by its file
        let parsed = parse("UNIVERSE.csv", &bytes, Some("holdings"), &Clock::new(&context.calendar, context.now))?;
        let warnings = rejected(path, &parsed.tally.rejected).into_iter().collect();
        let lists = parsed.contents.snapshots.into_iter().map(|(_, snapshot)| (snapshot.day, snapshot.members));
        let membership = Membership::dated(lists.collect::<BTreeMap<_, _>>());
        // one day's holdings stand for the days before it too, as symbols do
        let membership = if universe::is_holdings(&bytes) { membership.reaching_back() } else { membership };
        Ok(Universe { membership, origin, warnings })
    };
    read().with_context(|| format!("cannot take the members from `{}`", import::shown(path)))
}

/// Rejected rows that are shown; the others are counted.
const ROWS: usize = 3;

/// What is said of the rows of a file that are not taken.
fn rejected(path: &Path, rows: &[(u64, String)]) -> Option<Warning> {
    let shown: Vec<String> = rows.iter().take(ROWS).map(|(line, why)| format!("line {line}: {why}")).collect();
    let more = if rows.len() > ROWS { "; …" } else { "" };
    let are = if rows.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{} of `{}` {are} not taken: {}{more}",
        report::count(rows.len(), "row"),
        import::shown(path),
        shown.join("; ")
    );
    (!rows.is_empty()).then(|| Warning::general("row_rejected", message))
}

/// Whether the header of a file has a column of days and one of symbols.
fn names_days(bytes: &[u8]) -> bool {
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let header = String::from_utf8_lossy(first).to_lowercase();
    let mut names = header.split([',', ';', '\t']).map(|name| name.trim_matches(['\u{feff}', '"', ' ', '\r']));
    names.clone().any(|name| name == "date") && names.any(|name| name == "symbol")
}

/// Lists that are in memory at once.
const AT_ONCE: usize = 16;

/// The members that the store lists, day by day; before the first list it stands in. None where there is
/// no list.
pub(super) fn of_lists(store: &Store) -> Result<Option<Universe>> {
    let held = store.universes()?;
    let known = UNIVERSES.iter().find(|known| held.iter().any(|name| name == known.name));
    let Some(name) = known.map(|known| known.name).or(held.first().map(String::as_str)) else { return Ok(None) };
    let (mut newest, mut warnings, mut origin) = (None, store.lost_lists(name)?, UniverseOrigin::default());
    let days = store.snapshot_days(name)?;
    let read = |days: &[Day]| days.par_iter().map(|day| store.symbols(name, *day)).collect::<Vec<_>>();
    let lists = days.chunks(AT_ONCE).flat_map(read).filter_map(|read| match read {
        Ok(Snapshot { day, source, fetched_at, members }) => {
            origin = UniverseOrigin { source, fetched_at };
            newest = Some((day, members.len()));
            Some((day, members))
        }
        Err(warning) => {
            warnings.push(warning);
            None
        }
    });
    let membership = Membership::dated(lists).reaching_back();
    let (day, members) = newest.with_context(|| {
        let why: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
        format!("no list of the members of `{name}` can be read: {}", why.join("; "))
    })?;
    warnings.extend(doubt(name, members).map(|doubt| {
        let message = format!("`universe/{name}/{day}`: {doubt}");
        Warning::about(universe::MEMBERS_IMPLAUSIBLE, name, message)
    }));
    Ok(Some(Universe { membership, origin, warnings }))
}

/// Counts the universe that is set up into the market: the configured list, else the one in the store. Says
/// what is to be known of it; a market without a universe stays as it is.
pub(super) fn set_up(market: &mut Market, store: &Store, context: &Context) -> Vec<Warning> {
    let listed = match &context.settings.universe {
        Some(path) => of_file(path, context).map(Some),
        None => of_lists(store),
    };
    let Universe { membership, origin, mut warnings } = match listed {
        Ok(Some(universe)) => universe,
        Ok(None) => return Vec::new(),
        Err(error) => {
            market.admit_universe(None, UniverseOrigin::default());
            return vec![Warning::about("file_unusable", UNIVERSE, format!("{error:#}"))];
        }
    };
    let counted = admit(market, &membership, origin, of_store(store, &context.calendar));
    warnings.extend(counted.warnings(membership.members.len()));
    warnings
}

/// Counts the synthetic universe into a synthetic market.
pub(super) fn made_up(market: &mut Market, calendar: &Calendar) {
    let members = Members::new(calendar, market.reference());
    let origin = UniverseOrigin { source: SYNTHETIC.into(), fetched_at: String::new() };
    admit(market, &members.membership(), origin, made(&members));
}

/// Counts the members on the market's sessions and the one to come. Says of whom.
fn admit(
    market: &mut Market,
    membership: &Membership,
    origin: UniverseOrigin,
    load: impl Fn(&str, &mut Space) -> Load + Sync,
) -> Counted {
    let load = standing_still(load, market.reference(), market.next_session());
    let sessions = market.counted_sessions();
    let mut counted = count(membership, &sessions, load);
    let breadth = std::mem::take(&mut counted.breadth);
    let any = counted.lacking.len() + counted.withheld.len() + counted.unusable.len() < membership.members.len();
    let constituents =
        Constituents { breadth, listed: membership.listed(&sessions), dated_from: membership.dated_from };
    market.admit_universe(Some(constituents).filter(|_| any), origin);
    counted
}
