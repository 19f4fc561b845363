//! Estimates of single stocks, and the P/Es that are worked out from them.

use rotation::bars::{IMPORTED, Kind, SeriesId};
use rotation::run::import::{Outcome, render_notes};

use crate::desk::{Desk, day};

const ALL_IN: &str = "russell-2000.all-in.bottom-up";
const EX_NEGATIVE: &str = "russell-2000.ex-negative.bottom-up";

/// Four members with weights of 0.4, 0.3, 0.2 and 0.1.
fn members(on: &str) -> String {
    let row = |(symbol, weight): (&str, f64)| format!("{on},{symbol},{weight}\n");
    let rows: String = [("AA", 0.4), ("BB", 0.3), ("CC", 0.2), ("DD", 0.1)].map(row).concat();
    format!("date,symbol,weight\n{rows}")
}

/// Yields of 5 %, 10 % and −20 %; none of DD.
const ESTIMATES: &str = "symbol,price,eps_forward,shares\nAA,20,1,7\nBB,50,5,7\nCC,10,-2,7\nXX,1,1,7\n";

#[test]
fn both_pes_are_worked_out_and_what_they_leave_out_is_disclosed() {
    let desk = Desk::new();
    let paths = [desk.file("IWM_eps_2025-06-20.csv", ESTIMATES), desk.file("members/IWM.csv", members("2025-06-10"))];
    let imported = desk.take(&paths);
    assert!(!imported.is_partial(), "{imported:?}");
    // 0.9 / (0.02 + 0.03 − 0.04), and 0.7 / (0.02 + 0.03)
    for (name, pe) in [(ALL_IN, 90.0), (EX_NEGATIVE, 14.0)] {
        let points = desk.points(Kind::Valuation, name);
        assert_eq!((points.day[0], points.known_from[0]), (day("2025-06-20"), day("2025-06-21")));
        assert!((points.value[0] - pe).abs() < 1e-9, "{name}: {points:?}");
        assert!((points.beside[0][0] - 2.0 / 9.0).abs() < 1e-12 && (points.beside[1][0] - 0.9).abs() < 1e-12);
        assert_eq!(desk.series(&SeriesId::new(Kind::Valuation, name)).origin.owner, IMPORTED);
    }
    let notes = render_notes(&imported);
    let said = "IWM on 2025-06-20: estimates for 90.0 % of the weight; 22.2 % of that at companies that earn nothing";
    assert!(notes.contains(said) && notes.contains("not read: `shares`"), "{notes}");
}

#[test]
fn readings_gather_by_day_and_one_of_a_day_is_worked_out_anew() {
    let desk = Desk::new();
    desk.take(&[desk.file("members/IWM.csv", members("2025-06-10"))]);
    let dated = |on: &str, eps: f64| format!("date,symbol,price,eps_forward\n{on},AA,20,{eps}\n{on},BB,50,5\n");
    desk.take(&[desk.file("IWM.csv", dated("2025-06-20", 1.0))]);
    desk.take(&[desk.file("IWM.csv", dated("2025-06-12", 1.0))]);
    let again = desk.take(&[desk.file("IWM.csv", dated("2025-06-20", 2.0))]);
    assert!(again.taken.iter().all(|taken| taken.outcome == Outcome::Revised), "{again:?}");
    let same = desk.take(&[desk.file("IWM.csv", dated("2025-06-20", 2.0))]);
    assert!(same.taken.iter().all(|taken| taken.outcome == Outcome::Unchanged), "{same:?}");
    let points = desk.points(Kind::Valuation, ALL_IN);
    assert_eq!(points.day, [day("2025-06-12"), day("2025-06-20")]);
    // 0.7 / (0.02 + 0.03), then 0.7 / (0.04 + 0.03)
    assert!((points.value[0] - 14.0).abs() < 1e-9 && (points.value[1] - 10.0).abs() < 1e-9, "{points:?}");
}

#[test]
fn a_pe_that_leaves_and_comes_back_is_withheld_at_once() {
    let desk = Desk::new();
    desk.take(&[desk.file("members/IWM.csv", members("2025-06-10"))]);
    let rows = |on: &str, aa: f64, bb: f64| format!("{on},AA,20,{aa}\n{on},BB,50,{bb}\n");
    // the P/Es 14, 437.5 and 14
    let days = [rows("2025-06-16", 1.0, 5.0), rows("2025-06-17", 0.05, 0.1), rows("2025-06-18", 1.0, 5.0)].concat();
    let imported = desk.take(&[desk.file("IWM.csv", format!("date,symbol,price,eps_forward\n{days}"))]);
    let last = imported.taken.iter().rfind(|taken| taken.id.name == ALL_IN).expect("the P/Es");
    assert_eq!((last.rows, last.findings[0].code, last.findings[0].withholds), (3, "value_outlier", true));
    assert!(imported.is_partial() && render_notes(&imported).contains("stored but withheld"), "{imported:?}");
}

#[test]
fn what_cannot_stand_for_the_index_is_refused_or_not_meaningful() {
    let desk = Desk::new();
    let refused = |name: &str, text: &str| {
        let imported = desk.take(&[desk.file(name, text)]);
        assert!(imported.is_partial(), "{imported:?}");
        imported.refused.first().map_or_else(|| imported.left[0].reason.clone(), |(_, why)| why.clone())
    };
    assert!(refused("IWM_2025-06-20.csv", ESTIMATES).contains("import the fund's holdings first"));
    desk.take(&[desk.file("members/IWM.csv", members("2025-06-10"))]);
    assert!(refused("IWM_2025-08-20.csv", ESTIMATES).contains("in the future"));
    assert!(refused("IWM_2025-06-09.csv", ESTIMATES).contains("no list of the members"));
    assert!(refused("QQQ_2025-06-20.csv", ESTIMATES).contains("`QQQ` stands for no index"));
    assert!(refused("IWM.csv", ESTIMATES).contains("say the day of its prices"));
    let few = "symbol,price,eps_forward\nAA,20,1\n";
    assert!(refused("IWM_2025-06-20.csv", few).contains("cover 40 % of the weight"));
    // together they lose money
    let losing = "symbol,price,eps_forward\nAA,20,1\nCC,10,-2\n";
    let imported = desk.take(&[desk.file("IWM_2025-06-20.csv", losing)]);
    let names: Vec<&str> = imported.taken.iter().map(|taken| taken.id.name.as_str()).collect();
    assert_eq!(names, [EX_NEGATIVE]);
    assert!(render_notes(&imported).contains("all-in P/E n/m, nothing is stored"), "{imported:?}");
    // a stock given twice with different figures counts as not given
    let twice = "symbol,price,eps_forward\nAA,20,1\nBB,50,5\nCC,10,1\nCC,10,2\nDD,10,zero\nAA,20,1\n";
    let imported = desk.run(&[desk.file("IWM_2025-06-21.csv", twice)], false);
    let tally = &imported.tallies[0].1;
    assert_eq!((tally.rejected.iter().map(|(line, _)| *line).collect::<Vec<_>>(), tally.repeated), (vec![4, 5, 6], 1));
}
