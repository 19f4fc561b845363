//! The score of each pillar.

use super::axis::Axis;
use super::scene::Scene;
use super::{Figures, Picture, Shape};
use crate::report::figures::{score, weight};
use crate::report::words;

pub(super) const TITLE: &str = "Score by pillar";

/// Half the height of a bar, where pillars stand one apart.
const HALF: f64 = 0.3;

#[expect(clippy::unnecessary_wraps, reason = "every picture has this signature")]
pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let pillars = &scene.report.pillars;
    let count = pillars.len() as f64;
    // the first stands on top
    let place = |i: usize| count - 1.0 - i as f64;
    let bar = |(i, score): (usize, f64)| Shape::Area {
        name: String::new(),
        ink: if score < 0.0 { "against" } else { "favour" },
        from: (score.min(0.0), place(i) - HALF),
        to: (score.max(0.0), place(i) + HALF),
    };
    let told = |score: f64| if score.is_finite() { self::score(score) } else { "no score".into() };
    let scores = pillars.iter().map(|pillar| pillar.score.0).enumerate();
    let mut shapes: Vec<Shape> = scores.clone().filter(|(_, score)| score.is_finite()).map(bar).collect();
    let middle = [-0.5, count - 0.5].map(|y| Some((0.0, y))).into();
    shapes.push(Shape::Line { name: String::new(), ink: "frame", points: middle });
    shapes.extend(scores.map(|(i, score)| Shape::Dot {
        ink: if score < 0.0 { "beside-left" } else { "beside-right" },
        at: (if score.is_finite() { score } else { 0.0 }, place(i)),
        words: told(score),
    }));
    let said: Vec<String> =
        pillars.iter().map(|pillar| format!("{} {}", pillar.id.id(), told(pillar.score.0))).collect();
    let description = format!(
        "The mean vote of each pillar, from −1 (against a rotation into small caps) to +1 (for it): {}. Weighted, they make \
         a score of {}.",
        said.join(", "),
        score(scene.report.verdict.score.0),
    );
    let rows = pillars.iter().map(|pillar| {
        let votes = [pillar.in_favour, pillar.against, pillar.neutral, pillar.missing].map(|votes| votes.to_string());
        let head = [pillar.id.id().to_owned(), words::question(pillar.id).into(), weight(pillar.weight.0)];
        [&head[..], &[score(pillar.score.0)], &votes].concat()
    });
    let names = ["pillar", "asks", "weight", "score", "for", "against", "neutral", "missing"].map(str::to_owned).into();
    let figures = Figures { names, rows: rows.collect() };
    let x = Axis::between("mean vote, −1 against, +1 for", -1.4, 1.4);
    let ticks = pillars.iter().enumerate().map(|(i, pillar)| (place(i), pillar.id.id().to_owned())).collect();
    let y = Axis { name: String::new(), low: -0.5, high: count - 0.5, ticks };
    Some(Picture { id: "pillars", title: TITLE.into(), description, x, y, shapes, figures })
}
