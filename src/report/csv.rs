//! The report as CSV: a row for every reading of every signal, to be stacked day by day.

use anyhow::{Context, Result};

use super::figures::unit_name;
use super::{Figure, Page, Report, SignalRow, page};
use crate::signals::{Reading, Value};

/// The columns. What the verdict says stands in every row, so that files of several days can be joined.
const COLUMNS: [&str; 12] = [
    "as_of",
    "synthetic",
    "stage",
    "pillar",
    "signal",
    "vote",
    "since",
    "reading",
    "value",
    "unit",
    "percentile",
    "missing",
];

/// Writes a row for each reading; a missing one has no value and its reason.
pub(super) fn render(report: &Report, _page: &Page) -> Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for signal in &report.signals {
        for (reading, value) in &signal.readings.0 {
            writer.write_record(row(report, signal, *reading, value))?;
        }
    }
    String::from_utf8(writer.into_inner()?).context("the report cannot be written as CSV")
}

fn row(report: &Report, signal: &SignalRow, reading: Reading, value: &Value) -> [String; COLUMNS.len()] {
    let history = signal.history.as_ref().filter(|history| history.reading == reading.name);
    let reason = signal.reasons.0.iter().find(|(name, _)| *name == reading.name).map(|(_, reason)| reason);
    let missing = reason.or(signal.missing.as_ref()).filter(|_| *value == Value::Missing);
    [
        report.as_of.to_string(),
        report.synthetic.to_string(),
        report.verdict.stage.to_string(),
        signal.pillar.id().into(),
        signal.id.into(),
        signal.vote.map_or_else(String::new, |vote| vote.to_string()),
        signal.since.map_or_else(String::new, |day| day.to_string()),
        reading.name.into(),
        cell(value),
        unit_name(reading.unit).into(),
        history.map_or_else(String::new, |history| number(history.percentile.0)),
        missing.map_or_else(String::new, |reason| safe(reason)),
    ]
}

/// A value as it is computed with; empty where it is missing.
fn cell(value: &Value) -> String {
    match value {
        Value::Number(value) => number(*value),
        Value::Flag(flag) => flag.to_string(),
        Value::Word(word) => safe(word),
        Value::Date(day) => day.to_string(),
        Value::Missing => String::new(),
    }
}

/// A number with the digits of the JSON report.
fn number(value: f64) -> String {
    Figure(value).rounded().map_or_else(String::new, |value| value.to_string())
}

/// A text that no spreadsheet takes for a formula and no terminal for a command.
fn safe(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let shown =
        text.chars().map(|char| if page::is_shown(char) { char.into() } else { char.escape_unicode().to_string() });
    if formula { "'" } else { "" }.chars().map(String::from).chain(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t25_a_text_is_no_formula_and_a_number_stays_one() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            assert!(safe(&format!("{start}1+1")).starts_with('\''), "{start:?}");
        }
        assert_eq!(safe("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(safe("PSCD: no value"), "PSCD: no value");
        assert_eq!(safe("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(cell(&Value::Number(-0.25)), "-0.25");
        assert_eq!(cell(&Value::Number(1e-7)), "0.0000001");
        assert_eq!(cell(&Value::Number(f64::NAN)), "");
        assert_eq!(cell(&Value::Word("-".into())), "'-");
    }
}
