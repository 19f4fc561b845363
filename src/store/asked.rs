//! When each source was last asked for each series, and how it answered. Losing it costs requests.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Questions by series (`bars/IWM`), or by the list of a universe's members (`universe/IWM`), and source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Asked {
    entries: BTreeMap<String, BTreeMap<String, Answer>>,
}

/// How a source answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// With values not yet held.
    New,
    /// With nothing that was not held.
    NothingNew,
    /// It has no such series.
    NotFound,
    /// Not at all, or not with a usable answer.
    Failed,
}

/// The last answer of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When it was asked.
    #[serde(serialize_with = "write_instant", deserialize_with = "read_instant")]
    pub at: DateTime<Utc>,
    /// How it answered.
    pub outcome: Outcome,
}

impl Asked {
    /// The last answer of `source` about `series`.
    pub fn last(&self, series: &impl ToString, source: &str) -> Option<Answer> {
        self.entries.get(&series.to_string())?.get(source).copied()
    }

    /// Notes an answer.
    pub fn note(&mut self, series: &impl ToString, source: &str, at: DateTime<Utc>, outcome: Outcome) {
        self.entries.entry(series.to_string()).or_default().insert(source.into(), Answer { at, outcome });
    }

    /// Reads `asked.json`.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).context("it is not the JSON written here")
    }

    /// Writes `asked.json`: one line a series.
    pub(super) fn render(&self) -> Result<String> {
        let line = |(series, answers)| -> Result<String> {
            Ok(format!("\n{}: {}", serde_json::to_string(series)?, serde_json::to_string(answers)?))
        };
        let lines = self.entries.iter().map(line).collect::<Result<Vec<_>>>()?;
        Ok(format!("{{{}\n}}\n", lines.join(",")))
    }
}

fn write_instant<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn read_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc()).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::SeriesId;

    #[test]
    fn answers_read_back_as_noted() {
        let at = DateTime::from_timestamp(1_763_700_000, 0).expect("an instant");
        let mut asked = Asked::default();
        asked.note(&SeriesId::bars("IWM"), "yahoo", at, Outcome::Failed);
        asked.note(&SeriesId::bars("IWM"), "yahoo", at, Outcome::New);
        asked.note(&SeriesId::rates("DGS2"), "fredgraph", at, Outcome::NothingNew);
        let text = asked.render().expect("text");
        let expected = "{\n\"bars/IWM\": {\"yahoo\":{\"at\":\"2025-11-21T04:40:00Z\",\"outcome\":\"new\"}},\n\
                        \"rates/DGS2\": {\"fredgraph\":{\"at\":\"2025-11-21T04:40:00Z\",\"outcome\":\"nothing-new\"}}\n}\n";
        assert_eq!(text, expected);
        assert_eq!(Asked::parse(text.as_bytes()).expect("our own text"), asked);
        assert_eq!(asked.last(&SeriesId::bars("SPY"), "yahoo"), None);
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "[]", "{\"bars/IWM\":{\"yahoo\":{\"at\":\"yesterday\",\"outcome\":\"new\"}}}"] {
            assert!(Asked::parse(text.as_bytes()).is_err(), "`{text}`");
        }
    }
}
