//! `constituent-breadth`: how many members of the small-cap index take part?

use super::track::{Vote, Votes};
use super::words::{number, setting, several};
use super::{Next, Pillar, Reading, Signal, Snapshot, Track, Unit, Value, keeps, named, reading};
use crate::config::Bands;
use crate::inputs::UNIVERSE;
use crate::series::{Breadth, Constituents, Figure, MEANS, Market, Missing, YEAR};

const READINGS: &[Reading] = &[
    reading("above_20d", Unit::Share),
    reading("above_50d", Unit::Share),
    reading("above_100d", Unit::Share),
    reading("above_150d", Unit::Share),
    reading("above_200d", Unit::Share),
    reading("n_20d", Unit::Count),
    reading("n_50d", Unit::Count),
    reading("n_100d", Unit::Count),
    reading("n_150d", Unit::Count),
    reading("n_200d", Unit::Count),
    reading("new_highs", Unit::Count),
    reading("new_lows", Unit::Count),
    reading("n_252d", Unit::Count),
    reading("net_new_highs", Unit::Fraction),
    reading("advancing", Unit::Count),
    reading("declining", Unit::Count),
    reading("unchanged", Unit::Count),
    reading("ad_line", Unit::Number),
    reading("mcclellan", Unit::Number),
    reading("ad_ema10", Unit::Fraction),
    reading("zweig_thrust", Unit::Plain),
    reading("members", Unit::Count),
    reading("listed", Unit::Count),
    reading("membership", Unit::Plain),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "constituent-breadth",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "above_200d",
    basis: "close as quoted; before membership is dated, today's members, which are survivors",
    inputs: |_| named(&[UNIVERSE]),
    track,
    next: Next::WHOLE,
    summary,
    meaning: "Counts the members of the index that rise, stand above their own averages or make new highs. An index \
              that a few large members lift looks the same as one that most of them lift; the counts tell them apart. \
              Today's members are those that survived, so that the past looks broader than it was.",
    formula: "above_200d = members whose close is above the mean of their last 200 / members with 200; net_new_highs = \
              (252-session highs − lows) / members with 252; ad_ema10 = EMA(2/11) of (A − D)/(A + D + U)",
    rule: |settings| {
        let Bands { constituent_ad, constituent_highs, constituent_200d, constituent_150d, constituent_100d, .. } =
            settings.bands;
        let share = |high: f64| format!("{}/{}", setting(high, 100.0), setting(1.0 - high, 100.0));
        format!(
            "five votes, each of which keeps its side until the opposite threshold is reached: ad_ema10 ±{}, above_200d \
             {} %, above_150d {} %, above_100d {} %, net_new_highs ±{} %; {DECIDE} of them decide, else 0",
            setting(constituent_ad, 1.0),
            share(constituent_200d),
            share(constituent_150d),
            share(constituent_100d),
            setting(constituent_highs, 100.0),
        )
    },
    source: "McClellan (1969), ratio-adjusted; Zweig, Winning on Wall Street (1986); the five votes are convention",
};

/// Votes of the five that decide.
const DECIDE: i32 = 3;

/// How membership is known, as an index into the words.
const MEMBERSHIP: [&str; 2] = ["survivors", "dated"];

fn track(market: &Market) -> Result<Track, Missing> {
    let Constituents { breadth, listed, dated_from } = market.constituents()?;
    let sessions = breadth.sessions.len();
    let above: [Figure; MEANS.len()] =
        std::array::from_fn(|i| figure(breadth, breadth.above_share(i), &breadth.full[i], MEANS[i]));
    let net_highs = figure(breadth, breadth.net_new_highs(), &breadth.full_year, YEAR);
    let ad_mean = moved(breadth, breadth.ad_ema10());

    let count = |counts: &[u32]| Figure::complete(counts.iter().map(|&n| f64::from(n)).collect());
    let since = dated_from.map_or(sessions, |from| breadth.sessions.partition_point(|&day| day < from));
    let membership = Figure::complete((0..sessions).map(|t| f64::from(t >= since)).collect());
    let deciding = [&ad_mean, &above[4], &above[3], &above[2], &net_highs];
    let track = Track::new(decide(&market.settings.bands, deciding), &deciding);
    let track = above.iter().fold(track, |track, figure| track.number(figure.clone()));
    let track = breadth.full.iter().fold(track, |track, full| track.number(count(full)));
    Ok(track
        .number(count(&breadth.new_highs))
        .number(count(&breadth.new_lows))
        .number(count(&breadth.full_year))
        .number(net_highs)
        .number(count(&breadth.advancing))
        .number(count(&breadth.declining))
        .number(count(&breadth.unchanged))
        .number(moved(breadth, breadth.ad_line()))
        .number(moved(breadth, breadth.mcclellan()))
        .number(ad_mean)
        .flag(moved(breadth, breadth.zweig_thrust()))
        .number(count(&breadth.members))
        .number(count(listed))
        .word(membership, MEMBERSHIP))
}

/// The votes that at least three of five agree on: the mean of advances, the shares above the means of 200, 150 and 100
/// sessions, the new highs. Each keeps its side until the opposite threshold, and none is there without its figure.
fn decide(bands: &Bands, deciding: [&Figure; 5]) -> Votes {
    let both = |band: f64| (band, -band);
    let share = |high: f64| (high, 1.0 - high);
    let thresholds = [
        both(bands.constituent_ad),
        share(bands.constituent_200d),
        share(bands.constituent_150d),
        share(bands.constituent_100d),
        both(bands.constituent_highs),
    ];
    let five: [_; 5] = std::array::from_fn(|i| {
        let (figure, (high, low)) = (deciding[i], thresholds[i]);
        let side = move |x: f64| (!x.is_nan()).then(|| i8::from(x >= high) - i8::from(x <= low));
        (figure, keeps(figure.values.len(), |t| side(figure.values[t])), side)
    });
    let agreed = |votes: [Vote; 5]| {
        let present = votes.iter().flatten().count() as i32;
        let [for_, against] = [1, -1].map(|side| votes.iter().filter(|vote| **vote == Some(side)).count() as i32);
        (present >= DECIDE).then(|| i8::from(for_ >= DECIDE) - i8::from(against >= DECIDE))
    };
    let sessions = deciding[0].values.len();
    let each: Vec<Vote> = (0..sessions).map(|t| agreed(five.each_ref().map(|(_, votes, _)| votes.each[t]))).collect();
    let called = sessions.checked_sub(1).and_then(|t| agreed(five.each_ref().map(|(f, _, side)| side(f.values[t]))));
    let last = each.last().copied().flatten();
    Votes { kept: last.is_some_and(|vote| vote != 0) && called != last, each }
}

/// A figure of members with `n` closes, and why there is none.
fn figure(breadth: &Breadth, values: Vec<f64>, full: &[u32], n: usize) -> Figure {
    Figure::new(values, || {
        let (day, members) = (breadth.sessions[full.len() - 1], breadth.members[full.len() - 1]);
        let members = several(f64::from(members), "member");
        format!("none of {members} with a close on {day} has {n} sessions")
    })
}

/// A figure of advances and declines, and why there is none.
fn moved(breadth: &Breadth, values: Vec<f64>) -> Figure {
    let last = values.len() - 1;
    Figure::new(values, || {
        let (day, members) = (breadth.sessions[last], breadth.members[last]);
        let have = if members == 1 { "1 member has".to_owned() } else { format!("{members} members have") };
        format!("too few sessions with advances and declines up to {day}, on which {have} a close")
    })
}

fn summary(now: &Snapshot) -> String {
    let share = |name| number(100.0 * now.number(name), 0);
    let [counted, listed] = ["members", "listed"].map(|name| now.number(name));
    let survivors = if now.get("membership") == Value::Word(MEMBERSHIP[0].into()) { " (survivors)" } else { "" };
    // a vote of few of them is not to look like one of all
    let above = if counted < listed {
        format!("{} of {}{survivors} counted: {} %", number(counted, 0), several(listed, "member"), share("above_200d"))
    } else {
        format!("{} % of {}{survivors}", share("above_200d"), several(counted, "member"))
    };
    format!(
        "{above} above their 200-day mean, {} % above the 50-day, {} and {}",
        share("above_50d"),
        several(now.number("new_highs"), "new high"),
        several(now.number("new_lows"), "low")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    /// Ten members on 400 sessions, of which `rising(t)` gain a dollar at session t and the others lose one.
    fn fixture(rising: impl Fn(usize) -> usize) -> Fixture {
        (0..10).fold(Fixture::new(400).bars("SPY", |_| 400.0), |fixture, member| {
            let mut close = 1000.0;
            let path: Vec<f64> = (0..400)
                .map(|t| {
                    close += if member < rising(t) { 1.0 } else { -1.0 };
                    close
                })
                .collect();
            fixture.member(move |t| path[t])
        })
    }

    #[test]
    fn three_of_five_votes_decide_and_are_kept_to_the_opposite_threshold() {
        // eight of ten rise to session 299, then five do
        let track = track(&fixture(|t| if t < 300 { 8 } else { 5 }).market()).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        assert_eq!(["above_20d", "n_20d", "n_200d"].map(|name| number(name, 150)), [0.8, 10.0, 0.0]);
        assert!(number("above_200d", 198).is_nan());
        assert!(number("above_200d", 199) == 0.8 && (number("ad_ema10", 199) - 0.6).abs() < 1e-12);
        assert_eq!(["new_highs", "new_lows", "net_new_highs"].map(|name| number(name, 260)), [8.0, 2.0, 0.6]);
        // advances from the 17th on, the 100-session mean from the 100th, the 150-session mean from the 150th
        assert_eq!([17, 148, 149, 150, 251].map(|t| track.votes[t]), [None, None, Some(1), Some(1), Some(1)]);
        // five of ten up is 0 net and the shares fall to a half: every side is kept
        assert_eq!((number("above_100d", 399), number("ad_ema10", 399) < 1e-6), (0.5, true));
        assert!(track.votes[300..].iter().all(|&vote| vote == Some(1)) && track.kept);
    }

    #[test]
    fn the_opposite_thresholds_turn_the_vote_one_by_one() {
        // from session 300 on two of ten rise
        let track = track(&fixture(|t| if t < 300 { 8 } else { 2 }).market()).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        let turns = |name, low: f64| (300..400).find(|&t| number(name, t) <= low);
        // 0.6 − 1.2·(1 − (9/11)^k) ≤ −0.30 from k = 7 on
        assert_eq!(turns("ad_ema10", -0.30), Some(306));
        // k down from a peak stand on the mean of n or below where k(k + 1) + (n − k)(n − k − 1) ≤ 2nk
        let means = [("above_100d", 0.25, 30), ("above_150d", 0.35, 44), ("above_200d", 0.40, 59)];
        for (name, low, k) in means {
            assert_eq!(turns(name, low), Some(299 + k), "{name}");
        }
        // two always at their high, two always at their low: nothing turns
        assert_eq!((turns("net_new_highs", -0.10), number("net_new_highs", 399)), (None, 0.0));
        assert_eq!([306, 329, 342, 343, 399].map(|t| track.votes[t]), [1, 1, 1, -1, -1].map(Some));
    }

    #[test]
    fn a_member_without_a_close_today_does_not_count_and_none_is_a_reason() {
        let gone = (0..3).fold(Fixture::new(300).bars("SPY", |_| 400.0), |fixture, _| {
            fixture.member(|t| if t < 290 { 50.0 + t as f64 } else { f64::NAN })
        });
        let track = track(&gone.market()).expect("a track");
        assert_eq!((track.votes[289], track.votes[290]), (Some(1), None));
        let reason = track.missing.as_deref().expect("a reason");
        assert_eq!(
            reason,
            "too few sessions with advances and declines up to 2005-03-11, on which 0 members have a close"
        );
        assert_eq!(Snapshot::new(&SIGNAL, &track, 299).number("members"), 0.0);
    }

    #[test]
    fn one_member_without_a_past_is_one() {
        let track = track(&Fixture::new(5).bars("SPY", |_| 400.0).member(|_| 50.0).market()).expect("a track");
        let said = |at: usize| track.reasons[at].as_deref().expect("a reason");
        assert!(said(0).starts_with("none of 1 member with a close on "), "{}", said(0));
        assert!(track.missing.as_deref().is_some_and(|why| why.ends_with(" on which 1 member has a close")));
    }

    #[test]
    fn the_past_of_todays_members_is_labelled() {
        let track = track(&fixture(|_| 8).dated_from(300).market()).expect("a track");
        let at = |t| Snapshot::new(&SIGNAL, &track, t);
        assert_eq!(at(299).get("membership"), Value::Word("survivors".into()));
        assert_eq!(at(300).get("membership"), Value::Word("dated".into()));
        assert!(summary(&at(299)).starts_with("80 % of 10 members (survivors) above their 200-day mean"));
        assert!(
            summary(&at(300)).starts_with("80 % of 10 members above their 200-day mean, 80 % above the 50-day, 8 new")
        );
    }

    #[test]
    fn members_without_a_close_are_told_of_and_one_is_one() {
        let fixture = (0..3).fold(Fixture::new(300).bars("SPY", |_| 400.0), |fixture, member| {
            fixture.member(move |t| if member == 0 || t < 290 { 50.0 + t as f64 } else { f64::NAN })
        });
        let market = fixture.market();
        let track = track(&market).expect("a track");
        let told = |t| summary(&Snapshot::new(&SIGNAL, &track, t));
        let all =
            "100 % of 3 members (survivors) above their 200-day mean, 100 % above the 50-day, 3 new highs and 0 lows";
        let one = "1 of 3 members (survivors) counted: 100 % above their 200-day mean, 100 % above the 50-day, 1 new high \
                   and 0 lows";
        assert_eq!([told(289), told(299)], [all, one]);
    }

    #[test]
    fn on_the_session_to_come_every_member_stands_where_it_stood() {
        let market = fixture(|_| 8).market();
        let next = market.next(100, &named(&[UNIVERSE]));
        let breadth = &next.constituents().expect("a universe").breadth;
        let [last, t] = [299, 300];
        assert_eq!((breadth.sessions.len(), breadth.members[t], breadth.unchanged[t]), (301, 10, 10));
        assert_eq!((breadth.above[0][last], breadth.above[0][t], breadth.new_highs[t]), (8, 8, 8));
        assert_eq!(market.constituents().expect("a universe").breadth.sessions, market.sessions);
    }

    #[test]
    fn without_a_universe_it_is_not_set_up() {
        let market = Fixture::new(60).bars("SPY", |_| 400.0).market();
        let missing = track(&market).expect_err("no universe");
        assert_eq!(missing.to_string(), "universe was never given");
    }
}
