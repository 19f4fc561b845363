//! `rotation config`: what is in force, and who decided about it.

use super::{Context, Outcome};
use crate::config;

/// The configuration in force.
pub fn effective(context: &Context) -> Outcome {
    let result = config::effective(&context.settings, context.store.as_deref(), &context.given);
    Outcome { result, ..Outcome::default() }
}

/// The defaults as an annotated file. No configuration is read for it: it may be on its way to where
/// that lies, which is empty by then.
pub fn annotated() -> Outcome {
    Outcome { result: config::annotated(), ..Outcome::default() }
}
