//! What a fetch did, as a report and as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::plan::Planned;
use crate::bars::{Columns, Dividends, IMPORTED, Kind, SeriesId, Warning};
use crate::config::{Keys, Settings};
use crate::day::Day;
use crate::fetch::{self, Arrival, Fault, FetchError, Finding, SESSION_MISSING};
use crate::report::count;
use crate::run::quality;

/// What a fetch did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fetched {
    /// The series asked for, in the order of the inputs; none when nothing was due.
    pub lines: Vec<Line>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    /// What the user may want to know.
    pub details: Vec<String>,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The series.
    pub series: SeriesId,
    /// The input it serves.
    pub input: String,
    /// The source asked last; none where none is enabled.
    pub source: Option<&'static str>,
    /// The outcome.
    pub became: Became,
    /// First and last day that the source served.
    pub span: Option<(Day, Day)>,
    /// Whether it was held before.
    pub held: bool,
    /// Whether it was asked for by name.
    pub named: bool,
}

/// How a series stands after it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Became {
    /// Stored whole.
    Whole {
        /// Its rows.
        rows: usize,
        /// Whether it took the place of one held before, whose past has changed.
        anew: bool,
    },
    /// Stored with new rows after the held ones.
    Extended {
        /// Days that were not held; 0 where only the last rows changed.
        added: usize,
    },
    /// The source has nothing that is not held.
    Unchanged,
    /// The user's own file, and the source's figures disagree with it: left as it is.
    Foreign(String),
    /// Its file could not be read: left as it is.
    Untouched {
        /// The code of the warning.
        code: &'static str,
        /// Why, and the next step.
        why: String,
    },
    /// No source served it; what is held was kept.
    Failed(FetchError),
}

impl Fetched {
    /// Whether something asked for is not to be had: exit code 3. A series never held and not asked
    /// for by name may be unknown to its source.
    pub fn partial(&self) -> bool {
        self.lines.iter().any(|line| match &line.became {
            Became::Failed(error) => line.held || line.named || error.fault != Fault::NotFound,
            Became::Foreign(_) | Became::Untouched { .. } => true,
            Became::Whole { .. } | Became::Extended { .. } | Became::Unchanged => false,
        })
    }
}

/// The outcome as text: a line a series, for people.
pub fn render(fetched: &Fetched) -> String {
    if fetched.lines.is_empty() {
        return "nothing is due\n".to_owned();
    }
    let name = |line: &Line| line.series.to_string();
    let width = fetched.lines.iter().map(|line| name(line).len()).max().unwrap_or(0);
    let mut text = String::new();
    for line in &fetched.lines {
        let source = line.source.unwrap_or("-");
        // writing to a string does not fail
        let _ = writeln!(text, "{:width$}  {source:9}  {}", name(line), said(line));
    }
    text
}

/// The outcome in words.
fn said(line: &Line) -> String {
    let to = line.span.map_or_else(String::new, |(_, last)| format!(" to {last}"));
    match &line.became {
        Became::Whole { rows, anew } => {
            let anew = if *anew { ", whole anew" } else { "" };
            let from = line.span.map_or_else(String::new, |(first, _)| format!(" from {first}"));
            format!("{}{from}{to}{anew}", count(*rows, "row"))
        }
        Became::Extended { added: 0 } => format!("last rows refreshed{to}"),
        Became::Extended { added } => format!("{} added{to}", count(*added, "row")),
        Became::Unchanged => "nothing new".to_owned(),
        Became::Foreign(_) => "imported, left as it is".to_owned(),
        Became::Untouched { .. } => "cannot be read, left as it is".to_owned(),
        Became::Failed(_) => "failed".to_owned(),
    }
}

/// The line of a series, its outcome still to be filled in.
pub(super) fn line(planned: &Planned, arrival: &Arrival) -> Line {
    Line {
        series: planned.wanted.id.clone(),
        input: planned.input.clone(),
        source: arrival.source,
        became: Became::Unchanged,
        span: arrival.outcome.as_ref().ok().and_then(|answer| super::span(&answer.columns)),
        held: planned.held.is_some(),
        named: planned.named,
    }
}

/// What is to be said about one series that was served; of its missing sessions only those that are
/// no `closures`.
pub(super) fn warnings(planned: &Planned, arrival: &Arrival, became: &Became, closures: &[Day]) -> Vec<Warning> {
    let id = &planned.wanted.id;
    let about = |code, message: String| Warning::about(code, &planned.input, message);
    let mut warnings = Vec::new();
    let source = arrival.source.unwrap_or("no source");
    match became {
        Became::Foreign(conflict) => {
            let next = "import newer rows, or take its file out of the store";
            let message =
                format!("`{id}` was imported and disagrees with {source}: {conflict}; nothing was added, {next}");
            warnings.push(about("import_disagrees", message));
        }
        Became::Untouched { code, why } => warnings.push(about(code, why.clone())),
        Became::Whole { .. } | Became::Extended { .. } | Became::Unchanged | Became::Failed(_) => {}
    }
    for mut finding in findings(arrival).iter().cloned() {
        finding.days.retain(|day| finding.code != SESSION_MISSING || !closures.contains(day));
        if !finding.days.is_empty() {
            warnings.push(about(finding.code, format!("`{id}` from {source}: {finding}")));
        }
    }
    if let Some(since) = undivided(planned, arrival, became) {
        // which rows of an imported series came before without dividends is not recorded
        let what = match &planned.held {
            Some(held) if held.origin.owner == IMPORTED => format!("the rows from {since} on come without dividends"),
            _ => format!("dividends are not known since {since}"),
        };
        let message = format!("`{id}` from {source}: this source has prices alone: {what}");
        warnings.push(about("dividends_unknown", message));
    }
    warnings
}

/// What may be worth a look: sessions without volume among those that were not held.
pub(super) fn detail(planned: &Planned, arrival: &Arrival, became: &Became) -> Option<String> {
    let answer = arrival.outcome.as_ref().ok()?;
    let (Columns::Bars(bars), Became::Whole { .. } | Became::Extended { .. }) = (&answer.columns, became) else {
        return None;
    };
    let held = planned.wanted.held.as_ref().map(|held| held.last);
    let rows = bars.day.iter().copied().zip(&bars.volume);
    let days: Vec<Day> =
        rows.filter(|(day, volume)| Some(*day) > held && **volume == 0.0).map(|(day, _)| day).collect();
    let any = !days.is_empty();
    let idle = Finding { code: "no_volume", what: "no volume, close kept, on", days };
    any.then(|| format!("`{}` from {}: {idle}", planned.wanted.id, answer.source))
}

/// From which day on dividends are not known, where rows came from a source that knows none.
fn undivided(planned: &Planned, arrival: &Arrival, became: &Became) -> Option<Day> {
    let answer = arrival.outcome.as_ref().ok().filter(|answer| answer.dividends == Dividends::Unknown)?;
    let held = planned.held.as_ref();
    let mut days = answer.columns.days().iter().copied();
    match became {
        Became::Whole { .. } => days.next(),
        Became::Extended { added: 1.. } if held.is_some_and(|held| held.origin.owner == answer.source) => {
            held.and_then(|held| held.columns.days().first().copied())
        }
        Became::Extended { added: 1.. } => {
            let own = held.and_then(fetch::own_last);
            days.find(|day| Some(*day) > own)
        }
        _ => None,
    }
}

/// A source that did not serve, and the series it was asked for.
struct Refusal<'a> {
    source: &'a str,
    error: &'a FetchError,
    lines: Vec<&'a Line>,
    /// Who served them instead.
    instead: Option<&'static str>,
}

impl<'a> Refusal<'a> {
    fn of(line: &'a Line, source: &'a str, error: &'a FetchError) -> Self {
        let instead = line.source.filter(|_| !matches!(line.became, Became::Failed(_)));
        Self { source, error, lines: vec![line], instead }
    }

    /// Whether one fault of the source is behind both.
    fn same(&self, other: &Self) -> bool {
        self.source == other.source
            && self.error.fault == other.error.fault
            && self.instead == other.instead
            && self.error.fault.concerns_all()
    }

    fn warning(&self) -> Warning {
        let (first, others) = (self.lines[0], &self.lines[1..]);
        let instead = self.instead.map_or_else(String::new, |next| format!("; {next} was asked instead"));
        let mut message = format!("`{}` from {}: {}{instead}", first.series, self.source, self.error);
        let code = self.error.fault.code();
        if others.is_empty() {
            return Warning::about(code, &first.input, message);
        }
        let others: Vec<&str> = others.iter().map(|other| &*other.series.name).collect();
        message.push_str(&quality::the_same(&others));
        Warning::general(code, message)
    }
}

/// What is to be said of the sources that did not serve: once, where one fault of a source is behind
/// several series.
pub(super) fn failures(lines: &[Line], arrivals: &[Arrival]) -> Vec<Warning> {
    let mut refusals: Vec<Refusal> = Vec::new();
    for (line, arrival) in lines.iter().zip(arrivals) {
        let last = match &line.became {
            Became::Failed(error) => Some((line.source.unwrap_or("no source"), error)),
            _ => None,
        };
        let others = arrival.failed.iter().map(|(source, error)| (*source, error));
        for (source, error) in last.into_iter().chain(others) {
            let refusal = Refusal::of(line, source, error);
            match refusals.iter_mut().find(|known| known.same(&refusal)) {
                Some(known) => known.lines.push(line),
                None => refusals.push(refusal),
            }
        }
    }
    refusals.iter().map(Refusal::warning).collect()
}

/// The sources that are not asked for want of a key.
pub(super) fn keyless(settings: &Settings, keys: &Keys) -> Vec<String> {
    let without = fetch::keyless(settings, keys);
    without.iter().map(|(source, variable)| format!("{source} is not asked: `{variable}` is not set")).collect()
}

fn findings(arrival: &Arrival) -> &[Finding] {
    arrival.outcome.as_ref().map_or(&[], |answer| &answer.findings)
}

/// Series that must all lack a session before it is taken for a closure.
const CLOSURE_SERIES: usize = 3;

/// Sessions of which no source has a bar of any series.
pub(super) fn closures(planned: &[Planned], arrivals: &[Arrival]) -> Vec<Day> {
    let bars = planned.iter().zip(arrivals).filter(|(planned, _)| planned.wanted.id.kind == Kind::Bars);
    let bars: Vec<&Arrival> = bars.map(|(_, arrival)| arrival).filter(|arrival| arrival.outcome.is_ok()).collect();
    let spans: Vec<(Day, Day)> = bars
        .iter()
        .filter_map(|arrival| arrival.outcome.as_ref().ok().and_then(|answer| super::span(&answer.columns)))
        .collect();
    let mut lacking: BTreeMap<Day, usize> = BTreeMap::new();
    for finding in bars.iter().flat_map(|arrival| findings(arrival)).filter(|finding| finding.code == SESSION_MISSING) {
        finding.days.iter().for_each(|day| *lacking.entry(*day).or_default() += 1);
    }
    let spanning = |day: &Day| spans.iter().filter(|(first, last)| first <= day && day <= last).count();
    lacking.into_iter().filter(|(day, n)| *n >= CLOSURE_SERIES && *n == spanning(day)).map(|(day, _)| day).collect()
}

/// What is to be said of sessions that no series has.
pub(super) fn unscheduled(closures: &[Day]) -> Option<Warning> {
    let days: Vec<String> = closures.iter().take(5).map(Day::to_string).collect();
    let more = if closures.len() > 5 { ", …" } else { "" };
    let message = format!(
        "no series has a bar on {}{more}: an unscheduled closure? Then add it to `extra_closures` under `[calendar]`",
        days.join(", ")
    );
    (!closures.is_empty()).then(|| Warning::general("unscheduled_closure", message))
}
