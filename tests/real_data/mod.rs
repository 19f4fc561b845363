//! Real market history, where `ROTATION_REAL_DATA` names a folder with it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use assert_cmd::Command;

/// The folder of real history, or a word on stderr that the test is skipped.
#[expect(clippy::disallowed_methods, reason = "tells these tests where the data lies")]
pub fn real(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ROTATION_REAL_DATA").map(PathBuf::from);
    if folder.is_none() {
        // past the harness's capture, so that a passing run says it too
        let _ = writeln!(std::io::stderr(), "skipped: {test}: ROTATION_REAL_DATA is not set");
    }
    folder
}

/// The program, with no configuration and no store of this machine's.
pub fn rotation() -> Command {
    let mut command = Command::cargo_bin("rotation").expect("the program");
    command.env_remove("ROTATION_CONFIG").env_remove("ROTATION_STORE").env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

/// A store with the real bars, dividends and rates, which the tests of one program read in common.
pub fn store(test: &str) -> Option<&'static Path> {
    real(test).map(|_| &**STORE)
}

static STORE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(concat!("real-history-", env!("CARGO_CRATE_NAME")));
    let lock = File::create(folder.with_extension("lock")).expect("a file");
    // where each test is a process of its own, the first of them imports while the others wait
    lock.lock().expect("a lock");
    if !is_current(&folder) {
        import(&folder);
    }
    folder
});

/// Whether the store is one that this build of the program made.
fn is_current(folder: &Path) -> bool {
    let age = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let program = age(Path::new(env!("CARGO_BIN_EXE_rotation")));
    age(&folder.join("STORE")).is_some_and(|made| Some(made) > program)
}

fn import(folder: &Path) {
    let real = real("").expect("real history");
    // a static is never dropped: the next build takes the place of this one's
    let _ = fs::remove_dir_all(folder);
    let made = folder.with_extension("new");
    let _ = fs::remove_dir_all(&made);
    let paths = ["bars", "dividends", "rates"].map(|kind| real.join(kind));
    let imported = rotation().arg("import").args(paths).arg("--store").arg(&made).output().expect("import runs");
    assert!(matches!(imported.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&imported.stderr));
    fs::rename(made, folder).expect("renamed");
}
