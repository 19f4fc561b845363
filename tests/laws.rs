//! What holds for every signal, on random markets with gaps, late starts, early ends and missing inputs.

mod next;

use std::sync::LazyLock;

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotation::bars::{Bar, Bars, Closes, Columns, Kind, Origin, Points, Series, SeriesId, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::inputs::{RUSSELL_FUTURES, dated, known_from};
use rotation::series::{Constituents, Counter, Depth, Market, UniverseOrigin};
use rotation::signals::{Column, SIGNALS, Track, Unit};
use rotation::verdict::{Change, Tracked, flips, weigh};

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::new(&[]));

const FUNDS: [&str; 13] =
    ["IWM", "SPY", "KRE", "RSP", "PSCD", "PSCC", "PSCE", "PSCF", "PSCH", "PSCI", "PSCT", "PSCM", "PSCU"];
const RATES: [(&str, f64); 6] =
    [("DGS2", 0.05), ("DGS10", 0.05), ("DFF", 0.01), ("BAMLH0A0HYM2", 0.08), ("BAA10Y", 0.04), ("DFEDTARU", 0.0)];
const VALUES: [&str; 6] = [
    "russell-2000.all-in.a",
    "russell-2000.fy1.b",
    "sp-500.all-in.a",
    "sp-600.fy1.b",
    "sp-500.fy1.b",
    "russell-2000.fy1.c",
];

/// A random market's sessions and what is on its shelf.
struct Random {
    rng: ChaCha8Rng,
    sessions: Vec<Day>,
    shelf: Shelf,
    members: Vec<Closes>,
}

impl Random {
    fn new(seed: u64, count: usize) -> Self {
        let first = Day::from_ymd(1999 + (seed % 20) as i32, 3, 1).expect("a date");
        let sessions = CALENDAR.between(first, first.plus(2 * count as i32))[..count].to_vec();
        let mut random =
            Self { rng: ChaCha8Rng::seed_from_u64(seed), sessions, shelf: Shelf::new(), members: Vec::new() };
        for symbol in FUNDS {
            random.fund(symbol);
        }
        for (id, step) in RATES {
            random.rate(id, step);
        }
        for name in VALUES {
            random.valuation(name);
        }
        random.dated("NFCI", 0.2);
        random.dated("DRTSCIS", 40.0);
        random.reports();
        (0..12).for_each(|_| random.member());
        random
    }

    fn put(&mut self, id: SeriesId, columns: Columns) {
        self.shelf.insert(id, Series { origin: Origin::default(), columns, hash: String::new() });
    }

    /// Whether each session has a value: most have, and some inputs start late, end early or are not there.
    fn present(&mut self) -> Vec<bool> {
        let (kind, gaps) = (self.rng.random_range(0..16), 0.03 * self.rng.random::<f64>().powi(3));
        let turn = self.rng.random_range(0..self.sessions.len());
        let within = |t: usize| match kind {
            0 => false,
            1 => t >= turn,
            2 => t < turn,
            3 => !(turn..turn + 5).contains(&t),
            _ => true,
        };
        (0..self.sessions.len()).map(|t| within(t) && self.rng.random::<f64>() >= gaps).collect()
    }

    fn fund(&mut self, symbol: &str) {
        let (mut close, mut bars) = (20.0 + 200.0 * self.rng.random::<f64>(), Bars::default());
        let pays = self.rng.random_range(0..63);
        for (t, present) in self.present().into_iter().enumerate() {
            close *= 1.0 + 0.04 * (self.rng.random::<f64>() - 0.497);
            let dividend = if t % 63 == pays { 0.004 * close } else { 0.0 };
            let (low, high) = (0.99 * close, 1.01 * close);
            if present || (symbol == "SPY" && t == 0) {
                bars.push(Bar {
                    day: self.sessions[t],
                    open: low,
                    high,
                    low,
                    close,
                    volume: f64::from(self.rng.random_range(0..2_000_000)),
                    dividend,
                    split: 1.0,
                });
            }
        }
        if !bars.is_empty() {
            self.put(SeriesId::bars(symbol), Columns::Bars(bars));
        }
    }

    fn member(&mut self) {
        let (mut close, mut closes) = (20.0, Closes::default());
        for (t, present) in self.present().into_iter().enumerate() {
            close *= 1.0 + 0.08 * (self.rng.random::<f64>() - 0.497);
            if present {
                closes.day.push(self.sessions[t]);
                closes.close.push(close);
            }
        }
        self.members.push(closes);
    }

    fn rate(&mut self, id: &str, step: f64) {
        let (mut value, mut points) = (3.0, Points::default());
        for (t, present) in self.present().into_iter().enumerate() {
            value += step * (self.rng.random::<f64>() - 0.5);
            if step == 0.0 && self.rng.random_range(0..40) == 0 {
                value += 0.25 * f64::from(self.rng.random_range(-2..=2));
            }
            if present {
                let day = self.sessions[t];
                points.push(day, known_from(id, day, &CALENDAR), (100.0 * value).round() / 100.0);
            }
        }
        if !points.is_empty() {
            self.put(SeriesId::rates(id), Columns::Points(points));
        }
    }

    /// The days of a weekly or quarterly series for which there is a value.
    fn days(&mut self, id: &str) -> Vec<Day> {
        let present = self.present();
        let held = self.sessions.iter().zip(present).filter(|(_, present)| *present);
        let mut days: Vec<Day> = held.map(|(&day, _)| dated(id, day, &CALENDAR)).collect();
        days.dedup();
        days
    }

    fn dated(&mut self, id: &str, step: f64) {
        let (mut value, mut points) = (0.0, Points::default());
        for day in self.days(id) {
            value = 0.9 * value + step * (self.rng.random::<f64>() - 0.5);
            points.push(day, known_from(id, day, &CALENDAR), (1000.0 * value).round() / 1000.0);
        }
        if !points.is_empty() {
            self.put(SeriesId::rates(id), Columns::Points(points));
        }
    }

    fn reports(&mut self) {
        let mut points = Points::default();
        for day in self.days(RUSSELL_FUTURES) {
            let sides: [f64; 4] = std::array::from_fn(|_| f64::from(self.rng.random_range(0..100)));
            let [a, b, c, d] = sides;
            points.push_report(day, known_from(RUSSELL_FUTURES, day, &CALENDAR), [200.0, a, b, c, d]);
        }
        if !points.is_empty() {
            self.put(SeriesId::new(Kind::Positioning, RUSSELL_FUTURES), Columns::Points(points));
        }
    }

    fn valuation(&mut self, name: &str) {
        let mut points = Points::default();
        let present = self.present();
        for (t, _) in present.iter().enumerate().filter(|(_, present)| **present) {
            let day = self.sessions[t];
            if self.rng.random_range(0..9) == 0 {
                points.push(day, day.plus(1), 15.0 + 10.0 * self.rng.random::<f64>());
            }
        }
        if !points.is_empty() {
            self.put(SeriesId::new(Kind::Valuation, name), Columns::Points(points));
        }
    }

    /// The market at session `t`.
    fn market(&self, t: usize) -> Market {
        self.built(Settings::default(), t)
    }

    /// The same under other settings.
    fn built(&self, settings: Settings, t: usize) -> Market {
        let mut market = Market::build(&self.shelf, CALENDAR.clone(), settings, self.sessions[t]);
        let sessions = market.counted_sessions();
        let mut counter = Counter::new(&sessions);
        // listed from the tenth session on, but for a while
        let ends = [0, 9, 14, self.sessions.len() - 1].map(|t| self.sessions[t]);
        let listed = [ends[1]..ends[2], ends[2].plus(20)..ends[3].plus(1)];
        for mut member in self.members.iter().cloned() {
            member.stand_still(market.reference(), market.next_session());
            counter.add(&member, &listed);
        }
        let inside = |day: &Day| listed.iter().any(|span| span.contains(day));
        let listed = sessions.iter().map(|day| u32::from(inside(day)) * self.members.len() as u32).collect();
        let constituents = Constituents { breadth: counter.finish(), listed, dated_from: Some(ends[1]) };
        market.admit_universe(Some(constituents), UniverseOrigin::default());
        market
    }
}

/// The column up to session `t`, in a form whose equality is that of the bits.
fn bits(column: &Column, t: usize) -> String {
    match column {
        Column::Number(x) => format!("{:?}", x[..=t].iter().map(|x| x.to_bits()).collect::<Vec<_>>()),
        Column::Flag(flags) => format!("{:?}", &flags[..=t]),
        Column::Word(..) => format!("{:?}", (0..=t).map(|t| column.value(t)).collect::<Vec<_>>()),
        Column::Date(days) => format!("{:?}", &days[..=t]),
        Column::Last(_) => unreachable!("a whole track"),
    }
}

fn seeds() -> impl Strategy<Value = (u64, usize)> {
    (any::<u64>(), 30_usize..1900)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn later_sessions_change_no_bit((seed, count) in seeds(), at in prop::collection::vec(0.0..1.0_f64, 3)) {
        let random = Random::new(seed, count);
        let whole = random.market(count - 1);
        for t in at.into_iter().map(|part| (part * count as f64) as usize) {
            let cut = random.market(t);
            for signal in SIGNALS {
                match ((signal.track)(&whole), (signal.track)(&cut)) {
                    (Ok(whole), Ok(cut)) => {
                        prop_assert_eq!(&whole.votes[..=t], &cut.votes[..], "{}", signal.id);
                        for (reading, (whole, cut)) in signal.readings.iter().zip(whole.columns.iter().zip(&cut.columns)) {
                            prop_assert!(bits(whole, t) == bits(cut, t), "{} {} at {t}", signal.id, reading.name);
                        }
                    }
                    (whole, cut) => prop_assert_eq!(whole.map(|_| ()), cut.map(|_| ()), "{}", signal.id),
                }
            }
        }
    }

    #[test]
    fn what_is_asked_of_a_market_is_what_the_whole_of_it_gives((seed, count) in seeds()) {
        let mut market = Random::new(seed, count).market(count - 1);
        for signal in SIGNALS {
            market.depth = Depth::Whole;
            let Ok(mut whole) = signal.measure(&market) else { continue };
            market.depth = Depth::Report;
            let report = signal.measure(&market).expect("a track");
            whole.cut(signal.deciding(&whole));
            // `NaN` differs from itself
            prop_assert_eq!(format!("{report:?}"), format!("{whole:?}"), "{}", signal.id);
            market.depth = Depth::Vote;
            let vote = signal.measure(&market).expect("a track");
            prop_assert_eq!(vote.votes[count - 1], whole.votes[count - 1], "{}", signal.id);
        }
    }

    #[test]
    fn another_unit_of_price_changes_prices_alike_and_nothing_else((seed, count) in seeds(), factor in 0.01..100.0_f64) {
        let mut random = Random::new(seed, count);
        let before = random.market(count - 1);
        for series in random.shelf.values_mut() {
            if let Columns::Bars(bars) = &mut series.columns {
                let prices = [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close, &mut bars.dividend];
                prices.into_iter().flatten().for_each(|price| *price *= factor);
            }
        }
        random.members.iter_mut().flat_map(|member| &mut member.close).for_each(|close| *close *= factor);
        let after = random.market(count - 1);
        for signal in SIGNALS {
            let (Ok(before), Ok(after)) = ((signal.track)(&before), (signal.track)(&after)) else { continue };
            prop_assert_eq!(&before.votes, &after.votes, "{}", signal.id);
            for (reading, pair) in signal.readings.iter().zip(before.columns.iter().zip(&after.columns)) {
                if let (Column::Number(before), Column::Number(after)) = pair {
                    let unit = if reading.unit == Unit::Price { factor } else { 1.0 };
                    // 1e-9 of the figure; of 1 where it is smaller, as gaps and returns are less 1
                    let near = |(a, b): (&f64, &f64)| {
                        let b = b / unit;
                        a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs().max(1.0)
                    };
                    prop_assert!(before.iter().zip(after).all(near), "{} {}", signal.id, reading.name);
                } else {
                    prop_assert_eq!(pair.0, pair.1, "{} {}", signal.id, reading.name);
                }
            }
        }
    }

    #[test]
    fn readings_are_finite_or_missing_for_a_reason((seed, count) in seeds()) {
        let market = Random::new(seed, count).market(count - 1);
        for signal in SIGNALS {
            let Ok(track) = (signal.track)(&market) else { continue };
            sound(signal.readings.iter().map(|reading| reading.unit), &track, count)?;
            let vote = track.votes[count - 1];
            prop_assert_eq!(vote.is_none(), track.missing.is_some(), "{}: {:?}", signal.id, track.missing);
        }
    }

    #[test]
    fn the_order_of_groups_and_members_changes_nothing((seed, count) in seeds()) {
        let mut random = Random::new(seed, count);
        let mut settings = Settings::default();
        settings.groups.reverse();
        let market = random.market(count - 1);
        random.members.reverse();
        let reversed = random.built(settings, count - 1);
        for signal in SIGNALS {
            let (Ok(one), Ok(other)) = ((signal.track)(&market), (signal.track)(&reversed)) else { continue };
            prop_assert_eq!(&one.votes, &other.votes, "{}", signal.id);
            for (one, other) in one.columns.iter().zip(&other.columns) {
                prop_assert!(bits(one, count - 1) == bits(other, count - 1), "{}", signal.id);
            }
        }
    }
}

proptest! {
    // each case measures some forty markets anew
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_vote_flips_where_a_longer_market_says_so_and_nowhere_nearer((seed, count) in seeds(), part in 0.0..1.0_f64) {
        let random = Random::new(seed, count);
        let market = random.market(count - 1);
        let tracks: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, (signal.track)(&market))).collect();
        let found = flips(&market, &tracks, &weigh(&market, &tracks));
        for input in ["IWM", "KRE"].into_iter().filter(|input| !found.missing.iter().any(|why| why.starts_with(input))) {
            let close = market.prices(input).expect("prices").close[count - 1];
            for signal in SIGNALS.iter().filter(|signal| (signal.inputs)(&market.settings).iter().any(|id| id == input)) {
                let anew = |level: f64| {
                    let longer = next::market(&random.shelf, &CALENDAR, market.reference(), input, level);
                    (signal.track)(&longer).ok().and_then(|track| track.votes[count])
                };
                let rest = anew(close);
                for side in [-1.0, 1.0] {
                    let flip = found.flips.iter().find(|flip| {
                        let mine = matches!(flip.change, Change::Vote { signal: id, .. } if id == signal.id);
                        mine && flip.input == input && flip.distance * side > 0.0
                    });
                    let far = flip.map_or(close * 0.04, |flip| (flip.level - close).abs() - 0.01);
                    let level = ((close + side * part * far) * 100.0).round() / 100.0;
                    // what is less than a cent away counts as the last close
                    if (level - close) * side >= 0.01 && (level - close).abs() <= far {
                        prop_assert_eq!(anew(level), rest, "{} at {} of {}", signal.id, level, input);
                    }
                    if let Some((flip, Change::Vote { from, to, .. })) = flip.map(|flip| (flip, flip.change)) {
                        prop_assert_eq!((from, to), (rest, anew(flip.level)), "{} at {:?}", signal.id, flip);
                    }
                }
            }
        }
    }
}

/// The laws above pass over what a market lacks: this shows that they leave no signal out.
#[test]
fn every_signal_speaks_in_some_random_market() {
    let mut silent: Vec<&str> = SIGNALS.iter().map(|signal| signal.id).collect();
    for seed in 0..40 {
        let market = Random::new(seed, 1_850).market(1_849);
        let measured = |column: &Column| matches!(column, Column::Number(x) if x.iter().any(|x| x.is_finite()));
        let speaks = |id: &str, track: &Track| {
            // random prices have no cycle, so that `cycles` alone abstains, and has measured all the same
            track.votes.iter().any(Option::is_some) || id == "cycles" && track.columns.iter().any(measured)
        };
        let heard = SIGNALS.iter().filter(|one| (one.track)(&market).is_ok_and(|track| speaks(one.id, &track)));
        let heard: Vec<&str> = heard.map(|signal| signal.id).collect();
        silent.retain(|id| !heard.contains(id));
        if silent.is_empty() {
            return;
        }
    }
    panic!("never heard: {silent:?}");
}

/// Holds the shape of a track: one value a session, votes in range, a reason exactly where a reading is missing.
fn sound(units: impl ExactSizeIterator<Item = Unit>, track: &Track, count: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!((track.columns.len(), track.reasons.len(), track.votes.len()), (units.len(), units.len(), count));
    prop_assert!(track.votes.iter().flatten().all(|vote| (-1..=1).contains(vote)));
    for ((unit, column), reason) in units.zip(&track.columns).zip(&track.reasons) {
        let length = match column {
            Column::Number(x) => {
                prop_assert!(x.iter().all(|x| x.is_finite() || x.is_nan()));
                x.len()
            }
            Column::Flag(flags) => flags.len(),
            Column::Word(words, names) => {
                prop_assert!(words.iter().flatten().all(|&word| usize::from(word) < names.len()));
                words.len()
            }
            Column::Date(days) => days.len(),
            Column::Last(_) => 0,
        };
        prop_assert_eq!(length, count);
        prop_assert_eq!(unit == Unit::Plain, !matches!(column, Column::Number(_)));
        let missing = column.value(count - 1) == rotation::signals::Value::Missing;
        prop_assert_eq!(missing, reason.as_ref().is_some_and(|reason| !reason.is_empty()), "{:?}", reason);
    }
    Ok(())
}
