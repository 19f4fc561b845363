//! The stationary bootstrap: resamples in blocks of random length, so that what depends stays together.

use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// A run of observations, around the end to the first one where it is longer than what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its first observation.
    pub start: u16,
    /// Observations in it.
    pub length: u16,
}

/// Resamples of `n` observations by Politis and Romano (JASA 89, 1994), as blocks: what is summed over a resample is
/// had from running sums, at one step a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Resamples {
    n: usize,
    /// Some resamples one after the other in each: one ends where its blocks hold `n`.
    blocks: Vec<Vec<Block>>,
}

/// Resamples drawn at a time.
const AT_ONCE: usize = 100;

impl Resamples {
    /// The resamples with these numbers of `n` observations in blocks of mean length `mean_block`. Each has the stream
    /// of its number, of the generator that `seed` starts, so that the order of their drawing changes nothing.
    ///
    /// # Panics
    /// With more than 65,535 observations: two centuries have fewer sessions.
    pub fn draw(n: usize, mean_block: f64, numbers: Range<usize>, seed: u64) -> Self {
        let size = u16::try_from(n).expect("sessions of two centuries");
        let ending = (-mean_block.max(1.0).recip()).ln_1p();
        let generator = ChaCha8Rng::seed_from_u64(seed);
        let draw = |blocks: &mut Vec<Block>, stream: usize| {
            let mut rng = generator.clone();
            rng.set_stream(stream as u64);
            let mut left = size;
            while left > 0 {
                let start = rng.random_range(0..u32::from(size)) as u16;
                // a geometric length: each observation is the block's last with probability 1/mean
                let more = ((1.0 - rng.random::<f64>()).ln() / ending) as u32;
                let length = more.saturating_add(1).min(u32::from(left)) as u16;
                blocks.push(Block { start, length });
                left -= length;
            }
        };
        let some = |first: usize| {
            let usual = n as f64 / mean_block.max(1.0) + 2.0;
            let mut blocks = Vec::with_capacity((1.1 * AT_ONCE as f64 * usual) as usize);
            (first..numbers.end.min(first + AT_ONCE)).for_each(|stream| draw(&mut blocks, stream));
            blocks
        };
        let firsts: Vec<usize> = numbers.clone().step_by(AT_ONCE).collect();
        Self { n, blocks: firsts.into_par_iter().map(some).collect() }
    }

    /// Sums over each resample, in order: `running[t]` has the sums of `K` columns over the first t observations.
    pub fn sums<'a, const K: usize>(&'a self, running: &'a [[f64; K]]) -> impl Iterator<Item = [f64; K]> + 'a {
        let n = self.n;
        let mut blocks = self.blocks.iter().flatten();
        std::iter::from_fn(move || {
            let mut sums = [0.0; K];
            let mut add = |from: usize, to: usize| {
                let (from, to) = (&running[from], &running[to]);
                sums.iter_mut().zip(from).zip(to).for_each(|((sum, from), to)| *sum += to - from);
            };
            let mut left = n;
            loop {
                let &Block { start, length } = blocks.next()?;
                let (start, length) = (usize::from(start), usize::from(length));
                let end = start + length;
                add(start, end.min(n));
                if end > n {
                    add(0, end - n);
                }
                left -= length;
                if left == 0 {
                    return Some(sums);
                }
            }
        })
    }
}

/// Running sums of `rows`: nothing first, then the sums up to each row.
pub fn running<const K: usize>(rows: impl Iterator<Item = [f64; K]>) -> Vec<[f64; K]> {
    let mut sums = vec![[0.0; K]];
    let mut sum = [0.0; K];
    for row in rows {
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        sums.push(sum);
    }
    sums
}

/// The value below which the share `q` of `values` lies, between two of them in proportion; `NaN` of none.
pub fn quantile(values: &mut [f64], q: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let place = q.clamp(0.0, 1.0) * last as f64;
    let (_, low, above) = values.select_nth_unstable_by(place.floor() as usize, f64::total_cmp);
    let (low, high) = (*low, above.iter().copied().fold(f64::INFINITY, f64::min));
    if place.fract() == 0.0 { low } else { low + place.fract() * (high - low) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference::{ar, uniform};

    #[test]
    fn blocks_fill_the_sample_and_have_the_mean_length_asked_for() {
        let resamples = Resamples::draw(1_000, 20.0, 0..500, 3);
        let all: Vec<&Block> = resamples.blocks.iter().flatten().collect();
        let filled = |blocks: &Vec<Block>| blocks.iter().map(|block| u32::from(block.length)).sum::<u32>();
        assert!(resamples.blocks.iter().all(|blocks| filled(blocks) == 1_000 * AT_ONCE as u32));
        let sums = running((0..1_000).map(|_| [1.0]));
        assert!(resamples.sums(&sums).eq([[1_000.0]; 500]));
        // the last block of each is cut short
        let mean = 1_000.0 * 500.0 / all.len() as f64;
        assert!((mean - 20.0).abs() < 1.0, "{mean}");
        assert_eq!(resamples.blocks[2..3], Resamples::draw(1_000, 20.0, 200..300, 3).blocks);
        assert_ne!(resamples, Resamples::draw(1_000, 20.0, 0..500, 4));
    }

    /// The variance of the mean over resamples has a closed form (Politis and Romano 1994, lemma 1): with p = 1/mean
    /// length and circular covariances c, `n·Var = c(0) + 2·Σ (1 − i/n)(1 − p)^i·c(i)`.
    #[test]
    fn the_spread_of_the_mean_is_the_one_published() {
        let n = 600;
        let x = ar(&uniform(n, 11), 0.8);
        let mean = x.iter().sum::<f64>() / n as f64;
        let circular = |lag: usize| (0..n).map(|t| (x[t] - mean) * (x[(t + lag) % n] - mean)).sum::<f64>() / n as f64;
        let weight = |i: usize| 2.0 * (1.0 - i as f64 / n as f64) * (1.0 - 1.0 / 15.0_f64).powi(i as i32);
        let exact = (circular(0) + (1..n).map(|i| weight(i) * circular(i)).sum::<f64>()) / n as f64;
        let sums = running(x.iter().map(|&x| [x]));
        let means: Vec<f64> =
            Resamples::draw(n, 15.0, 0..20_000, 1).sums(&sums).map(|[sum]| sum / n as f64 - mean).collect();
        let drawn = means.iter().map(|mean| mean * mean).sum::<f64>() / means.len() as f64;
        // 20,000 draws leave about 1 % of a variance to luck
        assert!((drawn / exact - 1.0).abs() < 0.03, "{drawn} {exact}");
    }

    #[test]
    fn quantiles_lie_between_the_values_in_proportion() {
        let mut values = [4.0, 1.0, 3.0, 2.0];
        let found = [0.0, 0.25, 0.5, 1.0].map(|q| quantile(&mut values, q));
        assert_eq!(found, [1.0, 1.75, 2.5, 4.0]);
        assert!(quantile(&mut [], 0.5).is_nan());
    }
}
