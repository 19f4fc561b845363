//! Dated values as a source lists them, on their way to [`Points`].

use super::body::Body;
use super::fault::{Fault, shown};
use super::{Ask, Finding, Parsed};
use crate::bars::Points;
use crate::day::Day;
use crate::inputs;

/// The text of an answer in CSV, without a byte order mark.
///
/// # Errors
/// Not found, another status, or cut: where no length proves the answer whole, its last line must be.
pub(super) fn csv_text(body: &Body) -> Result<&[u8], Fault> {
    let bytes = body.served()?;
    if !body.framed && !bytes.ends_with(b"\n") {
        return Err(Fault::Cut("the last line is not whole".to_owned()));
    }
    Ok(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

/// Values read so far: ascending, asked for, and numbers.
pub(super) struct Dated<'a> {
    ask: &'a Ask<'a>,
    points: Points,
    unread: Vec<Day>,
    last: Option<Day>,
}

impl<'a> Dated<'a> {
    /// None yet.
    pub(super) fn new(ask: &'a Ask<'a>) -> Self {
        Self { ask, points: Points::default(), unread: Vec::new(), last: None }
    }

    /// Values in whatever order, as texts.
    pub(super) fn sorted(mut rows: Vec<(Day, String)>, ask: &'a Ask<'a>) -> Result<Parsed, Fault> {
        rows.sort_by_key(|(day, _)| *day);
        let mut dated = Self::new(ask);
        rows.into_iter().try_for_each(|(day, value)| dated.push(day, &value))?;
        Ok(dated.finish())
    }

    /// Reads one value; a missing one (`.` or nothing) is left out.
    ///
    /// # Errors
    /// When the day was not asked for, or does not come after the one before.
    pub(super) fn push(&mut self, day: Day, value: &str) -> Result<(), Fault> {
        if day < self.ask.from || day > self.ask.to {
            return Err(Fault::Malformed(format!("it holds {day}, which was not asked for")));
        }
        if self.last.is_some_and(|last| last >= day) {
            return Err(Fault::Malformed(format!("its dates do not ascend at {day}")));
        }
        self.last = Some(day);
        match value.trim() {
            "" | "." => {}
            value => match value.parse::<f64>() {
                Ok(value) if value.is_finite() => {
                    self.points.push(day, inputs::known_from(self.ask.name, day, self.ask.calendar), value);
                }
                _ => self.unread.push(day),
            },
        }
        Ok(())
    }

    /// The values, and what was left out.
    pub(super) fn finish(self) -> Parsed {
        let mut findings = Vec::new();
        if !self.unread.is_empty() {
            let what = "left out what is no number on";
            findings.push(Finding { code: "row_unreadable", what, days: self.unread });
        }
        Parsed::points(self.points, findings)
    }
}

/// Reads `MM/DD/YYYY`.
pub(super) fn american(text: &str) -> Result<Day, Fault> {
    let mut parts = text.trim().splitn(3, '/');
    let mut next = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()));
        part.and_then(|part| part.parse::<u32>().ok())
    };
    let day = (|| {
        let (month, day, year) = (next(2)?, next(2)?, next(4)?);
        Day::from_ymd(year.cast_signed(), month, day).filter(|day| (1800..=2200).contains(&day.year()))
    })();
    day.ok_or_else(|| Fault::Malformed(format!("`{}` is not a date like 12/31/2025", shown(text))))
}

/// Reads JSON of a known shape; an error in anything else is what its status says.
pub(super) fn json<'b, T: serde::Deserialize<'b>>(body: &'b Body) -> Result<T, Fault> {
    serde_json::from_slice(&body.bytes).map_err(|error| {
        if let Err(fault) = body.served() {
            fault
        } else if body.bytes.trim_ascii_start().starts_with(b"<") {
            Fault::WebPage
        } else if error.is_eof() {
            Fault::Cut("the JSON ends early".to_owned())
        } else {
            Fault::Malformed(shown(&error.to_string()))
        }
    })
}
