//! Members of an index: a fund's holdings, and lists by date.

use rotation::run::import::{Outcome, render, render_notes};

use crate::desk::{Desk, day};

/// A holdings file in iShares' shape with members of 2025-06-30.
fn holdings(tickers: &[&str]) -> String {
    let row = |ticker: &&str| {
        format!("\"{ticker}\",\"{ticker} CORP\",\"Energy\",\"Equity\",\"1,250.00\",\"0.10\",\"2.50\",\"NYSE\"\n")
    };
    let rows: String = tickers.iter().map(row).collect();
    format!(
        "\u{feff}iShares Russell 2000 ETF\nFund Holdings as of,\"Jun 30, 2025\"\nStock,\"-\"\n\u{a0}\n\
         Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Price,Exchange\n{rows}\
         \"-\",\"A RIGHT\",\"Energy\",\"Equity\",\"0.00\",\"0.00\",\"0.00\",\"NO MARKET (E.G. UNLISTED)\"\n\
         \"USD\",\"USD CASH\",\"Cash\",\"Cash\",\"-1.00\",\"0.00\",\"100.00\",\"-\"\n\u{a0}\n\"A disclaimer\"\n"
    )
}

#[test]
fn a_holdings_file_becomes_the_members_of_its_fund() {
    let desk = Desk::new();
    let imported = desk.take(&[desk.file("download.csv", holdings(&["BB", "AA.B"]))]);
    assert_eq!(imported.lists.taken.len(), 1, "{imported:?}");
    let snapshot = desk.store().snapshot("IWM", day("2025-06-30")).expect("members");
    let members: Vec<_> = snapshot.members.iter().map(|one| (one.symbol.as_str(), one.weight)).collect();
    assert_eq!((snapshot.source.as_str(), members), ("imported", vec![("AA-B", 0.5), ("BB", 0.5)]));
    let text = render(&imported);
    assert!(text.starts_with("universe/IWM/2025-06-30       2 members  new\n"), "{text}");
    assert!(text.ends_with("1 of 1 files read: 1 series stored, 0 unchanged, 0 refused; 0 rows rejected\n"), "{text}");
    let notes = render_notes(&imported);
    assert!(notes.contains("3 equities, of which 2 are members; 1 without a ticker"), "{notes}");
    assert!(notes.contains("universe/IWM/2025-06-30: 2 members, where 1800 to 2100 are expected"), "{notes}");
}

#[test]
fn a_holdings_file_that_breaks_off_is_left() {
    let desk = Desk::new();
    let whole = holdings(&["AA", "BB", "CC"]);
    let (cut, _) = whole.split_once("\"CC\"").expect("a third row");
    let imported = desk.take(&[desk.file("cut.csv", cut)]);
    assert!(imported.lists.taken.is_empty() && imported.left[0].reason.contains("breaks off"), "{imported:?}");
}

#[test]
fn another_list_of_the_same_day_is_refused_unless_it_replaces() {
    let desk = Desk::new();
    let first = desk.file("a.csv", holdings(&["AA", "BB"]));
    let second = desk.file("b.csv", holdings(&["AA", "CC"]));
    desk.take(std::slice::from_ref(&first));
    assert_eq!(desk.take(&[first]).lists.taken[0].outcome, Outcome::Unchanged);
    let refused = desk.take(std::slice::from_ref(&second));
    assert!(refused.is_partial() && refused.lists.refused[0].1.contains("`imported`"), "{refused:?}");
    assert_eq!(desk.run(&[second], true).lists.taken[0].outcome, Outcome::Replaced);
    let latest = desk.store().latest_snapshot("IWM").expect("a list").0.expect("members");
    assert_eq!(latest.members[1].symbol, "CC");
}

#[test]
fn lists_by_date_are_members_of_the_universe_the_file_is_named_for() {
    let desk = Desk::new();
    let text =
        "date,symbol,name\n2024-01-31,AA,One\n2024-01-31,BB,Two\n2024-02-29,BB,Two\n2024-02-30,CC,\n2026-01-02,CC,\n";
    let imported = desk.take(&[desk.file("mine_holdings_2024.csv", text)]);
    let lists: Vec<_> = imported.lists.taken.iter().map(|list| (list.name(), list.members)).collect();
    assert_eq!(lists, [("universe/MINE/2024-01-31".into(), 2), ("universe/MINE/2024-02-29".into(), 1)]);
    let rejected: Vec<u64> = imported.tallies[0].1.rejected.iter().map(|(line, _)| *line).collect();
    assert_eq!(rejected, [5, 6]);
}
