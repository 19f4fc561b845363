//! The table of every input: what a signal may ask for, and which series answer it.
//!
//! An *input* (`IWM`, `policy-target`) is what a signal asks for; a *series* (`rates/DFEDTARU`) is one
//! file with one definition.

use chrono::{Datelike, Timelike, Weekday};

use crate::bars::{Kind, SeriesId};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;

/// How several series make one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Their dates are disjoint: one after the other.
    Splice,
    /// One of them for the whole history: the first with [`ENOUGH_VALUES`] values, else the longest.
    First,
}

/// Values that make a series long enough to be preferred (five years of sessions).
pub const ENOUGH_VALUES: usize = 1_260;

/// What it means when an input is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it there is no verdict.
    Required,
    /// Expected: its absence is a gap to be shown.
    Expected,
    /// The user's to give: never given, it is merely not set up.
    Yours,
    /// For the track record alone; keeps dates of its own.
    Evidence,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Name, as signals and the report use it.
    pub id: String,
    /// Series in order of preference (or of time, when spliced).
    pub series: Vec<SeriesId>,
    /// How they make one.
    pub rule: Rule,
    /// What its absence means.
    pub need: Need,
    /// Sessions a value may be carried forward after the session it became known; one older is stale.
    pub carry_sessions: u32,
}

/// A fixed row: id, kind, series, rule, need, carry.
type Row = (&'static str, Kind, &'static [&'static str], Rule, Need, u32);

/// The fixed rows. Prices are never carried. Daily rates are carried over the bond market's holidays
/// and a late publication, and no further; a weekly series over two publications that fail to come, a
/// quarterly one over half a quarter.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("IWM",           Kind::Bars,  &["IWM"],                     Rule::First,  Need::Required, 0),
    ("SPY",           Kind::Bars,  &["SPY"],                     Rule::First,  Need::Required, 0),
    ("KRE",           Kind::Bars,  &["KRE"],                     Rule::First,  Need::Expected, 0),
    ("RSP",           Kind::Bars,  &["RSP"],                     Rule::First,  Need::Expected, 0),
    ("policy-target", Kind::Rates, &["DFEDTAR", "DFEDTARU"],     Rule::Splice, Need::Expected, 5),
    ("funds-rate",    Kind::Rates, &["DFF", "EFFR"],             Rule::First,  Need::Expected, 5),
    ("two-year",      Kind::Rates, &["DGS2"],                    Rule::First,  Need::Expected, 5),
    ("ten-year",      Kind::Rates, &["DGS10"],                   Rule::First,  Need::Expected, 5),
    ("credit",        Kind::Rates, &["BAMLH0A0HYM2", "BAA10Y"],  Rule::First,  Need::Expected, 5),
    ("financial-conditions", Kind::Rates, &["NFCI"],             Rule::First,  Need::Expected, 15),
    ("lending-standards",    Kind::Rates, &["DRTSCIS"],          Rule::First,  Need::Expected, 100),
    ("positioning",   Kind::Positioning, &[RUSSELL_FUTURES],     Rule::First,  Need::Expected, 15),
    ("^RUT",          Kind::Bars,  &["^RUT"],                    Rule::First,  Need::Evidence, 0),
    ("^GSPC",         Kind::Bars,  &["^GSPC"],                   Rule::First,  Need::Evidence, 0),
];

/// The CFTC's code of the Russell 2000 e-mini.
pub const RUSSELL_FUTURES: &str = "239742";

/// The input of the members of a universe.
pub const UNIVERSE: &str = "universe";

/// The input of forward P/Es of small caps.
pub const PE_SMALL: &str = "pe-small";
/// The input of forward P/Es of large caps.
pub const PE_LARGE: &str = "pe-large";

/// Sessions a P/E is carried: 45 days, after which it does not vote, are at most 33 of them.
const PE_CARRY: u32 = 33;

/// Names of the indices a P/E may be given for, with their spellings in the wild.
pub const INDICES: &[(&str, &[&str])] = &[
    ("russell-2000", &["russell 2000", "rut", "^rut", "iwm"]),
    ("sp-600", &["s&p 600", "s&p smallcap 600", "sp600", "spsm", "ijr"]),
    ("sp-500", &["s&p 500", "sp500", "spx", "^gspc", "spy"]),
];

/// The indices that stand for small caps, in order of preference; `sp-500` stands for large caps.
pub const SMALL_INDICES: &[&str] = &["russell-2000", "sp-600"];
/// The index that stands for large caps.
pub const LARGE_INDEX: &str = "sp-500";

/// Every input under these settings, in the report's order; the groups are the configured ones.
pub fn inputs(settings: &Settings) -> Vec<Input> {
    let fixed = ROWS.iter().map(|&(id, kind, names, rule, need, carry_sessions)| Input {
        id: id.into(),
        series: names.iter().map(|name| SeriesId::new(kind, *name)).collect(),
        rule,
        need,
        carry_sessions,
    });
    let groups = settings.groups.iter().map(|group| Input {
        id: group.symbol.clone(),
        series: vec![SeriesId::bars(&group.symbol)],
        rule: Rule::First,
        need: Need::Expected,
        carry_sessions: 0,
    });
    let universe =
        Input { id: UNIVERSE.into(), series: Vec::new(), rule: Rule::First, need: Need::Yours, carry_sessions: 0 };
    let values = [(PE_SMALL, "sp-600.fy1.ssga"), (PE_LARGE, "sp-500.fy1.ssga")].map(|(id, served)| Input {
        id: id.into(),
        // those of the user come first, whatever their names
        series: vec![SeriesId::new(Kind::Valuation, served)],
        rule: Rule::First,
        need: Need::Yours,
        carry_sessions: PE_CARRY,
    });
    let mut all: Vec<Input> = Vec::new();
    let (evidence, market): (Vec<_>, Vec<_>) = fixed.partition(|input| input.need == Need::Evidence);
    for input in market.into_iter().chain(groups).chain([universe]).chain(values).chain(evidence) {
        if all.iter().all(|known| known.id != input.id) {
            all.push(input);
        }
    }
    all
}

/// The columns of daily bars that total return is made of.
pub const TOTAL_RETURN: &[&str] = &["close", "dividend"];

/// The columns of daily bars that signals measure beside the total return that every series has.
pub fn measured(series: &str) -> &'static [&'static str] {
    match series {
        "IWM" => &["high", "low", "close", "volume", "dividend"],
        "SPY" => &["close", "volume", "dividend"],
        "KRE" => TOTAL_RETURN,
        _ => &[],
    }
}

/// The columns of daily bars, beside the days, that a verdict takes of the store.
pub fn columns(series: &str) -> &'static [&'static str] {
    let measured = measured(series);
    if measured.is_empty() { TOTAL_RETURN } else { measured }
}

/// When a value for `day` of a published series becomes public: the first day at whose close it counts.
///
/// Target range: the day it takes effect. Financial conditions: the Wednesday after their Friday.
/// Lending standards: 40 days after the quarter's first day. Positioning: the Friday after its Tuesday,
/// or the session after one that has ended by 15:30. Yields, spreads and the funds rate: the next
/// session.
pub fn known_from(series: &str, day: Day, calendar: &Calendar) -> Day {
    let session_from = |day: Day| calendar.next_session(day.plus(-1));
    match series {
        "DFEDTAR" | "DFEDTARU" | "DFEDTARL" => day,
        "NFCI" => session_from(day.plus(5)),
        "DRTSCIS" => session_from(day.plus(40)),
        RUSSELL_FUTURES => {
            let friday = day.plus(Weekday::Fri.days_since(day.weekday()) as i32);
            if calendar.close_time(friday).hour() < 16 { calendar.next_session(friday) } else { session_from(friday) }
        }
        _ => calendar.next_session(day),
    }
}

/// The last day on or before `day` for which a series may have a value: a Friday for financial
/// conditions, a quarter's first day for lending standards, a Tuesday for positioning, else a session.
pub fn dated(series: &str, day: Day, calendar: &Calendar) -> Day {
    match series {
        "NFCI" => day.plus(-(day.weekday().days_since(Weekday::Fri) as i32)),
        RUSSELL_FUTURES => day.plus(-(day.weekday().days_since(Weekday::Tue) as i32)),
        "DRTSCIS" => {
            let date = day.date();
            Day::from_ymd(date.year(), date.month0() / 3 * 3 + 1, 1).unwrap_or(day)
        }
        _ => calendar.on_or_before(day),
    }
}

/// Whether a source restates the past of a series: what is stored is not what was known then.
pub fn is_revised(series: &str) -> bool {
    series == "NFCI"
}

/// The last day of a rate series that its source has ended: the target rate gave way to a range.
pub fn ends(series: &str) -> Option<Day> {
    (series == "DFEDTAR").then(|| Day::from_number(14_228)) // 2008-12-15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_known_when_their_publishers_say_so() {
        let calendar = Calendar::new(&[]);
        for (series, day, known) in [
            ("DFEDTARU", "2024-09-19", "2024-09-19"),
            ("DGS2", "2024-05-24", "2024-05-28"),
            ("NFCI", "2024-05-24", "2024-05-29"),
            // the Wednesday is Christmas
            ("NFCI", "2024-12-20", "2024-12-26"),
            ("DRTSCIS", "2021-07-01", "2021-08-10"),
            // 40 days on is a Saturday
            ("DRTSCIS", "2024-01-01", "2024-02-12"),
            ("239742", "2026-01-06", "2026-01-09"),
            // a report as of Monday, before a holiday
            ("239742", "2023-07-03", "2023-07-07"),
            // Good Friday, and the half day after Thanksgiving, which ends before 15:30
            ("239742", "2024-03-26", "2024-04-01"),
            ("239742", "2025-11-25", "2025-12-01"),
        ] {
            let day = day.parse().expect("a day");
            assert_eq!(known_from(series, day, &calendar).to_string(), known, "{series} for {day}");
        }
    }

    #[test]
    fn a_weekly_and_a_quarterly_series_have_values_on_days_of_their_own() {
        let calendar = Calendar::new(&[]);
        for (series, day, dates) in [
            ("DGS2", "2024-05-27", "2024-05-24"),
            ("NFCI", "2024-03-28", "2024-03-22"),
            // Good Friday
            ("NFCI", "2024-03-29", "2024-03-29"),
            ("DRTSCIS", "2023-12-31", "2023-10-01"),
            ("DRTSCIS", "2024-01-01", "2024-01-01"),
            ("239742", "2026-01-12", "2026-01-06"),
        ] {
            let day = day.parse().expect("a day");
            assert_eq!(dated(series, day, &calendar).to_string(), dates, "{series} at {day}");
        }
    }
}
