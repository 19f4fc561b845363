//! Newer rows laid onto older ones.

use super::{Bar, Bars, Columns, Points};
use crate::day::Day;

impl Columns {
    /// These with the rows of `newer`, which count on days that both have. A day whose price is gone from the newer
    /// ones keeps the older one.
    #[must_use]
    pub fn overlaid(&self, newer: &Self) -> Self {
        match (self, newer) {
            (Self::Bars(older), Self::Bars(newer)) => {
                let priced = |row: Bar, older: Bar| {
                    if row.close.is_finite() { row } else { Bar { dividend: row.dividend, split: row.split, ..older } }
                };
                let mut bars = Bars::default();
                walk(&older.day, &newer.day, |mine, theirs| {
                    bars.push(match (mine, theirs) {
                        (Some(i), Some(j)) => priced(newer.row(j), older.row(i)),
                        (Some(i), None) => older.row(i),
                        (None, Some(j)) => newer.row(j),
                        (None, None) => return,
                    });
                });
                Self::Bars(bars)
            }
            (Self::Points(older), Self::Points(newer)) => {
                let mut points = Points::default();
                walk(&older.day, &newer.day, |mine, theirs| match (mine, theirs) {
                    (_, Some(j)) => points.push_row(newer, j),
                    (Some(i), None) => points.push_row(older, i),
                    (None, None) => {}
                });
                Self::Points(points)
            }
            (_, newer) => newer.clone(),
        }
    }
}

/// Visits the days of two ascending columns in order, with the row each has for it.
fn walk(a: &[Day], b: &[Day], mut visit: impl FnMut(Option<usize>, Option<usize>)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let first = i < a.len() && (j >= b.len() || a[i] <= b[j]);
        let second = j < b.len() && (i >= a.len() || b[j] <= a[i]);
        visit(first.then_some(i), second.then_some(j));
        i += usize::from(first);
        j += usize::from(second);
    }
}
