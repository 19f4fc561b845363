//! `policy-cycle`: is the central bank easing or hiking?

use super::words::{number, several, signed};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, named, reading};
use crate::bars::Points;
use crate::day::Day;
use crate::series::{Market, Missing, Observations};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("state", Unit::Plain),
    reading("days_since_move", Unit::Count),
    reading("last_move_bp", Unit::BasisPoints),
    reading("cycle_bp", Unit::BasisPoints),
    reading("below_peak_bp", Unit::BasisPoints),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "policy-cycle",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "below_peak_bp",
    basis: "as published",
    inputs: |_| named(&["policy-target"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "Where the Federal Reserve's target stands in its cycle. Small companies carry more short and floating \
              debt than large ones, so cuts reach them sooner; a hold after either kind of move says neither.",
    formula: "state = direction of the last change of the target (its upper bound since 2008-12-16), a hold once that \
              is more than 180 days old; cycle_bp = the changes since the direction last turned; below_peak_bp = the \
              highest target since the last hikes began less the target now",
    rule: |_| format!("easing (a cut in the last {FRESH_DAYS} days) → +1, hiking → −1, a hold after either → 0"),
    source: "after Jensen, Mercer and Johnson, Journal of Financial Economics 40 (1996), 213–237, who class policy by \
             its last change; the 180 days are convention",
};

/// Calendar days for which a move sets the direction.
const FRESH_DAYS: i32 = 180;

const HIKING: usize = 0;
const EASING: usize = 1;
/// `HOLDS + HIKING` is a hold after hikes, `HOLDS + EASING` one after cuts.
const HOLDS: usize = 2;
const STATES: [&str; 4] = ["hiking", "easing", "hold-after-hike", "hold-after-cut"];

/// Where policy stands once a value of the target is known.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stance {
    /// Day of the last move.
    moved: Day,
    last_bp: f64,
    /// Sum of the moves since the direction last turned.
    cycle_bp: f64,
    /// Highest target since the last hikes began (since the first value, before any hike).
    peak: f64,
}

/// Change from each value of the target to the next, bp; 0 for the first.
pub(super) fn moves(target: &Points) -> Vec<f64> {
    let moves = target.value.windows(2).map(|pair| stats::rounded((pair[1] - pair[0]) * 100.0));
    target.value.first().map(|_| 0.0).into_iter().chain(moves).collect()
}

/// The stance at each value of the target; `None` before the first move.
fn stances(target: &Points) -> Vec<Option<Stance>> {
    let mut stance: Option<Stance> = None;
    let mut peak = f64::NEG_INFINITY;
    let step = |(i, bp): (usize, f64)| {
        let last = stance.map_or(0.0, |stance| stance.last_bp);
        let turned = last * bp < 0.0;
        peak = if turned && bp > 0.0 { target.value[i] } else { peak.max(target.value[i]) };
        if bp != 0.0 {
            let before = stance.filter(|_| !turned).map_or(0.0, |stance| stance.cycle_bp);
            stance = Some(Stance { moved: target.day[i], last_bp: bp, cycle_bp: before + bp, peak });
        }
        stance
    };
    moves(target).into_iter().enumerate().map(step).collect()
}

fn track(market: &Market) -> Result<Track, Missing> {
    let target = market.known("policy-target")?;
    let stances = stances(&target.points);
    let at = market.observe(&[("policy-target", &target.values())]);
    let figure = |at: &Observations, measure: &dyn Fn(Stance, usize) -> f64| {
        let stance = |t: usize| target.at(t).and_then(|i| stances[i]);
        let measured = |k: usize| {
            let t = at.sessions()[k];
            stance(t).map_or(f64::NAN, |stance| measure(stance, t))
        };
        at.figure_at_once(at.measure(measured), "no move is known yet")
    };
    let since = |stance: Stance, t: usize| market.sessions[t].since(stance.moved);
    let state = figure(&at, &|stance, t| {
        let side = if stance.last_bp > 0.0 { HIKING } else { EASING };
        (if since(stance, t) <= FRESH_DAYS { side } else { HOLDS + side }) as f64
    });

    let vote = |&state: &f64| match state {
        _ if state.is_nan() => None,
        _ if state == EASING as f64 => Some(1),
        _ if state == HIKING as f64 => Some(-1),
        _ => Some(0),
    };
    let shown = at.shown(market);
    let reading = |measure: &dyn Fn(Stance, usize) -> f64| figure(&shown, measure);
    Ok(Track::new(state.values.iter().map(vote).collect(), &[&state])
        .word(state, STATES)
        .number(reading(&|stance, t| f64::from(since(stance, t))))
        .number(reading(&|stance, _| stance.last_bp))
        .number(reading(&|stance, _| stance.cycle_bp))
        .number(figure(&at, &|stance, t| stats::rounded((stance.peak - target.value(t)) * 100.0))))
}

fn summary(now: &Snapshot) -> String {
    let Value::Word(state) = now.get("state") else { return "no move known".into() };
    let days = several(now.number("days_since_move"), "day");
    let below = number(now.number("below_peak_bp"), 0);
    let last = signed(now.number("last_move_bp"), 0);
    let place =
        if now.number("below_peak_bp") > 0.0 { format!("{below} bp below the peak") } else { "at the peak".into() };
    format!("{}: {last} bp {days} ago, {place}", state.replace('-', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};

    /// 1.00 %, cut to 0.50 on 2004-02-02, hiked to 0.75 and 1.25 on 2004-04-01 and 2004-05-03, cut to 1.00
    /// on 2004-05-19, across the splice of 2004-05-03.
    fn fixture() -> Fixture {
        let fixture = Fixture::new(400).bars("SPY", |_| 400.0);
        let days = fixture.sessions.clone();
        let target = move |t: usize| match days[t] {
            now if now < day("2004-02-02") => 1.00,
            now if now < day("2004-04-01") => 0.50,
            now if now < day("2004-05-03") => 0.75,
            now if now < day("2004-05-19") => 1.25,
            _ => 1.00,
        };
        let split = fixture.sessions.iter().position(|&d| d == day("2004-05-03")).expect("a session");
        let late = target.clone();
        fixture
            .rate("DFEDTAR", move |t| if t < split { target(t) } else { f64::NAN })
            .rate("DFEDTARU", move |t| if t < split { f64::NAN } else { late(t) })
    }

    #[test]
    fn the_cycle_is_summed_since_it_turned_and_measured_from_its_peak() {
        let fixture = fixture();
        let track = track(&fixture.market()).expect("a track");
        let at = |text: &str| fixture.sessions.iter().position(|&d| d == day(text)).expect("a session");
        let read = |text: &str| {
            let now = Snapshot::new(&SIGNAL, &track, at(text));
            let figures = ["days_since_move", "last_move_bp", "cycle_bp", "below_peak_bp"].map(|name| now.number(name));
            (now.get("state"), figures)
        };
        let word = |state: &str| Value::Word(state.into());
        assert_eq!(read("2004-01-30").0, Value::Missing);
        assert_eq!(read("2004-02-02"), (word("easing"), [0.0, -50.0, -50.0, 50.0]));
        assert_eq!(read("2004-04-30"), (word("hiking"), [29.0, 25.0, 25.0, 0.0]));
        assert_eq!(read("2004-05-14"), (word("hiking"), [11.0, 50.0, 75.0, 0.0]));
        assert_eq!(read("2004-05-28"), (word("easing"), [9.0, -25.0, -25.0, 25.0]));
        assert_eq!(read("2004-11-15"), (word("easing"), [180.0, -25.0, -25.0, 25.0]));
        assert_eq!(read("2004-11-16"), (word("hold-after-cut"), [181.0, -25.0, -25.0, 25.0]));
        let votes = ["2004-01-30", "2004-04-30", "2004-05-28", "2004-11-16"].map(|text| track.votes[at(text)]);
        assert_eq!(votes, [None, Some(-1), Some(1), Some(0)]);
        let now = Snapshot::new(&SIGNAL, &track, at("2004-05-28"));
        assert_eq!(summary(&now), "easing: −25 bp 9 days ago, 25 bp below the peak");
        let now = Snapshot::new(&SIGNAL, &track, at("2004-05-20"));
        assert_eq!(summary(&now), "easing: −25 bp 1 day ago, 25 bp below the peak");
    }

    #[test]
    fn before_any_move_the_reason_says_so() {
        let market = Fixture::new(20).bars("SPY", |_| 400.0).rate("DFEDTARU", |_| 1.0).market();
        let track = track(&market).expect("a track");
        assert_eq!((track.votes[19], track.missing.as_deref()), (None, Some("policy-target: no move is known yet")));
    }
}
