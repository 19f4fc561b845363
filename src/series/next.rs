//! The session to come, supposed: everything stands where it stood, but for one close.

use std::sync::OnceLock;

use super::{Depth, Market, Prices, Valuation};
use crate::day::Day;
use crate::inputs::{PE_LARGE, PE_SMALL, UNIVERSE};

impl Market {
    /// The session after the reference session.
    pub fn next_session(&self) -> Day {
        self.calendar.next_session(self.reference())
    }

    /// The market one session on, from session `from` on and with these inputs alone: every price closes where it
    /// closed, on the same volume and without a dividend, and every other value is carried, whatever its age. What had no
    /// close at the reference session has none. It is asked for votes.
    #[must_use]
    pub fn next(&self, from: usize, inputs: &[String]) -> Self {
        let asked = |id: &String| inputs.contains(id);
        let prices = self.prices.iter().filter(|(id, _)| asked(id));
        let known = self.known.iter().filter(|(id, _)| asked(id));
        let values = self.valuations.iter().filter(|_| inputs.iter().any(|id| [PE_SMALL, PE_LARGE].contains(&&**id)));
        let carry = |held: &Valuation| Valuation { known: held.known.carry(from), ..held.clone() };
        let sessions: Vec<Day> = self.sessions[from..].iter().copied().chain([self.next_session()]).collect();
        let enough = self.indices.len() >= sessions.len();
        Self {
            calendar: self.calendar.clone(),
            settings: self.settings.clone(),
            indices: if enough { self.indices.clone() } else { (0..=sessions.len()).collect() },
            sessions,
            states: self.states.iter().filter(|state| asked(&state.id)).cloned().collect(),
            findings: Vec::new(),
            depth: Depth::Report,
            prices: prices.map(|(id, prices)| (id.clone(), prices.carry(from))).collect(),
            known: known.map(|(id, known)| (id.clone(), known.carry(from))).collect(),
            valuations: values.map(carry).collect(),
            constituents: inputs.iter().any(|id| id == UNIVERSE).then(|| self.carry_universe(from)).flatten(),
            constituents_next: None,
            groups_above: OnceLock::new(),
        }
    }

    /// Lets `input` trade and close at `level` on the last session instead. Nothing where it has no close there.
    pub fn close_at(&mut self, input: &str, level: f64) {
        if let Some(prices) = self.prices.get_mut(input) {
            prices.close_at(level);
            self.groups_above.take();
        }
    }
}

impl Prices {
    /// The columns from session `from` on, and one session more that repeats the last.
    fn carry(&self, from: usize) -> Self {
        // a column that is not had stays empty
        let column = |values: &[f64], last: Option<f64>| -> Vec<f64> {
            values.get(from..).into_iter().flatten().copied().chain(last.filter(|_| !values.is_empty())).collect()
        };
        let price = |values: &[f64]| column(values, self.close.last().copied());
        Self {
            high: price(&self.high),
            low: price(&self.low),
            close: price(&self.close),
            volume: column(&self.volume, self.volume.last().copied()),
            dividend: column(&self.dividend, Some(0.0)),
            total_return: column(&self.total_return, self.total_return.last().copied()),
        }
    }

    fn close_at(&mut self, level: f64) {
        let last = self.close.len() - 1;
        let before = self.close[last - 1];
        if before.is_finite() {
            for price in [&mut self.high, &mut self.low, &mut self.close] {
                if let Some(price) = price.last_mut() {
                    *price = level;
                }
            }
            self.total_return[last] = self.total_return[last - 1] * (level / before);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::inputs::PE_SMALL;
    use crate::series::{Fixture, day};

    #[test]
    fn the_session_to_come_repeats_the_last_but_for_the_close_that_is_given() {
        let fixture = Fixture::new(30)
            .bars_paying("IWM", |t| 100.0 + t as f64, |t| if t == 20 { 20.0 } else { 0.0 })
            .bars("SPY", |t| 400.0 + t as f64)
            .bars("KRE", |t| if t < 29 { 50.0 } else { f64::NAN })
            .rate("DGS2", |_| 4.0)
            .valuation("sp-600.fy1.me", [(day("2004-01-05"), 15.0)]);
        let market = fixture.market();
        let mut next = market.next(10, &["IWM", "KRE", "two-year"].map(String::from));
        assert_eq!((next.sessions[0], next.reference()), (fixture.sessions[10], day("2004-02-17")));
        next.close_at("IWM", 129.0);
        next.close_at("KRE", 50.0);
        let (before, after) = (market.prices("IWM").expect("prices"), next.prices("IWM").expect("prices"));
        assert_eq!(after.close[18..], [128.0, 129.0, 129.0]);
        assert_eq!((after.high[20], after.volume[20], after.dividend[20]), (129.0, 1e6, 0.0));
        assert_eq!(after.total_return[..20], before.total_return[10..]);
        next.close_at("IWM", 258.0);
        let after = next.prices("IWM").expect("prices");
        assert_eq!((after.close[20], after.low[20]), (258.0, 258.0));
        assert_eq!(after.total_return[20], 2.0 * before.total_return[29]);
        assert!(next.prices("KRE").expect("prices").close[20].is_nan() && next.prices("SPY").is_err());
        assert_eq!(next.known("two-year").expect("values").values()[19..], [4.0, 4.0]);
        let valuations = |input: &str| market.next(10, &[input.into()]).valuations().len();
        assert_eq!((valuations(PE_SMALL), valuations("IWM")), (1, 0));
    }
}
