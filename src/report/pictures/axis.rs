//! Axes: from where to where, and round values in between.

use crate::day::Day;

/// Ticks on an axis, at most.
const TICKS: f64 = 6.0;
/// Days in a year.
const YEAR: f64 = 365.25;

/// An axis.
#[derive(Clone, Debug)]
pub(in crate::report) struct Axis {
    /// What is counted, and in what.
    pub(in crate::report) name: String,
    pub(in crate::report) low: f64,
    pub(in crate::report) high: f64,
    /// Values that are marked, and how.
    pub(in crate::report) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis that holds `values`, with some room above and below; `None` when there is none.
    pub(super) fn holding(name: impl Into<String>, values: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        (low <= high).then(|| {
            let room = if high > low { (high - low) * 0.06 } else { low.abs().max(1.0) * 0.1 };
            Self::between(name, low - room, high + room)
        })
    }

    /// An axis from `low` to `high`, marked at round values.
    pub(super) fn between(name: impl Into<String>, low: f64, high: f64) -> Self {
        let step = step((high - low) / TICKS);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let first = (low / step).ceil() as i64;
        let last = (high / step).floor() as i64;
        let ticks = (first..=last).map(|k| {
            let value = k as f64 * step;
            (value, format!("{value:.decimals$}").replace('-', "−"))
        });
        Self { name: name.into(), low, high, ticks: ticks.collect() }
    }

    /// An axis of days, a day wide at least, marked at years, or at half years where it is short.
    pub(super) fn days(first: Day, last: Day) -> Self {
        let high = f64::from(last.number());
        let low = f64::from(first.number()).min(high - 1.0);
        let years = (high - low) / YEAR;
        let months: i32 = if years < 3.0 { 6 } else { step(years / TICKS).max(1.0) as i32 * 12 };
        let ticks = (first.month()..=last.month()).filter(|month| month % months == 0).filter_map(|month| {
            let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
            let day = Day::from_ymd(year, month as u32, 1)?;
            let label = if months < 12 { format!("{year}-{month:02}") } else { year.to_string() };
            (day >= first).then(|| (f64::from(day.number()), label))
        });
        Self { name: "date".into(), low, high, ticks: ticks.collect() }
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1e-12).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|times| times * power)
        .find(|&step| step >= least * 0.999_999)
        .unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn ticks_stand_at_round_values_within() {
        assert_eq!(labels(&Axis::between("", -0.31, 0.42)), ["−0.2", "0.0", "0.2", "0.4"]);
        assert_eq!(labels(&Axis::between("", 195.0, 262.0)), ["200", "220", "240", "260"]);
        let axis = Axis::holding("", [3.0, f64::NAN, 3.0].into_iter()).expect("a value");
        assert!(axis.low < 3.0 && axis.high > 3.0);
        assert!(Axis::holding("", [f64::NAN].into_iter()).is_none());
    }

    #[test]
    fn days_are_marked_at_years_or_half_years() {
        let day = |text: &str| text.parse::<Day>().expect("a date");
        assert_eq!(labels(&Axis::days(day("2000-05-26"), day("2025-12-31"))), ["2005", "2010", "2015", "2020", "2025"]);
        assert_eq!(labels(&Axis::days(day("2024-01-02"), day("2025-03-01"))), ["2024-07", "2025-01"]);
        let one = Axis::days(day("2024-01-02"), day("2024-01-02"));
        assert!(one.low < one.high && one.ticks.is_empty());
    }
}
