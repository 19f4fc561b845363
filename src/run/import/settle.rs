//! What several files and the store say of one series, made one; or why it cannot be.

use std::collections::BTreeMap;

use crate::bars::{Columns, Dividends, IMPORTED, Points, Series, told};
use crate::day::Day;
use crate::import::{Content, Payment, Quotes};
use crate::quality::Nature;
use crate::store::{Conflict, Merge, Terms, dividend_tolerance, merge};

use super::doubts;
use super::draft::Draft;

/// What all files together say of one series.
#[derive(Default)]
pub(super) struct Pile {
    quotes: Vec<Quotes>,
    payments: BTreeMap<Day, Vec<Payment>>,
    points: Vec<Points>,
}

/// A series ready to be stored.
pub(super) struct Settled {
    pub(super) columns: Columns,
    pub(super) dividends: Dividends,
    /// Ex-dates without a bar.
    pub(super) unpaid: Vec<Day>,
}

impl Pile {
    /// Adds what one file says.
    pub(super) fn add(&mut self, content: Content) {
        match content {
            Content::Quotes(quotes) => self.quotes.push(quotes),
            Content::Points(points) => self.points.push(points),
            Content::Payments(payments) => {
                for (day, payment) in payments {
                    self.payments.entry(day).or_default().push(payment);
                }
            }
        }
    }

    /// Lays everything onto what is held, or takes it in its place with `replace`.
    ///
    /// # Errors
    /// The reason for which the series is refused.
    pub(super) fn settle(self, held: Option<&Series>, replace: bool, nature: Nature) -> Result<Settled, String> {
        if self.points.is_empty() { self.settle_bars(held, replace, nature) } else { self.settle_points(held, replace) }
    }

    fn settle_points(self, held: Option<&Series>, replace: bool) -> Result<Settled, String> {
        let mut all = self.points.into_iter().map(Columns::Points).collect::<Vec<_>>();
        all.sort_by_cached_key(place);
        let mut all = all.into_iter();
        let mut columns = all.next().ok_or("it has no values")?;
        for more in all {
            columns = join(columns, &more, Terms::Extend).map_err(|why| between_files(&why))?;
        }
        if let Some(held) = held.filter(|_| !replace) {
            let terms = terms(&held.origin.owner);
            columns = join(held.columns.clone(), &columns, terms).map_err(|why| with_held(held, &why))?;
        }
        Ok(Settled { columns, dividends: Dividends::Reported, unpaid: Vec::new() })
    }

    fn settle_bars(self, held: Option<&Series>, replace: bool, nature: Nature) -> Result<Settled, String> {
        let payments = agreed(self.payments)?;
        let given = together(self.quotes)?;
        let is_whole = replace && given.is_none();
        let mut draft = match (given, held) {
            (Some(given), None) => given,
            (Some(given), Some(_)) if replace => given,
            (Some(given), Some(held)) => {
                let draft = Draft::held(held).ok_or("the store holds no bars under this name")?;
                draft.join(given, terms(&held.origin.owner)).map_err(|why| with_held(held, &why))?
            }
            (None, Some(held)) if is_whole && held.origin.owner != IMPORTED => {
                let owner = held.origin.owner.escape_debug();
                return Err(format!(
                    "its bars are `{owner}`'s, dividends alone cannot replace theirs; import bars too"
                ));
            }
            (None, Some(held)) => Draft::held(held).ok_or("the store holds no bars under this name")?,
            (None, None) => return Err("dividends, but no bars are held or given; import its bars too".into()),
        };
        let unpaid = draft.pay(&payments, is_whole).map_err(|why| match held {
            Some(held) => with_held(held, &why),
            None => between_files(&why),
        })?;
        if let Some(day) = doubts::adjusted_before(&draft) {
            return Err(format!(
                "its closes look adjusted for dividends: before the ex-date {day} they are not in whole cents as quoted \
                 closes are; give closes as quoted"
            ));
        }
        let accepted = held.map_or(&[][..], |held| held.columns.days());
        if let Some(doubt) = doubts::jump(&draft.bars, accepted, nature).filter(|_| !replace) {
            return Err(format!("{doubt}; if the file is right, take it whole with `--replace`"));
        }
        Ok(Settled { dividends: draft.dividends(), columns: Columns::Bars(draft.bars), unpaid })
    }
}

/// The bars of all files.
fn together(quotes: Vec<Quotes>) -> Result<Option<Draft>, String> {
    let mut drafts: Vec<Draft> = quotes.into_iter().map(Draft::from).collect();
    drafts.sort_by_cached_key(|draft| place(&Columns::Bars(draft.bars.clone())));
    let mut drafts = drafts.into_iter();
    let Some(mut together) = drafts.next() else { return Ok(None) };
    for draft in drafts {
        together = together.join(draft, Terms::Extend).map_err(|why| between_files(&why))?;
    }
    Ok(Some(together))
}

/// How an import meets what `owner` has.
fn terms(owner: &str) -> Terms {
    if owner == IMPORTED { Terms::Extend } else { Terms::Supplement }
}

/// Why an import is refused, and what helps: more of the days held where nothing but that is lacking.
fn with_held(held: &Series, why: &Conflict) -> String {
    let owner = held.origin.owner.escape_debug();
    match why.lacks_days().filter(|&needed| needed <= held.columns.days().len()) {
        Some(needed) => format!(
            "nothing shows yet that it fits what is held from `{owner}`: {why}; \
             give {needed} or more of the days held along with the new ones"
        ),
        None => format!("it does not fit what is held from `{owner}`: {why}; take the import whole with `--replace`"),
    }
}

fn between_files(why: &Conflict) -> String {
    match why.lacks_days() {
        Some(needed) => {
            format!("nothing shows that the files fit each other: {why}; give files that share {needed} or more days")
        }
        None => format!("the files do not fit each other: {why}; import one of them"),
    }
}

fn join(held: Columns, new: &Columns, terms: Terms) -> Result<Columns, Conflict> {
    match merge(&held, new, terms) {
        Merge::Unchanged => Ok(held),
        Merge::Extended { columns, .. } => Ok(columns),
        Merge::Conflict(conflict) => Err(conflict),
    }
}

/// By what it is the files of a series are ordered, so that the order of their paths is irrelevant.
fn place(columns: &Columns) -> (Option<Day>, Option<Day>, String) {
    let days = columns.days();
    (days.first().copied(), days.last().copied(), columns.hash())
}

/// One payment a day; payments of several files must agree.
fn agreed(all: BTreeMap<Day, Vec<Payment>>) -> Result<BTreeMap<Day, Payment>, String> {
    let mut agreed = BTreeMap::new();
    for (day, mut payments) in all {
        payments.sort_by(|a, b| a.known.cmp(&b.known).then(a.amount.total_cmp(&b.amount)));
        let first = payments[0];
        if let Some(other) =
            payments.iter().find(|p| (p.amount - first.amount).abs() > dividend_tolerance(first.amount))
        {
            let (one, another) = (told(first.amount), told(other.amount));
            return Err(format!(
                "the files do not fit each other: dividend of {day} {one} and {another}; import one of them"
            ));
        }
        agreed.insert(day, first);
    }
    Ok(agreed)
}
