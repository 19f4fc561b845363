//! The flags of `rotation store` and what is beneath it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `rotation store`
#[derive(Debug, Subcommand)]
pub enum Store {
    /// Every series: source, span, rows, age, and whether it may be used
    Status(Status),
    /// Verify every hash and say everything that speaks against a series
    Verify,
    /// Write series as CSV files that `rotation import` reads
    Export(Export),
    /// Remove everything the store holds
    Clear(Clear),
}

/// `rotation store status`
#[derive(Args, Debug)]
pub struct Status {
    /// How it is written
    #[arg(long, default_value = "table", value_parser = ["table", "json"])]
    pub format: String,
}

/// `rotation store export`
#[derive(Args, Debug)]
pub struct Export {
    /// Series (`IWM`, `rates/DGS2`) [default: all]
    #[arg(value_name = "SERIES")]
    pub series: Vec<String>,
    /// Folder to write to, new or empty
    #[arg(long, value_name = "DIR", default_value = "rotation-export")]
    pub output: PathBuf,
}

/// `rotation store clear`
#[derive(Args, Debug)]
pub struct Clear {
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}
