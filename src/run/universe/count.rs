//! Members, one after the other, into counts.

use std::ops::Range;

use rayon::prelude::*;

use crate::bars::{Closes, Warning};
use crate::day::Day;
use crate::quality::Finding;
use crate::series::{Breadth, Counter};
use crate::store::Scratch;
use crate::universe::Membership;

/// Memory that is used again from member to member.
#[derive(Default)]
pub(in crate::run) struct Space {
    /// The closes of the member at hand.
    pub(super) closes: Closes,
    /// The bytes of its file.
    pub(super) bytes: Vec<u8>,
    /// What the store reads with.
    pub(super) scratch: Scratch,
}

/// What became of a member whose closes were asked for.
pub(in crate::run) enum Load {
    /// They are in the space.
    Closes {
        /// What speaks against them.
        findings: Vec<Finding>,
        /// Rows of their file that were not taken.
        rejected: usize,
    },
    /// There are none.
    Lacking,
    /// There are some that cannot be used.
    Unusable(Warning),
}

/// What was counted, and of whom.
#[derive(Default)]
pub(in crate::run) struct Counted {
    pub(in crate::run) breadth: Breadth,
    /// Members without bars.
    pub(in crate::run) lacking: Vec<String>,
    /// Members withheld, with the reason.
    pub(in crate::run) withheld: Vec<(String, String)>,
    /// Members of which something is to be said that withholds nothing.
    pub(in crate::run) doubted: Vec<(String, String)>,
    /// Members with rows that were not taken, and how many.
    pub(in crate::run) rejected: Vec<(String, usize)>,
    /// Why files were not used.
    pub(in crate::run) unusable: Vec<Warning>,
}

/// Members that are named.
const NAMED: usize = 5;

/// Counts the members on `sessions`, whose closes `load` brings one at a time.
pub(in crate::run) fn count(
    membership: &Membership,
    sessions: &[Day],
    load: impl Fn(&str, &mut Space) -> Load + Sync,
) -> Counted {
    // members stay in their order, whoever counts them
    let members: Vec<_> = membership.members.iter().collect();
    let parts = members.into_par_iter().fold(|| Part::new(sessions), |part, member| part.add(member, &load));
    let Part { counter, counted, .. } = parts.reduce(|| Part::new(sessions), Part::with);
    Counted { breadth: counter.finish(), ..counted }
}

/// What one thread counts of the members that come its way.
struct Part<'a> {
    space: Space,
    counter: Counter<'a>,
    counted: Counted,
}

impl<'a> Part<'a> {
    fn new(sessions: &'a [Day]) -> Self {
        Self { space: Space::default(), counter: Counter::new(sessions), counted: Counted::default() }
    }

    fn add(mut self, (symbol, listed): (&String, &Vec<Range<Day>>), load: impl Fn(&str, &mut Space) -> Load) -> Self {
        let counted = &mut self.counted;
        match load(symbol, &mut self.space) {
            Load::Lacking => counted.lacking.push(symbol.to_owned()),
            Load::Unusable(warning) => counted.unusable.push(warning),
            Load::Closes { findings, rejected } => {
                counted.rejected.extend((rejected > 0).then(|| (symbol.to_owned(), rejected)));
                if let Some(finding) = findings.iter().find(|finding| finding.withholds) {
                    counted.withheld.push((symbol.to_owned(), finding.to_string()));
                    return self;
                }
                counted.doubted.extend(findings.iter().map(|finding| (symbol.to_owned(), finding.to_string())));
                self.counter.add(&self.space.closes, listed);
            }
        }
        self
    }

    fn with(mut self, other: Self) -> Self {
        self.counter = self.counter.with(&other.counter);
        self.counted.lacking.extend(other.counted.lacking);
        self.counted.withheld.extend(other.counted.withheld);
        self.counted.doubted.extend(other.counted.doubted);
        self.counted.rejected.extend(other.counted.rejected);
        self.counted.unusable.extend(other.counted.unusable);
        self
    }
}

impl Counted {
    /// What is to be known of the members, of whom there are `all`.
    pub(in crate::run) fn warnings(&self, all: usize) -> Vec<Warning> {
        let mut warnings = self.unusable.clone();
        let withheld: Vec<String> = self.withheld.iter().map(|(symbol, why)| format!("{symbol} ({why})")).collect();
        let rejected: Vec<String> = self.rejected.iter().map(|(symbol, rows)| format!("{symbol} ({rows})")).collect();
        for (names, code, one, several) in [
            (&self.lacking, "members_lacking", "has no bars and counts nowhere", "have no bars and count nowhere"),
            (&withheld, "members_withheld", "is withheld and counts nowhere", "are withheld and count nowhere"),
            (
                &rejected,
                "row_rejected",
                "has rows that are not taken, so many",
                "have rows that are not taken, so many",
            ),
        ] {
            if !names.is_empty() {
                let what = if names.len() == 1 { one } else { several };
                let members = if all == 1 { "member" } else { "members" };
                let message = format!("{} of {all} {members} {what}: {}", names.len(), named(names));
                warnings.push(Warning::general(code, message));
            }
        }
        warnings
    }

    /// What may be worth a look.
    pub(in crate::run) fn details(&self) -> Vec<String> {
        self.doubted.iter().map(|(symbol, what)| format!("{symbol} counts: {what}")).collect()
    }
}

/// The first few names.
fn named(names: &[String]) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    names[..names.len().min(NAMED)].join(", ") + more
}
