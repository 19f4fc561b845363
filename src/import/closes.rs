//! Days and closes of a file of bars, and nothing else of it.
//!
//! A plain file is read in one sweep: commas, no quotes, days as `2025-12-31` that ascend, closes above zero,
//! and as many cells in each row as in the header. Whatever differs from that is read as the files of an import are.

use std::str;

use anyhow::{Result, bail, ensure};
use memchr::memchr3_iter;

use super::bars::{is_daily, period, price, symbol};
use super::cells::{self, shown};
use super::table::{Table, spelled};
use super::{Clock, Tally, distinct, stem};
use crate::bars::Closes;
use crate::day::Day;

/// Names of columns that say what a row is of; a file with one of them is not plain.
const ABOUT: [&str; 3] = ["ticker", "per", "time"];

/// Reads a file called `name` into `closes`, which it replaces. Says what was not taken.
///
/// # Errors
/// When it is no file of daily closes.
pub fn closes(name: &str, bytes: &[u8], clock: &Clock, closes: &mut Closes) -> Result<Tally> {
    let mut tally = Tally::default();
    if plain(bytes, clock.finished, closes).is_none() {
        *closes = thorough(stem(name), bytes, clock, &mut tally)?;
    }
    ensure!(is_daily(&closes.day), "its bars are not daily");
    Ok(tally)
}

/// Reads any file of a table, as an import does.
fn thorough(stem: &str, bytes: &[u8], clock: &Clock, tally: &mut Tally) -> Result<Closes> {
    let table = Table::read(bytes)?;
    let column = |name: &str| table.column(&[name]);
    let (Some(date_at), Some(close_at)) = (column("date"), column("close")) else {
        bail!("its header {} has not one column `date` and one `close`", shown(&table.header.join(",")));
    };
    let (ticker_at, period_at) = (column("ticker"), column("per"));
    tally.rejected.clone_from(&table.torn);
    let mut rows = Vec::with_capacity(table.rows.len());
    for (line, row) in &table.rows {
        if let Some(ticker) = ticker_at.map(|at| &row[at]) {
            ensure!(symbol(ticker) == symbol(stem), "it has bars of {}; the file's name is the symbol", shown(ticker));
        }
        let close = || {
            let day = cells::date(&row[date_at])?;
            period(period_at.map(|at| &row[at]))?;
            let close = price("close", &row[close_at], table.decimal)?;
            clock.has_seen(day)?;
            Ok((day, *line, close))
        };
        match close() {
            Ok(close) => rows.push(close),
            Err(reason) => tally.rejected.push((*line, reason)),
        }
    }
    let (day, close) = distinct(rows, tally).into_iter().unzip();
    tally.rejected.sort();
    let closes = Closes { day, close };
    ensure!(!closes.day.is_empty(), "it has no row that could be taken{}", tally.first_rejected());
    Ok(closes)
}

/// Reads a plain file up to `last`, `None` for any other.
fn plain(bytes: &[u8], last: Day, closes: &mut Closes) -> Option<()> {
    closes.day.clear();
    closes.close.clear();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.iter().position(|&byte| byte == b'\n')?;
    let (header, rows) = (str::from_utf8(&bytes[..head]).ok()?, &bytes[head + 1..]);
    let header = header.strip_suffix('\r').unwrap_or(header);
    let names: Vec<String> = header.split(',').map(|name| spelled(name.trim())).collect();
    let column = |wanted: &str| {
        let mut found = (0..names.len()).filter(|&i| names[i] == wanted);
        found.next().filter(|_| found.next().is_none())
    };
    let (date_at, close_at) = (column("date")?, column("close")?);
    if header.contains([';', '\t', '\r']) || names.iter().any(|name| ABOUT.contains(&name.as_str())) {
        return None;
    }
    let (mut cell, mut start, mut before) = (0, 0, Day::from_number(i32::MIN));
    let (mut day, mut close) = (None, None);
    for end in memchr3_iter(b',', b'\n', b'\r', rows).chain((rows.last() != Some(&b'\n')).then_some(rows.len())) {
        if rows.get(end) == Some(&b'\r') {
            if rows.get(end + 1) == Some(&b'\n') {
                continue;
            }
            return None;
        }
        if cell == date_at {
            day = date(&rows[start..end]);
        } else if cell == close_at {
            close = above_zero(&rows[start..end]);
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
fn above_zero(cell: &[u8]) -> Option<f64> {
    let cell = cell.trim_ascii_end();
    if !cell.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None;
    }
    let price: f64 = str::from_utf8(cell).ok()?.parse().ok()?;
    (price > 0.0 && price < f64::INFINITY).then_some(price)
}

#[cfg(test)]
mod tests {
    use super::super::{Content, Parsed, parse};
    use super::*;
    use crate::calendar::Calendar;

    fn read(text: &str) -> (Closes, bool) {
        let calendar = Calendar::new(&[]);
        let clock = clock(&calendar);
        let (mut read, mut plainly) = (Closes::default(), Closes::default());
        closes("X.csv", text.as_bytes(), &clock, &mut read).expect("bars");
        let is_plain = plain(text.as_bytes(), clock.finished, &mut plainly).is_some();
        let thoroughly = thorough("X", text.as_bytes(), &clock, &mut Tally::default()).expect("bars");
        assert_eq!(read, thoroughly, "both readers read {text:?} alike");
        let Parsed { contents, .. } = parse("X.csv", text.as_bytes(), None, &clock).expect("bars");
        let [(_, Content::Quotes(quotes))] = &contents.series[..] else { panic!("no bars") };
        assert_eq!(read, quotes.bars.clone().into(), "an import reads {text:?} alike");
        (read, is_plain)
    }

    fn clock(calendar: &Calendar) -> Clock<'_> {
        Clock::new(calendar, "2026-01-02T23:00:00Z".parse().expect("an instant"))
    }

    #[test]
    fn days_and_closes_are_all_that_is_looked_at() {
        let calendar = Calendar::new(&[]);
        let read = |text: &str| {
            let mut read = Closes::default();
            let tally = closes("X.csv", text.as_bytes(), &clock(&calendar), &mut read);
            tally.map(|tally| (read.close, tally.rejected.len())).map_err(|error| error.to_string())
        };
        // a high below its close matters as little in a plain file as in another
        let rows = "2025-12-30,9,10.5\n2025-12-31,9,11\n";
        for head in ["date,high,close\n", "\"date\",high,close\n"] {
            assert_eq!(read(&(head.to_owned() + rows)), Ok((vec![10.5, 11.0], 0)));
        }
        let of = |ticker: &str| format!("ticker,date,close\n{ticker},2025-12-31,11\n");
        assert_eq!(read(&of("X.US")), Ok((vec![11.0], 0)));
        assert_eq!(read(&of("Y")), Err("it has bars of `Y`; the file's name is the symbol".into()));
        let weeks = "date,close\n2025-12-05,9\n2025-12-12,9\n2025-12-19,9\n";
        assert_eq!(read(weeks), Err("its bars are not daily".into()));
        assert_eq!(
            read("date,close\n2025-12-31,0\n"),
            Err("it has no row that could be taken (line 2: close 0 is not above zero)".into())
        );
        assert_eq!(
            read("date,high\n2025-12-31,1\n"),
            Err("its header `date,high` has not one column `date` and one `close`".into())
        );
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
