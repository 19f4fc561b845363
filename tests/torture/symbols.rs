//! Symbols on their way to file names.

use std::collections::BTreeSet;
use std::fs;

use crate::desk::{Desk, TUESDAY};

const BARS: &str = "date,open,high,low,close,volume\n2025-09-02,1,1,1,1,1\n2025-09-03,1.1,1.1,1.1,1.1,1\n";

/// Imports bars of these symbols; the file names of the store.
fn stored(desk: &Desk, symbols: &[&str]) -> BTreeSet<String> {
    let files: Vec<String> = symbols.iter().map(|symbol| desk.file(&format!("in/{symbol}.csv"), BARS)).collect();
    let arguments: Vec<&str> = ["import"].into_iter().chain(files.iter().map(String::as_str)).collect();
    desk.run(TUESDAY, &arguments).ends(0, &[]);
    let folder = fs::read_dir(desk.path("store/bars")).expect("a folder");
    folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

#[test]
fn t27_what_is_no_symbol_is_a_usage_error_and_no_path() {
    let desk = Desk::new();
    let long = "Z".repeat(300);
    for name in ["../../x", "a/b", "", &long, "..", "/etc/passwd", "a\\b"] {
        desk.run(TUESDAY, &["fetch", name]).ends(2, &["is no input or series; there are IWM, SPY"]);
        let literal = serde_json::to_string(name).expect("a string");
        desk.configure(&["yahoo"], &["fredgraph"], &format!("[groups]\n{literal} = \"tag\"\n"));
        desk.run(TUESDAY, &["fetch"]).ends(2, &["c.toml` line ", "such as `PSCF`"]);
        desk.configure(&["yahoo"], &["fredgraph"], "");
    }
    assert!(!desk.path("store").exists() && desk.upstream.asked().is_empty());
    let entries: Vec<_> = fs::read_dir(desk.folder.path()).expect("a folder").collect();
    assert_eq!(entries.len(), 1, "the configuration alone: {entries:?}");
    // names of files become names of series, and no more than that
    for (name, code, why) in [
        ("a\\b", 3, "`A\\\\B` is not the name of a series; give a symbol such as `IWM`"),
        (&"Z".repeat(200), 3, "is longer than 64 characters"),
        ("..%2Fx", 0, ""),
    ] {
        let file = desk.file(&format!("in/{name}.csv"), BARS);
        desk.run(TUESDAY, &["import", &file]).ends(code, &[why]);
    }
    let files: Vec<_> = desk.files().into_keys().filter(|path| !path.ends_with("STORE")).collect();
    assert_eq!(files, [desk.path("store/bars/%2E%2E%252FX.parquet")]);
    assert_eq!(fs::read_dir(desk.folder.path()).expect("a folder").count(), 3, "configuration, files and store");
}

#[test]
fn t28_symbols_of_every_form_have_file_names_of_their_own_and_come_back() {
    let desk = Desk::new();
    let symbols = ["^GSPC", "BRK-B", "BRK.B", "EURUSD=X"];
    let files = stored(&desk, &symbols);
    let expected = ["%5EGSPC.parquet", "BRK%2EB.parquet", "BRK-B.parquet", "EURUSD%3DX.parquet"];
    assert_eq!(files, expected.map(str::to_owned).into());
    let status = desk.run(TUESDAY, &["store", "status"]);
    for symbol in symbols {
        assert!(status.out.contains(&format!("bars/{symbol} ")), "{}", status.out);
    }
}

#[test]
fn t29_names_that_some_disk_would_confuse_are_encoded() {
    let desk = Desk::new();
    let symbols = ["CON", "nul.csv", "A.", "A", "com1", "abc", "aBc"];
    let files = stored(&desk, &symbols);
    let expected = ["%CON.parquet", "NUL%2ECSV.parquet", "A%2E.parquet", "A.parquet", "%COM1.parquet", "ABC.parquet"];
    assert_eq!(files, expected.map(str::to_owned).into(), "case tells no symbols apart");
    let shelf = desk.shelf();
    assert_eq!(shelf.len(), expected.len());
    // two spellings of one symbol with other figures are a contradiction, not two files
    let one = desk.file("one/xyz.csv", BARS);
    let two = desk.file("two/XYZ.csv", BARS.replace(",1.1,1.1,1.1,1.1,", ",1.2,1.2,1.2,1.2,"));
    desk.run(TUESDAY, &["import", &one, &two]).ends(3, &["bars/XYZ"]);
    assert!(!desk.path("store/bars/XYZ.parquet").exists());
}
