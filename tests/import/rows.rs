//! What is read of a file, and what is rejected or left.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rotation::bars::{Columns, Kind, Points, SeriesId};
use rotation::run::import::{Outcome, Request, import, render_notes};

use crate::desk::{Desk, day, now, only, rejected};

#[test]
fn every_header_and_order_gives_the_same_bytes() {
    let desk = Desk::new();
    let plain = desk.plain(0..30, false);
    desk.take(&[desk.file("IWM.csv", &plain)]);
    let expected = desk.bytes();
    let rows: Vec<&str> = plain.lines().skip(1).collect();
    let rows = || rows.iter();
    let joined = |header: &str, rows: Vec<String>| format!("{header}\n{}\n", rows.join("\n"));
    let cells = |row: &str| row.split(',').map(String::from).collect::<Vec<_>>();
    let backwards = rows().rev().map(|row| cells(row).into_iter().rev().collect::<Vec<_>>().join(",")).collect();
    let stooq = rows().map(|row| format!("IWM.US,D,{},000000,{},0", row[..10].replace('-', ""), &row[11..])).collect();
    let comma = rows().map(|row| row.replace(',', ";").replace('.', ",")).collect();
    let midnight = rows().map(|row| row.replacen(',', " 00:00:00-05:00,", 1)).collect();
    for (name, text) in [
        ("IWM.txt", joined("Volume,Close,Low,High,Open,Date", backwards)),
        ("iwm.us.txt", joined("<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>", stooq)),
        ("iwm_us_d.csv", plain.replacen("date,open,high,low,close,volume", "Date,Open,High,Low,Close,Volume", 1)),
        ("IWM.CSV", joined("date;open;high;low;close;volume", comma)),
        ("iwm.csv", joined("Date,Open,High,Low,Close,Volume", midnight)),
        ("a/IWM.csv", format!("\u{feff}{}", plain.replace('\n', "\r\n"))),
    ] {
        desk.clear();
        let imported = desk.take(&[desk.file(name, text)]);
        assert!(rejected(&imported).is_empty(), "{name}: {imported:?}");
        assert_eq!(desk.bytes(), expected, "{name}");
    }
}

#[test]
fn a_row_that_breaks_a_rule_is_rejected_by_line_and_changes_no_other() {
    let desk = Desk::new();
    let header = "date,open,high,low,close,volume\n";
    let bad = [
        ("2024-02-30,1,1,1,1,1", "is not a date"),
        ("02/01/2024,1,1,1,1,1", "is not a date"),
        ("2024-01-03,1,1,1,NaN,1", "close is missing"),
        ("2024-01-04,1,1,1,,1", "close is missing"),
        ("2024-01-05,1,1,0,1,1", "low 0 is not above zero"),
        ("2024-01-08,-1,1,1,1,1", "open -1 is not above zero"),
        ("2024-01-09,1,1e400,1,1,1", "high `1e400` is out of range"),
        ("2024-01-10,1,2,3,1,1", "high 2 is below"),
        ("2024-01-11,2,3,2.5,2.6,1", "low 2.5 is above"),
        ("2024-01-12,1,1,1,1,-5", "volume -5 is below zero"),
        ("2024-01-13,1,1,1,1,1", "2024-01-13 (Sat) is no session"),
        ("2024-01-15,1,1,1,1,1", "2024-01-15 (Mon) is no session"),
        ("2025-07-02,1,1,1,1,1", "after the last finished session, 2025-07-01"),
        ("2024-01-16,1,1,1,1", "5 cells under 6 names"),
        ("2024-01-17,1,1,1,1,1", "2024-01-17 is given 2 times, with different figures"),
        ("2024-01-17,1,1,1,1,2", "2024-01-17 is given 2 times, with different figures"),
    ];
    let good = "2024-01-18,1,1.0000005,1,1.000001,0\n2024-01-19,1,1,1,1,\n2024-01-19,1,1,1,1,\n";
    let text = format!("{header}{}\n{good}", bad.map(|(row, _)| row).join("\n"));
    let imported = desk.take(&[desk.file("IWM.csv", text)]);
    let rejected = rejected(&imported);
    assert_eq!(rejected.len(), bad.len(), "{rejected:?}");
    for (i, ((line, reason), (row, expected))) in rejected.iter().zip(bad).enumerate() {
        assert_eq!(*line, i as u64 + 2, "{row}");
        assert!(reason.contains(expected), "`{row}`: {reason}");
    }
    let bars = desk.bars("IWM");
    assert_eq!(bars.day, [day("2024-01-18"), day("2024-01-19")]);
    assert!(bars.volume[0] == 0.0 && bars.volume[1].is_nan());
    let tally = &imported.tallies[0].1;
    assert_eq!((tally.repeated, tally.without_volume), (1, 1));
    let notes = render_notes(&imported);
    assert!(notes.contains("16 rows rejected, 2 taken\n  line 2: ") && notes.contains("  and 11 more\n"), "{notes}");
}

#[test]
fn a_file_is_taken_in_part_when_more_of_its_rows_are_rejected_than_taken() {
    let desk = Desk::new();
    let rows = |good: usize, bad: usize| desk.plain(0..good, false) + &"2024-02-30,1,1,1,1,1\n".repeat(bad);
    let counts = [(9, 1, "1", false), (9, 9, "9", false), (9, 10, "10", true), (2, 1_990, "1,990", true)];
    for (good, bad, told, is_partial) in counts {
        let imported = desk.run(&[desk.file("IWM.csv", rows(good, bad))], true);
        assert_eq!((imported.taken.len(), imported.is_partial()), (1, is_partial), "{good} and {bad}");
        let most = format!("{told} rows rejected, {good} taken\n");
        assert!(bad > 1 || render_notes(&imported).contains("IWM.csv: 1 row rejected\n"));
        assert_eq!(render_notes(&imported).contains(&most), is_partial, "{good} and {bad}");
    }
}

#[test]
fn of_rows_of_the_last_day_at_the_end_that_differ_in_volume_alone_the_final_one_counts() {
    let desk = Desk::new();
    let last = |text: &str| desk.plain(0..9, false) + text;
    let day = desk.sessions(10)[9];
    let row = |close: &str, volume: &str| format!("{day},1,200,1,{close},{volume}\n");
    let twice = last(&(row("100", "5") + &row("100", "777") + &row("100", "6")));
    let imported = desk.take(&[desk.file("IWM.csv", &twice)]);
    assert_eq!(only(&imported), Outcome::New);
    assert_eq!(rejected(&imported), []);
    assert_eq!((desk.bars("IWM").day[9], desk.bars("IWM").volume[9]), (day, 6.0));
    let said = format!("{day} is given 3 times at the end, with different volumes: the last is taken");
    assert!(render_notes(&imported).contains(&said));
    assert_eq!(only(&desk.take(&[desk.file("IWM.csv", twice)])), Outcome::Unchanged);
    // another close, a final row without volume, and another order of the file leave open which is right
    for text in [
        last(&(row("100", "5") + &row("101", "6"))),
        last(&(row("100", "74800") + &row("100", ""))),
        last(&(row("100", "74800") + &row("100", "0"))),
        row("100", "5") + &row("100", "6"),
    ] {
        let header = "date,open,high,low,close,volume\n";
        let text = if text.starts_with(header) { text } else { format!("{header}{text}{}", &last("")[header.len()..]) };
        let imported = desk.take(&[desk.file("SPY.csv", text)]);
        assert_eq!((rejected(&imported).len(), desk.bars("SPY").len()), (2, 9));
    }
}

#[test]
fn sessions_are_not_judged_before_1990_nor_for_other_exchanges() {
    let desk = Desk::new();
    let text = "date,open,high,low,close,volume\n1989-07-04,1,1,1,1,1\n1989-07-08,1,1,1,1,1\n2024-07-06,1,1,1,1,1\n";
    let imported = desk.take(&[desk.file("^GSPC.csv", text)]);
    assert_eq!(rejected(&imported), [(4, "2024-07-06 (Sat) is no session of the exchange")]);
    let imported = desk.take(&[desk.file("VOD.L.csv", text.replace("1989", "2024"))]);
    assert_eq!(rejected(&imported), []);
}

#[test]
fn a_session_without_a_bar_is_said() {
    let desk = Desk::new();
    let gap = desk.sessions(4)[3];
    let mut rows: Vec<String> = desk.plain(0..9, false).lines().map(String::from).collect();
    rows.retain(|row| !row.starts_with(&gap.to_string()));
    let text = rows.join("\n");
    let imported = desk.take(&[desk.file("IWM.csv", text)]);
    assert_eq!(imported.taken[0].findings[0].days, [gap]);
    assert!(render_notes(&imported).contains("bars/IWM: no bar on sessions of the exchange: 2024-01-05\n"));
}

#[test]
fn rates_come_under_their_own_name_known_from_the_next_session() {
    let desk = Desk::new();
    let imported = desk.take(&[
        desk.file(
            "fredgraph.csv",
            "observation_date,DGS2,DGS10\n2024-01-12,4.5,3.96\n2024-01-15,.,\n2024-01-16,x,4.07\n",
        ),
        desk.file("dfedtaru.csv", "DATE,VALUE\n2024-01-13,5.5\n2024-01-14,5.5\n2026-01-01,9\n"),
    ]);
    let points = desk.points(Kind::Rates, "DGS10");
    assert_eq!(points.day, [day("2024-01-12"), day("2024-01-16")]);
    assert_eq!(points.known_from, [day("2024-01-16"), day("2024-01-17")], "15 January is a holiday");
    assert_eq!(points.value, [3.96, 4.07]);
    assert_eq!(desk.points(Kind::Rates, "DGS2").value, [4.5]);
    let target = desk.points(Kind::Rates, "DFEDTARU");
    assert_eq!(target.known_from, target.day);
    assert_eq!(target.len(), 2);
    let notes = render_notes(&imported);
    assert!(notes.contains("2 rows without a value") && notes.contains("line 4: value `x` is not a number"), "{notes}");
    assert!(notes.contains("line 4: 2026-01-01 is in the future"), "{notes}");
}

#[test]
fn a_valuation_is_a_series_for_each_index_basis_and_source_and_grows_by_single_values() {
    let desk = Desk::new();
    let header = "date,index,basis,value,source\n";
    let text = format!(
        "{header}2024-01-05,Russell 2000,FY1,21.5,SSGA\n2024-01-05,S&P 500,fy1,20.1,SSGA\n2024-01-05,RUT,all-in,30,\"J. Doe, 2024\"\n\
         2024-01-05,Russell 3000,fy1,20,SSGA\n2024-01-05,RUT,trailing,20,SSGA\n2024-01-05,RUT,fy1,0.034,SSGA\n2024-01-08,RUT,fy1,20,\n"
    );
    let imported = desk.take(&[desk.file("pe.csv", text)]);
    let reasons = rejected(&imported).iter().map(|(line, _)| *line).collect::<Vec<_>>();
    assert_eq!(reasons, [5, 6, 7, 8]);
    let names: Vec<&str> = imported.taken.iter().map(|taken| taken.id.name.as_str()).collect();
    assert_eq!(names, ["russell-2000.all-in.j-doe-2024", "russell-2000.fy1.ssga", "sp-500.fy1.ssga"]);
    let more = desk.file("more.csv", format!("{header}2024-02-05,iwm,fy1,22,ssga\n"));
    assert_eq!(only(&desk.take(std::slice::from_ref(&more))), Outcome::Extended(1));
    let points = desk.points(Kind::Valuation, "russell-2000.fy1.ssga");
    assert_eq!(points.value, [21.5, 22.0]);
    assert_eq!(points.known_from, [day("2024-01-06"), day("2024-02-06")]);
    let other = desk.take(&[desk.file("other.csv", format!("{header}2024-02-05,iwm,fy1,23,ssga\n"))]);
    assert!(other.refused[0].1.contains("value 22 held, 23 new"), "{other:?}");
}

#[test]
fn what_is_not_recognised_is_named_and_left() {
    let desk = Desk::new();
    let paths = [
        desk.file("x/points.csv", "date,index,measure,value,source,note\n2024-01-05,RUT,pe,20,a,b\n"),
        desk.file("x/page.csv", "<!doctype html>\n<p>a,b</p>\n"),
        desk.file("x/empty.txt", ""),
        desk.file("x/header.csv", "Date,Open,High,Low,Close,Volume\n"),
        desk.file("x/positions.csv", "date,net\n2024-01-05,6.28\n"),
        desk.file(
            "x/monthly.csv",
            "date,open,high,low,close\n2024-02-01,1,1,1,1\n2024-03-01,1,1,1,1\n2024-04-01,1,1,1,1\n",
        ),
        desk.file("x/a b.csv", "date,value\n2024-01-05,1\n"),
        desk.file("x/SPY.csv", "<TICKER>,<PER>,<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>\nIWM.US,D,20240105,1,1,1,1\n"),
    ];
    desk.file("x/notes.md", "not looked at");
    desk.file("x/deeper/IWM.csv", desk.plain(0..9, false));
    let imported = desk.take(&[desk.folder.path().join("x")]);
    assert_eq!(imported.left.len(), paths.len(), "{imported:?}");
    assert!(imported.taken.is_empty() && imported.is_partial());
    assert!(!desk.root().exists(), "nothing to store, no store");
    let notes = render_notes(&imported);
    for said in [
        "points.csv: left: its header `date,index,measure,value,source,note` is of no kind known here; `--kind` and one \
         of bars, dividends, rates, valuation, positioning, holdings, estimates says which columns it lacks\n",
        "page.csv: left: its first line `<!doctype html>` is not a header; it must name the columns, such as \
         `date,open,high,low,close` or `date,value`, with one of `,`, `;` and tabs between them\n",
    ] {
        assert!(notes.contains(said), "{notes}");
    }
    let none = desk.take(&[desk.folder.path().join("x/deeper/..").join("deeper")]);
    assert_eq!(none.taken.len(), 1);
    fs::create_dir(desk.folder.path().join("y")).expect("a folder");
    assert!(desk.take(&[desk.folder.path().join("y")]).is_partial());
}

#[test]
fn a_kind_said_outright_must_fit_and_a_path_must_exist() {
    let desk = Desk::new();
    let path = desk.file("IWM.csv", desk.plain(0..9, false));
    let run = |kind, path: &Path| {
        let paths = [path.to_path_buf()];
        import(
            &Request { paths: &paths, kind: Some(kind), replace: false, wait: Duration::ZERO },
            &desk.store(),
            &rotation::config::Settings::default(),
            &desk.calendar,
            now(),
        )
    };
    assert!(!run("bars", &path).expect("an import").is_partial());
    let wrong = run("rates", &path).expect("an import");
    assert!(wrong.left[0].reason.contains("is not one of rates (date, value;"), "{wrong:?}");
    run("futures", &path).expect_err("no such kind");
    run("bars", &desk.folder.path().join("none.csv")).expect_err("no such file");
}

#[test]
fn positioning_is_taken_in_both_spellings_for_the_one_contract_without_options() {
    let desk = Desk::new();
    let yearly = "CFTC_Contract_Market_Code,Report_Date_as_YYYY-MM-DD,Open_Interest_All,Asset_Mgr_Positions_Long_All,\
                  Asset_Mgr_Positions_Short_All,Lev_Money_Positions_Long_All,Lev_Money_Positions_Short_All,\
                  FutOnly_or_Combined\n\
                  239742,2025-01-07,1000,300,200,90,150,FutOnly\n\
                  13874A,2025-01-07,5000,300,200,90,150,FutOnly\n\
                  239742,2025-01-14,1000,300,200,90,150,Combined\n\
                  239742,2025-01-21,1000,300,2000,90,150,FutOnly\n\
                  239742,2025-01-28,0,0,0,0,0,FutOnly\n";
    let portal = "report_date_as_yyyy_mm_dd,cftc_contract_market_code,open_interest_all,asset_mgr_positions_long,\
                  asset_mgr_positions_short,lev_money_positions_long,lev_money_positions_short,futonly_or_combined\n\
                  2025-01-14T00:00:00.000,239742,1100,310,200,90,150,FutOnly\n";
    let paths = [desk.file("tff.csv", yearly), desk.file("portal.csv", portal)];
    let imported = desk.take(&paths);
    assert!(imported.left.is_empty(), "{imported:?}");
    let id = SeriesId::new(Kind::Positioning, "239742");
    let Columns::Points(points) = desk.series(&id).columns else { panic!("not reports") };
    let mut expected = Points::default();
    expected.push_report(day("2025-01-07"), day("2025-01-10"), [1000.0, 300.0, 200.0, 90.0, 150.0]);
    expected.push_report(day("2025-01-14"), day("2025-01-17"), [1100.0, 310.0, 200.0, 90.0, 150.0]);
    assert_eq!(points, expected);
    let rejected: Vec<_> = imported.tallies.iter().flat_map(|(_, tally)| &tally.rejected).collect();
    let lines: Vec<u64> = rejected.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4, 5, 6]);
    assert_eq!(rejected[0].1, "contract `13874A` is not 239742, the Russell 2000 e-mini");
    assert_eq!(rejected[1].1, "`Combined` counts more than futures");
    // rows of other contracts are no fault of the file
    let (others, _) = yearly.split_once("239742,2025-01-21").expect("rows");
    assert!(!desk.take(&[desk.file("others.csv", others)]).is_partial());
}
