//! Dividends: `ex_date,amount[,origin]`, or Yahoo's `Date,Dividends`. The file's name is the symbol.

use anyhow::Result;
use csv::StringRecord;

use super::bars::symbol;
use super::cells::{date, number};
use super::table::Table;
use super::{Clock, Content, Contents, FileKind, Tally, distinct, note_unused};
use crate::bars::{Dividends, SeriesId};
use crate::day::Day;

pub(super) const KIND: FileKind = FileKind {
    id: "dividends",
    header: "ex_date, amount; origin",
    recognises: |table| columns(table).is_some() && table.column(&["close"]).is_none(),
    parse,
};

/// One dividend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payment {
    /// Cash paid for one share, as split-adjusted as the bars are.
    pub amount: f64,
    /// Whether it was reported, or implied by whoever made the file.
    pub known: Dividends,
}

/// Where ex-date and amount stand.
fn columns(table: &Table) -> Option<(usize, usize)> {
    let named = table.column(&["ex_date"]).zip(table.column(&["amount", "dividend", "dividends"]));
    named.or_else(|| table.column(&["date"]).zip(table.column(&["dividend", "dividends"])))
}

fn parse(table: &Table, stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    let id = SeriesId::bars(&symbol(stem));
    id.check()?;
    note_unused(table, &["ex_date", "date", "amount", "dividend", "dividends", "origin"], tally);
    let Some((day, amount)) = columns(table) else { return Ok(Contents::default()) };
    let origin = table.column(&["origin"]);
    let read = |row: &StringRecord| -> Result<(Day, Payment), String> {
        let day = date(&row[day])?;
        if day > clock.today {
            return Err(format!("{day} is in the future"));
        }
        let amount = number(&row[amount], table.decimal).map_err(|reason| format!("amount {reason}"))?;
        if amount <= 0.0 {
            return Err(format!("amount {amount} is not above zero"));
        }
        let implied = origin.is_some_and(|at| row[at].to_lowercase().starts_with("implied"));
        Ok((day, Payment { amount, known: if implied { Dividends::Implied } else { Dividends::Reported } }))
    };
    let mut rows = Vec::with_capacity(table.rows.len());
    for (line, row) in &table.rows {
        match read(row) {
            Ok((day, payment)) => rows.push((day, *line, payment)),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    let rows = distinct(rows, tally);
    let all = if rows.is_empty() { Vec::new() } else { vec![(id, Content::Payments(rows.into_iter().collect()))] };
    Ok(all.into())
}
