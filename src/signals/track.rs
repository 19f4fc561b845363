//! Readings and votes, one a session.

use crate::day::Day;
use crate::series::Figure;

/// +1 for rotation into small caps, 0, −1 against; `None` when it cannot be said.
pub type Vote = Option<i8>;

/// One reading over the sessions.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers; `NaN` where missing.
    Number(Vec<f64>),
    /// Yes or no.
    Flag(Vec<Option<bool>>),
    /// Words: an index into the names, `None` where missing.
    Word(Vec<Option<u16>>, Vec<String>),
    /// Days.
    Date(Vec<Option<Day>>),
    /// The reading of the last session alone, the others forgotten; see [`Track::cut`].
    Last(Value),
}

/// One reading at one session.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A word.
    Word(String),
    /// A day.
    Date(Day),
    /// None, for the reason that stands in [`Track::reasons`] at the last session.
    Missing,
}

impl Column {
    /// Number of sessions.
    fn len(&self) -> usize {
        match self {
            Self::Number(column) => column.len(),
            Self::Flag(column) => column.len(),
            Self::Word(column, _) => column.len(),
            Self::Date(column) => column.len(),
            Self::Last(_) => 1,
        }
    }

    /// The reading at `session`.
    pub fn value(&self, session: usize) -> Value {
        let value = match self {
            Self::Number(column) => Some(column[session]).filter(|x| x.is_finite()).map(Value::Number),
            Self::Flag(column) => column[session].map(Value::Flag),
            Self::Word(column, names) => column[session].map(|i| Value::Word(names[usize::from(i)].clone())),
            Self::Date(column) => column[session].map(Value::Date),
            Self::Last(value) => return value.clone(),
        };
        value.unwrap_or(Value::Missing)
    }
}

/// What a signal says of every session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// The readings, in the order of the signal's table.
    pub columns: Vec<Column>,
    /// The vote of each session.
    pub votes: Vec<Vote>,
    /// Whether the last vote is an earlier one that was kept, as nothing called for another.
    pub kept: bool,
    /// Why a reading is missing at the last session, by column; `None` where it is there.
    pub reasons: Vec<Option<String>>,
    /// Why there is no vote at the last session; `None` where there is one.
    pub missing: Option<String>,
}

impl Track {
    /// A track that votes so, by what `deciding` figures say: the first of them that is missing at
    /// the last session is why there is no vote then. The columns follow in the order of the table.
    pub fn new(votes: Votes, deciding: &[&Figure]) -> Self {
        let Votes { each: votes, kept } = votes;
        let silent = votes.last().is_none_or(Option::is_none);
        let missing = deciding.iter().find_map(|figure| figure.reason.clone()).filter(|_| silent);
        Self { columns: Vec::new(), votes, kept, reasons: Vec::new(), missing }
    }

    /// Adds a reading in numbers.
    #[must_use]
    pub fn number(self, figure: Figure) -> Self {
        self.column(Column::Number(figure.values), figure.reason)
    }

    /// Adds a reading of yes (not 0) and no (0).
    #[must_use]
    pub fn flag(self, figure: Figure) -> Self {
        let flags = figure.values.iter().map(|&x| (!x.is_nan()).then_some(x != 0.0)).collect();
        self.column(Column::Flag(flags), figure.reason)
    }

    /// Adds a reading in words: the figure is an index into `names`.
    #[must_use]
    pub fn word(self, figure: Figure, names: impl IntoIterator<Item: Into<String>>) -> Self {
        let words = figure.values.iter().map(|&x| (!x.is_nan()).then_some(x as u16)).collect();
        self.column(Column::Word(words, names.into_iter().map(Into::into).collect()), figure.reason)
    }

    /// Adds a reading of days: the figure is a day's number.
    #[must_use]
    pub fn date(self, figure: Figure) -> Self {
        let days = figure.values.iter().map(|&x| (!x.is_nan()).then(|| Day::from_number(x as i32))).collect();
        self.column(Column::Date(days), figure.reason)
    }

    /// Forgets of every column but that number `kept` what lies before the last session: a report of that
    /// session reads no more, and the memory serves the next track.
    pub fn cut(&mut self, kept: Option<usize>) {
        let Some(last) = self.votes.len().checked_sub(1) else { return };
        for (at, column) in self.columns.iter_mut().enumerate() {
            if Some(at) != kept {
                *column = Column::Last(column.value(last));
            }
        }
    }

    /// Adds a column and why it has no value at the last session.
    fn column(mut self, column: Column, reason: Option<String>) -> Self {
        // of a reading that is only shown there may be the last value alone
        let alone = column.len() < self.votes.len();
        self.columns.push(if alone { Column::Last(column.value(column.len() - 1)) } else { column });
        self.reasons.push(reason);
        self
    }
}

/// The vote a figure of sides stands for: `None` where it is missing.
pub fn said(side: f64) -> Vote {
    (!side.is_nan()).then_some(side as i8)
}

/// The side of a value: +1 above `band`, −1 below −`band`, 0 between; `None` when it is missing.
pub fn beyond(x: f64, band: f64) -> Vote {
    if x.is_nan() { None } else { Some(i8::from(x > band) - i8::from(x < -band)) }
}

/// The votes of a signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Votes {
    /// One a session.
    pub each: Vec<Vote>,
    /// Whether the last is an earlier one that was kept.
    pub kept: bool,
}

impl FromIterator<Vote> for Votes {
    /// Votes without memory.
    fn from_iter<I: IntoIterator<Item = Vote>>(votes: I) -> Self {
        Self { each: votes.into_iter().collect(), kept: false }
    }
}

/// Votes with memory: `say` gives the side a session calls for, `Some(0)` inside the band, where
/// the vote stays what it was, and `None` where nothing can be said. Memory starts at 0 and
/// survives sessions without a vote.
pub fn keeps(sessions: usize, say: impl Fn(usize) -> Vote) -> Votes {
    let mut side = 0;
    let mut called = None;
    let each = (0..sessions)
        .map(|t| {
            called = say(t);
            side = called.filter(|&called| called != 0).unwrap_or(side);
            called.map(|_| side)
        })
        .collect();
    Votes { each, kept: called == Some(0) && side != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_vote_starts_at_zero_and_survives_the_band_and_gaps() {
        let said = [Some(0), Some(1), Some(0), None, Some(0), Some(-1), Some(0)];
        let votes = keeps(said.len(), |t| said[t]);
        assert_eq!(votes.each, [Some(0), Some(1), Some(1), None, Some(1), Some(-1), Some(-1)]);
        assert!(votes.kept && !keeps(6, |t| said[t]).kept && !keeps(1, |t| said[t]).kept);
    }
}
