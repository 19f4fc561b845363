//! A text file as a header and rows of cells.

use anyhow::{Context, Result, bail, ensure};
use csv::{ReaderBuilder, StringRecord, Trim};

use super::cells::{Decimal, shown};

/// Rows under a header, cells trimmed.
#[derive(Debug)]
pub(super) struct Table {
    /// Names of the columns as given.
    pub(super) header: Vec<String>,
    /// The same in one spelling: lower case, `_` for a space, no angle brackets.
    pub(super) names: Vec<String>,
    /// The rows with their line numbers; each has a cell for every column.
    pub(super) rows: Vec<(u64, StringRecord)>,
    /// Lines that are no row, and why.
    pub(super) torn: Vec<(u64, String)>,
    /// How numbers are written.
    pub(super) decimal: Decimal,
}

impl Table {
    /// Reads text with `,`, `;` or tabs between its cells.
    ///
    /// # Errors
    /// When it is not text, has no header, or writes numbers in a way that can be read as two.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).ok().context("it is not UTF-8 text")?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        ensure!(!text.contains('\0'), "it is not text");
        let first = text.lines().map(str::trim).find(|line| !line.is_empty()).context("it is empty")?;
        let used: Vec<u8> = [b',', b';', b'\t'].into_iter().filter(|&byte| first.as_bytes().contains(&byte)).collect();
        let [delimiter] = used[..] else {
            bail!(
                "its first line {} is not a header; it must name the columns, such as `date,open,high,low,close` or \
                 `date,value`, with one of `,`, `;` and tabs between them",
                shown(first)
            )
        };
        let mut records = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes())
            .into_records();
        let header = records.next().context("it is empty")?.context("its header cannot be read")?;
        let header: Vec<String> = header.iter().map(String::from).collect();
        let names: Vec<String> = header.iter().map(|name| spelled(name)).collect();
        let mut table = Self { header, names, rows: Vec::new(), torn: Vec::new(), decimal: Decimal::Point };
        for record in records {
            let row = record.context("it cannot be read")?;
            table.admit(line(&row, text), row);
        }
        if delimiter != b',' {
            table.decimal = decimal(table.rows.iter().flat_map(|(_, row)| row))?;
        }
        Ok(table)
    }

    /// Takes a row, unless it has another number of cells or is the header once more.
    fn admit(&mut self, line: u64, mut row: StringRecord) {
        let columns = self.header.len();
        let cells = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).last().map_or(0, |(last, _)| last + 1);
        if row.iter().eq(&self.header) {
            self.torn.push((line, "the header once more".into()));
        } else if row.len() < columns || cells > columns {
            let cells = if row.len() == 1 { "cell" } else { "cells" };
            self.torn.push((line, format!("{} {cells} under {columns} names", row.len())));
        } else {
            row.truncate(columns);
            self.rows.push((line, row));
        }
    }

    /// Where the one column called one of `names` stands.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        let mut found = (0..self.names.len()).filter(|&i| names.contains(&self.names[i].as_str()));
        let first = found.next();
        first.filter(|_| found.next().is_none())
    }

    /// Whether there is exactly one column of every one of `names`.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.column(&[name]).is_some())
    }
}

/// The line on which a row of `text` begins. Its position is that of the blank lines before it, if there are any.
fn line(row: &StringRecord, text: &str) -> u64 {
    let Some(position) = row.position() else { return 0 };
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| b"\r\n".contains(byte));
    position.line() + blank.filter(|&&byte| byte == b'\n').count() as u64
}

/// The one spelling of a column's name.
pub(super) fn spelled(name: &str) -> String {
    let name = name.trim_start_matches('<').trim_end_matches('>');
    name.to_lowercase().replace(' ', "_")
}

/// How the numbers among `cells` write their fractions, in a file whose cells are not separated by commas.
fn decimal<'a>(cells: impl Iterator<Item = &'a str>) -> Result<Decimal> {
    let (mut points, mut commas, mut fractions) = (false, false, false);
    for cell in cells {
        let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || b".,".contains(&byte)) {
            continue;
        }
        points |= digits.contains('.');
        if let Some((_, fraction)) = digits.rsplit_once(',') {
            commas = true;
            fractions |= fraction.len() != 3;
        }
    }
    match (points, commas) {
        (_, false) => Ok(Decimal::Point),
        (true, true) => bail!("it has decimal points and commas in its numbers; write them with points alone"),
        (false, true) if fractions => Ok(Decimal::Comma),
        (false, true) => bail!("its numbers have commas before three digits; write them with points alone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let table = Table::read(text.as_bytes()).expect("a table");
        table.rows.iter().map(|(_, row)| row.iter().map(String::from).collect()).collect()
    }

    #[test]
    fn marks_line_ends_and_separators_are_seen_through() {
        let expected = vec![vec!["2020-01-02".to_owned(), "1.5".into()], vec!["2020-01-03".into(), "1.6".into()]];
        for text in [
            "date,value\n2020-01-02,1.5\n2020-01-03,1.6\n",
            "\u{feff}\n date , value\r\n2020-01-02,1.5,\r\n\r\n\"2020-01-03\", 1.6",
            "date;value\n2020-01-02;1.5\n2020-01-03;1.6",
            "date\tvalue\r\n2020-01-02\t1.5\r\n2020-01-03\t1.6\r\n",
        ] {
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }

    #[test]
    fn torn_rows_are_named_by_line() {
        let table =
            Table::read(b"date,value\n2020-01-02\ndate,value\n2020-01-03,1,5\n2020-01-04,1\n").expect("a table");
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.rows[0].0, 5);
        assert_eq!(table.torn.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn blank_lines_and_line_ends_are_counted() {
        let text = "\ndate,value\n\n2020-01-02,1\n\n\n2020-01-03\n\"2020-01-\n\n05\",1\n2020-01-06,1";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            let table = Table::read(text.as_bytes()).expect("a table");
            assert_eq!(table.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 8, 11], "{text:?}");
            assert_eq!(table.torn, [(7, "1 cell under 2 names".to_owned())], "{text:?}");
        }
    }

    #[test]
    fn decimal_commas_are_told_from_thousands_or_refused() {
        let of = |text: &str| Table::read(text.as_bytes()).map(|table| table.decimal);
        assert_eq!(of("date;value\n2020-01-02;1,5\n2020-01-03;1,625\n").expect("commas"), Decimal::Comma);
        assert_eq!(of("date;value\n2020-01-02;1.5\n").expect("points"), Decimal::Point);
        of("date;value\n2020-01-02;1,500\n").expect_err("1.5 or 1500");
        of("date;value;volume\n2020-01-02;1.5;1,500\n").expect_err("both");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for bytes in ["".as_bytes(), b"\n\n", b"<html>", b"a,b;c\n", b"date,value\n1\0", b"\xff\xfed\0a\0", b"date\n"] {
            Table::read(bytes).expect_err("no table");
        }
    }
}
