//! The commands: one command, one file.
