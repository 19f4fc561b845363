//! The audit on the synthetic market: signals that do not look ahead pass, one that does is caught.

use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::demo;
use rotation::evidence::audit::audit;
use rotation::series::{Figure, Market, Missing};
use rotation::signals::{Next, Pillar, Reading, SIGNALS, Signal, Track, Unit, reading, said};

const READINGS: &[Reading] = &[reading("above", Unit::Plain)];

/// A signal that peeks: whether a close stands above the last one there is.
const PEEKS: &[Signal] = &[Signal {
    id: "peeks",
    pillar: Pillar::Leadership,
    readings: READINGS,
    headline: |_| "above",
    basis: "close",
    inputs: |_| vec!["SPY".into()],
    track: peek,
    next: Next::WHOLE,
    summary: |_| String::new(),
    meaning: "",
    formula: "",
    rule: |_| String::new(),
    source: "",
}];

fn peek(market: &Market) -> Result<Track, Missing> {
    let close = &market.prices("SPY")?.close;
    let last = close[market.last()];
    let above: Vec<f64> = close.iter().map(|close| f64::from(u8::from(*close > last))).collect();
    let figure = Figure::new(above, String::new);
    Ok(Track::new(figure.values.iter().map(|side| said(*side)).collect(), &[]).flag(figure))
}

/// The synthetic market as of any session, without the members of its index, and its last session.
fn demo() -> (impl Fn(Day) -> Market + Sync, Day) {
    let calendar = Calendar::new(&[]);
    let last = Day::from_ymd(2006, 6, 30).expect("a date");
    let shelf = demo::market(&calendar, last);
    (move |day| Market::build(&shelf, calendar.clone(), Settings::default(), day), last)
}

#[test]
fn no_signal_looks_ahead_and_one_that_does_is_caught() {
    let (build, last) = demo();
    let sound = audit(build(last), &build, SIGNALS, 5, 1);
    assert_eq!((sound.cuts.len(), &sound.differences[..]), (5, &[][..]));
    // a signal that says nothing is named, and nothing of it counts as compared
    assert_eq!(sound.silent, ["constituent-breadth"]);
    let said = |signal: &&Signal| signal.id != sound.silent[0];
    // every reading and the vote of a signal; of the verdict four pillars, score, coverage and stage
    let figures = 7 + SIGNALS.iter().filter(said).map(|signal| signal.readings.len() + 1).sum::<usize>();
    let sessions: usize = sound.cuts.iter().map(|&cut| build(cut).sessions.len()).sum();
    assert_eq!(sound.compared, figures * sessions);
    let caught = audit(build(last), &build, PEEKS, 3, 1);
    let first = caught.differences.first().expect("a difference");
    assert_eq!((first.signal, first.reading), ("peeks", "above"));
    assert!(first.session <= first.cut && first.whole != first.cut_short, "{first:?}");
}

#[test]
fn the_seed_decides_where_it_is_cut() {
    let (build, last) = demo();
    let cuts = |seed| audit(build(last), &build, PEEKS, 4, seed).cuts;
    assert_eq!(cuts(7), cuts(7));
    assert_ne!(cuts(7), cuts(8));
}
