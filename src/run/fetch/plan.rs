//! Which series to ask for.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::FetchRequest;
use crate::bars::{Series, SeriesId, Warning};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::fetch::{self, Held, Reply, Wanted};
use crate::inputs::{self, Input, Need, UNIVERSE};
use crate::quality::Nature;
use crate::run::UsageError;
use crate::run::quality::FETCH_UNIVERSE;
use crate::store::{Asked, Outcome, Store};

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

/// What to ask for, and what was asked before.
pub(super) struct Plan {
    pub(super) series: Vec<Planned>,
    pub(super) asked: Asked,
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

/// Those of the candidates that are due, or named.
pub(super) fn plan(
    candidates: &[Candidate],
    request: &FetchRequest,
    store: &Store,
    settings: &Settings,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Plan {
    let ids: Vec<SeriesId> = candidates.iter().map(|candidate| candidate.id.clone()).collect();
    // what a verdict reads of a series tells how far it goes, and whether its file is good
    let mut loaded = store.load_part(&ids, |id| Some(inputs::columns(&id.name)));
    let (asked, warning) = store.asked();
    let inputs = inputs::inputs(settings);
    let mut plan = Plan { series: Vec::new(), asked, warnings: std::mem::take(&mut loaded.warnings) };
    plan.warnings.extend(warning);
    for Candidate { input, id, named } in candidates {
        let held = loaded.shelf.get(id);
        let sources: Vec<_> =
            fetch::sources(id.kind, settings, &request.keys).filter(|row| (row.serves)(&id.name)).collect();
        let last = held.and_then(|series| series.columns.days().last().copied());
        let expected = fetch::expected(id, calendar, now);
        let answers = sources.iter().filter_map(|source| plan.asked.last(id, source.name));
        let answer = fetch::last_reply(answers.map(|answer| (answer.at, reply(answer.outcome))));
        let due = !sources.is_empty() && fetch::due(last, expected, answer, now);
        // what is held beyond the clock says that the clock was set back: there is nothing to ask
        if let Some(last) = last.filter(|last| *last > fetch::newest(id, calendar, now)) {
            if *named {
                let message = format!("`{id}` is held up to {last}, beyond the clock: not asked for");
                plan.warnings.push(Warning::about("held_beyond_clock", input, message));
            }
            continue;
        }
        if !(due || *named || request.full) {
            continue;
        }
        let mut whole = store.load_only(std::slice::from_ref(id));
        plan.warnings.append(&mut whole.warnings);
        let held = whole.shelf.remove(id);
        let tail = held.as_ref().and_then(|series| Held::of(&series.origin, &series.columns));
        let wanted = Wanted { id: id.clone(), held: tail, nature: Nature::of(id, &inputs), whole: request.full };
        plan.series.push(Planned { input: input.clone(), named: *named, held, wanted });
    }
    plan
}

/// How a source answered, in the words of the rule.
fn reply(outcome: Outcome) -> Reply {
    match outcome {
        Outcome::New | Outcome::NothingNew => Reply::Answered,
        Outcome::NotFound => Reply::NotFound,
        Outcome::Failed => Reply::Failed,
    }
}
