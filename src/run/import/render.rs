//! An import as text: one line a series, and what was not taken.

use std::fmt::Write;

use super::files::shown;
use super::{Imported, List, Outcome, Taken};
use crate::bars::Dividends;
use crate::day::Day;
use crate::import::Tally;
use crate::report::{count, whole};

/// Rejected rows that are shown of each file; the others are counted.
const ROWS: usize = 5;

/// Days that are shown of a list.
const DAYS: usize = 3;

/// The result: the series and a line that counts them.
pub fn render(imported: &Imported) -> String {
    let mut text = String::new();
    let names: Vec<String> = imported.taken.iter().map(|taken| taken.id.to_string()).collect();
    let lists = imported.lists.taken.iter();
    let width = names.iter().cloned().chain(lists.map(List::name)).map(|name| name.len()).max().unwrap_or_default();
    for (name, taken) in names.iter().zip(&imported.taken) {
        let Taken { rows, first, last, .. } = taken;
        let (rows, outcome, paid) = (column(*rows, "row"), said(taken.outcome), paid(taken));
        let line = format!("{name:width$}  {rows}  {first} to {last}  {outcome:<13}  {paid}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for list in &imported.lists.taken {
        let members = column(list.members, "member");
        let _ = writeln!(text, "{:width$}  {members}  {}", list.name(), said(list.outcome));
    }
    let outcomes = imported.taken.iter().map(|taken| taken.outcome);
    let outcomes: Vec<Outcome> = outcomes.chain(imported.lists.taken.iter().map(|list| list.outcome)).collect();
    let unchanged = outcomes.iter().filter(|outcome| **outcome == Outcome::Unchanged).count();
    let rejected: usize = imported.tallies.iter().map(|(_, tally)| tally.rejected.len()).sum();
    let _ = writeln!(
        text,
        "{} of {} files read: {} series stored, {unchanged} unchanged, {} refused; {} rejected",
        imported.tallies.len(),
        imported.tallies.len() + imported.left.len(),
        outcomes.len() - unchanged,
        imported.refused.len() + imported.lists.refused.len(),
        count(rejected, "row"),
    );
    text
}

fn said(outcome: Outcome) -> String {
    match outcome {
        Outcome::New => "new".into(),
        Outcome::Extended(rows) => format!("{} added", count(rows, "row")),
        Outcome::Revised => "revised".into(),
        Outcome::Replaced => "replaced".into(),
        Outcome::Unchanged => "unchanged".into(),
    }
}

fn paid(taken: &Taken) -> String {
    match taken.dividends {
        None => String::new(),
        Some((_, Dividends::Unknown)) => "dividends unknown".into(),
        Some((0, _)) => "no dividends".into(),
        Some((paid, Dividends::Implied)) => format!("{}, some implied by adj_close", count(paid, "dividend")),
        Some((paid, Dividends::Reported)) => count(paid, "dividend"),
    }
}

/// What the user should know beside the result: rejected rows with their lines, files and series
/// that were not taken, findings. Empty when there is nothing.
pub fn render_notes(imported: &Imported) -> String {
    let mut text: String = imported.tallies.iter().map(|(path, tally)| of_file(&shown(path), tally)).collect();
    text.extend(imported.taken.iter().map(of_series));
    for left in &imported.left {
        let _ = writeln!(text, "{}: left: {}", shown(&left.path), left.reason);
    }
    for remark in &imported.remarks {
        let _ = writeln!(text, "{remark}");
    }
    for list in &imported.lists.taken {
        if let Some(doubt) = list.doubt() {
            let _ = writeln!(text, "{}: {doubt}", list.name());
        }
    }
    let refused = imported.refused.iter().map(|(id, reason)| (id.to_string(), reason));
    for (name, reason) in refused.chain(imported.lists.refused.iter().map(|(name, reason)| (name.clone(), reason))) {
        let _ = writeln!(text, "{name}: refused: {reason}");
    }
    for warning in &imported.warnings {
        let _ = writeln!(text, "{}", warning.message);
    }
    text
}

/// What is to be said of a file that was read.
fn of_file(file: &str, tally: &Tally) -> String {
    let mut text = String::new();
    if !tally.rejected.is_empty() {
        let most = if tally.is_mostly_rejected() { format!(", {} taken", whole(tally.taken)) } else { String::new() };
        let _ = writeln!(text, "{file}: {} rejected{most}", count(tally.rejected.len(), "row"));
    }
    for (line, reason) in tally.rejected.iter().take(ROWS) {
        let _ = writeln!(text, "  line {line}: {reason}");
    }
    if tally.rejected.len() > ROWS {
        let _ = writeln!(text, "  and {} more", whole(tally.rejected.len() - ROWS));
    }
    let counts = [
        (tally.repeated, "row", "given twice, taken once"),
        (tally.empty, "row", "without a value"),
        (tally.without_volume, "session", "without volume, close kept"),
    ];
    let some = counts.into_iter().filter(|(number, ..)| *number > 0);
    let mut notes: Vec<String> = some.map(|(number, noun, what)| format!("{} {what}", count(number, noun))).collect();
    if !tally.unused.is_empty() {
        let names: Vec<String> = tally.unused.iter().map(|name| format!("`{}`", name.escape_debug())).collect();
        notes.push(format!("not read: {}", names.join(", ")));
    }
    notes.extend(tally.remarks.iter().cloned());
    if !notes.is_empty() {
        let _ = writeln!(text, "{file}: {}", notes.join("; "));
    }
    text
}

/// What is to be said of a series that was taken.
fn of_series(taken: &Taken) -> String {
    let Taken { id, rows, before, unpaid, findings, .. } = taken;
    let mut text = String::new();
    if rows < before {
        let _ = writeln!(
            text,
            "{id}: {} held before, now {}: what the import does not have is gone; \
             if that was not meant, replace it with a file of the whole history",
            count(*before, "row"),
            whole(*rows),
        );
    }
    if !unpaid.is_empty() {
        let _ = writeln!(text, "{id}: no bar on the ex-date of dividends: {}; not taken", days(unpaid));
    }
    for finding in findings {
        let withheld = if finding.withholds { "stored but withheld: " } else { "" };
        let _ = writeln!(text, "{id}: {withheld}{finding}");
    }
    text
}

/// A count and its noun in a column, the number to the right.
fn column(number: usize, noun: &str) -> String {
    let counted = count(number, noun);
    let (number, word) = counted.split_once(' ').unwrap_or_default();
    format!("{number:>6} {word:<width$}", width = noun.len() + 1)
}

/// The first of some days, and how many there are.
fn days(all: &[Day]) -> String {
    let first: Vec<String> = all.iter().take(DAYS).map(ToString::to_string).collect();
    let more = if all.len() > DAYS { format!(" and {} more", all.len() - DAYS) } else { String::new() };
    format!("{}{more}", first.join(", "))
}
