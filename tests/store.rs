//! The store: what is written is read back, what is damaged is not used, nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rotation::bars::{Bar, Bars, Columns, Dividends, Kind, Origin, Points, Series, SeriesId};
use rotation::day::Day;
use rotation::store::{Locked, Outcome, Store};

fn origin(owner: &str) -> Origin {
    Origin {
        owner: owner.into(),
        currency: "USD".into(),
        fetched_at: "2026-11-20T22:00:00Z".into(),
        dividends: Dividends::Reported,
        borrowed: None,
    }
}

/// `rows` bars from 2020-01-01 on, the second one without a volume.
fn bars(rows: i32) -> Series {
    let bar = |i: i32| Bar {
        day: Day::from_number(18_262 + i),
        open: 100.0 + f64::from(i),
        high: 101.0 + f64::from(i),
        low: 99.0 + f64::from(i),
        close: 100.5 + f64::from(i),
        volume: if i == 1 { f64::NAN } else { 1e6 },
        dividend: if i == 2 { 0.25 } else { 0.0 },
        split: 1.0,
    };
    let columns = Columns::Bars((0..rows).map(bar).collect::<Bars>());
    Series { origin: origin("yahoo"), hash: columns.hash(), columns }
}

fn rates(value: f64) -> Series {
    let mut points = Points::default();
    for i in 0..3 {
        points.push(Day::from_number(18_262 + i), Day::from_number(18_263 + i), value);
    }
    let columns = Columns::Points(points);
    Series { origin: Origin { currency: String::new(), ..origin("fredgraph") }, hash: columns.hash(), columns }
}

fn reports() -> Series {
    let mut points = Points::default();
    for i in 0..3 {
        let figures = [1000.0, 300.0, 200.0 + f64::from(i), 90.0, 150.0];
        points.push_report(Day::from_number(18_264 + 7 * i), Day::from_number(18_267 + 7 * i), figures);
    }
    let columns = Columns::Points(points);
    Series { origin: Origin { currency: String::new(), ..origin("imported") }, hash: columns.hash(), columns }
}

fn store(root: &Path) -> Store {
    Store::at(root.to_path_buf()).expect("a store")
}

/// A store with IWM in it, and the path of its file.
fn filled(root: &Path) -> (Store, PathBuf) {
    let store = store(root);
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    assert!(writer.put(&SeriesId::bars("IWM"), &bars(40)).expect("written"));
    assert_eq!(writer.finish().expect("synced"), []);
    (store, root.join("bars/IWM.parquet"))
}

/// All but `NaN`s compare; these by their text.
fn text(series: &Series) -> String {
    format!("{series:?}")
}

#[test]
fn a_store_that_was_never_written_holds_nothing_and_makes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("none");
    let store = store(&root);
    assert!(!store.exists().expect("looked at"));
    assert!(store.load().expect("nothing").shelf.is_empty());
    assert_eq!(store.asked(), (rotation::store::Asked::default(), None));
    assert!(!root.exists());
}

#[test]
fn what_is_put_is_loaded_bit_for_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    let value = SeriesId::new(Kind::Valuation, "russell-2000.fy1.ssga");
    let given = [
        (SeriesId::bars("^RUT"), bars(25_000)),
        (SeriesId::bars("CON"), bars(1)),
        (SeriesId::rates("DGS2"), rates(-0.25)),
        (value, rates(15.5)),
        (SeriesId::new(Kind::Positioning, "239742"), reports()),
    ];
    for (id, series) in &given {
        assert!(writer.put(id, series).expect("written"));
    }
    writer.finish().expect("synced");
    assert!(store.exists().expect("looked at"));
    assert!(folder.path().join("positioning/239742.parquet").is_file());
    assert!(folder.path().join("valuation/RUSSELL-2000.FY1.SSGA.parquet").is_file());
    let loaded = store.load().expect("loaded");
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.shelf.len(), given.len());
    for (id, series) in &given {
        assert_eq!(text(&loaded.shelf[id]), text(series), "{id}");
    }
    let some = store.load_only(&[SeriesId::bars("CON"), SeriesId::bars("SPY")]);
    assert_eq!(some.shelf.keys().collect::<Vec<_>>(), [&SeriesId::bars("CON")]);
    assert_eq!(some.warnings, []);
}

#[test]
fn columns_of_another_kind_are_not_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = store(folder.path()).lock(Duration::ZERO).expect("the lock");
    let told = |result: anyhow::Result<bool>| format!("{:#}", result.expect_err("refused"));
    for (id, series) in [
        (SeriesId::rates("DGS2"), reports()),
        (SeriesId::new(Kind::Positioning, "239742"), rates(1.0)),
        (SeriesId::rates("DGS2"), bars(3)),
    ] {
        let problem = told(writer.put(&id, &series));
        assert!(problem.ends_with("its columns are of another kind"), "{problem}");
    }
}

#[test]
fn the_same_columns_again_write_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    let before = fs::read(&path).expect("a file");
    let mut later = bars(40);
    later.origin.fetched_at = "2026-11-21T22:00:00Z".into();
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    assert!(!writer.put(&SeriesId::bars("IWM"), &later).expect("unchanged"));
    assert_eq!(fs::read(&path).expect("a file"), before);
    later.origin.owner = "imported".into();
    assert!(writer.put(&SeriesId::bars("IWM"), &later).expect("another owner"));
    assert!(writer.put(&SeriesId::bars("IWM"), &bars(41)).expect("another row"));
}

#[test]
fn no_flipped_bit_is_read_as_a_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let path = folder.path().join("bars/IWM.parquet");
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    writer.put(&SeriesId::bars("IWM"), &bars(4)).expect("written");
    writer.finish().expect("synced");
    let whole = fs::read(&path).expect("a file");
    let id = [SeriesId::bars("IWM")];
    let right = text(&store.load_only(&id).shelf[&id[0]]);
    let mut unused = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).expect("a file");
        let loaded = store.load_only(&id);
        if let Some(series) = loaded.shelf.get(&id[0]) {
            assert_eq!(text(series), right, "byte {at}");
            continue;
        }
        unused += 1;
        assert_eq!(loaded.warnings.len(), 1, "byte {at}");
        assert_eq!(loaded.warnings[0].code, "file_damaged");
        fs::remove_file(path.with_extension("parquet.damaged-1")).expect("set aside");
    }
    assert!(unused * 2 > whole.len(), "{unused} of {}", whole.len());
}

#[test]
fn a_cut_file_is_set_aside_and_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    let whole = fs::read(&path).expect("a file");
    for (n, length) in [0, 1, 8, whole.len() / 2, whole.len() - 1].into_iter().enumerate() {
        fs::write(&path, &whole[..length]).expect("a file");
        let loaded = store.load().expect("loaded");
        assert!(loaded.shelf.is_empty());
        let aside = path.with_extension(format!("parquet.damaged-{}", n + 1));
        assert_eq!(fs::read(&aside).expect("set aside").len(), length);
        assert!(loaded.warnings[0].message.contains("set aside as `IWM.parquet.damaged-"), "{:?}", loaded.warnings);
        assert!(!path.exists());
    }
    let loaded = store.load().expect("loaded");
    let [lost] = &loaded.warnings[..] else { panic!("one loss: {:?}", loaded.warnings) };
    assert_eq!((lost.code, lost.input.as_deref()), ("file_damaged", Some("bars/IWM")));
    assert!(lost.message.contains("IWM.parquet` was damaged and is missing, set aside as `IWM.parquet.damaged-5`"));
    // by their number, not by letters
    fs::write(path.with_extension("parquet.damaged-10"), "").expect("written");
    let loaded = store.load().expect("loaded");
    assert!(loaded.warnings[0].message.contains("set aside as `IWM.parquet.damaged-10`"), "{:?}", loaded.warnings);
}

#[test]
fn a_writer_sets_a_damaged_file_aside_before_it_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    fs::write(&path, "noise").expect("a file");
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    assert!(writer.put(&SeriesId::bars("IWM"), &bars(40)).expect("written"));
    assert_eq!(writer.finish().expect("synced").len(), 1);
    assert_eq!(fs::read(path.with_extension("parquet.damaged-1")).expect("set aside"), b"noise");
    assert_eq!(store.load().expect("loaded").shelf.len(), 1);
}

#[test]
fn a_file_under_another_name_is_not_that_series() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    fs::copy(&path, path.with_file_name("SPY.parquet")).expect("copied");
    let loaded = store.load().expect("loaded");
    assert_eq!(loaded.shelf.keys().collect::<Vec<_>>(), [&SeriesId::bars("IWM")]);
    assert!(loaded.warnings[0].message.contains("it holds `bars/IWM`"), "{:?}", loaded.warnings);
}

#[test]
fn a_newer_layout_and_an_unreadable_one_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, told) in [("2\n", "newer version (layout 2)"), ("", "should hold the number 1"), ("x", "should hold")] {
        fs::write(folder.path().join("STORE"), text).expect("a file");
        let error = Store::at(folder.path().to_path_buf()).expect_err("refused").to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn the_second_writer_is_told_who_the_first_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let first = store.lock(Duration::ZERO).expect("the lock");
    let error = store.lock(Duration::from_millis(1)).expect_err("locked");
    assert_eq!(error.downcast_ref::<Locked>().and_then(|locked| locked.pid), Some(std::process::id()));
    drop(first);
    store.lock(Duration::ZERO).expect("free again");
}

#[test]
fn stray_temporary_files_are_swept_by_the_next_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    let stray = path.with_file_name(".rotation-x1.tmp");
    fs::write(&stray, "half").expect("a file");
    let other = path.with_file_name("notes.txt");
    fs::write(&other, "mine").expect("a file");
    assert_eq!(store.load().expect("loaded").warnings, []);
    drop(store.lock(Duration::ZERO).expect("the lock"));
    assert!(!stray.exists() && other.exists() && path.exists());
}

#[test]
fn names_that_no_series_has_and_columns_without_sense_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    for name in ["", "../../x", "a/b", "a\\b", "a b", "\u{1b}[31m", "x\0", "é", &"A".repeat(65)] {
        let error = writer.put(&SeriesId::bars(name), &bars(3)).expect_err("refused").to_string();
        assert!(!error.chars().any(char::is_control) && error.len() < 200, "{error:?}");
    }
    let mut torn = bars(3);
    if let Columns::Bars(bars) = &mut torn.columns {
        bars.day.swap(0, 1);
    }
    for series in [bars(0), torn, rates(f64::NAN)] {
        writer.put(&SeriesId::bars("IWM"), &series).expect_err("refused");
    }
    assert_eq!(fs::read_dir(folder.path().join("bars")).expect("a folder").count(), 0);
}

#[test]
fn what_was_asked_survives_and_a_broken_file_of_it_counts_as_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let (mut asked, _) = store.asked();
    let at = chrono::DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
    asked.note(&SeriesId::bars("IWM"), "yahoo", at, Outcome::New);
    let mut writer = store.lock(Duration::ZERO).expect("the lock");
    writer.put_asked(&asked).expect("written");
    writer.finish().expect("synced");
    assert_eq!(store.asked(), (asked, None));
    fs::write(folder.path().join("asked.json"), "{").expect("a file");
    let (none, warning) = store.asked();
    assert_eq!(none.last(&SeriesId::bars("IWM"), "yahoo"), None);
    assert_eq!(warning.expect("a warning").code, "asked_unreadable");
}

#[cfg(unix)]
#[test]
fn files_are_readable_as_the_umask_says() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::at(folder.path().to_path_buf()).expect("a store");
    store.lock(Duration::ZERO).expect("the lock").finish().expect("synced");
    fs::write(folder.path().join("plain"), "").expect("a file");
    let mode = |name: &str| fs::metadata(folder.path().join(name)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("STORE"), mode("plain"));
}
