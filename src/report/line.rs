//! The report in one line, for a notification or a status bar.

use anyhow::Result;

use super::{Page, Report, headline, journal};
use crate::series::State;
use crate::verdict::Stage;

/// Changes that are named before the rest are counted.
const NAMED: usize = 3;

/// Writes the line.
#[expect(clippy::unnecessary_wraps, reason = "every format has this signature")]
pub(super) fn render(report: &Report, page: &Page) -> Result<String> {
    let mut parts = vec![format!("{}: {}", report.as_of, headline::title(report))];
    if report.synthetic {
        parts.insert(0, "SYNTHETIC DEMO DATA".into());
    }
    if report.verdict.stage == Stage::Unknown {
        parts.push(report.verdict.rule.clone());
        parts.extend(report.verdict.next_step.clone());
    }
    parts.extend(report.change.as_ref().filter(|change| change.matters()).map(|change| {
        let moves = journal::moves(change);
        let more = moves.len().saturating_sub(NAMED);
        let named = moves[..moves.len() - more].join(", ");
        if more == 0 { format!("changed: {named}") } else { format!("changed: {named} and {more} more") }
    }));
    let unusable = report.inputs.iter().filter(|input| matches!(input.state, State::Stale | State::Withheld));
    let unusable: Vec<&str> = unusable.map(|input| input.id.as_str()).collect();
    if !unusable.is_empty() {
        parts.push(format!("not usable: {}", unusable.join(" ")));
    }
    Ok(page.plain(&parts.join(" · ")) + "\n")
}
