//! The page: columns of words, no line wider than the page, no word split.

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};

use super::ink::{Ink, paint};

/// Where a report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether it shows colour.
    pub color: bool,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

/// Lines of words longer than this tire the eye.
const WIDEST: usize = 120;
/// Rows of a table may be longer: each cell is read alone.
const BROADEST: usize = 200;
/// A narrower page is laid out as if it had this many columns.
const NARROWEST: usize = 40;
/// Spaces between columns.
const GAP: usize = 2;
/// Width of a label.
const LABEL: usize = 9;
/// Pages narrower than this have no column for what a note is about.
const THREE_FROM: usize = 60;
/// A space at which no line is broken; written as a plain one.
const BOUND: char = '\u{a0}';

/// A note: its label, what it is about, and the text.
pub(super) type Note = (&'static str, String, String);

/// A cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    content: String,
    ink: Ink,
    right: bool,
}

impl Text {
    /// A text in `ink`.
    pub(super) fn new(content: impl Into<String>, ink: Ink) -> Self {
        Self { content: content.into(), ink, right: false }
    }

    /// The same, set to the right.
    pub(super) fn right(self) -> Self {
        Self { right: true, ..self }
    }

    /// Adds to the end.
    pub(super) fn append(&mut self, more: &str) {
        self.content += more;
    }
}

impl<S: Into<String>> From<S> for Text {
    fn from(content: S) -> Self {
        Self::new(content, Ink::Plain)
    }
}

impl Page {
    /// Columns that are used.
    pub(super) fn columns(&self) -> usize {
        self.width.clamp(NARROWEST, WIDEST)
    }

    /// Columns of a table that needs them.
    pub(super) fn broad(&self) -> usize {
        self.width.clamp(NARROWEST, BROADEST)
    }

    /// Columns taken by columns of these widths, with the gap after each.
    pub(super) fn span(widths: &[usize]) -> usize {
        widths.iter().map(|width| width + GAP).sum()
    }

    /// A text as this page can show it, on one line however long.
    pub fn plain(&self, text: &str) -> String {
        text.chars().map(|char| self.char(char)).collect()
    }

    /// What is left for the last column beside columns of these widths.
    pub(super) fn rest(&self, others: &[usize]) -> usize {
        self.columns().saturating_sub(Self::span(others)).max(1)
    }

    /// A running text over the whole page.
    pub(super) fn paragraph(&self, text: Text) -> String {
        self.lay(&[self.columns()], &[vec![text]])
    }

    /// Lines with a label each.
    pub(super) fn list(&self, lines: Vec<[Text; 2]>) -> String {
        let bold = |[label, text]: [Text; 2]| vec![Text { ink: Ink::Bold, ..label }, text];
        self.lay(&[LABEL, self.rest(&[LABEL])], &lines.into_iter().map(bold).collect::<Vec<_>>())
    }

    /// Notes in three columns, the second `topic` wide, or two on a narrow page; each label and topic once.
    pub(super) fn notes(&self, topic: usize, notes: impl Iterator<Item = Note>) -> String {
        let narrow = self.columns() < THREE_FROM;
        let mut rows = Vec::new();
        let mut shown = ("", String::new());
        for (label, about, text) in notes {
            let first = Text::new(if label == shown.0 { "" } else { label }, Ink::Bold);
            rows.push(match narrow {
                true => vec![first, format!("{about}: {text}").into()],
                false if (label, &about) == (shown.0, &shown.1) => vec![first, "".into(), text.into()],
                false => vec![first, about.as_str().into(), text.into()],
            });
            shown = (label, about);
        }
        let lead = if narrow { vec![LABEL] } else { vec![LABEL, topic] };
        let rest = self.rest(&lead);
        self.lay(&[lead, vec![rest]].concat(), &rows)
    }

    /// Rows of cells in columns of these widths, wrapped at spaces; each line ends in a newline.
    pub(super) fn lay(&self, widths: &[usize], rows: &[Vec<Text>]) -> String {
        let mut table = self.blank();
        table.add_rows(rows.iter().map(|row| self.cells(widths, row)));
        finish(table, widths)
    }

    /// The same below a header and a line.
    pub(super) fn lay_below(&self, header: &[Text], widths: &[usize], rows: &[Vec<Text>]) -> String {
        let mut table = self.blank();
        let line = if self.unicode { '─' } else { '-' };
        table.load_style(TableStyle::new().header_separator(LineStyle::none().fill(line)));
        table.set_header(self.cells(widths, header));
        table.add_rows(rows.iter().map(|row| self.cells(widths, row)));
        finish(table, widths)
    }

    fn blank(&self) -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(self.broad() as u16);
        table
    }

    fn cells(&self, widths: &[usize], row: &[Text]) -> Vec<Cell> {
        row.iter().zip(widths).map(|(text, &width)| self.cell(text, width)).collect()
    }
    fn cell(&self, text: &Text, width: usize) -> Cell {
        let cell = Cell::new_owned(self.words(text, width));
        if text.right { cell.set_alignment(CellAlignment::Right) } else { cell }
    }

    /// The text as this page can show it: units stay with their figures, and a word wider than the
    /// column is cut with a sign.
    fn words(&self, text: &Text, width: usize) -> String {
        let ink = if self.color { text.ink } else { Ink::Plain };
        let shown: String = text.content.chars().map(|char| self.char(char)).collect();
        bind(&shown).split(' ').map(|word| ink.mark(&self.clip(word, width))).collect::<Vec<_>>().join(" ")
    }

    /// One character as this page can show it.
    fn char(&self, char: char) -> String {
        match char {
            _ if char.is_ascii_graphic() || char == ' ' => char.into(),
            _ if self.unicode && is_shown(char) => char.into(),
            _ if self.unicode => char.escape_unicode().to_string(),
            '≥' => ">=".into(),
            '≤' => "<=".into(),
            '–' | '−' | '—' | '·' | '─' => "-".into(),
            '…' => "...".into(),
            '→' => "->".into(),
            '×' => "x".into(),
            '÷' => "/".into(),
            '±' => "+/-".into(),
            'š' => "s".into(),
            _ => char.escape_unicode().to_string(),
        }
    }

    /// The word, cut to `width` columns.
    fn clip(&self, word: &str, width: usize) -> String {
        if word.chars().map(columns).sum::<usize>() <= width {
            return word.into();
        }
        let sign = if self.unicode { "…" } else { "..." };
        let mut left = width.saturating_sub(sign.chars().count());
        let kept = word.chars().take_while(|&char| {
            let fits = columns(char) <= left;
            left = left.saturating_sub(columns(char));
            fits
        });
        kept.chain(sign.chars()).collect()
    }
}

/// The table in columns of these widths, without spaces at the ends of lines.
fn finish(mut table: Table, widths: &[usize]) -> String {
    let last = widths.len() - 1;
    for (column, &width) in table.column_iter_mut().zip(widths) {
        let gap = if column.index == last { 0 } else { GAP };
        column.set_padding((0, gap as u16));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed((width + gap) as u16)));
    }
    paint(&table.trim_fmt()).replace(BOUND, " ") + "\n"
}

/// Units, which stay with the figure before them.
const UNITS: [&str; 2] = ["%", "bp"];
/// Signs of comparison, which stay with the figures on both sides.
const COMPARISONS: [&str; 6] = [">", "<", "≥", "≤", ">=", "<="];

/// Joins what no line may part.
fn bind(text: &str) -> String {
    let text = COMPARISONS
        .iter()
        .fold(text.to_owned(), |text, sign| text.replace(&format!(" {sign} "), &format!("{BOUND}{sign}{BOUND}")));
    UNITS.iter().fold(text, |text, unit| text.replace(&format!(" {unit}"), &format!("{BOUND}{unit}")))
}

/// Whether a terminal shows `char` as itself: no control, no mark of direction, nothing invisible.
pub(super) fn is_shown(char: char) -> bool {
    matches!(char, '\'' | '"' | '\\') || char.escape_debug().len() == 1
}

/// Columns a character takes, at most: East Asian and picture characters take two.
fn columns(char: char) -> usize {
    if char >= '\u{1100}' && !('\u{2010}'..='\u{25ff}').contains(&char) { 2 } else { 1 }
}
