//! `rotation evidence claims`: statements of market commentary, checked.

use anyhow::Result;

use super::given;
use crate::bars::SeriesId;
use crate::cli;
use crate::day::Day;
use crate::evidence::claims::{self, Answers, COMMON, Claim, Sources};
use crate::report::{self, Told};
use crate::run::market::{self, Held, outcome};
use crate::run::{Context, Outcome, quality};
use crate::series::Market;

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, part: &cli::Claims, context: &Context) -> Result<Outcome> {
    if part.example {
        return Ok(Outcome { result: COMMON.into(), ..Outcome::default() });
    }
    let claims = match &part.file {
        None => claims::read(COMMON)?,
        Some(path) => given(path, claims::read)?,
    };
    let reference = market::reference(flags.as_of, context)?;
    let extra: Vec<SeriesId> = claims.iter().flat_map(Claim::symbols).map(|symbol| SeriesId::bars(&symbol)).collect();
    let held = market::load(flags.demo, &extra, context)?;
    let synthetic = held.is_synthetic();
    let Held { shelf, mut warnings, .. } = held;
    let build = |day: Day| Market::build(&shelf, context.calendar.clone(), context.settings.clone(), day);
    let market = build(reference);
    warnings.extend(quality::warnings(&market, &warnings));
    let answer = |claim: &Claim| match claim.as_of.filter(|day| *day < reference) {
        None => claims::answer(claim, Sources { shelf: &shelf, market: &market }),
        Some(day) => {
            let then = build(context.calendar.on_or_before(day));
            claims::answer(claim, Sources { shelf: &shelf, market: &then })
        }
    };
    let answers = Answers { claims: claims.iter().map(answer).collect() };
    let told = Told::new(reference, synthetic, &answers);
    let text = if flags.format == "json" { report::pretty(&told)? } else { report::answers(&told, &context.page) };
    Ok(outcome(&market.states, &warnings, text))
}
