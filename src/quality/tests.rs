//! What is found, and what is not.

use super::*;
use crate::bars::{Bar, Origin, POSITIONS};

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// 300 sessions from 2019-06-03 on at about 100, and whatever is done to them.
fn found(change: impl FnOnce(&mut Bars)) -> Vec<(&'static str, bool)> {
    found_as("KRE", "USD", change)
}

fn found_as(symbol: &str, currency: &str, change: impl FnOnce(&mut Bars)) -> Vec<(&'static str, bool)> {
    examined(symbol, currency, change).iter().map(|finding| (finding.code, finding.withholds)).collect()
}

fn examined(symbol: &str, currency: &str, change: impl FnOnce(&mut Bars)) -> Vec<Finding> {
    let calendar = Calendar::new(&[]);
    let sessions = calendar.between(day("2019-06-03"), day("2021-06-03"))[..300].iter().enumerate();
    let mut bars: Bars = sessions
        .map(|(i, &day)| {
            let close = 100.0 + (i % 7) as f64;
            let (dividend, split) = (if i % 60 == 50 { 0.4 } else { 0.0 }, 1.0);
            Bar { day, open: close - 0.5, high: close + 1.0, low: close - 1.0, close, volume: 0.0, dividend, split }
        })
        .collect();
    change(&mut bars);
    let origin = Origin { currency: currency.into(), ..Origin::default() };
    let series = Series { origin, columns: Columns::Bars(bars), hash: String::new() };
    examine(&SeriesId::bars(symbol), &series, Nature::Market, &calendar)
}

fn scale(bars: &mut Bars, rows: std::ops::Range<usize>, factor: f64) {
    for i in rows {
        for column in [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close] {
            column[i] *= factor;
        }
    }
}

fn drop_rows(bars: &mut Bars, rows: std::ops::Range<usize>) {
    *bars = (0..bars.len()).filter(|i| !rows.contains(i)).map(|i| bars.row(i)).collect();
}

#[test]
fn plain_bars_without_volume_are_clean() {
    assert_eq!(found(|_| ()), []);
    assert_eq!(found(|bars| *bars = Bars::default()), []);
}

#[test]
fn the_worst_days_of_funds_are_clean() {
    // down 31 % within the session and half of it back the day after
    assert_eq!(found(|bars| scale(bars, 100..101, 0.87)), []);
    assert_eq!(
        found(|bars| {
            scale(bars, 100..300, 0.69);
            bars.open[100] = bars.close[100] / 0.69 * 0.88;
            bars.high[100] = bars.open[100];
        }),
        []
    );
    // a misprint of the open alone
    assert_eq!(
        found(|bars| {
            bars.open[100] *= 0.6;
            bars.low[100] = bars.open[100];
        }),
        []
    );
}

#[test]
fn t32_jumps_like_splits_without_an_event_withhold() {
    for factor in [0.5, 2.0, 0.1, 10.0, 2.0 / 3.0, 1.5, 0.01, 100.0] {
        assert_eq!(found(|bars| scale(bars, 100..300, factor)), [("possible_split", true)], "{factor}");
    }
    let unadjusted = found(|bars| {
        scale(bars, 100..300, 0.5);
        bars.split[100] = 2.0;
    });
    assert_eq!(unadjusted, [("split_not_applied", true)]);
    assert_eq!(found(|bars| bars.split[100] = 2.0), [], "prices are adjusted for it");
}

#[test]
fn t36_one_bar_and_a_block_times_100_withhold() {
    for factor in [100.0, 0.01, 1.6] {
        assert_eq!(found(|bars| scale(bars, 100..101, factor)), [("price_outlier", true)], "{factor}");
    }
    assert_eq!(found(|bars| scale(bars, 100..130, 100.0)), [("price_block", true)]);
    assert_eq!(found(|bars| scale(bars, 299..300, 100.0)), [("possible_split", true)], "the last bar");
    let message = examined("KRE", "USD", |bars| scale(bars, 100..110, 100.0))[0].to_string();
    assert_eq!(message, "prices that leave and return, first and last on 2019-10-23, 2019-11-05");
}

#[test]
fn t35_and_t38_prices_that_cannot_be_withhold_and_absent_ones_do_not() {
    assert_eq!(found(|bars| bars.low[5] = 0.0), [("price_not_positive", true)]);
    assert_eq!(found(|bars| bars.high[5] = bars.low[5] - 1.0), [("row_out_of_range", true)]);
    assert_eq!(found(|bars| bars.close[5] = bars.high[5] + 0.004), [], "rounded");
    assert_eq!(found(|bars| scale(bars, 5..6, f64::NAN)), [("row_without_price", false)]);
}

#[test]
fn t39_missing_sessions_and_extra_bars_are_said() {
    let missing = examined("KRE", "USD", |bars| drop_rows(bars, 10..15));
    assert_eq!((missing[0].code, missing[0].days.len(), missing[0].withholds), (SESSION_MISSING, 5, false));
    assert_eq!(
        missing[0].to_string(),
        "no bar on sessions of the exchange: 2019-06-17, 2019-06-18, 2019-06-19, … (5 days)"
    );
    let sunday = |bars: &mut Bars| bars.day[299] = day("2020-08-09");
    assert_eq!(found(sunday), [(SESSION_MISSING, false), ("row_without_session", false)]);
    assert_eq!(found_as("EXS1.DE", "EUR", |bars| drop_rows(bars, 10..15)), [], "another exchange");
}

#[test]
fn t43_a_years_gap_withholds() {
    assert_eq!(found(|bars| drop_rows(bars, 10..290)), [("ticker_reused", true), (SESSION_MISSING, false)]);
}

#[test]
fn t37_another_currency_withholds() {
    assert_eq!(found_as("KRE", "GBp", |_| ()), [("currency_unexpected", true)]);
    assert_eq!(found_as("KRE", "", |_| ()), []);
}

#[test]
fn dividends_and_splits_that_cannot_be_withhold() {
    for amount in [200.0, -0.1] {
        assert_eq!(found(|bars| bars.dividend[7] = amount), [("dividend_impossible", true)], "{amount}");
    }
    assert_eq!(found(|bars| bars.split[7] = 0.0), [("split_impossible", true)]);
}

#[test]
fn values_that_cannot_be_withhold() {
    let of = |kind, values: &[f64]| {
        let mut points = Points::default();
        for (i, &value) in values.iter().enumerate() {
            let day = Day::from_number(18_000 + i as i32);
            points.push(day, day, value);
        }
        let series = Series { origin: Origin::default(), columns: Columns::Points(points), hash: String::new() };
        let findings = examine(&SeriesId::new(kind, "X"), &series, Nature::Market, &Calendar::new(&[]));
        findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(of(Kind::Rates, &[0.04, 0.01, 0.09, -0.3, 2.1, 0.04, 22.36, 20.0]), [""; 0]);
    assert_eq!(of(Kind::Rates, &[4.5, 45.0, 4.5]), ["value_outlier"]);
    assert_eq!(of(Kind::Rates, &[4.5, 450.0, 451.0]), ["value_implausible"]);
    assert_eq!(of(Kind::Valuation, &[24.0, 0.04]), ["value_implausible"]);
}

#[test]
fn a_report_with_a_side_above_what_is_open_is_withheld() {
    let of = |figures: [f64; POSITIONS.len()]| {
        let mut points = Points::default();
        points.push_report(Day::from_number(18_000), Day::from_number(18_003), figures);
        let series = Series { origin: Origin::default(), columns: Columns::Points(points), hash: String::new() };
        let id = SeriesId::new(Kind::Positioning, "239742");
        examine(&id, &series, Nature::Market, &Calendar::new(&[]))
            .iter()
            .map(|finding| finding.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(of([400_000.0, 160_000.0, 120_000.0, 70_000.0, 400_000.0]), [""; 0]);
    assert_eq!(of([400_000.0, 160_000.0, 120_000.0, 70_000.0, 400_001.0]), ["value_implausible"]);
    assert_eq!(of([0.0; 5]), ["value_implausible"]);
}

#[test]
fn rows_of_another_source_and_dividends_that_are_not_known_are_said() {
    let columns = Columns::Points(Points::default());
    let said = |owner: &str, borrowed: Option<&str>, dividends| {
        let borrowed = borrowed.map(|source| Borrowed { source: source.into(), from: Day::from_number(18_000) });
        let origin = Origin { owner: owner.into(), borrowed, dividends, ..Origin::default() };
        super::origin(&Series { origin, columns: columns.clone(), hash: String::new() })
    };
    assert_eq!(said("yahoo", None, Dividends::Reported), []);
    assert_eq!(said(IMPORTED, None, Dividends::Unknown), [], "the import says so");
    let findings = said("yahoo", Some("nasdaq"), Dividends::Unknown);
    let text: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert_eq!(text[0], "yahoo's series goes on with nasdaq's rows, until yahoo serves them, from 2019-04-14");
    assert_eq!(text[1], "dividends are not known, and returns lack them, from 2019-04-14");
    assert_eq!(said("yahoo", Some("tiingo"), Dividends::Reported).len(), 1);
}

/// The rules by which figures are stored as sound, as they stand.
const RULES_TEXT: u64 = 0x5e22_665a_75c9_4944;

#[test]
fn a_change_of_the_rules_changes_their_number() {
    let text = [include_str!("rows.rs"), include_str!("jumps.rs")].concat();
    let now = xxhash_rust::xxh3::xxh3_64(text.as_bytes());
    assert_eq!(now, RULES_TEXT, "if what they find has changed, raise RULES (now {RULES}); then put {now:#x} here");
}

#[test]
fn bars_read_in_part_are_judged_by_their_days() {
    let sound = |change: fn(&mut Bars)| {
        let mut sound = None;
        let codes = found(|bars| {
            drop_rows(bars, 100..101);
            change(bars);
            sound = Some(is_sound(&Columns::Bars(bars.clone())));
        });
        (sound, codes)
    };
    let missing = (SESSION_MISSING, false);
    assert_eq!(sound(|_| ()), (Some(true), vec![missing]));
    assert_eq!(sound(|bars| bars.high[7] = 0.1), (Some(false), vec![("row_out_of_range", true), missing]));
    // nobody has seen the rest
    assert_eq!(sound(|bars| bars.high.clear()), (Some(false), vec![missing]));
}
