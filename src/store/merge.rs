//! New rows onto held ones: agreed, added to, or refused.

use std::fmt;

use crate::bars::{Bar, Bars, Columns, Points, told};
use crate::day::Day;

/// Who brings the new rows, and what they may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// The source that served the held rows: its later word on the last of them and on dividends
    /// counts, and rows that were missed are added.
    Again,
    /// A source, onto rows it did not serve: nothing but rows after the last is added.
    Append,
    /// Another file of the user, onto the user's own rows: missing rows are added.
    Extend,
    /// A file of the user, onto rows a source served: missing rows are added.
    Supplement,
}

/// Rows in common that show two series to be quoted alike.
pub const OVERLAP: usize = 5;

/// Closes agree within this, or within [`CLOSE_RELATIVE`] of the price.
const CLOSE_ABSOLUTE: f64 = 0.005;
/// Sources keep prices in single precision.
const CLOSE_RELATIVE: f64 = 1e-5;
/// Dividends agree within this, or within [`DIVIDEND_RELATIVE`] of the amount: sources round them
/// to three to six decimals.
const DIVIDEND_ABSOLUTE: f64 = 1e-4;
/// See [`DIVIDEND_ABSOLUTE`].
const DIVIDEND_RELATIVE: f64 = 5e-3;
/// Published values and split factors agree within this, absolute and relative.
const VALUE: f64 = 1e-9;

/// How far two statements of the same dividend may lie apart.
pub fn dividend_tolerance(amount: f64) -> f64 {
    DIVIDEND_ABSOLUTE.max(DIVIDEND_RELATIVE * amount)
}

/// What became of new rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Merge {
    /// They say nothing that is not held.
    Unchanged,
    /// They add to what is held.
    Extended {
        /// Held and new rows together.
        columns: Columns,
        /// Days that were not held.
        added: usize,
        /// Held rows of which something changed.
        replaced: usize,
    },
    /// They do not belong to what is held.
    Conflict(Conflict),
}

/// Why new rows do not belong to held ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conflict {
    /// Figures that disagree, by day.
    pub differences: Vec<Difference>,
    /// Days in common.
    pub overlap: usize,
    /// Days in common that would do.
    pub needed: usize,
}

/// A figure that two series give differently.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The day.
    pub day: Day,
    /// The column.
    pub column: &'static str,
    /// The held figure.
    pub held: f64,
    /// The new one.
    pub new: f64,
}

/// Differences that are shown; the others are counted.
const SHOWN: usize = 3;

impl Conflict {
    /// Days in common that are lacking, where nothing disagrees: more of them may yet show that both fit.
    pub fn lacks_days(&self) -> Option<usize> {
        (self.differences.is_empty() && self.overlap < self.needed).then_some(self.needed)
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { differences, overlap, needed } = self;
        if differences.is_empty() {
            let day = format_args!("{overlap} day{}", plural(*overlap));
            return write!(f, "{day} in common, {needed} needed to tell that both are quoted alike");
        }
        let (all, days) = (differences.len(), plural(*overlap));
        let disagree = if all == 1 { "disagrees" } else { "disagree" };
        write!(f, "{all} figure{} of {overlap} common day{days} {disagree}", plural(all))?;
        for (i, Difference { day, column, held, new }) in differences.iter().take(SHOWN).enumerate() {
            let (held, new) = (told(*held), told(*new));
            write!(f, "{} {day} {column} {held} held, {new} new", if i == 0 { ":" } else { ";" })?;
        }
        if all > SHOWN { write!(f, "; …") } else { Ok(()) }
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Lays `new` rows onto `held` ones.
///
/// Days in common must agree, and there must be [`OVERLAP`] of them (all, where the held rows are
/// fewer and of the same owner) before anything is added; values of the user's own, which no split
/// can shift, are added without.
pub fn merge(held: &Columns, new: &Columns, terms: Terms) -> Merge {
    match (held, new) {
        (Columns::Bars(held), Columns::Bars(new)) => {
            let rows = |bars: &Bars| (0..bars.len()).map(|i| bars.row(i)).collect::<Vec<_>>();
            // a bar without a close counts for what it pays
            let says = |bar: &Bar| !bar.close.is_nan() || bar.dividend != 0.0 || bar.split != 1.0;
            let new = rows(new).into_iter().filter(says).collect();
            lay(&rows(held), new, terms).into_merge(|rows| Columns::Bars(rows.into_iter().collect()))
        }
        (Columns::Points(held), Columns::Points(new)) => {
            let rows = |points| Point::all(points).collect::<Vec<_>>();
            lay(&rows(held), rows(new), terms).into_merge(|rows| {
                let mut points = Points::default();
                for row in rows {
                    points.push_row(row.points, row.at);
                }
                Columns::Points(points)
            })
        }
        _ => Merge::Conflict(Conflict::default()),
    }
}

/// One row of [`Points`].
#[derive(Clone, Copy)]
struct Point<'a> {
    points: &'a Points,
    at: usize,
}

impl<'a> Point<'a> {
    fn all(points: &'a Points) -> impl Iterator<Item = Self> {
        (0..points.len()).map(move |at| Self { points, at })
    }

    fn figures(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.points.figures().map(|(name, figure)| (name, figure[self.at]))
    }
}

/// A row that can meet another of the same day.
trait Row: Copy {
    fn day(&self) -> Day;
    /// Whether it has the figure by which series are told to agree.
    fn counts(&self) -> bool;
    /// Whether every figure is the same, absent ones too.
    fn same(&self, other: &Self) -> bool;
    /// Notes what the two give differently.
    fn compare(&self, new: &Self, terms: Terms, differences: &mut Vec<Difference>);
    /// What the two make together; `last` for the last held row.
    fn blend(&self, new: &Self, terms: Terms, last: bool) -> Self;
    /// Days in common that `held` rows need before anything is added.
    fn needed(held: usize, terms: Terms) -> usize;
}

impl Row for Bar {
    fn day(&self) -> Day {
        self.day
    }

    fn counts(&self) -> bool {
        !self.close.is_nan()
    }

    fn same(&self, other: &Self) -> bool {
        let figures = |bar: &Self| [bar.open, bar.high, bar.low, bar.close, bar.volume, bar.dividend, bar.split];
        figures(self).iter().zip(figures(other)).all(|(&a, b)| a == b || (a.is_nan() && b.is_nan()))
    }

    fn compare(&self, new: &Self, terms: Terms, differences: &mut Vec<Difference>) {
        let mut note = |column, held: f64, new: f64, tolerance: f64| {
            if (held - new).abs() > tolerance {
                differences.push(Difference { day: self.day, column, held, new });
            }
        };
        note("close", self.close, new.close, CLOSE_ABSOLUTE.max(CLOSE_RELATIVE * self.close));
        if terms == Terms::Append {
            return;
        }
        note("split", self.split, new.split, VALUE * self.split.max(1.0));
        if terms != Terms::Again {
            note("dividend", self.dividend, new.dividend, dividend_tolerance(self.dividend));
        }
    }

    fn blend(&self, new: &Self, terms: Terms, last: bool) -> Self {
        match terms {
            _ if self.close.is_nan() && !new.close.is_nan() => *new,
            Terms::Again if last && !new.close.is_nan() => *new,
            Terms::Again => Self { dividend: new.dividend, ..*self },
            _ => *self,
        }
    }

    fn needed(held: usize, terms: Terms) -> usize {
        match terms {
            Terms::Again | Terms::Append | Terms::Extend => OVERLAP.min(held),
            Terms::Supplement => OVERLAP,
        }
    }
}

impl Row for Point<'_> {
    fn day(&self) -> Day {
        self.points.day[self.at]
    }

    fn counts(&self) -> bool {
        true
    }

    fn same(&self, other: &Self) -> bool {
        self.figures().eq(other.figures())
    }

    fn compare(&self, new: &Self, _: Terms, differences: &mut Vec<Difference>) {
        for ((column, held), (_, new)) in self.figures().zip(new.figures()) {
            if (held - new).abs() > VALUE * held.abs().max(1.0) {
                differences.push(Difference { day: self.day(), column, held, new });
            }
        }
    }

    fn blend(&self, _: &Self, _: Terms, _: bool) -> Self {
        *self
    }

    fn needed(held: usize, terms: Terms) -> usize {
        match terms {
            Terms::Again | Terms::Append => OVERLAP.min(held),
            Terms::Extend => 0,
            Terms::Supplement => OVERLAP,
        }
    }
}

/// Held and new rows laid together, before it is judged.
struct Laid<T> {
    rows: Vec<T>,
    added: usize,
    replaced: usize,
    conflict: Conflict,
}

fn lay<T: Row>(held: &[T], new: Vec<T>, terms: Terms) -> Laid<T> {
    let needed = T::needed(held.len(), terms);
    let conflict = Conflict { needed, ..Conflict::default() };
    let mut laid = Laid { rows: Vec::with_capacity(held.len() + new.len()), added: 0, replaced: 0, conflict };
    let last = held.last().map(Row::day);
    let mut new = new.into_iter().peekable();
    for row in held {
        while let Some(earlier) = new.next_if(|new| new.day() < row.day()) {
            if terms != Terms::Append {
                laid.rows.push(earlier);
                laid.added += 1;
            }
        }
        let Some(again) = new.next_if(|new| new.day() == row.day()) else {
            laid.rows.push(*row);
            continue;
        };
        laid.conflict.overlap += usize::from(row.counts() && again.counts());
        row.compare(&again, terms, &mut laid.conflict.differences);
        let blended = row.blend(&again, terms, last == Some(row.day()));
        laid.replaced += usize::from(!blended.same(row));
        laid.rows.push(blended);
    }
    laid.added += new.len();
    laid.rows.extend(new);
    laid
}

impl<T> Laid<T> {
    fn into_merge(self, columns: impl FnOnce(Vec<T>) -> Columns) -> Merge {
        let Self { rows, added, replaced, conflict } = self;
        if !conflict.differences.is_empty() || (added > 0 && conflict.overlap < conflict.needed) {
            return Merge::Conflict(conflict);
        }
        if added == 0 && replaced == 0 {
            return Merge::Unchanged;
        }
        Merge::Extended { columns: columns(rows), added, replaced }
    }
}
