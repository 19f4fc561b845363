//! `rotation check`: fetch what is due, weigh it, say it.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::fetch::Progress;
use super::market::Held;
use super::{Context, GOOD, Outcome, PARTIAL, UsageError, fetch, journal, market, quality};
use crate::bars::Warning;
use crate::cli::Check;
use crate::report::{Evidence, FORMATS, Pictures, Report, explain};
use crate::series::{Depth, State};
use crate::signals::SIGNALS;
use crate::store::Store;
use crate::verdict::{self, Stage};

/// Exit code of `--exit-code` for a setup.
const SETUP: u8 = 10;
/// Exit code of `--exit-code` while large caps lead.
const NOT_ROTATING: u8 = 20;

/// Code of the warning that nothing of a run is kept.
const UNWRITABLE: &str = "store_unwritable";

/// Runs the command.
pub fn check(flags: &Check, context: &Context, progress: &dyn Fn(Progress)) -> Result<Outcome> {
    let reference = market::reference(flags.as_of, context)?;
    flags.explain.as_deref().map_or(Ok(()), known)?;
    let mut outcome = Outcome::default();
    let held =
        if flags.demo { market::load(true, &[], context)? } else { stored(flags, context, progress, &mut outcome)? };
    let synthetic = held.is_synthetic();
    let (mut market, warnings) = held.market(reference, context);
    // pictures show whole histories
    let format = FORMATS.iter().find(|format| format.name == flags.format).context("a known format")?;
    market.depth = if format.pictured { Depth::Whole } else { Depth::Report };
    let tracks = market::tracks(&market);
    let verdict = verdict::weigh(&market, &tracks);
    let found = quality::warnings(&market, &warnings);
    let unkept = warnings.iter().any(|warning| warning.code == UNWRITABLE);
    let warnings = warnings.into_iter().chain(found).collect();
    let whole = format.whole && flags.explain.is_none();
    let (mut report, followed) = rayon::join(
        || Report::new(&market, &tracks, &verdict, warnings, synthetic),
        || whole.then(|| Evidence::of(&market, &verdict)),
    );
    if !flags.demo {
        outcome.verdict = compare(flags, context, &mut report).filter(|_| !unkept);
    }
    let unchanged = flags.only_changes && report.change.as_ref().is_some_and(|change| !change.matters());
    outcome.code = code(flags, &report);
    outcome.notes.extend(quality::lines(&report.warnings));
    if unchanged {
        return Ok(outcome);
    }
    if !flags.no_flips && (format.whole || flags.explain.is_some()) {
        report = report.with_flips(&verdict::flips(&market, &tracks, &verdict));
    }
    let text = if let Some(name) = &flags.explain {
        let name = Some(name.as_str()).filter(|name| !name.is_empty());
        explain(&report, &context.settings, &tracks, name, &context.page)
    } else {
        if let Some(followed) = followed {
            report = report.with_evidence(followed);
        }
        if format.pictured {
            report.pictures = Some(Pictures::new(&market, &tracks, &verdict, &report));
        }
        (format.render)(&report, &context.page)?
    };
    match &flags.output {
        // opened anew it would have an end of its own
        Some(path) if path != Path::new("-") && path != Path::new("/dev/stdout") => write(path, &text)?,
        _ => outcome.result = text,
    }
    Ok(outcome)
}

/// Refuses the name of a signal that does not exist, the empty one standing for all.
fn known(name: &str) -> Result<()> {
    let names: Vec<&str> = SIGNALS.iter().map(|signal| signal.id).collect();
    if name.is_empty() || names.contains(&name) {
        return Ok(());
    }
    let problem = format!("no signal is called `{}`; there are {}", name.escape_debug(), names.join(", "));
    Err(UsageError(problem).into())
}

/// Adds to the report what changed since the verdict before. A live verdict is to be noted itself.
fn compare(flags: &Check, context: &Context, report: &mut Report) -> Option<journal::Note> {
    let entry = journal::entry(report, context);
    let (change, unread) = journal::change(&entry, context);
    report.change = change;
    report.warnings.extend(unread);
    let given = flags.as_of.is_none() && flags.explain.is_none();
    given.then(|| journal::note(entry, context)).flatten()
}

/// What the store holds, after what is due was fetched.
fn stored(flags: &Check, context: &Context, progress: &dyn Fn(Progress), outcome: &mut Outcome) -> Result<Held> {
    let live = !flags.offline && flags.as_of.is_none();
    let mut warnings = Vec::new();
    let (home, mut folder) = match context.store {
        None if live => aside(None, "no folder is known for the store", context, &mut warnings)?,
        _ => (context.store()?, None),
    };
    let mut store = home.clone();
    if live {
        let fetched = match fetch::needed(&store, context, progress) {
            Err(error) if is_readonly(&error) => {
                let why = format!("the store `{}` cannot be written to", home.root().display());
                (store, folder) = aside(Some(&home), &why, context, &mut warnings)?;
                fetch::needed(&store, context, progress)
            }
            fetched => fetched,
        }?;
        outcome.details.extend(fetch::render(&fetched).lines().map(str::to_owned));
        outcome.details.extend(fetched.details);
        warnings.extend(fetched.warnings);
    }
    if folder.is_some() {
        warnings.extend(unlent(&home, &store, context)?);
    }
    let held = market::stored(&store, &[], warnings, context)?;
    drop(folder);
    // the members of an index are read where they are
    Ok(Held { store: Some(home), ..held })
}

/// What was lost at home and has not come to the store for this run alone either.
fn unlent(home: &Store, store: &Store, context: &Context) -> Result<Vec<Warning>> {
    let (mut lost, had) = (home.series()?.lost, store.series()?.held);
    lost.retain(|id, _| !had.contains(id));
    Ok(market::missed(lost, &[], context))
}

/// Whether an error is that of a place where nothing may be written.
fn is_readonly(error: &anyhow::Error) -> bool {
    let readonly = |kind| matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|cause| readonly(cause.kind())))
}

/// A store for this run alone, with those of the series `held` that a verdict rests on; it is gone with the folder
/// that comes along.
fn aside(
    held: Option<&Store>,
    why: &str,
    context: &Context,
    warnings: &mut Vec<Warning>,
) -> Result<(Store, Option<TempDir>)> {
    let folder = tempfile::tempdir().with_context(|| format!("{why}, nor can a temporary folder be made"))?;
    let root = folder.path().to_path_buf();
    let store = match held {
        Some(held) => held.lend(&market::select(held.series()?.held, &[], context), root)?,
        None => Store::at(root)?,
    };
    let message = format!("{why}: nothing of this run is kept; name a folder for it with `--store DIR`");
    warnings.push(Warning::general(UNWRITABLE, message));
    Ok((store, Some(folder)))
}

/// Writes the verdict to a file: whole, or not at all. What is no plain file (a pipe, a device, what a process has
/// open) is written to as it is; what a link leads to is replaced, the link stays.
fn write(path: &Path, text: &str) -> Result<()> {
    let place = || format!("cannot write `{}`; name a file in a folder that may be written to", path.display());
    let is_open = ["/dev/std", "/dev/fd/", "/proc/"].iter().any(|place| path.to_string_lossy().starts_with(place));
    if is_open || path.exists() && !path.is_file() {
        let mut file = OpenOptions::new().append(true).open(path).with_context(place)?;
        return file.write_all(text.as_bytes()).with_context(place);
    }
    let path = &linked(path).with_context(place)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask, as for any new file
    let mut file = builder.tempfile_in(folder).with_context(place)?;
    file.as_file_mut().write_all(text.as_bytes()).with_context(place)?;
    file.persist(path).map_err(|error| error.error).with_context(place)?;
    Ok(())
}

/// What a link leads to, be it there or not; another path is its own.
fn linked(path: &Path) -> io::Result<PathBuf> {
    let Ok(target) = fs::read_link(path) else { return Ok(path.to_path_buf()) };
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => linked(&path.with_file_name(target)),
        whole => whole,
    }
}

/// The exit code: the stage's own where that was asked for, else whether anything is stale.
fn code(flags: &Check, report: &Report) -> u8 {
    let any_stale = report.inputs.iter().any(|input| matches!(input.state, State::Stale | State::Withheld));
    let damaged = report.warnings.iter().any(|warning| warning.code.starts_with("file_"));
    match report.verdict.stage {
        Stage::Unknown => PARTIAL,
        Stage::Early | Stage::Confirmed if flags.exit_code => GOOD,
        Stage::Setup if flags.exit_code => SETUP,
        Stage::None | Stage::Fading if flags.exit_code => NOT_ROTATING,
        _ if any_stale || damaged => PARTIAL,
        _ => GOOD,
    }
}
