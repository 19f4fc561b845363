//! `rotation evidence`: what followed such verdicts.

use anyhow::Result;

use super::market::{self, Past};
use super::{Context, Outcome};
use crate::cli;
use crate::evidence::{self, Kind};
use crate::report::{self, Told};

/// Runs the command.
pub fn command(flags: &cli::Evidence, context: &Context) -> Result<Outcome> {
    let reference = market::reference(flags.as_of, context)?;
    let (shelf, warnings) = market::load(flags.demo, market::of_the_verdict, context)?;
    let past = Past::weigh(&shelf, warnings, reference, context);
    drop(shelf);
    let chosen = |kind: &Kind| flags.only.as_ref().is_none_or(|only| only == kind.id());
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(chosen).collect();
    let record = evidence::record(&past.market, &past.tracks, &past.verdict, &kinds)?;
    let told = Told::new(past.market.reference(), flags.demo, &record);
    Ok(past.outcome(if flags.format == "json" { report::pretty(&told)? } else { report::record(&told, &context.page) }))
}
