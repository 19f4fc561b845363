//! What would change at the next close.

use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{Figure, signed_number, signed_percent};
use super::ink::Ink;
use super::page::{Page, Text};
use super::{Report, words};
use crate::day::Day;
use crate::signals::Vote;
use crate::verdict::{CONFIRMATION_SESSIONS, Change, Flip, Flips, Stage};

/// The next close at which a vote or the candidate stage would be another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeRow {
    /// The signal; null for the candidate stage.
    pub signal: Option<&'static str>,
    /// Before it.
    pub from: Said,
    /// After it.
    pub to: Said,
}

/// A vote or a stage.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Said {
    /// A vote.
    Vote(Vote),
    /// A stage.
    Stage(Stage),
}

/// The session that the flips are for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextClose {
    /// The session.
    pub session: Day,
    /// The inputs that were moved, up to four standard deviations to either side.
    pub moved: Vec<&'static str>,
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
        Self { session: flips.session, moved: flips.moved.clone(), unmoved, missing: flips.missing.clone() }
    }
}

impl ChangeRow {
    /// What changes, and how.
    fn words(&self) -> [String; 2] {
        let what = self.signal.unwrap_or(CANDIDATE);
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

    /// Price, close, distance, sigmas, what, change.
    fn cells(&self) -> [String; 6] {
        let [what, how] = self.change.words();
        let (distance, sigmas) = (signed_percent(self.distance.0), signed_number(self.sigmas.0, 1));
        [self.input.into(), self.close(), distance, sigmas, what, how]
    }

    /// The row in one line, without what it is that changes.
    pub(super) fn line(&self) -> String {
        let [input, close, distance, sigmas, _, how] = self.cells();
        format!("{input} {close} ({distance}, {sigmas} sigmas): {how}")
    }
}

/// What changes where no signal does.
const CANDIDATE: &str = "candidate stage";

/// Pages narrower than this show a change on lines of its own instead of in a row.
const ROWS_FROM: usize = 76;

/// The section, apart from how it is laid out.
pub(super) struct Section {
    /// What the rows are.
    pub title: String,
    /// Price, close, distance, sigmas, what, change.
    pub rows: Vec<[String; 6]>,
    /// What is said above or in place of the rows.
    pub said: Vec<String>,
    /// What is said below them.
    pub notes: Vec<String>,
}

/// Names of the columns; those from the second to the fourth hold figures.
pub(super) const COLUMNS: [&str; 6] = ["price", "close", "distance", "sigmas", "what", "change"];

/// The section of a report; `None` where it was not asked for.
pub(super) fn section(report: &Report) -> Option<Section> {
    let (flips, next) = (report.flips.as_deref()?, report.next_close.as_ref()?);
    let mut said = Vec::new();
    if flips.is_empty() && !next.moved.is_empty() {
        let moved = next.moved.join(" or ");
        said.push(format!("nothing within four standard deviations of the last close of {moved}"));
    }
    if !next.unmoved.is_empty() {
        let each: Vec<String> = next.unmoved.iter().map(|change| change.words().join(" ")).collect();
        said.push(format!("at unchanged prices: {}", each.join("; ")));
    }
    let missing = next.missing.iter().map(|reason| format!("not moved: {reason}"));
    let legend = (!flips.is_empty()).then(|| {
        format!(
            "sigmas: standard deviations of a day; a candidate becomes the stage once it has held for \
             {CONFIRMATION_SESSIONS} sessions"
        )
    });
    Some(Section {
        title: format!("What the close of {} would change if one price alone moved", next.session),
        rows: flips.iter().map(FlipRow::cells).collect(),
        said,
        notes: missing.chain(legend).collect(),
    })
}

/// Writes the section; empty where it was not asked for.
pub(super) fn render(report: &Report, page: &Page) -> String {
    let Some(section) = section(report) else { return String::new() };
    let mut text = page.paragraph(Text::new(section.title, Ink::Bold));
    if page.columns() < ROWS_FROM {
        let flips = report.flips.iter().flatten();
        text += &flips
            .map(|flip| page.paragraph(format!("{}: {}", flip.change.words()[0], flip.line()).into()))
            .collect::<String>();
    } else if !section.rows.is_empty() {
        text += &rows(&section.rows, page);
    }
    text += &section.said.into_iter().map(|line| page.paragraph(line.into())).collect::<String>();
    text + &section.notes.into_iter().map(|line| page.paragraph(Text::new(line, Ink::Dim))).collect::<String>()
}

/// One row a change.
fn rows(rows: &[[String; 6]], page: &Page) -> String {
    let widths = [5, 10, 8, 6, 20];
    let widths = [&widths[..], &[page.rest(&widths)]].concat();
    let place = |(i, text): (usize, Text)| if (1..4).contains(&i) { text.right() } else { text };
    let names = COLUMNS.map(|name| Text::new(name, Ink::Dim)).into_iter().enumerate().map(place).collect::<Vec<_>>();
    let row = |cells: &[String; 6]| {
        let ink = |i: usize| if i == 4 && cells[4] == CANDIDATE { Ink::Bold } else { Ink::Plain };
        cells.iter().enumerate().map(|(i, cell)| place((i, Text::new(cell.as_str(), ink(i))))).collect()
    };
    page.lay_below(&names, &widths, &rows.iter().map(row).collect::<Vec<Vec<Text>>>())
}
