//! Swings and the clusters they form: where the price turned before.

/// Sessions on either side of which a swing's close is the extreme; it is known that much later.
const REACH: usize = 10;

/// Sessions looked back over, the present one included.
pub(super) const WINDOW: usize = 756;

/// Closes before one that its clusters, and those of the session before, rest on.
pub(super) const REACHES_BACK: usize = WINDOW + REACH + 1;

/// How far above its lowest swing a cluster reaches.
const WIDTH: f64 = 1.025;

/// Fewest swings that make a cluster.
const LEAST: usize = 2;

/// Lows below the price, or highs above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Support,
    Resistance,
}

/// Swings at prices close together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Nearest {
    pub low: f64,
    pub high: f64,
    /// Number of swings.
    pub touches: usize,
    /// Index of the latest.
    pub last: usize,
}

/// The low of the nearest support at each close; `NaN` without one.
pub(super) fn floors(close: &[f64]) -> Vec<f64> {
    let mut clusters = Clusters::of(close, Side::Support);
    (0..close.len()).map(|k| clusters.advance(k).map_or(f64::NAN, |support| support.low)).collect()
}

/// The nearest cluster on its side at each close from `from` on.
pub(super) fn nearest(close: &[f64], side: Side, from: usize) -> Vec<Option<Nearest>> {
    let begin = from.saturating_sub(REACHES_BACK);
    let mut clusters = Clusters::of(&close[begin..], side);
    let found = |k: usize| clusters.advance(k).map(|one| Nearest { last: begin + one.last, ..one.clone() });
    (0..close.len() - begin).map(found).skip(from - begin).collect()
}

/// The clusters of one side as the window moves over the closes.
struct Clusters<'a> {
    close: &'a [f64],
    side: Side,
    /// Whether each close is a swing.
    is_swing: Vec<bool>,
    /// The swings in the window by price, each with its index.
    swings: Vec<(f64, usize)>,
    /// The clusters of these, ascending.
    found: Vec<Nearest>,
}

impl<'a> Clusters<'a> {
    fn of(close: &'a [f64], side: Side) -> Self {
        Self { close, side, is_swing: swings(close, side), swings: Vec::new(), found: Vec::new() }
    }

    /// Moves the window on to close `k` and finds the nearest cluster. The clusters are made anew only where a swing comes or goes.
    fn advance(&mut self, k: usize) -> Option<&Nearest> {
        let comes = k.checked_sub(REACH).filter(|&i| self.is_swing[i]);
        let goes = k.checked_sub(WINDOW).filter(|&i| self.is_swing[i]);
        if let Some(i) = comes {
            self.swings.insert(self.place(i), (self.close[i], i));
        }
        if let Some(i) = goes {
            self.swings.remove(self.place(i));
        }
        if comes.or(goes).is_some() {
            self.gather();
        }
        let price = self.close[k];
        match self.side {
            Side::Support => self.found.iter().rfind(|cluster| cluster.low < price),
            Side::Resistance => self.found.iter().find(|cluster| cluster.high > price),
        }
    }

    /// Where swing `i` stands, or would, among those of the window.
    fn place(&self, i: usize) -> usize {
        self.swings.partition_point(|&(price, index)| (price, index) < (self.close[i], i))
    }

    /// Makes the clusters of the window's swings.
    fn gather(&mut self) {
        self.found.clear();
        let mut rest = &self.swings[..];
        while let Some(&(low, _)) = rest.first() {
            let (one, above) = rest.split_at(rest.partition_point(|&(price, _)| price <= WIDTH * low));
            let last = one.iter().map(|&(_, index)| index).max().unwrap_or_default();
            if one.len() >= LEAST {
                self.found.push(Nearest { low, high: one[one.len() - 1].0, touches: one.len(), last });
            }
            rest = above;
        }
    }
}

/// Which closes are the extreme of those up to [`REACH`] before and after them.
fn swings(close: &[f64], side: Side) -> Vec<bool> {
    let span = 2 * REACH + 1;
    let signed: Vec<f64> = close.iter().map(|&x| if side == Side::Support { -x } else { x }).collect();
    let extreme = crate::stats::highest(&signed, span, 0);
    (0..close.len()).map(|i| i >= REACH && extreme.get(i + REACH).is_some_and(|&x| x == signed[i])).collect()
}
