//! The report as one HTML file: for a browser, a phone or a printer, without network or script.

use anyhow::{Context, Result};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::figures::{NO_FIGURE, count, percent, score};
use super::pictures::{self, Picture, Pictures};
use super::{Page, Report, SignalRow, flips, headline, notes, page, rows, words};
use crate::inputs::Need;
use crate::signals::Pillar;
use crate::verdict::Stage;

/// What the template is given.
#[derive(Serialize)]
struct View<'a> {
    style: Value,
    version: &'static str,
    as_of: String,
    synthetic: Option<&'static str>,
    stage: &'static str,
    tone: &'static str,
    context: String,
    tiles: Vec<(&'static str, String)>,
    why: Vec<(&'a str, String)>,
    groups: Vec<Group>,
    history: String,
    flips: Option<Changes>,
    pictures: Vec<Frame<'a>>,
    missing: &'a [&'static str],
    notes: Vec<(String, String)>,
    warnings: Vec<&'a str>,
    inputs: Vec<[String; 7]>,
    closing: &'static str,
}

/// A signal, ready to be shown.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    mark: &'static str,
    vote: &'static str,
    tone: &'static str,
    reading: String,
    year: Value,
    place: Option<String>,
    since: String,
}

/// A pillar with its signals.
#[derive(Serialize)]
struct Group {
    pillar: &'static str,
    question: &'static str,
    rows: Vec<Row>,
}

/// What the next close would change.
#[derive(Serialize)]
struct Changes {
    title: String,
    names: [&'static str; 6],
    rows: Vec<[String; 6]>,
    said: Vec<String>,
    notes: Vec<String>,
}

/// A picture with what stands around it.
#[derive(Serialize)]
struct Frame<'a> {
    title: &'a str,
    svg: Value,
    legend: Vec<(&'a str, &'static str)>,
    description: &'a str,
    names: &'a [String],
    rows: &'a [Vec<String>],
}

/// Writes the page.
pub(super) fn render(report: &Report, _page: &Page) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // the name's end turns escaping on
    environment.add_template("report.html", include_str!("report.html"))?;
    let none = Pictures::default();
    let pictures = report.pictures.as_ref().unwrap_or(&none);
    let view = View {
        style: Value::from_safe_string(include_str!("report.css").into()),
        version: env!("CARGO_PKG_VERSION"),
        as_of: report.as_of.to_string(),
        synthetic: report.synthetic.then_some(words::SYNTHETIC),
        stage: words::title(report.verdict.stage),
        tone: tone(report.verdict.stage),
        context: headline::context(report),
        tiles: tiles(report),
        why: headline::why(report),
        groups: groups(report),
        history: [words::YEAR, words::HISTORY].concat(),
        flips: flips::section(report).map(changes),
        pictures: pictures.drawn.iter().map(frame).collect(),
        missing: &pictures.missing,
        notes: lines(report),
        warnings: report.warnings.iter().map(|warning| warning.message.as_str()).collect(),
        inputs: inputs(report),
        closing: headline::CLOSING,
    };
    let html = environment.get_template("report.html")?.render(Serde(view));
    Ok(quiet(&html.context("the report cannot be written as HTML")?))
}

/// Escapes what no page should obey or hide.
fn quiet(html: &str) -> String {
    let shown = |char: char| char == '\n' || page::is_shown(char);
    html.chars().map(|char| if shown(char) { char.to_string() } else { char.escape_unicode().to_string() }).collect()
}

fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Early | Stage::Confirmed => "favour",
        Stage::None | Stage::Fading => "against",
        Stage::Setup => "",
        Stage::Unknown => "missing",
    }
}

/// The verdict in figures.
fn tiles(report: &Report) -> Vec<(&'static str, String)> {
    let verdict = &report.verdict;
    vec![
        ("score", score(verdict.score.0)),
        ("coverage", percent(verdict.coverage.0)),
        ("since", verdict.since.to_string()),
        ("for", count(verdict.sessions_in_stage, "session")),
        ("as of", report.as_of.to_string()),
    ]
}

fn groups(report: &Report) -> Vec<Group> {
    let group = |pillar: Pillar| Group {
        pillar: pillar.id(),
        question: words::question(pillar),
        rows: report.signals.iter().filter(|signal| signal.pillar == pillar).map(row).collect(),
    };
    let all = Pillar::ALL.into_iter().chain([Pillar::Cycles]);
    all.map(group).filter(|group| !group.rows.is_empty()).collect()
}

fn row(signal: &SignalRow) -> Row {
    let (mark, vote, _) = words::vote(signal, true);
    let year = signal.history.as_ref().filter(|_| signal.summary.is_some());
    Row {
        id: signal.id,
        mark,
        vote,
        tone: match signal.vote {
            Some(1..) => "favour",
            Some(..0) => "against",
            Some(0) => "",
            None => "missing",
        },
        reading: rows::reading(signal),
        year: Value::from_safe_string(year.map_or_else(String::new, |history| pictures::draw_year(&history.year))),
        place: rows::place(signal).map(|percentile| format!("{percentile:.0}")),
        since: signal.since.map_or(NO_FIGURE.into(), |day| day.to_string()),
    }
}

fn changes(section: flips::Section) -> Changes {
    let flips::Section { title, rows, said, notes } = section;
    Changes { title, names: flips::COLUMNS, rows, said, notes }
}

fn frame(picture: &Picture) -> Frame<'_> {
    let mut legend: Vec<(&str, &'static str)> = Vec::new();
    for (name, ink) in picture.shapes.iter().map(pictures::Shape::legend) {
        if !name.is_empty() && legend.iter().all(|(known, _)| *known != name) {
            legend.push((name, ink));
        }
    }
    Frame {
        title: &picture.title,
        svg: Value::from_safe_string(pictures::draw(picture)),
        legend,
        description: &picture.description,
        names: &picture.figures.names,
        rows: &picture.figures.rows,
    }
}

/// The notes below the signals, each with its label.
fn lines(report: &Report) -> Vec<(String, String)> {
    let line = |(label, about, text): page::Note| (format!("{label}: {about}"), text);
    notes::all(report).into_iter().map(line).collect()
}

/// Every input that bears on the verdict.
fn inputs(report: &Report) -> Vec<[String; 7]> {
    let day = |day: Option<crate::day::Day>| day.map_or(NO_FIGURE.into(), |day| day.to_string());
    let shown = report.inputs.iter().filter(|input| input.need != Need::Evidence);
    let row = |input: &crate::series::InputState| {
        [
            input.id.clone(),
            input.source.clone().unwrap_or_else(|| NO_FIGURE.into()),
            day(input.first),
            day(input.last),
            count(input.rows, "row"),
            input.age_sessions.map_or(NO_FIGURE.into(), |age| count(age as usize, "session")),
            format!("{:?}", input.state).to_lowercase(),
        ]
    };
    shown.map(row).collect()
}
