//! `rotation store clear`: removes what the store holds, after asking.

use anyhow::Result;

use super::members;
use crate::bars::IMPORTED;
use crate::cli::Clear;
use crate::report::count;
use crate::run::{Context, GOOD, Outcome, UsageError};
use crate::store::Store;

/// Runs the command.
pub(super) fn clear(flags: &Clear, context: &Context, confirm: Option<&dyn Fn(&str) -> bool>) -> Result<Outcome> {
    let store = context.store()?;
    let root = store.root().display().to_string();
    if !store.exists()? {
        return Ok(said(format!("nothing is stored in `{root}`\n")));
    }
    let files = count(store.files()?.len(), "file");
    let agreed = match confirm {
        _ if flags.yes => true,
        Some(ask) => {
            let (imported, journal) = (imported(&store)?, store.journal()?);
            let journal = if journal.is_empty() { "" } else { ", and the journal of the verdicts given" };
            ask(&format!("remove {files} of the store `{root}`, {imported} of them with data you imported{journal}?"))
        }
        None => {
            let next = "say `--yes` where nobody can be asked";
            return Err(UsageError(format!("not removed: {files} of the store `{root}`; {next}")).into());
        }
    };
    if !agreed {
        return Ok(said("nothing was removed\n".into()));
    }
    let removed = store.lock(context.wait)?.clear()?;
    Ok(said(format!("removed {} from `{root}`\n", count(removed, "file"))))
}

/// Files with data of the user.
fn imported(store: &Store) -> Result<usize> {
    let mut imported = 0;
    super::each(store, &store.series()?.held, Some(&[]), |_, series| {
        imported += usize::from(series.origin.owner == IMPORTED);
        Ok(())
    })?;
    for universe in members::held(store)? {
        let lists = universe.days.iter().filter_map(|day| store.snapshot(&universe.name, *day).ok());
        imported += lists.filter(|list| list.source == IMPORTED).count();
    }
    Ok(imported)
}

fn said(result: String) -> Outcome {
    Outcome { result, code: GOOD, ..Outcome::default() }
}
