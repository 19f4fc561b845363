//! `sector-leadership`: do the groups that live off the economy lead?

use super::groups::Groups;
use super::words::{number, percent, setting};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, reading, said};
use crate::series::{Figure, Market, Missing, State, widest};

const READINGS: &[Reading] = &[reading("cyclicals_leading", Unit::Count), reading("dispersion", Unit::Fraction)];

pub(super) const SIGNAL: Signal = Signal {
    id: "sector-leadership",
    pillar: Pillar::Participation,
    readings: READINGS,
    headline: |_| "cyclicals_leading",
    basis: "total return",
    inputs: |settings| settings.groups.iter().map(|group| group.symbol.clone()).chain(["SPY".into()]).collect(),
    track,
    next: Next::one_way(|_, votes| Past::window(votes, widest(64))),
    summary,
    meaning: "How many of the three economically sensitive small-cap groups, financials, industrials and materials, \
              earned more than SPY over a quarter. A rotation that expects a better economy shows there first; one \
              that health care or utilities carry is about something else.",
    formula: "cyclicals_leading = how many of the three have TR(group)[t]/TR(group)[t−63] − TR(SPY)[t]/TR(SPY)[t−63] > \
              0; dispersion = standard deviation of that difference over all groups",
    rule: |settings| {
        let share = setting(settings.bands.sector_leadership_breadth, 100.0);
        format!("at least 2 of 3, with {share} % of the groups above their 50-day mean → +1; none → −1; else 0")
    },
    source: "industry momentum after Moskowitz and Grinblatt, Journal of Finance 54 (1999), 1249–1290; which groups \
             count as sensitive is convention",
};

/// Tags of the economically sensitive groups, all needed.
const CYCLICALS: [&str; 3] = ["financials", "industrials", "materials"];

fn track(market: &Market) -> Result<Track, Missing> {
    let groups = Groups::measure(market)?;
    let [financials, industrials, materials] = CYCLICALS.map(|tag| cyclical(&groups, market, tag));
    let count = |less_spy: f64| f64::from(less_spy > 0.0);
    let leading = financials.with(&industrials, |a, b| count(a) + count(b)).with(&materials, |k, c| k + count(c));

    let above = groups.share(groups.above_50d(), 50, 1);
    let broad = market.settings.bands.sector_leadership_breadth;
    let side = leading.with(&above, |leading, above| match leading {
        2.0.. if above >= broad => 1.0,
        0.0 => -1.0,
        _ => 0.0,
    });
    let votes = side.values.iter().copied().map(said).collect();
    Ok(Track::new(votes, &[&side]).number(leading).number(dispersion(&groups, market)))
}

/// Return less SPY's of the group tagged `tag`: of several the first by symbol.
fn cyclical(groups: &Groups, market: &Market, tag: &str) -> Figure {
    let tagged = market.settings.groups.iter().filter(|group| group.tag == tag);
    let Some(symbol) = tagged.map(|group| group.symbol.as_str()).min() else {
        return Figure::missing(market.sessions.len(), format!("no group is tagged `{tag}`"));
    };
    if let Some(figure) = groups.less_spy(symbol) {
        return figure;
    }
    let state = market.state(symbol).map_or(State::Missing, |state| state.state);
    Figure::missing(market.sessions.len(), Missing::new(symbol, state).to_string())
}

/// Standard deviation (ddof 1) over the groups, of which two are needed.
fn dispersion(groups: &Groups, market: &Market) -> Figure {
    let mut held = Vec::new();
    let step = |t: usize| {
        held.clear();
        let of_last = market.sessions.len() - t;
        held.extend(
            groups.relative.iter().map(|figure| figure.values[figure.values.len() - of_last]).filter(|x| !x.is_nan()),
        );
        // so that the order of the groups changes no bit
        held.sort_unstable_by(f64::total_cmp);
        let mean = held.iter().sum::<f64>() / held.len() as f64;
        let squares: f64 = held.iter().map(|x| (x - mean).powi(2)).sum();
        if held.len() < 2 { f64::NAN } else { (squares / (held.len() - 1) as f64).sqrt() }
    };
    let sessions = market.sessions.len();
    let from = market.shown(sessions);
    let values: Vec<f64> = (from..sessions).map(step).collect();
    Figure::new(values, || groups.too_few(groups.beating().of[market.last()], 64, 2))
}

fn summary(now: &Snapshot) -> String {
    let (leading, dispersion) = (number(now.number("cyclicals_leading"), 0), percent(now.number("dispersion")));
    format!("{leading} of 3 cyclical groups ahead of SPY over 63 sessions, groups {dispersion} apart")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Fixture;

    /// SPY stands still; each group moves by its step a session from 50 on.
    fn fixture(steps: &[(&str, f64)]) -> Fixture {
        steps.iter().fold(Fixture::new(120).bars("SPY", |_| 400.0), |fixture, &(symbol, step)| {
            fixture.bars(symbol, move |t| 50.0 + step * t as f64)
        })
    }

    #[test]
    fn cyclicals_that_beat_spy_are_counted_and_the_groups_spread_measured() {
        let track = track(&fixture(&[("PSCF", 0.5), ("PSCI", 0.25), ("PSCM", -0.25)]).market()).expect("a track");
        let number = |name, t| Snapshot::new(&SIGNAL, &track, t).number(name);
        // from 50: +31.5, +15.75, −15.75 at session 63
        assert_eq!((number("cyclicals_leading", 63), number("cyclicals_leading", 119)), (2.0, 2.0));
        // 0.63, 0.315, −0.315 about 0.21: squares 0.1764 + 0.011025 + 0.275625 over 2
        assert!((number("dispersion", 63) - 0.231_525_f64.sqrt()).abs() < 1e-14);
        assert!(number("cyclicals_leading", 62).is_nan());
        assert_eq!((track.votes[62], track.votes[63]), (None, Some(1)));
        let summary = summary(&Snapshot::new(&SIGNAL, &track, 63));
        assert_eq!(summary, "2 of 3 cyclical groups ahead of SPY over 63 sessions, groups 48.1 % apart");
    }

    #[test]
    fn two_of_three_without_breadth_vote_zero_and_none_votes_against() {
        let narrow = [("PSCF", 0.1), ("PSCI", 0.1), ("PSCM", -0.1), ("PSCH", -0.1), ("PSCU", -0.1)];
        assert_eq!(track(&fixture(&narrow).market()).expect("a track").votes[119], Some(0));
        let none = [("PSCF", -0.1), ("PSCI", 0.0), ("PSCM", -0.1), ("PSCH", 0.1), ("PSCU", 0.1)];
        assert_eq!(track(&fixture(&none).market()).expect("a track").votes[119], Some(-1));
    }

    #[test]
    fn all_three_are_needed() {
        let track_of = |fixture: &Fixture| track(&fixture.market()).expect("a track");
        let two = track_of(&fixture(&[("PSCF", 0.1), ("PSCI", 0.1)]));
        assert_eq!((two.votes[119], two.missing.as_deref()), (None, Some("PSCM is not in the store")));
        assert!(two.reasons[1].is_none());
        let mut untagged = fixture(&[("PSCF", 0.1), ("PSCI", 0.1), ("PSCM", 0.1)]);
        untagged.settings.groups.retain(|group| group.tag != "financials");
        assert_eq!(track_of(&untagged).missing.as_deref(), Some("no group is tagged `financials`"));
    }
}
