//! Two markets drawn by formulas, as commentary describes them, and the stages they read.

use rotation::bars::{Bar, Bars, Columns, Origin, Points, Series, SeriesId, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::inputs::{dated, known_from};
use rotation::series::Market;
use rotation::signals::SIGNALS;
use rotation::verdict::{Stage, Tracked, Verdict, weigh};

/// Sessions from 2004-01-02 on.
const SESSIONS: usize = 1_500;
/// The session from which on the two markets differ.
const TURN: usize = 1_300;

const GROUPS: [&str; 9] = ["PSCC", "PSCD", "PSCE", "PSCF", "PSCH", "PSCI", "PSCM", "PSCT", "PSCU"];

struct Case {
    calendar: Calendar,
    sessions: Vec<Day>,
    shelf: Shelf,
}

impl Case {
    fn new() -> Self {
        let calendar = Calendar::new(&[]);
        let first = Day::from_ymd(2004, 1, 2).expect("a date");
        let sessions = calendar.between(first, first.plus(2 * SESSIONS as i32))[..SESSIONS].to_vec();
        Self { calendar, sessions, shelf: Shelf::new() }
    }

    fn put(mut self, id: SeriesId, columns: Columns) -> Self {
        self.shelf.insert(id, Series { origin: Origin::default(), columns, hash: String::new() });
        self
    }

    /// Bars that close at 100 times the exponential of `path`, on this volume.
    fn fund(self, symbol: &str, path: impl Fn(f64) -> f64, volume: impl Fn(usize) -> f64) -> Self {
        let mut bars = Bars::default();
        for (t, &day) in self.sessions.iter().enumerate() {
            let close = 100.0 * path(t as f64).exp();
            let (open, high, low) = (close, 1.002 * close, 0.998 * close);
            bars.push(Bar { day, open, high, low, close, volume: volume(t), dividend: 0.0, split: 1.0 });
        }
        self.put(SeriesId::bars(symbol), Columns::Bars(bars))
    }

    /// A rate with a value for each day that `id` has one for.
    fn rate(self, id: &str, value: impl Fn(usize) -> f64) -> Self {
        let mut points = Points::default();
        for (t, &day) in self.sessions.iter().enumerate() {
            let day = dated(id, day, &self.calendar);
            if points.day.last() != Some(&day) {
                points.push(day, known_from(id, day, &self.calendar), value(t));
            }
        }
        self.put(SeriesId::rates(id), Columns::Points(points))
    }

    fn verdict(&self) -> Verdict {
        let last = self.sessions[SESSIONS - 1];
        let market = Market::build(&self.shelf, self.calendar.clone(), Settings::default(), last);
        assert!(market.findings.iter().all(|(.., finding)| !finding.withholds), "{:?}", market.findings);
        let tracks: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, (signal.track)(&market))).collect();
        weigh(&market, &tracks)
    }
}

/// Every day's up and down, the same for all but for its size.
fn swing(t: f64) -> f64 {
    0.004 * (0.9 * t).sin() + 0.003 * (2.3 * t).sin()
}

/// Sessions past `start`, 0 before.
fn since(t: f64, start: usize) -> f64 {
    (t - start as f64).max(0.0)
}

/// What IWM does by itself: from an old high it falls in the first 300 sessions, and goes nowhere since.
fn small(t: f64) -> f64 {
    1.2 * swing(t) + 0.001 * (1.7 * t).sin() + 0.25 * (1.0 - t / 300.0).max(0.0)
}

/// SPY climbs from high to high while IWM, banks and groups go nowhere, on ever fewer shares; rates stand where hikes
/// have left them.
fn large_caps_lead() -> Case {
    let target = |t: usize| 3.0 + 0.25 * (t / 90).min(9) as f64;
    let funds = Case::new()
        .rate("DFEDTARU", target)
        .rate("DFF", move |t| target(t) - 0.1)
        .rate("DGS2", |_| 4.5)
        .rate("DGS10", |_| 4.3)
        .rate("BAMLH0A0HYM2", |_| 3.5)
        .rate("NFCI", |_| -0.3)
        .rate("DRTSCIS", |_| 10.0)
        .fund("SPY", |t| 0.0004 * t + swing(t), |_| 8e7)
        .fund("RSP", |t| 0.0004 * t + 1.01 * swing(t), |_| 1e7)
        .fund("IWM", small, |t| 4e7 - 1e4 * t as f64)
        .fund("KRE", |t| small(t) - 0.0001 * t, |_| 1e7);
    GROUPS.iter().fold(funds, |case, group| case.fund(group, |t| small(t) - 0.0002 * t, |_| 1e5))
}

/// The same up to [`TURN`]. From there on policy eases, and banks and groups rise, but for financials and industrials; 30
/// sessions later IWM rises faster than SPY, though not on a larger part of the dollars.
fn small_caps_turn() -> Case {
    let rises = |from: usize, a_session: f64| move |t: f64| small(t) + a_session * since(t, from);
    let case = large_caps_lead()
        .rate("DFEDTARU", |t| 3.0 + 0.25 * (t / 90).min(9) as f64 - if t < TURN { 0.0 } else { 0.25 })
        .fund("SPY", |t| 0.0004 * t + swing(t), |t| 8e7 + 5e5 * since(t as f64, TURN))
        .fund("IWM", rises(TURN + 30, 0.0012), |t| 4e7 - 1e4 * t.min(TURN) as f64)
        .fund("KRE", |t| rises(TURN, 0.001)(t) - 0.0001 * t, |_| 1e7);
    GROUPS.iter().fold(case, |case, group| {
        let a_session = if ["PSCF", "PSCI"].contains(group) { 0.0003 } else { 0.001 };
        case.fund(group, |t| rises(TURN, a_session)(t) - 0.0002 * t, |_| 1e5)
    })
}

/// The stages in their order, each once for every time it comes.
fn stages(verdict: &Verdict) -> Vec<Stage> {
    let mut stages: Vec<Stage> = verdict.staged.iter().map(|staged| staged.stage).collect();
    stages.dedup();
    stages
}

#[test]
fn a_market_of_large_caps_alone_is_not_rotating() {
    let verdict = large_caps_lead().verdict();
    let last = verdict.staged[SESSIONS - 1];
    assert_eq!((last.stage, last.candidate), (Stage::None, Stage::None), "{}", verdict.rule);
    assert!(last.candidate_sessions > 200, "{last:?}");
    assert_eq!(stages(&verdict), [Stage::Unknown, Stage::None]);
    let [leadership, participation, ..] = verdict.weighed[SESSIONS - 1].pillars;
    assert!(leadership.score() <= -0.5 && participation.score() < 0.0, "{leadership:?} {participation:?}");
}

#[test]
fn a_market_in_which_small_caps_turn_reads_setup_and_then_early() {
    let verdict = small_caps_turn().verdict();
    assert_eq!(stages(&verdict)[..4], [Stage::Unknown, Stage::None, Stage::Setup, Stage::Early]);
    let since = |stage: Stage| verdict.staged.iter().position(|staged| staged.stage == stage).expect("this stage");
    assert!((TURN + 5..TURN + 60).contains(&since(Stage::Setup)), "{}", since(Stage::Setup));
    assert!((TURN + 60..TURN + 150).contains(&since(Stage::Early)), "{}", since(Stage::Early));
}
