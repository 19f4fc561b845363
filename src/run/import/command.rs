//! The import of the command line.

use anyhow::Result;

use super::{Request, import, render, render_notes};
use crate::cli;
use crate::run::{Context, GOOD, Outcome, PARTIAL};

/// Runs `rotation import`.
pub fn command(flags: &cli::Import, context: &Context) -> Result<Outcome> {
    let request =
        Request { paths: &flags.paths, kind: flags.kind.as_deref(), replace: flags.replace, wait: context.wait };
    let imported = import(&request, &context.store()?, &context.settings, &context.calendar, context.now)?;
    Ok(Outcome {
        result: render(&imported),
        notes: render_notes(&imported).lines().map(str::to_owned).collect(),
        code: if imported.is_partial() { PARTIAL } else { GOOD },
        ..Outcome::default()
    })
}
