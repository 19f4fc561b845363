//! The report for people: the verdict first, then what it rests on.

use anyhow::Result;

use super::figures::{score, weight};
use super::ink::Ink;
use super::page::{Page, Text};
use super::{PillarRow, Report, flips, headline, notes, rows, words};
use crate::verdict::Stage;

/// Pages narrower than this show the pillars without a table.
const PILLARS_FROM: usize = 60;
/// Cells on either side of the middle of a pillar's bar.
const BAR: usize = 8;

/// Writes the report; no line is wider than the page.
#[expect(clippy::unnecessary_wraps, reason = "every format has this signature")]
pub(super) fn render(report: &Report, page: &Page) -> Result<String> {
    let flips = flips::render(report, page);
    let [signals, notes] = [rows::render(report, page), notes::render(report, page)];
    let parts = [headline(report, page), pillars(report, page), flips, signals, notes];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(parts.join("\n") + "\n" + &page.paragraph(Text::new(headline::CLOSING, Ink::Dim)))
}

/// The stage, what it means, and why.
fn headline(report: &Report, page: &Page) -> String {
    let ink = match report.verdict.stage {
        Stage::Early | Stage::Confirmed => Ink::Favour,
        Stage::None | Stage::Fading => Ink::Against,
        Stage::Unknown | Stage::Setup => Ink::Bold,
    };
    let mut text = String::new();
    if report.synthetic {
        text += &page.paragraph(Text::new(words::SYNTHETIC, Ink::Bold));
    }
    text += &page.paragraph(Text::new(headline::title(report), ink));
    text += &page.paragraph(headline::context(report).into());
    let why = headline::why(report).into_iter().map(|(label, said)| [label.into(), said.into()]);
    text + "\n" + &page.list(why.collect())
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
