//! The holdings of a fund as iShares' site serves them: a few lines about the fund, the table, a blank
//! line and a disclaimer.

use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};

use super::{Member, distinct, spelled};
use crate::day::Day;

/// What a holdings file says of the members.
#[derive(Clone, Debug, PartialEq)]
pub struct Holdings {
    /// The fund.
    pub fund: String,
    /// The day it is for.
    pub day: Day,
    /// The members, by symbol.
    pub members: Vec<Member>,
    /// Rows of equities, members or not.
    pub equities: usize,
    /// Equities without a ticker: left out.
    pub without_ticker: usize,
    /// Tickers of equities that no market quotes, such as rights of a company taken over: left out.
    pub without_market: Vec<String>,
    /// Whether the table ends as it should: a file cut short has no blank line after it.
    pub is_whole: bool,
}

/// The head of the table; more columns follow.
const HEAD: &str = "Ticker,Name,Sector,Asset Class";
/// The line of the date.
const AS_OF: &str = "Fund Holdings as of";
/// The exchange of what is not quoted.
const NO_MARKET: &str = "NO MARKET";

/// Class shares of the New York Stock Exchange, which the file writes without a separator.
#[rustfmt::skip]
const CLASSES: &[(&str, &str)] = &[("CRDA", "CRD-A"), ("CWENA", "CWEN-A"), ("GEFB", "GEF-B"), ("MOGA", "MOG-A")];

/// Whether the bytes are a holdings file, if perhaps a broken one.
pub fn is_holdings(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    head.lines().any(|line| line.starts_with(HEAD) || line.starts_with(AS_OF))
}

/// Reads a holdings file. Of its rows the equities are taken that have a ticker and a market; a ticker
/// is spelled as bars are stored (`XYZ.A` is `XYZ-A`); weights are shares of their market value.
///
/// # Errors
/// When it is for no day, has no table, or a row of it cannot be read.
pub fn holdings(bytes: &[u8]) -> Result<Holdings> {
    let text = std::str::from_utf8(bytes).ok().context("it is not UTF-8 text")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    ensure!(!text.contains('\0'), "it is not text");
    let fund = text.lines().next().unwrap_or_default().trim().trim_matches('"').to_owned();
    let day = as_of(text)?;
    let start = text.lines().position(|line| line.starts_with(HEAD));
    let start = start.with_context(|| format!("it has no table that begins with `{HEAD}`"))?;
    let lines = || text.lines().skip(start);
    // the line that seems blank may hold a space that does not break
    let rows = lines().take_while(|line| !line.trim().is_empty()).count();
    let table: String = lines().take(rows).flat_map(|line| [line, "\n"]).collect();
    let mut read = Holdings {
        fund,
        day,
        members: Vec::new(),
        equities: 0,
        without_ticker: 0,
        without_market: Vec::new(),
        is_whole: lines().nth(rows).is_some(),
    };
    let mut reader = ReaderBuilder::new().from_reader(table.as_bytes());
    let columns = Columns::of(reader.headers().context("its table cannot be read")?)?;
    for row in reader.records() {
        read.admit(&row.context("its table cannot be read")?, &columns)?;
    }
    let total: f64 = read.members.iter().map(|member| member.weight).sum();
    read.members.iter_mut().for_each(|member| member.weight /= total);
    read.members = distinct(read.members)?;
    Ok(read)
}

/// The day of the line `Fund Holdings as of,"May 05, 2026"`.
fn as_of(text: &str) -> Result<Day> {
    let line = text.lines().take(20).find_map(|line| line.strip_prefix(AS_OF));
    let line = line.with_context(|| format!("it has no line `{AS_OF}`"))?;
    let date = line.trim_start_matches(',').trim().trim_matches('"');
    ensure!(date != "-", "it says that it has no data for its day");
    let day = NaiveDate::parse_from_str(date, "%b %d, %Y").map(Day::from);
    let shown = date.chars().take(40).flat_map(char::escape_debug).collect::<String>();
    day.ok().filter(|day| (1900..=2200).contains(&day.year())).with_context(|| format!("`{shown}` is not its date"))
}

/// Where the columns stand.
struct Columns {
    ticker: usize,
    name: usize,
    sector: usize,
    class: usize,
    value: usize,
    exchange: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self> {
        let at = |name: &str| header.iter().position(|title| title.trim() == name);
        let need = |name: &str| at(name).with_context(|| format!("its table has no column `{name}`"));
        Ok(Self {
            ticker: need("Ticker")?,
            name: need("Name")?,
            sector: need("Sector")?,
            class: need("Asset Class")?,
            value: need("Market Value")?,
            exchange: at("Exchange"),
        })
    }
}

impl Holdings {
    /// Takes a row, if it is of an equity that is quoted; its weight is its market value for now.
    fn admit(&mut self, row: &StringRecord, columns: &Columns) -> Result<()> {
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        if cell(columns.class) != "Equity" {
            return Ok(());
        }
        self.equities += 1;
        let ticker = cell(columns.ticker);
        if ticker.is_empty() || ticker == "-" {
            self.without_ticker += 1;
        } else if columns.exchange.is_some_and(|at| cell(at).starts_with(NO_MARKET)) {
            self.without_market.push(ticker.to_owned());
        } else {
            let Some(weight) = amount(cell(columns.value)) else {
                let shown = |text: &str| text.chars().take(40).flat_map(char::escape_debug).collect::<String>();
                bail!("the market value `{}` of `{}` is no amount", shown(cell(columns.value)), shown(ticker));
            };
            let (name, sector) = (cell(columns.name).to_owned(), cell(columns.sector).to_owned());
            self.members.push(Member { symbol: symbol(ticker), name, sector, weight });
        }
        Ok(())
    }
}

/// A ticker as bars are stored under.
fn symbol(ticker: &str) -> String {
    let known = CLASSES.iter().find(|(written, _)| *written == ticker);
    known.map_or_else(|| spelled(&ticker.replace([' ', '/'], ".")), |(_, symbol)| (*symbol).to_owned())
}

/// An amount with separators of thousands; `-` means none.
fn amount(text: &str) -> Option<f64> {
    let digits = text.replace(',', "");
    match digits.as_str() {
        "-" => Some(0.0),
        digits => digits.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount >= 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Price,Exchange";

    /// A file with these rows, of 2026-02-03.
    fn file(rows: &str) -> String {
        let head = "Some Fund\nFund Holdings as of,\"Feb 03, 2026\"\nInception Date,\"May 22, 2000\"\nStock,\"-\"\n";
        format!("\u{feff}{head}\u{a0}\n{HEADER}\n{rows}\u{a0}\n\"A disclaimer, \nwith, commas\"\n")
    }

    #[test]
    fn equities_with_a_ticker_and_a_market_are_members() {
        let text = file(
            "\"CC\",\"Three Inc\",\"Energy\",\"Equity\",\"3,000.50\",\"0.3\",\"1\",\"NYSE\"\n\
             \"AA.B\",\"One, Inc\",\"Health Care\",\"Equity\",\"1,000.00\",\"0.1\",\"1\",\"NASDAQ\"\n\
             \"MOGA\",\"Moog\",\"Industrials\",\"Equity\",\"999.50\",\"0.1\",\"1\",\"NYSE\"\n\
             \"-\",\"A right\",\"Health Care\",\"Equity\",\"0.00\",\"0\",\"0\",\"NO MARKET (E.G. UNLISTED)\"\n\
             \"RGT\",\"Another\",\"Health Care\",\"Equity\",\"7.00\",\"0\",\"0\",\"NO MARKET (E.G. UNLISTED)\"\n\
             \"USD\",\"USD CASH\",\"Cash\",\"Cash\",\"-1.00\",\"-0.01\",\"100\",\"-\"\n\
             \"RTYH6\",\"Future\",\"Cash\",\"Futures\",\"0.00\",\"0.00\",\"1\",\"CME\"\n",
        );
        assert!(is_holdings(text.as_bytes()));
        let read = holdings(text.as_bytes()).expect("holdings");
        let symbols: Vec<(&str, f64)> = read.members.iter().map(|one| (one.symbol.as_str(), one.weight)).collect();
        assert_eq!(symbols, [("AA-B", 0.2), ("CC", 3000.5 / 5000.0), ("MOG-A", 0.1999)]);
        assert_eq!((read.members[0].name.as_str(), read.members[0].sector.as_str()), ("One, Inc", "Health Care"));
        assert_eq!((read.fund.as_str(), read.day.to_string()), ("Some Fund", "2026-02-03".into()));
        assert_eq!((read.equities, read.without_ticker, read.without_market), (5, 1, vec!["RGT".to_owned()]));
        assert!(read.is_whole);
    }

    #[test]
    fn a_table_without_its_end_is_not_whole() {
        let text = file("\"AA\",\"One\",\"Energy\",\"Equity\",\"1.00\",\"0.1\",\"1\",\"NYSE\"\n");
        let (cut, _) = text.rsplit_once("\u{a0}\n").expect("a blank line");
        assert!(!holdings(cut.as_bytes()).expect("holdings").is_whole);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        let none = "Some Fund\nFund Holdings as of,\"-\"\nInception Date,\"May 22, 2000\"\n";
        assert!(holdings(none.as_bytes()).expect_err("none").to_string().contains("no data"));
        let row = "\"AA\",\"One\",\"Energy\",\"Equity\",\"one\",\"0.1\",\"1\",\"NYSE\"\n";
        assert!(holdings(file(row).as_bytes()).expect_err("no amount").to_string().contains("`one` of `AA`"));
        for (from, to) in [("Feb 03", "Feb 30"), ("Market Value", "Value"), ("Ticker", "Symbol"), ("Fund H", "H")] {
            let text = file("\"AA\",\"One\",\"Energy\",\"Equity\",\"1\",\"0.1\",\"1\",\"NYSE\"\n").replace(from, to);
            assert!(holdings(text.as_bytes()).is_err(), "{to}");
        }
        assert!(holdings(file("").as_bytes()).is_err() && holdings(b"<html>").is_err() && !is_holdings(b"<html>"));
    }
}
