//! `rotation evidence`: what followed each stage, each vote and each third of the score.

use anyhow::Result;

use crate::cli;
use crate::evidence::{self, Kind};
use crate::report::{self, Told};
use crate::run::market::{self, Past};
use crate::run::{Context, Outcome};

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, context: &Context) -> Result<Outcome> {
    let reference = market::reference(flags.as_of, context)?;
    let held = market::load(flags.demo, &[], context)?;
    let past = Past::weigh(held, reference, context);
    let chosen = |kind: &Kind| flags.only.as_ref().is_none_or(|only| only == kind.id());
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(chosen).collect();
    let record = evidence::record(&past.market, &past.tracks, &past.verdict, &kinds)
        .map_err(|missing| market::wanting(&past.market, &missing))?;
    let told = Told::new(past.market.reference(), past.synthetic, &record);
    Ok(past.outcome(if flags.format == "json" { report::pretty(&told)? } else { report::record(&told, &context.page) }))
}
