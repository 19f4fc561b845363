//! How a signal comes to its vote: formula, inputs, figures, threshold.

use super::figures::{NO_FIGURE, count, figure};
use super::ink::Ink;
use super::page::{Note, Page, Text};
use super::{Report, SignalRow, words};
use crate::config::Settings;
use crate::series::{InputState, State};
use crate::signals::Signal;
use crate::verdict::Tracked;

/// Width of the column of readings and inputs.
const NAME: usize = 25;

/// Explains the signal called `name`, or every signal, as `report` shows it.
pub fn explain(report: &Report, settings: &Settings, tracks: &[Tracked], name: Option<&str>, page: &Page) -> String {
    let signals = tracks.iter().map(|(signal, _)| *signal);
    let parts: Vec<String> = signals
        .zip(&report.signals)
        .filter(|(signal, _)| name.is_none_or(|name| name == signal.id))
        .map(|(signal, row)| part(report, settings, signal, row, page))
        .collect();
    let label = report.synthetic.then(|| page.paragraph(Text::new(words::SYNTHETIC, Ink::Bold)) + "\n");
    label.unwrap_or_default() + &parts.join("\n")
}

/// One signal.
fn part(report: &Report, settings: &Settings, signal: &Signal, row: &SignalRow, page: &Page) -> String {
    let (mark, word, ink) = words::vote(row, page.unicode);
    let since = row.since.map_or(String::new(), |day| format!(" since {day}"));
    let title = format!("{} · {mark} {word}{since}", signal.id);
    let mut lines: Vec<[Text; 2]> = vec![
        ["pillar".into(), format!("{}: {}", signal.pillar.id(), words::question(signal.pillar)).into()],
        ["meaning".into(), signal.meaning.into()],
        ["formula".into(), signal.formula.into()],
        ["votes".into(), (signal.rule)(settings).into()],
        ["now".into(), now(row).into()],
    ];
    lines.extend(next_close(report, signal.id).map(|line| ["next".into(), line.into()]));
    let figures = page.notes(NAME, figures(report, row));
    let last = vec![["basis".into(), signal.basis.into()], ["source".into(), signal.source.into()]];
    page.paragraph(Text::new(title, ink)) + &page.list(lines) + &figures + &page.list(last)
}

/// What the signal says at the reference session, and where that stands in its past.
fn now(row: &SignalRow) -> String {
    let Some(summary) = &row.summary else {
        let last = row.as_of.map_or("it has never voted".into(), |day| format!("it last voted on {day}"));
        return format!("{}; {last}", row.missing.as_deref().unwrap_or("no vote"));
    };
    let place = row.history.as_ref().map_or(String::new(), |history| {
        let past = count(history.sessions, "session");
        format!("; {} at percentile {:.0} of its {past}", history.reading, history.percentile.0)
    });
    format!("{summary}{place}")
}

/// The next closes at which the vote would be another; nothing where none is near or they were not asked for.
fn next_close(report: &Report, id: &str) -> Option<String> {
    let flips = report.flips.iter().flatten().filter(|flip| flip.change.signal == Some(id));
    let lines: Vec<String> = flips.map(super::FlipRow::line).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// Readings and inputs.
fn figures<'a>(report: &'a Report, row: &'a SignalRow) -> impl Iterator<Item = Note> + 'a {
    let readings = row.readings.0.iter().map(|(reading, value)| {
        let reason = row.reasons.0.iter().find(|(name, _)| *name == reading.name);
        let text = reason.map_or_else(|| figure(value, reading.unit), |(_, reason)| format!("{NO_FIGURE} {reason}"));
        ("readings", reading.name.to_owned(), text)
    });
    let inputs = row.inputs.iter().map(|id| {
        let held = report.inputs.iter().find(|input| input.id == *id).map_or("no such input".into(), reach);
        ("inputs", id.clone(), held)
    });
    readings.chain(inputs)
}

/// The dates and the source of an input.
fn reach(input: &InputState) -> String {
    match (input.first, input.last, &input.source) {
        (Some(first), Some(last), Some(source)) => format!("{first} to {last} ({source})"),
        (_, _, Some(source)) => format!("starts after this session ({source})"),
        _ if input.state == State::Absent => "never given".into(),
        _ => "not in the store".into(),
    }
}
