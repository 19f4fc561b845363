//! How cheap small caps are against large ones.

use super::axis::Axis;
use super::scene::{Scene, shown};
use super::{Picture, Shape};
use crate::signals::Unit;

pub(super) const TITLE: &str = "Valuation of small caps against large caps";

/// What the gap may be measured by: reading, its place, name of the axis, name of the line, dearer when.
const MEASURES: [(&str, &str, &str, &str, &str); 2] = [
    (
        "gap",
        "percentile",
        "forward P/E, small over large, percent",
        "gap of the forward P/Es",
        "above 0 small caps are the dearer",
    ),
    (
        "dividend_yield_gap",
        "dividend_yield_percentile",
        "dividend yield, small less large, points",
        "gap of the dividend yields",
        "above 0 small caps yield more",
    ),
];

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let headline = scene.report.signals.iter().find(|row| row.id == "valuation-gap")?.history.as_ref()?.reading;
    let (reading, place, axis, name, sign) = MEASURES.into_iter().find(|(reading, ..)| *reading == headline)?;
    let gap = scene.numbers("valuation-gap", reading)?;
    let percent: Vec<f64> = gap.iter().map(|gap| gap * 100.0).collect();
    let start = scene.start(&[gap]);
    let y = Axis::holding(axis, percent.iter().copied().chain([0.0]))?;
    let shapes =
        vec![Shape::Level { name: String::new(), ink: "limit", at: 0.0 }, scene.line(name, "first", &percent, start)];
    let description = format!(
        "The {name} of small caps against large caps, from {} to {}; {sign}. It ends at {}, percentile {} of its history, \
         where 100 is the cheapest.",
        scene.market.sessions[start],
        scene.market.reference(),
        shown(scene.latest("valuation-gap", reading), Unit::Fraction),
        shown(scene.latest("valuation-gap", place), Unit::Percentile),
    );
    let figures = scene.by_years(start, &[(name, Unit::Fraction, gap)]);
    let x = Axis::days(scene.market.sessions[start], scene.market.reference());
    Some(Picture { id: "valuation", title: TITLE.into(), description, x, y, shapes, figures })
}
