//! The two-year yield and the target of the Federal Reserve.

use super::axis::Axis;
use super::scene::{Scene, shown};
use super::{Picture, Shape};
use crate::signals::{Column, Unit};

pub(super) const TITLE: &str = "Two-year yield and the policy of the Federal Reserve";

/// How the states of policy are drawn.
const STATES: [(&str, &str, &str); 4] = [
    ("easing", "easing", "favour-zone"),
    ("hiking", "hiking", "against-zone"),
    ("hold-after-cut", "hold after cuts", "favour-pale"),
    ("hold-after-hike", "hold after hikes", "against-pale"),
];

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let values = |input: &str| scene.market.known(input).ok().map(crate::series::Known::values);
    let (two_year, target) = (values("two-year"), values("policy-target"));
    let none = || vec![f64::NAN; scene.market.sessions.len()];
    let [yields, target] = [two_year, target].map(|values| values.unwrap_or_else(none));
    // from where both are known, or the yield alone
    let first = |values: &[f64]| values.iter().position(|value| value.is_finite());
    let start = first(&yields)?.max(first(&target).unwrap_or_default());
    let shown_from = |values: &[f64]| values[start..].to_vec();
    let y = Axis::holding("percent a year", shown_from(&yields).into_iter().chain(shown_from(&target)).chain([0.0]))?;
    yields[start..].iter().any(|value| value.is_finite()).then_some(())?;
    let mut shapes = states(scene, start, (y.low, y.high));
    shapes.push(scene.line("policy target, upper bound", "second", &target, start));
    shapes.push(scene.line("two-year yield", "first", &yields, start));
    let state = scene.report.rate_regime.state.as_deref().unwrap_or("unknown");
    let [yields_end, target_end] = [&yields, &target].map(|values| scene.end(&[values]));
    let description = format!(
        "The two-year Treasury yield and the upper bound of the policy target, from {} to {}, over the state of policy. The \
         yield ends at {}, the target at {}; policy is {}.",
        scene.market.sessions[start],
        scene.market.sessions[scene.end(&[&yields, &target])],
        shown(yields[yields_end], Unit::Percent),
        shown(target[target_end], Unit::Percent),
        STATES.iter().find(|(id, ..)| *id == state).map_or(state, |(_, name, _)| name),
    );
    let figures = scene.by_years(start, &[("two-year", Unit::Percent, &yields), ("target", Unit::Percent, &target)]);
    let x = Axis::days(scene.market.sessions[start], scene.market.reference());
    Some(Picture { id: "rates", title: TITLE.into(), description, x, y, shapes, figures })
}

/// A ground for each spell of a state of policy.
fn states(scene: &Scene, start: usize, (low, high): (f64, f64)) -> Vec<Shape> {
    let Some(Column::Word(words, names)) = scene.column("policy-cycle", "state") else { return Vec::new() };
    let ground = |(first, last, word): (usize, usize, Option<u16>)| {
        let id = names.get(usize::from(word?))?;
        let (_, name, ink) = STATES.iter().find(|(known, ..)| known == id)?;
        let end = (last + 1).min(scene.market.last());
        Some(Shape::Area { name: (*name).into(), ink, from: (scene.x(first), low), to: (scene.x(end), high) })
    };
    Scene::spells(start, words).into_iter().filter_map(ground).collect()
}
