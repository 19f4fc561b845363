//! How cheap small caps are against large ones.

use super::axis::Axis;
use super::scene::{Cells::Told, Scene, shown};
use super::{Picture, Shape};
use crate::report::figures::{NO_FIGURE, signed};
use crate::signals::Unit;

pub(super) const TITLE: &str = "Valuation of small caps against large caps";

/// What the gap may be measured by.
struct Measure {
    /// The reading, and that of its place.
    reading: &'static str,
    place: &'static str,
    /// Names of the axis and of the line.
    axis: &'static str,
    name: &'static str,
    /// Which way it is to be read.
    sign: &'static str,
    /// A figure of it, as its axis counts.
    figure: fn(f64) -> String,
}

const MEASURES: [Measure; 2] = [
    Measure {
        reading: "gap",
        place: "percentile",
        axis: "forward P/E, small over large, percent",
        name: "gap of the forward P/Es",
        sign: "above 0 small caps are the dearer",
        figure: |gap| shown(gap, Unit::Fraction),
    },
    Measure {
        reading: "dividend_yield_gap",
        place: "dividend_yield_percentile",
        axis: "dividend yield, small less large, points",
        name: "gap of the dividend yields",
        sign: "above 0 small caps yield more",
        figure: points,
    },
];

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let headline = scene.report.signals.iter().find(|row| row.id == "valuation-gap")?.history.as_ref()?.reading;
    let Measure { reading, place, axis, name, sign, figure } =
        MEASURES.into_iter().find(|measure| measure.reading == headline)?;
    let gap = scene.numbers("valuation-gap", reading)?;
    let percent: Vec<f64> = gap.iter().map(|gap| gap * 100.0).collect();
    let start = scene.start(&[gap]);
    let y = Axis::holding(axis, percent.iter().copied().chain([0.0]))?;
    let shapes =
        vec![Shape::Level { name: String::new(), ink: "limit", at: 0.0 }, scene.line(name, "first", &percent, start)];
    let place = scene.latest("valuation-gap", place);
    let placed = format!(", percentile {} of its history, where 100 is the cheapest", shown(place, Unit::Percentile));
    let description = format!(
        "The {name} of small caps against large caps, from {} to {}; {sign}. It ends at {}{}.",
        scene.market.sessions[start],
        scene.market.reference(),
        figure(scene.latest("valuation-gap", reading)),
        if place.is_finite() { &placed } else { "" },
    );
    let figures = scene.by_years(start, &[(name, Told(figure, gap))]);
    let x = Axis::days(scene.market.sessions[start], scene.market.reference());
    Some(Picture { id: "valuation", title: TITLE.into(), description, x, y, shapes, figures })
}

/// A gap of yields in points.
fn points(gap: f64) -> String {
    if gap.is_finite() { format!("{} points", signed(100.0 * gap, 2)) } else { NO_FIGURE.into() }
}
