//! `lending-standards`: do banks lend to small firms?

use super::words::{number, setting, signed};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, named, published, reading, said};
use crate::series::{Figure, Market, Missing};

const READINGS: &[Reading] = &[reading("level", Unit::Percent), reading("change_1q", Unit::Percent)];

pub(super) const SIGNAL: Signal = Signal {
    id: "lending-standards",
    pillar: Pillar::Pressure,
    readings: READINGS,
    headline: |_| "level",
    basis: "as published, known 40 days after the quarter's first day",
    inputs: |_| named(&["lending-standards"]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "The share of banks that tighten their terms for loans to small firms, less the share that ease them. Small \
              companies live on bank credit: where few banks tighten, or ever fewer do, they can finance a recovery; \
              where many do, they are cut off first.",
    formula: "level = net percent of banks tightening in the last survey published, change_1q = level less that of the \
              quarter before",
    rule: |settings| {
        let limit = setting(settings.bands.lending_standards, 1.0);
        format!("below 0, or at most {limit} and falling → +1; above {limit} → −1; else 0")
    },
    source: "Federal Reserve, Senior Loan Officer Opinion Survey; as a sign of the cycle after Lown and Morgan, Journal \
             of Money, Credit and Banking 38 (2006), 1575–1597; the limit is convention",
};

/// Days from one quarter's first day to the next one's, at most.
const QUARTER_DAYS: i32 = 92;

fn track(market: &Market) -> Result<Track, Missing> {
    let known = market.known("lending-standards")?;
    let put = |values: &[f64]| {
        let undefined = "no value of the quarter before";
        published::figure(market, "lending-standards", known, values, undefined)
    };
    let level = put(&known.points.value);
    let change = put(&published::change(&known.points, 1, QUARTER_DAYS));

    let limit = market.settings.bands.lending_standards;
    let side = |(&level, &change): (&f64, &f64)| match level {
        _ if level.is_nan() => f64::NAN,
        _ if level < 0.0 => 1.0,
        _ if level > limit => -1.0,
        _ if change.is_nan() => f64::NAN,
        _ => f64::from(i8::from(change < 0.0)),
    };
    let votes = level.values.iter().zip(&change.values).map(side).map(said).collect();
    let deciding: [&Figure; 2] = [&level, &change];
    Ok(Track::new(votes, &deciding).number(level).number(change))
}

fn summary(now: &Snapshot) -> String {
    let (level, change) = (now.number("level"), now.number("change_1q"));
    let doing = if level < 0.0 { "easing" } else { "tightening" };
    let level = number(level.abs(), 1);
    format!("net {level} % of banks {doing} to small firms, {} points in a quarter", signed(change, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};

    const QUARTERS: [&str; 8] = [
        "2004-01-01",
        "2004-04-01",
        "2004-07-01",
        "2004-10-01",
        "2005-01-01",
        "2005-04-01",
        "2005-10-01",
        "2006-01-01",
    ];

    fn fixture(values: &[f64]) -> Fixture {
        let rows: Vec<_> = QUARTERS.iter().zip(values).map(|(quarter, &value)| (day(quarter), value)).collect();
        Fixture::new(560).bars("SPY", |_| 400.0).dated("DRTSCIS", rows)
    }

    #[test]
    fn a_quarter_counts_after_forty_days_and_votes_on_level_and_direction() {
        let fixture = fixture(&[20.0, 30.0, 20.0, 20.0, -5.0, 3.0, 2.0, 1.0]);
        let track = track(&fixture.market()).expect("a track");
        let read = |text: &str| {
            let t = fixture.sessions.iter().position(|&d| d == day(text)).expect("a session");
            let now = Snapshot::new(&SIGNAL, &track, t);
            let figures = ["level", "change_1q"].map(|name| now.number(name));
            (figures.map(|x| format!("{x}")).join(" "), track.votes[t])
        };
        let said = |text: &str, vote| (text.to_owned(), vote);
        // 40 days after New Year is 2004-02-10; at 20 it takes a direction to vote
        assert_eq!(read("2004-02-09"), said("NaN NaN", None));
        assert_eq!(read("2004-02-10"), said("20 NaN", None));
        assert_eq!(read("2004-05-10"), said("20 NaN", None));
        assert_eq!(read("2004-05-11"), said("30 10", Some(-1)));
        assert_eq!(read("2004-08-10"), said("20 -10", Some(1)));
        assert_eq!(read("2004-11-10"), said("20 0", Some(0)));
        assert_eq!(read("2005-02-10"), said("-5 -25", Some(1)));
        assert_eq!(read("2005-05-11"), said("3 8", Some(0)));
        // no survey for July 2005: the last is carried for 100 sessions, and the next has none before it
        assert_eq!(read("2005-10-03"), said("3 8", Some(0)));
        assert_eq!(read("2005-10-04"), said("NaN NaN", None));
        assert_eq!(read("2005-11-10"), said("2 NaN", None));
        assert_eq!(read("2006-02-10"), said("1 -1", Some(1)));
        let now = Snapshot::new(&SIGNAL, &track, 280);
        assert_eq!(summary(&now), "net 5.0 % of banks easing to small firms, −25.0 points in a quarter");
    }

    #[test]
    fn a_level_without_a_direction_says_what_it_lacks() {
        let market = fixture(&[20.0]).market_at(40);
        let track = track(&market).expect("a track");
        assert_eq!(track.missing.as_deref(), Some("lending-standards: no value of the quarter before"));
    }
}
