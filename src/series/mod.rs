//! The market: every input aligned to the sessions of the exchange, cut to what was known at the
//! reference session's close.

#[cfg(test)]
mod fixture;
mod known;
mod observations;
mod periods;
mod prices;
mod state;

use std::collections::BTreeMap;

#[cfg(test)]
pub(crate) use fixture::{Fixture, day};
pub use known::Known;
pub use observations::{Figure, Observations};
pub use periods::Periods;
pub use prices::Prices;
pub use state::{InputState, Missing, State};

use crate::bars::{Columns, Kind, Series, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::inputs::{self, ENOUGH_VALUES, Input, LARGE_INDEX, Need, PE_LARGE, PE_SMALL, Rule, SMALL_INDICES};

/// Every input on the sessions from SPY's first bar to the reference session.
///
/// Columns have one value a session; `NaN` where an input has none. Nothing in it was unknown at
/// the close of the last session.
#[derive(Clone, Debug)]
pub struct Market {
    /// The exchange's sessions.
    pub calendar: Calendar,
    /// Bands, weights and groups.
    pub settings: Settings,
    /// The sessions; never empty, the last is the reference session.
    pub sessions: Vec<Day>,
    /// What became of every input, in the order of the table.
    pub states: Vec<InputState>,
    prices: BTreeMap<String, Prices>,
    known: BTreeMap<String, Known>,
    valuations: Vec<Valuation>,
}

/// Forward P/Es of one index, on one basis, from one source.
#[derive(Clone, Debug)]
pub struct Valuation {
    /// Name of the index (`russell-2000`).
    pub index: String,
    /// How losses are treated (`ex-negative`, `all-in`, `fy1`).
    pub basis: String,
    /// Who published it.
    pub source: String,
    /// Values held, before any cut to a date: what a choice between series may look at.
    pub rows: usize,
    /// The values as known at each session, carried without limit: their age is a reading.
    pub known: Known,
}

impl Market {
    /// Aligns what was loaded to the sessions up to `reference`.
    pub fn build(shelf: &Shelf, calendar: Calendar, settings: Settings, reference: Day) -> Self {
        let first = match shelf.get(&SeriesId::bars("SPY")).map(|series| series.columns.days()) {
            Some([first, ..]) if *first <= reference => *first,
            _ => reference,
        };
        let sessions = calendar.between(first, reference).to_vec();
        let sessions = if sessions.is_empty() { vec![reference] } else { sessions };
        let mut market = Self {
            calendar,
            settings,
            sessions,
            states: Vec::new(),
            prices: BTreeMap::new(),
            known: BTreeMap::new(),
            valuations: Vec::new(),
        };
        // what serves the evidence alone keeps dates of its own
        let inputs = inputs::inputs(&market.settings).into_iter().filter(|input| input.need != Need::Evidence);
        for input in inputs {
            let state = market.admit(&input, shelf);
            market.states.push(state);
        }
        market
    }

    /// Aligns one input and says what became of it.
    fn admit(&mut self, input: &Input, loaded: &Shelf) -> InputState {
        let held = if input.id == PE_SMALL || input.id == PE_LARGE {
            self.admit_valuations(&input.id, loaded)
        } else {
            choose(input, loaded)
        };
        let mut state = InputState::new(input, &held);
        if held.is_empty() {
            return state;
        }
        let reference = self.reference();
        match &held[0].1.columns {
            Columns::Bars(bars) => {
                let prices = Prices::align(bars, &self.sessions);
                state.judge(bars.day.iter().copied(), self.calendar_age(), reference, input.carry_sessions);
                self.prices.insert(input.id.clone(), prices);
            }
            Columns::Points(_) => {
                let known = Known::splice(held.iter().filter_map(|(_, series)| match &series.columns {
                    Columns::Points(points) => Some(points),
                    Columns::Bars(_) => None,
                }));
                let known = known.align(&self.sessions, &self.calendar, input.carry_sessions);
                state.judge_known(&known, self.calendar_age(), reference, input.carry_sessions);
                self.known.insert(input.id.clone(), known);
            }
        }
        state
    }

    /// Takes the P/E series of the indices that stand for `id`.
    fn admit_valuations<'a>(&mut self, id: &str, loaded: &'a Shelf) -> Vec<(SeriesId, &'a Series)> {
        let indices: &[&str] = if id == PE_SMALL { SMALL_INDICES } else { &[LARGE_INDEX] };
        let mut held = Vec::new();
        for (series_id, series) in loaded.iter().filter(|(id, _)| id.kind == Kind::Valuation) {
            let mut parts = series_id.name.splitn(3, '.');
            let (Some(index), Some(basis), Some(source)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let Columns::Points(points) = &series.columns else { continue };
            if indices.contains(&index) {
                self.valuations.push(Valuation {
                    index: index.into(),
                    basis: basis.into(),
                    source: source.into(),
                    rows: points.len(),
                    known: Known::splice([points]).align(&self.sessions, &self.calendar, u32::MAX),
                });
                held.push((series_id.clone(), series));
            }
        }
        held
    }

    /// The session everything is judged at: the last one.
    ///
    /// # Panics
    /// Never: a market is built with at least one session.
    pub fn reference(&self) -> Day {
        *self.sessions.last().expect("a market has a session")
    }

    /// Index of the reference session.
    pub fn last(&self) -> usize {
        self.sessions.len() - 1
    }

    /// The prices of `input`.
    ///
    /// # Errors
    /// When the input was never had.
    pub fn prices(&self, input: &str) -> Result<&Prices, Missing> {
        self.prices.get(input).ok_or_else(|| self.missing(input))
    }

    /// The values of `input` as known at each session.
    ///
    /// # Errors
    /// When the input was never had.
    pub fn known(&self, input: &str) -> Result<&Known, Missing> {
        self.known.get(input).ok_or_else(|| self.missing(input))
    }

    /// Every forward P/E series, ordered by index, basis and source.
    pub fn valuations(&self) -> &[Valuation] {
        &self.valuations
    }

    /// What became of `input`.
    pub fn state(&self, input: &str) -> Option<&InputState> {
        self.states.iter().find(|state| state.id == input)
    }

    /// Why `input` is not to be had.
    fn missing(&self, input: &str) -> Missing {
        let state = self.state(input).map_or(State::Missing, |state| state.state);
        Missing::new(input, state)
    }

    /// Counts the sessions between two days, for ages.
    fn calendar_age(&self) -> impl Fn(Day, Day) -> u32 {
        |from, to| self.calendar.age(from, to)
    }
}

/// The series that make an input, with their names, as the input's rule says; empty when none is held.
///
/// The choice looks at whole series, before any cut to a date: a series is never switched midway.
fn choose<'a>(input: &Input, shelf: &'a Shelf) -> Vec<(SeriesId, &'a Series)> {
    let held: Vec<_> = input.series.iter().filter_map(|id| Some((id.clone(), shelf.get(id)?))).collect();
    match input.rule {
        Rule::Splice => held,
        Rule::First => {
            let rows = |(_, series): &(SeriesId, &Series)| series.columns.days().len();
            let enough = held.iter().position(|one| rows(one) >= ENOUGH_VALUES);
            let longest = || (0..held.len()).rev().max_by_key(|&i| rows(&held[i]));
            enough.or_else(longest).map(|i| held[i].clone()).into_iter().collect()
        }
    }
}
