//! Answers to claims, and what an audit found.

use super::Told;
use super::figures::{NO_FIGURE, count, signed, whole};
use super::ink::Ink;
use super::page::{Page, Text};
use super::words::SYNTHETIC;
use crate::evidence::audit::Audit;
use crate::evidence::claims::{Answer, Answers, Finding, Unit};

/// Width of the column of answers.
const ANSWER: usize = 13;

/// Writes the answers; no line is wider than the page.
pub fn answers(told: &Told<Answers>, page: &Page) -> String {
    let mut out = head(told.synthetic, page);
    out += &page.paragraph(Text::new(format!("CLAIMS as of {}", told.as_of), Ink::Bold));
    let rest = page.rest(&[ANSWER]);
    for answer in &told.what.claims {
        let (word, ink) = match answer.finding {
            Finding::True => ("true", Ink::Favour),
            Finding::False => ("false", Ink::Against),
            Finding::NotCheckable => ("not checkable", Ink::Bold),
        };
        let as_of = if answer.as_of == told.as_of { String::new() } else { format!(" (as of {})", answer.as_of) };
        let rows = [
            vec![Text::new(word, ink), Text::new(format!("{}{as_of}", answer.text), Ink::Bold)],
            vec!["".into(), found(answer).into()],
            vec!["".into(), since(answer).into()],
        ];
        out += "\n";
        out += &page.lay(&[ANSWER, rest], &rows);
    }
    out
}

/// What was measured.
fn found(answer: &Answer) -> String {
    let figure = if answer.figure.is_nan() { NO_FIGURE.into() } else { figure(answer.figure, answer.unit) };
    let detail = answer.detail.as_ref().map_or(String::new(), |detail| format!("; {detail}"));
    format!("{}: {figure}{detail}", answer.measured)
}

/// When it was true.
fn since(answer: &Answer) -> String {
    match (answer.first_true, answer.last_true) {
        (Some(first), Some(last)) => format!("first true on {first}, last on {last}"),
        _ => "true on no day".into(),
    }
}

fn figure(figure: f64, unit: Unit) -> String {
    match unit {
        Unit::Fraction => format!("{} %", signed(100.0 * figure, 1)),
        Unit::Ratio => format!("{figure:.2}"),
        Unit::Months => signed(figure, 0),
    }
}

/// Writes what an audit found; no line is wider than the page.
pub fn audit(told: &Told<Audit>, page: &Page) -> String {
    let audit = told.what;
    let mut out = head(told.synthetic, page);
    let title =
        format!("AUDIT as of {}: {}", told.as_of, if audit.differences.is_empty() { "passed" } else { "FAILED" });
    out += &page.paragraph(Text::new(title, Ink::Bold));
    let cuts: Vec<String> = audit.cuts.iter().map(ToString::to_string).collect();
    let what = format!(
        "The market was cut at {} (seed {}) and everything computed again: {} figures up to the cuts compared bit by bit, \
         {}.",
        count(audit.cuts.len(), "random session"),
        audit.seed,
        whole(audit.compared),
        if audit.differences.is_empty() { "none differs" } else { "and some differ: later sessions changed them" }
    );
    out += &page.paragraph(what.into());
    out += "\n";
    let mut lists = vec![["cut at".into(), cuts.join(" ").into()]];
    if !audit.silent.is_empty() {
        let text = format!("{}: they say nothing of any session", audit.silent.join(", "));
        lists.push(["without".into(), text.into()]);
    }
    let differences = audit.differences.iter().map(|one| {
        let text = format!(
            "{} {} of {}: {} with all sessions, {} when cut at {}",
            one.signal, one.reading, one.session, one.whole, one.cut_short, one.cut
        );
        ["differs".into(), text.into()]
    });
    out + &page.list(lists.into_iter().chain(differences).collect())
}

fn head(synthetic: bool, page: &Page) -> String {
    if synthetic { page.paragraph(Text::new(SYNTHETIC, Ink::Bold)) } else { String::new() }
}
