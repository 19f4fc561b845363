//! The flags of `rotation evidence` and what is beneath it.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use crate::day::Day;
use crate::evidence::Kind;

/// `rotation evidence`
#[derive(Args, Debug)]
pub struct Evidence {
    /// How it is written; csv is for `events` alone
    #[arg(long, global = true, default_value = "table", value_parser = ["table", "json", "csv"])]
    pub format: String,
    /// Look back from the close of this session (or the last one before it) [default: the last finished one]
    #[arg(long, global = true, value_name = "DATE")]
    pub as_of: Option<Day>,
    /// Use a synthetic market made on the spot; the store is not touched
    #[arg(long, global = true)]
    pub demo: bool,
    /// What comes with the record
    #[command(subcommand)]
    pub part: Option<Part>,
    /// Measure these rows alone
    #[arg(long, value_name = "ROWS", value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::id)))]
    pub only: Option<String>,
}

/// What comes with the record.
#[derive(Debug, Subcommand)]
pub enum Part {
    /// What small caps did against large ones after cuts of the policy rate
    Events(Events),
    /// Statements of market commentary, checked
    Claims(Claims),
    /// Whether anything said of a session depends on later ones
    Audit(Audit),
}

/// `rotation evidence events`
#[derive(Args, Debug)]
pub struct Events {
    /// Cuts beside those found in the policy target, or in their place: `date,class` with first-cut, restart, last-cut
    #[arg(long, value_name = "FILE")]
    pub dates: Option<PathBuf>,
}

/// `rotation evidence claims`
#[derive(Args, Debug)]
pub struct Claims {
    /// The claims, in TOML [default: common ones]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print the common ones as a file to begin with
    #[arg(long)]
    pub example: bool,
}

/// `rotation evidence audit`
#[derive(Args, Debug)]
pub struct Audit {
    /// Sessions at which the market is cut
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub cuts: u16,
    /// What decides where
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}
