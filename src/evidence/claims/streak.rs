//! `streak`: months of gains in a row.

use serde::Deserialize;

use super::{Measured, Sources};
use crate::day::Day;
use crate::evidence::closes::Closes;
use crate::series::{Figure, Periods};
use crate::signals::runs_of_gains;

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    pub(super) symbol: String,
    /// Complete months of gains, at least.
    pub(super) months: u16,
    /// No earlier run as long may have reached that length from this day on.
    first_since: Option<Day>,
}

impl Spec {
    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let (calendar, reference) = (&sources.market.calendar, sources.market.reference());
        let closes = Closes::of(sources.shelf, &self.symbol, calendar, reference)?;
        let sessions = calendar.between(closes.day.first().copied().unwrap_or(reference), reference);
        let close = |day: &Day| closes.day.binary_search(day).map_or(f64::NAN, |i| closes.close[i]);
        let column: Vec<f64> = sessions.iter().map(close).collect();
        let at = Figure::new(column.clone(), String::new).observe(&self.symbol);
        let months = Periods::months(sessions, calendar);
        let runs = runs_of_gains(&self.symbol, &months.close(&at, &column)).values;
        let long = f64::from(self.months);
        // the months at which a run reached the length
        let reached: Vec<usize> = (0..runs.len()).filter(|&month| runs[month] == long).collect();
        let mut measured = Measured::default();
        let (mut latest, mut before): (Option<Day>, Option<Day>) = (None, None);
        for &t in at.sessions() {
            let complete = months.complete(t);
            let mut known = reached[..reached.partition_point(|&month| month < complete)].iter().rev();
            [latest, before] = [(); 2].map(|()| known.next().map(|&month| sessions[months.ends()[month]]));
            let run = complete.checked_sub(1).map_or(f64::NAN, |month| runs[month]);
            let first = self.first_since.is_none_or(|since| before.is_none_or(|before| before < since));
            measured.day.push(sessions[t]);
            measured.figure.push(run);
            measured.held.push(run >= long && first);
        }
        measured.detail = Some(told(self.months, latest, before));
        Ok(measured)
    }
}

/// When a run last reached so many months, and when before that.
fn told(months: u16, latest: Option<Day>, before: Option<Day>) -> String {
    match (latest, before) {
        (None, _) => format!("no run has reached {months} yet"),
        (Some(latest), None) => format!("a run reached {months} on {latest}, and none before that"),
        (Some(latest), Some(before)) => format!("a run reached {months} on {latest}, before that on {before}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_was_has_no_day() {
        let [one, other] = [10, 500].map(Day::from_number);
        assert_eq!(told(20, None, None), "no run has reached 20 yet");
        assert_eq!(told(8, Some(one), None), "a run reached 8 on 1970-01-11, and none before that");
        assert_eq!(told(5, Some(other), Some(one)), "a run reached 5 on 1971-05-16, before that on 1970-01-11");
    }
}
