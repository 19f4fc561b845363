//! IWM/SPY over the years, with the stage at its foot.

use super::axis::Axis;
use super::scene::Cells::{In, Words};
use super::scene::{Scene, shown};
use super::{Picture, Shape};
use crate::signals::Unit;
use crate::verdict::Stage;

pub(super) const TITLE: &str = "IWM/SPY, its 200-day mean, and the stage";

/// Part of the height that the stages take.
const FOOT: f64 = 0.16;

/// Stages from the lowest bar to the highest, with how each is drawn.
const STAGES: [(Stage, &str); 5] = [
    (Stage::None, "stage-none"),
    (Stage::Fading, "stage-fading"),
    (Stage::Setup, "stage-setup"),
    (Stage::Early, "stage-early"),
    (Stage::Confirmed, "stage-confirmed"),
];

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let ratio = scene.numbers("relative-strength", "ratio")?;
    let gap = scene.numbers("relative-strength", "sma200_gap")?;
    let mean: Vec<f64> = ratio.iter().zip(gap).map(|(ratio, gap)| ratio / (1.0 + gap)).collect();
    let start = scene.start(&[ratio]);
    let mut y = Axis::holding("IWM/SPY, dividends reinvested; 1 at the first session", ratio.iter().copied())?;
    let foot = y.low;
    let height = (y.high - y.low) * FOOT;
    y.low -= height * 1.1;
    // one of no size for each stage puts them in order in the legend
    let unseen = |(stage, ink): (Stage, &'static str)| {
        let at = (scene.x(start), y.low);
        Shape::Area { name: stage.to_string(), ink, from: at, to: at }
    };
    let mut shapes: Vec<Shape> = STAGES.into_iter().map(unseen).collect();
    shapes.extend(stages(scene, start, y.low, height));
    shapes.push(Shape::Level { name: String::new(), ink: "frame", at: foot });
    shapes.push(scene.line("200-day mean", "second", &mean, start));
    shapes.push(scene.line("IWM/SPY", "first", ratio, start));
    let (end, sessions) = (scene.end(&[ratio]), &scene.market.sessions);
    let description = format!(
        "The ratio of IWM to SPY with dividends reinvested, from {} to {}. It ends at {}, {} from its 200-day mean. \
         Bars at the foot show the stage of every session that has one, the higher the further a rotation into small \
         caps had come; that of {} is {}.",
        sessions[start],
        sessions[end],
        shown(ratio[end], Unit::Number),
        shown(gap[end], Unit::Fraction),
        scene.market.reference(),
        scene.report.verdict.stage,
    );
    let stage = |t: usize| scene.verdict.staged[t].stage.to_string();
    let columns = [
        ("IWM/SPY", In(Unit::Number, ratio)),
        ("200-day mean", In(Unit::Number, &mean)),
        ("gap", In(Unit::Fraction, gap)),
        ("stage", Words(&stage)),
    ];
    let figures = scene.by_years(start, &columns);
    let x = Axis::days(scene.market.sessions[start], scene.market.reference());
    Some(Picture { id: "relative", title: TITLE.into(), description, x, y, shapes, figures })
}

/// A bar for each spell of a stage, of the height of its rank.
fn stages(scene: &Scene, start: usize, low: f64, height: f64) -> Vec<Shape> {
    let stages: Vec<Stage> = scene.verdict.staged.iter().map(|staged| staged.stage).collect();
    let bar = |(first, last, stage): (usize, usize, Stage)| {
        let rank = STAGES.iter().position(|(one, _)| *one == stage)?;
        let top = low + height * (rank + 1) as f64 / STAGES.len() as f64;
        let end = (last + 1).min(scene.market.last());
        let name = stage.to_string();
        Some(Shape::Area { name, ink: STAGES[rank].1, from: (scene.x(first), low), to: (scene.x(end), top) })
    };
    Scene::spells(start, &stages).into_iter().filter_map(bar).collect()
}
