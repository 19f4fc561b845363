use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// A bar that closes at `close`.
fn bar(date: &str, close: f64) -> Bar {
    Bar {
        day: day(date),
        open: close,
        high: close * 1.01,
        low: close * 0.99,
        close,
        volume: 100.0,
        dividend: 0.0,
        split: 1.0,
    }
}

/// Settles the bars of a market or of a stock.
fn settled(rows: Vec<Bar>, events: &BTreeMap<Day, Event>, nature: Nature) -> Result<(Bars, Vec<Finding>), Fault> {
    let calendar = Calendar::new(&[]);
    let now = chrono::DateTime::UNIX_EPOCH;
    let ask = Ask { name: "XYZ", from: day("1900-01-01"), to: day("2026-12-31"), nature, calendar: &calendar, now };
    settle(rows, events, &ask)
}

fn codes(rows: Vec<Bar>, events: &[(&str, f64, f64)]) -> (Bars, Vec<&'static str>) {
    let events = events.iter().map(|&(date, dividend, split)| (day(date), Event { dividend, split })).collect();
    let (bars, findings) = settled(rows, &events, Nature::Market).expect("settled");
    (bars, findings.iter().map(|finding| finding.code).collect())
}

/// Monday to Friday.
fn week() -> Vec<Bar> {
    let days = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"];
    days.iter().zip([40.0, 41.0, 40.5, 41.5, 42.0]).map(|(date, close)| bar(date, close)).collect()
}

#[test]
fn sound_bars_pass_unchanged() {
    let (bars, said) = codes(week(), &[]);
    assert_eq!(bars, week().into_iter().collect());
    assert_eq!(said, [""; 0]);
}

#[test]
fn impossible_rows_are_left_out() {
    let spoils: [fn(&mut Bar); 6] = [
        |bar| bar.close = 0.0,
        |bar| bar.open = -1.0,
        |bar| bar.high = f64::NAN,
        |bar| bar.high = bar.low - 0.01,
        |bar| bar.close = bar.high + 0.01,
        |bar| bar.open = bar.low - 0.01,
    ];
    for (i, spoil) in spoils.iter().enumerate() {
        let mut rows = week();
        spoil(&mut rows[2]);
        let (bars, said) = codes(rows, &[]);
        let code = if i < 3 { "row_without_price" } else { "row_out_of_range" };
        assert_eq!((bars.len(), said), (4, vec![code]), "spoil {i}");
    }
    let mut rows = week();
    rows[2].close = rows[2].high + 0.004; // within half a cent
    assert_eq!(codes(rows, &[]).0.len(), 5);
}

#[test]
fn days_are_compared_with_the_calendar() {
    let mut rows = week();
    rows.remove(3);
    assert_eq!(codes(rows.clone(), &[]).1, ["session_missing"]);
    rows.push(bar("2026-03-07", 42.0));
    let (bars, said) = codes(rows, &[]);
    assert_eq!((bars.len(), said), (4, vec!["row_without_session", "session_missing"]));
    // a Saturday session of 1950 stays
    assert_eq!(codes(vec![bar("1950-06-02", 18.0), bar("1950-06-03", 18.1)], &[]).0.len(), 2);
}

#[test]
fn a_jump_is_a_split_that_is_not_marked() {
    for (factor, fine) in [(0.5, false), (2.0, false), (100.0, false), (0.1, false), (1.6, true), (0.69, true)] {
        let rows: Vec<Bar> = week()
            .into_iter()
            .enumerate()
            .map(|(i, b)| if i < 3 { b } else { bar(&b.day.to_string(), b.close * factor) })
            .collect();
        let settled = settled(rows, &BTreeMap::new(), Nature::Market);
        assert_eq!(settled.is_ok(), fine, "{factor}");
        if let Err(Fault::Malformed(why)) = settled {
            assert!(why.contains("possible split") && why.contains("2026-03-05"), "{why}");
        }
    }
    let halves = vec![bar("2026-03-05", 80.0), bar("2026-03-06", 40.0)];
    let events = BTreeMap::from([(day("2026-03-06"), Event { dividend: 0.0, split: 2.0 })]);
    let refused = settled(halves, &events, Nature::Market).expect_err("refused").at("P").to_string();
    assert!(refused.contains("not adjusted yet"), "{refused}");
}

#[test]
fn bars_before_a_years_gap_are_left_out() {
    let mut rows = vec![bar("2024-01-02", 10.0), bar("2024-01-03", 10.1)];
    rows.extend(week());
    let (bars, said) = codes(rows, &[]);
    assert_eq!((bars.len(), said), (5, vec!["ticker_reused"]));
}

#[test]
fn an_event_without_a_bar_is_kept_on_a_row_without_prices() {
    let mut rows = week();
    rows[2].close = f64::NAN;
    let (bars, said) = codes(rows, &[("2026-03-04", 0.5, 1.0), ("2026-03-03", 0.1, 1.0)]);
    assert_eq!(said, ["row_without_price", "event_without_bar"]);
    assert_eq!(bars.dividend, [0.0, 0.1, 0.5, 0.0, 0.0]);
    assert!(bars.close[2].is_nan());
}

#[test]
fn events_outside_the_bars_wait_for_theirs() {
    let (bars, said) = codes(week(), &[("2026-02-27", 0.5, 1.0), ("2026-03-09", 0.5, 2.0)]);
    assert_eq!((bars.len(), said), (5, vec![]));
    assert!(bars.dividend.iter().all(|&paid| paid == 0.0));
    // on a day without a session there is no row for it
    let mut rows = week();
    rows.push(bar("2026-03-09", 42.0));
    let (bars, said) = codes(rows, &[("2026-03-07", 0.5, 1.0)]);
    assert_eq!((bars.len(), said), (6, vec!["event_without_bar"]));
}

#[test]
fn a_stock_jumps_on_news_and_splits_without() {
    // three weeks of 100 shares a day, and a last day
    let calendar = Calendar::new(&[]);
    let days = calendar.between(day("2026-03-02"), day("2026-03-20")).to_vec();
    let last = |open: f64, close: f64, volume: f64| {
        let mut rows: Vec<Bar> = days.iter().map(|day| bar(&day.to_string(), 40.0)).collect();
        let end = rows.last_mut().expect("a bar");
        let (high, low) = (open.max(close) * 1.01, open.min(close) * 0.99);
        *end = Bar { open, high, low, close, volume, ..*end };
        settled(rows, &BTreeMap::new(), Nature::Other).is_ok()
    };
    // open, close, volume
    assert!(!last(20.2, 20.6, 200.0), "two for one, and a return of 3 %");
    assert!(!last(398.0, 404.0, 12.0), "one for ten");
    assert!(last(20.2, 20.6, 900.0), "halved, with the trading of news");
    assert!(last(30.0, 20.0, 200.0), "within the day");
    assert!(last(72.0, 72.0, 100.0), "no whole ratio");
    assert!(last(60.0, 60.0, 100.0), "no jump");
}
