//! What luck alone shows when one looks often enough.

use statrs::function::erf::erf;

/// Step and end of the integral below; beyond ten deviations nothing is left.
const STEP: f64 = 0.01;
const END: f64 = 10.0;

/// The largest |t| to expect of `comparisons` independent ones where nothing is to be found: the mean of the largest
/// of so many absolute standard normals, `∫ 1 − erf(x/√2)ⁿ dx`.
pub(super) fn largest_t(comparisons: usize) -> f64 {
    let beyond =
        |step: i32| 1.0 - erf(f64::from(step) * STEP * std::f64::consts::FRAC_1_SQRT_2).powi(comparisons as i32);
    let steps = (END / STEP) as i32;
    (0..steps).map(|step| f64::midpoint(beyond(step), beyond(step + 1))).sum::<f64>() * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_few_is_known_in_closed_form() {
        use std::f64::consts::PI;
        // one: √(2/π); two: 2/√π
        assert!((largest_t(1) - (2.0 / PI).sqrt()).abs() < 1e-4);
        assert!((largest_t(2) - 2.0 / PI.sqrt()).abs() < 1e-4);
        assert!(largest_t(0).abs() < 1e-12 && largest_t(200) > largest_t(100));
    }
}
