//! `rotation store verify`: every hash, and everything that speaks against a series.

use std::fmt::Write;

use anyhow::{Result, bail};

use crate::inputs;
use crate::quality::{self, Nature};
use crate::run::{Context, GOOD, Outcome, PARTIAL};

/// Runs the command. What is damaged is set aside, as on every load.
pub(super) fn verify(context: &Context) -> Result<Outcome> {
    let store = context.store()?;
    if !store.exists() {
        bail!("nothing is stored in `{}`: run `rotation fetch` or `rotation import PATH…`", store.root().display());
    }
    let inputs = inputs::inputs(&context.settings);
    let loaded = store.load()?;
    let (_, asked) = store.asked();
    let mut text = String::new();
    let (mut withheld, mut notes) = (0, 0);
    for (id, series) in &loaded.shelf {
        let findings = quality::examine(id, series, Nature::of(id, &inputs), &context.calendar);
        withheld += usize::from(findings.iter().any(|finding| finding.withholds));
        for finding in &findings {
            let word = if finding.withholds { "withheld" } else { "note" };
            notes += usize::from(!finding.withholds);
            let _ = writeln!(text, "{id}: {word}: {} ({})", finding, finding.code);
        }
    }
    for warning in loaded.warnings.iter().chain(&asked) {
        let _ = writeln!(text, "{} ({})", warning.message, warning.code);
    }
    let (held, files) = (loaded.shelf.len(), loaded.warnings.len());
    let _ = writeln!(text, "{held} series verified: {withheld} withheld, {notes} notes; {files} files not used");
    let code = if withheld + files > 0 { PARTIAL } else { GOOD };
    Ok(Outcome { result: text, code, ..Outcome::default() })
}
