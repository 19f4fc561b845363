//! What a source served, laid onto what is held and stored.

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};

use super::Became;
use super::plan::Planned;
use crate::bars::{Borrowed, Columns, IMPORTED, Kind, Origin, Series};
use crate::fetch::{self, Answer, Lay};
use crate::store::{LeftFile, Merge, Terms, Writer, merge};

/// Stores what a source served. A series whose file cannot be read is left as it is.
///
/// # Errors
/// When the store cannot be written to.
pub(super) fn keep(writer: &mut Writer, planned: &Planned, answer: &Answer, now: DateTime<Utc>) -> Result<Became> {
    lay(writer, planned, answer, now).or_else(|error| {
        let left = error.downcast::<LeftFile>()?;
        Ok(Became::Untouched { code: left.code(), why: left.to_string() })
    })
}

/// Lays what a source served onto what is held.
fn lay(writer: &mut Writer, planned: &Planned, answer: &Answer, now: DateTime<Utc>) -> Result<Became> {
    let (id, held) = (&planned.wanted.id, planned.held.as_ref());
    // to replace what seemed not to be held by what a source has would lose the rest
    if held.is_none() && writer.held(id)?.is_some() {
        let why = format!(
            "`{id}` is held but could not be read when this run began, and is left as it is: check the disk, then run \
             `rotation fetch` again"
        );
        return Ok(Became::Untouched { code: "file_unreadable", why });
    }
    let fetched_at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    // a reading comes alone: there is nothing for it to overlap with
    let terms = if id.kind == Kind::Valuation { Terms::Extend } else { Terms::Append };
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
    Ok(match writer.put(id, &series)? {
        false => Became::Unchanged,
        true if held.is_some() && answer.lay != Lay::Whole => Became::Extended { added: rows.saturating_sub(before) },
        true => Became::Whole { rows, anew: held.is_some() },
    })
}

/// The origin of a held series that another vendor's rows continue; `None` where it has none to add.
fn borrowing(held: &Series, columns: &Columns, answer: &Answer, fetched_at: String) -> Option<Origin> {
    let own = fetch::own_last(held)?;
    let from = columns.days().iter().copied().find(|day| *day > own)?;
    let borrowed = Some(Borrowed { source: answer.source.to_owned(), from });
    let dividends = fetch::own_dividends(held).max(answer.dividends);
    Some(Origin { fetched_at, dividends, borrowed, ..held.origin.clone() })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::bars::{Dividends, Points, SeriesId};
    use crate::day::Day;
    use crate::fetch::Wanted;
    use crate::quality::Nature;
    use crate::store::Store;

    fn readings(count: i32) -> Columns {
        let day: Vec<Day> = (20_000..20_000 + count).map(Day::from_number).collect();
        let value = day.iter().map(|day| f64::from(day.number()) / 1_000.0).collect();
        Columns::Points(Points { known_from: day.clone(), day, value, beside: Vec::new() })
    }

    #[test]
    fn what_seemed_not_to_be_held_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::at(folder.path().to_path_buf()).expect("a store");
        let id = SeriesId::new(Kind::Valuation, "sp-500.fy1.ssga");
        let mut writer = store.lock(Duration::ZERO).expect("the lock");
        let held = || Series { origin: Origin::default(), hash: readings(9).hash(), columns: readings(9) };
        writer.put(&id, &held()).expect("stored");
        let wanted = Wanted { id: id.clone(), held: None, nature: Nature::Market, whole: false };
        let planned = Planned { input: "pe-large".into(), named: false, held: None, wanted };
        let answer = Answer {
            source: "ssga",
            columns: readings(1),
            lay: Lay::Whole,
            dividends: Dividends::default(),
            currency: String::new(),
            findings: Vec::new(),
            date: None,
        };
        let became = keep(&mut writer, &planned, &answer, DateTime::UNIX_EPOCH).expect("the run goes on");
        assert!(matches!(became, Became::Untouched { code: "file_unreadable", .. }), "{became:?}");
        assert_eq!(writer.held(&id).expect("read").map(|series| series.columns), Some(readings(9)));
    }
}
