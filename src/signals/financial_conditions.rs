//! `financial-conditions`: does money get easier to come by?

use super::words::{setting, signed};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, named, published, reading, said};
use crate::series::{Market, Missing};

const READINGS: &[Reading] = &[reading("level", Unit::Number), reading("change_13w", Unit::Number)];

pub(super) const SIGNAL: Signal = Signal {
    id: "financial-conditions",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "level",
    basis: "revised data: its past is restated weekly; known from Wednesday",
    inputs: |_| named(&["financial-conditions"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "The Chicago Fed's index of 105 measures of risk, credit and leverage; 0 is the average since 1971, below \
              it money is easier to come by. Small companies depend on lenders more than large ones do, so easing \
              from an easy level helps them first and tightening hurts them first.",
    formula: "level = the index of the last week published, change_13w = level less that of 13 weekly values before",
    rule: |settings| {
        let band = setting(settings.bands.financial_conditions, 1.0);
        format!("change below −{band} and level below 0 → +1; change above +{band} → −1; else 0")
    },
    source: "the index after Brave and Butters, Chicago Fed Economic Perspectives 35 (2011), 22–43; 13 weeks and band \
             are convention",
};

/// Weekly values a change looks back over.
const WEEKS: usize = 13;
/// Days they may span: two of them may lack.
const SPAN_DAYS: i32 = 7 * 15;

fn track(market: &Market) -> Result<Track, Missing> {
    let known = market.known("financial-conditions")?;
    let put = |values: &[f64]| {
        let undefined = "no value of 13 weeks before";
        published::figure(market, "financial-conditions", known, values, undefined)
    };
    let level = put(&known.points.value);
    let change = put(&published::change(&known.points, WEEKS, SPAN_DAYS));

    let band = market.settings.bands.financial_conditions;
    let easing = level
        .with(&change, |level, change| f64::from(i8::from(change < -band && level < 0.0) - i8::from(change > band)));
    let votes = easing.values.iter().copied().map(said).collect();
    Ok(Track::new(votes, &[&easing]).number(level).number(change))
}

fn summary(now: &Snapshot) -> String {
    let level = now.number("level");
    let side = if level < 0.0 { "easier" } else { "tighter" };
    let (level, change) = (signed(level, 2), signed(now.number("change_13w"), 2));
    format!("index {level}, {side} than average, {change} in 13 weeks")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};

    /// Weekly values from Friday 2004-01-09 on.
    fn track_of(values: &[f64], lacking: &[usize]) -> (Track, Fixture) {
        let weeks = values.iter().enumerate().filter(|(week, _)| !lacking.contains(week));
        let rows: Vec<_> = weeks.map(|(week, &value)| (day("2004-01-09").plus(7 * week as i32), value)).collect();
        let fixture = Fixture::new(150).bars("SPY", |_| 400.0).dated("NFCI", rows);
        (track(&fixture.market()).expect("a track"), fixture)
    }

    fn read(track: &Track, fixture: &Fixture, text: &str) -> ([f64; 2], Option<i8>) {
        let t = fixture.sessions.iter().position(|&d| d == day(text)).expect("a session");
        let now = Snapshot::new(&SIGNAL, track, t);
        (["level", "change_13w"].map(|name| now.number(name)), track.votes[t])
    }

    #[test]
    fn a_week_counts_from_its_wednesday_and_changes_span_13_of_them() {
        // −0.30 for 13 weeks, then −0.40, −0.41, −0.15 and −0.29
        let mut values = vec![-0.30; 13];
        values.extend([-0.40, -0.41, -0.15, -0.29]);
        let (track, fixture) = track_of(&values, &[]);
        let at = |text| read(&track, &fixture, text);
        assert!(at("2004-01-13").0[0].is_nan() && at("2004-01-14").0[0] == -0.30);
        // Friday 2004-04-09 is the 14th week, known on Wednesday 2004-04-14: −0.10 is not below −0.10
        assert!(at("2004-04-13").0[1].is_nan());
        assert_eq!(at("2004-04-14"), ([-0.40, -0.10], Some(0)));
        assert_eq!(at("2004-04-21"), ([-0.41, -0.11], Some(1)));
        assert_eq!(at("2004-04-28"), ([-0.15, 0.15], Some(-1)));
        assert_eq!(at("2004-05-05"), ([-0.29, 0.01], Some(0)));
        // carried over 15 sessions, and no further
        assert_eq!(at("2004-05-26").1, Some(0));
        assert_eq!(at("2004-05-27").1, None);
    }

    #[test]
    fn easing_from_a_tight_level_does_not_vote_for() {
        let mut values = vec![0.50; 13];
        values.extend([0.10, -0.10]);
        let (track, fixture) = track_of(&values, &[]);
        assert_eq!(read(&track, &fixture, "2004-04-14"), ([0.10, -0.40], Some(0)));
        assert_eq!(read(&track, &fixture, "2004-04-21"), ([-0.10, -0.60], Some(1)));
        let now = Snapshot::new(&SIGNAL, &track, 75);
        assert_eq!(summary(&now), "index −0.10, easier than average, −0.60 in 13 weeks");
    }

    #[test]
    fn two_weeks_may_lack_but_not_three() {
        let values = vec![-0.3; 18];
        let (two, fixture) = track_of(&values, &[4, 9]);
        assert_eq!(read(&two, &fixture, "2004-05-05").0[1], 0.0);
        let (three, fixture) = track_of(&values, &[4, 8, 9]);
        assert!(read(&three, &fixture, "2004-05-12").0[1].is_nan());
        let market = fixture.market_at(95);
        let reasons = track(&market).expect("a track").reasons;
        assert_eq!(reasons, [None, Some("financial-conditions: no value of 13 weeks before".into())]);
    }

    #[test]
    fn the_input_says_that_its_past_is_revised() {
        let (_, fixture) = track_of(&[-0.3; 5], &[]);
        let market = fixture.market();
        let revised: Vec<_> = market.states.iter().filter(|state| state.revised).map(|state| &state.id).collect();
        assert_eq!(revised, ["financial-conditions"]);
    }
}
