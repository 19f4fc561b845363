//! A picture as SVG: vector graphics that stand in the page itself and take its colours.

use std::fmt::Write;

use minijinja::HtmlEscape;

use super::{Axis, Picture, Shape};

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 290.0;
/// Room above the plot, for the name of the upright axis.
const TOP: f64 = 26.0;
/// Room below it, for the ticks and the name of the other axis.
const BOTTOM: f64 = 42.0;
const RIGHT: f64 = 14.0;
/// Width of a letter, about, at the size that a phone shows.
const LETTER: f64 = 8.4;

/// Where the axes lie.
struct Plot<'a> {
    left: f64,
    x: &'a Axis,
    y: &'a Axis,
}

impl Plot<'_> {
    fn x(&self, value: f64) -> f64 {
        self.left + (value - self.x.low) / (self.x.high - self.x.low) * (WIDTH - RIGHT - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (self.y.high - value) / (self.y.high - self.y.low) * (HEIGHT - TOP - BOTTOM)
    }
}

/// Draws a picture, with its title and description for who hears it.
pub(in crate::report) fn draw(picture: &Picture) -> String {
    let Picture { id, title, description, x, y, shapes, .. } = picture;
    let longest = y.ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
    let plot = Plot { left: longest as f64 * LETTER + 10.0, x, y };
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        HtmlEscape(title),
        HtmlEscape(description)
    );
    svg += &axes(&plot);
    for shape in shapes {
        svg += &drawn(shape, &plot);
    }
    svg + "</svg>"
}

/// Ticks, lines across, and what is counted.
fn axes(plot: &Plot) -> String {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let mut svg = format!("<path class=\"frame\" d=\"M{:.1} {bottom:.1}H{right:.1}\"/>", plot.left);
    for (value, label) in &plot.y.ticks {
        let y = plot.y(*value);
        let _ = write!(svg, "<path class=\"grid\" d=\"M{:.1} {y:.1}H{right:.1}\"/>", plot.left);
        svg += &words(plot.left - 6.0, y + 4.0, "end", label);
    }
    for (value, label) in &plot.x.ticks {
        let x = plot.x(*value);
        let _ = write!(svg, "<path class=\"frame\" d=\"M{x:.1} {bottom:.1}v5\"/>");
        svg += &words(x, bottom + 18.0, "middle", label);
    }
    svg + &words(2.0, 13.0, "start", &plot.y.name) + &words(right, HEIGHT - 6.0, "end", &plot.x.name)
}

/// One shape.
fn drawn(shape: &Shape, plot: &Plot) -> String {
    match shape {
        Shape::Line { ink, points, .. } => format!("<path class=\"line {ink}\" d=\"{}\"/>", path(points, plot)),
        Shape::Area { ink, from, to, .. } => {
            let (left, top) = (plot.x(from.0), plot.y(to.1));
            let (width, height) = (plot.x(to.0) - left, plot.y(from.1) - top);
            format!(
                "<rect class=\"{ink}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
            )
        }
        Shape::Level { ink, at, .. } => {
            format!("<path class=\"line {ink}\" d=\"M{:.1} {:.1}H{:.1}\"/>", plot.left, plot.y(*at), WIDTH - RIGHT)
        }
        Shape::Dot { ink, at, words: said } => {
            let (x, y) = (plot.x(at.0), plot.y(at.1));
            match *ink {
                "corner-left" => words(x, y, "start", said),
                "corner-right" => words(x, y, "end", said),
                "beside-left" => words(x - 5.0, y + 4.0, "end", said),
                "beside-right" => words(x + 5.0, y + 4.0, "start", said),
                _ => {
                    let radius = if *ink == "now" { 5 } else { 2 };
                    let dot = format!("<circle class=\"{ink}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
                    if said.is_empty() { dot } else { dot + &words(x, y - 11.0, "middle", said) }
                }
            }
        }
    }
}

/// The way through points.
fn path(points: &[Option<(f64, f64)>], plot: &Plot) -> String {
    let mut way = String::new();
    let mut drawing = false;
    for point in points {
        if let Some((x, y)) = point {
            let _ = write!(way, "{}{:.1} {:.1}", if drawing { 'L' } else { 'M' }, plot.x(*x), plot.y(*y));
        }
        drawing = point.is_some();
    }
    way
}

/// Words at a place.
fn words(x: f64, y: f64, anchor: &str, said: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", HtmlEscape(said))
}

/// A year of a reading without axes, beside its row.
pub(in crate::report) fn draw_year(values: &[f64]) -> String {
    const SIZE: (f64, f64) = (110.0, 22.0);
    let Some(y) = Axis::holding("", values.iter().copied()) else { return String::new() };
    let x = |i: usize| 2.0 + i as f64 / (values.len().max(2) - 1) as f64 * (SIZE.0 - 6.0);
    let height = |value: f64| (y.high - value) / (y.high - y.low) * SIZE.1;
    let mut way = String::new();
    let mut drawing = false;
    for (i, &value) in values.iter().enumerate() {
        if value.is_finite() {
            let _ = write!(way, "{}{:.1} {:.1}", if drawing { 'L' } else { 'M' }, x(i), height(value));
        }
        drawing = value.is_finite();
    }
    let last = values.iter().rposition(|value| value.is_finite()).unwrap_or_default();
    format!(
        "<svg class=\"year\" viewBox=\"0 0 {} {}\" aria-hidden=\"true\"><path class=\"line first\" d=\"{way}\"/>\
         <circle class=\"now\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/></svg>",
        SIZE.0,
        SIZE.1,
        x(last),
        height(values[last])
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::pictures::Figures;

    #[test]
    fn t24_no_text_of_a_picture_is_markup() {
        const NAME: &str = "</text><script>alert('1')</script>";
        let axis = || Axis { name: NAME.into(), low: 0.0, high: 1.0, ticks: vec![(0.5, NAME.into())] };
        let dot = |ink| Shape::Dot { ink, at: (0.5, 0.5), words: NAME.into() };
        let line = Shape::Line { name: NAME.into(), ink: "first", points: vec![Some((0.0, 0.0)), Some((1.0, 1.0))] };
        let picture = Picture {
            id: "x",
            title: NAME.into(),
            description: NAME.into(),
            x: axis(),
            y: axis(),
            shapes: vec![line, dot("now"), dot("corner-left"), dot("corner-right"), dot("beside-left")],
            figures: Figures::default(),
        };
        let svg = draw(&picture);
        // title, description, two axes with a tick each, four dots
        assert_eq!((svg.matches("&lt;script&gt;").count(), svg.matches("<script").count()), (10, 0), "{svg}");
        assert_eq!(svg.matches("</text>").count(), 8, "{svg}");
    }
}
