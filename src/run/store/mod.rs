//! `rotation store`: one command, one file.

mod clear;
mod export;
mod status;
mod verify;

use anyhow::Result;

use super::{Context, Outcome};
use crate::cli;

/// Runs a command about the store; `confirm` asks a question, where there is somebody to answer.
pub fn command(flags: &cli::Store, context: &Context, confirm: Option<&dyn Fn(&str) -> bool>) -> Result<Outcome> {
    match flags {
        cli::Store::Status(flags) => status::status(flags, context),
        cli::Store::Verify => verify::verify(context),
        cli::Store::Export(flags) => export::export(flags, context),
        cli::Store::Clear(flags) => clear::clear(flags, context, confirm),
    }
}
