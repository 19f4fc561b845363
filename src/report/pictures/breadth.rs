//! Group breadth over the last year.

use super::axis::Axis;
use super::scene::{Cells::In, Scene, shown};
use super::{Picture, Shape};
use crate::signals::Unit;

pub(super) const TITLE: &str = "Breadth: small-cap groups above their means";

/// Sessions shown.
const SHOWN: usize = 252;

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let short = scene.numbers("group-breadth", "above_50d")?;
    let long = scene.numbers("group-breadth", "above_200d")?;
    let last = short.iter().rposition(|share| share.is_finite())?;
    let start = scene.start(&[short]).max((last + 1).saturating_sub(SHOWN));
    let percent = |shares: &[f64]| -> Vec<f64> { shares.iter().map(|share| share * 100.0).collect() };
    let bands = &scene.market.settings.bands;
    let level = |name: &str, at: f64| Shape::Level { name: name.into(), ink: "limit", at: at * 100.0 };
    let shapes = vec![
        level("votes from here on", bands.group_breadth_high),
        level("", bands.group_breadth_low),
        scene.line("above the 200-day mean", "second", &percent(long)[..=last], start),
        scene.line("above the 50-day mean", "first", &percent(short)[..=last], start),
    ];
    let description = format!(
        "The share of small-cap groups above their 50-day and 200-day means, from {} to {}. It ends at {} and {}; from {} \
         on it votes for, from {} down against.",
        scene.market.sessions[start],
        scene.market.sessions[last],
        shown(short[last], Unit::Share),
        shown(long[last], Unit::Share),
        shown(bands.group_breadth_high, Unit::Share),
        shown(bands.group_breadth_low, Unit::Share),
    );
    let columns = [("above 50-day", In(Unit::Share, short)), ("above 200-day", In(Unit::Share, long))];
    let figures = scene.by_months(start, &columns);
    let y = Axis::between("groups above their mean, percent", 0.0, 100.0);
    let x = Axis::days(scene.market.sessions[start], scene.market.sessions[last]);
    Some(Picture { id: "breadth", title: TITLE.into(), description, x, y, shapes, figures })
}
