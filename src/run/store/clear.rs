//! `rotation store clear`: removes what the store holds, after asking.

use anyhow::Result;

use crate::bars::IMPORTED;
use crate::cli::Clear;
use crate::run::{Context, GOOD, Outcome, UsageError};

/// Runs the command.
pub(super) fn clear(flags: &Clear, context: &Context, confirm: Option<&dyn Fn(&str) -> bool>) -> Result<Outcome> {
    let store = context.store()?;
    let root = store.root().display().to_string();
    if !store.exists() {
        return Ok(said(format!("nothing is stored in `{root}`\n")));
    }
    let files = store.files()?.len();
    let imported = store.load()?.shelf.values().filter(|series| series.origin.owner == IMPORTED).count();
    let journal = if store.journal()?.is_empty() { "" } else { ", and the journal of the verdicts given" };
    let question =
        format!("remove {files} files of the store `{root}`, {imported} of them with data you imported{journal}?");
    let agreed = match confirm {
        _ if flags.yes => true,
        Some(ask) => ask(&question),
        None => {
            let next = "say `--yes` where nobody can be asked";
            return Err(UsageError(format!("not removed: {files} files of the store `{root}`; {next}")).into());
        }
    };
    if !agreed {
        return Ok(said("nothing was removed\n".into()));
    }
    let removed = store.lock(context.wait)?.clear()?;
    Ok(said(format!("removed {removed} files from `{root}`\n")))
}

fn said(result: String) -> Outcome {
    Outcome { result, code: GOOD, ..Outcome::default() }
}
