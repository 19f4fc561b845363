//! New rows onto held ones.

use rotation::bars::{Bar, Bars, Columns, Points};
use rotation::day::Day;
use rotation::store::{Conflict, Merge, Terms, merge};

/// Bars of the days `from..to`, closing at 100 and the day's number.
fn bars(from: i32, to: i32) -> Bars {
    (from..to).map(bar).collect()
}

fn bar(i: i32) -> Bar {
    let close = 100.0 + f64::from(i);
    let day = Day::from_number(i);
    Bar { day, open: close, high: close, low: close, close, volume: f64::NAN, dividend: 0.0, split: 1.0 }
}

fn lay(held: &Bars, new: &Bars, terms: Terms) -> Merge {
    merge(&Columns::Bars(held.clone()), &Columns::Bars(new.clone()), terms)
}

fn extended(merge: Merge) -> (Bars, usize, usize) {
    match merge {
        Merge::Extended { columns: Columns::Bars(bars), added, replaced } => (bars, added, replaced),
        other => panic!("{other:?}"),
    }
}

fn conflict(merge: Merge) -> Conflict {
    match merge {
        Merge::Conflict(conflict) => conflict,
        other => panic!("{other:?}"),
    }
}

const ALL: [Terms; 4] = [Terms::Again, Terms::Append, Terms::Extend, Terms::Supplement];

#[test]
fn the_same_rows_again_change_nothing() {
    for terms in ALL {
        assert_eq!(lay(&bars(0, 9), &bars(0, 9), terms), Merge::Unchanged);
        assert_eq!(lay(&bars(0, 9), &bars(7, 9), terms), Merge::Unchanged, "a part of them, however short");
        assert_eq!(lay(&bars(0, 9), &Bars::default(), terms), Merge::Unchanged);
    }
}

#[test]
fn rows_after_the_last_are_added_when_five_before_agree() {
    for terms in ALL {
        let (all, added, replaced) = extended(lay(&bars(0, 9), &bars(4, 12), terms));
        assert_eq!(format!("{all:?}"), format!("{:?}", bars(0, 12)));
        assert_eq!((added, replaced), (3, 0));
        assert_eq!(conflict(lay(&bars(0, 9), &bars(5, 12), terms)).overlap, 4);
    }
}

#[test]
fn a_few_new_rows_need_as_many_days_in_common_as_many() {
    for terms in ALL {
        let refused = conflict(lay(&bars(0, 9), &bars(8, 10), terms));
        assert_eq!((refused.overlap, refused.needed, refused.lacks_days()), (1, 5, Some(5)));
        assert_eq!(refused.to_string(), "1 day in common, 5 needed to tell that both are quoted alike");
    }
}

#[test]
fn a_short_series_is_extended_by_its_own_owner_alone() {
    assert_eq!(extended(lay(&bars(0, 2), &bars(0, 9), Terms::Again)).1, 7);
    assert_eq!(extended(lay(&bars(0, 2), &bars(0, 9), Terms::Extend)).1, 7);
    let refused = conflict(lay(&bars(0, 2), &bars(0, 9), Terms::Supplement));
    assert_eq!(refused.to_string(), "2 days in common, 5 needed to tell that both are quoted alike");
}

#[test]
fn a_row_that_was_missed_is_added_except_to_anothers_series() {
    let mut held = bars(0, 3);
    (4..9).for_each(|i| held.push(bar(i)));
    for terms in [Terms::Again, Terms::Extend, Terms::Supplement] {
        assert_eq!(extended(lay(&held, &bars(0, 9), terms)).0.len(), 9);
    }
    assert_eq!(lay(&held, &bars(0, 9), Terms::Append), Merge::Unchanged);
}

#[test]
fn a_close_beyond_half_a_cent_is_a_conflict_and_no_row_is_taken() {
    for terms in ALL {
        let mut near = bars(0, 9);
        near.close[3] += 0.004;
        assert_eq!(extended(lay(&bars(0, 8), &near, terms)).0.close[3], 103.0, "the held close stays");
        near.close[3] += 0.002;
        let refused = conflict(lay(&bars(0, 8), &near, terms));
        assert_eq!((refused.differences.len(), refused.overlap), (1, 8));
        let said = refused.to_string();
        assert!(said.starts_with("1 figure of 8 common days disagrees: 1970-01-04 close 103 held, 103.006"), "{said}");
    }
}

#[test]
fn figures_that_differ_are_told_with_ten_digits() {
    let (held, mut new) = (bars(0, 9), bars(0, 9));
    new.close[3] = 2_061.199_949_999_999_7;
    let said = conflict(lay(&held, &new, Terms::Extend)).to_string();
    assert!(said.ends_with("close 103 held, 2061.19995 new"), "{said}");
}

#[test]
fn a_new_split_is_a_conflict() {
    let mut split = bars(0, 9);
    split.split[5] = 2.0;
    for terms in [Terms::Again, Terms::Extend, Terms::Supplement] {
        assert_eq!(conflict(lay(&bars(0, 8), &split, terms)).differences[0].column, "split");
    }
}

#[test]
fn the_sources_later_word_counts_for_its_last_bar_and_its_dividends() {
    let mut held = bars(0, 9);
    held.volume[8] = 100.0;
    let mut again = bars(2, 10);
    (again.volume[6], again.dividend[3], again.open[3]) = (250.0, 0.5, 1.0);
    let (all, added, replaced) = extended(lay(&held, &again, Terms::Again));
    assert_eq!((all.volume[8], all.dividend[5], all.open[5]), (250.0, 0.5, 105.0));
    assert_eq!((added, replaced), (1, 2));
    let refused = conflict(lay(&held, &again, Terms::Extend));
    assert_eq!(refused.differences[0].column, "dividend", "of two files of the user neither is later");
}

#[test]
fn a_bar_without_a_close_neither_counts_nor_replaces() {
    let mut gap = bars(0, 9);
    gap.close[4] = f64::NAN;
    assert_eq!(lay(&bars(0, 9), &gap, Terms::Again), Merge::Unchanged);
    let (all, added, replaced) = extended(lay(&gap, &bars(0, 9), Terms::Extend));
    assert_eq!((all.close[4], added, replaced), (104.0, 0, 1));
}

#[test]
fn values_of_the_users_own_are_added_without_an_overlap() {
    let points = |from: i32, to: i32| {
        let mut points = Points::default();
        (from..to).for_each(|i| points.push(Day::from_number(i), Day::from_number(i + 1), f64::from(i)));
        Columns::Points(points)
    };
    let Merge::Extended { columns, added, .. } = merge(&points(3, 6), &points(0, 1), Terms::Extend) else {
        panic!("not extended")
    };
    assert_eq!((columns.days().len(), added), (4, 1));
    assert_eq!(conflict(merge(&points(0, 6), &points(6, 9), Terms::Again)).needed, 5);
    assert_eq!(merge(&points(0, 6), &points(2, 4), Terms::Append), Merge::Unchanged);
}

#[test]
fn every_figure_of_a_report_must_agree() {
    let reports = |weeks: std::ops::Range<i32>, short: f64| {
        let mut points = Points::default();
        for week in weeks {
            let (day, known) = (Day::from_number(7 * week), Day::from_number(7 * week + 3));
            points.push_report(day, known, [1000.0, 300.0, short, 90.0, 150.0]);
        }
        Columns::Points(points)
    };
    let Merge::Extended { columns, added, .. } = merge(&reports(0..6, 200.0), &reports(4..9, 200.0), Terms::Extend)
    else {
        panic!("not extended")
    };
    assert_eq!((columns, added), (reports(0..9, 200.0), 3));
    let conflict = conflict(merge(&reports(0..6, 200.0), &reports(4..9, 201.0), Terms::Extend));
    assert_eq!(conflict.differences.len(), 2);
    assert_eq!(conflict.differences[0].column, "asset_manager_short");
}

#[test]
fn a_bar_without_a_close_brings_what_it_pays() {
    let mut paid = bars(0, 12);
    (paid.close[10], paid.dividend[10]) = (f64::NAN, 0.5);
    let (all, added, _) = extended(lay(&bars(0, 9), &paid, Terms::Append));
    assert_eq!((added, all.dividend[10], all.close[10].is_nan()), (3, 0.5, true));
    let (all, _, replaced) = extended(lay(&bars(0, 12), &paid, Terms::Again));
    assert_eq!((replaced, all.dividend[10], all.close[10]), (1, 0.5, 110.0));
}
