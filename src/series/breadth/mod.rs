//! Breadth of a universe: how many of its members do what, session by session.
//!
//! A universe never sits in memory: members come one at a time, are counted and go. What is kept of them
//! is whole numbers, so that neither their order nor the number of threads changes anything.

mod counter;
mod figures;
#[cfg(test)]
mod tests;
mod windows;

pub use counter::Counter;
use xxhash_rust::xxh3::Xxh3;

use super::{Market, Missing, State};
use crate::day::Day;
use crate::inputs::UNIVERSE;

/// The means that closes are held against, in sessions.
pub const MEANS: [usize; 5] = [20, 50, 100, 150, 200];

/// Sessions of which a close may be the highest or the lowest: a year.
pub const YEAR: usize = 252;

/// Counts of members, one a session.
///
/// A member counts at a session on which it is listed and has a close. Windows are its own last n closes,
/// which must lie within n + max(2, n/50) sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breadth {
    /// The sessions.
    pub sessions: Vec<Day>,
    /// Members with a close.
    pub members: Vec<u32>,
    /// Members whose close is above the mean of the last n, for each of [`MEANS`].
    pub above: [Vec<u32>; MEANS.len()],
    /// Members with n closes, for each of [`MEANS`].
    pub full: [Vec<u32>; MEANS.len()],
    /// Members with the closes of a year.
    pub full_year: Vec<u32>,
    /// Of these, members whose close is the highest of them.
    pub new_highs: Vec<u32>,
    /// Of these, members whose close is the lowest.
    pub new_lows: Vec<u32>,
    /// Members whose close is above the one before.
    pub advancing: Vec<u32>,
    /// Members whose close is below the one before.
    pub declining: Vec<u32>,
    /// Members whose close is the one before.
    pub unchanged: Vec<u32>,
}

impl Breadth {
    /// Every count.
    fn counts(&mut self) -> impl Iterator<Item = &mut Vec<u32>> {
        let Self { sessions: _, members, above, full, full_year, new_highs, new_lows, advancing, declining, unchanged } =
            self;
        let others = [members, full_year, new_highs, new_lows, advancing, declining, unchanged];
        others.into_iter().chain(above).chain(full)
    }

    /// Forgets the sessions before the one at `from`, and those from `until` on.
    fn keep(&mut self, from: usize, until: usize) {
        self.sessions = self.sessions[from..until].to_vec();
        self.counts().for_each(|counts| *counts = counts[from..until].to_vec());
    }

    /// Index of the first and of the last session with a member, `None` where none ever has a close.
    pub fn span(&self) -> Option<(usize, usize)> {
        let any = |members: &u32| *members > 0;
        self.members.iter().position(any).zip(self.members.iter().rposition(any))
    }
}

/// The breadth of a universe, and how far back its membership is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Constituents {
    /// The counts, on the sessions of the market.
    pub breadth: Breadth,
    /// Members that are listed, with a close or without, on the same sessions.
    pub listed: Vec<u32>,
    /// The first day for which a list says who the members were. Before it the first list stands in, and
    /// its members are survivors; so they are throughout where there is none.
    pub dated_from: Option<Day>,
}

impl Constituents {
    /// Forgets the sessions before the one at `from`, and those from `until` on.
    fn keep(&mut self, from: usize, until: usize) {
        self.breadth.keep(from, until);
        self.listed = self.listed[from..until].to_vec();
    }
}

/// Where a universe comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who lists its members: a source, `imported`, or `file`.
    pub source: String,
    /// When the list was had, RFC 3339 UTC; empty where that is not known.
    pub fetched_at: String,
}

impl Breadth {
    /// XXH3 (64 bits) over the counts, 16 hexadecimal digits.
    fn hash(&mut self) -> String {
        let mut hash = Xxh3::new();
        self.counts().flatten().for_each(|count| hash.update(&count.to_le_bytes()));
        format!("{:016x}", hash.digest())
    }
}

impl Market {
    /// The sessions on which a universe is counted for this market: its own, and the next one, on which every
    /// close is to stand where it stood.
    pub fn counted_sessions(&self) -> Vec<Day> {
        self.sessions.iter().copied().chain([self.next_session()]).collect()
    }

    /// Takes the counts of a universe on [`Market::counted_sessions`]; it is missing where there are none.
    pub fn admit_universe(&mut self, constituents: Option<Constituents>, origin: Origin) {
        let (reference, sessions) = (self.reference(), self.sessions.len());
        let Some(state) = self.states.iter_mut().find(|state| state.id == UNIVERSE) else { return };
        state.state = State::Missing;
        let Some(constituents) = constituents else { return };
        let mut now = constituents.clone();
        now.keep(0, sessions);
        state.source = Some(origin.source);
        state.fetched_at = Some(origin.fetched_at).filter(|at| !at.is_empty());
        state.hash = Some(now.breadth.hash());
        let counted = (0..sessions).filter(|&t| now.breadth.members[t] > 0).map(|t| self.sessions[t]);
        let counted: Vec<Day> = counted.collect();
        state.judge(&counted, |from, to| self.calendar.age(from, to), reference, 0);
        self.constituents = Some(now);
        self.constituents_next = Some(constituents);
    }

    /// The universe of the market one session on, from session `from` on.
    pub(super) fn carry_universe(&self, from: usize) -> Option<Constituents> {
        let mut next = self.constituents_next.clone()?;
        next.keep(from, next.listed.len());
        Some(next)
    }

    /// The breadth of the universe.
    ///
    /// # Errors
    /// When no universe is set up, or no member of it has bars.
    pub fn constituents(&self) -> Result<&Constituents, Missing> {
        self.constituents.as_ref().ok_or_else(|| self.missing(UNIVERSE))
    }
}
