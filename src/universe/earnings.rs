//! The forward P/E of a universe from its members' weights, prices and estimates.

use std::collections::BTreeMap;

use super::Member;

/// One stock's price and the earnings per share expected for the next year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Price of a share, above zero.
    pub price: f64,
    /// Expected earnings of a share; below zero for a loss.
    pub earnings: f64,
}

/// What the members earn together. Shares are of the weight, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Earnings {
    /// Σw / Σ(w·e), e the earnings yield; `None` where the members lose money together.
    pub all_in: Option<f64>,
    /// The same over the members that earn something; `None` where none does.
    pub ex_negative: Option<f64>,
    /// Share of those that earn nothing or lose money, among the members with an estimate.
    pub loss_share: f64,
    /// Share of the members with an estimate.
    pub coverage: f64,
}

/// What `members` earn by `estimates`; `None` where no member with a weight has one.
pub fn earnings(members: &[Member], estimates: &BTreeMap<String, Estimate>) -> Option<Earnings> {
    let (mut all, mut covered, mut earned) = (0.0, 0.0, 0.0);
    let (mut earning, mut gained) = (0.0, 0.0);
    for member in members.iter().filter(|member| member.weight > 0.0) {
        all += member.weight;
        let Some(Estimate { price, earnings }) = estimates.get(&member.symbol) else { continue };
        covered += member.weight;
        earned += member.weight * earnings / price;
        if *earnings > 0.0 {
            earning += member.weight;
            gained += member.weight * earnings / price;
        }
    }
    let ratio = |weight: f64, earned: f64| (earned > 0.0).then(|| weight / earned);
    (covered > 0.0).then(|| Earnings {
        all_in: ratio(covered, earned),
        ex_negative: ratio(earning, gained),
        loss_share: (covered - earning) / covered,
        coverage: covered / all,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(weights: &[(&str, f64)]) -> Vec<Member> {
        weights.iter().map(|&(symbol, weight)| Member { weight, ..Member::bare(symbol) }).collect()
    }

    fn estimates(rows: &[(&str, f64, f64)]) -> BTreeMap<String, Estimate> {
        rows.iter().map(|&(symbol, price, earnings)| (symbol.to_owned(), Estimate { price, earnings })).collect()
    }

    #[test]
    fn losses_count_in_one_and_not_in_the_other() {
        let members = members(&[("A", 0.4), ("B", 0.3), ("C", 0.2), ("D", 0.1)]);
        // yields: 5 %, 10 %, −20 %; D has no estimate
        let read =
            earnings(&members, &estimates(&[("A", 20.0, 1.0), ("B", 50.0, 5.0), ("C", 10.0, -2.0), ("X", 1.0, 1.0)]));
        let read = read.expect("earnings");
        // 0.9 / (0.02 + 0.03 − 0.04), and 0.7 / (0.02 + 0.03)
        assert!((read.all_in.expect("all") - 90.0).abs() < 1e-9, "{read:?}");
        assert!((read.ex_negative.expect("some") - 14.0).abs() < 1e-9, "{read:?}");
        assert!((read.loss_share - 2.0 / 9.0).abs() < 1e-12 && (read.coverage - 0.9).abs() < 1e-12, "{read:?}");
    }

    #[test]
    fn members_that_lose_together_have_no_pe() {
        let members = members(&[("A", 0.5), ("B", 0.5)]);
        let read = earnings(&members, &estimates(&[("A", 10.0, 1.0), ("B", 10.0, -1.0)])).expect("earnings");
        assert_eq!((read.all_in, read.ex_negative, read.loss_share), (None, Some(10.0), 0.5));
        let read = earnings(&members, &estimates(&[("A", 10.0, 0.0)])).expect("earnings");
        assert_eq!((read.all_in, read.ex_negative, read.loss_share, read.coverage), (None, None, 1.0, 0.5));
        assert_eq!(earnings(&members, &estimates(&[("X", 10.0, 1.0)])), None);
    }
}
