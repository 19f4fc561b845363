//! Names of series as file names that every file system keeps apart.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::bars::{Kind, SeriesId};

/// The ending of a store file.
pub(super) const ENDING: &str = ".parquet";

/// Everything but `A–Z 0–9 - _`: lower case too, since some disks do not tell it from upper case.
const ENCODED: &AsciiSet = &{
    let mut set = NON_ALPHANUMERIC.remove(b'-').remove(b'_');
    let mut letter = b'a';
    while letter <= b'z' {
        set = set.add(letter);
        letter += 1;
    }
    set
};

/// Names that mean a device on Windows, whatever follows the first dot.
const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// The file name of a series, without its folder.
pub(super) fn file_name(id: &SeriesId) -> String {
    let stem = match id.kind {
        Kind::Bars | Kind::Rates | Kind::Positioning => encode(&id.name),
        // names of P/E series are lower case throughout and have dots between their parts
        Kind::Valuation => swap_case(&id.name).split('.').map(encode).collect::<Vec<_>>().join("."),
    };
    guarded(stem) + ENDING
}

/// The folder of a universe, without that of all.
pub(super) fn universe_folder(universe: &str) -> String {
    guarded(encode(universe))
}

/// The universe whose folder is called `folder`, `None` for a name that no universe is stored under.
pub(super) fn universe_of(folder: &str) -> Option<String> {
    let decoded = percent_decode_str(unguarded(folder)).decode_utf8().ok()?.into_owned();
    (SeriesId::bars(&decoded).check().is_ok() && universe_folder(&decoded) == folder).then_some(decoded)
}

/// The series whose file is called `file`, `None` for a name that no series is stored under.
pub(super) fn series_of(kind: Kind, file: &str) -> Option<SeriesId> {
    let stem = file.strip_suffix(ENDING)?;
    let decoded = percent_decode_str(unguarded(stem)).decode_utf8().ok()?;
    let name = match kind {
        Kind::Bars | Kind::Rates | Kind::Positioning => decoded.into_owned(),
        Kind::Valuation => swap_case(&decoded),
    };
    let id = SeriesId::new(kind, name);
    (id.check().is_ok() && file_name(&id) == file).then_some(id)
}

/// A name that is no device's.
fn guarded(stem: String) -> String {
    if is_reserved(&stem) { format!("%{stem}") } else { stem }
}

/// The name that was guarded.
fn unguarded(stem: &str) -> &str {
    stem.strip_prefix('%').filter(|rest| is_reserved(rest)).unwrap_or(stem)
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn swap_case(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}

fn is_reserved(stem: &str) -> bool {
    let device = stem.split('.').next().unwrap_or_default();
    let port = device.strip_prefix("COM").or_else(|| device.strip_prefix("LPT"));
    RESERVED.contains(&device) || port.is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_encoded_as_stated() {
        let of = |name: &str| file_name(&SeriesId::bars(name));
        assert_eq!(of("IWM"), "IWM.parquet");
        assert_eq!(of("^GSPC"), "%5EGSPC.parquet");
        assert_eq!(of("abc"), "%61%62%63.parquet");
        assert_eq!(of("CON"), "%CON.parquet");
        assert_eq!(of("LPT1"), "%LPT1.parquet");
        assert_eq!(of("nul.csv"), "%6E%75%6C%2E%63%73%76.parquet");
        let value = SeriesId::new(Kind::Valuation, "russell-2000.fy1.ssga");
        assert_eq!(file_name(&value), "RUSSELL-2000.FY1.SSGA.parquet");
    }

    #[test]
    fn names_are_reversible_and_distinct_without_regard_to_case() {
        let names = [
            "^GSPC", "BRK-B", "BRK.B", "EURUSD=X", "CON", "con", "nul.csv", "COM1", "COM10", "AUX", "abc", "ABC", "A.",
            "A", "%41", "A%", "M&M.NS", "-", "_",
        ];
        for kind in Kind::ALL {
            let files: Vec<String> = names.iter().map(|name| file_name(&SeriesId::new(kind, *name))).collect();
            for (name, file) in names.iter().zip(&files) {
                assert_eq!(series_of(kind, file), Some(SeriesId::new(kind, *name)), "`{file}`");
            }
            let distinct: BTreeSet<_> = files.iter().map(|file| file.to_uppercase()).collect();
            assert_eq!(distinct.len(), names.len());
        }
        for name in names {
            assert_eq!(universe_of(&universe_folder(name)).as_deref(), Some(name));
        }
    }

    #[test]
    fn other_files_name_no_series() {
        for file in
            ["iwm.parquet", "IWM.parquet.damaged-1", ".parquet", "%49WM.parquet", "IWM", "%2F.parquet", "%FF.parquet"]
        {
            assert_eq!(series_of(Kind::Bars, file), None, "`{file}`");
        }
    }
}
