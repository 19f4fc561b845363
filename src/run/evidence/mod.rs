//! `rotation evidence`: what followed such verdicts, and what comes with it.

mod audit;
mod claims;
mod events;
mod record;

use anyhow::Result;

pub(super) use self::claims::Answers;
use super::{Context, Outcome, UsageError};
use crate::cli::{Evidence, Part};

/// Runs the command.
pub fn command(flags: &Evidence, context: &Context) -> Result<Outcome> {
    if flags.format == "csv" && !matches!(flags.part, Some(Part::Events(_))) {
        return Err(UsageError("`--format csv` is for `rotation evidence events` alone".into()).into());
    }
    match &flags.part {
        None => record::command(flags, context),
        Some(Part::Events(part)) => events::command(flags, part, context),
        Some(Part::Claims(part)) => claims::command(flags, part, context),
        Some(Part::Audit(part)) => audit::command(flags, part, context),
    }
}
