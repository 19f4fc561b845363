//! `rotation evidence audit`: whether anything said of a session depends on later ones.

use anyhow::Result;

use crate::cli;
use crate::evidence::audit;
use crate::report::{self, Told};
use crate::run::market::{self, Held, outcome};
use crate::run::{Context, FAILED, Outcome};
use crate::series::Market;
use crate::signals::SIGNALS;

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, part: &cli::Audit, context: &Context) -> Result<Outcome> {
    let reference = market::reference(flags.as_of, context)?;
    let held = market::load(flags.demo, &[], context)?;
    let synthetic = held.is_synthetic();
    let Held { shelf, warnings, .. } = held;
    let market = Market::build(&shelf, context.calendar.clone(), context.settings.clone(), reference);
    let audit = audit::audit(&shelf, &market, SIGNALS, part.cuts.into(), part.seed);
    let told = Told::new(reference, synthetic, &audit);
    let text = if flags.format == "json" { report::pretty(&told)? } else { report::audit(&told, &context.page) };
    let mut outcome = outcome(&warnings, text);
    if !audit.differences.is_empty() {
        outcome.code = FAILED;
    }
    Ok(outcome)
}
