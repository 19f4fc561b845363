//! Forward P/Es: `date,index,basis,value,source`; with `loss_share,coverage` where the source is
//! `bottom-up`, which means worked out here from the members. Each index, basis and source is a series of its
//! own: figures of different makers are never mixed.

use std::collections::BTreeMap;

use anyhow::Result;
use csv::StringRecord;

use super::cells::{date, number, shown};
use super::table::Table;
use super::{Clock, Content, Contents, FileKind, Tally, distinct, note_unused};
use crate::bars::{Kind, Points, SeriesId, WORKED_OUT};
use crate::day::Day;
use crate::inputs::INDICES;
use crate::quality::PLAUSIBLE_PE;

const NAMES: [&str; 7] = ["date", "index", "basis", "value", "source", WORKED_OUT[1], WORKED_OUT[2]];

pub(super) const KIND: FileKind = FileKind {
    id: "valuation",
    header: "date, index, basis, value, source",
    recognises: |table| table.has(&NAMES[..5]),
    parse,
};

/// How losses are treated: left out, counted, or whatever the next fiscal year's estimates say.
const BASES: [&str; 3] = ["ex-negative", "all-in", "fy1"];

#[expect(clippy::unnecessary_wraps, reason = "one signature for every kind")]
fn parse(table: &Table, _stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    note_unused(table, &NAMES, tally);
    let mut series: BTreeMap<SeriesId, Vec<(Day, u64, Figures)>> = BTreeMap::new();
    for (line, row) in &table.rows {
        match read(table, row, clock) {
            Ok((id, day, value)) => series.entry(id).or_default().push((day, *line, value)),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    let mut all = Vec::new();
    for (id, rows) in series {
        let mut points = Points::default();
        for (day, figures) in distinct(rows, tally) {
            match figures {
                Figures::Published(value) => points.push(day, day.plus(1), value),
                Figures::WorkedOut(figures) => points.push_worked_out(day, day.plus(1), figures),
            }
        }
        if !points.is_empty() {
            all.push((id, Content::Points(points)));
        }
    }
    Ok(all.into())
}

fn read(table: &Table, row: &StringRecord, clock: &Clock) -> Result<(SeriesId, Day, Figures), String> {
    let cell = |name: &str| table.column(&[name]).map_or("", |at| &row[at]);
    let day = date(cell("date"))?;
    if day > clock.today {
        return Err(format!("{day} is in the future"));
    }
    let given = cell("index");
    let lower = given.to_lowercase();
    let index = INDICES.iter().find(|(id, spellings)| *id == lower || spellings.contains(&lower.as_str()));
    let Some((index, _)) = index else {
        let known: Vec<&str> = INDICES.iter().map(|(id, _)| *id).collect();
        return Err(format!("index {} is none of {}", shown(given), known.join(", ")));
    };
    let basis = cell("basis").to_lowercase();
    if !BASES.contains(&basis.as_str()) {
        return Err(format!("basis {} is none of {}", shown(cell("basis")), BASES.join(", ")));
    }
    let value = number(cell("value"), table.decimal).map_err(|reason| format!("value {reason}"))?;
    if !PLAUSIBLE_PE.contains(&value) {
        let (least, most) = (PLAUSIBLE_PE.start(), PLAUSIBLE_PE.end());
        return Err(format!("value {value} is not a P/E of an index ({least} to {most})"));
    }
    let source = slug(cell("source"));
    let id = SeriesId::new(Kind::Valuation, format!("{index}.{basis}.{source}"));
    if source.is_empty() || id.check().is_err() {
        return Err(format!("source {} is not a name of up to 38 letters", shown(cell("source"))));
    }
    if !id.is_worked_out() {
        return Ok((id, day, Figures::Published(value)));
    }
    let share = |name: &str| {
        let share = number(cell(name), table.decimal).map_err(|reason| format!("{name} {reason}"))?;
        if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("{name} {share} is not a share, 0 to 1")) }
    };
    Ok((id, day, Figures::WorkedOut([value, share(WORKED_OUT[1])?, share(WORKED_OUT[2])?])))
}

/// What a row says.
#[derive(PartialEq)]
enum Figures {
    Published(f64),
    WorkedOut([f64; WORKED_OUT.len()]),
}

/// A source's name in lower case, a dash for whatever is neither letter nor digit.
fn slug(source: &str) -> String {
    let lower = source.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
