//! Subcommands and flags, no logic.

mod evidence;
mod examples;
mod store;

use std::path::PathBuf;

use chrono::{DateTime, Datelike, Utc};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use evidence::{Audit, Claims, Events, Evidence, Part};
pub use store::{Clear, Export, Status, Store};

use crate::calendar::YEARS;
use crate::day::Day;
use crate::import::KINDS;
use crate::report::{FORMATS, LINES};
use crate::run::describe::OUTPUTS;
use crate::universe::UNIVERSES;

/// Is money rotating from large caps (SPY) into small caps (IWM), and do banks, breadth, valuation and rates confirm it?
#[derive(Debug, Parser)]
#[command(name = "rotation", version, about, after_help = examples::ALL, disable_help_subcommand = true)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Args, Debug)]
pub struct Global {
    /// Configuration file [default: the platform's, or `ROTATION_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the store [default: the platform's data folder, or `ROTATION_STORE`]
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// Threads to compute with [default: one per processor]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Say more on stderr
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// When to colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Judge by this clock instead of the machine's (2025-09-24T18:00:00-04:00)
    #[arg(long, global = true, value_name = "RFC3339", value_parser = instant)]
    pub now: Option<DateTime<Utc>>,
    /// Seconds to wait for another run that is writing to the store
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal that can, unless `NO_COLOR` is set
    Auto,
    /// Even into a pipe
    Always,
    /// Not at all
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetch what is due and print the verdict
    #[command(after_help = examples::CHECK)]
    Check(Check),
    /// Stage, score and votes of every session, for other programs; asks no source
    #[command(after_help = examples::HISTORY)]
    History(History),
    /// What followed such verdicts: the track record; asks no source
    #[command(after_help = examples::EVIDENCE)]
    Evidence(Evidence),
    /// Fill the store from the sources
    #[command(after_help = examples::FETCH)]
    Fetch(Fetch),
    /// Take CSV files into the store
    #[command(after_help = examples::IMPORT)]
    Import(Import),
    /// List the verdicts given, compare two of them
    #[command(after_help = examples::JOURNAL)]
    Journal(Journal),
    /// Daily breadth of the members of an index: how many rise, stand above their means, make new highs
    Breadth(Breadth),
    /// Look at the store, check it, write it out, empty it
    #[command(subcommand, after_help = examples::STORE)]
    Store(Store),
    /// Show the configuration in force and where each value came from
    Config(Config),
    #[expect(missing_docs, reason = "a comment here would be the help of the whole program")]
    #[command(flatten)]
    Describe(Describe),
}

/// The commands that describe the program.
#[derive(Debug, Subcommand)]
pub enum Describe {
    /// Print the JSON Schema of an output
    #[command(after_help = examples::SCHEMA)]
    Schema(Schema),
    /// Print completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(Completions),
    /// Print the manual, for man(1)
    #[command(after_help = examples::MAN)]
    Man,
}

/// `rotation check`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Check {
    /// Ask no source: the store as it is
    #[arg(long)]
    pub offline: bool,
    /// Judge as of the close of this session (or the last one before it); asks no source
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
    /// How the verdict is written
    #[arg(long, default_value = "table", value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    pub format: String,
    /// Write the verdict to a file instead of stdout (`-`)
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show how a signal came to its vote: formula, inputs, figures, threshold [default: every signal]
    #[arg(long, value_name = "SIGNAL", num_args = 0..=1, default_missing_value = "", conflicts_with = "format")]
    pub explain: Option<String>,
    /// Print only when the stage or a vote changed since the last verdict of an earlier session
    #[arg(long, conflicts_with_all = ["explain", "demo"])]
    pub only_changes: bool,
    /// Let the stage decide the exit code: 0 early or confirmed, 10 setup, 20 none or fading, 3 unknown
    #[arg(long)]
    pub exit_code: bool,
    /// Do not look for what the next close would change
    #[arg(long)]
    pub no_flips: bool,
    /// Use a synthetic market made on the spot; the store is not touched
    #[arg(long)]
    pub demo: bool,
}

/// `rotation journal`
#[derive(Args, Debug)]
pub struct Journal {
    /// From this session on
    #[arg(long, value_name = "DATE")]
    pub from: Option<Day>,
    /// Up to this session
    #[arg(long, value_name = "DATE")]
    pub to: Option<Day>,
    /// What changed from the last verdict up to one day to the last up to another
    #[arg(long, num_args = 2, value_names = ["DATE", "DATE"], conflicts_with_all = ["from", "to"])]
    pub diff: Vec<Day>,
    /// How it is written
    #[arg(long, default_value = "table", value_parser = ["table", "ndjson"])]
    pub format: String,
}

/// `rotation history`
#[derive(Args, Debug)]
pub struct History {
    /// First session shown [default: the first held]
    #[arg(long, value_name = "DATE")]
    pub from: Option<Day>,
    /// Last session shown [default: the last finished one]
    #[arg(long, value_name = "DATE")]
    pub to: Option<Day>,
    /// How it is written
    #[arg(long, default_value = LINES[0], value_parser = PossibleValuesParser::new(LINES))]
    pub format: String,
    /// A line a spell instead: how long each stage stood, and the return of IWM over SPY inside and after
    #[arg(long)]
    pub spells: bool,
    /// Use a synthetic market made on the spot; the store is not touched
    #[arg(long)]
    pub demo: bool,
}

/// `rotation fetch`
#[derive(Args, Debug)]
pub struct Fetch {
    /// Inputs or series to ask for (`IWM`, `two-year`, `DGS2`) [default: all that are due]
    #[arg(value_name = "SERIES")]
    pub series: Vec<String>,
    /// Fetch whole series anew instead of what follows the stored ones
    #[arg(long)]
    pub full: bool,
    /// Fetch who the members of this index fund are, and the bars of each, instead
    #[arg(long, value_name = "FUND", conflicts_with = "series", ignore_case = true, value_parser = PossibleValuesParser::new(UNIVERSES.iter().map(|universe| universe.name)))]
    pub universe: Option<String>,
}

/// `rotation import`
#[derive(Args, Debug)]
pub struct Import {
    /// Files, or folders of files
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// What the files hold [default: told by their header]
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS.iter().map(|kind| kind.id)))]
    pub kind: Option<String>,
    /// Let the files take the place of what the store holds of the same series
    #[arg(long)]
    pub replace: bool,
}

/// `rotation breadth`
#[derive(Args, Debug)]
pub struct Breadth {
    /// Members: symbols, a fund's holdings, or lists by day (`date,symbol`) [default: those in the store]
    #[arg(long, value_name = "FILE")]
    pub universe: Option<PathBuf>,
    /// Read the bars from CSV files in this folder (`SYMBOL.csv`) instead of the store [members: all of them]
    #[arg(long, value_name = "DIR")]
    pub bars: Option<PathBuf>,
    /// First day to show
    #[arg(long, value_name = "DATE")]
    pub from: Option<Day>,
    /// Last day to show
    #[arg(long, value_name = "DATE")]
    pub to: Option<Day>,
    /// How it is written
    #[arg(long, default_value = "csv", value_parser = ["csv", "ndjson"])]
    pub format: String,
    /// Use a synthetic universe made on the spot; the store is not touched
    #[arg(long, conflicts_with_all = ["universe", "bars"])]
    pub demo: bool,
}

/// `rotation config`
#[derive(Args, Debug)]
pub struct Config {
    /// Print the defaults as an annotated file instead
    #[arg(long)]
    pub default: bool,
}

/// `rotation schema`
#[derive(Args, Debug)]
pub struct Schema {
    /// The output; of one with a line a record it is the schema of a line
    #[arg(value_name = "OUTPUT", default_value = OUTPUTS[0].name, value_parser = PossibleValuesParser::new(OUTPUTS.iter().map(|output| output.name)))]
    pub output: String,
}

/// `rotation completions`
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

impl Journal {
    /// Whether the verdicts of a session are listed.
    pub fn asks_for(&self, session: Day) -> bool {
        self.from.is_none_or(|from| session >= from) && self.to.is_none_or(|to| session <= to)
    }
}

/// Reads an RFC 3339 instant of the years whose sessions are counted.
fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc());
    let instant = instant.map_err(|_| "an instant looks like 2025-09-24T18:00:00-04:00".to_owned())?;
    if YEARS.contains(&instant.year()) {
        return Ok(instant);
    }
    Err(format!("sessions are counted from {} to {}: give an instant of these years", YEARS.start(), YEARS.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn instants_are_read_in_any_offset() {
        assert_eq!(instant("2025-09-24T18:00:00-04:00"), instant("2025-09-24T22:00:00Z"));
        assert!(instant("2025-09-24").is_err());
        assert!(instant("1960-01-01T00:00:00Z").is_ok() && instant("2060-12-31T23:59:59Z").is_ok());
        for beyond in ["0001-12-31T18:00:00Z", "1959-12-31T23:59:59Z", "2061-01-01T00:00:00Z", "9999-01-01T00:00:00Z"] {
            assert!(instant(beyond).is_err_and(|why| why.contains("from 1960 to 2060")), "{beyond}");
        }
    }
}
