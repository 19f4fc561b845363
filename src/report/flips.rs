//! What would change at the next close.

use serde::Serialize;

use super::figures::{Figure, signed_number, signed_percent};
use super::ink::Ink;
use super::page::{Page, Text};
use super::words;
use crate::day::Day;
use crate::signals::Vote;
use crate::verdict::{CONFIRMATION_SESSIONS, Change, Flip, Flips, Stage};

/// The next close at which a vote or the candidate stage would be another.
#[derive(Clone, Debug, Serialize)]
pub struct FlipRow {
    /// Whose close.
    pub input: &'static str,
    /// The close: there and beyond it is another.
    pub level: Figure,
    /// The same against the last close, a fraction.
    pub distance: Figure,
    /// Log distance in standard deviations of the last 63 daily log returns.
    pub sigmas: Figure,
    /// What changes.
    #[serde(flatten)]
    pub change: ChangeRow,
}

/// A change from one vote, or one candidate stage, to another.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeRow {
    /// The signal; null for the candidate stage.
    pub signal: Option<&'static str>,
    /// Before it.
    pub from: Said,
    /// After it.
    pub to: Said,
}

/// A vote or a stage.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub enum Said {
    /// A vote.
    Vote(Vote),
    /// A stage.
    Stage(Stage),
}

/// The session that the flips are for.
#[derive(Clone, Debug, Serialize)]
pub struct NextClose {
    /// The session.
    pub session: Day,
    /// What changes there though every close stands where it stood.
    pub unmoved: Vec<ChangeRow>,
    /// Why an input was not moved.
    pub missing: Vec<String>,
}

impl From<&Flip> for FlipRow {
    fn from(flip: &Flip) -> Self {
        let Flip { input, level, distance, sigmas, change } = *flip;
        let [level, distance, sigmas] = [level, distance, sigmas].map(Figure);
        Self { input, level, distance, sigmas, change: change.into() }
    }
}

impl From<Change> for ChangeRow {
    fn from(change: Change) -> Self {
        match change {
            Change::Vote { signal, from, to } => {
                Self { signal: Some(signal), from: Said::Vote(from), to: Said::Vote(to) }
            }
            Change::Candidate { from, to } => Self { signal: None, from: Said::Stage(from), to: Said::Stage(to) },
        }
    }
}

impl From<&Flips> for NextClose {
    fn from(flips: &Flips) -> Self {
        let unmoved = flips.unmoved.iter().copied().map(ChangeRow::from).collect();
        Self { session: flips.session, unmoved, missing: flips.missing.clone() }
    }
}

impl ChangeRow {
    /// What changes, and how.
    fn words(&self) -> [String; 2] {
        let what = self.signal.unwrap_or("candidate stage");
        [what.into(), format!("{} → {}", self.from.word(), self.to.word())]
    }
}

impl Said {
    fn word(self) -> &'static str {
        match self {
            Self::Vote(vote) => words::vote_word(vote),
            Self::Stage(stage) => stage.id(),
        }
    }
}

impl FlipRow {
    /// The close from which on it holds.
    fn close(&self) -> String {
        format!("{} {:.2}", if self.distance.0 < 0.0 { "≤" } else { "≥" }, self.level.0)
    }

    /// The row in one line, without what it is that changes.
    pub(super) fn line(&self) -> String {
        let (distance, sigmas) = (signed_percent(self.distance.0), signed_number(self.sigmas.0, 1));
        let [_, how] = self.change.words();
        format!("{} {} ({distance}, {sigmas} sigmas): {how}", self.input, self.close())
    }
}

/// Pages narrower than this show a change on lines of its own instead of in a row.
const ROWS_FROM: usize = 76;

/// Writes the section; empty where it was not asked for.
pub(super) fn render(flips: Option<&[FlipRow]>, next: Option<&NextClose>, page: &Page) -> String {
    let (Some(flips), Some(next)) = (flips, next) else { return String::new() };
    let title = format!("What the close of {} would change if one price alone moved", next.session);
    let mut text = page.paragraph(Text::new(title, Ink::Bold));
    text += &if flips.is_empty() {
        page.paragraph("nothing within four standard deviations of the last close".into())
    } else if page.columns() < ROWS_FROM {
        flips.iter().map(|flip| page.paragraph(format!("{}: {}", flip.change.words()[0], flip.line()).into())).collect()
    } else {
        rows(flips, page)
    };
    if !next.unmoved.is_empty() {
        let each: Vec<String> = next.unmoved.iter().map(|change| change.words().join(" ")).collect();
        text += &page.paragraph(format!("at unchanged prices: {}", each.join("; ")).into());
    }
    for reason in &next.missing {
        text += &page.paragraph(Text::new(format!("not moved: {reason}"), Ink::Dim));
    }
    let legend = format!(
        "sigmas: standard deviations of a day; a candidate becomes the stage once it has held for \
         {CONFIRMATION_SESSIONS} sessions"
    );
    text + &page.paragraph(Text::new(legend, Ink::Dim))
}

/// One row a change.
fn rows(flips: &[FlipRow], page: &Page) -> String {
    let widths = [5, 10, 8, 6, 20];
    let widths = [&widths[..], &[page.rest(&widths)]].concat();
    let dim = |name: &str| Text::new(name, Ink::Dim);
    let names = [
        dim("price"),
        dim("close").right(),
        dim("distance").right(),
        dim("sigmas").right(),
        dim("what"),
        dim("change"),
    ];
    let row = |flip: &FlipRow| {
        let [what, how] = flip.change.words();
        let figures = [flip.close(), signed_percent(flip.distance.0), signed_number(flip.sigmas.0, 1)];
        let figures = figures.map(|figure| Text::from(figure).right());
        let ink = if flip.change.signal.is_none() { Ink::Bold } else { Ink::Plain };
        [Text::from(flip.input)].into_iter().chain(figures).chain([Text::new(what, ink), how.into()]).collect()
    };
    page.lay_below(&names, &widths, &flips.iter().map(row).collect::<Vec<Vec<Text>>>())
}
