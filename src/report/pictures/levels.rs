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
    let level = |reading: &str| scene.latest("breakout", reading);
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
    let end = scene.end(&[close]);
    let last = close[end];
    let description = format!(
        "IWM's close from {} to {}. It ends at {}; the highest close of all years but the last is {}, the nearest support \
         {}, the nearest resistance {}.",
        scene.market.sessions[start],
        scene.market.sessions[end],
        shown(last, Unit::Price),
        shown(high, Unit::Price),
        range(zones[0].2, zones[0].3),
        range(zones[1].2, zones[1].3),
    );
    Some(Picture { id: "levels", title: TITLE.into(), description, x, y, shapes, figures: figures(last, high, &zones) })
}

/// The levels as a table.
fn figures(close: f64, high: f64, zones: &[(&str, &str, f64, f64)]) -> Figures {
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
