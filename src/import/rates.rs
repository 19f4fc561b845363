//! Rates: `date,value` (the file's name is the series), or FRED's `observation_date,DGS10`.

use anyhow::Result;

use super::cells::{date, is_nothing, number};
use super::table::Table;
use super::{Clock, Content, Contents, FileKind, Tally, distinct};
use crate::bars::{Points, SeriesId};
use crate::inputs::known_from;

pub(super) const KIND: FileKind = FileKind {
    id: "rates",
    header: "date, value; or observation_date and FRED's ids",
    recognises: |table| columns(table).is_some(),
    parse,
};

/// Names of columns of other kinds of files, which are never the id of a series.
const NO_IDS: &[&str] = &["open", "high", "low", "close", "volume", "adj_close", "amount", "dividends"];

/// The columns of values; a name where the header gives one. The first column is the date.
fn columns(table: &Table) -> Option<Vec<(usize, Option<&str>)>> {
    let rest = 1..table.names.len();
    if ["date", "observation_date"].contains(&table.names[0].as_str()) && table.names[1..] == ["value"] {
        return Some(vec![(1, None)]);
    }
    let is_id = |&i: &usize| {
        let id = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        !table.header[i].is_empty() && table.header[i].bytes().all(id) && !NO_IDS.contains(&table.names[i].as_str())
    };
    let is_dated = table.names[0] == "observation_date" || table.header[0] == "DATE";
    (is_dated && !rest.is_empty() && rest.clone().all(|i| is_id(&i)))
        .then(|| rest.map(|i| (i, Some(table.header[i].as_str()))).collect())
}

fn parse(table: &Table, stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    let mut all = Vec::new();
    for (at, name) in columns(table).unwrap_or_default() {
        let id = SeriesId::rates(&name.unwrap_or(stem).to_uppercase());
        id.check()?;
        let mut rows = Vec::with_capacity(table.rows.len());
        for (line, row) in &table.rows {
            let day = match date(&row[0]) {
                Ok(day) if day > clock.today => Err(format!("{day} is in the future")),
                day => day,
            };
            match day {
                Ok(_) if is_nothing(&row[at]) => tally.empty += 1,
                Ok(day) => match number(&row[at], table.decimal) {
                    Ok(value) => rows.push((day, *line, value)),
                    Err(reason) => tally.rejected.push((*line, format!("value {reason}"))),
                },
                Err(reason) => tally.rejected.push((*line, reason)),
            }
        }
        let mut points = Points::default();
        for (day, value) in distinct(rows, tally) {
            points.push(day, known_from(&id.name, day, clock.calendar), value);
        }
        if !points.is_empty() {
            all.push((id, Content::Points(points)));
        }
    }
    Ok(all.into())
}
