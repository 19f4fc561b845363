//! What noise alone shows: the largest ratio that red noise exceeds in 5 % of cases.

/// Persistence of red noise, and the 95 % quantile of the largest of its 59 ratios to its own
/// background in a window of 1,260, from 100,000 seeded paths each (the test `the_table_is_made`).
#[rustfmt::skip]
const QUANTILES: [(f64, f64); 9] = [
    (0.0, 7.610), (0.5, 7.630), (0.8, 7.582), (0.9, 7.537), (0.95, 7.486), (0.98, 7.529), (0.99, 7.501),
    (0.995, 7.394), (0.998, 7.152),
];

/// The limit of significance for persistence `r`, linear between the rows; beyond the last it stays.
pub(super) fn limit(r: f64) -> f64 {
    let above = QUANTILES.iter().position(|&(row, _)| r < row).unwrap_or(QUANTILES.len());
    match (above.checked_sub(1).map(|below| QUANTILES[below]), QUANTILES.get(above)) {
        (Some((r0, q0)), Some((r1, q1))) => q0 + (q1 - q0) * (r - r0) / (r1 - r0),
        (Some((_, quantile)), None) | (None, Some(&(_, quantile))) => quantile,
        (None, None) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::super::spectrum::WINDOW;
    use super::super::spectrum::tests::{largest_ratio, red_noise};
    use super::*;

    /// The 95 % quantile of the largest ratio over `paths` paths.
    fn quantile(r: f64, paths: u64) -> f64 {
        let first = (r * 1e3) as u64 * 1_000_000;
        let largest = |path: u64| largest_ratio(&red_noise(r, WINDOW, first + path));
        let mut all: Vec<f64> = (0..paths).into_par_iter().map(largest).collect();
        all.sort_by(f64::total_cmp);
        all[(0.95 * paths as f64) as usize]
    }

    #[test]
    fn the_limit_is_linear_between_rows_and_flat_beyond() {
        let [(_, first), (_, second), ..] = QUANTILES;
        assert_eq!((limit(0.0), limit(-0.1)), (first, first));
        assert!((limit(0.25) - f64::midpoint(first, second)).abs() < 1e-12);
        assert_eq!(limit(0.9999), QUANTILES[QUANTILES.len() - 1].1);
    }

    #[test]
    fn a_thousand_paths_agree_with_the_table() {
        // the quantile's standard error at so many is about 0.14
        for (r, expected) in [QUANTILES[0], QUANTILES[6]] {
            let found = quantile(r, 1_000);
            assert!((found - expected).abs() < 0.5, "{r}: {found}, {expected} in the table");
        }
    }

    #[test]
    #[ignore = "makes the table: minutes in a release build"]
    fn the_table_is_made() {
        let made: Vec<(f64, f64)> = QUANTILES.iter().map(|&(r, _)| (r, quantile(r, 100_000))).collect();
        let rows: Vec<String> = made.iter().map(|(r, quantile)| format!("({r:?}, {quantile:.3})")).collect();
        assert!(made.iter().zip(QUANTILES).all(|(a, b)| (a.1 - b.1).abs() < 5e-4), "{}", rows.join(", "));
    }
}
