//! The members of the synthetic small-cap index.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::noise::{Deviation, stream};
use super::prices::Listing;
use super::script::Script;
use super::{START, noise};
use crate::bars::Closes;
use crate::calendar::Calendar;
use crate::day::Day;
use crate::universe::{Member, Membership};

/// How many there are: enough for shares to move smoothly, few enough to be made in passing.
const MEMBERS: u64 = 64;

/// The streams of noise of the members follow this one.
const FIRST_STREAM: u64 = 1_000;

/// Sessions within which those members are listed that are not there from the start on.
const LISTED_WITHIN: usize = 5_000;

/// The members, to be made one at a time.
#[derive(Debug)]
pub struct Members {
    sessions: Vec<Day>,
    script: Script,
}

impl Members {
    /// Members on the sessions of `calendar` from 2000-01-03 to the last one on or before `last`.
    pub fn new(calendar: &Calendar, last: Day) -> Self {
        let sessions = calendar.between(START, last).to_vec();
        Self { script: Script::write(sessions.len()), sessions }
    }

    /// Who they are: one list for all time.
    pub fn membership(&self) -> Membership {
        Membership::undated((1..=MEMBERS).map(|number| Member::bare(format!("M{number:02}"))))
    }

    /// The closes of a member, `None` for another symbol.
    pub fn closes(&self, symbol: &str) -> Option<Closes> {
        let number = symbol.strip_prefix('M')?.parse().ok().filter(|number| (1..=MEMBERS).contains(number))?;
        let mut rng = stream(FIRST_STREAM + number);
        let mut within = |low: f64, high: f64| low + (high - low) * rng.random::<f64>();
        let company = Listing {
            first: within(8.0, 90.0),
            growth: within(-0.06, 0.02),
            beta: within(0.7, 1.6),
            small: within(0.6, 1.3),
            banks: if number.is_multiple_of(6) { 0.8 } else { 0.0 },
            groups: 1.0,
            own: within(0.010, 0.022),
            symbol: "",
            dividends: 0.0,
            volume: 0.0,
        };
        // a third were listed later on
        let listed = if number.is_multiple_of(3) { rng.random_range(0..LISTED_WITHIN) } else { 0 };
        let mut own = Deviation::new(company.own, 120.0);
        let close = |t: usize| {
            let own = own.next(self.script.swing[t] * Distribution::<f64>::sample(&StandardNormal, &mut rng));
            noise::cents(company.first * (company.path(t, &self.script) + own).exp())
        };
        let close: Vec<f64> = (listed..self.sessions.len()).map(close).collect();
        (!close.is_empty()).then(|| Closes { day: self.sessions[listed..].to_vec(), close })
    }
}
