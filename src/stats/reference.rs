//! Series for checks against other programs, made alike in any language.

/// `n` numbers of the generator s ← (1103515245·s + 12345) mod 2³¹ from `seed` on, over 2³¹.
pub(crate) fn uniform(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let next = |_| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        state as f64 / f64::from(1_u32 << 31)
    };
    (0..n).map(next).collect()
}

/// y[t] = keep·y[t−1] + u[t] − ½, from 0.
pub(crate) fn ar(u: &[f64], keep: f64) -> Vec<f64> {
    let mut level = 0.0;
    let next = |u: &f64| {
        level = keep * level + (u - 0.5);
        level
    };
    u.iter().map(next).collect()
}
