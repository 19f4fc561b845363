//! The two-year yield and the target of the Federal Reserve.

use super::axis::Axis;
use super::scene::{Cells::In, Scene, shown};
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
    let any = |values: &[f64]| values[start..].iter().any(|value| value.is_finite());
    any(&yields).then_some(())?;
    let has_target = any(&target);
    let mut shapes = states(scene, start, (y.low, y.high));
    if has_target {
        shapes.push(scene.line("policy target, upper bound", "second", &target, start));
    }
    shapes.push(scene.line("two-year yield", "first", &yields, start));
    let state = scene.report.rate_regime.state.as_deref().unwrap_or("unknown");
    let ending = |values: &[f64]| shown(values[scene.end(&[values])], Unit::Percent);
    let mut columns = vec![("two-year", In(Unit::Percent, &yields))];
    let (mut bound, mut target_ends) = ("", String::new());
    if has_target {
        columns.push(("target", In(Unit::Percent, &target)));
        (bound, target_ends) =
            (" and the upper bound of the policy target", format!(", the target at {}", ending(&target)));
    }
    let description = format!(
        "The two-year Treasury yield{bound}, from {} to {}, over the state of policy. The yield ends at {}{target_ends}; \
         policy is {}.",
        scene.market.sessions[start],
        scene.market.sessions[scene.end(&[&yields, &target])],
        ending(&yields),
        STATES.iter().find(|(id, ..)| *id == state).map_or(state, |(_, name, _)| name),
    );
    let figures = scene.by_years(start, &columns);
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
