//! Dates and numbers as people's files spell them. What can be read in two ways is refused.

use std::str::FromStr;

use crate::day::Day;

/// How a file writes the fraction of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decimal {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

/// Spellings of "no value".
const NOTHING: [&str; 7] = ["", ".", "-", "null", "nan", "n/a", "na"];

/// Whether a cell says that there is no value.
pub(super) fn is_nothing(text: &str) -> bool {
    NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

/// A finite number without separators of thousands, signs of currency or words such as `inf`.
pub(super) fn number(text: &str, decimal: Decimal) -> Result<f64, String> {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let parsed = match decimal {
        Decimal::Comma if !text.contains('.') => text.replacen(',', ".", 1),
        Decimal::Comma => return Err(format!("{} has a decimal point among decimal commas", shown(text))),
        Decimal::Point => text.into(),
    };
    match f64::from_str(&parsed) {
        Ok(number) if plain(&parsed) && number.is_finite() => Ok(number),
        Ok(_) if plain(&parsed) => Err(format!("{} is out of range", shown(text))),
        _ => Err(format!("{} is not a number", shown(text))),
    }
}

/// A date: `2025-12-31`, `20251231`, or a midnight `2025-12-31 00:00:00-05:00`.
pub(super) fn date(text: &str) -> Result<Day, String> {
    let refused = || format!("{} is not a date of the form 2025-12-31", shown(text));
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let dashed = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
        return dashed.parse().map_err(|_| refused());
    }
    let (day, time) = text.split_at_checked(10).ok_or_else(refused)?;
    let zone = time.strip_prefix([' ', 'T']).and_then(|time| time.strip_prefix("00:00:00"));
    let midnight = zone.is_some_and(|zone| zone.bytes().all(|byte| byte.is_ascii_digit() || b"+-:Z".contains(&byte)));
    if time.is_empty() || midnight { day.parse().map_err(|_| refused()) } else { Err(refused()) }
}

/// Text of a file as it may be shown: escaped, cut to 40 characters, in backticks.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let cut: String = text.chars().take(LONGEST).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", cut.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_three_spellings() {
        let day = Day::from_ymd(2025, 12, 31).ok_or(String::new());
        let spelled =
            ["2025-12-31", "20251231", "2025-12-31 00:00:00", "2025-12-31 00:00:00-05:00", "2025-12-31T00:00:00Z"];
        for text in spelled {
            assert_eq!(date(text), day, "`{text}`");
        }
        let refused =
            ["31/12/2025", "12/31/2025", "2025-13-01", "20251301", "2025-12-31 16:00:00", "202512", "", "2025-12-3é"];
        for text in refused {
            assert!(date(text).is_err(), "`{text}`");
        }
    }

    #[test]
    fn numbers_are_finite_and_unambiguous() {
        assert_eq!(number("-1.5e3", Decimal::Point), Ok(-1500.0));
        assert_eq!(number("12,25", Decimal::Comma), Ok(12.25));
        for text in ["1,234", "1e400", "-1e400", "inf", "NaN", "infinity", "0x10", "$5", "1 000", "1.2.3", "", "٣"] {
            assert!(number(text, Decimal::Point).is_err(), "`{text}`");
        }
        for text in ["1.234,56", "1,234,567", "1.5"] {
            assert!(number(text, Decimal::Comma).is_err(), "`{text}`");
        }
        assert_eq!(number("1\u{1b}[31m", Decimal::Point), Err("`1\\u{1b}[31m` is not a number".into()));
    }
}
