//! The commands: one command, one file. They compute what is to be printed; `main` prints it.

pub mod fetch;
pub mod import;

use std::fmt;

/// A request that makes no sense: exit code 2.
#[derive(Debug)]
pub struct UsageError(pub String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
