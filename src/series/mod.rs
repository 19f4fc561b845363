//! The market: every input aligned to the sessions of the exchange, cut to what was known at the
//! reference session's close.

mod breadth;
mod depth;
#[cfg(test)]
mod fixture;
mod known;
mod next;
mod observations;
mod periods;
mod prices;
mod state;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

pub use breadth::{Breadth, Constituents, Counter, MEANS, Origin as UniverseOrigin, YEAR};
pub use depth::{Depth, Tally};
#[cfg(test)]
pub(crate) use fixture::{Fixture, day};
pub use known::Known;
pub use observations::{Figure, Observations, widest};
pub use periods::Periods;
pub use prices::{Prices, total_return};
pub use state::{InputState, Missing, State};

use crate::bars::{Columns, IMPORTED, Kind, Points, Series, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::inputs::{self, ENOUGH_VALUES, Input, LARGE_INDEX, Need, PE_LARGE, PE_SMALL, Rule, SMALL_INDICES};
use crate::quality::{self, Finding, Nature};

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
    /// What speaks against the series held, by input.
    pub findings: Vec<(String, SeriesId, Finding)>,
    /// What signals are to say of it.
    pub depth: Depth,
    /// The indices of the sessions, and one more.
    indices: Arc<[usize]>,
    prices: BTreeMap<String, Prices>,
    known: BTreeMap<String, Known>,
    valuations: Vec<Valuation>,
    constituents: Option<Constituents>,
    /// The same with the session to come.
    constituents_next: Option<Constituents>,
    /// See [`Market::groups_above`].
    groups_above: OnceLock<Tally>,
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
    /// Whether the user gave it as published; P/Es worked out from members are nobody's.
    pub given: bool,
    /// Values held, before any cut to a date: what a choice between series may look at.
    pub rows: usize,
    /// The values as known at each session, carried without limit: their age is a reading.
    pub known: Known,
}

impl Market {
    /// Aligns what was loaded to the sessions up to `reference`. Series that cannot be true are withheld.
    pub fn build(shelf: &Shelf, calendar: Calendar, settings: Settings, reference: Day) -> Self {
        Self::assemble(shelf, calendar, settings, reference, true)
    }

    /// The same of series that nobody else wants: the memory of each is used again once it is aligned, as fresh
    /// pages cost more than the figures on them.
    pub fn consume(mut shelf: Shelf, calendar: Calendar, settings: Settings, reference: Day) -> Self {
        let mut market = Self::open(&shelf, calendar, settings, reference);
        let take = |input: Input| {
            // no series makes two inputs
            let series: Shelf = shelf.extract_if(.., |id, _| serves(id, &input)).collect();
            (input, series)
        };
        let inputs: Vec<_> = market.inputs().map(take).collect();
        let admitted: Vec<_> =
            inputs.into_par_iter().with_max_len(1).map(|(input, series)| market.admit(&input, &series, true)).collect();
        for admitted in admitted {
            market.take(admitted);
        }
        market
    }

    /// The same as [`Market::build`]; where it is not `wary`, whatever is loaded is believed.
    fn assemble(shelf: &Shelf, calendar: Calendar, settings: Settings, reference: Day, wary: bool) -> Self {
        let mut market = Self::open(shelf, calendar, settings, reference);
        for input in market.inputs() {
            let admitted = market.admit(&input, shelf, wary);
            market.take(admitted);
        }
        market
    }

    /// What serves a verdict; what serves the evidence alone keeps dates of its own.
    fn inputs(&self) -> impl Iterator<Item = Input> + use<> {
        inputs::inputs(&self.settings).into_iter().filter(|input| input.need != Need::Evidence)
    }

    /// A market with its sessions and nothing on them.
    fn open(shelf: &Shelf, calendar: Calendar, settings: Settings, reference: Day) -> Self {
        let first = match shelf.get(&SeriesId::bars("SPY")).map(|series| series.columns.days()) {
            Some([first, ..]) if *first <= reference => *first,
            _ => reference,
        };
        let sessions = calendar.between(first, reference).to_vec();
        let sessions = if sessions.is_empty() { vec![reference] } else { sessions };
        Self {
            calendar,
            settings,
            indices: (0..=sessions.len()).collect(),
            sessions,
            states: Vec::new(),
            findings: Vec::new(),
            depth: Depth::Whole,
            prices: BTreeMap::new(),
            known: BTreeMap::new(),
            valuations: Vec::new(),
            constituents: None,
            constituents_next: None,
            groups_above: OnceLock::new(),
        }
    }

    /// Aligns one input and says what became of it.
    fn admit(&self, input: &Input, loaded: &Shelf, wary: bool) -> Admitted {
        let is_value = input.id == PE_SMALL || input.id == PE_LARGE;
        let mut held = if is_value { valued(&input.id, loaded) } else { choose(input, loaded) };
        let findings = if wary { self.examine(&held) } else { Vec::new() };
        let withheld = |id: &SeriesId| {
            let against = findings.iter().find(|(of, finding)| finding.withholds && of == id);
            against.map(|(_, finding)| finding.to_string())
        };
        if is_value && held.iter().any(|(id, _)| withheld(id).is_none()) {
            // each of them stands for itself
            held.retain(|(id, _)| withheld(id).is_none());
        }
        let reason = held.iter().find_map(|(id, _)| withheld(id));
        let (mut prices, mut known, mut valuations) = (None, None, Vec::new());
        let mut state = InputState::new(input, &held);
        match held.first().map(|(id, series)| (id, &series.columns)) {
            None => {}
            Some((id, Columns::Bars(bars))) => {
                state.judge(&bars.day, self.calendar_age(), self.reference(), input.carry_sessions);
                if reason.is_none() {
                    prices = Some(Prices::align(bars, &self.sessions, inputs::measured(&id.name)));
                }
            }
            Some((_, Columns::Points(_))) => {
                let spliced = Known::splice(held.iter().filter_map(|(_, series)| points(series)));
                let aligned = spliced.align(&self.sessions, &self.calendar, input.carry_sessions);
                state.judge_known(&aligned, self.calendar_age(), self.reference(), input.carry_sessions);
                if reason.is_none() {
                    known = Some(aligned);
                    valuations = self.valuations_of(&held);
                }
            }
        }
        if let Some(reason) = reason {
            state.withhold(reason);
        }
        Admitted { state, findings, prices, known, valuations }
    }

    /// Takes in what became of an input.
    fn take(&mut self, admitted: Admitted) {
        let Admitted { state, findings, prices, known, valuations } = admitted;
        let input = state.id.clone();
        self.findings.extend(findings.into_iter().map(|(id, finding)| (input.clone(), id, finding)));
        self.prices.extend(prices.map(|prices| (input.clone(), prices)));
        self.known.extend(known.map(|known| (input, known)));
        self.valuations.extend(valuations);
        self.states.push(state);
    }

    /// What speaks against series.
    fn examine(&self, held: &[(SeriesId, &Series)]) -> Vec<(SeriesId, Finding)> {
        let examined = |(id, series): &(SeriesId, &Series)| {
            let findings = quality::examine(id, series, Nature::Market, &self.calendar);
            findings.into_iter().map(|finding| (id.clone(), finding)).collect::<Vec<_>>()
        };
        held.iter().flat_map(examined).collect()
    }

    /// Those of the series that are forward P/Es.
    fn valuations_of(&self, held: &[(SeriesId, &Series)]) -> Vec<Valuation> {
        let valuation = |(id, series): &(SeriesId, &Series)| {
            let ([index, basis, source], points) = (parts(id)?, points(series)?);
            Some(Valuation {
                index: index.into(),
                basis: basis.into(),
                source: source.into(),
                given: series.origin.owner == IMPORTED && !id.is_worked_out(),
                rows: points.len(),
                known: Known::splice([points]).align(&self.sessions, &self.calendar, u32::MAX),
            })
        };
        held.iter().filter(|(id, _)| id.kind == Kind::Valuation).filter_map(valuation).collect()
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
        match self.state(input) {
            Some(held) => Missing { reason: held.withheld.clone(), ..Missing::new(input, held.state) },
            None => Missing::new(input, State::Missing),
        }
    }

    /// Counts the sessions between two days, for ages.
    fn calendar_age(&self) -> impl Fn(Day, Day) -> u32 {
        |from, to| self.calendar.age(from, to)
    }
}

/// An input as it is taken into the market.
struct Admitted {
    state: InputState,
    findings: Vec<(SeriesId, Finding)>,
    prices: Option<Prices>,
    known: Option<Known>,
    valuations: Vec<Valuation>,
}

/// Whether a series may make `input`.
fn serves(id: &SeriesId, input: &Input) -> bool {
    input.series.contains(id) || is_valued(id, &input.id)
}

/// Whether a series holds P/Es of an index that stands for `input`.
fn is_valued(id: &SeriesId, input: &str) -> bool {
    let indices: &[&str] = match input {
        PE_SMALL => SMALL_INDICES,
        PE_LARGE => &[LARGE_INDEX],
        _ => &[],
    };
    id.kind == Kind::Valuation && parts(id).is_some_and(|[index, ..]| indices.contains(&index))
}

/// The P/E series of the indices that stand for `input`, with their names.
fn valued<'a>(input: &str, shelf: &'a Shelf) -> Vec<(SeriesId, &'a Series)> {
    let held = shelf.iter().filter(|(id, series)| is_valued(id, input) && points(series).is_some());
    held.map(|(id, series)| (id.clone(), series)).collect()
}

/// Index, basis and source of a P/E series.
fn parts(id: &SeriesId) -> Option<[&str; 3]> {
    let mut parts = id.name.splitn(3, '.');
    Some([parts.next()?, parts.next()?, parts.next()?])
}

/// The values of a series that has no prices.
fn points(series: &Series) -> Option<&Points> {
    match &series.columns {
        Columns::Points(points) => Some(points),
        Columns::Bars(_) => None,
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
