//! `pe_gap`: the forward P/E of small caps over that of large caps, less 1.

use serde::Deserialize;

use super::{Measured, Sources};
use crate::inputs::{LARGE_INDEX, SMALL_INDICES};
use crate::series::Valuation;

/// Days after which a P/E says nothing of today.
const FRESH_DAYS: i32 = 45;

/// What is claimed. The P/Es must be on one basis and from one source.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// The small caps' index [default: the first that is held].
    small: Option<String>,
    /// How losses are treated (`ex-negative`, `all-in`, `fy1`) [default: the first that is held].
    basis: Option<String>,
    /// Who published them [default: the first that is held].
    source: Option<String>,
}

impl Spec {
    pub(super) fn name(&self) -> String {
        let small = self.small.as_deref().unwrap_or(SMALL_INDICES[0]);
        format!("forward P/E of {small} over that of {LARGE_INDEX}, less 1")
    }

    pub(super) fn measure(&self, sources: Sources) -> Result<Measured, String> {
        let market = sources.market;
        let fits = |wanted: &Option<String>, held: &str| wanted.as_deref().is_none_or(|wanted| wanted == held);
        let is_small = |one: &&Valuation| match &self.small {
            Some(small) => one.index == *small,
            None => SMALL_INDICES.contains(&&*one.index),
        };
        let chosen = |one: &&Valuation| fits(&self.basis, &one.basis) && fits(&self.source, &one.source);
        let pair = market.valuations().iter().filter(is_small).filter(chosen).find_map(|small| {
            let alike = |large: &&Valuation| {
                large.index == LARGE_INDEX && (&large.basis, &large.source) == (&small.basis, &small.source)
            };
            Some((small, market.valuations().iter().find(alike)?))
        });
        let (small, large) = pair.ok_or("no forward P/Es of both are held on one basis from one source")?;
        let fresh = |valuation: &Valuation, t: usize| {
            let at = valuation.known.at(t)?;
            let age = market.sessions[t].since(valuation.known.points.day[at]);
            (age <= FRESH_DAYS).then(|| valuation.known.points.value[at])
        };
        let gap = |t: usize| Some(fresh(small, t)? / fresh(large, t)? - 1.0);
        let figure = (0..market.sessions.len()).map(|t| gap(t).unwrap_or(f64::NAN)).collect();
        let detail = Some(format!("{}, {}, {}", small.index, small.basis, small.source));
        Ok(Measured { day: market.sessions.clone(), figure, detail, ..Measured::default() })
    }
}
