//! `volume`: is there buying behind the move?

use super::words::{number, percent, setting, signed};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, named, reading, said};
use crate::series::{Figure, Market, Missing, Prices, widest};
use crate::stats;

const READINGS: &[Reading] = &[
    reading("volume_20_252", Unit::Number),
    reading("volume_percentile_3y", Unit::Percentile),
    reading("up_down_50d", Unit::Number),
    reading("up_down_median_3y", Unit::Number),
    reading("dollar_share", Unit::Share),
    reading("dollar_share_change_63d", Unit::Fraction),
    reading("chaikin_21d", Unit::Number),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "volume",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "up_down_50d",
    basis: "close and volume",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next::one_way(|_, votes| Past::window(votes, widest(51) + widest(756))),
    summary,
    meaning: "Whether IWM trades more on the days it rises than on the days it falls, and whether it takes a growing \
              part of the dollars traded in it and SPY together. A rise on growing volume has buyers behind it; one on \
              shrinking volume merely lacks sellers.",
    formula: "up_down_50d = volume on sessions with a higher close ÷ volume on sessions with a lower one, of the last \
              50; dollar_share = close × volume of IWM over 20 sessions ÷ the same of IWM and SPY; volume_20_252 = mean volume \
              of 20 sessions ÷ of 252; chaikin_21d = volume weighted by where in its range each session closed, from −1 \
              (low) to 1 (high)",
    rule: |settings| {
        let band = settings.bands.volume;
        let [high, low] = [1.0 + band, 1.0 - band].map(|part| setting(part, 1.0));
        format!(
            "up_down_50d at least {high} × its three-year median and dollar_share up over 63 sessions → +1; at most \
             {low} × and down → −1; else 0"
        )
    },
    source: "accumulation after Chaikin's money flow; volume as evidence after Blume, Easley and O'Hara, Journal of \
             Finance 49 (1994), 153–181; windows and bands are convention",
};

fn track(market: &Market) -> Result<Track, Missing> {
    let (iwm, spy) = (market.prices("IWM")?, market.prices("SPY")?);
    let busy = pace(market, iwm);
    let at = busy.observe("volume_20_252 of IWM").shown(market);
    let place = at.figure(756, stats::percentile(&at.gather(&busy.values), 756, 756, at.from()));
    let up_down = up_down(market, iwm);
    let at = up_down.observe("up_down_50d of IWM");
    let median = at.figure(756, stats::median(&at.gather(&up_down.values), 756, market.voted(at.len())));
    let share = dollar_share(market, iwm, spy);
    let at = share.observe("dollar_share of IWM");
    let change = at.figure(64, stats::change(&at.gather(&share.values), 63));

    let band = market.settings.bands.volume;
    let buying = up_down.with(&median, |ratio, median| {
        f64::from(i8::from(ratio >= (1.0 + band) * median) - i8::from(ratio <= (1.0 - band) * median))
    });
    let side = buying.with(&change, |buying, change| if buying * change > 0.0 { buying } else { 0.0 });
    let votes = side.values.iter().copied().map(said).collect();
    Ok(Track::new(votes, &[&side])
        .number(busy)
        .number(place)
        .number(up_down)
        .number(median)
        .number(share)
        .number(change)
        .number(chaikin(market, iwm)))
}

/// Mean volume of 20 sessions over that of 252.
fn pace(market: &Market, iwm: &Prices) -> Figure {
    let at = market.observe(&[("IWM", &dollars(iwm))]);
    let volume = at.gather(&iwm.volume);
    let (month, year) = (stats::mean(&volume, 20), stats::mean(&volume, 252));
    let pace = at.figure_where(252, quotient(&month, &year), "nothing was traded in 252 sessions");
    // a gap that a year bears may be too long for a month
    pace.with(&at.figure(20, month), |pace, _| pace)
}

/// Volume on sessions that closed higher than the one before over volume on those that closed lower.
fn up_down(market: &Market, iwm: &Prices) -> Figure {
    let at = market.observe(&[("IWM", &dollars(iwm))]);
    let (close, volume) = (at.gather(&iwm.close), at.gather(&iwm.volume));
    let side =
        |k: usize| if k == 0 { 0 } else { i8::from(close[k] > close[k - 1]) - i8::from(close[k] < close[k - 1]) };
    let on = |wanted: i8| (0..at.len()).map(|k| if side(k) == wanted { volume[k] } else { 0.0 }).collect::<Vec<_>>();
    let ratio = quotient(&stats::mean(&on(1), 50), &stats::mean(&on(-1), 50));
    at.figure_where(51, ratio, "no lower close with volume in 50 sessions")
}

/// IWM's part of the dollars traded in it and SPY over 20 sessions.
fn dollar_share(market: &Market, iwm: &Prices, spy: &Prices) -> Figure {
    let (small, large) = (dollars(iwm), dollars(spy));
    let at = market.observe(&[("IWM", &small), ("SPY", &large)]);
    let small = at.gather(&small);
    let both: Vec<f64> = small.iter().zip(&*at.gather(&large)).map(|(small, large)| small + large).collect();
    let share = quotient(&stats::mean(&small, 20), &stats::mean(&both, 20));
    at.figure_where(20, share, "nothing was traded in 20 sessions")
}

/// Volume weighted by where in its range each session closed: +1 at the high, −1 at the low.
fn chaikin(market: &Market, iwm: &Prices) -> Figure {
    let flow = |t: usize| {
        let (high, low, close) = (iwm.high[t], iwm.low[t], iwm.close[t]);
        let place = if high > low { ((close - low) - (high - close)) / (high - low) } else { 0.0 * (high - low) };
        place * iwm.volume[t]
    };
    let flow: Vec<f64> = (0..market.sessions.len()).map(flow).collect();
    let at = market.observe(&[("IWM", &flow)]);
    let (flow, volume) = (stats::mean(&at.gather(&flow), 21), stats::mean(&at.gather(&iwm.volume), 21));
    at.figure_where(21, quotient(&flow, &volume), "nothing was traded in 21 sessions")
}

/// Close times volume.
fn dollars(prices: &Prices) -> Vec<f64> {
    prices.close.iter().zip(&prices.volume).map(|(close, volume)| close * volume).collect()
}

/// One mean over another that is never below 0; `NaN` where that is 0.
fn quotient(over: &[f64], under: &[f64]) -> Vec<f64> {
    over.iter().zip(under).map(|(over, &under)| if under > 0.0 { over / under } else { f64::NAN }).collect()
}

fn summary(now: &Snapshot) -> String {
    let [ratio, median] = ["up_down_50d", "up_down_median_3y"].map(|name| number(now.number(name), 2));
    let share = percent(now.number("dollar_share"));
    let change = signed(100.0 * now.number("dollar_share_change_63d"), 1);
    format!("up/down volume {ratio} (median {median}), IWM {share} of the dollars, {change} points in 63 sessions")
}

#[cfg(test)]
mod tests;
