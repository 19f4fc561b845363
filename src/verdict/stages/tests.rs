use super::*;

const NULL: f64 = f64::NAN;

/// Leadership, participation, pressure, fuel; everything else in order.
fn figures(scores: [f64; 4]) -> Figures {
    Figures { scores, coverage: 1.0, priced: true }
}

fn candidate(scores: [f64; 4]) -> Stage {
    figures(scores).candidate(false)
}

const NONE: Figures = Figures { scores: [-1.0, -1.0, -1.0, -1.0], coverage: 1.0, priced: true };
const SETUP: Figures = Figures { scores: [0.0, 0.0, 0.5, 1.0], coverage: 1.0, priced: true };
const EARLY: Figures = Figures { scores: [0.5, 0.0, 0.25, 0.0], coverage: 1.0, priced: true };
const CONFIRMED: Figures = Figures { scores: [0.5, 0.25, 0.0, -1.0], coverage: 1.0, priced: true };
const UNKNOWN: Figures = Figures { scores: [0.5, 0.25, 0.0, 0.0], coverage: 1.0, priced: false };

fn run(parts: &[(Figures, usize)]) -> Vec<Staged> {
    let figures: Vec<Figures> = parts.iter().flat_map(|&(figures, n)| vec![figures; n]).collect();
    stages(figures.into_iter(), |figures| *figures)
}

fn ids(staged: &[Staged]) -> Vec<Stage> {
    staged.iter().map(|one| one.stage).collect()
}

#[test]
fn confirmed_needs_all_three_at_their_thresholds() {
    assert_eq!(candidate([0.5, 0.25, 0.0, -1.0]), Stage::Confirmed);
    assert_eq!(candidate([0.49, 0.25, 0.0, 1.0]), Stage::Early);
    assert_eq!(candidate([0.5, 0.24, 0.0, 1.0]), Stage::Early);
    assert_eq!(candidate([1.0, 1.0, -0.25, 1.0]), Stage::Early);
}

#[test]
fn confirmed_does_not_fire_on_a_null() {
    assert_eq!(candidate([1.0, NULL, 1.0, 1.0]), Stage::Early);
    assert_eq!(candidate([1.0, 1.0, NULL, 1.0]), Stage::Early);
}

#[test]
fn early_needs_a_lead_and_one_side_that_holds() {
    assert_eq!(candidate([0.1, 0.1, -1.0, 0.0]), Stage::Early);
    assert_eq!(candidate([0.1, NULL, 0.1, 0.0]), Stage::Early);
    assert_eq!(candidate([0.1, 0.1, NULL, 0.0]), Stage::Early);
    assert_eq!(candidate([0.1, NULL, 0.0, 0.0]), Stage::None, "unknown or false is unknown");
    assert_eq!(candidate([0.1, 0.0, 0.0, 1.0]), Stage::None, "a lead alone");
}

#[test]
fn setup_needs_pressure_and_one_of_breadth_and_fuel() {
    assert_eq!(candidate([0.0, 0.1, 0.1, -1.0]), Stage::Setup);
    assert_eq!(candidate([-1.0, -1.0, 0.1, 0.1]), Stage::Setup);
    assert_eq!(candidate([-1.0, NULL, 0.1, 0.1]), Stage::Setup);
    assert_eq!(candidate([-1.0, NULL, 0.1, NULL]), Stage::None);
    assert_eq!(candidate([-1.0, 1.0, NULL, 1.0]), Stage::None);
    assert_eq!(candidate([-1.0, 1.0, 0.0, 1.0]), Stage::None);
}

#[test]
fn fading_comes_before_setup_and_needs_a_lost_lead() {
    let after_rotation = |scores| figures(scores).candidate(true);
    assert_eq!(after_rotation([-0.5, 1.0, 1.0, 1.0]), Stage::Fading);
    assert_eq!(after_rotation([-0.5, NULL, NULL, NULL]), Stage::Fading);
    assert_eq!(after_rotation([0.0, 1.0, 1.0, 1.0]), Stage::Setup);
    assert_eq!(after_rotation([0.0, 0.0, 0.0, 0.0]), Stage::None);
}

#[test]
fn nothing_is_said_without_prices_leadership_or_coverage() {
    let good = figures([1.0, 1.0, 1.0, 1.0]);
    assert_eq!(Figures { priced: false, ..good }.candidate(true), Stage::Unknown);
    assert_eq!(candidate([NULL, 1.0, 1.0, 1.0]), Stage::Unknown);
    assert_eq!(Figures { coverage: 0.599, ..good }.candidate(true), Stage::Unknown);
    // 0.35 + 0.25 is 0.6 on paper
    assert_eq!(Figures { coverage: (0.35 + 0.25) / 1.0, ..good }.candidate(false), Stage::Confirmed);
    assert_eq!(Figures { coverage: 0.6 - 1e-15, ..good }.candidate(false), Stage::Confirmed);
}

#[test]
fn the_first_session_takes_its_candidate() {
    let staged = run(&[(CONFIRMED, 2)]);
    assert_eq!(ids(&staged), [Stage::Confirmed; 2]);
    assert_eq!((staged[1].since, staged[1].previous, staged[1].candidate_sessions), (0, None, 2));
}

#[test]
fn a_candidate_becomes_the_stage_at_its_fifth_session() {
    let staged = run(&[(NONE, 10), (EARLY, 5)]);
    assert_eq!(ids(&staged)[10..], [Stage::None, Stage::None, Stage::None, Stage::None, Stage::Early]);
    let fourth = staged[13];
    assert_eq!((fourth.candidate, fourth.candidate_sessions, fourth.since, fourth.fired), (Stage::Early, 4, 0, 9));
    let fifth = staged[14];
    assert_eq!((fifth.since, fifth.previous, fifth.fired), (14, Some(Stage::None), 14));
}

#[test]
fn a_break_in_the_run_starts_the_count_again() {
    let staged = run(&[(NONE, 3), (EARLY, 4), (NONE, 1), (EARLY, 4), (CONFIRMED, 4), (EARLY, 5)]);
    assert!(staged[..20].iter().all(|one| one.stage == Stage::None));
    assert_eq!(staged[20].stage, Stage::Early);
}

#[test]
fn unknown_and_the_first_known_candidate_take_effect_at_once() {
    use Stage::{Confirmed, Early, Setup, Unknown};
    let staged = run(&[(CONFIRMED, 3), (UNKNOWN, 1), (EARLY, 1), (UNKNOWN, 2), (SETUP, 1), (NONE, 4)]);
    let expected =
        [Confirmed, Confirmed, Confirmed, Unknown, Early, Unknown, Unknown, Setup, Setup, Setup, Setup, Setup];
    assert_eq!(ids(&staged), expected);
    assert_eq!((staged[4].since, staged[4].previous), (4, Some(Unknown)));
    assert_eq!((staged[6].since, staged[6].previous), (5, Some(Early)));
}

#[test]
fn fading_looks_back_at_the_stage_and_not_at_the_candidate() {
    // four sessions of an early candidate never made it the stage
    let never = run(&[(NONE, 5), (EARLY, 4), (NONE, 10)]);
    assert!(never.iter().all(|one| one.candidate != Stage::Fading));
    let after = run(&[(NONE, 5), (EARLY, 5), (NONE, 100)]);
    // the stage stays early for four more sessions, 10 to 13, and so is last early at 13
    assert_eq!(after[13].stage, Stage::Early);
    assert_eq!(after[14].stage, Stage::Fading);
    assert_eq!(after[13 + 63].candidate, Stage::Fading);
    assert_eq!(after[13 + 64].candidate, Stage::None);
    assert_eq!((after[80].stage, after[81].stage), (Stage::Fading, Stage::None));
    assert_eq!(after[81].previous, Some(Stage::Fading));
}

#[test]
fn the_rule_shows_the_figures_and_the_sides_that_hold() {
    let rule = |scores, stage| figures(scores).rule(stage);
    assert_eq!(
        rule([1.0, 1.0 / 3.0, 0.0, NULL], Stage::Confirmed),
        "leadership +1.00 ≥ 0.5 and participation +0.33 ≥ 0.25 and pressure +0.00 ≥ 0"
    );
    assert_eq!(rule([0.5, NULL, 0.25, NULL], Stage::Early), "leadership +0.50 > 0 and pressure +0.25 > 0");
    assert_eq!(
        rule([-0.5, NULL, 0.25, NULL], Stage::Fading),
        "early or confirmed within the last 63 sessions and leadership −0.50 < 0"
    );
    assert_eq!(
        rule([-0.5, NULL, 0.25, 1.0], Stage::Setup),
        "leadership −0.50 ≤ 0 and pressure +0.25 > 0 and fuel +1.00 > 0"
    );
    assert_eq!(
        rule([-0.0, NULL, -0.25, 0.0], Stage::None),
        "no other rule holds: leadership +0.00, participation unknown, pressure −0.25, fuel +0.00"
    );
}
