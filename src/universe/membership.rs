//! Who is a member when.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, ensure};

use super::{Member, distinct, spelled};
use crate::day::Day;

/// The members of a universe, each with the days on which it is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Membership {
    /// By symbol: spans of days, their first day included, their last not.
    pub members: BTreeMap<String, Vec<Range<Day>>>,
    /// The first day for which a list says who they were; none where one list stands for all time.
    pub dated_from: Option<Day>,
}

/// Before every day, and after it.
const EVER: Range<Day> = Day::from_number(i32::MIN)..Day::from_number(i32::MAX);

impl Membership {
    /// One list for all time: its members are survivors in the past.
    pub fn undated(members: impl IntoIterator<Item = Member>) -> Self {
        let ever = |member: Member| (member.symbol, vec![EVER]);
        Self { members: members.into_iter().map(ever).collect(), dated_from: None }
    }

    /// Lists in the order of their days: a member is one from the day of a list that names it until that of one that
    /// does not. Before the first list there are none.
    pub fn dated(lists: impl IntoIterator<Item = (Day, Vec<Member>)>) -> Self {
        let mut dated_from = None;
        let mut members: BTreeMap<String, Vec<Range<Day>>> = BTreeMap::new();
        let mut listed = BTreeSet::new();
        for (day, list) in lists {
            dated_from = dated_from.or(Some(day));
            let now: BTreeSet<String> = list.into_iter().map(|member| member.symbol).collect();
            for gone in listed.difference(&now) {
                members.get_mut(gone).and_then(|spans| spans.last_mut()).into_iter().for_each(|span| span.end = day);
            }
            for new in now.difference(&listed) {
                members.entry(new.clone()).or_default().push(day..EVER.end);
            }
            listed = now;
        }
        Self { members, dated_from }
    }

    /// How many are members on each of `days`, which ascend.
    pub fn listed(&self, days: &[Day]) -> Vec<u32> {
        let place = |day: Day| days.partition_point(|&one| one < day);
        let mut changes = vec![0_i32; days.len() + 1];
        for span in self.members.values().flatten() {
            changes[place(span.start)] += 1;
            changes[place(span.end)] -= 1;
        }
        let running = changes.iter().scan(0, |listed, change| {
            *listed += change;
            Some(*listed as u32)
        });
        running.take(days.len()).collect()
    }

    /// The same with the first list for the time before it too: there its members are survivors.
    #[must_use]
    pub fn reaching_back(mut self) -> Self {
        let spans = self.members.values_mut().filter_map(|spans| spans.first_mut());
        spans.filter(|span| Some(span.start) == self.dated_from).for_each(|span| span.start = EVER.start);
        self
    }
}

/// Reads symbols, one a line: where there are more cells, that of the column that the first line calls `symbol`
/// or `ticker`, else the first. Lines that are blank or begin with `#` say nothing.
///
/// # Errors
/// For a symbol that no series can have, or an empty list.
pub fn symbols(bytes: &[u8]) -> Result<Vec<Member>> {
    let text = std::str::from_utf8(bytes).ok().context("it is not UTF-8 text")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).peekable();
    let column = lines.peek().and_then(|first| cells(first).position(|cell| NAMES.contains(&cell.as_str())));
    let rows = lines.skip(usize::from(column.is_some()));
    let symbols = rows.filter_map(|line| cells(line).nth(column.unwrap_or_default()));
    let symbols: Vec<String> = symbols.filter(|symbol| !symbol.is_empty()).collect();
    ensure!(!symbols.is_empty(), "it lists no members");
    distinct(symbols.into_iter().map(Member::bare).collect())
}

/// What the column of symbols may be called, as symbols are spelled.
const NAMES: [&str; 2] = ["SYMBOL", "TICKER"];

/// The cells of a line. A cell in quotes may hold what separates others.
fn cells(line: &str) -> impl Iterator<Item = String> {
    let mut is_quoted = false;
    let cells = line.split(move |c: char| {
        is_quoted ^= c == '"';
        !is_quoted && matches!(c, ',' | ';' | '\t')
    });
    cells.map(|cell| spelled(cell.trim().trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a date")
    }

    fn list(symbols: &[&str]) -> Vec<Member> {
        symbols.iter().map(|symbol| Member::bare(*symbol)).collect()
    }

    #[test]
    fn a_member_counts_from_the_list_that_names_it_to_the_one_that_does_not() {
        let [first, second, third] = ["2020-06-26", "2021-06-25", "2022-06-24"].map(day);
        let lists = [(first, list(&["A", "B"])), (second, list(&["A", "C"])), (third, list(&["A", "B"]))];
        let dated = Membership::dated(lists);
        let spans = |membership: &Membership, symbol: &str| membership.members[symbol].clone();
        assert_eq!(dated.dated_from, Some(first));
        assert_eq!(spans(&dated, "A"), [first..EVER.end]);
        assert_eq!(spans(&dated, "B"), [first..second, third..EVER.end]);
        assert_eq!(spans(&dated, "C"), vec![second..third]);
        let days = ["2020-06-25", "2020-06-26", "2021-06-24", "2021-06-25", "2022-06-24"].map(day);
        assert_eq!(dated.listed(&days), [0, 2, 2, 2, 2]);
        assert_eq!((Membership::undated(list(&["A"])).listed(&days), dated.listed(&[])), (vec![1; 5], vec![]));
        let back = dated.reaching_back();
        assert_eq!(back.listed(&days), [2; 5]);
        assert_eq!(spans(&back, "B"), [EVER.start..second, third..EVER.end]);
        assert_eq!(spans(&back, "C"), vec![second..third]);
    }

    #[test]
    fn symbols_stand_one_a_line() {
        let read = |text: &str| symbols(text.as_bytes()).map(|list| list.into_iter().map(|member| member.symbol));
        let read = |text: &str| read(text).map(Iterator::collect::<Vec<_>>).map_err(|error| error.to_string());
        let expected = Ok(vec!["BRK-B".to_owned(), "IWM".to_owned()]);
        assert_eq!(read("iwm\nBRK.B\n"), expected);
        assert_eq!(read("\u{feff}# mine\r\nSymbol,name\r\n\"BRK-B\",Berkshire\r\n\r\n IWM \r\nIWM"), expected);
        assert_eq!(read("name,ticker\n\"Berkshire, Inc.\",BRK.B\nA fund;\nA fund,IWM,x\n"), expected);
        assert_eq!(read("# nothing\nsymbol\n"), Err("it lists no members".into()));
        assert!(read("../x\n").is_err() && symbols(b"\xff").is_err());
    }
}
