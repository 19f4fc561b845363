//! `rotation evidence events`: what small caps did against large ones after cuts of the policy rate.

use std::path::Path;

use anyhow::{Result, bail};

use super::given;
use crate::bars::SeriesId;
use crate::cli;
use crate::day::Day;
use crate::evidence::events::{self, Event, MONTHS, PAIRS};
use crate::report::{self, Told};
use crate::run::market::{self, Held, outcome};
use crate::run::{Context, Outcome, quality};
use crate::series::Market;

/// Months of a line to plot: every one of two years.
const PLOTTED: std::ops::RangeInclusive<u32> = 1..=24;

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, part: &cli::Events, context: &Context) -> Result<Outcome> {
    let reference = market::reference(flags.as_of, context)?;
    let (given, later) = dated(part.dates.as_deref(), reference)?;
    let extra: Vec<SeriesId> = PAIRS.concat().into_iter().map(SeriesId::bars).collect();
    let held = market::load(flags.demo, &extra, context)?;
    let synthetic = held.is_synthetic();
    let Held { shelf, mut warnings, .. } = held;
    let market = Market::build(&shelf, context.calendar.clone(), context.settings.clone(), reference);
    warnings.extend(quality::warnings(&market, &warnings));
    let (found, untold) = match market.known("policy-target") {
        Ok(target) => (events::cuts(&target.points, &market.calendar), None),
        Err(missing) => (Vec::new(), Some(missing.to_string())),
    };
    let events = events::merge(found, &given);
    if events.is_empty() {
        let none = untold.unwrap_or_else(|| "policy-target has none up to this session".into());
        let reasons: Vec<String> = [Some(none), later].into_iter().flatten().collect();
        bail!(
            "no cut of the policy rate is known: {}; run `rotation fetch policy-target`, or name a file of cuts up to \
             {reference} with `--dates`",
            reasons.join("; ")
        );
    }
    let (pairs, lacking) = events::pairs(&shelf, &market.calendar, reference);
    if pairs.is_empty() {
        bail!(
            "nothing to measure with: {}; bring them in with `rotation fetch` or `rotation import`",
            lacking.join(", ")
        );
    }
    let months: Vec<u32> = if flags.format == "csv" { PLOTTED.collect() } else { MONTHS.to_vec() };
    let study = events::study(&events, &months, &pairs);
    let told = Told::new(reference, synthetic, &study);
    let text = match &*flags.format {
        "json" => report::pretty(&told)?,
        "csv" => report::study_csv(&told),
        _ => report::study(&told, &context.page),
    };
    let mut outcome = outcome(&market.states, &warnings, text);
    let reasons = untold.into_iter().chain(lacking).filter(|_| !flags.demo);
    outcome.notes.extend(reasons.chain(later).map(|reason| format!("note: {reason}")));
    Ok(outcome)
}

/// The cuts that a file gives up to `reference`, and what is to be said of those after it.
fn dated(path: Option<&Path>, reference: Day) -> Result<(Vec<Event>, Option<String>)> {
    let Some(path) = path else { return Ok((Vec::new(), None)) };
    let (known, later): (Vec<Event>, Vec<Event>) =
        given(path, events::dates)?.into_iter().partition(|event| event.date <= reference);
    let note = later.first().map(|first| {
        let (count, day) = (later.len(), first.date);
        let cuts = if count == 1 { format!("a cut of {day} is") } else { format!("{count} cuts from {day} on are") };
        format!("`{}`: {cuts} left out, after the session that this is for, {reference}", path.display())
    });
    Ok((known, note))
}
