//! Bars of one series while files are laid together, and how each dividend is known.

use std::collections::BTreeMap;

use crate::bars::{Bars, Columns, Dividends, Series};
use crate::day::Day;
use crate::import::{Payment, Quotes};
use crate::store::{Conflict, Difference, Merge, Terms, dividend_tolerance, merge};

/// Bars with how the dividend of each row is known.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) bars: Bars,
    pub(super) known: Vec<Dividends>,
    gives_splits: bool,
}

impl From<Quotes> for Draft {
    fn from(quotes: Quotes) -> Self {
        Self { bars: quotes.bars, known: quotes.dividends, gives_splits: quotes.gives_splits }
    }
}

impl Draft {
    /// The bars of a stored series; `None` for values.
    pub(super) fn held(series: &Series) -> Option<Self> {
        let Columns::Bars(bars) = &series.columns else { return None };
        let known = vec![series.origin.dividends; bars.len()];
        Some(Self { gives_splits: bars.split.iter().any(|&split| split != 1.0), known, bars: bars.clone() })
    }

    /// How the dividends are known: as the worst of them is.
    pub(super) fn dividends(&self) -> Dividends {
        self.known.iter().copied().max().unwrap_or_default()
    }

    /// Adds the days of `new` that are not held. Of the days in common the close must agree, and the
    /// dividend and split where both give them; a dividend better known replaces another.
    pub(super) fn join(mut self, mut new: Self, terms: Terms) -> Result<Self, Conflict> {
        for (i, day) in self.bars.day.iter().enumerate() {
            let Ok(j) = new.bars.day.binary_search(day) else { continue };
            if new.known[j] < self.known[i] {
                (self.bars.dividend[i], self.known[i]) = (new.bars.dividend[j], new.known[j]);
            } else if new.known[j] > Dividends::Reported {
                (new.bars.dividend[j], new.known[j]) = (self.bars.dividend[i], self.known[i]);
            }
            match (self.gives_splits, new.gives_splits) {
                (_, false) => new.bars.split[j] = self.bars.split[i],
                (false, true) => self.bars.split[i] = new.bars.split[j],
                (true, true) => {}
            }
        }
        let gives_splits = self.gives_splits || new.gives_splits;
        let (held, added) = (Columns::Bars(self.bars), Columns::Bars(new.bars));
        let columns = match merge(&held, &added, terms) {
            Merge::Conflict(conflict) => return Err(conflict),
            Merge::Unchanged => held.clone(),
            Merge::Extended { columns, .. } => columns,
        };
        let known_on = |day: &Day| match held.days().binary_search(day) {
            Ok(i) => self.known[i],
            Err(_) => added.days().binary_search(day).map_or(Dividends::Unknown, |j| new.known[j]),
        };
        let known = columns.days().iter().map(known_on).collect();
        let Columns::Bars(bars) = columns else { return Err(Conflict::default()) };
        Ok(Self { bars, known, gives_splits })
    }

    /// Takes a list of dividends, which is complete from its first to its last. It replaces what was
    /// implied or unknown there, and must agree with what was reported; with `whole` it is complete
    /// before and after as well and replaces everything. Returns the days without a bar.
    pub(super) fn pay(&mut self, payments: &BTreeMap<Day, Payment>, whole: bool) -> Result<Vec<Day>, Conflict> {
        let (Some(first), Some(last)) = (payments.keys().next(), payments.keys().next_back()) else {
            return Ok(Vec::new());
        };
        let mut conflict = Conflict::default();
        for (i, day) in self.bars.day.iter().enumerate() {
            let (held, known) = (&mut self.bars.dividend[i], &mut self.known[i]);
            let none = Payment { amount: 0.0, known: Dividends::Reported };
            let paid = payments.get(day).copied().unwrap_or(none);
            if !whole && (day < first || day > last) {
                if *held == 0.0 {
                    *known = Dividends::Reported;
                }
            } else if whole || *known != Dividends::Reported {
                (*held, *known) = (paid.amount, paid.known);
            } else {
                conflict.overlap += 1;
                if (*held - paid.amount).abs() > dividend_tolerance(*held) {
                    let difference = Difference { day: *day, column: "dividend", held: *held, new: paid.amount };
                    conflict.differences.push(difference);
                }
            }
        }
        if !conflict.differences.is_empty() {
            return Err(conflict);
        }
        Ok(payments.keys().filter(|day| self.bars.day.binary_search(day).is_err()).copied().collect())
    }
}
