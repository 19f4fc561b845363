//! Dated values that become known later than the day they are for.

use std::ops::Range;

use crate::day::Day;

/// Dated values with the first session at whose close each was public. Columns of equal length,
/// days ascending and distinct.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// The day a value is for.
    pub day: Vec<Day>,
    /// The first day at whose close it was known; never falls from row to row.
    pub known_from: Vec<Day>,
    /// The value, in the series' own unit; the first of several figures.
    pub value: Vec<f64>,
    /// The other figures of a series with several, [`POSITIONS`] or [`WORKED_OUT`]; none where the value
    /// is all.
    pub beside: Vec<Vec<f64>>,
}

/// The figures of a forward P/E that was worked out from its members: the P/E, the share of the weight
/// that earns nothing or loses money, and the share that has estimates, 0 to 1.
pub const WORKED_OUT: [&str; 3] = ["value", "loss_share", "coverage"];

/// The source of such P/Es.
pub const BOTTOM_UP: &str = "bottom-up";

/// The figures of a positioning report, in contracts.
pub const POSITIONS: [&str; 5] =
    ["open_interest", "asset_manager_long", "asset_manager_short", "leveraged_long", "leveraged_short"];

impl Points {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// Appends a row of one value; the caller keeps the days ascending.
    pub fn push(&mut self, day: Day, known_from: Day, value: f64) {
        self.day.push(day);
        self.known_from.push(known_from);
        self.value.push(value);
    }

    /// Appends a positioning report; the caller keeps the days ascending.
    pub fn push_report(&mut self, day: Day, known_from: Day, figures: [f64; POSITIONS.len()]) {
        self.push_figures(day, known_from, &figures);
    }

    /// Appends a P/E that was worked out; the caller keeps the days ascending.
    pub fn push_worked_out(&mut self, day: Day, known_from: Day, figures: [f64; WORKED_OUT.len()]) {
        self.push_figures(day, known_from, &figures);
    }

    fn push_figures(&mut self, day: Day, known_from: Day, figures: &[f64]) {
        self.push(day, known_from, figures[0]);
        self.beside.resize(figures.len() - 1, Vec::new());
        self.beside.iter_mut().zip(&figures[1..]).for_each(|(column, figure)| column.push(*figure));
    }

    /// Appends row `i` of a series with the same figures.
    pub fn push_row(&mut self, other: &Self, i: usize) {
        self.push(other.day[i], other.known_from[i], other.value[i]);
        self.beside.resize(other.beside.len(), Vec::new());
        self.beside.iter_mut().zip(&other.beside).for_each(|(column, from)| column.push(from[i]));
    }

    /// Appends these rows of a series with the same figures.
    pub fn extend(&mut self, other: &Self, rows: Range<usize>) {
        self.day.extend_from_slice(&other.day[rows.clone()]);
        self.known_from.extend_from_slice(&other.known_from[rows.clone()]);
        self.value.extend_from_slice(&other.value[rows.clone()]);
        self.beside.resize(other.beside.len(), Vec::new());
        let beside = self.beside.iter_mut().zip(&other.beside);
        beside.for_each(|(column, from)| column.extend_from_slice(&from[rows.clone()]));
    }

    /// Forgets the rows from `rows` on.
    pub fn truncate(&mut self, rows: usize) {
        self.day.truncate(rows);
        self.known_from.truncate(rows);
        self.value.truncate(rows);
        self.beside.iter_mut().for_each(|column| column.truncate(rows));
    }

    /// Every figure with its name.
    pub fn figures(&self) -> impl Iterator<Item = (&'static str, &Vec<f64>)> {
        let names: &[&str] = match self.beside.len() {
            0 => &["value"],
            2 => &WORKED_OUT,
            _ => &POSITIONS,
        };
        names.iter().copied().zip(std::iter::once(&self.value).chain(&self.beside))
    }
}
