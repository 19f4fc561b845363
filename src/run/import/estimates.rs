//! Forward P/Es worked out from estimates of the members, weighted as their list weighs them.

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};

use super::{Outcome, Taken};
use crate::bars::{BOTTOM_UP, Columns, IMPORTED, Kind, Origin, Points, Series, SeriesId};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::import::Estimates;
use crate::inputs::INDICES;
use crate::quality::{self, Nature, PLAUSIBLE_PE};
use crate::store::{LeftFile, Store, Writer};
use crate::universe::{Earnings, Snapshot, earnings};

/// Days that a list of members may be older than the prices.
const LIST_DAYS: i32 = 45;
/// The least part of the weight that must have an estimate.
const LEAST_COVERAGE: f64 = 0.5;

/// What came of estimates: series that are in the store now, those refused, and what is to be said.
#[derive(Default)]
pub(super) struct Worked {
    pub(super) taken: Vec<Taken>,
    pub(super) refused: Vec<(SeriesId, String)>,
    pub(super) remarks: Vec<String>,
}

/// Works out the P/Es of `estimates` and adds them to the store's history; a day worked out before is
/// worked out anew.
pub(super) fn take(
    estimates: Vec<Estimates>,
    store: &Store,
    writer: &mut Writer,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<Worked> {
    let mut worked = Worked::default();
    for one in estimates {
        let lower = one.universe.to_lowercase();
        let index = INDICES.iter().find(|(_, spellings)| spellings.contains(&lower.as_str())).map(|(index, _)| *index);
        let id = |basis: &str| {
            let index = index.unwrap_or(&lower);
            SeriesId::new(Kind::Valuation, format!("{index}.{basis}.{BOTTOM_UP}"))
        };
        let earned = match work_out(&one, index.is_some(), store)? {
            Ok(earned) => earned,
            Err(why) => {
                worked.refused.push((id("all-in"), why));
                continue;
            }
        };
        let percent = |share: f64| 100.0 * share;
        worked.remarks.push(format!(
            "{} on {}: estimates for {:.1} % of the weight; {:.1} % of that at companies that earn nothing or lose money",
            one.universe,
            one.day,
            percent(earned.coverage),
            percent(earned.loss_share),
        ));
        for (basis, value) in [("all-in", earned.all_in), ("ex-negative", earned.ex_negative)] {
            let Some(value) = value.filter(|value| PLAUSIBLE_PE.contains(value)) else {
                worked.remarks.push(format!("{} on {}: {basis} P/E n/m, nothing is stored", one.universe, one.day));
                continue;
            };
            match add(&id(basis), one.day, [value, earned.loss_share, earned.coverage], writer, calendar, now)? {
                Ok(taken) => worked.taken.push(taken),
                Err(why) => worked.refused.push((id(basis), why)),
            }
        }
    }
    Ok(worked)
}

/// What the members earn, or why that cannot be said.
fn work_out(estimates: &Estimates, known: bool, store: &Store) -> Result<Result<Earnings, String>> {
    let Estimates { universe, day, stocks } = estimates;
    if !known {
        return Ok(Err(format!(
            "`{}` stands for no index known here; name the file for one, such as `IWM`",
            universe.escape_debug()
        )));
    }
    let listed = store.snapshot_days(universe)?.into_iter().rfind(|listed| listed <= day);
    let Some(listed) = listed.filter(|listed| day.since(*listed) <= LIST_DAYS) else {
        return Ok(Err(format!(
            "no list of the members of {universe} in the {LIST_DAYS} days to {day} is held; import the fund's holdings first"
        )));
    };
    let Snapshot { members, .. } = match store.snapshot(universe, listed) {
        Ok(snapshot) => snapshot,
        Err(warning) => return Ok(Err(warning.message)),
    };
    Ok(match earnings(&members, stocks) {
        None => Err(format!("none of the members of {universe} of {listed} has both a weight and an estimate")),
        Some(earned) if earned.coverage < LEAST_COVERAGE => Err(format!(
            "the estimates cover {:.0} % of the weight of {universe}, which is too little to stand for it; {:.0} % are needed",
            100.0 * earned.coverage,
            100.0 * LEAST_COVERAGE
        )),
        Some(earned) => Ok(earned),
    })
}

/// Adds a day's P/E with what is to be disclosed of it to a series.
fn add(
    id: &SeriesId,
    day: Day,
    figures: [f64; 3],
    writer: &mut Writer,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<Result<Taken, String>> {
    let held = match writer.held(id) {
        Err(error) if error.is::<LeftFile>() => return Ok(Err(error.to_string())),
        held => held?,
    };
    let mut points = Points::default();
    points.push_worked_out(day, day.plus(1), figures);
    let new = Columns::Points(points);
    let columns = held.as_ref().map_or(new.clone(), |held| held.columns.overlaid(&new));
    let days = columns.days();
    let (rows, first, last) = (days.len(), days[0], days[days.len() - 1]);
    let fetched_at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let origin = Origin { owner: IMPORTED.into(), fetched_at, ..Origin::default() };
    let series = Series { origin, hash: columns.hash(), columns };
    let before = held.as_ref().map_or(0, |held| held.columns.days().len());
    let outcome = match (writer.put(id, &series)?, &held) {
        (false, _) => Outcome::Unchanged,
        (true, None) => Outcome::New,
        (true, Some(_)) if rows > before => Outcome::Extended(rows - before),
        (true, Some(_)) => Outcome::Revised,
    };
    Ok(Ok(Taken {
        id: id.clone(),
        outcome,
        rows,
        before,
        first,
        last,
        dividends: None,
        unpaid: Vec::new(),
        findings: quality::examine(id, &series, Nature::Market, calendar),
    }))
}
