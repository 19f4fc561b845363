//! What followed the stage of today, as intervals.

use super::axis::Axis;
use super::scene::{Scene, shown};
use super::{Figures, Picture, Shape};
use crate::signals::Unit;

pub(super) const TITLE: &str = "Track record: what followed this stage";

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let horizons = &scene.report.evidence.horizons;
    (!horizons.is_empty()).then_some(())?;
    let count = horizons.len() as f64;
    // the nearest horizon stands on top
    let place = |i: usize| count - 1.0 - i as f64;
    let difference = |i: usize| 100.0 * (horizons[i].mean.0 - horizons[i].base_mean.0);
    let interval = |i: usize| horizons[i].interval.map(|ends| ends.map(|end| 100.0 * end.0));
    let ends =
        (0..horizons.len()).flat_map(|i| interval(i).unwrap_or([difference(i); 2]).into_iter().chain([difference(i)]));
    let x = Axis::holding("IWM less SPY against all sessions, percent (log)", ends.chain([0.0]))?;
    let line = |name: &str, ink, points: [(f64, f64); 2]| Shape::Line {
        name: name.into(),
        ink,
        points: points.map(Some).into(),
    };
    let mut shapes = vec![line("", "frame", [(0.0, -0.5), (0.0, count - 0.5)])];
    for i in 0..horizons.len() {
        if let Some([low, high]) = interval(i) {
            shapes.push(line("95 % interval (Newey–West)", "first", [(low, place(i)), (high, place(i))]));
        }
        shapes.push(Shape::Dot { ink: "now", at: (difference(i), place(i)), words: String::new() });
    }
    let said: Vec<String> = (0..horizons.len())
        .map(|i| {
            let within = interval(i).map_or("too few windows for an interval".into(), |[low, high]| {
                format!("{} to {}", shown(low / 100.0, Unit::Fraction), shown(high / 100.0, Unit::Fraction))
            });
            format!("{} sessions {} ({within})", horizons[i].sessions, shown(difference(i) / 100.0, Unit::Fraction))
        })
        .collect();
    let description = format!(
        "How much more or less IWM returned than SPY after sessions in the stage {}, against all sessions, by horizon: {}. An \
         interval that holds 0 does not tell this stage from the others.",
        scene.report.verdict.stage,
        said.join("; "),
    );
    let rows = horizons.iter().enumerate().map(|(i, row)| {
        let figure = |value: f64, unit| shown(value, unit);
        let interval = interval(i).map_or("–".into(), |[low, high]| {
            format!("{} to {}", figure(low / 100.0, Unit::Fraction), figure(high / 100.0, Unit::Fraction))
        });
        vec![
            row.sessions.to_string(),
            figure(row.n as f64, Unit::Count),
            figure(row.n_effective.0, Unit::Number),
            figure(row.mean.0, Unit::Fraction),
            figure(row.base_mean.0, Unit::Fraction),
            interval,
            figure(row.hit_rate.0, Unit::Share),
            figure(row.base_rate.0, Unit::Share),
        ]
    });
    let names =
        ["sessions later", "n", "n effective", "mean", "all", "interval of the difference", "ahead", "all ahead"];
    let figures = Figures { names: names.map(str::to_owned).into(), rows: rows.collect() };
    let ticks = horizons.iter().enumerate().map(|(i, row)| (place(i), format!("{} sessions", row.sessions))).collect();
    let y = Axis { name: String::new(), low: -0.5, high: count - 0.5, ticks };
    Some(Picture { id: "evidence", title: TITLE.into(), description, x, y, shapes, figures })
}
