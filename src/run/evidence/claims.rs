//! `rotation evidence claims`: statements of market commentary, checked.

use std::fs;

use anyhow::{Context as _, Result};

use crate::bars::SeriesId;
use crate::cli;
use crate::day::Day;
use crate::evidence::claims::{self, Answer, COMMON, Claim, Sources};
use crate::report::{self, Told};
use crate::run::market::{self, Held, outcome};
use crate::run::{Context, Outcome, UsageError};
use crate::series::Market;

/// Runs the command.
pub(super) fn command(flags: &cli::Evidence, part: &cli::Claims, context: &Context) -> Result<Outcome> {
    if part.example {
        return Ok(Outcome { result: COMMON.into(), ..Outcome::default() });
    }
    let claims = match &part.file {
        None => claims::read(COMMON)?,
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            claims::read(&text).map_err(|error| UsageError(format!("`{}`: {error:#}", path.display())))?
        }
    };
    let reference = market::reference(flags.as_of, context)?;
    let extra: Vec<SeriesId> = claims.iter().flat_map(Claim::symbols).map(|symbol| SeriesId::bars(&symbol)).collect();
    let held = market::load(flags.demo, &extra, context)?;
    let synthetic = held.is_synthetic();
    let Held { shelf, warnings, .. } = held;
    let build = |day: Day| Market::build(&shelf, context.calendar.clone(), context.settings.clone(), day);
    let market = build(reference);
    let answer = |claim: &Claim| match claim.as_of.filter(|day| *day < reference) {
        None => claims::answer(claim, Sources { shelf: &shelf, market: &market }),
        Some(day) => {
            let then = build(context.calendar.on_or_before(day));
            claims::answer(claim, Sources { shelf: &shelf, market: &then })
        }
    };
    let answers = Answers { claims: claims.iter().map(answer).collect() };
    let told = Told::new(reference, synthetic, &answers);
    let text = if flags.format == "json" {
        report::pretty(&told)?
    } else {
        report::answers(&Told::new(reference, synthetic, &answers.claims), &context.page)
    };
    Ok(outcome(&warnings, text))
}

/// The answers, under a name.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(in crate::run) struct Answers {
    claims: Vec<Answer>,
}
