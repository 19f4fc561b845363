//! Files of the user into the store: what is taken, what is rejected, and that nothing changes in silence.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rotation::bars::{Bars, Columns, Dividends, Kind, Points, Series, SeriesId};
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::run::import::{Imported, Outcome, Request, import, render, render_notes};
use rotation::store::Store;

/// A folder of files to import and a store to import them into.
struct Desk {
    folder: tempfile::TempDir,
    calendar: Calendar,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), calendar: Calendar::new(&[]) }
    }

    /// Writes a file and says where.
    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    fn store(&self) -> Store {
        Store::at(self.root()).expect("a store")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn clear(&self) {
        fs::remove_dir_all(self.root()).expect("a store");
    }

    fn run(&self, paths: &[PathBuf], replace: bool) -> Imported {
        let request = Request { paths, kind: None, replace, wait: Duration::ZERO };
        import(&request, &self.store(), &self.calendar, now()).expect("an import")
    }

    fn take(&self, paths: &[PathBuf]) -> Imported {
        self.run(paths, false)
    }

    fn series(&self, id: &SeriesId) -> Series {
        let mut loaded = self.store().load().expect("loaded");
        assert_eq!(loaded.warnings, []);
        loaded.shelf.remove(id).expect("the series is held")
    }

    fn bars(&self, symbol: &str) -> Bars {
        match self.series(&SeriesId::bars(symbol)).columns {
            Columns::Bars(bars) => bars,
            Columns::Points(_) => panic!("not bars"),
        }
    }

    fn points(&self, kind: Kind, name: &str) -> Points {
        match self.series(&SeriesId::new(kind, name)).columns {
            Columns::Points(points) => points,
            Columns::Bars(_) => panic!("not points"),
        }
    }

    /// Every file of the store and its bytes.
    fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folders = Kind::ALL.map(|kind| self.root().join(kind.folder()));
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
        entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.clone(), fs::read(path).expect("a file")))
            .collect()
    }

    /// The sessions from 2024-01-02 on.
    fn sessions(&self, count: usize) -> Vec<Day> {
        self.calendar.between(day("2024-01-02"), day("2025-06-30"))[..count].to_vec()
    }

    /// Bars in the plain form: close 100.00, 100.01, … and `adj_close` 2 % lower before the 21st.
    fn plain(&self, rows: std::ops::Range<usize>, adjusted: bool) -> String {
        let mut text = format!("date,open,high,low,close,{}volume\n", if adjusted { "adj_close," } else { "" });
        for (i, day) in self.sessions(rows.end).iter().enumerate().skip(rows.start) {
            let close = 100.0 + i as f64 / 100.0;
            let factor = if i < 20 { 0.98 } else { 1.0 };
            let adjusted = if adjusted { format!("{:.6},", close * factor) } else { String::new() };
            let _ = writeln!(
                text,
                "{day},{close:.2},{:.2},{:.2},{close:.2},{adjusted}{}",
                close + 1.0,
                close - 1.0,
                1000 + i
            );
        }
        text
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// The evening of 2025-07-01 in New York.
fn now() -> DateTime<Utc> {
    "2025-07-01T23:00:00Z".parse().expect("an instant")
}

/// The rejected lines of the only file read, with their reasons.
fn rejected(imported: &Imported) -> Vec<(u64, &str)> {
    assert_eq!(imported.tallies.len(), 1, "{imported:?}");
    imported.tallies[0].1.rejected.iter().map(|(line, reason)| (*line, reason.as_str())).collect()
}

fn only(imported: &Imported) -> Outcome {
    assert_eq!((imported.taken.len(), imported.is_partial()), (1, false), "{imported:?}");
    imported.taken[0].outcome
}

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
    assert!(!imported.is_partial(), "a rejected row is said, and the series is taken");
    let notes = render_notes(&imported);
    assert!(notes.contains("16 rows rejected\n  line 2: ") && notes.contains("  and 11 more\n"), "{notes}");
}

#[test]
fn sessions_are_not_judged_before_1990_nor_for_other_exchanges() {
    let desk = Desk::new();
    let text = "date,open,high,low,close,volume\n1989-07-04,1,1,1,1,1\n1989-07-08,1,1,1,1,1\n2024-07-06,1,1,1,1,1\n";
    let imported = desk.take(&[desk.file("^GSPC.csv", text)]);
    assert_eq!(rejected(&imported), [(4, "2024-07-06 (Sat) is no session of the exchange")]);
    let imported = desk.take(&[desk.file("VOD.L.csv", &text.replace("1989", "2024"))]);
    assert_eq!(rejected(&imported), []);
}

#[test]
fn a_session_without_a_bar_is_said() {
    let desk = Desk::new();
    let text: String = desk
        .plain(0..9, false)
        .lines()
        .filter(|row| !row.starts_with("2024-01-05"))
        .map(|row| format!("{row}\n"))
        .collect();
    let imported = desk.take(&[desk.file("IWM.csv", text)]);
    assert_eq!(imported.taken[0].gaps, [day("2024-01-05")]);
    assert!(render_notes(&imported).contains("bars/IWM: no bar on sessions of the exchange: 2024-01-05\n"));
}

#[test]
fn the_same_import_twice_and_any_order_of_paths_change_no_byte() {
    let desk = Desk::new();
    let mut paths = vec![
        desk.file("a/IWM.csv", desk.plain(0..30, true)),
        desk.file("b/IWM.csv", desk.plain(10..60, false)),
        desk.file("c/IWM.csv", desk.plain(50..90, true)),
        desk.file("dividends/IWM.csv", format!("ex_date,amount\n{},0.25\n", desk.sessions(71)[70])),
        desk.file("rates/DGS2.csv", "date,value\n2024-01-02,4.5\n"),
        desk.file("d/DGS2.csv", "observation_date,DGS2\n2024-01-03,4.6\n2024-01-02,4.5\n"),
    ];
    desk.take(&paths);
    let first = desk.bytes();
    let again = desk.take(&paths);
    assert!(again.taken.iter().all(|taken| taken.outcome == Outcome::Unchanged), "{again:?}");
    assert_eq!(desk.bytes(), first);
    for turn in 0..paths.len() {
        desk.clear();
        paths.rotate_left(1);
        if turn % 2 == 0 {
            paths.swap(0, 3);
        }
        assert!(!desk.take(&paths).is_partial());
        assert_eq!(desk.bytes(), first, "{paths:?}");
    }
    assert_eq!(desk.bars("IWM").len(), 90);
}

#[test]
fn dividends_are_implied_from_adjusted_closes_until_they_are_given() {
    let desk = Desk::new();
    let bars = desk.file("IWM.csv", desk.plain(0..40, true));
    let ex = desk.sessions(21)[20];
    desk.take(std::slice::from_ref(&bars));
    // 100.19 − 100.20 · (0.98 · 100.19) / 100.20 = 0.02 · 100.19
    let implied = desk.bars("IWM").dividend;
    assert!((implied[20] - 2.0038).abs() < 1e-6, "{implied:?}");
    assert_eq!(implied.iter().filter(|&&dividend| dividend != 0.0).count(), 1);
    assert_eq!(desk.series(&SeriesId::bars("IWM")).origin.dividends, Dividends::Implied);
    let paid = desk.file("d/IWM.csv", format!("ex_date,amount,origin\n{ex},1.99,reported\n2024-01-06,0.5,reported\n"));
    let imported = desk.take(std::slice::from_ref(&paid));
    assert_eq!(only(&imported), Outcome::Revised);
    assert_eq!(imported.taken[0].unpaid, [day("2024-01-06")]);
    let later = desk.bytes();
    assert_eq!(desk.bars("IWM").dividend[20], 1.99);
    assert_eq!(desk.series(&SeriesId::bars("IWM")).origin.dividends, Dividends::Reported);
    assert_eq!(only(&desk.take(std::slice::from_ref(&bars))), Outcome::Unchanged, "what was reported stays");
    desk.clear();
    desk.take(&[paid, bars]);
    assert_eq!(desk.bytes(), later, "given now or later");
}

#[test]
fn a_list_of_dividends_of_some_years_leaves_those_of_others() {
    let desk = Desk::new();
    desk.take(&[desk.file("IWM.csv", desk.plain(0..60, true))]);
    let sessions = desk.sessions(60);
    desk.take(&[desk.file("d/IWM.csv", format!("Date,Dividends\n{},0.25\n{},0.5\n", sessions[40], sessions[50]))]);
    let bars = desk.bars("IWM");
    assert!(bars.dividend[20] > 1.9 && bars.dividend[40] == 0.25 && bars.dividend[50] == 0.5);
    assert_eq!(desk.series(&SeriesId::bars("IWM")).origin.dividends, Dividends::Implied);
}

#[test]
fn reported_dividends_that_disagree_are_refused_unless_replaced() {
    let desk = Desk::new();
    let sessions = desk.sessions(40);
    let paid = |amount: &str| format!("ex_date,amount\n{},{amount}\n", sessions[20]);
    desk.take(&[desk.file("IWM.csv", desk.plain(0..40, false)), desk.file("d/IWM.csv", paid("0.25"))]);
    let before = desk.bytes();
    let other = desk.file("e/IWM.csv", paid("0.30"));
    let imported = desk.take(std::slice::from_ref(&other));
    assert!(imported.refused[0].1.contains("dividend 0.25 held, 0.3 new"), "{imported:?}");
    assert_eq!(desk.bytes(), before);
    assert_eq!(only(&desk.run(&[other], true)), Outcome::Replaced);
    assert_eq!(desk.bars("IWM").dividend[20], 0.3);
    let alone = desk.take(&[desk.file("SPY.csv", paid("0.30"))]);
    assert!(alone.refused[0].1.contains("no bars are held or given"), "{alone:?}");
}

#[test]
fn files_that_disagree_are_refused_and_the_others_taken() {
    let desk = Desk::new();
    let wrong = desk.plain(0..30, false).replace("100.07,101.07,99.07,100.07", "100.07,101.07,99.07,100.17");
    let paths = [
        desk.file("a/IWM.csv", desk.plain(0..30, false)),
        desk.file("b/IWM.csv", wrong),
        desk.file("SPY.csv", desk.plain(0..30, false)),
    ];
    let imported = desk.take(&paths);
    assert_eq!(imported.refused[0].0, SeriesId::bars("IWM"));
    assert!(imported.refused[0].1.contains("1 figure of 30 common days disagrees: 2024-01-11 close"), "{imported:?}");
    assert_eq!(imported.taken.len(), 1);
    assert!(imported.is_partial());
    assert_eq!(desk.bytes().len(), 1);
}

#[test]
fn an_import_onto_a_sources_series_adds_days_only_where_all_others_agree() {
    let desk = Desk::new();
    desk.take(&[desk.file("IWM.csv", desk.plain(10..30, false))]);
    let mut fetched = desk.series(&SeriesId::bars("IWM"));
    fetched.origin.owner = "yahoo".into();
    fetched.origin.dividends = Dividends::Reported;
    let mut writer = desk.store().lock(Duration::ZERO).expect("the lock");
    writer.put(&SeriesId::bars("IWM"), &fetched).expect("written");
    drop(writer);
    let before = desk.bytes();
    let short = desk.take(&[desk.file("a/IWM.csv", desk.plain(26..40, false))]);
    assert!(short.refused[0].1.contains("4 days in common, 5 needed"), "{short:?}");
    let wrong = desk.file("b/IWM.csv", desk.plain(0..40, false).replace("100.12,1012", "100.22,1012"));
    let refused = desk.take(std::slice::from_ref(&wrong));
    assert!(refused.refused[0].1.contains("close 100.12 held, 100.22 new"), "{refused:?}");
    assert_eq!(desk.bytes(), before);
    assert_eq!(only(&desk.take(&[desk.file("c/IWM.csv", desk.plain(0..40, false))])), Outcome::Extended(20));
    let series = desk.series(&SeriesId::bars("IWM"));
    assert_eq!((series.origin.owner.as_str(), series.columns.days().len()), ("yahoo", 40));
    assert_eq!(only(&desk.run(&[wrong], true)), Outcome::Replaced);
    assert_eq!(desk.series(&SeriesId::bars("IWM")).origin.owner, "imported");
    assert_eq!(desk.bars("IWM").close[12], 100.22);
}

#[test]
fn closes_adjusted_for_dividends_and_splits_in_adjusted_closes_alone_are_refused() {
    let desk = Desk::new();
    let quoted = desk.plain(0..90, false);
    let mut adjusted = String::from("Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n");
    for (i, row) in quoted.lines().skip(1).enumerate() {
        let cells: Vec<&str> = row.split(',').collect();
        let factor = if i < 80 { 0.987_654_3 } else { 1.0 };
        let price = |at: usize| cells[at].parse::<f64>().expect("a price") * factor;
        let paid = if i == 80 { 1.25 } else { 0.0 };
        let [open, high, low, close] = [1, 2, 3, 4].map(price);
        let _ = writeln!(adjusted, "{},{open},{high},{low},{close},{},{paid},0", cells[0], cells[5]);
    }
    let imported = desk.take(&[desk.file("IWM.csv", adjusted)]);
    assert!(imported.refused[0].1.contains("its closes look adjusted for dividends"), "{imported:?}");
    let header = "date,open,high,low,close,adj_close,volume\n";
    let split = format!("{header}2024-01-02,100,100,100,100,50,1\n2024-01-03,51,51,51,51,51,1\n");
    let imported = desk.take(&[desk.file("SPY.csv", split)]);
    assert!(imported.left[0].reason.contains("on 2024-01-03 adj_close moves 2.0000 times"), "{imported:?}");
    assert!(desk.store().load().expect("loaded").shelf.is_empty());
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
    assert!(
        notes.contains("points.csv: left: its header `date,index,measure,value,source,note` is of no kind known here")
    );
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
            &desk.calendar,
            now(),
        )
    };
    assert!(!run("bars", &path).expect("an import").is_partial());
    let wrong = run("rates", &path).expect("an import");
    assert!(wrong.left[0].reason.contains("is not one of rates (date, value;"), "{wrong:?}");
    run("holdings", &path).expect_err("no such kind");
    run("bars", &desk.folder.path().join("none.csv")).expect_err("no such file");
}

#[test]
fn the_result_is_one_aligned_line_a_series() {
    let desk = Desk::new();
    let imported = desk.take(&[
        desk.file("IWM.csv", desk.plain(0..40, true)),
        desk.file("SPY.csv", desk.plain(0..9, false)),
        desk.file("DGS10.csv", "date,value\n2024-01-05,4\n"),
        desk.file("what.csv", "?"),
    ]);
    let expected = "\
bars/IWM         40 rows  2024-01-02 to 2024-02-28  new            1 dividends, some implied by adj_close
bars/SPY          9 rows  2024-01-02 to 2024-01-12  new            dividends unknown
rates/DGS10       1 rows  2024-01-05 to 2024-01-05  new
3 of 4 files read: 3 series stored, 0 unchanged, 0 refused; 0 rows rejected
";
    assert_eq!(render(&imported), expected);
}
