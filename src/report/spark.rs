//! A year of a reading in a few cells: its lowest is the lowest cell, its highest the highest.

/// Values kept of a year; a picture has as many cells, or half of them.
pub(super) const CELLS: usize = 24;

/// Sessions in a year.
const YEAR: usize = 252;

/// Cells from low to high.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The same for a page of ASCII.
const PLAIN_LEVELS: [char; 6] = ['_', '-', '=', '+', '*', '#'];

/// The last year of a reading: means of as many equal parts, `NaN` where a part has no value.
pub(super) fn year(column: &[f64]) -> Vec<f64> {
    means(&column[column.len().saturating_sub(YEAR)..], CELLS)
}

/// Draws `values` in `cells` cells.
pub(super) fn draw(values: &[f64], cells: usize, unicode: bool) -> String {
    let values = means(values, cells);
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let levels: &[char] = if unicode { &LEVELS } else { &PLAIN_LEVELS };
    let none = if unicode { '·' } else { '.' };
    let place = |value: f64| if high > low { (value - low) / (high - low) } else { 0.5 };
    let cell = |value: f64| levels[((place(value) * levels.len() as f64) as usize).min(levels.len() - 1)];
    values.iter().map(|&value| if value.is_finite() { cell(value) } else { none }).collect()
}

/// Means of the finite values in each of `parts` equal parts; where there are fewer values, one stands in several.
fn means(values: &[f64], parts: usize) -> Vec<f64> {
    let part = |i: usize| {
        let start = i * values.len() / parts;
        let end = ((i + 1) * values.len() / parts).max(start + 1).min(values.len());
        let finite: Vec<f64> = values[start.min(end)..end].iter().copied().filter(|value| value.is_finite()).collect();
        if finite.is_empty() { f64::NAN } else { finite.iter().sum::<f64>() / finite.len() as f64 }
    };
    (0..parts).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_climb_uses_every_cell_and_a_gap_is_seen() {
        let climb: Vec<f64> = (0..24).map(f64::from).collect();
        assert_eq!(draw(&climb, 8, true), "▁▂▃▄▅▆▇█");
        assert_eq!(draw(&climb, 6, false), "_-=+*#");
        let mut holed = climb;
        holed[..6].fill(f64::NAN);
        assert_eq!(draw(&holed, 4, true), "·▁▅█");
        assert_eq!(draw(&holed, 4, false), "._+#");
        assert_eq!(draw(&[3.0; 24], 3, true), "▅▅▅", "what does not move stands in the middle");
        assert_eq!(draw(&[], 3, true), "···");
    }

    #[test]
    fn a_year_is_the_last_252_sessions() {
        let column: Vec<f64> = (0..1000).map(f64::from).collect();
        let year = year(&column);
        // parts of 10 or 11 from 748 on
        assert_eq!((year.len(), year[0], year[23]), (24, 752.5, 994.0));
    }
}
