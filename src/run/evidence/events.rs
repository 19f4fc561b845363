//! `rotation evidence events`: what small caps did against large ones after cuts of the policy rate.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::bars::SeriesId;
use crate::cli;
use crate::evidence::events::{self, MONTHS, PAIRS};
use crate::report::{self, Told};
use crate::run::market::{self, Held, outcome};
use crate::run::{Context, Outcome, UsageError};
use crate::series::Market;

/// Months of a line to plot: every one of two years.
const PLOTTED: std::ops::RangeInclusive<u32> = 1..=24;

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, part: &cli::Events, context: &Context) -> Result<Outcome> {
    let given = match &part.dates {
        None => Vec::new(),
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            events::dates(&text).map_err(|error| UsageError(format!("`{}`: {error:#}", path.display())))?
        }
    };
    let reference = market::reference(flags.as_of, context)?;
    let extra: Vec<SeriesId> = PAIRS.concat().into_iter().map(SeriesId::bars).collect();
    let held = market::load(flags.demo, &extra, context)?;
    let synthetic = held.is_synthetic();
    let Held { shelf, warnings, .. } = held;
    let market = Market::build(&shelf, context.calendar.clone(), context.settings.clone(), reference);
    let found =
        market.known("policy-target").map_or(Vec::new(), |target| events::cuts(&target.points, &market.calendar));
    let events = events::merge(found, &given);
    if events.is_empty() {
        bail!("no cut of the policy rate is known: run `rotation fetch policy-target`, or name a file with `--dates`");
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
    let mut outcome = outcome(&warnings, text);
    outcome.notes.extend(lacking.iter().filter(|_| !flags.demo).map(|reason| format!("note: {reason}")));
    Ok(outcome)
}
