//! What pictures are made of: columns over the sessions, thinned to what an eye can tell apart.

use super::{Figures, Shape};
use crate::report::Report;
use crate::report::figures::figure;
use crate::series::Market;
use crate::signals::{Column, Unit, Value};
use crate::verdict::{Tracked, Verdict};

/// Points of a line, at most.
const POINTS: usize = 400;
/// Rows of a table by months.
const MONTHS: usize = 13;

/// A market with all that is said of it.
pub(super) struct Scene<'a> {
    pub market: &'a Market,
    pub tracks: &'a [Tracked],
    pub verdict: &'a Verdict,
    pub report: &'a Report,
}

/// A column of a table: its name and what stands in it.
pub(super) type Named<'a> = (&'static str, Cells<'a>);

/// What stands in a column of a table, by sessions.
#[derive(Clone, Copy)]
pub(super) enum Cells<'a> {
    /// Figures in their unit.
    In(Unit, &'a [f64]),
    /// Figures in a way of their own.
    Told(fn(f64) -> String, &'a [f64]),
    /// Words, which make the table no longer than its figures are.
    Words(&'a dyn Fn(usize) -> String),
}

impl<'a> Cells<'a> {
    fn figures(self) -> Option<&'a [f64]> {
        match self {
            Self::In(_, figures) | Self::Told(_, figures) => Some(figures),
            Self::Words(_) => None,
        }
    }

    fn at(self, session: usize) -> String {
        match self {
            Self::In(unit, figures) => shown(figures[session], unit),
            Self::Told(tell, figures) => tell(figures[session]),
            Self::Words(word) => word(session),
        }
    }
}

impl Scene<'_> {
    /// A reading of a signal over the sessions.
    pub(super) fn column(&self, signal: &str, reading: &str) -> Option<&Column> {
        let (signal, track) = self.tracks.iter().find(|(one, _)| one.id == signal)?;
        let at = signal.readings.iter().position(|one| one.name == reading)?;
        track.as_ref().ok()?.columns.get(at)
    }

    /// The same in numbers, where there is one.
    pub(super) fn numbers(&self, signal: &str, reading: &str) -> Option<&[f64]> {
        match self.column(signal, reading)? {
            Column::Number(numbers) if numbers.iter().any(|number| number.is_finite()) => Some(numbers),
            _ => None,
        }
    }

    /// A reading at the reference session; `NaN` where it is none.
    pub(super) fn latest(&self, signal: &str, reading: &str) -> f64 {
        self.numbers(signal, reading).and_then(|numbers| numbers.last().copied()).unwrap_or(f64::NAN)
    }

    /// The first session at which one of `columns` has a value.
    pub(super) fn start(&self, columns: &[&[f64]]) -> usize {
        let first = |column: &&[f64]| column.iter().position(|value| value.is_finite());
        columns.iter().filter_map(first).min().unwrap_or(self.market.last())
    }

    /// The last session at which one of `columns` has a value.
    pub(super) fn end(&self, columns: &[&[f64]]) -> usize {
        let last = |column: &&[f64]| column.iter().rposition(|value| value.is_finite());
        columns.iter().filter_map(last).max().unwrap_or(self.market.last())
    }

    /// A session as a value of an axis of days.
    pub(super) fn x(&self, session: usize) -> f64 {
        f64::from(self.market.sessions[session].number())
    }

    /// A line through `values` from session `start` on.
    pub(super) fn line(&self, name: &str, ink: &'static str, values: &[f64], start: usize) -> Shape {
        let end = values.iter().rposition(|value| value.is_finite()).map_or(start, |last| last + 1);
        let step = end.saturating_sub(start).div_ceil(POINTS).max(1);
        // the last value always has its point
        let kept = (start..end).filter(|t| (end - 1 - t).is_multiple_of(step));
        let points = kept.map(|t| values[t].is_finite().then(|| (self.x(t), values[t]))).collect();
        Shape::Line { name: name.into(), ink, points }
    }

    /// Spells of equal `kinds` from session `start` on: first session, last session, kind.
    pub(super) fn spells<T: PartialEq + Copy>(start: usize, kinds: &[T]) -> Vec<(usize, usize, T)> {
        let mut spells: Vec<(usize, usize, T)> = Vec::new();
        for (t, &kind) in kinds.iter().enumerate().skip(start) {
            match spells.last_mut() {
                Some((_, last, known)) if *known == kind => *last = t,
                _ => spells.push((t, t, kind)),
            }
        }
        spells
    }

    /// The figures at the last session of each year, the newest first.
    pub(super) fn by_years(&self, start: usize, columns: &[Named]) -> Figures {
        self.by(start, usize::MAX, columns, |t| self.market.sessions[t].year())
    }

    /// The figures at the last session of each month of the last year.
    pub(super) fn by_months(&self, start: usize, columns: &[Named]) -> Figures {
        self.by(start, MONTHS, columns, |t| self.market.sessions[t].month())
    }

    fn by(&self, start: usize, rows: usize, columns: &[Named], period: impl Fn(usize) -> i32) -> Figures {
        let last = self.end(&columns.iter().filter_map(|(_, cells)| cells.figures()).collect::<Vec<_>>());
        let ends = (start..=last).rev().filter(|&t| t == last || period(t) != period(t + 1)).take(rows);
        let row = |t: usize| {
            let cells = columns.iter().map(|(_, cells)| cells.at(t));
            std::iter::once(self.market.sessions[t].to_string()).chain(cells).collect()
        };
        let names = columns.iter().map(|(name, ..)| (*name).to_owned());
        Figures { names: std::iter::once("date".to_owned()).chain(names).collect(), rows: ends.map(row).collect() }
    }
}

/// A figure in its unit, for people.
pub(super) fn shown(value: f64, unit: Unit) -> String {
    figure(&if value.is_finite() { Value::Number(value) } else { Value::Missing }, unit)
}
