//! Verdicts given, and what changed between them, in words.

use super::figures::{NO_FIGURE, percent, score};
use super::ink::Ink;
use super::page::{Page, Text};
use super::words::vote_word;
use crate::day::Day;
use crate::journal::{Change, Entry};

/// Every verdict in a row, with what changed since the one above it.
pub fn list(entries: &[&Entry], page: &Page) -> String {
    let [session, stage, figure, coverage] = [10, 9, 6, 8];
    let widths = [session, stage, figure, coverage, page.rest(&[session, stage, figure, coverage])];
    let names = ["session", "stage", "score", "coverage", "changed"].map(|name| Text::new(name, Ink::Dim));
    let before = std::iter::once(None).chain(entries.iter().map(Some));
    let rows: Vec<Vec<Text>> = entries.iter().zip(before).map(|(entry, before)| row(entry, before.copied())).collect();
    page.lay_below(&names, &widths, &rows)
}

fn row(entry: &Entry, before: Option<&Entry>) -> Vec<Text> {
    let changed = match before {
        None => String::new(),
        Some(before) if before.settings != entry.settings => "other settings".into(),
        Some(before) => {
            let change = Change::between(before, entry);
            if change.matters() { moves(&change).join("; ") } else { NO_FIGURE.into() }
        }
    };
    vec![
        entry.session.to_string().into(),
        entry.stage.id().into(),
        Text::from(number(entry.score)).right(),
        Text::from(entry.coverage.map_or(NO_FIGURE.into(), percent)).right(),
        changed.into(),
    ]
}

/// What changed from one verdict to another, a line each.
pub fn difference(change: &Change, to: Day, reasons: &[&str], page: &Page) -> String {
    let mut lines = vec![format!("from {} to {to}", change.session)];
    lines.push(format!("score {} → {}", number(change.score.from), number(change.score.to)));
    if change.matters() {
        lines.extend(moves(change));
    } else {
        lines.push("stage and votes are the same".into());
    }
    lines.extend(reasons.iter().map(|reason| format!("({reason})")));
    lines.into_iter().map(|line| page.paragraph(line.into())).collect()
}

/// The change since the verdict before, in one sentence.
pub(super) fn since(change: &Change) -> String {
    let before = change.session;
    if !change.matters() {
        return format!("none in stage and votes since the verdict of {before}");
    }
    format!("since the verdict of {before}: {}", moves(change).join("; "))
}

/// The stage and the votes that changed.
pub(super) fn moves(change: &Change) -> Vec<String> {
    let stage = change.stage.iter().map(|step| format!("stage {} → {}", step.from, step.to));
    let votes =
        change.votes.iter().map(|vote| format!("{} {} → {}", vote.signal, vote_word(vote.from), vote_word(vote.to)));
    stage.chain(votes).collect()
}

fn number(figure: Option<f64>) -> String {
    score(figure.unwrap_or(f64::NAN))
}
