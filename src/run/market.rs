//! The market that a command looks back over: what the store holds, as it is, or the synthetic one.

use anyhow::{Result, bail};
use rayon::prelude::*;

use super::{Context, GOOD, Outcome, PARTIAL, UsageError, quality};
use crate::bars::{Kind, SeriesId, Shelf, Warning};
use crate::day::Day;
use crate::demo;
use crate::inputs::{self, Need};
use crate::series::Market;
use crate::signals::SIGNALS;
use crate::verdict::{self, Tracked, Verdict};

/// A market and what is said of every session of it.
pub(super) struct Past {
    pub market: Market,
    pub tracks: Vec<Tracked>,
    pub verdict: Verdict,
    /// What the user should know of the data.
    pub warnings: Vec<Warning>,
}

impl Past {
    /// The market of `shelf` up to `reference`, weighed at every session.
    pub(super) fn weigh(shelf: &Shelf, mut warnings: Vec<Warning>, reference: Day, context: &Context) -> Self {
        let market = Market::build(shelf, context.calendar.clone(), context.settings.clone(), reference);
        let tracks = tracks(&market);
        let verdict = verdict::weigh(&market, &tracks);
        warnings.extend(quality::warnings(&market, &warnings));
        Self { market, tracks, verdict, warnings }
    }

    /// What a command leaves behind that looked back over this.
    pub(super) fn outcome(&self, result: String) -> Outcome {
        outcome(&self.warnings, result)
    }
}

/// What a command leaves behind with a `result`, and with what the user should know of the data.
pub(super) fn outcome(warnings: &[Warning], result: String) -> Outcome {
    let damaged = warnings.iter().any(|warning| warning.code.starts_with("file_"));
    Outcome {
        result,
        notes: warnings.iter().map(|warning| format!("warning: {}", warning.message)).collect(),
        code: if damaged { PARTIAL } else { GOOD },
        ..Outcome::default()
    }
}

/// What every signal says of every session.
pub(super) fn tracks(market: &Market) -> Vec<Tracked> {
    SIGNALS.par_iter().map(|signal| (signal, (signal.track)(market))).collect()
}

/// The same, as far as a report of the last session needs it.
pub(super) fn now(market: &Market) -> Vec<Tracked> {
    SIGNALS.par_iter().map(|signal| (signal, signal.now(market))).collect()
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
pub(super) fn load(demo: bool, extra: &[SeriesId], context: &Context) -> Result<(Shelf, Vec<Warning>)> {
    if demo {
        return Ok((demo::market(&context.calendar, context.calendar.last_finished(context.now)), Vec::new()));
    }
    let store = context.store()?;
    let (held, strange) = store.series()?;
    let mut loaded = store.load_part(&select(held, extra, context), |id| Some(inputs::columns(&id.name)));
    loaded.warnings.splice(0..0, strange);
    if loaded.shelf.is_empty() {
        let root = store.root().display();
        bail!(
            "the store `{root}` holds nothing to look back on: run `rotation fetch` on a network, \
             `rotation import PATH…` with files of your own, or the same with `--demo` for synthetic data"
        );
    }
    Ok((loaded.shelf, loaded.warnings))
}

/// Those of the series held that a verdict rests on, and of the `extra` ones; forward P/Es stand for inputs under names
/// of their own.
pub(super) fn select(held: Vec<SeriesId>, extra: &[SeriesId], context: &Context) -> Vec<SeriesId> {
    let inputs = inputs::inputs(&context.settings);
    let used = |id: &SeriesId| {
        let mut rows = inputs.iter().filter(|input| input.need != Need::Evidence);
        id.kind == Kind::Valuation || extra.contains(id) || rows.any(|input| input.series.contains(id))
    };
    held.into_iter().filter(used).collect()
}
