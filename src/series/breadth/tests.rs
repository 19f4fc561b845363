use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::bars::Closes;
use crate::calendar::Calendar;

/// Whole days from 2004-01-02 on that are sessions.
fn sessions(n: usize) -> Vec<Day> {
    let first = Day::from_number(12_419);
    Calendar::new(&[]).between(first, first.plus(2 * n as i32 + 10))[..n].to_vec()
}

const EVER: Range<Day> = Day::from_number(i32::MIN)..Day::from_number(i32::MAX);

/// A member with these closes on the sessions; no bar where there is none.
fn member(sessions: &[Day], close: impl Fn(usize) -> Option<f64>) -> Closes {
    let rows = sessions.iter().enumerate().filter_map(|(t, &day)| Some((day, close(t)?)));
    let (day, close) = rows.unzip();
    Closes { day, close }
}

fn counted(sessions: &[Day], members: &[(Closes, Vec<Range<Day>>)]) -> Breadth {
    let mut counter = Counter::new(sessions);
    for (closes, listed) in members {
        counter.add(closes, listed);
    }
    counter.finish()
}

/// Closes by session, `None` where there is none.
type Path = Vec<Option<f64>>;

/// What the closes of the window of `n` that ends at session `t` are, by the definition.
fn window(closes: &[Option<f64>], t: usize, n: usize) -> Option<Vec<f64>> {
    let held: Vec<usize> = (0..=t).rev().filter(|&s| closes[s].is_some()).take(n).collect();
    let near = held.len() == n && t - held[n - 1] < n + (n / 50).max(2);
    (closes[t].is_some() && near).then(|| held.iter().rev().filter_map(|&s| closes[s]).collect())
}

/// The counts by the definition, member by member and session by session.
fn defined(sessions: &[Day], members: &[(Path, Vec<Range<Day>>)]) -> Breadth {
    let blank = || vec![0; sessions.len()];
    let mut all = Breadth {
        sessions: sessions.to_vec(),
        members: blank(),
        above: std::array::from_fn(|_| blank()),
        full: std::array::from_fn(|_| blank()),
        full_year: blank(),
        new_highs: blank(),
        new_lows: blank(),
        advancing: blank(),
        declining: blank(),
        unchanged: blank(),
    };
    for (closes, listed) in members {
        for (t, day) in sessions.iter().enumerate() {
            let Some(close) = closes[t].filter(|_| listed.iter().any(|span| span.contains(day))) else { continue };
            all.members[t] += 1;
            for (i, n) in MEANS.into_iter().enumerate() {
                if let Some(window) = window(closes, t, n) {
                    all.full[i][t] += 1;
                    all.above[i][t] += u32::from(close * n as f64 > window.iter().sum());
                }
            }
            if let Some(window) = window(closes, t, 2) {
                all.advancing[t] += u32::from(window[1] > window[0]);
                all.declining[t] += u32::from(window[1] < window[0]);
                all.unchanged[t] += u32::from(window[1] == window[0]);
            }
            if let Some(window) = window(closes, t, YEAR) {
                all.full_year[t] += 1;
                all.new_highs[t] += u32::from(window.iter().all(|&other| close >= other));
                all.new_lows[t] += u32::from(window.iter().all(|&other| close <= other));
            }
        }
    }
    all
}

prop_compose! {
    /// Closes in whole numbers, so that sums are exact and ties frequent; gaps; late starts and early ends.
    fn closes(n: usize)(
        steps in prop::collection::vec(-1_i32..=1, n),
        gaps in prop::collection::vec(0_u32..1000, n),
        often in 0_u32..30,
        span in (0..n, 0..n),
    ) -> Vec<Option<f64>> {
        let mut level = 1000;
        let close = |t: usize| {
            level += steps[t];
            let held = gaps[t] >= often && (t >= span.0.min(span.1) / 2) && t <= n - span.0.max(span.1) / 8;
            held.then_some(f64::from(level))
        };
        (0..n).map(close).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_are_those_of_the_definition(
        members in prop::collection::vec((closes(600), prop::option::of((0_usize..600, 0_usize..600))), 1..6),
    ) {
        let sessions = sessions(600);
        let members: Vec<_> = members.into_iter().map(|(closes, listed)| {
            let spans = listed.map_or(vec![EVER], |(a, b)| {
                let (from, until) = (a.min(b), a.max(b));
                vec![sessions[from / 2]..sessions[from], sessions[until]..EVER.end]
            });
            (closes, spans)
        }).collect();
        let held: Vec<_> = members.iter().map(|(closes, listed)| (member(&sessions, |t| closes[t]), listed.clone())).collect();
        let whole = counted(&sessions, &held);
        prop_assert_eq!(&whole, &defined(&sessions, &members));

        // neither the order of members nor where they are counted changes anything
        let (some, others) = held.split_at(held.len() / 2);
        let mut counters = [others, some].map(|part| {
            let mut counter = Counter::new(&sessions);
            for (closes, listed) in part.iter().rev() {
                counter.add(closes, listed);
            }
            counter
        }).into_iter();
        let (first, second) = (counters.next().expect("one"), counters.next().expect("two"));
        prop_assert_eq!(first.with(&second).finish(), whole);

        // later sessions change nothing before them
        let cut = counted(&sessions[..400], &held);
        let early = |counts: &[u32], cut: &[u32]| counts[..400] == *cut;
        let whole = counted(&sessions, &held);
        prop_assert!(early(&whole.members, &cut.members) && early(&whole.new_highs, &cut.new_highs));
        prop_assert!((0..MEANS.len()).all(|i| early(&whole.above[i], &cut.above[i])));
    }
}

#[test]
fn figures_worked_out_by_hand() {
    // three members: one rises, one falls, one does now the one and now the other, starting with a rise
    let sessions = sessions(260);
    let saw = |t: usize| if t.is_multiple_of(2) { 50.0 } else { 51.0 };
    let of = |close: &dyn Fn(usize) -> f64| (member(&sessions, |t| Some(close(t))), vec![EVER]);
    let breadth = counted(
        &sessions,
        &[of(&|t| 100.0 + 0.25 * t as f64), of(&|t| 100.0 - 0.25 * t as f64), of(&saw), of(&|_| 0.1)],
    );
    let last = 259;
    assert_eq!((breadth.members[0], breadth.unchanged[0], breadth.advancing[0]), (4, 0, 0));
    assert_eq!([&breadth.advancing, &breadth.declining, &breadth.unchanged].map(|count| count[last]), [2, 1, 1]);
    assert_eq!([&breadth.advancing, &breadth.declining, &breadth.unchanged].map(|count| count[258]), [1, 2, 1]);
    // the third stands at 51 over a mean of 50.5; the fourth, of which 0.1 is no binary fraction, on its mean
    assert_eq!((breadth.above[4][last], breadth.full[4][last], breadth.full[4][198]), (2, 4, 0));
    assert_eq!((breadth.above_share(4)[last], breadth.above_share(0)[258]), (0.5, 0.25));
    // highs: the first, the third at its level of 51, the fourth that never moved; it is at its low too
    assert_eq!([&breadth.new_highs, &breadth.new_lows, &breadth.full_year].map(|count| count[last]), [3, 2, 4]);
    assert_eq!((breadth.net_new_highs()[last], breadth.full_year[250]), (0.25, 0));
    // A − D is 1, −1, 1 …: of two up and one down a third, and the other way round
    assert_eq!((breadth.ad_line()[last], breadth.ad_line()[258]), (1.0, 0.0));
    assert!(breadth.ad_line()[0].is_nan());
    let (mut fast, mut slow) = (1000.0 / 3.0, 1000.0 / 3.0);
    for t in 2..=60 {
        let net = if t % 2 == 1 { 1000.0 / 3.0 } else { -1000.0 / 3.0 };
        (fast, slow) = (fast + 0.1 * (net - fast), slow + 0.05 * (net - slow));
    }
    let oscillator = breadth.mcclellan();
    assert!(oscillator[59].is_nan() && (oscillator[60] - (fast - slow)).abs() < 1e-10);
    // ¼ and −¼ in turn, shown after 17: the mean of ten settles at ±¼·α/(2 − α), α = 2/11
    let mean = breadth.ad_ema10();
    assert!(mean[16].is_nan() && !mean[17].is_nan());
    assert!((mean[last] - 0.25 * (2.0 / 11.0) / (2.0 - 2.0 / 11.0)).abs() < 1e-12);
}

#[test]
fn a_thrust_is_a_turn_from_few_advances_to_many_within_ten_sessions() {
    // of ten members one rises, and from session 40 on nine do
    let sessions = sessions(80);
    let turn = |i: usize, t: usize| {
        let (before, after) = if i == 0 { (1.0, -1.0) } else { (-1.0, 1.0) };
        500.0 + before * t.min(39) as f64 + after * t.saturating_sub(39) as f64
    };
    let members: Vec<_> = (0..10).map(|i| (member(&sessions, |t| Some(turn(i, t))), vec![EVER])).collect();
    let breadth = counted(&sessions, &members);
    let thrust = breadth.zweig_thrust();
    // 0.9 − 0.8·(9/11)^k: below 0.40 up to k = 2, above 0.615 from k = 6 on: 0.3645 and 0.6601
    assert!(thrust[16].is_nan());
    let days: Vec<usize> = (0..80).filter(|&t| thrust[t] == 1.0).collect();
    assert_eq!(days, (45..=51).collect::<Vec<_>>());
}

#[test]
fn without_members_nothing_is_measured() {
    let sessions = sessions(30);
    let breadth = counted(&sessions, &[]);
    assert_eq!(breadth.span(), None);
    assert!(breadth.above_share(0).iter().chain(&breadth.ad_line()).chain(&breadth.mcclellan()).all(|x| x.is_nan()));
}
