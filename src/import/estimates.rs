//! Estimates of single stocks: `symbol,price,eps_forward`, for the members of one universe on one day.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use csv::StringRecord;

use super::cells::{date, number, shown};
use super::table::Table;
use super::{Clock, Contents, FileKind, Tally, note_unused};
use crate::bars::SeriesId;
use crate::day::Day;
use crate::universe::{self, Estimate};

pub(super) const KIND: FileKind = FileKind {
    id: "estimates",
    header: "symbol, price, eps_forward; date",
    recognises: |table| table.has(&NAMES[..3]),
    parse,
};

const NAMES: [&str; 4] = ["symbol", "price", "eps_forward", "date"];

/// Estimates for the members of a universe.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// The universe.
    pub universe: String,
    /// The day of the prices.
    pub day: Day,
    /// By symbol.
    pub stocks: BTreeMap<String, Estimate>,
}

fn parse(table: &Table, stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    let mut parts = stem.split('_');
    let universe = universe::named(parts.next().unwrap_or_default())
        .context("the file is to be named for its universe, such as `IWM_2026-05-05.csv`")?;
    let named = parts.find_map(|part| part.parse::<Day>().ok());
    note_unused(table, &NAMES, tally);
    let undated = "say the day of its prices: in a column `date`, or in the file's name (`IWM_2026-05-05.csv`)";
    ensure!(named.is_some() || table.column(&["date"]).is_some(), "{undated}");
    let mut given: BTreeMap<(Day, String), Vec<(u64, Estimate)>> = BTreeMap::new();
    for (line, row) in &table.rows {
        match read(table, row, named, clock) {
            Ok((day, symbol, estimate)) => given.entry((day, symbol)).or_default().push((*line, estimate)),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    let mut days: BTreeMap<Day, BTreeMap<String, Estimate>> = BTreeMap::new();
    for ((day, symbol), rows) in given {
        if rows.iter().all(|(_, estimate)| *estimate == rows[0].1) {
            tally.repeated += rows.len() - 1;
            days.entry(day).or_default().insert(symbol, rows[0].1);
        } else {
            let why = format!("{symbol} is given {} times, with different figures", rows.len());
            tally.rejected.extend(rows.iter().map(|(line, _)| (*line, why.clone())));
        }
    }
    let of = |(day, stocks)| Estimates { universe: universe.clone(), day, stocks };
    Ok(Contents { estimates: days.into_iter().map(of).collect(), ..Contents::default() })
}

fn read(
    table: &Table,
    row: &StringRecord,
    named: Option<Day>,
    clock: &Clock,
) -> Result<(Day, String, Estimate), String> {
    let cell = |name: &str| table.column(&[name]).map_or("", |at| &row[at]);
    let day = match (cell("date"), named) {
        ("", Some(day)) => day,
        (text, _) => date(text)?,
    };
    if day > clock.today {
        return Err(format!("{day} is in the future"));
    }
    let symbol = universe::spelled(cell("symbol"));
    SeriesId::bars(&symbol).check().map_err(|_| format!("symbol {} is none", shown(cell("symbol"))))?;
    let price = number(cell("price"), table.decimal).map_err(|reason| format!("price {reason}"))?;
    if price <= 0.0 {
        return Err(format!("price {price} is not above zero"));
    }
    let earnings = number(cell("eps_forward"), table.decimal).map_err(|reason| format!("eps_forward {reason}"))?;
    Ok((day, symbol, Estimate { price, earnings }))
}
