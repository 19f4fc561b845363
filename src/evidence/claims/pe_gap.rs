//! `pe_gap`: the forward P/E of small caps over that of large caps, less 1.

use serde::Deserialize;

use super::{Measured, Sources};
use crate::inputs::LARGE_INDEX;
use crate::series::Valuation;
use crate::signals::{PE_FRESH_DAYS, pe_pair};

/// What is claimed. The P/Es are on one basis and from one source: what is not asked for is as in `valuation-gap`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// The small caps' index.
    small: Option<String>,
    /// How losses are treated (`ex-negative`, `all-in`, `fy1`).
    basis: Option<String>,
    /// Who published them.
    source: Option<String>,
}

impl Spec {
    pub(super) fn name(&self) -> String {
        let small = self.small.as_deref().unwrap_or("small caps");
        format!("forward P/E of {small} over that of {LARGE_INDEX}, less 1")
    }

    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let market = sources.market;
        let asked = |wanted: &Option<String>, held: &str| wanted.as_deref().is_none_or(|wanted| wanted == held);
        let fits = |small: &Valuation| {
            asked(&self.small, &small.index) && asked(&self.basis, &small.basis) && asked(&self.source, &small.source)
        };
        let (small, large) =
            pe_pair(market, fits).ok_or("no forward P/Es of both are held on one basis from one source")?;
        let fresh = |valuation: &Valuation, t: usize| {
            let at = valuation.known.at(t)?;
            let age = market.sessions[t].since(valuation.known.points.day[at]);
            (age <= PE_FRESH_DAYS).then(|| valuation.known.points.value[at])
        };
        let gap = |t: usize| Some(fresh(small, t)? / fresh(large, t)? - 1.0);
        let figure = (0..market.sessions.len()).map(|t| gap(t).unwrap_or(f64::NAN)).collect();
        let detail = Some(format!("{}, {}, {}", small.index, small.basis, small.source));
        Ok(Measured { day: market.sessions.clone(), figure, detail, ..Measured::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::bars::Shelf;
    use crate::evidence::claims::{Sources, answer, read};
    use crate::series::{Fixture, day};

    #[test]
    fn the_pair_is_that_of_the_signal_and_goes_by_its_own_name() {
        let monthly = |value: f64| [(day("2004-01-05"), value)];
        let market = Fixture::new(20)
            .valuation("sp-500.all-in.me", monthly(20.0))
            .valuation("sp-500.fy1.ssga", monthly(20.0))
            .valuation("sp-600.fy1.ssga", monthly(15.0))
            .given("sp-600.all-in.me", monthly(24.0))
            .market();
        let sources = Sources { shelf: &Shelf::default(), market: &market };
        let found = |more: &str| {
            let claims = read(&format!("[[claim]]\ntext = \"dear\"\nkind = \"pe_gap\"\nabove = 0.0\n{more}"));
            let found = answer(&claims.expect("a claim")[0], sources);
            (found.measured, found.figure, found.detail.expect("a pair"))
        };
        let (measured, figure, detail) = found("");
        assert_eq!(
            (&*measured, &*detail),
            ("forward P/E of small caps over that of sp-500, less 1", "sp-600, all-in, me")
        );
        assert!((figure - 0.2).abs() < 1e-12);
        let (measured, figure, detail) = found("small = \"sp-600\"\nsource = \"ssga\"\n");
        assert_eq!((&*measured, &*detail), ("forward P/E of sp-600 over that of sp-500, less 1", "sp-600, fy1, ssga"));
        assert!((figure + 0.25).abs() < 1e-12);
    }
}
