//! Cuts of the policy rate by their place in the cycle, found from the target itself.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bars::Points;
use crate::calendar::Calendar;
use crate::day::Day;

/// Days after the cut before, without an increase between, from which on a cut begins anew.
const RESTART_DAYS: i32 = 180;
/// The last change that took effect on the day it was announced; later ones do the day after: 2016-12-14.
const SAME_DAY_UNTIL: Day = Day::from_number(17_149);

/// The place of a cut in its cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The first decrease after an increase.
    FirstCut,
    /// A decrease half a year or more after the one before, with no increase between.
    Restart,
    /// The last decrease before an increase: known once that has come, so with hindsight.
    LastCut,
}

impl Class {
    /// Every class, in the order of the report.
    pub const ALL: [Self; 3] = [Self::FirstCut, Self::Restart, Self::LastCut];

    /// Name in every output and in files of dates.
    pub const fn id(self) -> &'static str {
        match self {
            Self::FirstCut => "first-cut",
            Self::Restart => "restart",
            Self::LastCut => "last-cut",
        }
    }

    /// Whether nobody could know it on the day.
    pub const fn is_hindsight(self) -> bool {
        matches!(self, Self::LastCut)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Event {
    /// The day it was announced.
    pub date: Day,
    /// Its place in the cycle.
    pub class: Class,
    /// Whether it comes from a file of dates.
    pub given: bool,
}

/// The cuts of `target`, oldest first. A cut before any increase that is held has no known place.
pub fn cuts(target: &Points, calendar: &Calendar) -> Vec<Event> {
    let mut events = Vec::new();
    let mut push = |class, effective: Day| {
        let date = if effective <= SAME_DAY_UNTIL { effective } else { calendar.on_or_before(effective.plus(-1)) };
        events.push(Event { date, class, given: false });
    };
    // whether an increase came before, and the last cut since
    let (mut raised, mut cut): (bool, Option<Day>) = (false, None);
    for i in 1..target.len() {
        let (day, change) = (target.day[i], target.value[i] - target.value[i - 1]);
        if change > 0.0 {
            if let Some(last) = cut.take() {
                push(Class::LastCut, last);
            }
            raised = true;
        } else if change < 0.0 {
            match cut {
                None if raised => push(Class::FirstCut, day),
                Some(last) if day.since(last) >= RESTART_DAYS => push(Class::Restart, day),
                _ => {}
            }
            cut = Some(day);
        }
    }
    events.sort();
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::day;

    #[test]
    fn cuts_have_their_place_in_the_cycle_and_the_day_they_were_announced() {
        let mut target = Points::default();
        for (date, value) in [
            ("1999-01-04", 5.0),
            // before any increase that is known
            ("1999-02-01", 4.75),
            ("1999-08-24", 5.25),
            ("2001-01-03", 4.75),
            ("2001-12-11", 1.75),
            // 330 days later
            ("2002-11-06", 1.25),
            ("2003-01-15", 1.0),
            ("2004-06-30", 1.25),
            // announced on a Wednesday, in effect on Thursday
            ("2019-08-01", 1.0),
            // announced on a Sunday: the session before
            ("2020-03-16", 0.25),
        ] {
            target.push(day(date), day(date), value);
        }
        let found: Vec<String> =
            cuts(&target, &Calendar::new(&[])).iter().map(|event| format!("{} {}", event.date, event.class)).collect();
        let expected = [
            // the cut of 1999 was the last one before an increase, whatever came before it
            "1999-02-01 last-cut",
            "2001-01-03 first-cut",
            "2001-12-11 restart",
            "2002-11-06 restart",
            "2003-01-15 last-cut",
            "2019-07-31 first-cut",
            "2020-03-13 restart",
        ];
        assert_eq!(found, expected);
    }
}
