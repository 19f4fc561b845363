//! `relative-momentum`: has IWM earned more than SPY, over a month and over half a year?

use super::relative::Relative;
use super::words::{setting, signed_percent};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, keeps, named, reading, said};
use crate::day::Day;
use crate::series::{Market, Missing, widest};

const READINGS: &[Reading] = &[
    reading("relative_return_21d", Unit::Fraction),
    reading("relative_return_63d", Unit::Fraction),
    reading("relative_return_126d", Unit::Fraction),
    reading("relative_return_252d", Unit::Fraction),
    reading("relative_return_ytd", Unit::Fraction),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "relative-momentum",
    pillar: Pillar::Leadership,
    readings: READINGS,
    headline: |_| "relative_return_126d",
    basis: "total return",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next::one_way(|_, votes| Past::kept(votes, widest(127))),
    summary,
    meaning: "How much more small caps returned than large caps over one, three, six and twelve months and this year. \
              A rotation that holds shows over a month and over half a year at once; one of the two alone is a bounce \
              or an old story.",
    formula: "relative_return_h = TR(IWM)[t]/TR(IWM)[t−h] − TR(SPY)[t]/TR(SPY)[t−h]",
    rule: |settings| {
        let band = setting(settings.bands.relative_momentum, 100.0);
        format!("21d and 126d both above +{band} % → +1, both below −{band} % → −1; else the vote stays what it was")
    },
    source: "momentum after Jegadeesh and Titman, Journal of Finance 48 (1993), 65–91; windows and band are convention",
};

fn track(market: &Market) -> Result<Track, Missing> {
    let pair = Relative::of(market, "IWM", "SPY")?;
    let (month, half) = (pair.returns(21), pair.returns(126));
    let starts = year_starts(pair.at.sessions(), &market.sessions);

    let band = market.settings.bands.relative_momentum;
    let both = month.with(&half, |month, half| {
        f64::from(i8::from(month > band && half > band) - i8::from(month < -band && half < -band))
    });
    let votes = keeps(both.values.len(), |t| said(both.values[t]));
    Ok(Track::new(votes, &[&both])
        .number(month)
        .number(pair.returns_shown(63))
        .number(half)
        .number(pair.returns_shown(252))
        .number(pair.returns_since(&starts, "no session of the year before is there")))
}

/// For each observation the last one of the year before.
fn year_starts(at: &[usize], days: &[Day]) -> Vec<Option<usize>> {
    let mut start = None;
    let step = |k: usize| {
        let year = |k: usize| days[at[k]].year();
        if k > 0 && year(k - 1) < year(k) {
            start = (year(k - 1) + 1 == year(k)).then_some(k - 1);
        }
        start
    };
    (0..at.len()).map(step).collect()
}

fn summary(now: &Snapshot) -> String {
    let [month, half, ytd] = ["21d", "126d", "ytd"].map(|span| now.number(&format!("relative_return_{span}")));
    let [month, half, ytd] = [month, half, ytd].map(signed_percent);
    format!("IWM less SPY: {month} in 21 sessions, {half} in 126, {ytd} this year")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};

    /// SPY stands still; IWM doubles on session 100 (2004-05-27) and pays a tenth on session 200.
    fn fixture() -> Fixture {
        let close = |t: usize| if t < 100 { 50.0 } else { 100.0 };
        Fixture::new(270).bars("SPY", |_| 400.0).bars_paying("IWM", close, |t| if t == 200 { 10.0 } else { 0.0 })
    }

    #[test]
    fn returns_are_counted_from_h_sessions_before_and_include_dividends() {
        let track = track(&fixture().market()).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        assert_eq!(number("relative_return_21d", 120), 1.0);
        assert_eq!(number("relative_return_21d", 121), 0.0);
        assert!((number("relative_return_63d", 210) - 1.0 / 9.0).abs() < 1e-15);
        assert!((number("relative_return_126d", 200) - (2.0 / 0.9 - 1.0)).abs() < 1e-15);
        assert!((number("relative_return_252d", 260) - (2.0 / 0.9 - 1.0)).abs() < 1e-15);
        assert!(number("relative_return_126d", 125).is_nan());
    }

    #[test]
    fn the_year_counts_from_the_last_session_of_the_year_before() {
        let late = fixture().bars("IWM", |t| 50.0 + t as f64);
        let track = track(&late.market()).expect("a track");
        let number = |t| Snapshot::new(&SIGNAL, &track, t).number("relative_return_ytd");
        let first = late.sessions.iter().position(|&d| d == day("2005-01-03")).expect("a session");
        assert!(number(first - 1).is_nan());
        let base = 49.0 + first as f64;
        assert!((number(first) - 1.0 / base).abs() < 1e-14 && (number(first + 5) - 6.0 / base).abs() < 1e-14);
    }

    #[test]
    fn a_month_against_the_half_year_leaves_the_vote_as_it_was() {
        let track = track(&fixture().market()).expect("a track");
        // 21d is +1 on sessions 100 to 120, but 126d starts at session 126; then +11 % in both at 200 to 220
        assert_eq!((track.votes[125], track.votes[126], track.votes[199]), (None, Some(0), Some(0)));
        assert_eq!((track.votes[200], track.votes[221], track.votes[269]), (Some(1), Some(1), Some(1)));
    }
}
