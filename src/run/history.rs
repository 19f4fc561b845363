//! `rotation history`: stage, score and votes of every session, or the spells of the stages.

use anyhow::Result;

use super::market::{self, Past};
use super::{Context, Outcome, forwards};
use crate::cli;
use crate::evidence;
use crate::report::Sessions;

/// Runs the command.
pub fn command(flags: &cli::History, context: &Context) -> Result<Outcome> {
    forwards(flags.from, flags.to)?;
    let reference = market::reference(None, context)?;
    let held = market::load(flags.demo, &[], context)?;
    let past = Past::weigh(held, reference, context);
    let sessions = &past.market.sessions;
    let first = flags.from.map_or(0, |from| sessions.partition_point(|&day| day < from));
    let end = flags.to.map_or(sessions.len(), |to| sessions.partition_point(|&day| day <= to));
    let history =
        Sessions { market: &past.market, tracks: &past.tracks, verdict: &past.verdict, synthetic: past.synthetic };
    let text = if flags.spells {
        let mut spells = evidence::spells(&past.market, &past.verdict);
        spells.retain(|spell| spell.last >= first && spell.first < end);
        history.spells(&spells, &flags.format)?
    } else {
        history.sessions(first..end.max(first), &flags.format)?
    };
    Ok(past.outcome(text))
}
