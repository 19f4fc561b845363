//! `rotation evidence`: what followed such verdicts, and what comes with it.

mod audit;
mod claims;
mod events;
mod record;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{Context, Outcome, UsageError};
use crate::cli::{Evidence, Part};

/// Runs the command.
pub fn command(flags: &Evidence, context: &Context) -> Result<Outcome> {
    if flags.format == "csv" && !matches!(flags.part, Some(Part::Events(_))) {
        return Err(UsageError("`--format csv` is for `rotation evidence events` alone".into()).into());
    }
    if flags.only.is_some() && flags.part.is_some() {
        return Err(
            UsageError("`--only` is for the record; `events`, `claims` and `audit` have no such rows".into()).into()
        );
    }
    match &flags.part {
        None => record::command(flags, context),
        Some(Part::Events(part)) => events::command(flags, part, context),
        Some(Part::Claims(part)) => claims::command(flags, part, context),
        Some(Part::Audit(part)) => audit::command(flags, part, context),
    }
}

/// Reads a file that the user gives; one that says something wrong is a wrong request.
fn given<T>(path: &Path, read: impl Fn(&str) -> Result<T>) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    read(&text).map_err(|error| UsageError(format!("`{}`: {error:#}", path.display())).into())
}
