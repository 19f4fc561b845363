//! Members of an index: a fund's holdings as iShares' site serves them, or `date,symbol` for one day
//! after another, perhaps with name, sector and weight.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use csv::StringRecord;

use super::cells::{date, is_nothing, number, shown};
use super::table::Table;
use super::{Clock, Contents, FileKind, Parsed, Tally, note_unused};
use crate::bars::{IMPORTED, SeriesId};
use crate::day::Day;
use crate::universe::{self, Holdings, Member, Snapshot, UNIVERSES};

pub(super) const KIND: FileKind = FileKind {
    id: "holdings",
    header: "Ticker, Name, Sector, Asset Class as iShares writes them; or date, symbol; name, sector, weight",
    recognises: |table| table.has(&["date", "symbol"]) && NOT.iter().all(|name| table.column(&[name]).is_none()),
    parse,
};

/// Columns of files that give figures of a symbol by day.
const NOT: [&str; 4] = ["close", "value", "amount", "price"];

/// Reads a holdings file. The fund's own name says which universe it is, else the file's.
pub(super) fn holdings(bytes: &[u8], stem: &str, clock: &Clock) -> Result<Parsed> {
    let Holdings { fund, day, members, equities, without_ticker, without_market, is_whole } =
        universe::holdings(bytes)?;
    ensure!(is_whole, "it breaks off: a whole file has a blank line after its table; download it again");
    ensure!(day <= clock.today, "it is for {day}, which is in the future");
    let known = UNIVERSES.iter().find(|known| known.fund == fund).map(|known| known.name);
    let mut remarks = vec![format!("{equities} equities, of which {} are members", members.len())];
    remarks.extend((without_ticker > 0).then(|| format!("{without_ticker} without a ticker")));
    remarks.extend(
        (!without_market.is_empty()).then(|| format!("no market quotes {}", without_market.join(", ").escape_debug())),
    );
    let name = known.map_or_else(|| named(stem), |name| Ok(name.to_owned()))?;
    let snapshot = Snapshot { day, source: IMPORTED.into(), fetched_at: String::new(), members };
    let contents = Contents { snapshots: vec![(name, snapshot)], ..Contents::default() };
    Ok(Parsed { kind: KIND.id, contents, tally: Tally { remarks, ..Tally::default() } })
}

/// The universe of a file: its name, up to `_holdings` where that is part of it.
fn named(stem: &str) -> Result<String> {
    let end = stem.to_ascii_lowercase().find("_holdings").unwrap_or(stem.len());
    universe::named(&stem[..end]).context("the file is to be named for its universe, such as `IWM.csv`")
}

fn parse(table: &Table, stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    let name = named(stem)?;
    note_unused(table, &["date", "symbol", "name", "sector", "weight"], tally);
    let mut days: BTreeMap<Day, Vec<Member>> = BTreeMap::new();
    for (line, row) in &table.rows {
        match read(table, row, clock) {
            Ok((day, member)) => days.entry(day).or_default().push(member),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    let snapshot = |(day, members)| {
        let members = universe::distinct(members)?;
        Ok((name.clone(), Snapshot { day, source: IMPORTED.into(), fetched_at: String::new(), members }))
    };
    Ok(Contents { snapshots: days.into_iter().map(snapshot).collect::<Result<_>>()?, ..Contents::default() })
}

fn read(table: &Table, row: &StringRecord, clock: &Clock) -> Result<(Day, Member), String> {
    let cell = |name: &str| table.column(&[name]).map_or("", |at| &row[at]);
    let day = date(cell("date"))?;
    if day > clock.today {
        return Err(format!("{day} is in the future"));
    }
    let symbol = universe::spelled(cell("symbol"));
    SeriesId::bars(&symbol).check().map_err(|_| format!("symbol {} is none", shown(cell("symbol"))))?;
    let weight = match cell("weight") {
        text if is_nothing(text) => f64::NAN,
        text => number(text, table.decimal).map_err(|reason| format!("weight {reason}"))?,
    };
    if weight < 0.0 {
        return Err(format!("weight {weight} is below zero"));
    }
    Ok((day, Member { symbol, name: cell("name").into(), sector: cell("sector").into(), weight }))
}
