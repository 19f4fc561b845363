//! What followed each cut, and what it comes to over the cuts of a class.

use chrono::Months;
use schemars::JsonSchema;
use serde::Serialize;
use statrs::statistics::Statistics;

use super::pairs::Pair;
use super::{Class, Event};
use crate::day::Day;

/// Calendar months after the cut at which a study looks.
pub const MONTHS: [u32; 4] = [3, 6, 12, 24];

/// What followed a cut over some months: changes of the close, dividends left out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// Calendar months.
    pub months: u32,
    /// What stands for small and large caps: the first pair that has both ends.
    pub pair: Option<[&'static str; 2]>,
    /// Change of the small caps; `NaN` while the months have not passed, or without closes at both ends.
    pub small: f64,
    /// Change of the large caps.
    pub large: f64,
    /// Small less large.
    pub relative: f64,
}

/// A cut with what followed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Measured {
    /// The cut.
    #[serde(flatten)]
    pub event: Event,
    /// What followed, by months.
    pub outcomes: Vec<Outcome>,
}

/// What a class comes to over some months.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// The class.
    pub class: Class,
    /// Whether nobody could know it on the day.
    pub hindsight: bool,
    /// Calendar months.
    pub months: u32,
    /// Cuts with an outcome.
    pub n: usize,
    /// Mean of small less large; `NaN` of none.
    pub mean: f64,
    /// Its standard error; `NaN` of fewer than two.
    pub standard_error: f64,
    /// The mean without each cut in turn.
    pub without: Vec<Without>,
}

/// A mean without one of the cuts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Without {
    /// The cut left out.
    pub date: Day,
    /// The mean of the others.
    pub mean: f64,
}

/// The cuts and what they come to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Study {
    /// The cuts, oldest first.
    pub events: Vec<Measured>,
    /// What the classes come to, by class and months.
    pub summaries: Vec<Summary>,
}

/// What followed `event` over `months`.
pub fn follow(event: Event, months: u32, pairs: &[Pair]) -> Outcome {
    let end = event.date.date().checked_add_months(Months::new(months)).map(Day::from);
    let found = pairs.iter().find_map(|pair| {
        let [small, large] = [0, 1].map(|i| pair.closes[i].change(event.date, end?));
        Some((pair, small?, large?))
    });
    match found {
        Some((pair, small, large)) => {
            Outcome { months, pair: Some([pair.small, pair.large]), small, large, relative: small - large }
        }
        None => Outcome { months, pair: None, small: f64::NAN, large: f64::NAN, relative: f64::NAN },
    }
}

/// Measures what followed `events` over each of `months`, by the first of `pairs` that can tell.
pub fn study(events: &[Event], months: &[u32], pairs: &[Pair]) -> Study {
    let measure = |&event: &Event| Measured {
        event,
        outcomes: months.iter().map(|&months| follow(event, months, pairs)).collect(),
    };
    let events: Vec<Measured> = events.iter().map(measure).collect();
    let classes = Class::ALL.into_iter().filter(|class| events.iter().any(|one| one.event.class == *class));
    let summaries = classes
        .flat_map(|class| months.iter().enumerate().map(move |month| (class, month)))
        .map(|(class, (i, &months))| sum_up(&events, class, i, months));
    Study { summaries: summaries.collect(), events }
}

/// What `class` comes to after `months`, whose outcomes are those with index `i`.
fn sum_up(events: &[Measured], class: Class, i: usize, months: u32) -> Summary {
    let of_class = events.iter().filter(|one| one.event.class == class);
    let told: Vec<(Day, f64)> = of_class
        .map(|one| (one.event.date, one.outcomes[i].relative))
        .filter(|(_, relative)| !relative.is_nan())
        .collect();
    let mean = |left_out: Option<Day>| {
        told.iter().filter(|(date, _)| Some(*date) != left_out).map(|(_, relative)| *relative).mean()
    };
    let n = told.len();
    let spread = told.iter().map(|(_, relative)| *relative).std_dev();
    Summary {
        class,
        hindsight: class.is_hindsight(),
        months,
        n,
        mean: mean(None),
        standard_error: spread / (n as f64).sqrt(),
        without: told.iter().map(|&(date, _)| Without { date, mean: mean(Some(date)) }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::closes::Closes;
    use crate::series::day;

    fn closes(rows: &[(&str, f64)]) -> Closes {
        Closes {
            day: rows.iter().map(|row| day(row.0)).collect(),
            close: rows.iter().map(|row| row.1).collect(),
            ..Closes::default()
        }
    }

    #[test]
    fn a_class_is_summed_up_with_its_error_and_without_each_in_turn() {
        // small caps: +10 % and −10 % in three months, large caps +5 % in both; the index pair ends early
        let small = closes(&[("2001-01-03", 100.0), ("2001-04-03", 110.0), ("2007-09-18", 50.0), ("2007-12-18", 45.0)]);
        let large = closes(&[("2001-01-03", 10.0), ("2001-04-03", 10.5), ("2007-09-18", 20.0), ("2007-12-18", 21.0)]);
        let index =
            |closes: &Closes| Closes { day: closes.day[..2].into(), close: closes.close[..2].into(), ..closes.clone() };
        let pairs = [
            Pair { small: "^RUT", large: "^GSPC", closes: [index(&small), index(&large)] },
            Pair { small: "IWM", large: "SPY", closes: [small, large] },
        ];
        let events = ["2001-01-03", "2007-09-18", "2007-11-20"].map(|date| Event {
            date: day(date),
            class: Class::FirstCut,
            given: false,
        });
        let found = study(&events, &[3], &pairs);
        let relative: Vec<_> = found.events.iter().map(|one| one.outcomes[0].relative).collect();
        assert!((relative[0] - 0.05).abs() < 1e-12 && (relative[1] + 0.15).abs() < 1e-12 && relative[2].is_nan());
        let pair = |i: usize| found.events[i].outcomes[0].pair;
        assert_eq!((pair(0), pair(1), pair(2)), (Some(["^RUT", "^GSPC"]), Some(["IWM", "SPY"]), None));
        let [summary] = &found.summaries[..] else { panic!("one class at one horizon") };
        assert_eq!((summary.n, summary.months, summary.hindsight), (2, 3, false));
        // mean of 5 and −15, deviation 10·√2, over √2
        assert!((summary.mean + 0.05).abs() < 1e-12 && (summary.standard_error - 0.1).abs() < 1e-12);
        let without: Vec<f64> = summary.without.iter().map(|one| one.mean).collect();
        assert!((without[0] + 0.15).abs() < 1e-12 && (without[1] - 0.05).abs() < 1e-12);
    }
}
