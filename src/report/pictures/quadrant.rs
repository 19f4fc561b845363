//! The last weeks of IWM/SPY in the circle of strength and momentum.

use super::axis::Axis;
use super::scene::{Scene, shown};
use super::{Figures, Picture, Shape};
use crate::signals::Unit;

pub(super) const TITLE: &str = "Strength and momentum of IWM/SPY, the last weeks";

/// Weeks shown.
const WEEKS: usize = 13;
/// Where both are neither strong nor weak.
const CENTRE: f64 = 100.0;

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let strength = scene.numbers("rotation-quadrant", "rs_ratio_ma")?;
    let momentum = scene.numbers("rotation-quadrant", "rs_momentum_ma")?;
    let weeks = weeks(scene, strength, momentum);
    let points: Vec<(f64, f64)> = weeks.iter().map(|&t| (strength[t], momentum[t])).collect();
    let (&now, &last) = (points.last()?, weeks.last()?);
    let reach = points.iter().map(|(x, y)| (x - CENTRE).abs().max((y - CENTRE).abs())).fold(0.1, f64::max) * 1.25;
    let axis = |name: &str| Axis::between(name, CENTRE - reach, CENTRE + reach);
    let edge = reach * 0.97;
    let corner = |x: f64, y: f64, words: &str| Shape::Dot {
        ink: if x > 0.0 { "corner-right" } else { "corner-left" },
        at: (CENTRE + x * edge, CENTRE + y * edge),
        words: words.into(),
    };
    let mut shapes = vec![
        Shape::Level { name: String::new(), ink: "limit", at: CENTRE },
        Shape::Line {
            name: String::new(),
            ink: "limit",
            points: [CENTRE - reach, CENTRE + reach].map(|y| Some((CENTRE, y))).into(),
        },
        corner(1.0, 0.92, "leading"),
        corner(-1.0, 0.92, "improving"),
        corner(-1.0, -1.0, "lagging"),
        corner(1.0, -1.0, "weakening"),
        Shape::Line { name: "a dot a week".into(), ink: "first", points: points.iter().copied().map(Some).collect() },
    ];
    shapes.extend(points.iter().map(|&at| Shape::Dot { ink: "first", at, words: String::new() }));
    shapes.push(Shape::Dot { ink: "now", at: now, words: scene.market.sessions[last].to_string() });
    let name = |(x, y): (f64, f64)| match (x > CENTRE, y > CENTRE) {
        (true, true) => "leading",
        (false, true) => "improving",
        (true, false) => "weakening",
        (false, false) => "lagging",
    };
    let description = format!(
        "Strength of IWM/SPY to the right and its momentum upwards, by weeks from {} to {}, by the first of five recipes: \
         100 × its 10-week over its 30-week mean, and that over its own 10-week mean. It ends at {} and {}: {}.",
        scene.market.sessions[*weeks.first()?],
        scene.market.sessions[last],
        shown(now.0, Unit::Number),
        shown(now.1, Unit::Number),
        name(now),
    );
    let rows = weeks.iter().rev().map(|&t| {
        let at = (strength[t], momentum[t]);
        vec![
            scene.market.sessions[t].to_string(),
            shown(at.0, Unit::Number),
            shown(at.1, Unit::Number),
            name(at).to_owned(),
        ]
    });
    let names = ["week to", "strength", "momentum", "quadrant"].map(str::to_owned).into();
    let figures = Figures { names, rows: rows.collect() };
    let (x, y) = (axis("strength, 100 = its mean"), axis("momentum, 100 = none"));
    Some(Picture { id: "quadrant", title: TITLE.into(), description, x, y, shapes, figures })
}

/// The first sessions at which the figures of each of the last weeks are known.
fn weeks(scene: &Scene, strength: &[f64], momentum: &[f64]) -> Vec<usize> {
    let known = |t: &usize| strength[*t].is_finite() && momentum[*t].is_finite();
    let moved = |t: &usize| *t == 0 || (strength[*t], momentum[*t]) != (strength[*t - 1], momentum[*t - 1]);
    let mut weeks: Vec<usize> = (0..=scene.market.last()).rev().filter(known).filter(moved).take(WEEKS).collect();
    weeks.reverse();
    weeks
}
