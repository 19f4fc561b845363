use std::collections::BTreeSet;

use super::*;
use crate::bars::{Bars, Points};
use crate::config::Settings;
use crate::inputs::{self, LARGE_INDEX, PE_LARGE, PE_SMALL, SMALL_INDICES, UNIVERSE};

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn made(last: &str) -> Shelf {
    market(&Calendar::new(&[]), day(last))
}

fn bars<'a>(shelf: &'a Shelf, symbol: &str) -> &'a Bars {
    match &shelf[&SeriesId::bars(symbol)].columns {
        Columns::Bars(bars) => bars,
        Columns::Points(_) => panic!("`{symbol}` is not a series of bars"),
    }
}

fn rates<'a>(shelf: &'a Shelf, id: &str) -> &'a Points {
    match &shelf[&SeriesId::rates(id)].columns {
        Columns::Points(points) => points,
        Columns::Bars(_) => panic!("`{id}` is not a series of rates"),
    }
}

/// The columns up to `last`.
fn head(columns: &Columns, last: Day) -> Columns {
    let rows = columns.days().partition_point(|&day| day <= last);
    match columns {
        Columns::Bars(bars) => Columns::Bars((0..rows).map(|i| bars.row(i)).collect()),
        Columns::Points(points) => {
            let mut cut = Points::default();
            (0..rows).for_each(|i| cut.push_row(points, i));
            Columns::Points(cut)
        }
    }
}

fn extremes(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
}

#[test]
fn named_days_are_what_they_say() {
    assert_eq!(START.to_string(), "2000-01-03");
    assert_eq!(rates::LAST_SINGLE_TARGET.to_string(), "2008-12-15");
}

#[test]
fn the_same_day_gives_the_same_market() {
    assert_eq!(made("2026-11-20"), made("2026-11-20"));
    // a day without a session is answered by the session before it
    assert_eq!(made("2026-11-22"), made("2026-11-20"));
}

#[test]
fn a_later_day_changes_nothing_before_it() {
    let long = made("2031-03-14");
    for text in ["2000-01-03", "2000-01-31", "2004-06-10", "2008-12-15", "2008-12-16", "2025-01-08", "2030-12-31"] {
        let last = day(text);
        for (id, series) in made(text) {
            assert_eq!(series.columns, head(&long[&id].columns, last), "{id} to {text}");
        }
    }
}

#[test]
fn before_the_first_session_there_is_no_market() {
    assert!(made("1999-12-31").is_empty());
    let first = made("2000-01-03");
    assert_eq!(bars(&first, "SPY").len(), 1);
    assert!(first.values().all(|series| !series.columns.days().is_empty()));
}

#[test]
fn every_default_input_is_there() {
    let shelf = made("2026-11-20");
    for input in inputs::inputs(&Settings::default()) {
        let there = match input.id.as_str() {
            PE_SMALL | PE_LARGE => {
                let index = if input.id == PE_SMALL { SMALL_INDICES[0] } else { LARGE_INDEX };
                shelf.contains_key(&SeriesId::new(Kind::Valuation, format!("{index}.ex-negative.demo")))
            }
            UNIVERSE => Members::new(&Calendar::new(&[]), day("2026-11-20")).closes("M01").is_some(),
            _ if input.rule == inputs::Rule::Splice => input.series.iter().all(|id| shelf.contains_key(id)),
            _ => shelf.contains_key(&input.series[0]),
        };
        assert!(there, "{}", input.id);
    }
}

#[test]
fn members_are_plausible_and_a_later_day_changes_nothing_before_it() {
    let calendar = Calendar::new(&[]);
    let [short, long] = ["2012-06-29", "2030-12-31"].map(|last| Members::new(&calendar, day(last)));
    assert_eq!(short.membership(), long.membership());
    let mut listed_later = 0;
    for symbol in long.membership().members.keys() {
        let whole = long.closes(symbol).expect("closes");
        let rows = whole.day.partition_point(|&one| one <= day("2012-06-29"));
        let cut = short.closes(symbol).unwrap_or_default();
        assert_eq!((&whole.day[..rows], &whole.close[..rows]), (&cut.day[..], &cut.close[..]), "{symbol}");
        let (low, high) = extremes(whole.close.iter().copied());
        assert!(0.5 < low && high < 2_000.0, "{symbol}: {low} to {high}");
        listed_later += usize::from(whole.day[0] > START);
    }
    assert_eq!((long.membership().members.len(), listed_later), (64, 21));
    assert!(long.closes("M65").is_none() && long.closes("IWM").is_none());
}

#[test]
fn every_series_says_that_it_is_synthetic() {
    for (id, series) in made("2026-11-20") {
        assert_eq!(series.origin.owner, SYNTHETIC, "{id}");
        assert_eq!(series.origin.currency == "USD", id.kind == Kind::Bars, "{id}");
        assert_eq!(series.origin.fetched_at, "2026-11-20T22:00:00Z");
        assert_eq!(series.hash, series.columns.hash(), "{id}");
    }
}

#[test]
fn bars_stand_on_the_sessions_and_are_in_order() {
    let shelf = made("2026-11-20");
    let sessions = Calendar::new(&[]).between(START, day("2026-11-20")).to_vec();
    let symbols: Vec<_> = shelf.keys().filter(|id| id.kind == Kind::Bars).collect();
    assert_eq!(symbols.len(), 15);
    for id in symbols {
        let bars = bars(&shelf, &id.name);
        assert_eq!(bars.day, sessions, "{id}");
        for row in (0..bars.len()).map(|i| bars.row(i)) {
            assert!(0.0 < row.low && row.low <= row.open.min(row.close), "{id} {row:?}");
            assert!(row.open.max(row.close) <= row.high && row.high < 1.2 * row.low, "{id} {row:?}");
            assert!(row.volume >= 100.0 && row.volume.fract() == 0.0, "{id} {row:?}");
            assert_eq!((row.close * 100.0).round() / 100.0, row.close, "{id} {row:?}");
            assert!((0.0..0.01 * row.close).contains(&row.dividend) && row.split == 1.0, "{id} {row:?}");
        }
    }
}

#[test]
fn a_closure_given_from_outside_has_no_bar() {
    let closed = day("2026-05-01");
    let shelf = market(&Calendar::new(&[closed]), day("2026-06-30"));
    assert!(shelf.iter().filter(|(id, _)| id.kind == Kind::Bars).all(|(_, one)| !one.columns.days().contains(&closed)));
}

#[test]
fn funds_pay_four_times_a_year_and_indices_never() {
    let shelf = made("2025-12-31");
    let spy = bars(&shelf, "SPY");
    for year in 2000..=2025 {
        let days: Vec<Day> = (0..spy.len())
            .filter(|&i| spy.dividend[i] > 0.0)
            .map(|i| spy.day[i])
            .filter(|day| day.year() == year)
            .collect();
        assert_eq!(days.len(), 4, "{year}: {days:?}");
    }
    // the third Friday of March 2008 was Good Friday
    let monday = spy.day.binary_search(&day("2008-03-24")).expect("a session");
    assert!(spy.dividend[monday] > 0.0);
    assert!(bars(&shelf, "^GSPC").dividend.iter().all(|&dividend| dividend == 0.0));
}

#[test]
fn rates_are_published_as_their_sources_do() {
    let calendar = Calendar::new(&[]);
    let shelf = made("2026-11-20");
    for (id, series) in &shelf {
        let Columns::Points(points) = &series.columns else { continue };
        let expected: Vec<Day> = points.day.iter().map(|&day| inputs::known_from(&id.name, day, &calendar)).collect();
        assert_eq!(points.known_from, expected, "{id}");
        let least = if ["NFCI", "DRTSCIS"].contains(&id.name.as_str()) { -100.0 } else { 0.05 };
        assert!(points.value.iter().all(|&value| value >= least && (value * 100.0).round() / 100.0 == value), "{id}");
    }
    let (single, upper) = (rates(&shelf, "DFEDTAR"), rates(&shelf, "DFEDTARU"));
    let daily: Vec<Day> = single.day.iter().chain(&upper.day).copied().collect();
    assert_eq!(daily, (START.number()..=day("2026-11-20").number()).map(Day::from_number).collect::<Vec<_>>());
    assert_eq!(single.day.last(), Some(&day("2008-12-15")));
    assert_eq!(daily, rates(&shelf, "DFF").day);
    assert_eq!(rates(&shelf, "DGS2").day, bars(&shelf, "SPY").day);
}

#[test]
fn the_script_brings_hikes_cuts_inversions_and_stress() {
    let shelf = made("2030-12-31");
    let target: Vec<f64> = ["DFEDTAR", "DFEDTARU"].iter().flat_map(|id| rates(&shelf, id).value.clone()).collect();
    let moves: Vec<f64> = target.windows(2).map(|pair| pair[1] - pair[0]).filter(|&change| change != 0.0).collect();
    assert!(moves.iter().all(|change| (change * 4.0).fract() == 0.0 && change.abs() <= 1.0), "{moves:?}");
    let turns = moves.windows(2).filter(|pair| pair[0].signum() != pair[1].signum()).count();
    assert!((14..=20).contains(&turns), "{turns} turns of policy in 31 years");
    let curve = rates(&shelf, "DGS10").value.iter().zip(&rates(&shelf, "DGS2").value).map(|(ten, two)| ten - two);
    let inverted: BTreeSet<i32> =
        curve.zip(&rates(&shelf, "DGS2").day).filter(|(level, _)| *level < -0.1).map(|(_, day)| day.year()).collect();
    assert!(inverted.len() >= 8, "{inverted:?}");
    let (calm, stressed) = extremes(rates(&shelf, "BAMLH0A0HYM2").value.iter().copied());
    assert!(2.5 < calm && 6.5 < stressed && stressed < 12.0, "{calm} to {stressed}");
    let (easy, tight) = extremes(rates(&shelf, "NFCI").value.iter().copied());
    assert!(-1.2 < easy && easy < -0.5 && 0.3 < tight && tight < 3.0, "{easy} to {tight}");
    let Columns::Points(reports) = &shelf[&SeriesId::new(Kind::Positioning, inputs::RUSSELL_FUTURES)].columns else {
        panic!("not dated values")
    };
    assert!(reports.len() > 1_600 && reports.beside.iter().flatten().all(|&side| side >= 0.0));
    let net = (0..reports.len()).map(|i| (reports.beside[0][i] - reports.beside[1][i]) / reports.value[i]);
    let (light, crowded) = extremes(net);
    assert!(-0.3 < light && light < 0.0 && 0.1 < crowded && crowded < 0.5, "{light} to {crowded}");
    let (eased, tightened) = extremes(rates(&shelf, "DRTSCIS").value.iter().copied());
    assert!(-40.0 < eased && eased < -5.0 && 30.0 < tightened && tightened < 100.0, "{eased} to {tightened}");
}

#[test]
fn prices_stay_plausible_to_2030() {
    let shelf = made("2030-12-31");
    let ranges = [("SPY", 100.0, 900.0), ("IWM", 50.0, 400.0), ("KRE", 20.0, 120.0), ("RSP", 30.0, 300.0)];
    for (symbol, least, most) in ranges {
        let (low, high) = extremes(bars(&shelf, symbol).close.iter().copied());
        assert!(least < low && high < most, "{symbol}: {low} to {high}");
    }
    let groups: Vec<&SeriesId> = shelf.keys().filter(|id| id.name.starts_with("PSC")).collect();
    for id in groups {
        let (low, high) = extremes(bars(&shelf, &id.name).close.iter().copied());
        assert!(10.0 < low && high < 250.0, "{id}: {low} to {high}");
    }
    let values = shelf.iter().filter(|(id, _)| id.kind == Kind::Valuation);
    for (id, series) in values {
        let Columns::Points(points) = &series.columns else { panic!("{id} is not dated values") };
        let (low, high) = extremes(points.value.iter().copied());
        assert!(10.0 < low && high < 25.0, "{id}: {low} to {high}");
        assert_eq!(points.len(), 31 * 12, "{id}");
    }
}
