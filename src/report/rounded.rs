//! JSON with every number rounded as the contract says.

use std::io::{self, Write};

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::{Figure, SCHEMA_VERSION, json};
use crate::day::Day;

/// What is told of a market as of a session.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Told<'a, T> {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The session looked back from.
    pub as_of: Day,
    /// Whether the market was made up.
    pub synthetic: bool,
    /// What is told.
    #[serde(flatten)]
    pub what: &'a T,
}

impl<'a, T> Told<'a, T> {
    /// Tells `what` as of a session.
    pub fn new(as_of: Day, synthetic: bool, what: &'a T) -> Self {
        Self { schema_version: SCHEMA_VERSION, as_of, synthetic, what }
    }
}

/// Writes a value, indented, with a newline at its end; a number has 10 significant digits, what is none is null.
pub fn pretty(value: &impl Serialize) -> Result<String> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Rounding(PrettyFormatter::new()));
    value.serialize(&mut serializer).context("it cannot be written as JSON")?;
    let text = String::from_utf8(bytes).context("JSON is UTF-8")?;
    Ok(json::quiet(&text) + "\n")
}

/// Lays JSON out as the formatter within does, and rounds.
struct Rounding<'a>(PrettyFormatter<'a>);

impl Formatter for Rounding<'_> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        self.0.write_f64(writer, Figure(value).rounded().unwrap_or(value))
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_wherever_they_stand() {
        #[derive(Serialize)]
        struct Nested {
            list: [f64; 2],
            none: Option<f64>,
        }
        let nested = Nested { list: [1.0 / 3.0, -0.0], none: Some(f64::NAN) };
        let text = pretty(&Told::new(Day::from_number(0), true, &nested)).expect("JSON");
        let lines = "{\n  \"schema_version\": 1,\n  \"as_of\": \"1970-01-01\",\n  \"synthetic\": true,\n  \"list\": [\n    \
                     0.3333333333,\n    0.0\n  ],\n  \"none\": null\n}\n";
        assert_eq!(text, lines);
    }
}
