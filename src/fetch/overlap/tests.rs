use super::*;
use crate::bars::{Bar, Bars, Borrowed, Points};

/// Bars on consecutive days from `first`, closing at `closes`; `NaN` for a row without prices.
fn bars(first: i32, closes: &[f64]) -> Columns {
    let bar = |(i, &close): (usize, &f64)| Bar {
        day: Day::from_number(first + i as i32),
        open: close,
        high: close,
        low: close,
        close,
        volume: 1.0,
        dividend: 0.0,
        split: 1.0,
    };
    Columns::Bars(closes.iter().enumerate().map(bar).collect::<Bars>())
}

fn points(first: i32, values: &[f64]) -> Columns {
    let mut points = Points::default();
    for (i, &value) in values.iter().enumerate() {
        let day = Day::from_number(first + i as i32);
        points.push(day, day.plus(1), value);
    }
    Columns::Points(points)
}

fn edit(columns: &Columns, change: impl FnOnce(&mut Bars)) -> Columns {
    let mut columns = columns.clone();
    if let Columns::Bars(bars) = &mut columns {
        change(bars);
    }
    columns
}

fn origin(borrowed: Option<Borrowed>) -> Origin {
    Origin { owner: "yahoo".into(), borrowed, ..Origin::default() }
}

fn held(columns: &Columns) -> Held {
    Held::of(&origin(None), columns).expect("rows")
}

const NAN: f64 = f64::NAN;

#[test]
fn the_tail_is_the_last_rows_with_a_value() {
    let bars = held(&bars(0, &[1.0, 2.0, 3.0, 4.0, NAN, 6.0, 7.0]));
    assert_eq!(bars.tail.iter().map(|(_, close)| *close).collect::<Vec<_>>(), [2.0, 3.0, 4.0, 6.0, 7.0]);
    assert_eq!((bars.overlap_from(), bars.last, bars.rows), (Day::from_number(1), Day::from_number(6), 7));
    assert_eq!(held(&points(0, &[1.0; 30])).tail.len(), 10);
    assert_eq!(Held::of(&origin(None), &points(0, &[])), None);
}

#[test]
fn closes_agree_within_half_a_cent_or_a_hundred_thousandth() {
    let stored = held(&bars(0, &[40.0, 41.0, 42.0, 43.0, 44.0]));
    for (close, agrees) in [(44.0, true), (44.004, true), (43.996, true), (44.006, false), (43.99, false)] {
        assert_eq!(stored.agrees(&bars(0, &[40.0, 41.0, 42.0, 43.0, close, 45.0])), agrees, "{close}");
    }
    let index = held(&bars(0, &[6000.0; 5]));
    assert!(index.agrees(&bars(0, &[6000.05; 6])));
    assert!(!index.agrees(&bars(0, &[6000.07; 6])));
}

#[test]
fn rates_agree_exactly() {
    let stored = held(&points(0, &[4.0, 4.1, 4.2]));
    assert!(stored.agrees(&points(0, &[4.0, 4.1, 4.2, 4.3])));
    assert!(!stored.agrees(&points(0, &[4.0, 4.11, 4.2, 4.3])));
}

#[test]
fn an_answer_without_half_of_the_tail_shows_nothing() {
    let stored = held(&bars(0, &[40.0, 41.0, 42.0, 43.0, 44.0]));
    assert!(stored.agrees(&bars(2, &[42.0, 43.0, 44.0])));
    assert!(!stored.agrees(&bars(3, &[43.0, 44.0, 45.0])));
    assert!(!stored.agrees(&bars(5, &[45.0])));
}

#[test]
fn a_split_that_is_not_held_is_a_changed_past() {
    let answer = edit(&bars(0, &[40.0, 41.0, 42.0, 43.0, 44.0, 45.0]), |bars| bars.split[5] = 2.0);
    let columns = bars(0, &[40.0, 41.0, 42.0, 43.0, 44.0]);
    assert!(!held(&columns).agrees(&answer));
    let split = edit(&columns, |bars| bars.split[2] = 2.0);
    let again = edit(&columns, |bars| bars.split[2] = 2.0);
    assert!(held(&split).agrees(&again));
    assert!(!held(&split).agrees(&edit(&columns, |bars| bars.split[2] = 3.0)));
}

#[test]
fn an_answer_that_takes_away_is_refused() {
    let series = SeriesId::rates("DGS2");
    let stored = held(&points(0, &vec![1.0; 5000]));
    let survives = |answer: &Columns| stored.survives(&series, answer, true);
    assert_eq!(survives(&points(0, &vec![1.0; 5001])), Ok(false));
    assert_eq!(survives(&points(31, &vec![1.0; 4970])), Ok(false));
    let refusals = [
        (points(4900, &[1.0; 100]), "first day"),
        (points(32, &vec![1.0; 5000]), "first day"),
        (points(0, &vec![1.0; 4999]), "last day"),
        (points(0, &[]), "empty"),
    ];
    for (answer, why) in refusals {
        let refused = survives(&answer).expect_err(why).at("P").to_string();
        assert!(refused.contains(why) && refused.contains("kept"), "{refused}");
    }
    let mut sparse = Points::default();
    (0..5000).step_by(2).chain([4999]).for_each(|i| sparse.push(Day::from_number(i), Day::from_number(i), 1.0));
    assert!(survives(&Columns::Points(sparse)).is_err());
}

#[test]
fn a_window_of_the_last_years_never_shortens_what_is_held() {
    let series = SeriesId::rates("BAMLH0A0HYM2");
    let stored = points(0, &vec![4.0; 5000]);
    let answer = points(4300, &[4.0; 701]);
    assert_eq!(held(&stored).survives(&series, &answer, true), Ok(true));
    assert!(held(&stored).survives(&series, &answer, false).is_err());
    assert_eq!(stored.overlaid(&answer).days().len(), 5001);
}

#[test]
fn an_answer_is_laid_onto_what_is_held() {
    let stored = edit(&bars(0, &[40.0, 41.0, 42.0, 43.0]), |bars| bars.dividend[1] = 0.3);
    // the answer lacks day 2 and the price of day 3, brings a dividend there and two days more
    let answer = edit(&bars(1, &[41.001, 1.0, NAN, 44.0, 45.0]), |bars| {
        bars.dividend[0] = 0.3;
        bars.dividend[2] = 0.5;
        *bars = (0..5).filter(|&i| i != 1).map(|i| bars.row(i)).collect();
    });
    let Columns::Bars(laid) = stored.overlaid(&answer) else { panic!("not bars") };
    assert_eq!(laid.close, [40.0, 41.001, 42.0, 43.0, 44.0, 45.0]);
    assert_eq!(laid.dividend, [0.0, 0.3, 0.0, 0.5, 0.0, 0.0]);
    let Columns::Points(laid) = points(0, &[1.0, 2.0, 3.0]).overlaid(&points(2, &[3.5, 4.0])) else {
        panic!("not values")
    };
    assert_eq!(laid.value, [1.0, 2.0, 3.5, 4.0]);
    assert_eq!(laid.known_from.last(), Some(&Day::from_number(4)));
}
