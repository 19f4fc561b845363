//! The script: which phase of the cycle each session belongs to, and what it does to everything.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::noise::{Deviation, stream};

/// What the central bank does in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    /// Raises the target to the cycle's peak.
    Hike,
    /// Lowers it half the way to the cycle's trough.
    Ease,
    /// Lowers it to the trough.
    EaseOn,
    /// Leaves it.
    Hold,
}

/// One phase of the cycle. The log changes of a column add up to 0 over a cycle: growth comes on top.
struct Phase {
    policy: Policy,
    /// Mean length in sessions.
    sessions: f64,
    /// Log change of the market.
    market: f64,
    /// Log change of small caps against the market.
    small: f64,
    /// Log change of banks against the market.
    banks: f64,
    /// Log change of the small-cap groups against small caps.
    groups: f64,
    /// Volatility, in units of the usual.
    swing: f64,
    /// Two-year yield less the target at its end, percent.
    premium: f64,
    /// Ten-year less two-year yield at its end, percent.
    slope: f64,
    /// High-yield spread above the calm level at its end, percent, in an average cycle.
    stress: f64,
}

/// The cycle: large caps lead while the policy rate rises, and on while it has peaked; easing begins;
/// small caps turn in a falling market; they lead broadly; they fade.
#[rustfmt::skip]
const CYCLE: [Phase; 6] = [
    //                    sessions  market  small  banks groups  swing premium  slope stress
    phase(Policy::Hike,   [ 210.0,  0.090, -0.09, -0.06,  0.00,  0.8,   0.25,  0.15,   0.2]),
    phase(Policy::Hold,   [ 120.0,  0.000, -0.05, -0.07, -0.02,  1.0,  -0.45, -0.35,   1.8]),
    phase(Policy::Ease,   [ 100.0, -0.070, -0.01,  0.03, -0.01,  1.2,  -0.50,  0.30,   1.4]),
    phase(Policy::EaseOn, [  90.0, -0.150,  0.08,  0.05, -0.05,  1.4,   0.05,  1.00,   1.2]),
    phase(Policy::Hold,   [ 200.0,  0.135,  0.13,  0.09,  0.07,  1.0,   0.30,  1.60,   0.2]),
    phase(Policy::Hold,   [ 110.0, -0.005, -0.06, -0.04,  0.01,  1.0,   0.60,  1.20,   0.1]),
];

/// A row of the table: figures in the order of the fields.
const fn phase(policy: Policy, figures: [f64; 9]) -> Phase {
    let [sessions, market, small, banks, groups, swing, premium, slope, stress] = figures;
    Phase { policy, sessions, market, small, banks, groups, swing, premium, slope, stress }
}

/// Peak and trough of the target range in successive cycles, percent; then from the start again.
const TARGETS: [(f64, f64); 7] =
    [(6.00, 3.00), (5.25, 2.25), (4.50, 0.75), (3.00, 0.25), (3.50, 2.00), (5.50, 3.25), (4.75, 2.50)];

/// The target at the first session, percent.
const FIRST_TARGET: f64 = 4.25;

/// Sessions from one policy meeting to the next, and from a phase's start to its first.
const MEETINGS: usize = 30;
const FIRST_MEETING: usize = 8;

/// The high-yield spread when nothing is wrong, percent.
const CALM_SPREAD: f64 = 3.4;

/// Every column of the script, one value a session.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Log level of the market, without growth and noise.
    pub(super) market: Vec<f64>,
    /// Noise of the market, log.
    pub(super) noise: Vec<f64>,
    /// Log level of small caps against the market.
    pub(super) small: Vec<f64>,
    /// Log level of banks against the market.
    pub(super) banks: Vec<f64>,
    /// Log level of the small-cap groups against small caps.
    pub(super) groups: Vec<f64>,
    /// Volatility, in units of the usual.
    pub(super) swing: Vec<f64>,
    /// Upper end of the target range, percent.
    pub(super) target: Vec<f64>,
    /// Two-year yield less the target, percent.
    pub(super) premium: Vec<f64>,
    /// Ten-year less two-year yield, percent.
    pub(super) slope: Vec<f64>,
    /// High-yield spread, percent.
    pub(super) spread: Vec<f64>,
}

impl Script {
    /// The script of the first `sessions` sessions.
    pub(super) fn write(sessions: usize) -> Self {
        let mut script = Self::default();
        let mut rng = stream(0);
        let mut state = State::default();
        let mut noise = Noise::default();
        for &targets in TARGETS.iter().cycle() {
            let strength = rng.random_range(0.9..1.2);
            let severity = rng.random_range(0.7..2.2);
            for phase in &CYCLE {
                let length = phase.sessions * rng.random_range(0.85..1.2);
                let act = Act { phase, length: length as usize, strength, severity, targets, from: state };
                for step in 1..=act.length {
                    if script.target.len() == sessions {
                        return script;
                    }
                    state = act.step(step, state.target);
                    script.push(state, phase.swing, noise.draw(&mut rng, phase.swing));
                }
            }
        }
        script
    }

    fn push(&mut self, state: State, swing: f64, noise: [f64; 2]) {
        self.market.push(state.market);
        self.noise.push(noise[0]);
        self.small.push(state.small + noise[1]);
        self.banks.push(state.banks);
        self.groups.push(state.groups);
        self.swing.push(swing);
        self.target.push(state.target);
        self.premium.push(state.premium);
        self.slope.push(state.slope);
        self.spread.push(CALM_SPREAD + state.stress);
    }
}

/// Noise of the market and of small caps against it, each a fast and a slow part.
struct Noise([Deviation; 4]);

impl Default for Noise {
    fn default() -> Self {
        let parts = [(0.0095, 20.0), (0.003, 250.0), (0.005, 15.0), (0.0015, 150.0)];
        Self(parts.map(|(shock, half_life)| Deviation::new(shock, half_life)))
    }
}

impl Noise {
    fn draw(&mut self, rng: &mut ChaCha8Rng, swing: f64) -> [f64; 2] {
        let [a, b, c, d] = &mut self.0;
        let [market, market_slow, small, small_slow]: [f64; 4] = std::array::from_fn(|_| StandardNormal.sample(rng));
        [a.next(swing * market) + b.next(market_slow), c.next(swing * small) + d.next(small_slow)]
    }
}

/// Where everything stands at a session, without noise.
#[derive(Clone, Copy, Debug)]
struct State {
    market: f64,
    small: f64,
    banks: f64,
    groups: f64,
    target: f64,
    premium: f64,
    slope: f64,
    stress: f64,
}

impl Default for State {
    fn default() -> Self {
        let last = &CYCLE[CYCLE.len() - 1];
        Self {
            market: 0.0,
            small: 0.0,
            banks: 0.0,
            groups: 0.0,
            target: FIRST_TARGET,
            premium: last.premium,
            slope: last.slope,
            stress: last.stress,
        }
    }
}

/// A phase as it is played in one cycle.
struct Act<'a> {
    phase: &'a Phase,
    /// Sessions.
    length: usize,
    /// Multiplies the log changes.
    strength: f64,
    /// Multiplies the credit stress.
    severity: f64,
    /// Peak and trough of the target.
    targets: (f64, f64),
    /// Where things stood before it.
    from: State,
}

impl Act<'_> {
    /// Where things stand at `step` (from 1), after a session that ended with `target`.
    fn step(&self, step: usize, target: f64) -> State {
        let Self { phase, from, .. } = self;
        let done = step as f64 / self.length as f64;
        let moved = |from: f64, change: f64| from + self.strength * change * done;
        let towards = |from: f64, to: f64| from + (to - from) * done;
        State {
            market: moved(from.market, phase.market),
            small: moved(from.small, phase.small),
            banks: moved(from.banks, phase.banks),
            groups: moved(from.groups, phase.groups),
            target: self.meeting(step, target),
            premium: towards(from.premium, phase.premium),
            slope: towards(from.slope, phase.slope),
            stress: towards(from.stress, self.severity * phase.stress),
        }
    }

    /// The target after `step`: on a meeting's day it takes its share of the way to the phase's goal,
    /// in quarters of a point.
    fn meeting(&self, step: usize, target: f64) -> f64 {
        let (peak, trough) = self.targets;
        let goal = match self.phase.policy {
            Policy::Hike => peak,
            Policy::Ease => (f64::midpoint(self.from.target, trough) * 4.0).round() / 4.0,
            Policy::EaseOn => trough,
            Policy::Hold => return target,
        };
        if step % MEETINGS != FIRST_MEETING {
            return target;
        }
        let left = (self.length - step) / MEETINGS + 1;
        target + quarters((goal - target) / left as f64)
    }
}

/// Rounds away from 0 to a quarter of a point.
fn quarters(change: f64) -> f64 {
    (change.abs() * 4.0).ceil().copysign(change) / 4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_ends_where_it_began_but_for_growth() {
        let columns: [fn(&Phase) -> f64; 4] = [|p| p.market, |p| p.small, |p| p.banks, |p| p.groups];
        for change in columns {
            assert!(CYCLE.iter().map(change).sum::<f64>().abs() < 1e-12);
        }
    }

    #[test]
    fn policy_reaches_each_peak_and_trough_and_turns_nowhere_else() {
        let mut levels = Script::write(7_800).target;
        levels.dedup();
        let turns: Vec<f64> = levels
            .windows(3)
            .filter(|three| (three[1] > three[0]) != (three[2] > three[1]))
            .map(|three| three[1])
            .collect();
        let expected: Vec<f64> =
            TARGETS.iter().cycle().flat_map(|&(peak, trough)| [peak, trough]).take(turns.len()).collect();
        assert!(turns.len() >= 16 && turns == expected, "{turns:?}");
    }
}
