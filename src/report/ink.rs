//! How words stand out.
//!
//! Each word is marked by characters without width while the text is laid out, and the marks are
//! painted afterwards: a style never reaches into the next column.

use anstyle::{Ansi256Color, Style};

/// A way to stand out. Blue and orange are told apart by the colour-blind; no meaning rests on them alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    #[default]
    Plain,
    Bold,
    Dim,
    /// For rotation into small caps.
    Favour,
    /// Against it.
    Against,
}

/// Opens the marked inks; no text shown has such characters, which are escaped.
const MARKS: [(Ink, char); 4] =
    [(Ink::Bold, '\u{2061}'), (Ink::Dim, '\u{2062}'), (Ink::Favour, '\u{2063}'), (Ink::Against, '\u{2064}')];
/// Closes any of them.
const END: char = '\u{2060}';

impl Ink {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Bold => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Favour => Style::new().bold().fg_color(Some(anstyle::Color::Ansi256(Ansi256Color(33)))),
            Self::Against => Style::new().bold().fg_color(Some(anstyle::Color::Ansi256(Ansi256Color(166)))),
        }
    }

    /// The word with its marks.
    pub(super) fn mark(self, word: &str) -> String {
        match MARKS.iter().find(|(ink, _)| *ink == self) {
            Some((_, mark)) if !word.is_empty() => format!("{mark}{word}{END}"),
            _ => word.to_owned(),
        }
    }
}

/// Puts styles for the marks, one for a run of words.
pub(super) fn paint(text: &str) -> String {
    let painted = MARKS.iter().fold(text.to_owned(), |text, (ink, mark)| {
        text.replace(&format!("{END} {mark}"), " ").replace(*mark, &ink.style().render().to_string())
    });
    painted.replace(END, &anstyle::Reset.render().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_one_ink_share_a_style_and_columns_do_not() {
        let marked = [Ink::Bold.mark("a"), Ink::Bold.mark("b"), Ink::Plain.mark("c"), Ink::Bold.mark("d")];
        let line = format!("{} {} {}  {}", marked[0], marked[1], marked[2], marked[3]);
        assert_eq!(paint(&line), "\u{1b}[1ma b\u{1b}[0m c  \u{1b}[1md\u{1b}[0m");
    }
}
