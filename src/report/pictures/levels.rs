//! IWM's price against its old high, support and resistance.

use super::axis::Axis;
use super::scene::{Scene, shown};
use super::{Figures, Picture, Shape};
use crate::signals::Unit;

pub(super) const TITLE: &str = "IWM, its prior high, support and resistance";

/// Sessions shown.
const SHOWN: usize = 504;

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let close = &scene.market.prices("IWM").ok()?.close;
    let start = scene.start(&[close]).max(close.len().saturating_sub(SHOWN));
    // on a stale page the levels are those of the session at which the close ends
    let end = scene.end(&[close]);
    let level = |reading: &str| scene.numbers("breakout", reading).map_or(f64::NAN, |levels| levels[end]);
    let zones = [
        ("support", "favour-zone", level("support_low"), level("support_high")),
        ("resistance", "against-zone", level("resistance_low"), level("resistance_high")),
    ];
    let high = level("prior_high");
    let edges = zones.iter().flat_map(|(.., low, high)| [*low, *high]).chain([high]);
    let y = Axis::holding("IWM, close, dollars", close[start..].iter().copied().chain(edges))?;
    let x = Axis::days(scene.market.sessions[start], scene.market.reference());
    // a zone of one price is still seen
    let thin = (y.high - y.low) * 0.006;
    let held = zones.iter().filter(|(.., low, _)| low.is_finite());
    let mut shapes: Vec<Shape> = held
        .map(|(name, ink, low, top)| {
            let name = format!("{name} {}", range(*low, *top));
            Shape::Area { name, ink, from: (x.low, low - thin), to: (x.high, top + thin) }
        })
        .collect();
    if high.is_finite() {
        let name = format!("prior high {}", shown(high, Unit::Price));
        shapes.push(Shape::Level { name, ink: "limit", at: high });
    }
    shapes.push(scene.line("IWM", "first", close, start));
    let last = close[end];
    let description = format!(
        "IWM's close from {} to {}. It ends at {}; {}.",
        scene.market.sessions[start],
        scene.market.sessions[end],
        shown(last, Unit::Price),
        words(high, &zones),
    );
    Some(Picture { id: "levels", title: TITLE.into(), description, x, y, shapes, figures: figures(last, high, &zones) })
}

/// A name, how it is drawn, and the ends of a zone of prices; `NaN` where there is none.
type Zone = (&'static str, &'static str, f64, f64);

/// The levels in words.
fn words(high: f64, zones: &[Zone]) -> String {
    let highest = format!("the highest close of all years but the last is {}", shown(high, Unit::Price));
    let zone = |(name, _, low, top): &Zone| {
        if low.is_finite() { format!("the nearest {name} {}", range(*low, *top)) } else { format!("no {name} known") }
    };
    let words: Vec<String> = high.is_finite().then_some(highest).into_iter().chain(zones.iter().map(zone)).collect();
    words.join(", ")
}

/// The levels as a table.
fn figures(close: f64, high: f64, zones: &[Zone]) -> Figures {
    let away = |level: f64| shown(level / close - 1.0, Unit::Fraction);
    let price = |level: f64| shown(level, Unit::Price);
    let mut rows = vec![
        vec!["close".to_owned(), price(close), away(close)],
        vec!["prior high".to_owned(), price(high), away(high)],
    ];
    for (name, _, low, top) in zones {
        rows.push(vec![format!("{name}, low"), price(*low), away(*low)]);
        rows.push(vec![format!("{name}, high"), price(*top), away(*top)]);
    }
    Figures { names: ["level", "dollars", "from the close"].map(str::to_owned).into(), rows }
}

/// A zone of prices.
fn range(low: f64, high: f64) -> String {
    if low < high {
        format!("{} to {}", shown(low, Unit::Price), shown(high, Unit::Price))
    } else {
        shown(low, Unit::Price)
    }
}
