//! A seeded market of any size: random walks that resemble no real history.

use std::path::Path;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotation::bars::{Bar, Bars, Columns, Origin, Points, SYNTHETIC, Series, SeriesId};
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::inputs::known_from;
use rotation::store::Store;

/// The last session, unless more are asked for than are counted before it.
const LAST: Day = Day::from_number(20_453); // 2025-12-31
/// The first day whose sessions are counted.
const FIRST: Day = Day::from_number(-3_653); // 1960-01-01

/// What a verdict reads by default comes first, then whatever else a store may hold.
const FUNDS: [&str; 13] =
    ["SPY", "IWM", "KRE", "RSP", "PSCD", "PSCC", "PSCE", "PSCF", "PSCH", "PSCI", "PSCT", "PSCM", "PSCU"];
/// Level and step of each rate series; the target moves by a quarter now and then.
const RATES: [(&str, f64, f64); 6] = [
    ("DFEDTARU", 3.0, 0.0),
    ("DFF", 3.0, 0.01),
    ("DGS2", 3.5, 0.05),
    ("DGS10", 4.0, 0.05),
    ("BAMLH0A0HYM2", 4.5, 0.06),
    ("NFCI", -0.3, 0.02),
];

/// So many sessions, up to [`LAST`]: twenty-five years are 6,300, a century reaches from 1960 to 2060.
pub(crate) fn days(sessions: usize) -> Vec<Day> {
    let calendar = Calendar::new(&[]);
    let past = calendar.between(FIRST, LAST).len();
    let all = calendar.between(FIRST, FIRST.plus(i32::from(u16::MAX)));
    all[past.saturating_sub(sessions)..][..sessions].to_vec()
}

/// `symbols` series of bars on each of `days`, and six of rates, each made when it is asked for.
pub(crate) fn market(symbols: usize, days: &[Day]) -> impl Iterator<Item = (SeriesId, Series)> {
    let calendar = Calendar::new(&[]);
    let bars = (0..symbols).map(move |i| {
        let name = FUNDS.get(i).map_or_else(|| format!("X{}", word(i)), |name| (*name).to_owned());
        (SeriesId::bars(&name), series("USD", Columns::Bars(bars(i as u64, days))))
    });
    let rates = RATES.into_iter().enumerate().map(move |(i, (name, level, step))| {
        let points = rate(1_000_000 + i as u64, name, level, step, days, &calendar);
        (SeriesId::rates(name), series("", Columns::Points(points)))
    });
    bars.chain(rates)
}

/// Writes a market to a store.
pub(crate) fn write(root: &Path, market: impl Iterator<Item = (SeriesId, Series)>) -> Store {
    let store = Store::at(root.to_path_buf()).expect("a store");
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    for (id, series) in market {
        writer.put(&id, &series).expect("stored");
    }
    writer.finish().expect("synced");
    store
}

/// Four letters, another four for each number.
fn word(number: usize) -> String {
    (0..4).rev().map(|place| char::from(b'A' + (number / 26_usize.pow(place) % 26) as u8)).collect()
}

fn series(currency: &str, columns: Columns) -> Series {
    let last = columns.days().last().expect("a session");
    let origin = Origin {
        owner: SYNTHETIC.into(),
        currency: currency.into(),
        fetched_at: format!("{last}T22:00:00Z"),
        ..Origin::default()
    };
    Series { origin, hash: columns.hash(), columns }
}

fn stream(number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    rng.set_stream(number);
    rng
}

/// Moves of up to 2.4 % a session about a drift, a dividend a quarter, prices in cents.
fn bars(number: u64, days: &[Day]) -> Bars {
    let mut rng = stream(number);
    let mut close = 20.0 + 80.0 * rng.random::<f64>();
    let cents = |price: f64| (100.0 * price).round() / 100.0;
    let row = |(t, &day): (usize, &Day)| {
        let open = close;
        close *= 1.0 + 0.024 * (rng.random::<f64>() + rng.random::<f64>() - 0.992);
        // a walk of a hundred years stays within the prices of funds
        close *= if close > 800.0 { 0.99 } else { 1.0 };
        let (high, low) = (1.004 * open.max(close), 0.996 * open.min(close));
        let dividend = if t % 63 == 40 { cents(0.004 * close) } else { 0.0 };
        let volume = f64::from(rng.random_range(1_000_000..40_000_000));
        let [open, high, low, close] = [open, high, low, close].map(cents);
        Bar { day, open, high, low, close, volume, dividend, split: 1.0 }
    };
    days.iter().enumerate().map(row).collect()
}

fn rate(number: u64, name: &str, level: f64, step: f64, days: &[Day], calendar: &Calendar) -> Points {
    let mut rng = stream(number);
    let (mut value, mut points) = (level, Points::default());
    for (t, &day) in days.iter().enumerate() {
        value += step * (rng.random::<f64>() - 0.5) - 0.002 * (value - level);
        if step == 0.0 && t % 40 == 0 {
            value = (value + 0.25 * f64::from(rng.random_range(-1..=1))).clamp(0.25, 8.0);
        }
        if name != "NFCI" || day.plus(-1).week() != day.plus(3).week() {
            let value = if step == 0.0 { (4.0 * value).round() / 4.0 } else { (100.0 * value).round() / 100.0 };
            points.push(day, known_from(name, day, calendar), value);
        }
    }
    points
}
