//! Reading some columns of the store's files: what is read is the same, what is not does not matter.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rotation::bars::{Bar, Bars, Columns, Origin, Series, SeriesId, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::demo;
use rotation::inputs;
use rotation::series::Market;
use rotation::signals::SIGNALS;
use rotation::store::{Scratch, Store};

const WANTED: &[&str] = &["close", "dividend"];

fn put(root: &Path, shelf: &Shelf) -> Store {
    let store = Store::at(root.to_path_buf()).expect("a store");
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    for (id, series) in shelf {
        writer.put(id, series).expect("written");
    }
    assert_eq!(writer.finish().expect("synced"), []);
    store
}

/// Four bars, the second without a volume.
fn bars(adjust: impl FnOnce(&mut Bars)) -> Series {
    let bar = |i: i32| Bar {
        day: Day::from_number(18_262 + i),
        open: 100.0,
        high: 101.5,
        low: 99.5,
        close: 100.5 + f64::from(i) / 4.0,
        volume: if i == 1 { f64::NAN } else { 1e6 },
        dividend: if i == 2 { 0.25 } else { 0.0 },
        split: 1.0,
    };
    let mut bars: Bars = (0..4).map(bar).collect();
    adjust(&mut bars);
    let columns = Columns::Bars(bars);
    Series { origin: Origin { owner: "yahoo".into(), ..Origin::default() }, hash: columns.hash(), columns }
}

fn stored(root: &Path, series: Series) -> (Store, SeriesId) {
    let id = SeriesId::bars("KRE");
    (put(root, &Shelf::from([(id.clone(), series)])), id)
}

fn read(store: &Store, id: &SeriesId, wanted: Option<&[&str]>) -> Option<Bars> {
    match store.read(id, wanted, &mut Scratch::default()).ok()??.columns {
        Columns::Bars(bars) => Some(bars),
        Columns::Points(_) => None,
    }
}

#[test]
fn the_columns_asked_for_are_read_and_the_others_stay_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, id) = stored(folder.path(), bars(|_| ()));
    let whole = read(&store, &id, None).expect("held");
    let part = read(&store, &id, Some(WANTED)).expect("held");
    assert_eq!((&part.day, &part.close, &part.dividend), (&whole.day, &whole.close, &whole.dividend));
    assert!(!part.is_whole() && [part.open, part.high, part.low, part.volume, part.split].iter().all(Vec::is_empty));
    let volume = read(&store, &id, Some(&["volume"])).expect("held").volume;
    assert_eq!(format!("{volume:?}"), "[1000000.0, NaN, 1000000.0, 1000000.0]");
    assert_eq!(read(&store, &SeriesId::bars("SPY"), Some(WANTED)), None);
}

#[test]
fn bars_with_a_figure_that_cannot_be_are_read_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let spoilt: [fn(&mut Bars); 3] =
        [|bars| bars.low[1] = 103.0, |bars| bars.open[3] = f64::NAN, |bars| bars.close[2] = 300.0];
    for adjust in spoilt {
        let (store, id) = stored(folder.path(), bars(adjust));
        assert!(read(&store, &id, Some(WANTED)).expect("held").is_whole());
    }
}

#[test]
fn no_flipped_bit_is_read_as_a_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, id) = stored(folder.path(), bars(|_| ()));
    let path = folder.path().join("bars/KRE.parquet");
    let written = fs::read(&path).expect("a file");
    let right = read(&store, &id, Some(WANTED)).expect("held");
    let (mut refused, mut unseen) = (0, 0);
    for at in 0..written.len() {
        let mut bytes = written.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).expect("a file");
        match read(&store, &id, Some(WANTED)) {
            Some(part) => {
                assert_eq!((&part.day, &part.close, &part.dividend), (&right.day, &right.close, &right.dividend));
                // a column that was not asked for: whoever reads the whole file is told
                unseen += usize::from(read(&store, &id, None).is_none());
            }
            None => refused += 1,
        }
        let _ = fs::remove_file(path.with_extension("parquet.damaged-1"));
    }
    assert!(refused > written.len() / 2 && unseen > 100, "{refused}, {unseen} of {}", written.len());
}

#[test]
fn days_that_many_files_share_are_verified_in_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = ["IWM", "KRE", "RSP", "SPY"].map(SeriesId::bars);
    // the third has a day of its own
    let other = |at| bars(|bars| bars.day[3] = Day::from_number(if at == 2 { 18_280 } else { 18_265 }));
    let shelf: Shelf = ids.iter().cloned().enumerate().map(|(at, id)| (id, other(at))).collect();
    let store = put(folder.path(), &shelf);
    let mut scratch = Scratch::default();
    for id in ids.iter().chain(&ids) {
        let read = store.read(id, Some(WANTED), &mut scratch).expect("sound").expect("held");
        assert_eq!(read.columns.days(), shelf[id].columns.days(), "{id}");
    }
    // the days come first in a file; those of another file do not stand in for damaged ones
    let path = folder.path().join("bars/KRE.parquet");
    let mut bytes = fs::read(&path).expect("a file");
    bytes[30] ^= 1;
    fs::write(&path, bytes).expect("written");
    assert!(store.read(&ids[0], Some(WANTED), &mut scratch).is_ok_and(|read| read.is_some()));
    assert!(store.read(&ids[1], Some(WANTED), &mut scratch).is_err());
}

#[test]
fn a_verdict_takes_no_more_than_the_columns_it_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let (calendar, last) = (Calendar::new(&[]), Day::from_ymd(2008, 6, 30).expect("a date"));
    let store = put(folder.path(), &demo::market(&calendar, last));
    let ids = store.series().expect("listed").held;
    let part = store.load_part(&ids, |id| Some(inputs::columns(&id.name))).shelf;
    let bars = part.values().filter_map(|series| match &series.columns {
        Columns::Bars(bars) => Some(bars),
        Columns::Points(_) => None,
    });
    assert!(bars.clone().count() > 10 && bars.clone().all(|bars| !bars.is_whole()));
    let judged = |shelf: &Shelf| {
        let market = Market::build(shelf, calendar.clone(), Settings::default(), last);
        let tracks: Vec<_> = SIGNALS.iter().map(|signal| (signal.track)(&market)).collect();
        (format!("{tracks:?}"), market.states, market.findings)
    };
    assert_eq!(judged(&part), judged(&store.load().expect("loaded").shelf));
}
