//! A claim as it is written down.

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Table;

use super::bounds::Bounds;
use super::{Measured, Sources, Unit, after_events, crossing, drawdown, pe_gap, returns, streak};
use crate::config::{placed, told};
use crate::day::Day;

/// A statement that can be checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The statement, in the words of whoever made it.
    pub text: String,
    /// The day to check it as of; the last session where none is given.
    pub as_of: Option<Day>,
    /// What the figure must be.
    pub bounds: Bounds,
    /// What is measured.
    kind: Kind,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Return(returns::Spec),
    Drawdown(drawdown::Spec),
    Streak(streak::Spec),
    Crossing(crossing::Spec),
    PeGap(pe_gap::Spec),
    AfterEvents(after_events::Spec),
}

/// Names of the kinds.
const KINDS: [&str; 6] = ["return", "drawdown", "streak", "crossing", "pe_gap", "after_events"];

impl Kind {
    /// Refuses counts that ask for nothing.
    fn check(&self) -> Result<()> {
        let counts = match self {
            Self::Streak(spec) => vec![("months", usize::from(spec.months))],
            Self::AfterEvents(spec) => vec![("months", spec.months as usize), ("last", spec.last)],
            _ => Vec::new(),
        };
        for (name, count) in counts {
            ensure!(count > 0, "`{name}` is 0: give 1 or more");
        }
        Ok(())
    }
}

/// A file of claims.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    claim: Vec<Table>,
}

/// Reads a file of claims.
///
/// # Errors
/// With the line, or the number of the claim that is wrong.
pub fn read(text: &str) -> Result<Vec<Claim>> {
    let refused = |error| anyhow!("it is not a file of claims: {}", placed(&error, text));
    let file: File = toml::from_str(text).map_err(refused)?;
    ensure!(!file.claim.is_empty(), "it holds no claim: a claim is a table `[[claim]]`");
    let claims = file.claim.into_iter().enumerate();
    claims.map(|(i, table)| Claim::new(table).with_context(|| format!("claim {}", i + 1))).collect()
}

/// Takes the entry `name` out of `table` as text.
fn word(table: &mut Table, name: &str) -> Result<Option<String>> {
    match table.remove(name) {
        None => Ok(None),
        Some(toml::Value::String(text)) => Ok(Some(text)),
        Some(_) => bail!("`{name}` is not text in quotes"),
    }
}

/// Reads what is left of a table; it must be all that `T` knows.
fn rest<T: DeserializeOwned>(table: Table) -> Result<T> {
    let read = toml::Value::Table(table).try_into::<T>();
    read.map_err(|error| anyhow!("{}", told(&error)))
}

impl Claim {
    fn new(mut table: Table) -> Result<Self> {
        let text = word(&mut table, "text")?.context("`text` is missing: the statement in its own words")?;
        let kind = word(&mut table, "kind")?.with_context(|| format!("`kind` is missing: {}", KINDS.join(", ")))?;
        let as_of = word(&mut table, "as_of")?.map(|text| text.parse()).transpose()?;
        let limits: Table =
            Bounds::NAMES.iter().filter_map(|name| Some(((*name).to_owned(), table.remove(*name)?))).collect();
        let bounds: Bounds = rest(limits)?;
        bounds.check()?;
        let kind = match &*kind {
            "return" => Kind::Return(rest(table)?),
            "drawdown" => Kind::Drawdown(rest(table)?),
            "streak" => Kind::Streak(rest(table)?),
            "crossing" => Kind::Crossing(rest(table)?),
            "pe_gap" => Kind::PeGap(rest(table)?),
            "after_events" => Kind::AfterEvents(rest(table)?),
            other => bail!("`{}` is no kind of claim; there are {}", other.escape_debug(), KINDS.join(", ")),
        };
        kind.check()?;
        let by_itself = matches!(kind, Kind::Streak(_) | Kind::Crossing(_));
        ensure!(by_itself || !bounds.is_empty(), "nothing to hold: give `above`, `below`, or `about` and `within`");
        Ok(Self { text, as_of, bounds, kind })
    }

    /// The symbols whose bars it rests on.
    pub fn symbols(&self) -> Vec<String> {
        match &self.kind {
            Kind::Return(spec) => std::iter::once(&spec.symbol).chain(&spec.against).cloned().collect(),
            Kind::Drawdown(spec) => vec![spec.symbol.clone()],
            Kind::Streak(spec) => vec![spec.symbol.clone()],
            Kind::Crossing(spec) => vec![spec.symbol.clone()],
            Kind::PeGap(_) => Vec::new(),
            Kind::AfterEvents(_) => super::super::events::PAIRS.concat().iter().map(ToString::to_string).collect(),
        }
    }

    /// What the figure is counted in.
    pub(super) fn unit(&self) -> Unit {
        match &self.kind {
            Kind::Return(spec) => spec.unit(),
            Kind::Streak(_) => Unit::Months,
            _ => Unit::Fraction,
        }
    }

    /// What the figure is, in words.
    pub(super) fn name(&self) -> String {
        match &self.kind {
            Kind::Return(spec) => spec.name(),
            Kind::Drawdown(spec) => spec.name(),
            Kind::Streak(spec) => format!("{} months in a row", spec.symbol),
            Kind::Crossing(spec) => spec.name(),
            Kind::PeGap(spec) => spec.name(),
            Kind::AfterEvents(spec) => spec.name(),
        }
    }

    /// Measures the figure over time.
    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        match &self.kind {
            Kind::Return(spec) => spec.measure(sources),
            Kind::Drawdown(spec) => spec.measure(sources),
            Kind::Streak(spec) => spec.measure(sources),
            Kind::Crossing(spec) => spec.measure(sources),
            Kind::PeGap(spec) => spec.measure(sources),
            Kind::AfterEvents(spec) => spec.measure(sources),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_claims_are_well_formed_and_of_every_kind() {
        let claims = read(super::super::COMMON).expect("claims");
        for kind in KINDS {
            assert!(super::super::COMMON.contains(&format!("kind = \"{kind}\"")), "{kind}");
        }
        assert!(claims.len() >= 7);
    }

    #[test]
    fn one_month_and_one_cut_are_said_in_the_singular() {
        let name = |last: usize, months: usize| {
            let rest = format!("class = \"first-cut\"\nlast = {last}\nmonths = {months}\nabove = 0\n");
            let claims = read(&format!("[[claim]]\ntext = \"x\"\nkind = \"after_events\"\n{rest}")).expect("a claim");
            claims[0].name()
        };
        assert_eq!(name(1, 1), "mean of small less large 1 month after the last of class first-cut");
        assert_eq!(name(3, 12), "mean of small less large 12 months after the last 3 of class first-cut");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_claim() {
        let wrong = |text: &str| format!("{:#}", read(text).expect_err("an error"));
        assert!(wrong("").contains("holds no claim"));
        assert_eq!(
            wrong("[[claim]]\nkind = \"streak\"\n"),
            "claim 1: `text` is missing: the statement in its own words"
        );
        let said = wrong("[[claim]]\ntext = \"x\"\nkind = \"magic\"\n");
        assert!(said.starts_with("claim 1: `magic` is no kind of claim; there are return, drawdown"), "{said}");
        let said = wrong("[[claim]]\ntext = \"x\"\nkind = \"streak\"\nsymbol = \"IWM\"\nmonths = 5\nweeks = 2\n");
        assert!(said.contains("unknown field `weeks`"), "{said}");
        let said = wrong("[[claim]]\ntext = \"x\"\nkind = \"drawdown\"\nsymbol = \"IWM\"\n");
        assert!(said.contains("nothing to hold"), "{said}");
        let said = wrong("[[claim]]\ntext = \"x\"\nkind = \"drawdown\"\nsymbol = \"IWM\"\nabout = 1.0\n");
        assert!(said.contains("`about` and `within` go together"), "{said}");
        assert!(wrong("[claim]\n").contains("line 1"));
        let said = wrong("[[claim]]\ntext = \"x\"\nkind = \"streak\"\nsymbol = \"IWM\"\nmonths = 0\n");
        assert_eq!(said, "claim 1: `months` is 0: give 1 or more");
        let after = "[[claim]]\ntext = \"x\"\nkind = \"after_events\"\nlast = 5\nmonths = 12\nabove = 0\n";
        for (odd, text) in [("\\u001b", "[31m"), ("\\u202e", "first-cut"), ("\t", "")] {
            let said = wrong(&format!("{after}class = \"{odd}{text}\"\n"));
            assert!(said.contains("unknown variant") && !said.contains(['\u{1b}', '\u{202e}', '\t']), "{said:?}");
        }
        let said = wrong(
            "[[claim]]\ntext = \"x\"\nkind = \"after_events\"\nclass = \"first-cut\"\nlast = 0\nmonths = 6\nabove = 0\n",
        );
        assert_eq!(said, "claim 1: `last` is 0: give 1 or more");
        assert!(!wrong("\0 = 1\n").contains('\0'));
    }
}
