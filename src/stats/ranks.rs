//! Places among values: percentiles and highs.

/// A window that reaches back to the first value.
pub const WHOLE: usize = usize::MAX;

/// Percentile of each value from number `from` on among the last `n` up to it (fewer at the start, but at least
/// `least`): `100·(#{x < x_i} + ½·#{x = x_i})/n`, itself included.
///
/// Counted in a Fenwick tree over the ranks, so that any window costs the logarithm of the length.
pub fn percentile(x: &[f64], n: usize, least: usize, from: usize) -> Vec<f64> {
    if from > 0 {
        let window = |i: usize| &x[(i + 1).saturating_sub(n)..=i];
        let place_of = |i: usize| if i + 1 < least { f64::NAN } else { place(window(i), x[i]) };
        return (from..x.len()).map(place_of).collect();
    }
    let rank = ranks(x);
    let mut counts = Counts::new(x.len());
    let step = |i: usize| {
        counts.add(rank[i], 1);
        if i >= n {
            counts.add(rank[i - n], -1);
        }
        let held = n.min(i + 1);
        if held < least {
            return f64::NAN;
        }
        100.0 * (f64::from(counts.below(rank[i])) + 0.5 * f64::from(counts.equal(rank[i]))) / held as f64
    };
    (0..x.len()).map(step).collect()
}

/// Percentile of `x` among `values`, which include it.
pub fn place(values: &[f64], x: f64) -> f64 {
    place_among(values, x).0
}

/// Percentile of `x`, which is finite, among the finite ones of `values`, which include it, and how many there are.
pub fn place_among(values: &[f64], x: f64) -> (f64, usize) {
    let (mut below, mut equal, mut all) = (0_u32, 0_u32, 0_u32);
    for &value in values {
        let is_there = u32::from(value.is_finite());
        all += is_there;
        below += is_there & u32::from(value < x);
        equal += u32::from(value == x);
    }
    (100.0 * (f64::from(below) + 0.5 * f64::from(equal)) / f64::from(all), all as usize)
}

/// Rank of each value among all, equal values sharing one.
fn ranks(x: &[f64]) -> Vec<u32> {
    let mut order: Vec<(i64, u32)> = (0..).zip(x).map(|(i, &x)| (key(x), i)).collect();
    order.sort_unstable_by_key(|&(key, _)| key);
    let mut ranks = vec![0; x.len()];
    let mut rank = 0;
    for pair in order.windows(2) {
        rank += u32::from(pair[0].0 != pair[1].0);
        ranks[pair[1].1 as usize] = rank;
    }
    ranks
}

/// A whole number that stands among those of other values as `x` stands among them.
fn key(x: f64) -> i64 {
    // both zeros are one value
    let bits = (x + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// How many values of each rank a window holds.
struct Counts {
    /// Sums over ranks, in the order of Fenwick (1994).
    sums: Vec<i32>,
    equal: Vec<i32>,
}

impl Counts {
    fn new(ranks: usize) -> Self {
        Self { sums: vec![0; ranks + 1], equal: vec![0; ranks] }
    }

    fn add(&mut self, rank: u32, by: i32) {
        self.equal[rank as usize] += by;
        let mut node = rank as usize + 1;
        while node < self.sums.len() {
            self.sums[node] += by;
            node += node & node.wrapping_neg();
        }
    }

    /// Values of a rank below `rank`.
    fn below(&self, rank: u32) -> i32 {
        let (mut node, mut sum) = (rank as usize, 0);
        while node > 0 {
            sum += self.sums[node];
            node &= node - 1;
        }
        sum
    }

    /// Values of this rank.
    fn equal(&self, rank: u32) -> i32 {
        self.equal[rank as usize]
    }
}

/// Of each value from number `from` on the highest of the last `n`, itself included (with [`WHOLE`] of all so far); `NaN`
/// where there are fewer.
pub fn highest(x: &[f64], n: usize, from: usize) -> Vec<f64> {
    let higher = |a: f64, b: f64| if a > b { a } else { b };
    if from > 0 {
        let window = |i: usize| &x[(i + 1).saturating_sub(n)..=i];
        let highest_of = |i: usize| match n {
            _ if n < WHOLE && i + 1 < n => f64::NAN,
            _ => window(i).iter().copied().fold(f64::NEG_INFINITY, higher),
        };
        return (from..x.len()).map(highest_of).collect();
    }
    let up_to = |high: &mut f64, &x: &f64| {
        *high = higher(*high, x);
        Some(*high)
    };
    // by blocks of n (van Herk 1992): a window is the end of one block and the beginning of the next
    let blocks = x.chunks(n.clamp(1, x.len().max(1)));
    let mut highest: Vec<f64> = blocks.clone().flat_map(|block| block.iter().scan(f64::NEG_INFINITY, up_to)).collect();
    if n == WHOLE {
        return highest;
    }
    for (at, block) in blocks.enumerate() {
        let ends = highest.iter_mut().skip(at * n + n - 1).take(block.len());
        let mut from_end: Vec<f64> = block.iter().rev().scan(f64::NEG_INFINITY, up_to).collect();
        from_end.reverse();
        ends.zip(from_end).for_each(|(end, begin)| *end = higher(begin, *end));
    }
    highest.iter_mut().take(n - 1).for_each(|few| *few = f64::NAN);
    highest
}

/// Of each value from number `from` on the median of the last `n`; `NaN` where there are fewer.
pub fn median(x: &[f64], n: usize, from: usize) -> Vec<f64> {
    if from > 0 {
        let median_of = |i: usize| {
            let mut window = x[i + 1 - n..=i].to_vec();
            window.sort_unstable_by(f64::total_cmp);
            f64::midpoint(window[(n - 1) / 2], window[n / 2])
        };
        return (from..x.len()).map(|i| if i + 1 < n { f64::NAN } else { median_of(i) }).collect();
    }
    let rank = ranks(x);
    let mut of_rank = vec![0.0; x.len()];
    rank.iter().zip(x).for_each(|(&rank, &x)| of_rank[rank as usize] = x);
    let mut window = Middle { equal: vec![0; x.len()], rank: 0, below: 0 };
    let step = |i: usize| {
        window.count(rank[i] as usize, 1);
        if i >= n {
            window.count(rank[i - n] as usize, -1);
        }
        if i + 1 < n {
            return f64::NAN;
        }
        let [lower, upper] = window.find(n);
        f64::midpoint(of_rank[lower], of_rank[upper])
    };
    (0..x.len()).map(step).collect()
}

/// A window's values by rank, and where their middle was found: it moves little from one window to the next.
struct Middle {
    equal: Vec<i32>,
    rank: usize,
    /// Values of a rank below it.
    below: i32,
}

impl Middle {
    fn count(&mut self, rank: usize, by: i32) {
        self.equal[rank] += by;
        self.below += if rank < self.rank { by } else { 0 };
    }

    /// The ranks of the two middle ones of `n` values; of an odd number the same one twice.
    fn find(&mut self, n: usize) -> [usize; 2] {
        let [lower, upper] = [(n - 1) / 2, n / 2].map(|place| place as i32);
        while self.below > lower {
            self.rank -= 1;
            self.below -= self.equal[self.rank];
        }
        while self.below + self.equal[self.rank] <= lower {
            self.below += self.equal[self.rank];
            self.rank += 1;
        }
        let same = self.below + self.equal[self.rank] > upper;
        let next = || (self.rank + 1..self.equal.len()).find(|&rank| self.equal[rank] > 0).unwrap_or(self.rank);
        [self.rank, if same { self.rank } else { next() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_worked_out_by_hand() {
        let x = [3.0, 1.0, 2.0, 2.0, 5.0, 1.0];
        // the second 2 among 3 1 2 2: one below, two equal
        assert_eq!(percentile(&x, WHOLE, 1, 0), [50.0, 25.0, 50.0, 50.0, 90.0, 100.0 / 6.0]);
        // 5 among 2 2 5; 1 among 2 5 1
        assert_eq!(percentile(&x, 3, 3, 0)[4..], [100.0 * 2.5 / 3.0, 100.0 * 0.5 / 3.0]);
        assert!(percentile(&x, 3, 3, 0)[1].is_nan() && percentile(&x, 3, 2, 0)[1] == 25.0);
        assert_eq!(place(&[3.0, 1.0, 2.0, 2.0], 2.0), 50.0);
        assert_eq!(percentile(&[0.0, -0.0], WHOLE, 1, 0)[1], 50.0);
        assert_eq!(median(&x, 3, 0)[2..], [2.0, 2.0, 2.0, 2.0]);
        assert_eq!(median(&x, 4, 0)[3..], [2.0, 2.0, 2.0]);
        assert_eq!(median(&[4.0, 1.0, 3.0, 8.0], 4, 0)[3], 3.5);
        assert_eq!(highest(&x, 3, 0)[2..], [3.0, 2.0, 5.0, 5.0]);
        assert_eq!(highest(&x, WHOLE, 0), [3.0, 3.0, 3.0, 3.0, 5.0, 5.0]);
    }

    proptest! {
        #[test]
        fn places_agree_with_counting(x in prop::collection::vec(0_i8..20, 1..120), n in 1_usize..40) {
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let last = x.len() - 1;
            let places = |from| [percentile(&x, n, n, from), highest(&x, n, from), median(&x, n, from)];
            let [percentile, highest, median] = places(0);
            for (alone, all) in places(last).iter().zip([&percentile, &highest, &median]) {
                prop_assert_eq!(alone.len(), if last == 0 { all.len() } else { 1 });
                prop_assert_eq!(alone.last().map(|x| x.to_bits()), all.last().map(|x| x.to_bits()));
            }
            for i in n - 1..x.len() {
                let window = &x[i + 1 - n..=i];
                prop_assert_eq!(percentile[i], place(window, x[i]));
                let mut sorted = window.to_vec();
                sorted.sort_by(f64::total_cmp);
                prop_assert_eq!(median[i], f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]));
                prop_assert_eq!(highest[i], window.iter().copied().fold(f64::MIN, f64::max));
            }
        }
    }
}
