//! The columns of a series by name, and their hash.

use xxhash_rust::xxh3::Xxh3;

use super::Columns;
use crate::day::Day;

/// One column of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Column<'a> {
    /// Dates.
    Days(&'a [Day]),
    /// Numbers; `NaN` where absent.
    Numbers(&'a [f64]),
}

impl Columns {
    /// Every column with its name, in the order of the store's files.
    pub fn named(&self) -> Vec<(&'static str, Column<'_>)> {
        match self {
            Self::Bars(bars) => vec![
                ("date", Column::Days(&bars.day)),
                ("open", Column::Numbers(&bars.open)),
                ("high", Column::Numbers(&bars.high)),
                ("low", Column::Numbers(&bars.low)),
                ("close", Column::Numbers(&bars.close)),
                ("volume", Column::Numbers(&bars.volume)),
                ("dividend", Column::Numbers(&bars.dividend)),
                ("split", Column::Numbers(&bars.split)),
            ],
            Self::Points(points) => {
                let days = [("date", Column::Days(&points.day)), ("known_from", Column::Days(&points.known_from))];
                let figures = points.figures().map(|(name, figure)| (name, Column::Numbers(figure)));
                days.into_iter().chain(figures).collect()
            }
        }
    }

    /// XXH3 (64 bits) over the little-endian bytes of each column in order, 16 hexadecimal digits.
    pub fn hash(&self) -> String {
        let mut hash = Xxh3::new();
        self.named().iter().for_each(|(_, column)| column.feed(&mut hash));
        format!("{:016x}", hash.digest())
    }
}

impl Column<'_> {
    /// Adds the values to `hash`; every `NaN` counts as the same one.
    fn feed(&self, hash: &mut Xxh3) {
        const ROWS: usize = 512;
        match self {
            Self::Days(days) => {
                let mut bytes = [0; 4 * ROWS];
                for part in days.chunks(ROWS) {
                    for (to, day) in bytes.chunks_exact_mut(4).zip(part) {
                        to.copy_from_slice(&day.number().to_le_bytes());
                    }
                    hash.update(&bytes[..4 * part.len()]);
                }
            }
            Self::Numbers(numbers) => {
                let mut bytes = [0; 8 * ROWS];
                for part in numbers.chunks(ROWS) {
                    for (to, number) in bytes.chunks_exact_mut(8).zip(part) {
                        let number = if number.is_nan() { f64::NAN } else { *number };
                        to.copy_from_slice(&number.to_le_bytes());
                    }
                    hash.update(&bytes[..8 * part.len()]);
                }
            }
        }
    }
}
