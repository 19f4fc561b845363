//! The report as Markdown, for chats and pull requests.

use std::fmt::Write;

use anyhow::Result;

use super::figures::{NO_FIGURE, score, weight};
use super::{Page, Report, flips, headline, notes, rows, words};

/// Writes the report.
#[expect(clippy::unnecessary_wraps, reason = "every format has this signature")]
pub(super) fn render(report: &Report, page: &Page) -> Result<String> {
    let label = if report.synthetic { format!("**{}**\n\n", words::SYNTHETIC) } else { String::new() };
    let parts = [
        format!("## {}\n\n{}\n", safe(&headline::title(report)), safe(&headline::context(report))),
        list(headline::why(report).iter().map(|(label, said)| (format!("**{label}**"), said))),
        pillars(report),
        flips(report),
        signals(report),
        list(notes::all(report).iter().map(|(label, about, said)| (format!("**{label}** {}", safe(about)), said))),
        headline::CLOSING.to_owned() + "\n",
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = label + &parts.join("\n");
    Ok(text.lines().map(|line| page.plain(line) + "\n").collect())
}

/// A line for each text, which is made safe, behind its label, which is.
fn list<'a>(lines: impl Iterator<Item = (String, &'a String)>) -> String {
    lines.map(|(label, said)| format!("- {label}: {}\n", safe(said))).collect::<Vec<_>>().concat()
}

fn pillars(report: &Report) -> String {
    let rows = report.pillars.iter().map(|pillar| {
        let votes = [pillar.in_favour, pillar.against, pillar.neutral, pillar.missing].map(|votes| votes.to_string());
        [vec![pillar.id.id().into(), weight(pillar.weight.0), score(pillar.score.0)], votes.into()].concat()
    });
    table(&["pillar", "weight", "score", "for", "against", "neutral", "missing"], 1, rows)
}

fn signals(report: &Report) -> String {
    let rows = report.signals.iter().map(|signal| {
        let (mark, word, _) = words::vote(signal, true);
        vec![
            signal.id.into(),
            format!("{mark} {word}"),
            rows::reading(signal),
            rows::place(signal).map_or(NO_FIGURE.into(), |percentile| format!("{percentile:.0} %")),
            signal.since.map_or(NO_FIGURE.into(), |day| day.to_string()),
        ]
    });
    table(&["signal", "vote", "reading", "history", "since"], 5, rows) + "\n" + words::HISTORY + "\n"
}

/// What the next close would change; empty where it was not asked for.
fn flips(report: &Report) -> String {
    let Some(section) = flips::section(report) else { return String::new() };
    let rows = section.rows.into_iter().map(Vec::from);
    let said =
        [section.said, section.notes].concat().iter().map(|line| format!("\n{}\n", safe(line))).collect::<Vec<_>>();
    format!("**{}**\n\n{}", safe(&section.title), table(&flips::COLUMNS, 6, rows)) + &said.concat()
}

/// A table whose columns from `figures` on are set to the right.
fn table(names: &[&str], figures: usize, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|", names.join(" | "));
    (0..names.len()).for_each(|i| text += if i < figures { "---|" } else { "---:|" });
    text.push('\n');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| safe(cell)).collect();
        writeln!(text, "| {} |", cells.join(" | ")).expect("writing to a string");
    }
    text
}

/// A text that is no mark-up and ends no cell and no line.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' => out += "&lt;",
            '&' => out += "&amp;",
            '|' | '*' | '[' | ']' | '\\' => out.extend(['\\', char]),
            '\n' | '\r' => out.extend(char.escape_unicode()),
            _ => out.push(char),
        }
    }
    out
}
