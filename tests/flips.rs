//! What the next close would change, against markets that have that close.

mod next;
mod real_data;

use rotation::bars::Shelf;
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::demo;
use rotation::series::Market;
use rotation::signals::{SIGNALS, Signal, Vote};
use rotation::store::Store;
use rotation::verdict::{Change, Flip, Flips, Stage, Tracked, flips, weigh};

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn tracks(market: &Market) -> Vec<Tracked> {
    SIGNALS.iter().map(|signal| (signal, (signal.track)(market))).collect()
}

fn found(market: &Market) -> Flips {
    let tracks = tracks(market);
    flips(market, &tracks, &weigh(market, &tracks))
}

fn vote(market: &Market, id: &str) -> Vote {
    let signal: &Signal = SIGNALS.iter().find(|signal| signal.id == id).expect("a signal");
    (signal.track)(market).ok().and_then(|track| track.votes[market.last()])
}

fn candidate(market: &Market) -> Stage {
    weigh(market, &tracks(market)).staged[market.last()].candidate
}

/// Holds every flip of a session against the market that closes at its level and against the one a cent nearer.
fn hold(shelf: &Shelf, calendar: &Calendar, reference: Day) -> Vec<Flip> {
    let market = Market::build(shelf, calendar.clone(), Settings::default(), reference);
    let Flips { flips, session, .. } = found(&market);
    for flip in &flips {
        let close = market.prices(flip.input).expect("prices").close[market.last()];
        let cent = if flip.level > close { -0.01 } else { 0.01 };
        // the close itself lies nearer than a cent where it is not in whole cents
        let near =
            if (flip.level - close).abs() < 0.015 { close } else { ((flip.level + cent) * 100.0).round() / 100.0 };
        let [near, far] = [near, flip.level].map(|level| next::market(shelf, calendar, reference, flip.input, level));
        assert_eq!(far.reference(), session);
        match flip.change {
            Change::Vote { signal, from, to } => {
                assert_eq!((vote(&near, signal), vote(&far, signal)), (from, to), "{reference} {flip:?}");
            }
            Change::Candidate { from, to } => {
                assert_eq!((candidate(&near), candidate(&far)), (from, to), "{reference} {flip:?}");
            }
        }
        let log = (flip.level / close).ln();
        assert!((flip.distance - log.exp_m1()).abs() < 1e-12 && flip.sigmas * log > 0.0 && flip.sigmas.abs() < 4.02);
    }
    flips
}

/// Candidates among the flips, and every input and signal of them.
fn counts(flips: &[Flip]) -> (usize, usize) {
    let candidates = flips.iter().filter(|flip| matches!(flip.change, Change::Candidate { .. })).count();
    (candidates, flips.len() - candidates)
}

#[test]
fn every_flip_is_what_a_market_with_that_close_shows() {
    let calendar = Calendar::new(&[]);
    let shelf = demo::market(&calendar, day("2026-07-10"));
    // the day before a week is complete, the day before a month is, and others
    let sessions = ["2026-06-29", "2024-03-14", "2019-01-15", "2011-08-04", "2006-02-27"];
    let all: Vec<Flip> = sessions.iter().flat_map(|text| hold(&shelf, &calendar, day(text))).collect();
    let (candidates, votes) = counts(&all);
    assert!(candidates >= 3 && votes >= 12, "{candidates} candidates, {votes} votes");
    assert!(all.iter().any(|flip| flip.input == "KRE"));
}

#[test]
fn between_its_flips_a_vote_stays_what_it_is() {
    let calendar = Calendar::new(&[]);
    let shelf = demo::market(&calendar, day("2026-06-30"));
    let reference = day("2026-06-25");
    let market = Market::build(&shelf, calendar.clone(), Settings::default(), reference);
    let Flips { flips, unmoved, .. } = found(&market);
    let tracks = tracks(&market);
    let close = market.prices("IWM").expect("prices").close[market.last()];
    for part in [-0.035, -0.012, -0.004, 0.003, 0.011, 0.034] {
        let level = ((1.0 + part) * close * 100.0).round() / 100.0;
        let moved = next::market(&shelf, &calendar, reference, "IWM", level);
        for (signal, track) in &tracks {
            let of = |change: &Change| matches!(change, Change::Vote { signal: id, .. } if *id == signal.id);
            let mut mine = flips.iter().filter(|flip| flip.input == "IWM" && of(&flip.change));
            if mine.any(|flip| flip.distance * part > 0.0 && flip.distance.abs() <= part.abs()) {
                continue;
            }
            let rest = unmoved.iter().find(|change| of(change)).map_or_else(
                || track.as_ref().ok().and_then(|track| track.votes[market.last()]),
                |change| if let Change::Vote { to, .. } = change { *to } else { None },
            );
            assert_eq!(vote(&moved, signal.id), rest, "{} at {level}", signal.id);
        }
    }
}

#[test]
fn an_input_without_a_close_is_not_moved_and_says_why() {
    let calendar = Calendar::new(&[]);
    let mut shelf = demo::market(&calendar, day("2026-06-30"));
    shelf.retain(|id, _| id.name != "KRE");
    let early = Market::build(&shelf, calendar.clone(), Settings::default(), day("2000-01-20"));
    let Flips { flips, missing, .. } = found(&early);
    assert!(flips.is_empty());
    assert_eq!(missing, ["IWM: 64 sessions are needed, 13 are there", "KRE is not in the store"]);
}

/// The same on real history, where `ROTATION_REAL_DATA` names a folder with it.
#[test]
fn flips_of_real_sessions_are_what_longer_markets_show() {
    let Some(store) = real_data::store("flips_of_real_sessions_are_what_longer_markets_show") else { return };
    let mut shelf = Store::at(store.to_path_buf()).and_then(|store| store.load()).expect("a store").shelf;
    let wanted = rotation::inputs::inputs(&Settings::default());
    shelf.retain(|id, _| wanted.iter().any(|input| input.series.contains(id)));
    let calendar = Calendar::new(&[]);
    let sessions = ["2008-12-30", "2016-11-10", "2020-06-04", "2025-09-17"];
    let all: Vec<Flip> = sessions.iter().flat_map(|text| hold(&shelf, &calendar, day(text))).collect();
    let (candidates, votes) = counts(&all);
    assert!(candidates >= 1 && votes >= 8, "{candidates} candidates, {votes} votes");
    // the third close above the old high is two sessions away
    assert!(all.iter().any(|flip| matches!(flip.change, Change::Vote { signal: "relative-strength", .. })));
}
