//! `after_events`: what small caps did against large ones after the latest cuts of one class.

use chrono::Months;
use serde::Deserialize;

use super::{Measured, Sources};
use crate::day::Day;
use crate::evidence::events::{Class, Event, cuts, follow, merge, pairs};

/// What is claimed: the mean of small less large over the latest cuts whose months have passed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    class: Class,
    /// How many cuts.
    pub(super) last: usize,
    pub(super) months: u32,
    /// Days of cuts of the class beside those found in the policy target.
    #[serde(default)]
    dates: Vec<Day>,
}

impl Spec {
    pub(super) fn name(&self) -> String {
        let Self { class, last, months, .. } = self;
        let plural = if *months == 1 { "" } else { "s" };
        let number = if *last == 1 { String::new() } else { format!(" {last}") };
        format!("mean of small less large {months} month{plural} after the last{number} of class {class}")
    }

    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let market = sources.market;
        let (pairs, lacking) = pairs(sources.shelf, &market.calendar, market.reference());
        if pairs.is_empty() {
            return Err(lacking.join(", "));
        }
        let found = market.known("policy-target").map_or(Vec::new(), |target| cuts(&target.points, &market.calendar));
        let given: Vec<Event> = self.dates.iter().map(|&date| Event { date, class: self.class, given: true }).collect();
        let outcome = |event: Event| {
            let end = event.date.date().checked_add_months(Months::new(self.months)).map(Day::from)?;
            Some((event.date, end, follow(event, self.months, &pairs).relative)).filter(|(.., x)| !x.is_nan())
        };
        let all = merge(found, &given).into_iter().filter(|event| event.class == self.class);
        let known: Vec<(Day, Day, f64)> = all.filter_map(outcome).collect();
        if known.len() < self.last || self.last == 0 {
            return Err(format!("{} of {} such cuts are known with what followed", known.len(), self.last));
        }
        let mean = |day: &Day| {
            let passed = known.partition_point(|(_, end, _)| end <= day);
            let latest = &known[passed.checked_sub(self.last)?..passed];
            Some(latest.iter().map(|(.., relative)| relative).sum::<f64>() / self.last as f64)
        };
        let figure = market.sessions.iter().map(|day| mean(day).unwrap_or(f64::NAN)).collect();
        let dates: Vec<String> = known[known.len() - self.last..].iter().map(|(date, ..)| date.to_string()).collect();
        let detail = Some(format!("cuts of {}", dates.join(", ")));
        Ok(Measured { day: market.sessions.clone(), figure, detail, ..Measured::default() })
    }
}
