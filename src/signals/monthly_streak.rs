//! `monthly-streak`: for how many months in a row have small caps risen, and led?

use super::words::{setting, signed, signed_percent};
use super::{Next, Past, Pillar, Reading, Signal, Snapshot, Track, Unit, Vote, named, reading, said};
use crate::series::{Figure, Market, Missing, Periods};

const READINGS: &[Reading] = &[
    reading("months_up", Unit::Count),
    reading("relative_months_up", Unit::Count),
    reading("month_to_date", Unit::Fraction),
    reading("last_streak_of_5_date", Unit::Plain),
];

pub(super) const SIGNAL: Signal = Signal {
    id: "monthly-streak",
    pillar: Pillar::Leadership,
    readings: READINGS,
    headline: |_| "relative_months_up",
    basis: "close; relative_months_up total return",
    inputs: |_| named(&["IWM", "SPY"]),
    track,
    next: Next::one_way(past),
    summary,
    meaning: "How many complete months in a row IWM gained, and how many it gained more than SPY; negative for months \
              of losing. Commentary counts such runs; two months of leading are the least that is more than a \
              good month. The month still running is shown apart and does not count.",
    formula: "months_up = run of months with close(IWM) at month-end above (−: below) that of the month before; \
              relative_months_up the same of ret(TR IWM) − ret(TR SPY); a month of exactly 0 sets either to 0",
    rule: |settings| {
        let months = setting(f64::from(settings.bands.monthly_streak), 1.0);
        format!("relative_months_up at least {months} → +1, at most −{months} → −1, else 0")
    },
    source: "convention",
};

/// Length of the run whose latest date is kept.
const LONG_RUN: f64 = 5.0;

/// Part by which two returns may differ through rounding alone.
const NOISE: f64 = 1e-12;

fn track(market: &Market) -> Result<Track, Missing> {
    let (iwm, spy) = (market.prices("IWM")?, market.prices("SPY")?);
    let months = market.months();
    let at = market.observe(&[("IWM", &iwm.close)]);
    let close = months.close(&at, &iwm.close);
    let up = runs_of_gains("IWM", &close);
    let shown = at.shown(market);
    let so_far = |t: usize| iwm.close[t] / months.base(t, &close) - 1.0;
    let so_far = shown.measure(|k| so_far(shown.sessions()[k]));
    let so_far = shown.figure_at_once(so_far, "the month before has no close");
    let reached = months.stand(&shown, &long_runs(market, &months, &up));
    let up = months.stand(&shown, &up);

    let at = market.observe(&[("IWM", &iwm.total_return), ("SPY", &spy.total_return)]);
    let [small, large] = [iwm, spy].map(|fund| returns(&months.close(&at, &fund.total_return)));
    let less: Vec<f64> = small.iter().zip(large).map(|(small, large)| small - large).collect();
    let relative = months.stand(&at, &runs("IWM and SPY", &less));

    let enough = f64::from(market.settings.bands.monthly_streak);
    let side = |run: &f64| said(*run).map(|_| i8::from(*run >= enough) - i8::from(*run <= -enough));
    let votes = relative.values.iter().map(side).collect();
    Ok(Track::new(votes, &[&relative]).number(up).number(relative).number(so_far).date(reached))
}

/// What the vote to come rests on: as many months as make a side, and the two before them.
fn past(market: &Market, votes: &[Vote]) -> Past {
    const LONGEST_MONTH: usize = 23;
    Past::window(votes, (market.settings.bands.monthly_streak as usize + 2) * LONGEST_MONTH)
}

/// Return of each month, `NaN` where it or the one before has no close.
fn returns(close: &Figure) -> Vec<f64> {
    let first = close.values.first().map(|_| f64::NAN);
    first.into_iter().chain(close.values.windows(2).map(|pair| pair[1] / pair[0] - 1.0)).collect()
}

/// For each month the number of months of gains up to it, negative for losses, given the months' closes.
pub(crate) fn runs_of_gains(name: &str, close: &Figure) -> Figure {
    runs(name, &returns(close))
}

/// For each month the number of months up to it with a return of the same sign, negative for losses;
/// a month without a return ends a run.
fn runs(names: &str, returns: &[f64]) -> Figure {
    let mut run = 0.0_f64;
    let step = |&ret: &f64| {
        let side = if ret.is_nan() { f64::NAN } else { f64::from(i8::from(ret > NOISE) - i8::from(ret < -NOISE)) };
        run = if run * side > 0.0 { run + side } else { side };
        run
    };
    Figure::new(returns.iter().map(step).collect(), || format!("{names}: the last complete month has no return"))
}

/// For each month the last session of the latest one at which a run of gains reached [`LONG_RUN`].
fn long_runs(market: &Market, months: &Periods, up: &Figure) -> Figure {
    let mut latest = f64::NAN;
    let step = |(&run, &end): (&f64, &usize)| {
        if run == LONG_RUN {
            latest = f64::from(market.sessions[end].number());
        }
        latest
    };
    let reached = up.values.iter().zip(months.ends()).map(step).collect();
    Figure::new(reached, || format!("IWM: no {LONG_RUN} months of gains in a row yet"))
}

fn summary(now: &Snapshot) -> String {
    let [up, relative] = ["months_up", "relative_months_up"].map(|name| signed(now.number(name), 0));
    let so_far = signed_percent(now.number("month_to_date"));
    format!("run of months: IWM {up}, IWM less SPY {relative}; IWM {so_far} this month")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Fixture, day};
    use crate::signals::Value;

    /// From 2004-01-02: IWM gains in February to August 2004, is flat in September, loses in October and
    /// November; SPY gains 1 in 100 in every month. Prices change on the first session of a month only.
    fn fixture() -> Fixture {
        let fixture = Fixture::new(260).bars("SPY", |_| 400.0);
        let first = fixture.sessions[0].month();
        // month 0 is January 2004
        let close = [50.0, 51.0, 52.0, 53.0, 54.0, 55.0, 56.0, 57.0, 57.0, 56.0, 55.0, 55.0, 55.0];
        let months: Vec<usize> = fixture.sessions.iter().map(|day| (day.month() - first) as usize).collect();
        let large = months.clone();
        fixture.bars("IWM", move |t| close[months[t]]).bars("SPY", move |t| 400.0 * 1.01_f64.powi(large[t] as i32))
    }

    #[test]
    fn runs_count_complete_months_and_zero_resets_them() {
        let fixture = fixture();
        let track = track(&fixture.market()).expect("a track");
        let at = |text: &str| fixture.sessions.iter().position(|&d| d == day(text)).expect("a session");
        let number = |name: &str, text: &str| Snapshot::new(&SIGNAL, &track, at(text)).number(name);
        let up = ["2004-02-26", "2004-02-27", "2004-06-29", "2004-08-31", "2004-09-30", "2004-12-01"];
        let up = up.map(|text| number("months_up", text));
        assert!(up[0].is_nan(), "the first month has no one before");
        assert_eq!(up[1..], [1.0, 4.0, 7.0, 0.0, -2.0]);
        // 51/50 to 57/56 beat 1.01; 57/57 does not
        assert_eq!(number("relative_months_up", "2004-08-31"), 7.0);
        assert_eq!(number("relative_months_up", "2004-09-30"), -1.0);
        assert_eq!(
            ["2004-02-27", "2004-03-31", "2004-09-30", "2004-10-29"].map(|text| track.votes[at(text)]),
            [0, 1, 0, -1].map(Some)
        );
    }

    #[test]
    fn the_running_month_stands_apart() {
        let fixture = fixture();
        let track = track(&fixture.market()).expect("a track");
        let at = |text: &str| fixture.sessions.iter().position(|&d| d == day(text)).expect("a session");
        let now = |text: &str| Snapshot::new(&SIGNAL, &track, at(text));
        assert_eq!(now("2004-03-01").number("months_up"), 1.0);
        // until its last session included, the month counts from the close of the one before
        for text in ["2004-03-01", "2004-03-31"] {
            assert!((now(text).number("month_to_date") - 1.0 / 51.0).abs() < 1e-15);
        }
        assert_eq!(now("2004-06-29").get("last_streak_of_5_date"), Value::Missing);
        for text in ["2004-06-30", "2004-12-01"] {
            assert_eq!(now(text).get("last_streak_of_5_date"), Value::Date(day("2004-06-30")));
        }
        assert_eq!(summary(&now("2004-03-01")), "run of months: IWM +1, IWM less SPY +1; IWM +2.0 % this month");
    }
}
