//! Dates of cuts given as a file: `date,class`.

use anyhow::{Context, Result, bail, ensure};

use super::{Class, Event};
use crate::day::Day;

/// A date that is given takes the place of those found within so many days of it, of the same class.
const SAME_DAYS: i32 = 31;

/// Reads `date,class` under a header; without a class a date is a first cut. Lines that begin with `#` are skipped.
///
/// # Errors
/// With the line that is wrong.
pub fn dates(text: &str) -> Result<Vec<Event>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let header: Vec<&str> = lines.next().map_or(Vec::new(), |(_, line)| line.split(',').map(str::trim).collect());
    ensure!(header[..] == ["date"] || header[..] == ["date", "class"], "its first line is not the header `date,class`");
    let mut events: Vec<Event> = Vec::new();
    for (number, line) in lines {
        let at = || format!("line {}", number + 1);
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        ensure!(cells.len() <= header.len(), "line {} has {} cells under {}", number + 1, cells.len(), header.len());
        let date: Day = cells[0].parse().with_context(at)?;
        let class = match cells.get(1).filter(|cell| !cell.is_empty()) {
            None => Class::FirstCut,
            Some(id) => class(id).with_context(at)?,
        };
        events.push(Event { date, class, given: true });
    }
    events.sort();
    if let Some(twice) = events.windows(2).find(|pair| pair[0] == pair[1]) {
        bail!("{} is given twice", twice[0].date);
    }
    Ok(events)
}

/// The class called `id`.
///
/// # Errors
/// With those that there are.
fn class(id: &str) -> Result<Class> {
    let all = Class::ALL.map(Class::id).join(", ");
    Class::ALL
        .into_iter()
        .find(|class| class.id() == id)
        .with_context(|| format!("`{}` is no class of cuts; there are {all}", id.escape_debug()))
}

/// What was found and what is given, oldest first; a given date replaces the one found for the same cut.
pub fn merge(found: Vec<Event>, given: &[Event]) -> Vec<Event> {
    let same = |one: &Event, other: &Event| one.class == other.class && one.date.since(other.date).abs() <= SAME_DAYS;
    let mut all: Vec<Event> = found.into_iter().filter(|one| !given.iter().any(|other| same(one, other))).collect();
    all.extend(given);
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::day;

    #[test]
    fn given_dates_stand_beside_those_found_and_in_their_place() {
        let given = dates("date,class\n# before the series\n1989-06-06,first-cut\n1990-07-13,restart\n2001-01-04,\n")
            .expect("dates");
        let found =
            ["2001-01-03", "2007-09-18"].map(|date| Event { date: day(date), class: Class::FirstCut, given: false });
        let all: Vec<String> =
            merge(found.to_vec(), &given).iter().map(|event| format!("{} {}", event.date, event.class)).collect();
        let expected = ["1989-06-06 first-cut", "1990-07-13 restart", "2001-01-04 first-cut", "2007-09-18 first-cut"];
        assert_eq!(all, expected);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |text: &str| format!("{:#}", dates(text).expect_err("an error"));
        assert_eq!(wrong("1989-06-06\n"), "its first line is not the header `date,class`");
        assert_eq!(wrong(""), "its first line is not the header `date,class`");
        assert_eq!(wrong("date\n1989-6-6\n"), "line 2: `1989-6-6` is not a date of the form YYYY-MM-DD");
        let known = "there are first-cut, restart, last-cut";
        assert_eq!(wrong("date,class\n1989-06-06,cut\n"), format!("line 2: `cut` is no class of cuts; {known}"));
        assert_eq!(wrong("date\n1989-06-06,restart\n"), "line 2 has 2 cells under 1");
        assert_eq!(wrong("date\n1989-06-06\n1989-06-06\n"), "1989-06-06 is given twice");
    }
}
