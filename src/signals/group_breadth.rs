//! `group-breadth`: how many small-cap groups take part?

use super::groups::Groups;
use super::words::{number, setting};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, keeps, reading};
use crate::series::{Figure, Market, Missing, widest};
use crate::stats::{self, WHOLE};

const READINGS: &[Reading] = &[
    reading("above_50d", Unit::Share),
    reading("above_200d", Unit::Share),
    reading("k", Unit::Count),
    reading("n", Unit::Count),
    reading("beating_spy_63d", Unit::Share),
    reading("percentile", Unit::Percentile),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "group-breadth",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "above_50d",
    basis: "total return",
    inputs: |settings| settings.groups.iter().map(|group| group.symbol.clone()).chain(["SPY".into()]).collect(),
    track,
    next: Next::one_way(|_, votes| Past::kept(votes, widest(50))),
    summary,
    meaning: "The share of small-cap groups that stand above their 50-day mean. It tells a move that one \
              or two sectors carry from one that most join. The groups move together, so nine that agree say much \
              less than nine independent witnesses would.",
    formula: "above_50d = k/n: of n groups with 50 sessions, k with TR above the mean of its last 50; percentile \
              its place in its own history",
    rule: |settings| {
        let [high, low] = [settings.bands.group_breadth_high, settings.bands.group_breadth_low];
        let [high, low] = [high, low].map(|share| setting(share, 100.0));
        format!(
            "at least {high} % above → +1, at most {low} % → −1; between, the vote stays what it was; needs {LEAST} groups"
        )
    },
    source: "convention",
};

/// Groups without which breadth does not vote.
const LEAST: usize = 5;

fn track(market: &Market) -> Result<Track, Missing> {
    let groups = Groups::measure(market)?;
    let above = groups.above_50d();
    let above_50d = groups.share(above, 50, 1);
    let deciding = groups.share(above, 50, LEAST);
    let breadth = above_50d.observe("groups").shown(market);
    let place = stats::percentile(&breadth.gather(&above_50d.values), WHOLE, 1, breadth.from());

    let bands = &market.settings.bands;
    let side = |share: f64| i8::from(share >= bands.group_breadth_high) - i8::from(share <= bands.group_breadth_low);
    let votes = keeps(deciding.values.len(), |t| (!deciding.values[t].is_nan()).then(|| side(deciding.values[t])));
    let shown = market.shown(market.sessions.len());
    Ok(Track::new(votes, &[&deciding])
        .number(above_50d)
        .number(groups.share(&groups.above(200, shown), 200, 1))
        .number(Figure::complete(above.yes[shown..].to_vec()))
        .number(Figure::complete(above.of[shown..].to_vec()))
        .number(groups.share(&groups.beating(), 64, 1))
        .number(breadth.figure_of_history(1, place)))
}

fn summary(now: &Snapshot) -> String {
    let [k, n] = ["k", "n"].map(|name| number(now.number(name), 0));
    let [above, beating] = ["above_200d", "beating_spy_63d"].map(|name| number(100.0 * now.number(name), 0));
    format!("{k} of {n} groups above their 50-day mean, {above} % above the 200-day, {beating} % ahead of SPY")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    const SYMBOLS: [&str; 6] = ["PSCD", "PSCC", "PSCE", "PSCF", "PSCH", "PSCI"];

    /// SPY stands still; of six groups the first `rising` rise and the others fall, to session `end`.
    fn fixture(rising: usize, end: usize) -> Fixture {
        SYMBOLS.iter().enumerate().fold(Fixture::new(260).bars("SPY", |_| 400.0), |fixture, (i, symbol)| {
            let step = if i < rising { 0.1 } else { -0.1 };
            fixture.bars(symbol, move |t| if t <= end { 50.0 + step * t as f64 } else { f64::NAN })
        })
    }

    #[test]
    fn shares_count_the_groups_that_have_the_window() {
        let track = track(&fixture(4, 259).market()).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        assert_eq!((number("k", 259), number("n", 259), number("n", 48)), (4.0, 6.0, 0.0));
        assert_eq!([number("above_50d", 259), number("above_200d", 259)], [4.0 / 6.0; 2]);
        assert_eq!(number("beating_spy_63d", 63), 4.0 / 6.0);
        assert_eq!(number("percentile", 259), 50.0);
        assert!(number("above_200d", 198).is_nan() && number("beating_spy_63d", 62).is_nan());
        assert_eq!((track.votes[48], track.votes[49]), (None, Some(1)));
    }

    #[test]
    fn half_of_the_groups_votes_as_before() {
        let track = track(&fixture(3, 259).market()).expect("a track");
        assert_eq!(track.votes[259], Some(0));
    }

    #[test]
    fn ended_groups_are_not_counted_and_the_reason_says_so() {
        let track = track(&fixture(4, 200).market()).expect("a track");
        assert_eq!((track.votes[200], track.votes[201]), (Some(1), None));
        let reason = "0 of 9 groups have 50 sessions up to 2005-01-12, 5 needed; the last value is of 2004-10-19";
        assert_eq!(track.missing.as_deref(), Some(reason));
        assert_eq!((track.reasons[2].as_ref(), track.reasons[3].as_ref()), (None, None));
        assert!(track.reasons[5].is_some());
    }

    #[test]
    fn no_group_at_all_is_a_missing_input() {
        let market = Fixture::new(60).bars("SPY", |_| 400.0).market();
        assert_eq!(track(&market).map(|_| ()).map_err(|missing| missing.input), Err("PSCD".into()));
    }
}
