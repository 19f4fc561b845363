//! A seeded synthetic market, made at run time.
//!
//! It is generated forward from 2000-01-03 by a script of repeating cycles (large caps lead, the
//! policy rate peaks, small caps set up, turn, lead broadly and fade) with noise on top, and cut at
//! the day asked for: a later day changes nothing before it. It resembles no real history.

mod members;
mod noise;
mod prices;
mod rates;
mod script;
#[cfg(test)]
mod tests;

pub use members::Members;

use crate::bars::{Columns, Kind, Origin, SYNTHETIC, Series, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::day::Day;

/// The first session: 2000-01-03.
const START: Day = Day::from_number(10_959);

/// Every default input, on the sessions of `calendar` from 2000-01-03 to the last one on or before
/// `last`. The same calendar and day give the same series; without a session there is none.
pub fn market(calendar: &Calendar, last: Day) -> Shelf {
    let sessions = calendar.between(START, last);
    let Some(&last) = sessions.last() else { return Shelf::new() };
    let script = script::Script::write(sessions.len());
    let bars = prices::make(calendar, sessions, &script)
        .into_iter()
        .map(|(symbol, bars)| (SeriesId::bars(symbol), Columns::Bars(bars)));
    let points = rates::make(calendar, sessions, &script)
        .into_iter()
        .filter(|(_, points)| !points.is_empty())
        .map(|(id, points)| (id, Columns::Points(points)));
    bars.chain(points).map(|(id, columns)| shelved(id, columns, last)).collect()
}

/// A series with its origin: served on the evening of the last session.
fn shelved(id: SeriesId, columns: Columns, last: Day) -> (SeriesId, Series) {
    let currency = if id.kind == Kind::Bars { "USD" } else { "" };
    let origin = Origin {
        owner: SYNTHETIC.into(),
        currency: currency.into(),
        fetched_at: format!("{last}T22:00:00Z"),
        ..Origin::default()
    };
    let hash = columns.hash();
    (id, Series { origin, columns, hash })
}
