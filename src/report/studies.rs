//! What followed cuts of the policy rate: a table for people, and one to plot.

use std::fmt::Write;

use super::figures::{NO_FIGURE, signed};
use super::ink::Ink;
use super::page::{Page, Text};
use super::words::SYNTHETIC;
use super::{Figure, Told};
use crate::evidence::events::{Measured, Outcome, Study, Summary};

/// Widths of the columns before the figures: date, class, pair; on a narrow page date and class.
const LEAD: [usize; 3] = [19, 10, 10];
const NARROW_LEAD: [usize; 2] = [10, 9];
/// Pages narrower than this are narrow.
const WIDE_FROM: usize = 76;
/// Width of a figure.
const FIGURE: usize = 6;
/// Spaces between columns.
const GAP: usize = 2;

/// Writes the study; no line is wider than the page.
pub fn study(told: &Told<Study>, page: &Page) -> String {
    let study = told.what;
    let mut out = String::new();
    if told.synthetic {
        out += &page.paragraph(Text::new(SYNTHETIC, Ink::Bold));
    }
    let title = format!("CUTS OF THE POLICY RATE as of {}: small caps less large caps", told.as_of);
    out += &page.paragraph(Text::new(title, Ink::Bold));
    out += &page.paragraph(
        "Points of change from the last close up to the announcement to the last one up to so many months later; \
         closes as quoted, without dividends."
            .into(),
    );
    let lead: &[usize] = if page.columns() < WIDE_FROM { &NARROW_LEAD } else { &LEAD };
    // as many months as there is room for, the last ones
    let months = study.events.first().map_or(&[][..], |event| &event.outcomes);
    let skipped = months.len().saturating_sub(page.rest(lead) / (FIGURE + GAP));
    let widths: Vec<usize> = lead.iter().copied().chain(months[skipped..].iter().map(|_| FIGURE)).collect();
    let names = ["cut", "class", "measured"].map(|name| Text::new(name, Ink::Dim));
    let figures = months.iter().map(|one| Text::new(format!("{} m", one.months), Ink::Dim).right());
    let row = |names: [Text; 3], figures: Vec<Text>| -> Vec<Text> {
        names.into_iter().take(lead.len()).chain(figures.into_iter().skip(skipped)).collect()
    };
    let events: Vec<Vec<Text>> = study.events.iter().map(|one| row(event(one, lead[0]), relatives(one))).collect();
    out += "\n";
    out += &page.lay_below(&row(names, figures.collect()), &widths, &events);
    for class in study.summaries.chunk_by(|one, other| one.class == other.class) {
        let sums: Vec<Vec<Text>> = sums(class).into_iter().map(|(names, figures)| row(names, figures)).collect();
        out += "\n";
        out += &page.lay(&widths, &sums);
    }
    out + "\n" + &page.paragraph(Text::new(legend(study, lead[0]), Ink::Dim))
}

/// Explains what is shown.
fn legend(study: &Study, width: usize) -> String {
    let given = study.events.iter().any(|one| marked(one, width)).then_some("given: from the file of dates; ");
    let hindsight = study
        .events
        .iter()
        .any(|one| one.event.class.is_hindsight())
        .then_some("last-cut: in hindsight, nobody could know on the day that no other cut would follow; ");
    let sums = "low, high: the mean without the one cut that moves it most.";
    [given.unwrap_or_default(), hindsight.unwrap_or_default(), sums].concat()
}

/// Whether a cut is marked as one of the file of dates, for which a narrow page has no room.
fn marked(measured: &Measured, width: usize) -> bool {
    measured.event.given && width > NARROW_LEAD[0]
}

/// One cut: its day, class and pair.
fn event(measured: &Measured, width: usize) -> [Text; 3] {
    let Measured { event, outcomes } = measured;
    let given = if marked(measured, width) { " (given)" } else { "" };
    let pair = outcomes.iter().find_map(|outcome| outcome.pair).map_or(NO_FIGURE.into(), |pair| pair.join(" "));
    [format!("{}{given}", event.date).into(), event.class.id().into(), pair.into()]
}

/// What followed it.
fn relatives(measured: &Measured) -> Vec<Text> {
    measured.outcomes.iter().map(|outcome| figure(outcome.relative)).collect()
}

/// What a class comes to: lines of three words and figures.
fn sums(summaries: &[Summary]) -> Vec<([Text; 3], Vec<Text>)> {
    let Some(first) = summaries.first() else { return Vec::new() };
    let line = |label: &str, unit: &str, of: &dyn Fn(&Summary) -> Text| {
        let beside = if first.hindsight && !label.is_empty() { "hindsight" } else { "" };
        ([Text::new(label, Ink::Bold), unit.into(), beside.into()], summaries.iter().map(of).collect())
    };
    let extreme = |summary: &Summary, pick: fn(f64, f64) -> f64| {
        summary.without.iter().map(|one| one.mean).filter(|mean| !mean.is_nan()).reduce(pick).unwrap_or(f64::NAN)
    };
    vec![
        line(first.class.id(), "mean", &|summary| figure(summary.mean)),
        line("", "error", &|summary| Text::from(unsigned(summary.standard_error)).right()),
        line("", "low", &|summary| figure(extreme(summary, f64::min))),
        line("", "high", &|summary| figure(extreme(summary, f64::max))),
        line("", "cuts", &|summary| Text::from(summary.n.to_string()).right()),
    ]
}

/// Points, one decimal.
fn figure(fraction: f64) -> Text {
    Text::from(if fraction.is_nan() { NO_FIGURE.into() } else { signed(100.0 * fraction, 1) }).right()
}

/// The same without a sign.
fn unsigned(fraction: f64) -> String {
    if fraction.is_nan() { NO_FIGURE.into() } else { format!("{:.1}", 100.0 * fraction) }
}

/// Writes a line for each cut and month.
pub fn study_csv(told: &Told<Study>) -> String {
    let mut out =
        String::from("date,class,hindsight,given,months,small,large,small_change,large_change,relative,synthetic\n");
    for Measured { event, outcomes } in &told.what.events {
        for Outcome { months, pair, small, large, relative } in outcomes {
            let [one, other] = pair.unwrap_or_default();
            let figures = [small, large, relative]
                .map(|&figure| Figure(figure).rounded().map_or(String::new(), |figure| figure.to_string()));
            let (class, hindsight) = (event.class, event.class.is_hindsight());
            writeln!(
                out,
                "{},{class},{hindsight},{},{months},{one},{other},{},{}",
                event.date,
                event.given,
                figures.join(","),
                told.synthetic
            )
            .expect("writing to a string");
        }
    }
    out
}
