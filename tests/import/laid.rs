//! How files and the store are laid together, and when they are not.

use std::fmt::Write;
use std::time::Duration;

use rotation::bars::{Dividends, SeriesId};
use rotation::run::import::{Outcome, render, render_notes};

use crate::desk::{Desk, day, only};

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

#[cfg(unix)]
#[test]
fn a_series_whose_file_cannot_be_read_is_refused_and_the_others_are_taken() {
    let desk = Desk::new();
    let paths = ["DGS2", "DGS10"].map(|name| desk.file(&format!("{name}.csv"), "date,value\n2024-01-02,4.5\n"));
    desk.take(&paths[..1]);
    let file = desk.root().join("rates/DGS2.parquet");
    std::fs::remove_file(&file).expect("removed");
    // as on a failing disk: a link to itself cannot be opened
    std::os::unix::fs::symlink("DGS2.parquet", &file).expect("a link");
    let imported = desk.take(&paths);
    assert!(imported.refused[0].1.contains("check the disk") && file.is_symlink(), "{imported:?}");
    assert_eq!((imported.taken.len(), imported.taken[0].id.name.as_str()), (1, "DGS10"));
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
fn too_few_days_in_common_are_asked_for_and_what_replacing_drops_is_said() {
    let desk = Desk::new();
    desk.take(&[desk.file("IWM.csv", desk.plain(0..30, false))]);
    let before = desk.bytes();
    for (rows, days) in [(29..31, "1 day"), (26..31, "4 days"), (30..40, "0 days")] {
        let short = desk.take(&[desk.file("a/IWM.csv", desk.plain(rows, false))]);
        let words = format!(
            "nothing shows yet that it fits what is held from `imported`: {days} in common, 5 needed to tell that both \
             are quoted alike; give 5 or more of the days held along with the new ones"
        );
        assert_eq!(short.refused[0].1, words);
    }
    assert_eq!(desk.bytes(), before);
    let apart = [desk.file("b/SPY.csv", desk.plain(0..20, false)), desk.file("c/SPY.csv", desk.plain(18..40, false))];
    assert!(desk.take(&apart).refused[0].1.ends_with("; give files that share 5 or more days"));
    let longer = desk.take(&[desk.file("d/IWM.csv", desk.plain(25..31, false))]);
    assert_eq!((only(&longer), render_notes(&longer).as_str()), (Outcome::Extended(1), ""));
    let cut = desk.run(&[desk.file("a/IWM.csv", desk.plain(29..31, false))], true);
    assert_eq!((only(&cut), cut.taken[0].before, cut.taken[0].rows), (Outcome::Replaced, 31, 2));
    assert!(render_notes(&cut).contains("bars/IWM: 31 rows held before, now 2: what the import does not have is gone"));
    // a series of two days grows by whoever has both
    assert_eq!(only(&desk.take(&[desk.file("e/IWM.csv", desk.plain(29..33, false))])), Outcome::Extended(2));
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

/// Bars of 90 sessions with a dividend of 1.25 on that of `ex`, the closes times `factor` before and `after` from then on.
fn adjusted(desk: &Desk, ex: usize, factor: f64, after: f64) -> String {
    let mut text = String::from("Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n");
    for (i, row) in desk.plain(0..90, false).lines().skip(1).enumerate() {
        let cells: Vec<&str> = row.split(',').collect();
        let price = |at: usize| cells[at].parse::<f64>().expect("a price") * if i < ex { factor } else { after };
        let paid = if i == ex { 1.25 } else { 0.0 };
        let [open, high, low, close] = [1, 2, 3, 4].map(price);
        let _ = writeln!(text, "{},{open},{high},{low},{close},{},{paid},0", cells[0], cells[5]);
    }
    text
}

#[test]
fn closes_adjusted_for_dividends_are_refused_however_late_the_ex_date() {
    let desk = Desk::new();
    for ex in [70, 86, 88, 89] {
        let before = 99.99 + ex as f64 / 100.0;
        let factor = (before - 1.25) / before;
        let imported = desk.take(&[desk.file("IWM.csv", adjusted(&desk, ex, factor, 1.0))]);
        assert!(imported.refused[0].1.contains("its closes look adjusted for dividends"), "{ex}: {imported:?}");
        // prices that are not in whole cents, but for a split, and prices as quoted
        for (name, factor, after) in [("SPY", 1.0 / 3.0, 1.0 / 3.0), ("RSP", 1.0, 1.0)] {
            let imported = desk.take(&[desk.file(&format!("{name}.csv"), adjusted(&desk, ex, factor, after))]);
            assert!(imported.refused.is_empty(), "{ex}: {imported:?}");
            desk.clear();
        }
    }
}

#[test]
fn closes_adjusted_for_dividends_and_splits_in_adjusted_closes_alone_are_refused() {
    let desk = Desk::new();
    let imported = desk.take(&[desk.file("IWM.csv", adjusted(&desk, 80, 0.987_654_3, 1.0))]);
    assert!(imported.refused[0].1.contains("its closes look adjusted for dividends"), "{imported:?}");
    let header = "date,open,high,low,close,adj_close,volume\n";
    let split = format!("{header}2024-01-02,100,100,100,100,50,1\n2024-01-03,51,51,51,51,51,1\n");
    let imported = desk.take(&[desk.file("SPY.csv", split)]);
    assert!(imported.left[0].reason.contains("on 2024-01-03 adj_close moves 2.0000 times"), "{imported:?}");
    assert!(desk.store().load().expect("loaded").shelf.is_empty());
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
bars/IWM         40 rows  2024-01-02 to 2024-02-28  new            1 dividend, some implied by adj_close
bars/SPY          9 rows  2024-01-02 to 2024-01-12  new            dividends unknown
rates/DGS10       1 row   2024-01-05 to 2024-01-05  new
3 of 4 files read: 3 series stored, 0 unchanged, 0 refused; 0 rows rejected
";
    assert_eq!(render(&imported), expected);
}

#[test]
fn a_jump_or_a_gap_of_a_year_is_refused_until_the_user_vouches_for_it() {
    let desk = Desk::new();
    let quoted = desk.plain(0..40, false);
    desk.take(&[desk.file("ARWR.csv", &quoted)]);
    let before = desk.bytes();
    let rest = "2024-02-29,200.4,200.4,200.4,200.39999999999998,1\n";
    let jumped = desk.file("a/ARWR.csv", format!("{quoted}{rest}"));
    let imported = desk.take(std::slice::from_ref(&jumped));
    assert!(imported.refused[0].1.contains("from 100.39 to 200.4 on 2024-02-29: possible split"), "{imported:?}");
    // without volumes nothing tells news from a split
    let bare =
        |text: &str| text.lines().filter_map(|line| Some(line.rsplit_once(',')?.0)).collect::<Vec<_>>().join("\n");
    let bare = desk.file("a/BARE.csv", bare(&format!("{quoted}{rest}")));
    assert!(desk.take(&[bare]).refused[0].1.contains("on 2024-02-29: possible split"));
    let late = desk.file("b/ARWR.csv", format!("{quoted}2025-06-02,100,100,100,100,1\n"));
    assert!(desk.take(&[late]).refused[0].1.contains("no bar from 2024-02-28 to 2025-06-02"));
    assert_eq!(desk.bytes(), before);
    assert_eq!(only(&desk.run(std::slice::from_ref(&jumped), true)), Outcome::Replaced);
    assert_eq!(only(&desk.take(&[jumped])), Outcome::Unchanged, "what was vouched for is not doubted again");
    // a fund does not jump, whoever says so: what is taken all the same is not used
    let fund = desk.run(&[desk.file("a/IWM.csv", format!("{quoted}{rest}"))], true);
    assert_eq!((fund.taken[0].findings[0].code, fund.is_partial()), ("possible_split", true));
}
