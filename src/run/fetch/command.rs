//! The fetch of the command line, and the one that `check` begins with.

use anyhow::Result;

use super::{Became, FetchRequest, Fetched, Line, Progress, fetch, fetch_members, interrupt, render, render_members};
use crate::bars::SeriesId;
use crate::cli;
use crate::config::KEY_VARIABLES;
use crate::fetch::{check_certificates, check_proxy};
use crate::run::{Context, GOOD, Outcome, PARTIAL, UsageError, quality};
use crate::store::Store;
use crate::universe::universe;

/// Runs `rotation fetch`.
pub fn command(flags: &cli::Fetch, context: &Context, progress: &dyn Fn(Progress)) -> Result<Outcome> {
    let request = FetchRequest { names: flags.series.clone(), full: flags.full, ..request(context)? };
    let store = context.store()?;
    if let Some(universe) = flags.universe.as_deref().and_then(universe) {
        let Context { settings, calendar, now, .. } = context;
        let members = fetch_members(universe, &request, &store, settings, calendar, *now, progress)?;
        return Ok(Outcome {
            result: render_members(&members),
            notes: members.warnings.iter().map(|warning| format!("warning: {}", warning.message)).collect(),
            code: if members.partial() { PARTIAL } else { GOOD },
            ..Outcome::default()
        });
    }
    let mut fetched = run(&request, &store, context, progress)?;
    let stored = |line: &&Line| matches!(line.became, Became::Whole { .. } | Became::Extended { .. });
    let ids: Vec<SeriesId> = fetched.lines.iter().filter(stored).map(|line| line.series.clone()).collect();
    let (found, withheld) = quality::stored(&store, &ids, &context.settings, &context.calendar, &fetched.warnings);
    fetched.warnings.extend(found);
    Ok(Outcome {
        result: render(&fetched),
        notes: quality::lines(&fetched.warnings),
        details: fetched.details.clone(),
        code: if fetched.partial() || withheld > 0 { PARTIAL } else { GOOD },
        ..Outcome::default()
    })
}

/// Fetches what a verdict needs and is due.
pub fn needed(store: &Store, context: &Context, progress: &dyn Fn(Progress)) -> Result<Fetched> {
    run(&FetchRequest { needed_only: true, ..request(context)? }, store, context, progress)
}

/// A request under this clock, with the environment looked at first: the HTTP client would go round a
/// proxy it does not understand, and trust other certificates than it was told to, in silence.
fn request(context: &Context) -> Result<FetchRequest> {
    for (name, value) in &context.environment.proxies {
        check_proxy(name, value).map_err(|error| UsageError(error.to_string()))?;
    }
    for (source, variable) in KEY_VARIABLES {
        if context.environment.keys.get(source).is_some_and(|key| !key.usable()) {
            let why =
                format!("`{variable}` holds no key: 8 to 200 letters, digits, `-` or `_`; correct it or unset it");
            return Err(UsageError(why).into());
        }
    }
    context.environment.ssl_cert_file.as_deref().map_or(Ok(()), check_certificates)?;
    Ok(FetchRequest {
        wait: context.wait,
        live_clock: context.live_clock,
        keys: context.environment.keys.clone(),
        watch: interrupt::watch,
        ..FetchRequest::default()
    })
}

fn run(request: &FetchRequest, store: &Store, context: &Context, progress: &dyn Fn(Progress)) -> Result<Fetched> {
    fetch(request, store, &context.settings, &context.calendar, context.now, progress)
}
