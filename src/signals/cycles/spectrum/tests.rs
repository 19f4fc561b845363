//! Periods planted in noise, and noise alone.

use super::super::projection::records;
use super::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Red noise of persistence `r` and shocks of 1, path number `path` of a seeded family.
pub(in crate::signals::cycles) fn red_noise(r: f64, length: usize, path: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(1_963);
    rng.set_stream(path);
    let mut draw = || -> f64 { StandardNormal.sample(&mut rng) };
    let mut x = draw() / (1.0 - r * r).sqrt();
    let step = |i: usize| {
        if i > 0 {
            x = r * x + draw();
        }
        x
    };
    (0..length).map(step).collect()
}

/// The largest ratio to the background in a single window.
pub(in crate::signals::cycles) fn largest_ratio(x: &[f64]) -> f64 {
    let spectrum = spectra(x, &[Some(WINDOW - 1)])[0].clone().expect("a spectrum");
    spectrum.strength * null::limit(persistence(x).expect("it varies"))
}

#[test]
fn lagged_products_are_those_of_three_passes() {
    for length in [2, 3, 7, 8, 9, 10, 1_260] {
        let x = red_noise(0.9, length, 4);
        assert_eq!(lagged(&x), [0, 1, 2].map(|by| stats::dot(&x[by..], &x[..length - by])), "{length}");
    }
}

#[test]
fn sums_of_a_moving_window_are_those_of_the_window_itself() {
    let x: Vec<f64> = [f64::NAN; 7].into_iter().chain(red_noise(0.97, 3_000, 1)).collect();
    let end = 2_750;
    let moved = spectra(&x, &[Some(1_266), Some(2_000), None, Some(end)]);
    let alone = spectra(&x[end + 1 - WINDOW..=end], &[Some(WINDOW - 1)]);
    let strength = |one: &Option<Spectrum>| one.as_ref().expect("a spectrum").strength;
    assert!(moved[2].is_none() && (strength(&moved[3]) - strength(&alone[0])).abs() < 1e-9);
    // against sums straight from the definition
    let window = &x[end + 1 - WINDOW..=end];
    let r = persistence(window).expect("it varies");
    let mut ratios: Vec<f64> = (FIRST..=LAST)
        .map(|k| {
            let angle = |n: usize| TAU * k as f64 * n as f64 / WINDOW as f64;
            let sum = |part: fn(f64) -> f64| window.iter().enumerate().map(|(n, x)| x * part(angle(n))).sum::<f64>();
            (sum(f64::cos).powi(2) + sum(f64::sin).powi(2)) * (1.0 - 2.0 * r * angle(1).cos() + r * r)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let expected = ratios[58] / (ratios[29] / LN_2) / null::limit(r);
    assert!((strength(&moved[3]) - expected).abs() < 1e-9);
}

#[test]
fn a_planted_cycle_is_found_with_its_period_and_phase() {
    for (k, degrees) in [(5, 30.0), (12, 200.0), (20, 300.0), (40, 120.0)] {
        let noise = red_noise(0.97, WINDOW, k as u64);
        let wave = |n: usize| (TAU * k as f64 * (n as f64 - 1_259.0) / 1_260.0 + f64::to_radians(degrees)).cos();
        // as strong as the noise itself
        let x: Vec<f64> = (0..WINDOW).map(|n| noise[n] + 6.0 * wave(n)).collect();
        let spectrum = spectra(&x, &[Some(WINDOW - 1)])[0].clone().expect("a spectrum");
        let found = spectrum.cycles.iter().find(|cycle| cycle.k == k).expect("the planted cycle");
        let apart = (found.phase.to_degrees() - degrees + 180.0).rem_euclid(360.0) - 180.0;
        assert!(apart.abs() < 20.0 && (found.amplitude - 6.0).abs() < 2.0, "{found:?}");
        assert_eq!(spectrum.rises(), Some(degrees > 180.0), "{degrees}°");
    }
}

#[test]
fn phases_project_and_align() {
    let cycle = |k, phase: f64| Cycle { k, amplitude: 0.02, phase: phase.to_radians() };
    let of = |cycles: Vec<Cycle>| Spectrum { strength: 1.5, cycles };
    // 126 sessions: half a turn ahead, from trough to crest
    assert!((of(vec![cycle(10, 180.0)]).projection() - 0.04).abs() < 1e-12);
    // 63 sessions: a whole turn
    assert_eq!(of(vec![cycle(20, 77.0)]).projection(), 0.0);
    assert!(of(vec![]).projection().is_nan() && of(vec![]).rises().is_none());
    let spectrum = of(vec![cycle(10, 270.0), cycle(63, 45.0)]);
    assert_eq!((spectrum.periods().as_str(), spectrum.phases().as_str()), ("126.0, 20.0", "270, 45"));
    // the faster cycle falls faster than the slow one rises
    assert_eq!(spectrum.rises(), Some(false));
    assert!((resultant([0.0, TAU / 4.0].into_iter()) - 0.5_f64.sqrt()).abs() < 1e-12);
    assert_eq!((resultant([2.0].into_iter()), resultant([].into_iter()).is_nan()), (1.0, true));
}

#[test]
fn a_series_that_does_not_vary_has_no_spectrum() {
    assert_eq!(spectra(&[0.3; WINDOW], &[Some(WINDOW - 1)]), [None]);
    let rounding: Vec<f64> = (0..WINDOW).map(|n| 0.3 + 1e-15 * (n % 3) as f64).collect();
    assert_eq!(spectra(&rounding, &[Some(WINDOW - 1)]), [None]);
}

#[test]
fn a_projection_of_no_change_is_neither_right_nor_wrong() {
    let of = |k| Some(Spectrum { strength: 1.5, cycles: vec![Cycle { k, amplitude: 0.02, phase: 1.0 }] });
    let x: Vec<f64> = (0..=AHEAD).map(|n| n as f64).collect();
    let due = |k| records(&x, &[of(k), None], &[Some(0), Some(AHEAD)])[1].due;
    // 63 sessions are a whole turn, and 0.9 of one
    assert_eq!((due(20), due(18)), (0, 1));
}
