//! A market one session longer, made anew from its series.

use rotation::bars::{Bar, Bars, Columns, Kind, Points, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::series::Market;

/// The market of the session after `reference`: every price stands on the same volume, but that `input` closes at
/// `level`, and every rate and value is the one known at `reference`.
pub(crate) fn market(shelf: &Shelf, calendar: &Calendar, reference: Day, input: &str, level: f64) -> Market {
    let next = calendar.next_session(reference);
    let mut shelf = shelf.clone();
    for (id, series) in &mut shelf {
        match &mut series.columns {
            Columns::Bars(bars) => {
                let close = (id.name == input).then_some(level);
                *bars = longer(bars, reference, next, close);
            }
            Columns::Points(points) => {
                let held = points.known_from.partition_point(|&day| day <= reference);
                points.truncate(held);
                // daily rates of the session before, published again
                if id.kind == Kind::Rates && is_daily(points, reference) {
                    let value = points.value[held - 1];
                    points.push(next, next, value);
                }
            }
        }
    }
    Market::build(&shelf, calendar.clone(), Settings::default(), next)
}

/// Whether there is a value for every day or session, up to now.
fn is_daily(points: &Points, reference: Day) -> bool {
    let [.., before, last] = points.day[..] else { return false };
    last.since(before) < 7 && reference.since(last) < 7
}

fn longer(bars: &Bars, reference: Day, next: Day, close: Option<f64>) -> Bars {
    let rows = bars.day.partition_point(|&day| day <= reference);
    let mut longer = Bars::default();
    for i in 0..rows {
        longer.push(Bar {
            day: bars.day[i],
            open: bars.open[i],
            high: bars.high[i],
            low: bars.low[i],
            close: bars.close[i],
            volume: bars.volume[i],
            dividend: bars.dividend[i],
            split: bars.split[i],
        });
    }
    if let Some(last) = rows.checked_sub(1).filter(|&last| bars.day[last] == reference) {
        let price = close.unwrap_or(bars.close[last]);
        let (volume, dividend, split) = (bars.volume[last], 0.0, 1.0);
        longer.push(Bar { day: next, open: price, high: price, low: price, close: price, volume, dividend, split });
    }
    longer
}
