//! The command line: parse, run, print, exit code.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Parser;
use rotation::calendar::Calendar;
use rotation::cli::{Cli, Color, Command, Global};
use rotation::config::{Config, ConfigError, Environment};
use rotation::report::Page;
use rotation::run::fetch::Interrupted;
use rotation::run::journal::Note;
use rotation::run::{self, Context, FAILED, GOOD, INTERRUPTED, LOCKED, Outcome, USAGE, UsageError};
use rotation::store::Locked;

/// Columns of an output that goes to no terminal.
const PIPE_WIDTH: usize = 100;

/// The C library gives freed memory back beyond 128 KiB, and pays for every page of it again, until it has
/// freed a larger block: then beyond twice that. It is never touched.
const BLOCK: usize = 16 << 20;

/// Has the C library keep what this thread frees, and ask the system at once for the addresses that a check takes.
fn reserve() {
    for block in [BLOCK, BLOCK / 2] {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(block)));
    }
}

fn main() -> ExitCode {
    reserve();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(instead) => return tell(&instead),
    };
    let quiet = cli.global.quiet;
    let verbose = cli.global.verbose;
    let outcome = match &cli.command {
        Command::Config(flags) if flags.default => Ok(run::config::annotated()),
        Command::Describe(what) => run::describe::command(what),
        chosen => context(&cli.global).and_then(|context| command(chosen, &context, quiet)),
    };
    match outcome {
        Ok(outcome) => print(&outcome, quiet, verbose),
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::from(code(&error))
        }
    }
}

/// Prints what there is instead of a command: help to stdout, what is wrong with the flags to stderr.
fn tell(instead: &clap::Error) -> ExitCode {
    match instead.print().and_then(|()| io::stdout().flush()) {
        Err(error) if !instead.use_stderr() => unwritten(&error),
        _ => ExitCode::from(if instead.use_stderr() { USAGE } else { GOOD }),
    }
}

/// Runs one command.
fn command(command: &Command, context: &Context, quiet: bool) -> Result<Outcome> {
    let bar = run::fetch::Bar::new(!quiet && io::stderr().is_terminal() && !context.environment.dumb_terminal);
    let progress = |progress| bar.show(progress);
    let outcome = match command {
        Command::Check(flags) => run::check::check(flags, context, &progress),
        Command::Evidence(flags) => run::evidence::command(flags, context),
        Command::History(flags) => run::history::command(flags, context),
        Command::Fetch(flags) => run::fetch::command(flags, context, &progress),
        Command::Import(flags) => run::import::command(flags, context),
        Command::Journal(flags) => run::journal::command(flags, context),
        Command::Breadth(flags) => run::breadth::breadth(flags, context),
        Command::Store(flags) => run::store::command(flags, context, confirm().as_ref().map(|ask| ask as _)),
        Command::Config(_) => Ok(run::config::effective(context)),
        Command::Describe(what) => run::describe::command(what),
    };
    bar.clear();
    outcome
}

/// Everything the commands are told, from the flags, the environment, the configuration and the clock.
fn context(flags: &Global) -> Result<Context> {
    let environment = Environment::read();
    let config = Config::load(flags.config.as_deref(), flags.store.as_deref(), &environment)?;
    // this thread is one of them: it would only wait for the others
    let threads = flags.threads.map_or(0, usize::from);
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .use_current_thread()
        .start_handler(|_| reserve())
        .build_global()?;
    Ok(Context {
        calendar: Calendar::new(&config.settings.extra_closures),
        settings: config.settings,
        store: config.store,
        given: config.given,
        now: flags.now.unwrap_or_else(clock),
        live_clock: flags.now.is_none(),
        wait: Duration::from_secs(flags.wait),
        page: page(flags.color, &environment),
        environment,
    })
}

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
fn clock() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// The page that stdout offers.
fn page(color: Color, environment: &Environment) -> Page {
    let terminal = io::stdout().is_terminal();
    let measured = terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Page {
        width: measured.or(environment.columns).unwrap_or(PIPE_WIDTH),
        color: match color {
            Color::Auto => terminal && !environment.no_color && !environment.dumb_terminal,
            Color::Always => true,
            Color::Never => false,
        },
        unicode: environment.utf8,
    }
}

/// Prints the notes to stderr and the result to stdout.
fn print(outcome: &Outcome, quiet: bool, verbose: bool) -> ExitCode {
    if verbose {
        outcome.details.iter().for_each(|detail| say(detail));
    }
    if !quiet {
        outcome.notes.iter().for_each(|note| say(note));
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(outcome.result.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => {
            if let Some(Err(error)) = outcome.verdict.as_ref().map(Note::write)
                && !quiet
            {
                say(&format!("warning: this verdict is not in the journal: {error:#}"));
            }
            ExitCode::from(outcome.code)
        }
        Err(error) => unwritten(&error),
    }
}

/// What it means that stdout cannot be written to; a reader that has gone is no failure.
fn unwritten(error: &io::Error) -> ExitCode {
    if error.kind() == ErrorKind::BrokenPipe {
        return ExitCode::from(GOOD);
    }
    say(&format!("error: cannot write the result: {error}"));
    ExitCode::from(FAILED)
}

/// Asks on the terminal, where there is one.
fn confirm() -> Option<impl Fn(&str) -> bool> {
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    terminal.then_some(|question: &str| {
        let mut answer = String::new();
        // an answer that cannot be read is a no
        let _ = write!(io::stderr(), "{question} [y/N] ");
        let _ = io::stdin().read_line(&mut answer);
        matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
    })
}

/// Writes a line to stderr; there is nobody to tell when that fails.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The exit code of an error.
fn code(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<UsageError>().is_some() || error.downcast_ref::<ConfigError>().is_some() {
        USAGE
    } else if error.downcast_ref::<Locked>().is_some() {
        LOCKED
    } else if error.downcast_ref::<Interrupted>().is_some() {
        INTERRUPTED
    } else {
        FAILED
    }
}
