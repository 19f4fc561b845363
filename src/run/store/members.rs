//! Members of universes: many series that are told of together.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::bars::{SeriesId, Warning};
use crate::day::Day;
use crate::inputs::Input;
use crate::store::Store;
use crate::universe::{Snapshot, doubt};

/// A universe as held: its days and its newest list.
pub(super) struct Held {
    pub(super) name: String,
    pub(super) days: Vec<Day>,
    /// None where none can be read.
    pub(super) latest: Option<Snapshot>,
    pub(super) warnings: Vec<Warning>,
}

impl Held {
    /// What speaks against the newest list.
    pub(super) fn doubt(&self) -> Option<String> {
        doubt(&self.name, self.latest.as_ref()?.members.len())
    }
}

/// The universes of a store.
pub(super) fn held(store: &Store) -> Result<Vec<Held>> {
    let of = |name: String| {
        let days = store.snapshot_days(&name)?;
        let (latest, warnings) = store.latest_snapshot(&name)?;
        Ok(Held { name, days, latest, warnings })
    };
    store.universes()?.into_iter().map(of).collect()
}

/// The series that are bars of members and of nothing else, with the universe each belongs to.
pub(super) fn only<'a>(universes: &'a [Held], inputs: &[Input]) -> BTreeMap<SeriesId, &'a str> {
    let members = |one: &'a Held| {
        let listed = one.latest.iter().flat_map(|latest| &latest.members);
        listed.map(|member| (SeriesId::bars(&member.symbol), one.name.as_str()))
    };
    let known = |id: &SeriesId| inputs.iter().any(|input| input.series.contains(id));
    universes.iter().flat_map(members).filter(|(id, _)| !known(id)).collect()
}
