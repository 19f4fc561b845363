//! `rate-pressure`: does the market expect dearer money?

use super::policy_cycle::moves;
use super::words::{number, setting, signed};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, named, reading, said};
use crate::series::{Figure, Known, Market, Missing};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("two_year_change_63d_bp", Unit::BasisPoints),
    reading("two_year_change_z_5y", Unit::Number),
    reading("hike_within_126d", Unit::Plain),
    reading("two_year_less_funds", Unit::Percent),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "rate-pressure",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "two_year_change_63d_bp",
    basis: "as published, a session later",
    inputs: |_| named(&["two-year", "policy-target", "funds-rate"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "The two-year yield says where the market sees the policy rate. Small companies carry more debt that \
              reprices soon, so the question is whether that headwind still grows: no hike for half a year and a \
              two-year yield that does not climb count in their favour, falling rates are not asked for.",
    formula: "two_year_change_63d_bp = (y[t] − y[t−63]) × 100, y the two-year yield known at the close; z_5y its distance \
              from the mean of 1,260 such changes in standard deviations",
    rule: |settings| {
        let calm = setting(settings.bands.rate_pressure_calm_bp, 1.0);
        let rising = setting(settings.bands.rate_pressure_rising_bp, 1.0);
        format!(
            "no hike in {HIKE_SESSIONS} sessions and a change of at most +{calm} bp → +1; a hike, or more than \
             +{rising} bp → −1; else 0"
        )
    },
    source: "convention",
};

/// Sessions over which a hike still weighs.
const HIKE_SESSIONS: usize = 126;

fn track(market: &Market) -> Result<Track, Missing> {
    let yields = market.known("two-year")?.values();
    let at = market.observe(&[("two-year", &yields)]);
    let change = stats::change(&at.gather(&yields), 63).into_iter().map(|change| stats::rounded(change * 100.0));
    let change = at.figure(64, change.collect::<Vec<_>>());
    let changes = change.observe("change of two-year");
    let z = changes.figure(1260, stats::z_score(&changes.gather(&change.values), 1260));
    let hike = hike_within(market, market.known("policy-target")?);

    let bands = &market.settings.bands;
    let pressure = change.with(&hike, |change, hike| match change {
        _ if hike != 0.0 || change > bands.rate_pressure_rising_bp => -1.0,
        _ if change <= bands.rate_pressure_calm_bp => 1.0,
        _ => 0.0,
    });
    let votes = pressure.values.iter().copied().map(said).collect();
    Ok(Track::new(votes, &[&pressure]).number(change).number(z).flag(hike).number(less_funds(market, &yields)))
}

/// 1 where a hike took effect in the last [`HIKE_SESSIONS`] sessions, the present one included.
fn hike_within(market: &Market, target: &Known) -> Figure {
    let at = market.observe(&[("policy-target", &target.values())]);
    let mut hikes = moves(&target.points).into_iter().zip(&target.points.known_from).filter(|(bp, _)| *bp > 0.0);
    let mut next = hikes.next();
    let mut since = None;
    let recent = at.sessions().iter().map(|&t| {
        while let Some((_, &known)) = next.filter(|(_, known)| **known <= market.sessions[t]) {
            // the first session at or after it; one before every session is too long ago
            since = (known >= market.sessions[0]).then(|| market.sessions.partition_point(|&day| day < known));
            next = hikes.next();
        }
        f64::from(since.is_some_and(|since| t - since < HIKE_SESSIONS))
    });
    at.figure(HIKE_SESSIONS, recent.collect::<Vec<_>>())
}

/// The two-year yield less the funds rate; it does not vote, so a missing funds rate costs no more.
fn less_funds(market: &Market, yields: &[f64]) -> Figure {
    let funds = match market.known("funds-rate") {
        Ok(funds) => funds.values(),
        Err(missing) => return Figure::missing(yields.len(), missing.to_string()),
    };
    let at = market.observe(&[("two-year", yields), ("funds-rate", &funds)]).shown(market);
    let less = |t: usize| stats::rounded(yields[t] - funds[t]);
    at.figure(1, at.measure(|k| less(at.sessions()[k])))
}

fn summary(now: &Snapshot) -> String {
    let change = signed(now.number("two_year_change_63d_bp"), 0);
    let hike = match now.get("hike_within_126d") {
        Value::Flag(true) => "a hike",
        Value::Flag(false) => "no hike",
        _ => "hikes unknown",
    };
    let less = now.number("two_year_less_funds");
    let side = if less < 0.0 { "below" } else { "above" };
    format!("two-year {change} bp in 63 sessions, {} points {side} funds, {hike} in 126", number(less.abs(), 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    /// The two-year yield steps from 4.00 to `high` at session 200; the target from 3.00 to 3.25 at `hiked`.
    fn fixture(high: f64, hiked: usize) -> Fixture {
        Fixture::new(400)
            .bars("SPY", |_| 400.0)
            .rate("DGS2", |t| if t < 200 { 4.0 } else { high })
            .rate("DFEDTARU", |t| if t < hiked { 3.0 } else { 3.25 })
    }

    #[test]
    fn a_yield_counts_from_the_session_after_its_day() {
        let track = track(&fixture(4.25, 400).rate("DFF", |_| 3.08).market()).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        let change: Vec<f64> = [200, 201, 263, 264].map(|t| number("two_year_change_63d_bp", t)).into();
        assert_eq!(change, [0.0, 25.0, 25.0, 0.0]);
        assert_eq!(number("two_year_less_funds", 201), 1.17);
        assert!(number("two_year_change_63d_bp", 63).is_nan() && number("two_year_change_63d_bp", 64) == 0.0);
        // +25 bp is not more than 25, nor calm
        assert_eq!([125, 200, 201, 264].map(|t| track.votes[t]), [Some(1), Some(1), Some(0), Some(1)]);
        assert_eq!(track.votes[124], None);
    }

    #[test]
    fn a_hike_weighs_for_126_sessions_and_so_does_a_climb() {
        let track = track(&fixture(4.26, 210).market()).expect("a track");
        assert_eq!([200, 201, 209, 210, 335, 336].map(|t| track.votes[t]), [1, -1, -1, -1, -1, 1].map(Some));
        let hike = |t| Snapshot::new(&SIGNAL, &track, t).get("hike_within_126d");
        assert_eq!([209, 210, 335, 336].map(hike), [false, true, true, false].map(Value::Flag));
        assert_eq!(track.reasons[3].as_deref(), Some("funds-rate is not in the store"));
    }

    #[test]
    fn the_z_of_the_change_needs_five_years_of_changes() {
        // the change is 10 bp on 63 of 1260 sessions: mean 0.5, squares 6300 − 315
        let step = |t: usize| if t < 1261 { 4.0 } else { 4.1 };
        let fixture = Fixture::new(1330).bars("SPY", |_| 400.0).rate("DGS2", step).rate("DFEDTARU", |_| 3.0);
        let track = track(&fixture.market()).expect("a track");
        let z = |t| Snapshot::new(&SIGNAL, &track, t).number("two_year_change_z_5y");
        assert!(z(1322).is_nan());
        assert!((z(1324) - 9.5 / (5985.0_f64 / 1259.0).sqrt()).abs() < 1e-12);
    }
}
