//! Which series to ask for.

use anyhow::Result;

use super::FetchRequest;
use super::round::Round;
use crate::bars::{Series, SeriesId, Shelf, Warning};
use crate::config::Settings;
use crate::fetch::{self, Held, Reply, Wanted};
use crate::inputs::{self, Input, Need, UNIVERSE};
use crate::quality::Nature;
use crate::run::UsageError;
use crate::run::quality::FETCH_UNIVERSE;
use crate::store::{Asked, Outcome};

/// A series that may be asked for.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The input it serves; a member serves itself.
    pub(super) input: String,
    pub(super) id: SeriesId,
    /// Asked for by name.
    pub(super) named: bool,
}

/// A series to be asked for.
pub(super) struct Planned {
    /// The input it serves.
    pub(super) input: String,
    /// Asked for by name.
    pub(super) named: bool,
    /// What is held of it.
    pub(super) held: Option<Series>,
    pub(super) wanted: Wanted,
}

impl Planned {
    /// What is to be asked for, given what is held.
    pub(super) fn new(candidate: Candidate, held: Option<Series>, inputs: &[Input], whole: bool) -> Self {
        let Candidate { input, id, named } = candidate;
        let tail = held.as_ref().and_then(|held| Held::of(&held.origin, &held.columns));
        let nature = Nature::of(&id, inputs);
        Self { input, named, held, wanted: Wanted { id, held: tail, nature, whole } }
    }
}

/// Those of the candidates that are due, or named, by what is held and was asked for before.
#[derive(Default)]
pub(super) struct Due {
    pub(super) candidates: Vec<Candidate>,
    pub(super) warnings: Vec<Warning>,
}

/// The series of the inputs named, or of all.
///
/// # Errors
/// [`UsageError`] for a name that is neither an input nor a series, or has no source.
pub(super) fn candidates(request: &FetchRequest, settings: &Settings) -> Result<Vec<Candidate>> {
    let inputs = inputs::inputs(settings);
    for name in &request.names {
        match inputs.iter().find(|input| names(input, None, name)) {
            Some(input) if input.id == UNIVERSE => {
                let why = format!("the members of an index are fetched by `rotation fetch {FETCH_UNIVERSE}`");
                return Err(UsageError(why).into());
            }
            Some(input) if input.series.iter().all(|id| !fetch::is_served(id.kind)) => {
                let why = format!("`{}` has no source: give it with `rotation import`", input.id);
                return Err(UsageError(why).into());
            }
            Some(_) => {}
            None => return Err(unknown(name, &inputs).into()),
        }
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    for input in &inputs {
        let needed = !request.needed_only || input.need != Need::Evidence;
        for id in input.series.iter().filter(|id| fetch::is_served(id.kind)) {
            let named = request.names.iter().any(|name| names(input, Some(id), name));
            let wanted = if request.names.is_empty() { needed } else { named };
            if wanted && candidates.iter().all(|known| known.id != *id) {
                candidates.push(Candidate { input: input.id.clone(), id: id.clone(), named });
            }
        }
    }
    Ok(candidates)
}

/// Whether `name` means an input, one of its series, or that series (`rates/DGS2`), in any case.
fn names(input: &Input, series: Option<&SeriesId>, name: &str) -> bool {
    let is = |id: &SeriesId| id.name.eq_ignore_ascii_case(name) || id.to_string().eq_ignore_ascii_case(name);
    input.id.eq_ignore_ascii_case(name) || series.map_or_else(|| input.series.iter().any(is), is)
}

fn unknown(name: &str, inputs: &[Input]) -> UsageError {
    let known: Vec<&str> = inputs.iter().filter(|input| !input.series.is_empty()).map(|input| &*input.id).collect();
    let name: String = name.chars().take(40).flat_map(char::escape_debug).collect();
    UsageError(format!("`{name}` is no input or series; there are {}", known.join(", ")))
}

impl Round<'_> {
    /// Those of the candidates that are due, or named.
    pub(super) fn due(&self, candidates: Vec<Candidate>, held: &Shelf, asked: &Asked) -> Due {
        let Self { request, settings, calendar, now, .. } = *self;
        let mut due = Due::default();
        for candidate in candidates {
            let Candidate { input, id, named } = &candidate;
            let last = held.get(id).and_then(|series| series.columns.days().last().copied());
            // what is held beyond the clock says that the clock was set back: there is nothing to ask
            if let Some(last) = last.filter(|last| *last > fetch::newest(id, calendar, now)) {
                // of all of them one will do, and who looks back by `--now` knows
                if *named || request.live_clock && due.warnings.is_empty() {
                    let next = "not asked for; set the clock, then run again";
                    let message = format!("`{id}` is held up to {last}, beyond the clock: {next}");
                    due.warnings.push(Warning::about("held_beyond_clock", input, message));
                }
                continue;
            }
            let sources = fetch::sources(id.kind, settings, &request.keys).filter(|row| (row.serves)(&id.name));
            let mut sources = sources.peekable();
            let is_served = sources.peek().is_some();
            let answers = sources.filter_map(|source| asked.last(id, source.name));
            let answer = fetch::last_reply(answers.map(|answer| (answer.at, reply(answer.outcome))));
            let is_due = || is_served && fetch::due(last, fetch::expected(id, calendar, now), answer, now);
            if *named || request.full || is_due() {
                due.candidates.push(candidate);
            }
        }
        due
    }
}

/// How a source answered, in the words of the rule.
fn reply(outcome: Outcome) -> Reply {
    match outcome {
        Outcome::New | Outcome::NothingNew => Reply::Answered,
        Outcome::NotFound => Reply::NotFound,
        Outcome::Failed => Reply::Failed,
    }
}
