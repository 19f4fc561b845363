//! `cycles`: is there a rhythm beyond noise? Usually there is none, and then it says so.

mod null;
mod projection;
mod spectrum;

use std::fmt::Write;

use projection::Record;
use spectrum::{Spectrum, WINDOW, resultant, spectra};

use super::words::{number, signed_percent};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, named, reading, said};
use crate::series::{Figure, Market, Missing, Observations, Periods};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("periods_iwm", Unit::Plain),
    reading("phases_iwm", Unit::Plain),
    reading("strength_iwm", Unit::Number),
    reading("periods_spy", Unit::Plain),
    reading("phases_spy", Unit::Plain),
    reading("strength_spy", Unit::Number),
    reading("alignment", Unit::Number),
    reading("projection_63d", Unit::Fraction),
    reading("projection_hit_rate", Unit::Share),
    reading("projection_count", Unit::Count),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "cycles",
    pillar: Pillar::Cycles,
    readings: READINGS,
    headline: |_| "strength_iwm",
    basis: "close less its 252-session mean, logarithms, at complete months",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next { past: |_, votes| Past::window(votes, REACH), one_way: |market| !completes_month(market) },
    summary,
    meaning: "Whether prices swing with a period of one to twelve months more strongly than a series without any rhythm \
              does by chance. Popular cycle methods always find a dominant cycle, from noise too; here the answer is \
              usually that there is none. It is shown beside the pillars and counts in none.",
    formula: "ratio of the periodogram of 1,260 sessions at the periods 1260/k, k = 5 to 63, to that of a series with the \
              same persistence, (1 − r × r)/(1 − 2r × cos(2 pi/period) + r × r), level set by the median ratio; r = (r1 + square \
              root of r2)/2, of the autocorrelations at 1 and 2 sessions; significant above the largest ratio that such \
              noise exceeds in 5 % of cases; strength = largest ratio / that limit; phase in degrees after the crest",
    rule: |_| {
        "IWM's significant cycles rise and SPY's do not → +1, the other way round → −1, else 0; without a significant \
         cycle it abstains"
            .into()
    },
    source: "red-noise background after Torrence and Compo, Bulletin of the American Meteorological Society 79 (1998), \
             61–78; window, periods, median level and detrending are convention",
};

/// Sessions of the mean that is taken away: one-sided, and no shorter than the longest period.
const TREND: usize = 252;
/// Closes without which nothing is measured.
const CLOSES: usize = WINDOW + TREND - 1;
/// Most sessions that so many closes may be spread over.
const SPREAD: usize = CLOSES + CLOSES / 50;

/// Sessions that the vote rests on: the closes of the last complete month, which may lie a month back.
const REACH: usize = SPREAD + 30;

/// Whether the last session completes a month. If not, its prices count in no window.
fn completes_month(market: &Market) -> bool {
    market.calendar.completes_month(market.reference())
}

fn track(market: &Market) -> Result<Track, Missing> {
    let logs = |input| Ok(market.prices(input)?.close.iter().map(|close| close.ln()).collect::<Vec<f64>>());
    let (iwm, spy) = (logs("IWM")?, logs("SPY")?);
    let at = market.observe(&[("IWM", &iwm), ("SPY", &spy)]);
    let months = market.months();
    let ends = window_ends(&at, &months);
    let [iwm, spy] = [&iwm, &spy].map(|logs| detrended(&at.gather(logs)));
    let (of_iwm, of_spy) = rayon::join(|| spectra(&iwm, &ends), || spectra(&spy, &ends));
    let records = projection::records(&iwm, &of_iwm, &ends);
    let pairs = of_iwm.into_iter().zip(of_spy).map(|(iwm, spy)| Some([iwm?, spy?]));
    let measured = Measured { months, last: ends.last().copied().flatten(), pairs: pairs.collect(), records };

    let side =
        measured.figure(&at, "no significant cycle in IWM or SPY", |[iwm, spy], _| match (iwm.rises(), spy.rises()) {
            (None, None) => f64::NAN,
            (iwm, spy) => f64::from(i8::from(iwm == Some(true)) - i8::from(spy == Some(true))),
        });
    let shown = at.shown(market);
    let alignment = measured.figure(&shown, "no significant cycle in IWM or SPY", |[iwm, spy], _| {
        resultant(iwm.cycles.iter().chain(&spy.cycles).map(|cycle| cycle.phase))
    });
    let few = format!("no significant cycle in IWM, or fewer than {} projections that came due", projection::ENOUGH);
    let votes = side.values.iter().copied().map(said).collect();
    let wanted = market.shown(measured.pairs.len());
    let track = [0, 1].into_iter().fold(Track::new(votes, &[&side]), |track, which| {
        let words = |track: Track, of: fn(&Spectrum) -> String| {
            let name = |(month, pair): (usize, &Option<[Spectrum; 2]>)| {
                pair.as_ref().filter(|_| month >= wanted).map_or_else(String::new, |pair| of(&pair[which]))
            };
            track.word(measured.numbers(&shown), measured.pairs.iter().enumerate().map(name))
        };
        let track = words(words(track, Spectrum::periods), Spectrum::phases);
        // IWM's decides what is shown of the history
        let at = [&at, &shown][which];
        track.number(measured.figure(at, "the closes do not vary", |pair, _| pair[which].strength))
    });
    Ok(track
        .number(alignment)
        .number(measured.figure(&shown, &few, |[iwm, _], record| record.given(iwm.projection())))
        .number(measured.figure(&shown, "no projection has come due", |_, record| record.hit_rate()))
        .number(measured.figure(&shown, "", |_, record| record.due as f64)))
}

/// Logarithms less their trailing mean; `NaN` until there is one.
fn detrended(logs: &[f64]) -> Vec<f64> {
    logs.iter().zip(stats::mean(logs, TREND)).map(|(log, mean)| log - mean).collect()
}

/// For each complete month the observation its window ends with, `None` where there is no window.
fn window_ends(at: &Observations, months: &Periods) -> Vec<Option<usize>> {
    let sessions = at.sessions();
    let mut begin = 0;
    let window = |&end: &usize| {
        let before = std::mem::replace(&mut begin, end + 1);
        let last = sessions.partition_point(|&t| t <= end).checked_sub(1)?;
        let first = (last + 1).checked_sub(CLOSES)?;
        (sessions[last] >= before && sessions[last] - sessions[first] < SPREAD).then_some(last)
    };
    months.ends().iter().map(window).collect()
}

/// What was measured at each complete month.
struct Measured {
    months: Periods,
    /// The observation the last month's window ends with.
    last: Option<usize>,
    /// The spectra of IWM and SPY.
    pairs: Vec<Option<[Spectrum; 2]>>,
    /// What became of earlier projections.
    records: Vec<Record>,
}

impl Measured {
    /// Puts a figure of each month on the sessions; `undefined` says why it is `NaN` where the spectra are there.
    fn figure(&self, at: &Observations, undefined: &str, measure: impl Fn(&[Spectrum; 2], &Record) -> f64) -> Figure {
        let measured = |(pair, record): (&Option<[Spectrum; 2]>, &Record)| match pair {
            Some(pair) => measure(pair, record),
            None => f64::NAN,
        };
        let values: Vec<f64> = self.pairs.iter().zip(&self.records).map(measured).collect();
        let why = || match (self.pairs.last(), self.last) {
            (Some(Some(_)), _) => undefined.to_owned(),
            (_, Some(_)) => "the closes do not vary".into(),
            _ => format!("{CLOSES} closes of IWM and SPY are needed up to the last complete month"),
        };
        self.months.stand(at, &Figure::new(values, why))
    }

    /// The number of the month at each session.
    fn numbers(&self, at: &Observations) -> Figure {
        let number = |(i, pair): (usize, &Option<_>)| if pair.is_some() { i as f64 } else { f64::NAN };
        let numbers = Figure::complete(self.pairs.iter().enumerate().map(number).collect());
        let reason = self.figure(at, "", |_, _| 0.0).reason;
        Figure { reason, ..self.months.stand(at, &numbers) }
    }
}

fn summary(now: &Snapshot) -> String {
    let word = |name: &str| if let Value::Word(word) = now.get(name) { word } else { "none".into() };
    let [iwm, spy] = ["periods_iwm", "periods_spy"].map(word);
    if iwm == spectrum::NONE && spy == spectrum::NONE {
        let [iwm, spy] = ["strength_iwm", "strength_spy"].map(|name| number(100.0 * now.number(name), 0));
        return format!(
            "no significant cycle: the strongest swings reach {iwm} % (IWM) and {spy} % (SPY) of the limit for noise"
        );
    }
    let shown = |periods: String, phases: &str| match periods.as_str() {
        spectrum::NONE => periods,
        _ => format!("{periods} sessions at {} degrees", word(phases)),
    };
    let mut text = format!("cycles of IWM: {}; of SPY: {}", shown(iwm, "phases_iwm"), shown(spy, "phases_spy"));
    let ahead = now.number("projection_63d");
    if !ahead.is_nan() {
        let (rate, count) = (number(100.0 * now.number("projection_hit_rate"), 0), now.number("projection_count"));
        let ahead = signed_percent(ahead);
        write!(text, "; {ahead} in 63 sessions if it went on, of {count} such projections {rate} % had the right sign")
            .expect("writing to a string");
    }
    text
}

#[cfg(test)]
mod tests;
