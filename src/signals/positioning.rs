//! `positioning`: are small caps crowded, or is everyone still to come?

use super::words::{number, percent, setting};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, named, published, reading, said};
use crate::bars::Points;
use crate::series::{Figure, Market, Missing};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("asset_manager_net", Unit::Fraction),
    reading("leveraged_net", Unit::Fraction),
    reading("percentile_3y", Unit::Percentile),
    reading("report_date", Unit::Plain),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "positioning",
    pillar: Pillar::Fuel,
    readings: READINGS,
    headline: |_| "asset_manager_net",
    basis: "as published: of Tuesday, known on Friday",
    inputs: |_| named(&["positioning"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "How far asset managers lean to the long side of Russell 2000 futures. Where they hold little against the \
              last three years, those who would buy small caps have yet to do so; where they hold much, they have \
              bought already. Leveraged funds, who take the other side, are shown and do not vote.",
    formula: "asset_manager_net = (long − short)/open interest of the Russell 2000 e-mini, futures only; percentile_3y \
              among the last 156 reports (at least 104)",
    rule: |settings| {
        let extreme = settings.bands.positioning_extreme;
        let [light, crowded] = [extreme, 100.0 - extreme].map(|place| setting(place, 1.0));
        format!("percentile {light} or below (light) → +1, {crowded} or above (crowded) → −1; else 0")
    },
    source: "CFTC, Traders in Financial Futures, as read against the crowd; window and ends are convention",
};

/// Reports of three years, and how many of them do.
const REPORTS: usize = 156;
const REPORTS_NEEDED: usize = 104;

fn track(market: &Market) -> Result<Track, Missing> {
    let known = market.known("positioning")?;
    let reports = &known.points;
    let put = |values: &[f64], undefined: &str| published::figure(market, "positioning", known, values, undefined);
    let [managers, leveraged] = [0, 2].map(|long| net(reports, long));
    let place = places(reports, &managers);
    let lacking = match reports.len() {
        held @ ..REPORTS_NEEDED => format!("{REPORTS_NEEDED} reports are needed, {held} are there"),
        _ => format!("the last {REPORTS} reports are spread over more than {} weeks", widest(REPORTS)),
    };
    let place = put(&place, &lacking);

    let extreme = market.settings.bands.positioning_extreme;
    let side = |&place: &f64| match place {
        _ if place.is_nan() => None,
        _ => said(f64::from(i8::from(place <= extreme) - i8::from(place >= 100.0 - extreme))),
    };
    let votes = place.values.iter().map(side).collect();
    let without = "no open interest";
    let managers = put(&managers, without);
    let dates: Vec<f64> = reports.day.iter().map(|day| f64::from(day.number())).collect();
    let date = managers.with(&put(&dates, ""), |_, date| date);
    let deciding: [&Figure; 1] = [&place];
    Ok(Track::new(votes, &deciding).number(managers).number(put(&leveraged, without)).number(place).date(date))
}

/// What the holders whose long side stands at `long` beside the open interest hold net, as a part of
/// it; `NaN` without any.
fn net(reports: &Points, long: usize) -> Vec<f64> {
    let [long, short] = [&reports.beside[long], &reports.beside[long + 1]];
    let share = |i: usize| {
        let open = reports.value[i];
        if open > 0.0 { (long[i] - short[i]) / open } else { f64::NAN }
    };
    (0..reports.len()).map(share).collect()
}

/// The place of each report's figure among those of three years.
fn places(reports: &Points, figure: &[f64]) -> Vec<f64> {
    let valid: Vec<usize> = (0..figure.len()).filter(|&i| figure[i].is_finite()).collect();
    let dense: Vec<f64> = valid.iter().map(|&i| figure[i]).collect();
    let mut places = vec![f64::NAN; figure.len()];
    for (k, place) in stats::percentile(&dense, REPORTS, REPORTS_NEEDED, 0).into_iter().enumerate() {
        let first = valid[(k + 1).saturating_sub(REPORTS)];
        let weeks = reports.day[valid[k]].since(reports.day[first]) / 7 + 1;
        if weeks as usize <= widest((k + 1).min(REPORTS)) {
            places[valid[k]] = place;
        }
    }
    places
}

/// The most weeks a window of `n` reports may span.
const fn widest(n: usize) -> usize {
    n + if n / 50 > 2 { n / 50 } else { 2 }
}

fn summary(now: &Snapshot) -> String {
    let net = now.number("asset_manager_net");
    let side = if net < 0.0 { "short" } else { "long" };
    let (net, place) = (percent(net.abs()), number(now.number("percentile_3y"), 0));
    let report = match now.get("report_date") {
        Value::Date(day) => format!(" on {day}"),
        _ => String::new(),
    };
    format!("asset managers net {side} {net} of open interest{report}, percentile {place} of three years")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};

    /// Reports from Tuesday 2004-01-06 on, of which asset managers hold these net of 1,000 contracts.
    fn fixture(net: impl Fn(usize) -> f64, weeks: usize, lacking: &[usize]) -> Fixture {
        let held = (0..weeks).filter(|week| !lacking.contains(week));
        let rows = held.map(|week| {
            let day = day("2004-01-06").plus(7 * week as i32);
            (day, [1000.0, 300.0 + net(week), 300.0, 100.0, 150.0])
        });
        Fixture::new(5 * weeks + 5).bars("SPY", |_| 400.0).reports(rows.collect::<Vec<_>>())
    }

    fn read(fixture: &Fixture, text: &str) -> ([f64; 3], Value, Option<i8>) {
        let track = track(&fixture.market()).expect("a track");
        let t = fixture.sessions.iter().position(|&d| d == day(text)).expect("a session");
        let now = Snapshot::new(&SIGNAL, &track, t);
        let figures = ["asset_manager_net", "leveraged_net", "percentile_3y"].map(|name| now.number(name));
        (figures, now.get("report_date"), track.votes[t])
    }

    #[test]
    fn a_report_counts_from_its_friday_and_has_a_place_among_156() {
        // 0.001 more every week
        let fixture = fixture(|week| week as f64, 200, &[]);
        let ([net, leveraged, place], report, vote) = read(&fixture, "2004-01-09");
        assert_eq!((net, leveraged, report, vote), (0.0, -0.05, Value::Date(day("2004-01-06")), None));
        assert!(place.is_nan() && read(&fixture, "2004-01-08").0[0].is_nan());
        // the 104th report, of 2005-12-27, is above 103 others
        assert!(read(&fixture, "2005-12-29").0[2].is_nan());
        let (figures, _, vote) = read(&fixture, "2005-12-30");
        assert_eq!((figures, vote), ([0.103, -0.05, 100.0 * 103.5 / 104.0], Some(-1)));
        // the 200th, of 2007-10-30, among the last 156
        assert_eq!(read(&fixture, "2007-11-02").0[2], 100.0 * 155.5 / 156.0);
        let track = track(&fixture.market()).expect("a track");
        let t = fixture.sessions.iter().position(|&d| d == day("2007-11-02")).expect("a session");
        let text = "asset managers net long 19.9 % of open interest on 2007-10-30, percentile 100 of three years";
        assert_eq!(summary(&Snapshot::new(&SIGNAL, &track, t)), text);
    }

    #[test]
    fn the_ends_vote_and_the_middle_does_not() {
        // of 125 reports 25 are below the last: 100·25.5/125 = 20.4; of 124 below 24: 19.8
        for (below, vote) in [(24, Some(1)), (25, Some(0)), (99, Some(0)), (100, Some(-1))] {
            let all = 125 - usize::from(below == 24);
            let net = |week: usize| if week < below { 1.0 } else { 3.0 };
            let fixture = fixture(|week| if week == all - 1 { 2.0 } else { net(week) }, all, &[]);
            let votes = track(&fixture.market()).expect("a track").votes;
            assert_eq!(votes.into_iter().rev().find(Option::is_some), Some(vote), "{below} of {all}");
        }
    }

    #[test]
    fn a_gap_of_years_leaves_no_place_until_the_window_is_past_it() {
        let lacking: Vec<usize> = (120..130).collect();
        let fixture = fixture(|week| (week % 7) as f64, 300, &lacking);
        assert!(read(&fixture, "2006-04-21").2.is_some());
        assert!(read(&fixture, "2006-07-21").2.is_none());
        // 156 reports from 2006-07-04 (week 130) on end with week 285 of 2009-06-23
        assert!(read(&fixture, "2009-05-29").2.is_none() && read(&fixture, "2009-06-26").2.is_some());
        let t = fixture.sessions.iter().position(|&d| d == day("2006-07-21")).expect("a session");
        let reason = track(&fixture.market_at(t)).expect("a track").missing;
        assert_eq!(reason.as_deref(), Some("positioning: the last 156 reports are spread over more than 159 weeks"));
    }
}
