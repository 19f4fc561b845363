//! `breakout`: has IWM left its old high behind, or broken the floor under it?

mod hold;
mod swings;
#[cfg(test)]
mod tests;

use self::hold::{Bar, CONFIRMED, Hold};
use self::swings::{Nearest, Side, floors, nearest};
use super::words::{number, percent, setting};
use super::{
    Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, Vote, Votes, named, reading, run_start, said,
};
use crate::series::{Figure, Market, Missing, Observations};
use crate::stats::{self, WHOLE};

const READINGS: &[Reading] = &[
    reading("prior_high", Unit::Price),
    reading("prior_high_date", Unit::Plain),
    reading("above_prior_high_by", Unit::Fraction),
    reading("sessions_above", Unit::Count),
    reading("drawdown", Unit::Fraction),
    reading("support_low", Unit::Price),
    reading("support_high", Unit::Price),
    reading("support_touches", Unit::Count),
    reading("support_last_date", Unit::Plain),
    reading("resistance_low", Unit::Price),
    reading("resistance_high", Unit::Price),
    reading("resistance_touches", Unit::Count),
    reading("resistance_last_date", Unit::Plain),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "breakout",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "above_prior_high_by",
    basis: "close",
    inputs: |_| named(&["IWM"]),
    track,
    next: Next::one_way(past),
    summary,
    meaning: "Whether small caps stand above the highest close of all years but the last, and where buyers and sellers \
              turned the price before. Closing above an old high says that everyone who ever bought is in profit; \
              closing below a floor that held several times says that its buyers are gone. The floor is the nearest one below \
              the price, so it steps down with a slow slide: a close breaks it that falls well below it from above it in one \
              session.",
    formula: "prior_high = highest close up to t−252; a swing is the extreme close of ±10 sessions; a cluster holds the \
              swings of 756 sessions within 2.5 % above its lowest, two at least",
    rule: |settings| {
        let low = setting(1.0 - settings.bands.breakout_support, 1.0);
        let high = setting(1.0 - settings.bands.breakout_release, 1.0);
        format!(
            "close below {low} × the support's low of the session before → −1 until above that low or for 126 sessions; \
             else 3 closes running above prior_high → +1 until below {high} × prior_high or 126 sessions after the last \
             252-session high; else 0"
        )
    },
    source: "highs as anchors after George and Hwang, Journal of Finance 59 (2004), 2145–2176; support and resistance \
             after Osler, FRBNY Economic Policy Review 6 (2000), 53–68; spans and bands are convention",
};

/// Sessions in a year: what a prior high leaves out.
const YEAR: usize = 252;

fn track(market: &Market) -> Result<Track, Missing> {
    let close = &market.prices("IWM")?.close;
    let at = market.observe(&[("IWM", close)]);
    let shown = at.shown(market);
    let close = at.gather(close);
    let day = |k: usize| f64::from(market.sessions[at.sessions()[k]].number());

    let (high, reached) = prior_high(&close);
    let above: Vec<f64> = close.iter().zip(&high).map(|(close, high)| close / high - 1.0).collect();
    let running = running(&above);
    let highest = stats::highest(&close, WHOLE, shown.from());
    let drawdown = shown.measure(|k| close[k] / highest[k - shown.from()] - 1.0);

    let (sides, kept) = sides(market, &close, &high, &running);
    let votes = at.figure(swings::WINDOW + 1, sides);
    let since_high = |values: &[f64]| shown.figure_of_history(YEAR + 1, values);
    let reached = shown.measure(|k| reached[k].map_or(f64::NAN, day));
    let each: Vec<_> = votes.values.iter().copied().map(said).collect();
    let kept = kept && votes.reason.is_none();
    let track = Track::new(Votes { each, kept }, &[&votes])
        .number(since_high(&high))
        .date(since_high(&reached))
        .number(at.figure_of_history(YEAR + 1, &above))
        .number(since_high(&running))
        .number(shown.figure_of_history(1, &drawdown));
    let levels = |track: Track, side: Side, none: &str| {
        let nearest = nearest(&close, side, shown.from());
        let figure = |read: &dyn Fn(&Nearest) -> f64| level(&shown, &nearest, none, read);
        track
            .number(figure(&|cluster| cluster.low))
            .number(figure(&|cluster| cluster.high))
            .number(figure(&|cluster| cluster.touches as f64))
            .date(figure(&|cluster| day(cluster.last)))
    };
    let track = levels(track, Side::Support, "no cluster of lows lies below the close");
    Ok(levels(track, Side::Resistance, "no cluster of highs lies above the close"))
}

/// What the vote to come rests on: all that a close is judged by, from the session on before the run of the vote that stands
/// began, as what was held then shows in the votes.
fn past(market: &Market, votes: &[Vote]) -> Past {
    let agrees = run_start(votes).saturating_sub(1);
    let Ok(prices) = market.prices("IWM") else { return Past { from: 0, agrees } };
    let at = market.observe(&[("IWM", &prices.close)]);
    let begin = at.sessions().partition_point(|&t| t < agrees);
    // the prior high counts from so many sessions before as closes running above it make a breakout
    let high = begin.checked_sub(CONFIRMED + 1).and_then(|k| prior_high(&at.gather(&prices.close)).1[k]);
    let window = begin.checked_sub(swings::REACHES_BACK);
    let from = high.zip(window).map_or(0, |(high, window)| at.sessions()[high.min(window)]);
    Past { from, agrees }
}

/// Highest close up to a year before each, and which it is: the first of equals.
fn prior_high(close: &[f64]) -> (Vec<f64>, Vec<Option<usize>>) {
    let mut best: Option<usize> = None;
    let step = |k: usize| {
        if let Some(old) = k.checked_sub(YEAR)
            && best.is_none_or(|best| close[old] > close[best])
        {
            best = Some(old);
        }
        (best.map_or(f64::NAN, |best| close[best]), best)
    };
    (0..close.len()).map(step).unzip()
}

/// For each value the number of values above 0 in a row that end with it.
fn running(x: &[f64]) -> Vec<f64> {
    let mut run = 0.0;
    let step = |x: &f64| {
        run = if *x > 0.0 { run + 1.0 } else { 0.0 };
        run
    };
    x.iter().map(step).collect()
}

/// The side of each observation, and whether the last is an earlier one that is held.
fn sides(market: &Market, close: &[f64], high: &[f64], running: &[f64]) -> (Vec<f64>, bool) {
    let mut hold = Hold::new(&market.settings.bands);
    let floors = floors(close);
    let year_high = stats::highest(close, YEAR, 0);
    let step = |k: usize| {
        // the support as it stood before this close
        let floor = k.checked_sub(1).map(|before| floors[before]).filter(|floor| !floor.is_nan());
        f64::from(hold.side(&Bar {
            close: close[k],
            floor,
            prior_high: high[k],
            sessions_above: running[k],
            at_year_high: close[k] >= year_high[k],
        }))
    };
    let sides = (0..close.len()).map(step).collect();
    (sides, hold.kept)
}

/// A figure of the nearest cluster, given those of the observations whose figures are wanted.
fn level(at: &Observations, nearest: &[Option<Nearest>], none: &str, read: &dyn Fn(&Nearest) -> f64) -> Figure {
    let values: Vec<f64> = nearest.iter().map(|cluster| cluster.as_ref().map_or(f64::NAN, read)).collect();
    at.figure_where(swings::WINDOW, values, none)
}

fn summary(now: &Snapshot) -> String {
    let (high, by) = (number(now.number("prior_high"), 2), now.number("above_prior_high_by"));
    let side = if by > 0.0 { "above" } else { "below" };
    let reached = match now.get("prior_high_date") {
        Value::Date(day) => day.to_string(),
        _ => "n/a".into(),
    };
    let level = |name, what: &str, way: &str| match now.number(name) {
        level if level.is_nan() => format!("no {what}"),
        level => format!("{what} {way} to {}", number(level, 2)),
    };
    let [below, above] = [level("support_low", "support", "down"), level("resistance_high", "resistance", "up")];
    format!("IWM {} {side} the prior high of {high} ({reached}), {below}, {above}", percent(by.abs()))
}
