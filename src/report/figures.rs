//! How numbers are written: for people by their unit, for programs rounded.

use std::borrow::Cow;
use std::io::Write;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::signals::{Unit, Value};

/// What stands for a missing figure.
pub(super) const NO_FIGURE: &str = "–";

/// The minus sign of figures for people.
const MINUS: char = '−';

/// A number of the JSON report: 10 significant digits, never −0, null when it is `NaN`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure(pub f64);

impl Figure {
    /// The number as it is written, `None` where there is none.
    pub fn rounded(self) -> Option<f64> {
        let mut text = [0; 24];
        let mut rest = &mut text[..];
        write!(rest, "{:.9e}", self.0).ok()?;
        let left = rest.len();
        let rounded: f64 = str::from_utf8(&text[..text.len() - left]).ok()?.parse().ok()?;
        rounded.is_finite().then_some(rounded + 0.0)
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rounded().serialize(serializer)
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> Cow<'static, str> {
        "Figure".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "null"] })
    }
}

/// A reading for people, with its unit: `+1.2 %`, `83`, `+12 bp`.
pub fn figure(value: &Value, unit: Unit) -> String {
    match value {
        Value::Number(number) => number_in(*number, unit),
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Value::Word(word) => word.clone(),
        Value::Date(day) => day.to_string(),
        Value::Missing => NO_FIGURE.into(),
    }
}

/// What a reading is counted in, for programs; empty for what is not a number.
pub(super) const fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Fraction => "fraction",
        Unit::Share => "share",
        Unit::Number => "number",
        Unit::Percentile => "percentile",
        Unit::Price => "price",
        Unit::Percent => "percent",
        Unit::BasisPoints => "bp",
        Unit::Count => "count",
        Unit::Plain => "",
    }
}

/// A finite number in its unit.
fn number_in(number: f64, unit: Unit) -> String {
    match unit {
        Unit::Fraction => format!("{} %", signed(number * 100.0, 1)),
        Unit::Share => format!("{} %", fixed(number * 100.0, 0)),
        Unit::Percentile => fixed(number, 0),
        Unit::Price => fixed(number, 2),
        Unit::Percent => format!("{} %", fixed(number, 2)),
        Unit::BasisPoints => format!("{} bp", signed(number, 0)),
        Unit::Count => grouped(number),
        Unit::Number | Unit::Plain => significant(number),
    }
}

/// A pillar's score or the score: signed, two decimals.
pub(super) fn score(number: f64) -> String {
    if number.is_nan() { NO_FIGURE.into() } else { signed(number, 2) }
}

/// A figure with its sign and so many decimals.
pub(super) fn signed_number(number: f64, decimals: usize) -> String {
    signed(number, decimals)
}

/// A fraction as percent with its sign.
pub(super) fn signed_percent(fraction: f64) -> String {
    number_in(fraction, Unit::Fraction)
}

/// The weight of a pillar.
pub(super) fn weight(number: f64) -> String {
    fixed(number, 2)
}

/// A share between 0 and 1 as whole percent.
pub(super) fn percent(share: f64) -> String {
    number_in(share, Unit::Share)
}

/// A whole number with its thousands apart.
pub fn whole(number: usize) -> String {
    grouped(number as f64)
}

/// A count and its noun: `1 session`, `1,234 sessions`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number as f64))
}

/// `decimals` places and a sign, except for what rounds to 0.
pub(super) fn signed(number: f64, decimals: usize) -> String {
    let text = fixed(number, decimals);
    if text.starts_with(MINUS) || is_zero(&text) { text } else { format!("+{text}") }
}

/// `decimals` places with a true minus, which 0 never has.
fn fixed(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", number.abs());
    if number < 0.0 && !is_zero(&text) { format!("{MINUS}{text}") } else { text }
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

/// A whole number with its thousands apart.
fn grouped(number: f64) -> String {
    let text = fixed(number, 0);
    let digits = text.trim_start_matches(MINUS);
    let mut out = text[..text.len() - digits.len()].to_owned();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Four significant digits, whole from 1,000 on.
fn significant(number: f64) -> String {
    let magnitude = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    fixed(number, (3 - magnitude).clamp(0, 8) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_shown_its_own_way() {
        let cases = [
            (0.0123, Unit::Fraction, "+1.2 %"),
            (-0.0123, Unit::Fraction, "−1.2 %"),
            (-0.0001, Unit::Fraction, "0.0 %"),
            (0.667, Unit::Share, "67 %"),
            (83.4, Unit::Percentile, "83"),
            (4.25, Unit::Percent, "4.25 %"),
            (242.559_998, Unit::Price, "242.56"),
            (-0.001, Unit::Percent, "0.00 %"),
            (12.0, Unit::BasisPoints, "+12 bp"),
            (-0.4, Unit::BasisPoints, "0 bp"),
            (1_234_567.0, Unit::Count, "1,234,567"),
            (-123.0, Unit::Count, "−123"),
            (0.812_345, Unit::Number, "0.8123"),
            (17.345, Unit::Number, "17.34"),
            (1234.5, Unit::Number, "1234"),
            (0.0, Unit::Number, "0.000"),
        ];
        for (number, unit, text) in cases {
            assert_eq!(figure(&Value::Number(number), unit), text, "{number} {unit:?}");
        }
        assert_eq!(figure(&Value::Flag(true), Unit::Plain), "yes");
        assert_eq!(figure(&Value::Missing, Unit::Fraction), "–");
        assert_eq!((count(1, "session").as_str(), count(1200, "session").as_str()), ("1 session", "1,200 sessions"));
    }

    #[test]
    fn figures_have_ten_digits_and_no_minus_zero() {
        let written = |number| serde_json::to_string(&Figure(number)).expect("a number");
        assert_eq!(written(0.123_456_789_012_345), "0.123456789");
        assert_eq!(written(1.0 / 3.0), "0.3333333333");
        assert_eq!(written(123_456_789_012.0), "123456789000.0");
        assert_eq!(written(-0.0), "0.0");
        assert_eq!(written(-1.234_567_890_123e-12), "-1.23456789e-12");
        assert_eq!(written(f64::NAN), "null");
        assert_eq!(written(f64::INFINITY), "null");
    }
}
