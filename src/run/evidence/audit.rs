//! `rotation evidence audit`: whether anything said of a session depends on later ones.

use anyhow::Result;

use crate::cli;
use crate::day::Day;
use crate::evidence::audit;
use crate::report::{self, Told};
use crate::run::market::{self, outcome};
use crate::run::{Context, FAILED, Outcome, quality};
use crate::signals::SIGNALS;

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, part: &cli::Audit, context: &Context) -> Result<Outcome> {
    let reference = market::reference(flags.as_of, context)?;
    let held = market::load(flags.demo, &[], context)?;
    let (market, of_universe) = held.market_at(reference, context);
    let mut warnings = [&held.warnings[..], &of_universe].concat();
    warnings.extend(quality::warnings(&market, &warnings));
    let inputs = market.states.clone();
    let cut = |day: Day| held.market_at(day, context).0;
    let audit = audit::audit(market, cut, SIGNALS, part.cuts.into(), part.seed);
    let told = Told::new(reference, held.is_synthetic(), &audit);
    let text = if flags.format == "json" { report::pretty(&told)? } else { report::audit(&told, &context.page) };
    let mut outcome = outcome(&inputs, &warnings, text);
    if !audit.differences.is_empty() {
        outcome.code = FAILED;
    }
    Ok(outcome)
}
