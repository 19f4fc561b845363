//! `rotation store status`: every series with source, span, rows, age and findings.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use super::members::{self, Held};
use crate::bars::{Series, SeriesId, Warning};
use crate::calendar::Calendar;
use crate::cli;
use crate::day::Day;
use crate::inputs::{self, Input};
use crate::quality::{self, Nature};
use crate::report::Page;
use crate::run::{Context, GOOD, Outcome, PARTIAL};
use crate::store::Listing;

/// One series; the output is a list of them.
#[derive(Serialize, JsonSchema)]
pub(in crate::run) struct Row {
    /// Its name, `bars/IWM`.
    series: String,
    /// Who served it.
    source: String,
    /// Its first day.
    first: Day,
    /// Its last day.
    last: Day,
    /// Its rows.
    rows: usize,
    /// Sessions from the last value to the last finished session.
    age_sessions: u32,
    /// When it was had.
    fetched_at: String,
    /// What speaks against it, counted.
    findings: usize,
    /// `ok`, or `withheld`.
    state: &'static str,
}

/// Runs the command.
pub(super) fn status(flags: &cli::Status, context: &Context) -> Result<Outcome> {
    let store = context.store()?;
    let Listing { held: ids, lost, strange } = store.series()?;
    let mut warnings: Vec<Warning> = strange.into_iter().chain(lost.into_values()).collect();
    let finished = context.calendar.last_finished(context.now);
    let inputs = inputs::inputs(&context.settings);
    let universes = members::held(&store)?;
    let only = members::only(&universes, &inputs);
    let (mut rows, mut theirs) = (Vec::new(), BTreeMap::<&str, Vec<Row>>::new());
    let refused = super::each(&store, &ids, None, |id, series| {
        let list = only.get(id).map_or(&mut rows, |universe| theirs.entry(universe).or_default());
        list.extend(row(id, series, finished, &inputs, &context.calendar));
        Ok(())
    })?;
    warnings.extend(refused);
    warnings.extend(universes.iter().flat_map(|universe| universe.warnings.iter().cloned()));
    rows.extend(universes.iter().filter_map(|universe| listed(universe, finished, &context.calendar)));
    let all = || rows.iter().chain(theirs.values().flatten());
    let root = store.root().display();
    let result = match flags.format.as_str() {
        "json" => serde_json::to_string_pretty(&all().collect::<Vec<_>>())? + "\n",
        _ if all().next().is_none() => format!("nothing is stored in `{root}`\n"),
        _ => {
            let together = universes.iter().filter_map(|one| Some(summary(one, theirs.get(one.name.as_str())?)));
            table(&rows, &context.page) + &together.collect::<String>() + &format!("{} series in `{root}`\n", ids.len())
        }
    };
    let wrong = !warnings.is_empty() || all().any(|row| row.state != "ok");
    let notes = warnings.into_iter().map(|warning| format!("warning: {}", warning.message)).collect();
    Ok(Outcome { result, notes, code: if wrong { PARTIAL } else { GOOD }, ..Outcome::default() })
}

fn row(id: &SeriesId, series: &Series, finished: Day, inputs: &[Input], calendar: &Calendar) -> Option<Row> {
    let findings = quality::examine(id, series, Nature::of(id, inputs), calendar);
    let days = series.columns.days();
    let (&first, &last) = (days.first()?, days.last()?);
    Some(Row {
        series: id.to_string(),
        source: series.origin.sources().collect::<Vec<_>>().join("+"),
        first,
        last,
        rows: days.len(),
        age_sessions: calendar.age(last, finished),
        fetched_at: series.origin.fetched_at.clone(),
        findings: findings.len(),
        state: if findings.iter().any(|finding| finding.withholds) { "withheld" } else { "ok" },
    })
}

/// A universe's newest list as a row; its rows are the members.
fn listed(universe: &Held, finished: Day, calendar: &Calendar) -> Option<Row> {
    let latest = universe.latest.as_ref()?;
    Some(Row {
        series: format!("universe/{}", universe.name),
        source: latest.source.clone(),
        first: *universe.days.first()?,
        last: latest.day,
        rows: latest.members.len(),
        age_sessions: calendar.age(latest.day, finished),
        fetched_at: latest.fetched_at.clone(),
        findings: usize::from(universe.doubt().is_some()),
        state: "ok",
    })
}

/// The bars of a universe's members in a line.
fn summary(universe: &Held, rows: &[Row]) -> String {
    let members = universe.latest.as_ref().map_or(0, |latest| latest.members.len());
    let count = |which: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| which(row)).count();
    let newest = rows.iter().map(|row| row.last).max();
    let until =
        newest.map_or_else(String::new, |newest| format!(": {} of them to {newest}", count(&|row| row.last == newest)));
    let withheld = count(&|row| row.state != "ok");
    let noted = count(&|row| row.state == "ok" && row.findings > 0);
    let name = universe.name.escape_debug();
    let held = rows.len();
    format!("members of {name}: bars of {held} of {members}{until}; {withheld} withheld, {noted} with notes\n")
}

/// Width of all columns but the first two, and of the gaps.
const FIXED: usize = 51;
/// Most characters of a source that are shown.
const SOURCE: usize = 10;
/// Least width of the names.
const NAME: usize = 16;

/// The rows in columns no wider than the page.
fn table(rows: &[Row], page: &Page) -> String {
    let widest = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or_default();
    let source = widest(|row| &row.source).clamp(6, SOURCE);
    let room = page.width.saturating_sub(FIXED + source).max(NAME);
    let name = widest(|row| &row.series).clamp(6, room);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:name$}  {:source$}  {:10}  {:10}  {:>6}  {:>5}  findings",
        "series", "source", "first", "last", "rows", "age"
    );
    for row in rows {
        let found = match (row.state, row.findings) {
            ("ok", 0) => "-".to_owned(),
            ("ok", n) => n.to_string(),
            (state, _) => state.to_owned(),
        };
        let mut series: String = row.series.escape_debug().collect();
        if series.chars().count() > name {
            // a line of its own: names differ at their ends
            let _ = writeln!(text, "{}", std::mem::take(&mut series));
        }
        let _ = writeln!(
            text,
            "{series:name$}  {:source$}  {}  {}  {:>6}  {:>5}  {found}",
            cut(&row.source, source, page.unicode),
            row.first,
            row.last,
            row.rows,
            row.age_sessions
        );
    }
    text
}

/// The text in so many characters, its end replaced by a mark where it is longer.
fn cut(text: &str, width: usize, unicode: bool) -> String {
    let shown: String = text.escape_debug().collect();
    if shown.chars().count() <= width {
        return shown;
    }
    let mark = if unicode { '…' } else { '~' };
    shown.chars().take(width.saturating_sub(1)).chain([mark]).collect()
}
