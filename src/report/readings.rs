//! A signal's readings as JSON: a flat object in the order of the signal's table.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Figure;
use super::figures::unit_name;
use crate::signals::{Reading, SIGNALS, Unit, Value};

/// Readings by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings(pub Vec<(Reading, Value)>);

/// Why readings are missing, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons(pub Vec<(&'static str, String)>);

impl Serialize for Readings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (reading, value) in &self.0 {
            match value {
                Value::Number(count) if reading.unit == Unit::Count && count.fract() == 0.0 => {
                    map.serialize_entry(reading.name, &(*count as i64))?;
                }
                Value::Number(number) => map.serialize_entry(reading.name, &Figure(*number))?,
                Value::Flag(flag) => map.serialize_entry(reading.name, flag)?,
                Value::Word(word) => map.serialize_entry(reading.name, word)?,
                Value::Date(day) => map.serialize_entry(reading.name, day)?,
                Value::Missing => map.serialize_entry(reading.name, &())?,
            }
        }
        map.end()
    }
}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, reason)| (name, reason)))
    }
}

impl JsonSchema for Readings {
    fn schema_name() -> Cow<'static, str> {
        "Readings".into()
    }

    /// Every reading that a signal has; each signal has its own of them.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = serde_json::Map::new();
        for reading in SIGNALS.iter().flat_map(|signal| signal.readings) {
            let one = match reading.unit {
                Unit::Plain => json_schema!({ "type": ["string", "boolean", "null"] }),
                unit => json_schema!({ "type": ["number", "null"], "description": unit_name(unit) }),
            };
            properties.insert(reading.name.into(), one.into());
        }
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}

impl JsonSchema for Reasons {
    fn schema_name() -> Cow<'static, str> {
        "Reasons".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": { "type": "string" } })
    }
}
