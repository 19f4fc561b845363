//! The market that a command looks back over: what the store holds, as it is, or the synthetic one.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use rayon::prelude::*;

use super::{Context, GOOD, Outcome, PARTIAL, UsageError, quality, universe};
use crate::bars::{Kind, SYNTHETIC, SeriesId, Shelf, Warning};
use crate::day::Day;
use crate::demo;
use crate::inputs::{self, Need};
use crate::series::{Depth, InputState, Market, Missing, State};
use crate::signals::SIGNALS;
use crate::store::{Listing, Store};
use crate::verdict::{self, Tracked, Verdict};

/// A market and what is said of every session of it.
pub(super) struct Past {
    pub market: Market,
    pub tracks: Vec<Tracked>,
    pub verdict: Verdict,
    /// What the user should know of the data.
    pub warnings: Vec<Warning>,
    /// Whether any of it is synthetic.
    pub synthetic: bool,
}

impl Past {
    /// The market up to `reference`, weighed at every session.
    pub(super) fn weigh(held: Held, reference: Day, context: &Context) -> Self {
        let synthetic = held.is_synthetic();
        let (mut market, mut warnings) = held.market(reference, context);
        // what looks back looks at votes
        market.depth = Depth::Report;
        let tracks = tracks(&market);
        let verdict = verdict::weigh(&market, &tracks);
        warnings.extend(quality::warnings(&market, &warnings));
        Self { market, tracks, verdict, warnings, synthetic }
    }

    /// What a command leaves behind that looked back over this.
    pub(super) fn outcome(&self, result: String) -> Outcome {
        outcome(&self.market.states, &self.warnings, result)
    }
}

/// What a command leaves behind with a `result`, the states of the inputs it is of, and what the user should know of the
/// data.
pub(super) fn outcome(inputs: &[InputState], warnings: &[Warning], result: String) -> Outcome {
    let withheld = inputs.iter().any(|input| input.state == State::Withheld);
    let damaged = withheld || warnings.iter().any(|warning| warning.code.starts_with("file_"));
    Outcome {
        result,
        notes: quality::lines(warnings),
        code: if damaged { PARTIAL } else { GOOD },
        ..Outcome::default()
    }
}

/// What a market is built of.
pub(super) struct Held {
    pub shelf: Shelf,
    /// What the user should know of it.
    pub warnings: Vec<Warning>,
    /// The store that it is from; none for the synthetic market.
    pub store: Option<Store>,
}

impl Held {
    /// Whether any of it is synthetic, be it stored as real data are, or would be if anything were there yet.
    pub(super) fn is_synthetic(&self) -> bool {
        self.store.is_none() || self.shelf.values().any(|series| series.origin.owner == SYNTHETIC)
    }

    /// The market up to `reference`, with the universe that is set up, and what the user should know of both.
    pub(super) fn market(mut self, reference: Day, context: &Context) -> (Market, Vec<Warning>) {
        let mut market = Market::consume(self.shelf, context.calendar.clone(), context.settings.clone(), reference);
        self.warnings.extend(with_universe(&mut market, self.store.as_ref(), context));
        (market, self.warnings)
    }

    /// The same, of what stays held, and what the user should know of the universe alone.
    pub(super) fn market_at(&self, reference: Day, context: &Context) -> (Market, Vec<Warning>) {
        let mut market = Market::build(&self.shelf, context.calendar.clone(), context.settings.clone(), reference);
        let warnings = with_universe(&mut market, self.store.as_ref(), context);
        (market, warnings)
    }
}

/// Counts the universe that is set up into the market; the synthetic one where there is no store.
fn with_universe(market: &mut Market, store: Option<&Store>, context: &Context) -> Vec<Warning> {
    let Some(store) = store else {
        universe::made_up(market, &context.calendar);
        return Vec::new();
    };
    universe::set_up(market, store, context)
}

/// The error of a command that cannot do without an input.
pub(super) fn wanting(market: &Market, missing: &Missing) -> anyhow::Error {
    let held = market.state(&missing.input).filter(|held| held.state == State::Withheld);
    let next = held.map_or_else(|| "bring it in with `rotation fetch` or `rotation import`".into(), InputState::remedy);
    anyhow!("{missing}; {next}")
}

/// What every signal says of the market. Each is a job of its own: they differ tenfold, and no thread is to wait. They are
/// begun from the last, as the long ones stand rather late: short ones then fill what time is left.
pub(super) fn tracks(market: &Market) -> Vec<Tracked> {
    let measured = SIGNALS.par_iter().rev().with_max_len(1).map(|signal| (signal, signal.measure(market)));
    let mut tracks: Vec<Tracked> = measured.collect();
    tracks.reverse();
    tracks
}

/// The session that a command is for: the last finished one, or the last on or before `as_of`.
pub(super) fn reference(as_of: Option<Day>, context: &Context) -> Result<Day> {
    let finished = context.calendar.last_finished(context.now);
    let Some(day) = as_of else { return Ok(finished) };
    if day > finished {
        let problem =
            format!("`--as-of {day}` lies after the last finished session, {finished}; ask for that one or an earlier");
        return Err(UsageError(problem).into());
    }
    Ok(context.calendar.on_or_before(day))
}

/// The synthetic market, or those of the stored series that a verdict rests on, and of the `extra` ones.
pub(super) fn load(demo: bool, extra: &[SeriesId], context: &Context) -> Result<Held> {
    if demo {
        let shelf = demo::market(&context.calendar, context.calendar.last_finished(context.now));
        return Ok(Held { shelf, warnings: Vec::new(), store: None });
    }
    stored(&context.store()?, extra, Vec::new(), context)
}

/// The same of the stored series, after what was `said` while they were brought in.
pub(super) fn stored(store: &Store, extra: &[SeriesId], said: Vec<Warning>, context: &Context) -> Result<Held> {
    let Listing { held, lost, strange } = store.series()?;
    let loaded = store.load_part(&select(held, extra, context), |id| Some(inputs::columns(&id.name)));
    let lost = missed(lost, extra, context);
    let warnings: Vec<Warning> = said.into_iter().chain(strange).chain(lost).chain(loaded.warnings).collect();
    if loaded.shelf.is_empty() {
        // a folder for this run alone is gone with it
        let kept = context.store.as_deref() == Some(store.root());
        let place = if kept { format!("the store `{}` holds", store.root().display()) } else { "there is".to_owned() };
        let said = warnings.iter().fold(String::new(), |text, warning| text + "\n  " + &warning.message);
        bail!(
            "{place} nothing to judge: run `rotation fetch` on a network, `rotation import PATH…` \
             with files of your own, or `rotation check --demo` for synthetic data{said}"
        );
    }
    Ok(Held { shelf: loaded.shelf, warnings, store: Some(store.clone()) })
}

/// What the user should know of those series, of what was lost, that a verdict or the `extra` ones rest on.
pub(super) fn missed(mut lost: BTreeMap<SeriesId, Warning>, extra: &[SeriesId], context: &Context) -> Vec<Warning> {
    select(lost.keys().cloned().collect(), extra, context).iter().filter_map(|id| lost.remove(id)).collect()
}

/// Those of the series that a verdict rests on, and of the `extra` ones; forward P/Es stand for inputs under names
/// of their own.
pub(super) fn select(held: Vec<SeriesId>, extra: &[SeriesId], context: &Context) -> Vec<SeriesId> {
    let inputs = inputs::inputs(&context.settings);
    let used = |id: &SeriesId| {
        let mut rows = inputs.iter().filter(|input| input.need != Need::Evidence);
        id.kind == Kind::Valuation || extra.contains(id) || rows.any(|input| input.series.contains(id))
    };
    held.into_iter().filter(used).collect()
}
