//! The commands: one command, one file.

pub mod import;
