//! One source asked for one series.

use chrono::{DateTime, Utc};

use super::fault::{Fault, FetchError};
use super::source::SourceRow;
use super::{Answer, Ask, Client, Held, Lay, Parsed, UNPROVEN_DAYS, Wanted, expected, newest};
use crate::bars::{Columns, Dividends, IMPORTED};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::inputs;

/// Asks one source for one series: the tail where it continues what is held, else the whole; one whose
/// past is restated always whole. Of a series the user imported never more than the tail.
///
/// A page's value is added to what is held. The tail of another vendor is taken where its closes agree with those the
/// owner served; its rows are borrowed, until the owner serves them. What a source of prices alone served is fetched
/// whole from the first that knows dividends, and never the other way round.
pub(super) fn ask(
    row: &SourceRow,
    client: &Client,
    wanted: &Wanted,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Served {
    let held = wanted.held.as_ref();
    if row.page {
        let (answer, place) = one(row, client, wanted, row.first, calendar, now)?;
        held.map_or(Ok(()), |held| held.reached_by(&answer.columns)).map_err(|fault| fault.at(place))?;
        return Ok(Answer { lay: Lay::Onto, ..answer });
    }
    let imported = |held: &Held| held.owner == IMPORTED;
    let own = held.is_some_and(|held| held.vendor() == row.vendor);
    let whole = wanted.whole || inputs::is_revised(&wanted.id.name);
    let tailed = |held: &&Held| imported(held) || !(whole || held.prices_alone() && !row.prices_alone);
    if let Some(held) = held.filter(tailed) {
        let (answer, place) = one(row, client, wanted, held.overlap_from(), calendar, now)?;
        if imported(held) {
            return Ok(Answer { lay: Lay::After, ..answer });
        }
        held.reached_by(&answer.columns).map_err(|fault| fault.at(&place))?;
        if held.agrees(&answer.columns) {
            let lay = if own { Lay::Onto } else { Lay::After };
            return Ok(Answer { lay, ..answer });
        }
    }
    if let Some(held) = held {
        held.keeps_dividends(row).map_err(|fault| fault.at(client.place("")))?;
    }
    let (answer, place) = one(row, client, wanted, row.first, calendar, now)?;
    if answer.columns.days().is_empty() {
        return Err(Fault::NotFound.at(place));
    }
    let keeps = match held {
        Some(held) => held.survives(&wanted.id, &answer.columns, own).map_err(|fault| fault.at(place))?,
        None => false,
    };
    let lay = if keeps { Lay::Onto } else { Lay::Whole };
    Ok(Answer { lay, ..answer })
}

impl Answer {
    /// This answer with the one about the days after.
    fn then(mut self, next: Self) -> Self {
        self.columns.append(&next.columns);
        self.findings.extend(next.findings);
        Self { date: next.date, ..self }
    }
}

/// What a source served, or why not.
pub(super) type Served = Result<Answer, FetchError>;

/// The values of a series from one source, with the place they came from.
fn one(
    row: &SourceRow,
    client: &Client,
    wanted: &Wanted,
    from: Day,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<(Answer, String), FetchError> {
    let to = newest(&wanted.id, calendar, now);
    let dividends = if row.prices_alone { Dividends::Unknown } else { Dividends::Reported };
    let mut whole: Option<Answer> = None;
    let mut place = client.place("");
    for (from, to) in windows(row, from, to) {
        let ask = Ask { name: &wanted.id.name, from, to, nature: wanted.nature, calendar, now };
        let path = (row.path)(&ask);
        place = client.place(&path);
        let body = client.get(&path)?;
        let parsed = (row.parse)(&body, &ask).map_err(|fault| client.refused(fault).at(&place))?;
        if !body.framed && !row.page {
            let end = expected(&wanted.id, calendar, now).day.min(to);
            proven(&parsed.columns, end).map_err(|fault| fault.at(&place))?;
        }
        let Parsed { columns, currency, findings } = parsed;
        let answer =
            Answer { source: row.name, columns, lay: Lay::Whole, dividends, currency, findings, date: body.date };
        whole = Some(match whole {
            Some(before) => before.then(answer),
            None => answer,
        });
    }
    whole.map(|answer| (answer, place.clone())).ok_or_else(|| Fault::NotFound.at(place))
}

/// The requests that bring the days from `from` to `to`.
fn windows(row: &SourceRow, from: Day, to: Day) -> Vec<(Day, Day)> {
    if !row.yearly {
        return vec![(from, to)];
    }
    let (mut parts, mut start) = (Vec::new(), from);
    while start <= to {
        let next = Day::from_ymd(start.year() + 1, 1, 1).unwrap_or(to.plus(1));
        parts.push((start, to.min(next.plus(-1))));
        start = next;
    }
    parts
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
