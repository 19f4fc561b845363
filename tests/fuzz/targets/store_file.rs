#![no_main]
//! Files of series in the store: as they are, and with their description sealed anew.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use parquet::file::reader::{FileReader, SerializedFileReader};
use rotation::bars::{Kind, SeriesId};
use rotation::store::{Scratch, read_file};
use rotation_fuzz::{folder, sound};
use xxhash_rust::xxh3::xxh3_64;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| folder().join("x.parquet"));

thread_local! {
    /// Used again and again, as the store does.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let id = match choice & 3 {
        0 => SeriesId::bars("XYZ"),
        1 => SeriesId::rates("DGS2"),
        2 => SeriesId::new(Kind::Valuation, "russell-2000.fy1.ssga"),
        _ => SeriesId::new(Kind::Positioning, "239742"),
    };
    let Some(bytes) = (if choice & 4 == 0 { Some(bytes.to_vec()) } else { sealed(bytes) }) else { return };
    fs::write(&*FILE, bytes).expect("written");
    let read = SCRATCH.with_borrow_mut(|scratch| read_file(&id, &FILE, scratch));
    if let Some(series) = read {
        sound(&series.columns);
    }
});

/// The same file with a fitting seal over its key-values, if it can be read at all.
fn sealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).ok()?;
    let pairs = file.metadata().file_metadata().key_value_metadata()?;
    let ours = pairs.iter().filter(|pair| pair.key.starts_with("rotation.") && pair.key != "rotation.xxh3");
    let text: String = ours.map(|pair| format!("{}={}\n", pair.key, pair.value.as_deref().unwrap_or_default())).collect();
    let held = pairs.iter().find(|pair| pair.key == "rotation.xxh3")?.value.as_deref()?;
    let seal = format!("{:016x}", xxh3_64(text.as_bytes()));
    if held.len() != seal.len() {
        return None;
    }
    let at = bytes.windows(held.len()).rposition(|window| window == held.as_bytes())?;
    Some([&bytes[..at], seal.as_bytes(), &bytes[at + held.len()..]].concat())
}
