//! The gap of forward P/Es and its place among the months known so far.

use chrono::Datelike;
use statrs::statistics::{Data, Median};

use super::{MONTHS, number};
use crate::bars::{BOTTOM_UP, Points};
use crate::day::Day;
use crate::inputs::{LARGE_INDEX, PE_LARGE, PE_SMALL, SMALL_INDICES};
use crate::series::{Figure, Market, Valuation};
use crate::stats;

/// Makes the median absolute deviation of normal values their standard deviation.
const MAD_TO_DEVIATION: f64 = 1.4826;

/// Small and large caps' forward P/Es as known at each session, and what follows from them.
pub(super) struct ForwardPe {
    /// 0 where both are known.
    pub known: Figure,
    pub basis: String,
    pub source: String,
    /// The index that stands for small caps.
    pub index: String,
    /// Which of `disclosures` goes with the P/Es.
    pub disclosed: Figure,
    /// What is to be known of them: nothing but that they are as published, or what those worked out here leave out.
    pub disclosures: Vec<String>,
    pub small: Figure,
    pub large: Figure,
    /// Days since the older of the two was measured.
    pub age_days: Figure,
    pub gap: Figure,
    pub log_gap: Figure,
    /// Place of `log_gap` among the last values of each month, the present one included.
    pub percentile: Figure,
    /// Its distance from their median.
    pub robust_z: Figure,
}

impl ForwardPe {
    /// Measures the pair of P/Es that answers for these inputs; every figure is missing without one.
    pub(super) fn measure(market: &Market) -> Self {
        match pe_pair(market, |_| true) {
            Some((small, large)) => Self::of(market, small, large),
            None => Self::missing(market, &why_no_pair(market)),
        }
    }

    fn of(market: &Market, small: &Valuation, large: &Valuation) -> Self {
        let mut columns: [Vec<f64>; 9] = std::array::from_fn(|_| vec![f64::NAN; market.sessions.len()]);
        let mut months = Months::default();
        let mut seen = None;
        let mut disclosures = Vec::new();
        let (mut percentile, mut robust_z) = (f64::NAN, f64::NAN);
        for (t, &now) in market.sessions.iter().enumerate() {
            let (Some(i), Some(j)) = (small.known.at(t), large.known.at(t)) else { continue };
            let (small_pe, large_pe) = (small.known.points.value[i], large.known.points.value[j]);
            if !(small_pe > 0.0 && large_pe > 0.0) {
                continue;
            }
            let measured = small.known.points.day[i].min(large.known.points.day[j]);
            let log_gap = (small_pe / large_pe).ln();
            if seen.replace((i, j)) != Some((i, j)) {
                (percentile, robust_z) = months.place(measured, log_gap);
                let said = disclosure(&small.known.points, i, &large.known.points, j);
                if disclosures.last() != Some(&said) {
                    disclosures.push(said);
                }
            }
            let gap = small_pe / large_pe - 1.0;
            let age = f64::from(now.since(measured));
            let disclosed = (disclosures.len() - 1) as f64;
            let row = [0.0, small_pe, large_pe, age, gap, log_gap, percentile, robust_z, disclosed];
            columns.iter_mut().zip(row).for_each(|(column, value)| column[t] = value);
        }
        let reference = market.reference();
        let unknown = || format!("no forward P/E of both small and large caps known on {reference}");
        let short = if months.values.len() < MONTHS {
            format!("forward P/E gap: {MONTHS} months are needed, {} are there", months.values.len())
        } else {
            format!("forward P/E gap: its {} months do not vary", months.values.len())
        };
        let [known, small_pe, large_pe, age_days, gap, log_gap, percentile, robust_z, disclosed] = columns;
        Self {
            basis: small.basis.clone(),
            source: small.source.clone(),
            index: small.index.clone(),
            disclosed: Figure::new(disclosed, unknown),
            disclosures,
            known: Figure::new(known, unknown),
            small: Figure::new(small_pe, unknown),
            large: Figure::new(large_pe, unknown),
            age_days: Figure::new(age_days, unknown),
            gap: Figure::new(gap, unknown),
            log_gap: Figure::new(log_gap, unknown),
            percentile: Figure::new(percentile, || short.clone()),
            robust_z: Figure::new(robust_z, || short),
        }
    }

    fn missing(market: &Market, reason: &str) -> Self {
        let sessions = market.sessions.len();
        let figure = || Figure::missing(sessions - market.shown(sessions), reason);
        Self {
            basis: String::new(),
            source: String::new(),
            index: String::new(),
            disclosed: figure(),
            disclosures: Vec::new(),
            known: figure(),
            small: figure(),
            large: figure(),
            age_days: Figure::missing(sessions, reason),
            gap: figure(),
            log_gap: figure(),
            percentile: Figure::missing(sessions, reason),
            robust_z: figure(),
        }
    }
}

/// What is to be known of a pair of P/Es beside their values.
fn disclosure(small: &Points, i: usize, large: &Points, j: usize) -> String {
    let ([losses, covered], [_, others]) = (&small.beside[..], &large.beside[..]) else {
        return PUBLISHED.into();
    };
    let (losses, covered) = (100.0 * losses[i], 100.0 * covered[i].min(others[j]));
    format!("{} % of the weight without earnings, {} % covered", number(losses, 0), number(covered, 0))
}

/// What is known of a P/E that somebody publishes.
pub(super) const PUBLISHED: &str = "as published";

/// The P/Es to compare: of the first index of small caps that has a partner on its own basis and from
/// its own source, as definitions and vendors differ by more than the gap; of several such pairs the
/// longest. Those the user gave come before any source's, and those worked out from members last. Small caps' P/Es that
/// do not fit are passed over.
pub(crate) fn pe_pair(market: &Market, fits: impl Fn(&Valuation) -> bool) -> Option<(&Valuation, &Valuation)> {
    let partner = |small: &Valuation| {
        let alike = |large: &&Valuation| {
            large.index == LARGE_INDEX && (&large.basis, &large.source) == (&small.basis, &small.source)
        };
        market.valuations().iter().find(alike)
    };
    let rank = |small: &Valuation| match (small.given, small.source == BOTTOM_UP) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    };
    (0..3).flat_map(|place| SMALL_INDICES.iter().map(move |index| (place, index))).find_map(|(place, index)| {
        let of_index =
            market.valuations().iter().filter(|small| small.index == *index && rank(small) == place && fits(small));
        let pairs = of_index.filter_map(|small| Some((small, partner(small)?)));
        // of equals the first by name
        pairs.rev().max_by_key(|(small, large)| small.rows.min(large.rows))
    })
}

/// Why there is no pair to compare.
fn why_no_pair(market: &Market) -> String {
    let given = |id: &str| market.state(id).is_some_and(|state| !state.series.is_empty());
    match [PE_SMALL, PE_LARGE].into_iter().find(|id| !given(id)) {
        Some(id) => format!("{id} was never given"),
        None => format!("{PE_SMALL} and {PE_LARGE} have no basis and source in common, and others do not compare"),
    }
}

/// The gap at the end of each month so far; the last month is still open.
#[derive(Default)]
struct Months {
    last: Option<(i32, u32)>,
    values: Vec<f64>,
}

impl Months {
    /// Takes the gap measured on `day`, which never falls, and gives its percentile and robust z
    /// among the months.
    fn place(&mut self, day: Day, gap: f64) -> (f64, f64) {
        let month = (day.year(), day.date().month());
        if self.last.replace(month) == Some(month) {
            self.values.pop();
        }
        self.values.push(gap);
        let count = self.values.len();
        if count < MONTHS {
            return (f64::NAN, f64::NAN);
        }
        let percentile = stats::place(&self.values, gap);
        let median = Data::new(self.values.clone()).median();
        let distances: Vec<f64> = self.values.iter().map(|value| (value - median).abs()).collect();
        let deviation = MAD_TO_DEVIATION * Data::new(distances).median();
        (percentile, if deviation > 0.0 { (gap - median) / deviation } else { f64::NAN })
    }
}
