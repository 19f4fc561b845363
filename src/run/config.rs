//! `rotation config`: what is in force, and who decided about it.

use std::fmt::Write;

use super::{Context, Outcome};
use crate::config::{self, KEY_VARIABLES};

/// The configuration in force.
pub fn effective(context: &Context) -> Outcome {
    let mut result = config::effective(&context.settings, context.store.as_deref(), &context.given);
    result.push_str("\n# keys, which stand in the environment alone and are never shown\n");
    for (source, variable) in KEY_VARIABLES {
        let state = if context.environment.keys.contains_key(source) { "set" } else { "not set" };
        // writing to a string does not fail
        let _ = writeln!(result, "# {variable}: {state}");
    }
    Outcome { result, ..Outcome::default() }
}

/// The defaults as an annotated file. No configuration is read for it: it may be on its way to where
/// that lies, which is empty by then.
pub fn annotated() -> Outcome {
    Outcome { result: config::annotated(), ..Outcome::default() }
}
