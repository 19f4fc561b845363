//! What became of earlier projections: no projection is shown without it.

use super::spectrum::{AHEAD, Spectrum};

/// Projections that must have come due before one is shown.
pub(super) const ENOUGH: usize = 8;

/// The projections that came due by a month's end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// How many.
    pub(super) due: usize,
    /// How many of them had the right sign.
    right: usize,
}

impl Record {
    /// Share with the right sign; `NaN` for none.
    pub(super) fn hit_rate(&self) -> f64 {
        self.right as f64 / self.due as f64
    }

    /// A projection, `NaN` while the record is too short.
    pub(super) fn given(&self, projection: f64) -> f64 {
        if self.due < ENOUGH { f64::NAN } else { projection }
    }
}

/// The record at each month's end: of the projections made at earlier ones, those whose [`AHEAD`]
/// values have passed, against what the series `x` did.
pub(super) fn records(x: &[f64], spectra: &[Option<Spectrum>], ends: &[Option<usize>]) -> Vec<Record> {
    let made = spectra.iter().zip(ends).filter_map(|(spectrum, end)| Some((spectrum.as_ref()?.projection(), (*end)?)));
    // one of no change has no sign
    let mut open = made.filter(|(projection, _)| !projection.is_nan() && *projection != 0.0).peekable();
    let mut record = Record::default();
    let mut step = |end: &Option<usize>| {
        let Some(now) = *end else { return record };
        while let Some((projection, then)) = open.next_if(|(_, then)| then + AHEAD <= now) {
            let became = x[then + AHEAD] - x[then];
            record.due += 1;
            record.right += usize::from(became * projection > 0.0);
        }
        record
    };
    ends.iter().map(&mut step).collect()
}
