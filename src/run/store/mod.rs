//! `rotation store`: one command, one file.

mod clear;
mod export;
mod members;
mod status;
mod verify;

pub(super) use status::Row;

use anyhow::Result;

use super::{Context, Outcome};
use crate::bars::{Series, SeriesId, Warning};
use crate::cli;
use crate::store::Store;

/// Runs a command about the store; `confirm` asks a question, where there is somebody to answer.
pub fn command(flags: &cli::Store, context: &Context, confirm: Option<&dyn Fn(&str) -> bool>) -> Result<Outcome> {
    match flags {
        cli::Store::Status(flags) => status::status(flags, context),
        cli::Store::Verify => verify::verify(context),
        cli::Store::Export(flags) => export::export(flags, context),
        cli::Store::Clear(flags) => clear::clear(flags, context, confirm),
    }
}

/// Series that are in memory at once: a universe has thousands of them.
const AT_ONCE: usize = 64;

/// Loads series, a few at a time, and shows each; of bars the columns `wanted` alone, see [`Store::read`]. Returns what
/// was found wrong with their files.
fn each(
    store: &Store,
    ids: &[SeriesId],
    wanted: Option<&'static [&'static str]>,
    mut see: impl FnMut(&SeriesId, &Series) -> Result<()>,
) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    for part in ids.chunks(AT_ONCE) {
        let loaded = store.load_part(part, |_| wanted);
        loaded.shelf.iter().try_for_each(|(id, series)| see(id, series))?;
        warnings.extend(loaded.warnings);
    }
    Ok(warnings)
}
