//! `rotation-quadrant`: where does IWM/SPY stand in its circle of relative strength and momentum?
//!
//! Five recipes in public use, counted against each other, because none of them is the definition.

use std::borrow::Cow;

use super::relative::Relative;
use super::words::number;
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, named, reading, said};
use crate::series::{Figure, Market, Missing, Observations, Periods};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("rs_ratio_ma", Unit::Number),
    reading("rs_momentum_ma", Unit::Number),
    reading("quadrant_ma", Unit::Plain),
    reading("rs_ratio_zscore", Unit::Number),
    reading("rs_momentum_zscore", Unit::Number),
    reading("quadrant_zscore", Unit::Plain),
    reading("rs_ratio_smoothed", Unit::Number),
    reading("rs_momentum_smoothed", Unit::Number),
    reading("quadrant_smoothed", Unit::Plain),
    reading("rs_ratio_momentum", Unit::Number),
    reading("rs_momentum_momentum", Unit::Number),
    reading("quadrant_momentum", Unit::Plain),
    reading("rs_ratio_double_z", Unit::Number),
    reading("rs_momentum_double_z", Unit::Number),
    reading("quadrant_double_z", Unit::Plain),
    reading("momentum_positive", Unit::Count),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "rotation-quadrant",
    pillar: Pillar::Leadership,
    readings: READINGS,
    headline: |_| "momentum_positive",
    basis: "total return, complete weeks",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next::one_way(|_, votes| Past::window(votes, REACH)),
    summary,
    meaning: "Relative strength and its momentum on complete weeks: improving while weak, then leading, then weakening \
              while strong, then lagging. There is no agreed formula and five in use rarely agree, so they are counted, \
              and only a clear majority on the momentum says anything.",
    formula: "X = IWM/SPY at the end of each week; momentum_positive = how many of five recipes have their momentum \
              above its centre: ma 100 × SMA10/SMA30 over its SMA10; zscore z14 of X[t]/X[t−14] − 1; smoothed z13 of EMA3 \
              of the 4-week change of 100 + 5 × z26(EMA5 X); momentum z14 of the change of X[t−4]/X[t−52] − 1; double_z \
              z14 of z14(X)",
    rule: |settings| {
        let agree = settings.bands.rotation_quadrant;
        format!("at least {agree} of 5 leading or improving → +1, at least {agree} weakening or lagging → −1, else 0")
    },
    source: "public reconstructions of the relative rotation graph (RRG is a trademark, its formula is unpublished: no \
             parity is claimed)",
};

const QUADRANTS: [&str; 4] = ["lagging", "improving", "weakening", "leading"];

/// Sessions that a week's momenta rest on: the longest windows, those of the smoothed recipe, after so many weeks that the
/// start of its exponential means weighs nothing any more ((2/3)^97 < 1e-17).
const REACH: usize = 5 * (97 + 26 + 4 + 57 + 13);

/// How far rounding alone may lift a figure off its centre.
const NOISE: f64 = 1e-9;

/// Strength and momentum of one recipe, a value a week, and the centre of both.
struct Recipe {
    ratio: Figure,
    momentum: Figure,
    centre: f64,
}

/// The recipes, in the order of the readings: what each makes of X.
const RECIPES: [fn(&Weekly, &Figure) -> Recipe; 5] = [ma, zscore, smoothed, momentum, double_z];

fn track(market: &Market) -> Result<Track, Missing> {
    let rs = Relative::of(market, "IWM", "SPY")?;
    let weekly = Weekly(market.weeks());
    let x = weekly.0.close(&rs.at, &rs.at.figure(1, &rs.ratio).values);
    let recipes = RECIPES.map(|recipe| recipe(&weekly, &x));

    let none = Figure::complete(vec![0.0; x.values.len()]);
    let positive = recipes.iter().fold(none, |count, recipe| {
        count.with(&recipe.momentum, |count, momentum| count + f64::from(recipe.is_strong(momentum)))
    });
    let positive = weekly.0.stand(&rs.at, &positive);
    let agree = f64::from(market.settings.bands.rotation_quadrant);
    let side = |k: &f64| said(*k).map(|_| i8::from(*k >= agree) - i8::from(5.0 - *k >= agree));
    let track = Track::new(positive.values.iter().map(side).collect(), &[&positive]);
    let stand = |figure: &Figure| weekly.0.stand(&rs.shown, figure);
    let shown = |track: Track, recipe: &Recipe| {
        track.number(stand(&recipe.ratio)).number(stand(&recipe.momentum)).word(stand(&recipe.quadrant()), QUADRANTS)
    };
    Ok(recipes.iter().fold(track, shown).number(positive))
}

impl Recipe {
    /// Whether a figure stands above the centre; at the centre it is weak.
    fn is_strong(&self, x: f64) -> bool {
        x > self.centre + NOISE
    }

    /// Index into [`QUADRANTS`].
    fn quadrant(&self) -> Figure {
        self.ratio.with(&self.momentum, |ratio, momentum| {
            2.0 * f64::from(self.is_strong(ratio)) + f64::from(self.is_strong(momentum))
        })
    }
}

/// Statistics over windows of complete weeks.
struct Weekly(Periods);

impl Weekly {
    /// The weeks at which `x` is there, and its values on them.
    fn observe<'a>(&self, x: &'a Figure) -> (Observations, Cow<'a, [f64]>) {
        let at = self.0.observe("IWM and SPY", x);
        let dense = at.gather(&x.values);
        (at, dense)
    }

    /// `measure` of the last `n` values of `x`.
    fn over(&self, x: &Figure, n: usize, measure: impl Fn(&[f64], usize) -> Vec<f64>) -> Figure {
        let (at, dense) = self.observe(x);
        at.figure(n, measure(&dense, n))
    }

    /// Distance from the mean of `n` in standard deviations.
    fn z(&self, x: &Figure, n: usize) -> Figure {
        self.over(x, n, stats::z_score)
    }

    /// `100 + 5·z`, the deviation being that of the whole window (ddof 0).
    fn scaled_z(&self, x: &Figure, n: usize) -> Figure {
        let wider = (n as f64 / (n as f64 - 1.0)).sqrt();
        map(&self.z(x, n), |z| 100.0 + 5.0 * wider * z)
    }

    /// Value now compared with that of `h` weeks before.
    fn since(&self, x: &Figure, h: usize, compare: fn(&[f64], usize) -> Vec<f64>) -> Figure {
        self.over(x, h + 1, |x, _| compare(x, h))
    }

    fn ema(&self, x: &Figure, span: u32) -> Figure {
        let alpha = 2.0 / (f64::from(span) + 1.0);
        let (at, dense) = self.observe(x);
        at.figure_of_history(stats::settled(alpha), stats::ema(&dense, alpha))
    }
}

fn map(x: &Figure, change: impl Fn(f64) -> f64) -> Figure {
    x.with(x, |x, _| change(x))
}

fn ma(weekly: &Weekly, x: &Figure) -> Recipe {
    let percent = |a: f64, b: f64| 100.0 * a / b;
    let ratio = weekly.over(x, 10, stats::mean).with(&weekly.over(x, 30, stats::mean), percent);
    let momentum = ratio.with(&weekly.over(&ratio, 10, stats::mean), percent);
    Recipe { ratio, momentum, centre: 100.0 }
}

fn zscore(weekly: &Weekly, x: &Figure) -> Recipe {
    let momentum = weekly.z(&weekly.since(x, 14, stats::ret), 14);
    Recipe { ratio: weekly.z(x, 14), momentum, centre: 0.0 }
}

fn smoothed(weekly: &Weekly, x: &Figure) -> Recipe {
    let ratio = weekly.scaled_z(&weekly.ema(x, 5), 26);
    let moves = weekly.ema(&weekly.since(&ratio, 4, stats::change), 3);
    Recipe { momentum: weekly.scaled_z(&moves, 13), ratio, centre: 100.0 }
}

fn momentum(weekly: &Weekly, x: &Figure) -> Recipe {
    let year = weekly
        .over(x, 53, |x, _| (0..x.len()).map(|k| if k < 52 { f64::NAN } else { x[k - 4] / x[k - 52] - 1.0 }).collect());
    let momentum = weekly.z(&weekly.since(&year, 1, stats::change), 14);
    Recipe { ratio: weekly.z(&year, 14), momentum, centre: 0.0 }
}

fn double_z(weekly: &Weekly, x: &Figure) -> Recipe {
    let ratio = weekly.z(x, 14);
    Recipe { momentum: weekly.z(&ratio, 14), ratio, centre: 0.0 }
}

fn summary(now: &Snapshot) -> String {
    let positive = number(now.number("momentum_positive"), 0);
    let word = |recipe: &str| match now.get(&format!("quadrant_{recipe}")) {
        super::Value::Word(word) => word,
        _ => "n/a".into(),
    };
    let words = ["ma", "zscore", "smoothed", "momentum", "double_z"].map(word);
    let counted =
        QUADRANTS.iter().rev().map(|quadrant| (words.iter().filter(|word| word == quadrant).count(), quadrant));
    let counted: Vec<_> = counted.filter(|(k, _)| *k > 0).map(|(k, quadrant)| format!("{k} {quadrant}")).collect();
    format!("momentum positive in {positive} of 5 recipes: {}", counted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};
    use crate::signals::Value;

    /// IWM/SPY by the week's number from 2004-01-02, week 0, on.
    fn fixture(x: impl Fn(usize) -> f64) -> Fixture {
        let fixture = Fixture::new(420).bars("SPY", |_| 400.0);
        let first = fixture.sessions[0].week();
        let weeks: Vec<usize> = fixture.sessions.iter().map(|day| (day.week() - first) as usize).collect();
        fixture.bars("IWM", move |t| 400.0 * x(weeks[t]))
    }

    fn read(track: &Track, name: &str, t: usize) -> f64 {
        Snapshot::new(&SIGNAL, track, t).number(name)
    }

    #[test]
    fn recipes_on_a_ratio_that_grows_by_one_a_week() {
        let fixture = fixture(|week| 100.0 + week as f64);
        let track = track(&fixture.market()).expect("a track");
        // Friday 2004-10-01 ends week 39; X is (100 + week)/100
        let t = fixture.sessions.iter().position(|&d| d == day("2004-10-01")).expect("a session");
        // SMA10 = 134.5, SMA30 = 124.5, each of the nine before one lower
        let ratio = |week: f64| 100.0 * (100.0 + week - 4.5) / (100.0 + week - 14.5);
        assert!((read(&track, "rs_ratio_ma", t) - ratio(39.0)).abs() < 1e-10);
        let mean = (30..40).map(|week| ratio(f64::from(week))).sum::<f64>() / 10.0;
        assert!((read(&track, "rs_momentum_ma", t) - 100.0 * ratio(39.0) / mean).abs() < 1e-10);
        // 14 steps of one: 6.5 from the middle, deviation √(14·15/12)
        let z = 6.5 / (14.0_f64 * 15.0 / 12.0).sqrt();
        assert!((read(&track, "rs_ratio_zscore", t) - z).abs() < 1e-9);
        assert_eq!(read(&track, "rs_ratio_double_z", t), read(&track, "rs_ratio_zscore", t));
        // an even climb slows in percent
        assert!(read(&track, "rs_momentum_zscore", t) < 0.0 && read(&track, "rs_momentum_ma", t) < 100.0);
        let now = Snapshot::new(&SIGNAL, &track, t);
        assert_eq!(now.get("quadrant_zscore"), Value::Word("weakening".into()));
        // Thursday still shows the week before
        assert!((read(&track, "rs_ratio_ma", t - 1) - ratio(38.0)).abs() < 1e-10);
        assert_eq!((now.get("momentum_positive"), track.votes[t]), (Value::Missing, None));
    }

    #[test]
    fn the_smoothed_recipe_counts_from_its_own_starts() {
        // one step up in week 60: E closes two thirds of the gap a week at 1/3 each
        let fixture = fixture(|week| if week < 60 { 100.0 } else { 110.0 });
        let track = track(&fixture.market()).expect("a track");
        let t = fixture.sessions.iter().rposition(|day| (day.week() - fixture.sessions[0].week()) == 60).expect("one");
        // in week 60 E is one third up, alone of 26: z (ddof 0) of one among 26 is √25
        assert!((read(&track, "rs_ratio_smoothed", t) - 125.0).abs() < 1e-9);
        assert!(read(&track, "rs_ratio_smoothed", t - 5).is_nan(), "no deviation before");
    }

    #[test]
    fn a_majority_of_rising_momentum_votes() {
        // growth that quickens, then breaks
        let fixture =
            fixture(|week| (0.0002 * (week as f64).powi(2) - 0.001 * (week.saturating_sub(70) as f64).powi(2)).exp());
        let track = track(&fixture.market()).expect("a track");
        let week = |number: i32| {
            let first = fixture.sessions[0].week();
            fixture.sessions.iter().rposition(|day| day.week() - first == number).expect("a session")
        };
        let (rising, broken) = (week(69), week(80));
        assert_eq!((read(&track, "momentum_positive", rising), track.votes[rising]), (5.0, Some(1)));
        assert_eq!((read(&track, "momentum_positive", broken), track.votes[broken]), (0.0, Some(-1)));
        let told = summary(&Snapshot::new(&SIGNAL, &track, rising));
        assert_eq!(told, "momentum positive in 5 of 5 recipes: 5 leading");
    }
}
