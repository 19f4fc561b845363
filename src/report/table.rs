//! The report for people: the verdict first, then what it rests on.

use anyhow::Result;

use super::figures::{NO_FIGURE, count, percent, score, weight};
use super::ink::Ink;
use super::page::{Page, Text};
use super::{PillarRow, Report, SignalRow, flips, journal, notes, words};
use crate::signals::Pillar;
use crate::verdict::{CONFIRMATION_SESSIONS, Posture, Stage};

/// Pages narrower than this show a signal on lines of its own instead of in a row.
const ROWS_FROM: usize = 76;
/// Pages narrower than this show the pillars without a table.
const PILLARS_FROM: usize = 60;
/// Pages from this width on show pictures beside the figures.
const PICTURES_FROM: usize = 100;
/// Cells on either side of the middle of a pillar's bar.
const BAR: usize = 8;
/// Cells of the line that shows a place in history.
const LINE: usize = 11;

/// Writes the report; no line is wider than the page.
#[expect(clippy::unnecessary_wraps, reason = "every format has this signature")]
pub(super) fn render(report: &Report, page: &Page) -> Result<String> {
    let signals = if page.columns() < ROWS_FROM { stacked(report, page) } else { rows(report, page) };
    let flips = flips::render(report.flips.as_deref(), report.next_close.as_ref(), page);
    let parts = [headline(report, page), pillars(report, page), flips, signals, notes::render(report, page)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let closing = "`rotation check --explain SIGNAL` shows how a row comes about.";
    Ok(parts.join("\n") + "\n" + &page.paragraph(Text::new(closing, Ink::Dim)))
}

/// The stage, what it means, and why.
fn headline(report: &Report, page: &Page) -> String {
    let verdict = &report.verdict;
    let ink = match verdict.stage {
        Stage::Early | Stage::Confirmed => Ink::Favour,
        Stage::None | Stage::Fading => Ink::Against,
        Stage::Unknown | Stage::Setup => Ink::Bold,
    };
    let title = format!(
        "{} since {} ({}) · score {} · coverage {}",
        words::title(verdict.stage),
        verdict.since,
        count(verdict.sessions_in_stage, "session"),
        score(verdict.score.0),
        percent(verdict.coverage.0)
    );
    let context = format!("As of the close of {}. {}", report.as_of, words::meaning(verdict.stage));
    let mut text = String::new();
    if report.synthetic {
        text += &page.paragraph(Text::new(words::SYNTHETIC, Ink::Bold));
    }
    text += &page.paragraph(Text::new(title, ink));
    text += &page.paragraph(context.into());
    let lines = why(report).into_iter().chain(report.evidence.lines()).collect();
    text + "\n" + &page.list(lines)
}

/// The rule, the running candidate, and the way out of an unknown stage.
fn why(report: &Report) -> Vec<[Text; 2]> {
    let verdict = &report.verdict;
    let mut lines = vec![["why".into(), verdict.rule.as_str().into()]];
    if verdict.candidate != verdict.stage {
        let candidate = words::noun(verdict.candidate);
        let running =
            format!("{candidate}, for {} of the {CONFIRMATION_SESSIONS} sessions it takes", verdict.candidate_sessions);
        lines.push(["candidate".into(), running.into()]);
    }
    if let Some(before) = verdict.previous_stage {
        lines.push(["before".into(), words::noun(before).into()]);
    }
    if let Some(change) = &report.change {
        lines.push(["change".into(), journal::since(change).into()]);
    }
    if let Some(step) = &verdict.next_step {
        lines.push(["next step".into(), step.as_str().into()]);
    }
    let Posture { action, stance, time_frame, risk, statement } = &verdict.posture;
    if verdict.stage != Stage::Unknown {
        let card = [("action", action), ("stance", stance), ("over", time_frame), ("risk", risk)];
        lines.extend(card.map(|(label, text)| [label.into(), text.as_str().into()]));
    }
    lines.push(["this is".into(), (*statement).into()]);
    lines
}

/// The pillars: weight, score and votes; pictures and questions where there is room.
fn pillars(report: &Report, page: &Page) -> String {
    if page.columns() < PILLARS_FROM {
        return report.pillars.iter().map(|pillar| pillar_line(pillar, page)).collect();
    }
    let mut widths = vec![13, 6, 5, 3, 7, 7, 7];
    let mut names = header(&["pillar", "weight", "score", "for", "against", "neutral", "missing"], 1..7);
    let mut rows: Vec<Vec<Text>> = report.pillars.iter().map(pillar_row).collect();
    let mut add = |width: usize, name: Text, text: &dyn Fn(&PillarRow) -> Text| {
        if page.rest(&widths) >= width {
            widths.push(width);
            names.push(name);
            rows.iter_mut().zip(&report.pillars).for_each(|(row, pillar)| row.push(text(pillar)));
        }
    };
    add(2 * BAR + 1, Text::new(format!("{:<BAR$}0{:>BAR$}", "−1", "+1"), Ink::Dim), &|pillar| bar(pillar, page));
    add(words::QUESTION_WIDTH, "".into(), &|pillar| Text::new(words::question(pillar.id), Ink::Dim));
    page.lay_below(&names, &widths, &rows)
}

/// A pillar's name and figures.
fn pillar_row(pillar: &PillarRow) -> Vec<Text> {
    let mut row = vec![pillar.id.id().into(), weight(pillar.weight.0).into(), score(pillar.score.0).into()];
    let counts = [pillar.in_favour, pillar.against, pillar.neutral, pillar.missing];
    row.extend(counts.map(|votes| Text::new(votes.to_string(), if votes == 0 { Ink::Dim } else { Ink::Plain })));
    row.into_iter().enumerate().map(|(i, text)| if i == 0 { text } else { text.right() }).collect()
}

/// A pillar on a line of its own, for narrow pages.
fn pillar_line(pillar: &PillarRow, page: &Page) -> String {
    let PillarRow { in_favour, against, neutral, missing, .. } = pillar;
    let votes = format!("{in_favour} for, {against} against, {neutral} neutral, {missing} missing");
    page.paragraph(format!("{} {} ({votes})", pillar.id.id(), score(pillar.score.0)).into())
}

/// A header: names, those in `right` set to the right.
fn header(names: &[&str], right: std::ops::Range<usize>) -> Vec<Text> {
    let text = |(i, name): (usize, &&str)| {
        let text = Text::new(*name, Ink::Dim);
        if right.contains(&i) { text.right() } else { text }
    };
    names.iter().enumerate().map(text).collect()
}

/// A pillar's score as a bar to the left or right of 0.
fn bar(pillar: &PillarRow, page: &Page) -> Text {
    let [empty, middle, full] = if page.unicode { ["·", "│", "█"] } else { [".", "|", "#"] };
    let score = pillar.score.0;
    if score.is_nan() {
        return Text::new("no score", Ink::Dim);
    }
    let length = ((score.abs() * BAR as f64).round() as usize).min(BAR);
    let (spent, rest) = (full.repeat(length), empty.repeat(BAR - length));
    let blank = empty.repeat(BAR);
    if score < 0.0 {
        Text::new(rest + &spent + middle + &blank, Ink::Against)
    } else {
        let ink = if score > 0.0 { Ink::Favour } else { Ink::Plain };
        Text::new(blank + middle + &spent + &rest, ink)
    }
}

/// One row a signal, grouped by pillar.
fn rows(report: &Report, page: &Page) -> String {
    let pictures = page.columns() >= PICTURES_FROM;
    let longest = report.signals.iter().map(|signal| signal.id.len()).max().unwrap_or(0);
    let [vote, place, since] = [9, if pictures { LINE + 6 } else { 7 }, 10];
    let widths = [longest + 1, vote, page.rest(&[longest + 1, vote, place, since]), place, since];
    let names = header(&["signal", "vote", "reading", "history", "since"], 3..4);
    let mut rows = Vec::new();
    for pillar in Pillar::ALL.into_iter().chain([Pillar::Cycles]) {
        let members: Vec<_> = report.signals.iter().filter(|signal| signal.pillar == pillar).collect();
        if !members.is_empty() {
            rows.push(vec![Text::new(pillar.id(), Ink::Bold)]);
        }
        for signal in members {
            rows.push(vec![
                format!(" {}", signal.id).into(),
                vote_text(signal, page),
                reading(signal),
                place_text(signal, page, pictures),
                signal.since.map_or(NO_FIGURE.into(), |day| day.to_string()).into(),
            ]);
        }
    }
    page.lay_below(&names, &widths, &rows) + &legend(report, page)
}

/// The vote in a mark and a word.
fn vote_text(signal: &SignalRow, page: &Page) -> Text {
    let (mark, word, ink) = words::vote(signal, page.unicode);
    Text::new(format!("{mark} {word}"), ink)
}

/// The readings in words, or that there are none.
fn reading(signal: &SignalRow) -> Text {
    match (&signal.summary, signal.as_of) {
        (Some(summary), _) if signal.kept => format!("{summary}; vote kept").into(),
        (Some(summary), _) => summary.as_str().into(),
        (None, Some(day)) => Text::new(format!("last vote on {day}"), Ink::Dim),
        (None, None) => Text::new("no vote yet", Ink::Dim),
    }
}

/// The percentile of the headline reading in its own history, of a signal that votes or abstains.
fn place(signal: &SignalRow) -> Option<f64> {
    signal.summary.as_ref().and(signal.history.as_ref()).map(|history| history.percentile.0)
}

/// The same as a figure, also as a line where there is room.
fn place_text(signal: &SignalRow, page: &Page, picture: bool) -> Text {
    let Some(percentile) = place(signal) else { return Text::from(NO_FIGURE).right() };
    let figure = format!("{percentile:.0} %");
    if !picture {
        return Text::from(figure).right();
    }
    let at = ((percentile / 100.0 * LINE as f64) as usize).min(LINE - 1);
    let [line, mark] = if page.unicode { ["─", "●"] } else { ["-", "o"] };
    Text::from(format!("{}{mark}{} {figure:>5}", line.repeat(at), line.repeat(LINE - 1 - at))).right()
}

/// Explains the history, where one is shown.
fn legend(report: &Report, page: &Page) -> String {
    let any = report.signals.iter().any(|signal| place(signal).is_some());
    if any { page.paragraph(Text::new(words::HISTORY, Ink::Dim)) } else { String::new() }
}

/// Every signal on lines of its own, for narrow pages.
fn stacked(report: &Report, page: &Page) -> String {
    let mut out = String::new();
    for signal in &report.signals {
        let (mark, word, ink) = words::vote(signal, page.unicode);
        let since = signal.since.map_or(String::new(), |day| format!(" since {day}"));
        out += &page.paragraph(Text::new(format!("{mark} {}: {word}{since}", signal.id), ink));
        let place = place(signal).map_or(String::new(), |percentile| format!(" (history {percentile:.0} %)"));
        let mut text = reading(signal);
        text.append(&place);
        out += &page.lay(&[1, page.rest(&[1])], &[vec!["".into(), text]]);
    }
    out + &legend(report, page)
}
