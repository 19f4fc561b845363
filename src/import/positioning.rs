//! Positioning: the CFTC's Traders in Financial Futures, futures only, as its yearly files and its
//! data portal spell them. Of all contracts the Russell 2000 e-mini alone is taken.

use anyhow::Result;
use csv::StringRecord;

use super::cells::{date, number, shown};
use super::table::Table;
use super::{Clock, Content, Contents, FileKind, Tally, distinct};
use crate::bars::{Kind, POSITIONS, Points, SeriesId};
use crate::day::Day;
use crate::inputs::{RUSSELL_FUTURES, known_from};

const CODE: &[&str] = &["cftc_contract_market_code"];
const DATE: &[&str] = &["report_date_as_yyyy-mm-dd", "report_date_as_yyyy_mm_dd"];
/// Whether options are counted in.
const SCOPE: &[&str] = &["futonly_or_combined"];

/// The columns of the figures, each in its spellings, in the order of [`POSITIONS`].
const FIGURES: [&[&str]; POSITIONS.len()] = [
    &["open_interest_all"],
    &["asset_mgr_positions_long_all", "asset_mgr_positions_long"],
    &["asset_mgr_positions_short_all", "asset_mgr_positions_short"],
    &["lev_money_positions_long_all", "lev_money_positions_long"],
    &["lev_money_positions_short_all", "lev_money_positions_short"],
];

/// The columns as the data portal spells them: contract, date, scope, then the figures in the order of [`POSITIONS`].
pub const HEADER: [&str; 3 + POSITIONS.len()] =
    [CODE[0], DATE[1], SCOPE[0], FIGURES[0][0], FIGURES[1][1], FIGURES[2][1], FIGURES[3][1], FIGURES[4][1]];

/// The scope of a report that counts futures alone.
pub const FUTURES_ONLY: &str = "FutOnly";

pub(super) const KIND: FileKind = FileKind {
    id: "positioning",
    header: "the CFTC's Traders in Financial Futures",
    recognises: |table| Layout::of(table).is_some(),
    parse,
};

/// Where the columns stand.
struct Layout {
    code: usize,
    date: usize,
    scope: usize,
    figures: [usize; POSITIONS.len()],
}

impl Layout {
    fn of(table: &Table) -> Option<Self> {
        let mut figures = [0; POSITIONS.len()];
        for (at, names) in figures.iter_mut().zip(FIGURES) {
            *at = table.column(names)?;
        }
        Some(Self { code: table.column(CODE)?, date: table.column(DATE)?, scope: table.column(SCOPE)?, figures })
    }
}

#[expect(clippy::unnecessary_wraps, reason = "one signature for every kind")]
fn parse(table: &Table, _stem: &str, clock: &Clock, tally: &mut Tally) -> Result<Contents> {
    let Some(layout) = Layout::of(table) else { return Ok(Contents::default()) };
    let mut rows = Vec::new();
    for (line, row) in &table.rows {
        if let Some(reason) = other(&layout, row) {
            tally.rejected.push((*line, reason));
            tally.others += 1;
            continue;
        }
        match read(table, &layout, row, clock) {
            Ok((day, figures)) => rows.push((day, *line, figures)),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    let mut points = Points::default();
    for (day, figures) in distinct(rows, tally) {
        points.push_report(day, known_from(RUSSELL_FUTURES, day, clock.calendar), figures);
    }
    let id = SeriesId::new(Kind::Positioning, RUSSELL_FUTURES);
    let all = if points.is_empty() { Vec::new() } else { vec![(id, Content::Points(points))] };
    Ok(all.into())
}

/// Why a row is of something else than the futures looked for.
fn other(layout: &Layout, row: &StringRecord) -> Option<String> {
    let (code, scope) = (&row[layout.code], &row[layout.scope]);
    if code != RUSSELL_FUTURES {
        return Some(format!("contract {} is not {RUSSELL_FUTURES}, the Russell 2000 e-mini", shown(code)));
    }
    (!scope.eq_ignore_ascii_case(FUTURES_ONLY)).then(|| format!("{} counts more than futures", shown(scope)))
}

fn read(
    table: &Table,
    layout: &Layout,
    row: &StringRecord,
    clock: &Clock,
) -> Result<(Day, [f64; POSITIONS.len()]), String> {
    // the portal gives a midnight with thousandths
    let day = date(row[layout.date].trim_end_matches(".000"))?;
    if day > clock.today {
        return Err(format!("{day} is in the future"));
    }
    let mut figures = [0.0; POSITIONS.len()];
    for ((figure, at), name) in figures.iter_mut().zip(layout.figures).zip(POSITIONS) {
        *figure = number(&row[at], table.decimal).map_err(|reason| format!("{name} {reason}"))?;
    }
    let [open, sides @ ..] = figures;
    if open <= 0.0 || sides.iter().any(|side| !(0.0..=open).contains(side)) {
        return Err(format!("{} held of {open} contracts in all cannot be", shown(&format!("{sides:?}"))));
    }
    Ok((day, figures))
}
