//! The verdict in sentences: the same in every format for people.

use super::figures::{count, percent, score};
use super::{Report, journal, words};
use crate::verdict::{CONFIRMATION_SESSIONS, Posture, Stage};

/// Where there is more to be read.
pub(super) const CLOSING: &str = "`rotation check --explain SIGNAL` shows how a row comes about.";

/// The stage, since when, and on what.
pub(super) fn title(report: &Report) -> String {
    let verdict = &report.verdict;
    format!(
        "{} since {} ({}) · score {} · coverage {}",
        words::title(verdict.stage),
        verdict.since,
        count(verdict.sessions_in_stage, "session"),
        score(verdict.score.0),
        percent(verdict.coverage.0)
    )
}

/// The session, and what the stage means.
pub(super) fn context(report: &Report) -> String {
    format!("As of the close of {}. {}", report.as_of, words::meaning(report.verdict.stage))
}

/// The rule, the running candidate, what changed, the way out of an unknown stage and what followed it, each with
/// a label.
pub(super) fn why(report: &Report) -> Vec<(&str, String)> {
    let verdict = &report.verdict;
    let mut lines = vec![("why", verdict.rule.clone())];
    if verdict.candidate != verdict.stage {
        let candidate = words::noun(verdict.candidate);
        let running =
            format!("{candidate}, for {} of the {CONFIRMATION_SESSIONS} sessions it takes", verdict.candidate_sessions);
        lines.push(("candidate", running));
    }
    if let Some(before) = verdict.previous_stage {
        lines.push(("before", words::noun(before).into()));
    }
    if let Some(change) = &report.change {
        lines.push(("change", journal::since(change)));
    }
    if let Some(step) = &verdict.next_step {
        lines.push(("next step", step.clone()));
    }
    let Posture { action, stance, time_frame, risk, statement } = &verdict.posture;
    if verdict.stage != Stage::Unknown {
        let card = [("action", action), ("stance", stance), ("over", time_frame), ("risk", risk)];
        lines.extend(card.map(|(label, text)| (label, text.clone())));
    }
    lines.push(("this is", (*statement).into()));
    lines.extend(report.evidence.lines().map(|(label, text)| (label, text.to_owned())));
    lines
}
