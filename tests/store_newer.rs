//! A file of a newer version of the program: neither read nor written.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rotation::bars::{Bar, Bars, Columns, Origin, Series, SeriesId};
use rotation::day::Day;
use rotation::store::{LeftFile, Store};

/// A process being started holds the locks of this one for a moment.
const PATIENCE: Duration = Duration::from_secs(10);

/// `rows` bars from 2020-01-01 on.
fn bars(rows: i32) -> Series {
    let bar = |i: i32| {
        let close = 100.0 + f64::from(i);
        let day = Day::from_number(18_262 + i);
        Bar { day, open: close, high: close, low: close, close, volume: 1e6, dividend: 0.0, split: 1.0 }
    };
    let columns = Columns::Bars((0..rows).map(bar).collect::<Bars>());
    let origin = Origin { owner: "yahoo".into(), currency: "USD".into(), ..Origin::default() };
    Series { origin, hash: columns.hash(), columns }
}

/// A store with IWM in it, and the path of its file.
fn filled(root: &Path) -> (Store, PathBuf) {
    let store = Store::at(root.to_path_buf()).expect("a store");
    let mut writer = store.lock(PATIENCE).expect("the lock");
    assert!(writer.put(&SeriesId::bars("IWM"), &bars(40)).expect("written"));
    assert_eq!(writer.finish().expect("synced"), []);
    (store, root.join("bars/IWM.parquet"))
}

#[test]
fn a_file_of_a_newer_version_is_neither_read_nor_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    let bytes = newer(&fs::read(&path).expect("a file"));
    fs::write(&path, &bytes).expect("a file");
    let loaded = store.load().expect("loaded");
    assert!(loaded.shelf.is_empty());
    assert_eq!(loaded.warnings[0].code, "file_newer");
    let mut writer = store.lock(PATIENCE).expect("the lock");
    let error = writer.put(&SeriesId::bars("IWM"), &bars(3)).expect_err("a newer file");
    assert!(matches!(error.downcast_ref(), Some(LeftFile::Newer { version: 9, .. })), "{error}");
    assert_eq!(fs::read(&path).expect("a file"), bytes);
}

#[test]
fn t54_a_newer_file_is_withheld_from_every_command_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, path) = filled(folder.path());
    let mut writer = store.lock(PATIENCE).expect("the lock");
    writer.put(&SeriesId::bars("SPY"), &bars(40)).expect("written");
    drop(writer);
    let bytes = newer(&fs::read(&path).expect("a file"));
    fs::write(&path, &bytes).expect("a file");
    let file = folder.path().join("IWM.csv");
    fs::write(&file, "date,open,high,low,close,volume\n2020-01-02,1,1,1,1,1\n").expect("a file");
    let import = ["import", "--replace", file.to_str().expect("a path")];
    let commands: [&[&str]; 4] = [&["check", "--offline"], &["store", "verify"], &["store", "status"], &import];
    for arguments in commands {
        let mut command = assert_cmd::Command::cargo_bin("rotation").expect("the program");
        let output = command.env_clear().args(arguments).arg("--store").arg(folder.path()).output().expect("a run");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.code() == Some(3) && said.contains("newer version (format 9)"), "{arguments:?}: {said}");
        assert_eq!(fs::read(&path).expect("a file"), bytes, "{arguments:?}");
    }
}

/// The same file with version 9 and a fitting seal, as a newer program would write it.
fn newer(bytes: &[u8]) -> Vec<u8> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let file = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).expect("our own file");
    let pairs = file.metadata().file_metadata().key_value_metadata().expect("a description").clone();
    let value = |key: &str| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()).expect(key);
    let line = |pair: &parquet::file::metadata::KeyValue| {
        let value = if pair.key == "rotation.version" { "9" } else { pair.value.as_deref().unwrap_or_default() };
        format!("{}={value}\n", pair.key)
    };
    let text: String = pairs.iter().filter(|pair| pair.key != "rotation.xxh3").map(line).collect();
    let seal = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()));
    let bytes = replace(bytes, value("rotation.xxh3").as_bytes(), seal.as_bytes());
    // in the footer: key, field header, length 1, the digit
    replace(&bytes, b"rotation.version\x18\x011", b"rotation.version\x18\x019")
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).expect("the text to replace");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}
