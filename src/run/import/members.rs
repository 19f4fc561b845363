//! What files say of the members of universes, into the store.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Lists, Outcome};
use crate::day::Day;
use crate::store::{LeftFile, Store, Writer};
use crate::universe::{Snapshot, doubt};

/// The members of a universe on a day, after an import.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The universe.
    pub universe: String,
    /// The day.
    pub day: Day,
    /// How many there are.
    pub members: usize,
    /// What changed: new, replaced or unchanged.
    pub outcome: Outcome,
}

impl List {
    /// Its name, as a file of the store.
    pub fn name(&self) -> String {
        named(&self.universe, self.day)
    }

    /// What speaks against it: a number of members that the universe cannot have.
    pub fn doubt(&self) -> Option<String> {
        doubt(&self.universe, self.members)
    }
}

fn named(universe: &str, day: Day) -> String {
    format!("universe/{universe}/{day}")
}

/// Lists of members by universe and day, as several files give them.
pub(super) type Given = BTreeMap<(String, Day), Vec<Snapshot>>;

/// Stores the lists; one that differs from what is held is refused, unless it is to `replace` that.
pub(super) fn take(given: Given, replace: bool, fetched_at: &str, store: &Store, writer: &mut Writer) -> Result<Lists> {
    let mut lists = Lists::default();
    for ((universe, day), mut snapshots) in given {
        let Some(snapshot) = snapshots.pop() else { continue };
        if snapshots.iter().any(|other| other.members != snapshot.members) {
            let why = "the files do not fit each other: they list different members; import one of them";
            lists.refused.push((named(&universe, day), why.into()));
            continue;
        }
        let held = store.snapshot_days(&universe)?.contains(&day).then(|| store.snapshot(&universe, day));
        let outcome = match held {
            Some(Ok(held)) if held.members == snapshot.members => Outcome::Unchanged,
            Some(Ok(held)) if !replace => {
                let why = format!(
                    "it lists other members than what is held from `{}`; take it with `--replace`",
                    held.source.escape_debug()
                );
                lists.refused.push((named(&universe, day), why));
                continue;
            }
            Some(Ok(_)) => Outcome::Replaced,
            Some(Err(_)) | None => Outcome::New,
        };
        let members = snapshot.members.len();
        if outcome != Outcome::Unchanged {
            let snapshot = Snapshot { fetched_at: fetched_at.into(), ..snapshot };
            match writer.put_snapshot(&universe, &snapshot) {
                Err(error) if error.is::<LeftFile>() => {
                    lists.refused.push((named(&universe, day), error.to_string()));
                    continue;
                }
                stored => stored.map(drop)?,
            }
        }
        lists.taken.push(List { universe, day, members, outcome });
    }
    Ok(lists)
}
