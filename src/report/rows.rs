//! The signals in the report for people: vote, the last year, the place in history, and the reading.

use super::figures::NO_FIGURE;
use super::ink::Ink;
use super::page::{Page, Text};
use super::{Report, SignalRow, spark, words};
use crate::signals::Pillar;

/// Width of the vote.
const VOTE: usize = 9;
/// Cells of the line that shows a place in history.
const LINE: usize = 11;
/// Width of that line with its figure.
const PLACE: usize = LINE + 6;
/// Width of a date.
const DATE: usize = 10;
/// A reading in the row of its signal is given this width or more, else a line of its own.
const READING: usize = 60;

/// Writes every signal, grouped by pillar.
pub(super) fn render(report: &Report, page: &Page) -> String {
    let name = report.signals.iter().map(|signal| signal.id.len()).max().unwrap_or(0) + 1;
    let columns = |cells: usize| vec![name, VOTE, cells, PLACE, DATE];
    let fits = |widths: &[usize]| page.columns() > Page::span(widths);
    let wide = columns(spark::CELLS);
    let mut year = true;
    let body = if page.broad().saturating_sub(Page::span(&wide)) >= READING {
        in_rows(report, page, wide)
    } else if fits(&wide) {
        in_pairs(report, page, &wide)
    } else if fits(&columns(spark::CELLS / 2)) {
        in_pairs(report, page, &columns(spark::CELLS / 2))
    } else {
        year = false;
        stacked(report, page)
    };
    body + &legend(report, page, year)
}

/// Names of the columns.
fn header() -> Vec<Text> {
    ["signal", "vote", "last year", "history", "since"].map(|name| Text::new(name, Ink::Dim)).into()
}

/// The pillars that have signals, with these.
fn groups(report: &Report) -> impl Iterator<Item = (Pillar, Vec<&SignalRow>)> {
    let all = Pillar::ALL.into_iter().chain([Pillar::Cycles]);
    let group = |pillar| (pillar, report.signals.iter().filter(|signal| signal.pillar == pillar).collect::<Vec<_>>());
    all.map(group).filter(|(_, members)| !members.is_empty())
}

/// One row a signal, its reading last.
fn in_rows(report: &Report, page: &Page, mut widths: Vec<usize>) -> String {
    let cells = widths[2];
    widths.push(page.broad() - Page::span(&widths));
    let names = [header(), vec![Text::new("reading", Ink::Dim)]].concat();
    let mut rows = Vec::new();
    for (pillar, members) in groups(report) {
        rows.push(vec![Text::new(pillar.id(), Ink::Bold)]);
        rows.extend(members.iter().map(|signal| [row(signal, page, cells), vec![reading_text(signal)]].concat()));
    }
    page.lay_below(&names, &widths, &rows)
}

/// A row a signal, and its reading below it.
fn in_pairs(report: &Report, page: &Page, widths: &[usize]) -> String {
    let mut out = page.lay_below(&header(), widths, &[]);
    for (pillar, members) in groups(report) {
        out += &page.paragraph(Text::new(pillar.id(), Ink::Bold));
        for signal in members {
            out += &page.lay(widths, &[row(signal, page, widths[2])]);
            out += &page.lay(&[1, page.rest(&[1])], &[vec!["".into(), reading_text(signal)]]);
        }
    }
    out
}

/// All of a signal but its reading.
fn row(signal: &SignalRow, page: &Page, cells: usize) -> Vec<Text> {
    let (mark, word, ink) = words::vote(signal, page.unicode);
    let year = signal.history.as_ref().filter(|_| signal.summary.is_some()).map(|history| &history.year);
    vec![
        format!(" {}", signal.id).into(),
        Text::new(format!("{mark} {word}"), ink),
        year.map_or_else(|| NO_FIGURE.into(), |year| spark::draw(year, cells, page.unicode).into()),
        place_text(signal, page),
        signal.since.map_or(NO_FIGURE.into(), |day| day.to_string()).into(),
    ]
}

/// The readings in words, or that there are none.
pub(super) fn reading(signal: &SignalRow) -> String {
    match (&signal.summary, signal.as_of) {
        (Some(summary), _) if signal.kept => format!("{summary}; vote kept"),
        (Some(summary), _) => summary.clone(),
        (None, Some(day)) => format!("last vote on {day}"),
        (None, None) => "no vote yet".into(),
    }
}

fn reading_text(signal: &SignalRow) -> Text {
    Text::new(reading(signal), if signal.summary.is_some() { Ink::Plain } else { Ink::Dim })
}

/// The percentile of the headline reading in its own history, of a signal that votes or abstains.
pub(super) fn place(signal: &SignalRow) -> Option<f64> {
    signal.summary.as_ref().and(signal.history.as_ref()).map(|history| history.percentile.0)
}

/// The same as a line and a figure.
fn place_text(signal: &SignalRow, page: &Page) -> Text {
    let Some(percentile) = place(signal) else { return Text::from(NO_FIGURE).right() };
    let at = ((percentile / 100.0 * LINE as f64) as usize).min(LINE - 1);
    let [line, mark] = if page.unicode { ["─", "●"] } else { ["-", "o"] };
    let figure = format!("{percentile:.0} %");
    Text::from(format!("{}{mark}{} {figure:>5}", line.repeat(at), line.repeat(LINE - 1 - at))).right()
}

/// Explains the history, where one is shown, and the last year, where the page has room for it.
fn legend(report: &Report, page: &Page, year: bool) -> String {
    let any = report.signals.iter().any(|signal| place(signal).is_some());
    let text = if year { [words::YEAR, words::HISTORY].concat() } else { words::HISTORY.into() };
    if any { page.paragraph(Text::new(text, Ink::Dim)) } else { String::new() }
}

/// Every signal on lines of its own, for narrow pages.
fn stacked(report: &Report, page: &Page) -> String {
    let mut out = String::new();
    for signal in &report.signals {
        let (mark, word, ink) = words::vote(signal, page.unicode);
        let since = signal.since.map_or(String::new(), |day| format!(" since {day}"));
        out += &page.paragraph(Text::new(format!("{mark} {}: {word}{since}", signal.id), ink));
        let place = place(signal).map_or(String::new(), |percentile| format!(" (history {percentile:.0} %)"));
        let mut text = reading_text(signal);
        text.append(&place);
        out += &page.lay(&[1, page.rest(&[1])], &[vec!["".into(), text]]);
    }
    out
}
