//! `rotation store export`: series as CSV files in the form that `rotation import` reads.
//!
//! ```text
//! bars/IWM.csv        date,open,high,low,close,volume,dividends,stock_splits
//! dividends/IWM.csv   ex_date,amount,origin   where dividends were not all reported
//! rates/DGS2.csv      date,value
//! valuation/NAME.csv  date,index,basis,value,source[,loss_share,coverage]
//! positioning/CODE.csv  as the CFTC's portal spells it
//! universe/NAME.csv   date,symbol,name,sector,weight
//! ```

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::bars::{Bars, Columns, Dividends, Kind, Points, Series, SeriesId, WORKED_OUT, Warning};
use crate::cli::Export;
use crate::import::{FUTURES_ONLY, POSITIONING_HEADER};
use crate::report::count;
use crate::run::{Context, GOOD, Outcome, PARTIAL, UsageError};
use crate::store::{Listing, Store};
use crate::universe::Member;

/// Runs the command.
pub(super) fn export(flags: &Export, context: &Context) -> Result<Outcome> {
    let store = context.store()?;
    let Listing { held, lost, strange } = store.series()?;
    // what is asked for by name is told of alone
    let all = flags.series.is_empty();
    let mut lost: Vec<Warning> = lost.into_values().filter(|_| all).collect();
    let mut universes = Vec::new();
    for universe in store.universes()? {
        lost.extend(store.lost_lists(&universe)?.into_iter().filter(|_| all));
        if !store.snapshot_days(&universe)?.is_empty() {
            universes.push(universe);
        }
    }
    let chosen = choose(&held, &universes, &flags.series)?;
    let folder = &flags.output;
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let problem = format!("`{}` is not empty: name a new folder with `--output`", folder.display());
        return Err(UsageError(problem).into());
    }
    let mut outcome = Outcome { code: GOOD, ..Outcome::default() };
    let mut folders: Vec<&str> = Vec::new();
    let mut written = 0;
    let mut refused = super::each(&store, &chosen.series, None, |id, series| {
        for (kind, text) in files(id, series)? {
            write(&folder.join(kind), &id.name, &text)?;
            if !folders.contains(&kind) {
                folders.push(kind);
            }
        }
        if let Some(days) = unpriced(series) {
            let (rows, are) = (count(days, "row"), if days == 1 { "is" } else { "are" });
            outcome.notes.push(format!("`{id}`: {rows} without prices cannot be imported and {are} not written"));
        }
        written += 1;
        Ok(())
    })?;
    for universe in &chosen.universes {
        let (text, unread) = members(&store, universe)?;
        write(&folder.join("universe"), universe, &text)?;
        refused.extend(unread);
        written += 1;
    }
    folders.extend((!chosen.universes.is_empty()).then_some("universe"));
    outcome.notes.extend(strange.iter().chain(&lost).chain(&refused).map(|one| format!("warning: {}", one.message)));
    if !refused.is_empty() || !lost.is_empty() {
        outcome.code = PARTIAL;
    }
    let paths: Vec<String> = folders.iter().map(|kind| folder.join(kind).display().to_string()).collect();
    outcome.result = match written {
        0 => "nothing is stored, nothing was written\n".into(),
        n => format!("{n} series written; they are read back with\nrotation import {}\n", paths.join(" ")),
    };
    Ok(outcome)
}

/// What is to be written.
#[derive(Debug, PartialEq)]
struct Chosen {
    series: Vec<SeriesId>,
    universes: Vec<String>,
}

/// The series and universes held that are named, in any case; all of them where none is. A universe
/// goes by `universe/IWM`, as its own name is that of a fund.
fn choose(held: &[SeriesId], universes: &[String], names: &[String]) -> Result<Chosen> {
    let is =
        |id: &SeriesId, name: &str| id.name.eq_ignore_ascii_case(name) || id.to_string().eq_ignore_ascii_case(name);
    let lists = |universe: &String, name: &str| format!("universe/{universe}").eq_ignore_ascii_case(name);
    for name in names {
        if !held.iter().any(|id| is(id, name)) && !universes.iter().any(|universe| lists(universe, name)) {
            let name: String = name.chars().take(80).flat_map(char::escape_debug).collect();
            return Err(UsageError(format!("`{name}` is not stored: `rotation store status` lists what is")).into());
        }
    }
    let series = held.iter().filter(|id| names.is_empty() || names.iter().any(|name| is(id, name)));
    let universes = universes.iter().filter(|one| names.is_empty() || names.iter().any(|name| lists(one, name)));
    Ok(Chosen { series: series.cloned().collect(), universes: universes.cloned().collect() })
}

/// The members of a universe, day by day, and the lists that cannot be read.
fn members(store: &Store, universe: &str) -> Result<(String, Vec<Warning>)> {
    let (mut rows, mut unread) = (Vec::new(), Vec::new());
    for day in store.snapshot_days(universe)? {
        match store.snapshot(universe, day) {
            Ok(snapshot) => rows.extend(snapshot.members.into_iter().map(|Member { symbol, name, sector, weight }| {
                vec![day.to_string(), safe(&symbol), safe(&name), safe(&sector), number(weight)]
            })),
            Err(warning) => unread.push(warning),
        }
    }
    Ok((csv(&["date", "symbol", "name", "sector", "weight"], rows.into_iter())?, unread))
}

/// The files of a series: folder and text.
fn files(id: &SeriesId, series: &Series) -> Result<Vec<(&'static str, String)>> {
    Ok(match &series.columns {
        Columns::Bars(bars) => {
            let mut files = vec![("bars", quotes(bars, series.origin.dividends)?)];
            let paid = bars.dividend.iter().any(|&dividend| dividend > 0.0);
            if paid && series.origin.dividends == Dividends::Implied {
                files.push(("dividends", payments(bars)?));
            }
            files
        }
        Columns::Points(points) => vec![(id.kind.folder(), values(id, points)?)],
    })
}

/// Bars as they are imported. Dividends that were all reported stand beside them; of implied ones a
/// column of adjusted closes that implies none says that they are known, and a file of their own
/// which they are.
fn quotes(bars: &Bars, dividends: Dividends) -> Result<String> {
    let mut header = vec!["date", "open", "high", "low", "close", "volume", "stock_splits"];
    header.extend(match dividends {
        Dividends::Reported => Some("dividends"),
        Dividends::Implied => Some("adj_close"),
        Dividends::Unknown => None,
    });
    let rows = (0..bars.len()).map(|i| bars.row(i)).filter(|bar| bar.close.is_finite()).map(|bar| {
        let mut row = vec![bar.day.to_string()];
        row.extend([bar.open, bar.high, bar.low, bar.close, bar.volume].map(number));
        row.push(number(if bar.split == 1.0 { 0.0 } else { bar.split }));
        row.extend(match dividends {
            Dividends::Reported => Some(number(bar.dividend)),
            Dividends::Implied => Some(number(bar.close)),
            Dividends::Unknown => None,
        });
        row
    });
    csv(&header, rows)
}

fn payments(bars: &Bars) -> Result<String> {
    let paid = (0..bars.len()).map(|i| bars.row(i)).filter(|bar| bar.dividend > 0.0);
    csv(
        &["ex_date", "amount", "origin"],
        paid.map(|bar| vec![bar.day.to_string(), number(bar.dividend), "implied".to_owned()]),
    )
}

fn values(id: &SeriesId, points: &Points) -> Result<String> {
    if id.kind == Kind::Positioning {
        let row = |i: usize| {
            let figures = points.figures().map(|(_, figure)| number(figure[i]));
            [safe(&id.name), points.day[i].to_string(), FUTURES_ONLY.to_owned()].into_iter().chain(figures).collect()
        };
        return csv(&POSITIONING_HEADER, (0..points.len()).map(row));
    }
    let rows = points.day.iter().zip(&points.value);
    if id.kind != Kind::Valuation {
        return csv(&["date", "value"], rows.map(|(day, value)| vec![day.to_string(), number(*value)]));
    }
    let mut parts = id.name.splitn(3, '.').map(safe);
    let mut part = || parts.next().unwrap_or_default();
    let (index, basis, source) = (part(), part(), part());
    let beside = |i: usize| points.beside.iter().map(move |figure| number(figure[i]));
    let rows = rows.enumerate().map(|(i, (day, value))| {
        let row = [day.to_string(), index.clone(), basis.clone(), number(*value), source.clone()];
        row.into_iter().chain(beside(i)).collect()
    });
    let names = ["date", "index", "basis", "value", "source"];
    csv(&[&names[..], if points.beside.is_empty() { &[] } else { &WORKED_OUT[1..] }].concat(), rows)
}

/// Rows without a price, if there are any.
fn unpriced(series: &Series) -> Option<usize> {
    let Columns::Bars(bars) = &series.columns else { return None };
    Some(bars.close.iter().filter(|close| !close.is_finite()).count()).filter(|&n| n > 0)
}

/// The shortest text that reads back as the same number; empty for none.
fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

/// Text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(String::from_utf8(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)?)
}

/// Writes `NAME.csv`. A name of the store has no slash; one that would be hidden or mean another
/// folder cannot come of it, as the ending follows.
fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(format!("{name}.csv"));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
    written.with_context(|| format!("cannot write `{}`; name another folder with `--output`", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t25_text_is_never_a_formula_and_numbers_stay_numbers() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        assert_eq!((safe("ssga"), number(-0.25), number(f64::NAN)), ("ssga".into(), "-0.25".into(), String::new()));
    }

    #[test]
    fn names_are_found_in_any_case_and_unknown_ones_are_refused() {
        let held = [SeriesId::bars("IWM"), SeriesId::rates("DGS2")];
        let universes = ["IWM".to_owned()];
        let names =
            |names: &[&str]| choose(&held, &universes, &names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        let all = names(&[]).expect("all");
        assert_eq!((all.series, all.universes), (held.to_vec(), universes.to_vec()));
        let one = names(&["RATES/dgs2"]).expect("one");
        assert_eq!((one.series, one.universes), (held[1..].to_vec(), Vec::new()));
        let one = names(&["IWM"]).expect("a fund");
        assert_eq!((one.series.len(), one.universes.len()), (1, 0));
        assert_eq!(names(&["universe/iwm"]).expect("a list").universes, universes);
        assert!(names(&["IWM", "\u{1b}[2J"]).expect_err("unknown").to_string().contains("`\\u{1b}[2J`"));
    }
}
