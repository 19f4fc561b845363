//! KRE/SPY over the years.

use super::Picture;
use super::axis::Axis;
use super::scene::{Cells::In, Scene, shown};
use crate::signals::Unit;

pub(super) const TITLE: &str = "Regional banks: KRE/SPY and its 200-day mean";

pub(super) fn picture(scene: &Scene) -> Option<Picture> {
    let gap = scene.numbers("regional-banks", "sma200_gap")?;
    let (banks, large) = (scene.market.prices("KRE").ok()?, scene.market.prices("SPY").ok()?);
    let quotient: Vec<f64> = banks.total_return.iter().zip(&large.total_return).map(|(a, b)| a / b).collect();
    let start = scene.start(&[&quotient]);
    let ratio: Vec<f64> = quotient.iter().map(|value| value / quotient[start]).collect();
    let mean: Vec<f64> = ratio.iter().zip(gap).map(|(ratio, gap)| ratio / (1.0 + gap)).collect();
    let y = Axis::holding("KRE/SPY, dividends reinvested; 1 at the first session", ratio.iter().copied())?;
    let shapes =
        vec![scene.line("200-day mean", "second", &mean, start), scene.line("KRE/SPY", "first", &ratio, start)];
    let end = scene.end(&[&ratio]);
    let description = format!(
        "The ratio of KRE, a fund of regional banks, to SPY with dividends reinvested, from {} to {}. It ends {} from its \
         200-day mean; KRE itself stands {} from its highest close.",
        scene.market.sessions[start],
        scene.market.sessions[end],
        shown(gap[end], Unit::Fraction),
        shown(scene.numbers("regional-banks", "drawdown")?[end], Unit::Fraction),
    );
    let columns = [
        ("KRE/SPY", In(Unit::Number, &ratio)),
        ("200-day mean", In(Unit::Number, &mean)),
        ("gap", In(Unit::Fraction, gap)),
    ];
    let figures = scene.by_years(start, &columns);
    let x = Axis::days(scene.market.sessions[start], scene.market.reference());
    Some(Picture { id: "banks", title: TITLE.into(), description, x, y, shapes, figures })
}
