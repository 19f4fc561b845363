//! Pictures: what is to be seen on them. A picture is one file here and one line in [`PICTURES`].

mod axis;
mod banks;
mod breadth;
mod evidence;
mod levels;
mod pillars;
mod quadrant;
mod rates;
mod relative;
mod scene;
mod svg;
mod valuation;

pub(super) use svg::{draw, draw_year};

use axis::Axis;
use scene::Scene;

use super::Report;
use crate::series::Market;
use crate::verdict::{Tracked, Verdict};

/// A picture in the units of its axes.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// Name, unique in a report.
    pub(super) id: &'static str,
    /// What it shows.
    pub(super) title: String,
    /// The same in words, with its latest figures.
    pub(super) description: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// What is drawn, the first at the back.
    pub(super) shapes: Vec<Shape>,
    /// Some of what is drawn, as a table.
    pub(super) figures: Figures,
}

/// Something on a picture.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// A line through points; `None` breaks it.
    Line { name: String, ink: &'static str, points: Vec<Option<(f64, f64)>> },
    /// A filled box between two corners.
    Area { name: String, ink: &'static str, from: (f64, f64), to: (f64, f64) },
    /// A line across at a height.
    Level { name: String, ink: &'static str, at: f64 },
    /// A dot, with words beside it where there are any.
    Dot { ink: &'static str, at: (f64, f64), words: String },
}

impl Shape {
    /// What the legend calls it, and how it is drawn; an empty name is left out there.
    pub(super) fn legend(&self) -> (&str, &'static str) {
        match self {
            Self::Line { name, ink, .. } | Self::Area { name, ink, .. } | Self::Level { name, ink, .. } => (name, ink),
            Self::Dot { ink, .. } => ("", ink),
        }
    }
}

/// Figures in rows, the first cell of each naming it.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// One kind of picture.
struct Kind {
    /// What it shows, for where it cannot be drawn.
    title: &'static str,
    /// Draws it; `None` where its figures are missing.
    picture: fn(&Scene) -> Option<Picture>,
}

/// Every picture, in the order of the report.
const PICTURES: &[Kind] = &[
    Kind { title: relative::TITLE, picture: relative::picture },
    Kind { title: pillars::TITLE, picture: pillars::picture },
    Kind { title: evidence::TITLE, picture: evidence::picture },
    Kind { title: quadrant::TITLE, picture: quadrant::picture },
    Kind { title: levels::TITLE, picture: levels::picture },
    Kind { title: breadth::TITLE, picture: breadth::picture },
    Kind { title: banks::TITLE, picture: banks::picture },
    Kind { title: rates::TITLE, picture: rates::picture },
    Kind { title: valuation::TITLE, picture: valuation::picture },
];

/// Every picture of a report.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    /// Those that can be drawn.
    pub(super) drawn: Vec<Picture>,
    /// The titles of those whose figures are missing.
    pub(super) missing: Vec<&'static str>,
}

impl Pictures {
    /// Gathers the histories behind `report`.
    pub fn new(market: &Market, tracks: &[Tracked], verdict: &Verdict, report: &Report) -> Self {
        let scene = Scene { market, tracks, verdict, report };
        let mut pictures = Self::default();
        for kind in PICTURES {
            match (kind.picture)(&scene) {
                Some(picture) => pictures.drawn.push(picture),
                None => pictures.missing.push(kind.title),
            }
        }
        pictures
    }
}
