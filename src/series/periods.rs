//! Weeks and months: which are complete at each session's close, and what stands between.

use chrono::Datelike;

use super::{Figure, Market, Observations};
use crate::calendar::Calendar;
use crate::day::Day;

/// Weeks or months over the sessions of a market.
///
/// One is complete at the session after which, by the calendar's regular rules alone, the next one
/// begins; where a closure came between, at the first session of the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Periods {
    /// `weeks` or `months`.
    noun: &'static str,
    /// Last session of each complete period, ascending.
    ends: Vec<usize>,
    /// For each session the number of periods complete at its close.
    complete: Vec<usize>,
}

impl Market {
    /// The ISO weeks.
    pub fn weeks(&self) -> Periods {
        Periods::of("weeks", &self.sessions, Day::week, |day| self.calendar.completes_week(day))
    }

    /// The calendar months.
    pub fn months(&self) -> Periods {
        Periods::months(&self.sessions, &self.calendar)
    }
}

impl Periods {
    /// The calendar months over these sessions.
    pub fn months(sessions: &[Day], calendar: &Calendar) -> Self {
        // no month has fewer days: most sessions fall in that of the one before for certain
        const SHORTEST: u32 = 28;
        let (mut month, mut certain) = (0, None);
        let number = |day: Day| {
            if certain.is_none_or(|until| day >= until) {
                let date = day.date();
                month = day.month();
                certain = Some(day.plus(SHORTEST.saturating_sub(date.day()) as i32 + 1));
            }
            month
        };
        Self::of("months", sessions, number, |day| calendar.completes_month(day))
    }

    fn of(
        noun: &'static str,
        sessions: &[Day],
        number: impl FnMut(Day) -> i32,
        completes: impl Fn(Day) -> bool,
    ) -> Self {
        let mut periods = Self { noun, ends: Vec::new(), complete: Vec::with_capacity(sessions.len()) };
        let numbers: Vec<i32> = sessions.iter().copied().map(number).collect();
        for (t, &day) in sessions.iter().enumerate() {
            let begins = t > 0 && numbers[t - 1] != numbers[t];
            if begins && periods.ends.last() != Some(&(t - 1)) {
                periods.ends.push(t - 1);
            }
            // the calendar's answer implies that the next session falls in another period: asked there only
            let may_end = numbers.get(t + 1).is_none_or(|&next| next != numbers[t]);
            if may_end && completes(day) {
                periods.ends.push(t);
            }
            periods.complete.push(periods.ends.len());
        }
        periods
    }

    /// Last session of each complete period, ascending.
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// The number of periods complete at the close of session `t`.
    pub fn complete(&self, t: usize) -> usize {
        self.complete[t]
    }

    /// The last observed value of `column` (one a session) in each complete period, `NaN` for a
    /// period without an observation.
    pub fn close(&self, at: &Observations, column: &[f64]) -> Figure {
        let mut observed = at.sessions().iter().peekable();
        let close = self.ends.iter().map(|&end| {
            let mut close = f64::NAN;
            while let Some(&t) = observed.next_if(|&&t| t <= end) {
                close = column[t];
            }
            close
        });
        let noun = self.noun.trim_end_matches('s');
        Figure::new(close.collect(), || format!("{}: no value in the last complete {noun}", at.names))
    }

    /// The observations of a figure that has one value a period.
    pub fn observe(&self, names: &str, figure: &Figure) -> Observations {
        figure.observe_by(names, self.noun)
    }

    /// Puts a figure with one value a period on the sessions: at each observation the value of the
    /// last period complete by then stands.
    pub fn stand(&self, at: &Observations, figure: &Figure) -> Figure {
        let wanted = at.wanted();
        let mut column = vec![f64::NAN; wanted.len()];
        for &t in &at.sessions()[at.from()..] {
            if let Some(last) = self.complete[t].checked_sub(1) {
                column[t - wanted.start] = figure.values[last];
            }
        }
        let none = || format!("{}: none of the {} is complete", at.names, self.noun);
        Figure::new(column, || at.absent.clone().or_else(|| figure.reason.clone()).unwrap_or_else(none))
    }

    /// The value of `column` at the end of the period before the one session `t` falls in, given
    /// the periods' closes.
    pub fn base(&self, t: usize, close: &Figure) -> f64 {
        let before = self.ends.partition_point(|&end| end < t);
        before.checked_sub(1).map_or(f64::NAN, |last| close.values[last])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::day;

    #[test]
    fn the_month_of_a_session_is_looked_up_only_where_it_may_be_another() {
        let calendar = Calendar::new(&[]);
        let sessions = calendar.between(Day::from_number(0), Day::from_number(21_000));
        let each = Periods::of("months", sessions, Day::month, |day| calendar.completes_month(day));
        assert_eq!(Periods::months(sessions, &calendar), each);
        // and where all but one of a month are missing
        let few: Vec<Day> = sessions.iter().copied().step_by(17).collect();
        let each = Periods::of("months", &few, Day::month, |day| calendar.completes_month(day));
        assert_eq!(Periods::months(&few, &calendar), each);
    }

    fn periods(from: &str, to: &str) -> (Vec<Day>, Periods, Periods) {
        let calendar = Calendar::new(&[]);
        let sessions = calendar.between(day(from), day(to)).to_vec();
        let weeks = Periods::of("weeks", &sessions, Day::week, |day| calendar.completes_week(day));
        let months = Periods::months(&sessions, &calendar);
        (sessions, weeks, months)
    }

    /// The session whose value stands at `at`.
    fn standing(sessions: &[Day], periods: &Periods, at: &str) -> Option<String> {
        let t = sessions.iter().position(|&session| session == day(at)).expect("a session");
        periods.complete[t].checked_sub(1).map(|last| sessions[periods.ends[last]].to_string())
    }

    #[test]
    fn a_week_cut_short_by_a_closure_is_complete_once_the_next_begins() {
        let (sessions, weeks, _) = periods("2001-09-03", "2001-09-21");
        let standing = |at| standing(&sessions, &weeks, at);
        assert_eq!(standing("2001-09-06"), None);
        assert_eq!(standing("2001-09-07").as_deref(), Some("2001-09-07"));
        assert_eq!(standing("2001-09-10").as_deref(), Some("2001-09-07"));
        assert_eq!(standing("2001-09-17").as_deref(), Some("2001-09-10"));
        assert_eq!(standing("2001-09-21").as_deref(), Some("2001-09-21"));
    }

    #[test]
    fn the_friday_before_a_hurricane_ends_its_week_and_not_its_month() {
        let (sessions, weeks, months) = periods("2012-09-24", "2012-11-02");
        assert_eq!(standing(&sessions, &weeks, "2012-10-26").as_deref(), Some("2012-10-26"));
        assert_eq!(standing(&sessions, &months, "2012-10-26").as_deref(), Some("2012-09-28"));
        assert_eq!(standing(&sessions, &months, "2012-10-31").as_deref(), Some("2012-10-31"));
    }

    #[test]
    fn a_period_closes_with_its_last_observation_and_one_without_has_none() {
        // Monday 2024-06-03 to Friday 2024-06-21, Wednesday the 19th a holiday
        let (sessions, weeks, _) = periods("2024-06-03", "2024-06-21");
        let mut column: Vec<f64> = (0..sessions.len()).map(|t| t as f64).collect();
        column[4] = f64::NAN;
        column[5..10].fill(f64::NAN);
        let at = Figure::complete(column.clone()).observe("X");
        let close = weeks.close(&at, &column);
        assert_eq!((weeks.ends(), close.values[0], close.values[2]), ([4, 9, 13].as_slice(), 3.0, 13.0));
        assert!(close.values[1].is_nan());
        let stands = weeks.stand(&at, &close);
        assert!(stands.values[4].is_nan() && stands.values[10].is_nan() && stands.values[13] == 13.0);
        assert!(weeks.base(4, &close).is_nan() && weeks.base(5, &close) == 3.0 && weeks.base(13, &close).is_nan());
    }
}
