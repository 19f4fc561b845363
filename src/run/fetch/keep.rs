//! What a source served, laid onto what is held and stored.

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};

use super::Became;
use super::plan::Planned;
use crate::bars::{Borrowed, Columns, IMPORTED, Kind, Origin, Series};
use crate::fetch::{self, Answer, Lay};
use crate::store::{Merge, NewerFile, Terms, Writer, merge};

/// Stores what a source served.
pub(super) fn keep(writer: &mut Writer, planned: &Planned, answer: &Answer, now: DateTime<Utc>) -> Result<Became> {
    let held = planned.held.as_ref();
    let fetched_at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    // a reading comes alone: there is nothing for it to overlap with
    let terms = if planned.wanted.id.kind == Kind::Valuation { Terms::Extend } else { Terms::Append };
    let (columns, origin) = match held {
        Some(held) if held.origin.owner == IMPORTED => match merge(&held.columns, &answer.columns, terms) {
            Merge::Unchanged => return Ok(Became::Unchanged),
            Merge::Extended { columns, .. } => {
                let dividends = held.origin.dividends.max(answer.dividends);
                (columns, Origin { fetched_at, dividends, ..held.origin.clone() })
            }
            Merge::Conflict(conflict) => return Ok(Became::Foreign(conflict.to_string())),
        },
        Some(held) if answer.lay == Lay::After => {
            let columns = fetch::laid(held, answer);
            let Some(origin) = borrowing(held, &columns, answer, fetched_at) else { return Ok(Became::Unchanged) };
            (columns, origin)
        }
        _ => {
            let columns = held.map_or_else(|| answer.columns.clone(), |held| fetch::laid(held, answer));
            let (owner, currency) = (answer.source.to_owned(), answer.currency.clone());
            (columns, Origin { owner, currency, fetched_at, dividends: answer.dividends, borrowed: None })
        }
    };
    let rows = columns.days().len();
    let before = held.map_or(0, |held| held.columns.days().len());
    let series = Series { origin, hash: columns.hash(), columns };
    match writer.put(&planned.wanted.id, &series) {
        Ok(false) => Ok(Became::Unchanged),
        Ok(true) if held.is_some() && answer.lay != Lay::Whole => {
            Ok(Became::Extended { added: rows.saturating_sub(before) })
        }
        Ok(true) => Ok(Became::Whole { rows, anew: held.is_some() }),
        Err(error) if error.is::<NewerFile>() => Ok(Became::Untouched(error.to_string())),
        Err(error) => Err(error),
    }
}

/// The origin of a held series that another vendor's rows continue; `None` where it has none to add.
fn borrowing(held: &Series, columns: &Columns, answer: &Answer, fetched_at: String) -> Option<Origin> {
    let own = fetch::own_last(held)?;
    let from = columns.days().iter().copied().find(|day| *day > own)?;
    let borrowed = Some(Borrowed { source: answer.source.to_owned(), from });
    let dividends = fetch::own_dividends(held).max(answer.dividends);
    Some(Origin { fetched_at, dividends, borrowed, ..held.origin.clone() })
}
