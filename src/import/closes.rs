//! Days and closes of a file of bars, and nothing else of it.
//!
//! A plain file is read in one sweep: commas, no quotes, days as `2025-12-31` that ascend, closes above zero,
//! and as many cells in each row as in the header. Whatever differs from that is left to the reader of bars.

use std::str;

use anyhow::{Result, bail};
use memchr::memchr2_iter;

use super::{Clock, Content, Tally, parse};
use crate::bars::Closes;
use crate::day::Day;

/// Reads a file called `name` into `closes`, which it replaces. Says what was not taken.
///
/// # Errors
/// When it is no file of daily bars.
pub fn closes(name: &str, bytes: &[u8], clock: &Clock, closes: &mut Closes) -> Result<Tally> {
    closes.day.clear();
    closes.close.clear();
    if plain(bytes, clock.finished, closes).is_some() {
        return Ok(Tally::default());
    }
    let parsed = parse(name, bytes, Some("bars"), clock)?;
    match parsed.contents.series.into_iter().next() {
        Some((_, Content::Quotes(quotes))) => *closes = quotes.bars.into(),
        _ => bail!("it has no bars"),
    }
    Ok(parsed.tally)
}

/// Reads a plain file up to `last`, `None` for any other.
fn plain(bytes: &[u8], last: Day, closes: &mut Closes) -> Option<()> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.iter().position(|&byte| byte == b'\n')?;
    let (header, rows) = (str::from_utf8(&bytes[..head]).ok()?.trim_end_matches('\r'), &bytes[head + 1..]);
    let names: Vec<String> = header.split(',').map(|name| name.trim().to_lowercase()).collect();
    let column = |wanted: &str| {
        let mut found = (0..names.len()).filter(|&i| names[i] == wanted);
        found.next().filter(|_| found.next().is_none())
    };
    let (date_at, close_at) = (column("date")?, column("close")?);
    let (mut cell, mut start, mut before) = (0, 0, Day::from_number(i32::MIN));
    let (mut day, mut close) = (None, None);
    for end in memchr2_iter(b',', b'\n', rows).chain((rows.last() != Some(&b'\n')).then_some(rows.len())) {
        if cell == date_at {
            day = date(&rows[start..end]);
        } else if cell == close_at {
            close = price(&rows[start..end]);
        }
        start = end + 1;
        if rows.get(end) == Some(&b',') {
            cell += 1;
            continue;
        }
        let (day, close) = (day.take()?, close.take()?);
        if cell + 1 != names.len() || day <= before || day > last {
            return None;
        }
        closes.day.push(day);
        closes.close.push(close);
        (cell, before) = (0, day);
    }
    (!closes.day.is_empty()).then_some(())
}

/// A day written as `2025-12-31`.
fn date(cell: &[u8]) -> Option<Day> {
    let cell = cell.trim_ascii_end();
    if cell.len() != 10 || cell[4] != b'-' || cell[7] != b'-' {
        return None;
    }
    let digit = |all: u32, byte: &u8| byte.is_ascii_digit().then(|| 10 * all + u32::from(byte - b'0'));
    let number = |digits: &[u8]| digits.iter().try_fold(0, digit);
    let year = number(&cell[..4]).filter(|year| (1800..=2200).contains(year))?;
    Day::from_ymd(year as i32, number(&cell[5..7])?, number(&cell[8..])?)
}

/// A price above zero, in digits with at most one point.
fn price(cell: &[u8]) -> Option<f64> {
    let cell = cell.trim_ascii_end();
    if !cell.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None;
    }
    let price: f64 = str::from_utf8(cell).ok()?.parse().ok()?;
    (price > 0.0 && price < f64::INFINITY).then_some(price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    fn read(text: &str) -> (Closes, bool) {
        let calendar = Calendar::new(&[]);
        let clock = Clock::new(&calendar, "2026-01-02T23:00:00Z".parse().expect("an instant"));
        let (mut plainly, mut thoroughly) = (Closes::default(), Closes::default());
        let is_plain = plain(text.as_bytes(), clock.finished, &mut plainly).is_some();
        closes("X.csv", text.as_bytes(), &clock, &mut thoroughly).expect("bars");
        let parsed = parse("X.csv", text.as_bytes(), None, &clock).expect("bars").contents.series.remove(0).1;
        let Content::Quotes(quotes) = parsed else { panic!("no bars") };
        assert_eq!(thoroughly, quotes.bars.into(), "both readers read {text:?} alike");
        (thoroughly, is_plain)
    }

    #[test]
    fn a_plain_file_is_read_as_the_thorough_reader_reads_it() {
        let head = "date,open,high,low,close,adj_close,volume\n";
        let rows = "2025-12-30,10,11,9,10.5,10.5,100\n2025-12-31,10.5,11,10,10.75,10.7,100";
        let expected = Closes {
            day: ["2025-12-30", "2025-12-31"].map(|day| day.parse().expect("a day")).into(),
            close: vec![10.5, 10.75],
        };
        for text in [
            head.to_owned() + rows,
            head.to_owned() + rows + "\n",
            format!("\u{feff}{head}{rows}\n").replace('\n', "\r\n"),
            "close,high,low,open,Date\n10.5,11,9,10,2025-12-30\n10.75,11,10,10.5,2025-12-31\n".to_owned(),
        ] {
            assert_eq!(read(&text), (expected.clone(), true), "{text:?}");
        }
    }

    #[test]
    fn whatever_is_not_plain_is_left_to_the_thorough_reader() {
        let head = "date,open,high,low,close,volume\n";
        for rows in [
            "2025-12-31,10,11,10,10.5,1\n2025-12-30,10,11,9,10.5,1\n",
            "2025-12-30,10,11,9,10.5,1\n\n2025-12-31,10,11,10,10.5,1\n",
            "2025-12-30,10,11,9,10.5,1\n2025-12-30,10,11,9,10.5,1\n",
            "2025-12-30,10,11,9,10.5,1\n2025-12-31,null,null,null,null,null\n",
            "2025-12-30,10,11,9,10.5,1\n2025-12-31,10,11,10\n",
            "2025-12-30,10,11,9,10.5,1\n2025-12-31,1,1,1,-1,1\n",
            "20251230,10,11,9,10.5,1\n",
            "\"2025-12-30\",10,11,9,1.05e1,1\n",
            "2025-12-30,10,11,9,10.5,1\n2026-01-05,10,11,10,10.5,1\n",
        ] {
            let (closes, is_plain) = read(&(head.to_owned() + rows));
            assert!(!is_plain && closes.close.iter().all(|&close| close == 10.5) && !closes.day.is_empty(), "{rows:?}");
        }
    }
}
