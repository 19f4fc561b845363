//! The files that an import names, and what each of them says.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::import::{self, Clock, Parsed};

/// Largest file that is read, in bytes: three centuries of daily bars are a tenth of it.
const LARGEST: u64 = 64 << 20;

/// A file that was not recognised or could not be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The file.
    pub path: PathBuf,
    /// Why nothing of it was taken.
    pub reason: String,
}

/// The files that `paths` name, in order: files themselves, and of folders the `.csv` and `.txt`
/// files right in them.
pub(in crate::run) fn gather(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<Left>)> {
    let (mut files, mut left) = (Vec::new(), Vec::new());
    for path in paths {
        let what = fs::metadata(path)
            .with_context(|| format!("cannot read `{}`; give a CSV file or a folder of them", shown(path)))?;
        if !what.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        for entry in fs::read_dir(path).with_context(|| format!("cannot read `{}`", shown(path)))? {
            let file = entry.with_context(|| format!("cannot read `{}`", shown(path)))?.path();
            let ending = file.extension().unwrap_or_default();
            if (ending.eq_ignore_ascii_case("csv") || ending.eq_ignore_ascii_case("txt")) && file.is_file() {
                files.push(file);
            }
        }
        if files.len() == before {
            left.push(Left { path: path.clone(), reason: "no `.csv` or `.txt` file lies in this folder".into() });
        }
    }
    files.sort();
    files.dedup();
    Ok((files, left))
}

/// What a file says.
pub(super) fn read(path: &Path, kind: Option<&str>, clock: &Clock) -> Result<Parsed> {
    let mut bytes = Vec::new();
    read_bytes(path, &mut bytes)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    import::parse(&name, &bytes, kind, clock)
}

/// Reads a whole file into `bytes`, in place of what they hold.
pub(in crate::run) fn read_bytes(path: &Path, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.clear();
    let file = File::open(path).context("it cannot be opened")?;
    file.take(LARGEST + 1).read_to_end(bytes).context("it cannot be read")?;
    ensure!(bytes.len() as u64 <= LARGEST, "it is larger than {} MiB", LARGEST >> 20);
    Ok(())
}

/// A path as it may be shown.
pub(in crate::run) fn shown(path: &Path) -> String {
    path.to_string_lossy().escape_debug().to_string()
}
