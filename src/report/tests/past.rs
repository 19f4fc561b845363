//! A track record made by hand.

use super::sample::day;
use crate::evidence::{Apart, Beneath, Followed};
use crate::report::Evidence;
use crate::verdict::Stage;

/// What followed at one horizon.
fn followed(sessions: usize, n: usize, newey_west_t: Option<f64>, interval: Option<[f64; 2]>) -> Followed {
    Followed {
        sessions,
        n,
        n_effective: n as f64 / sessions as f64,
        mean: -0.021,
        base_mean: -0.002,
        difference: -0.019,
        hit_rate: 0.36,
        base_rate: 0.49,
        naive_t: -9.0,
        newey_west_t,
        newey_west_size: newey_west_t.map(|_| 0.103),
        interval,
        interval_size: interval.map(|_| 0.102),
        bootstrap_interval: None,
        apart: Apart { n: 9, mean: -0.01, hit_rate: 0.4 },
        halves: [-0.03, 0.01],
    }
}

/// The record of the stage: too few windows after half a year, an interval without 0 after a month.
pub(super) fn record() -> Beneath {
    Beneath {
        stage: Stage::Early,
        first: day("2003-08-13"),
        sessions: 960,
        share: 0.17,
        spells: 48,
        horizons: vec![
            followed(21, 950, Some(-2.5), Some([-0.034, -0.004])),
            followed(63, 930, Some(-1.4), Some([-0.044, 0.006])),
            followed(126, 900, None, None),
        ],
        probability: None,
    }
}

#[test]
fn a_spell_of_one_session_is_said_in_the_singular() {
    let said = |sessions, spells| {
        let evidence = Evidence::new(Stage::Early, Some(&Beneath { sessions, spells, ..record() }));
        evidence.lines().map(|(_, text)| text.to_owned()).next().expect("a line")
    };
    assert!(said(1, 1).ends_with("in 1 spell of 1 session on average"), "{}", said(1, 1));
    assert!(said(960, 48).ends_with("in 48 spells of 20 sessions on average"));
}
