//! A store, a configuration, sources that are played, and what a run of the program says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rotation::bars::Shelf;
use rotation::day::Day;
use rotation::store::Store;
use serde_json::Value;

use crate::server::upstream::Upstream;
use crate::server::{Reply, config_text};

/// A Tuesday and a Wednesday in New York, after the close.
pub(crate) const TUESDAY: &str = "2025-09-23T18:00:00-04:00";
pub(crate) const WEDNESDAY: &str = "2025-09-24T18:00:00-04:00";

/// The program, with nothing of this machine's environment.
pub(crate) fn rotation() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("rotation"));
    command.env_clear().stdin(Stdio::null());
    command
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    /// Holds what every run must: an exit code of the contract, no panic, text without control characters,
    /// complaints in lines that say what they are.
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let said = Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        let contract = [0, 1, 2, 3, 10, 20, 75, 130].map(Some);
        assert!(contract.contains(&said.code) && !said.err.contains("panicked"), "{said:?}");
        let plain = |c: char| c == '\n' || !c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c);
        assert!(said.out.chars().chain(said.err.chars()).all(plain), "{said:?}");
        said
    }
}

impl Said {
    /// The result as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Holds that stderr and the JSON complain of `input` under `code`, each in all of `words`.
    pub(crate) fn warns(&self, code: &str, input: Option<&str>, words: &[&str]) {
        let report = self.json();
        let of_code = |one: &&Value| one["code"] == code && one["input"].as_str() == input;
        let warning = report["warnings"].as_array().expect("warnings").iter().find(of_code);
        let warning = warning.unwrap_or_else(|| panic!("no `{code}` of {input:?}: {self:?}"));
        let message = warning["message"].as_str().expect("a message");
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
        let line = format!("warning: {message}");
        let said = |said: &str| {
            said.strip_prefix(&line).is_some_and(|rest| rest.is_empty() || rest.starts_with("; the same for "))
        };
        assert!(self.err.lines().any(said), "{self:?}");
    }

    /// Holds that it ended with `code` and stderr says all of `words`.
    pub(crate) fn ends(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "no `{word}`: {self:?}");
        }
    }

    /// The entry called `id` in one of the JSON's lists.
    pub(crate) fn entry(&self, list: &str, id: &str) -> Value {
        let report = self.json();
        let found = report[list].as_array().expect("a list").iter().find(|one| one["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {list}")).clone()
    }
}

/// A folder with a store and a configuration whose sources are all `upstream`.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) upstream: Upstream,
}

impl Desk {
    /// An empty store; a market from June on, finished up to Tuesday.
    pub(crate) fn new() -> Self {
        Self::since("2025-06-02")
    }

    /// The same with a market from `first` on.
    pub(crate) fn since(first: &str) -> Self {
        let upstream = Upstream::start(day(first), day("2025-09-23"));
        // in memory where there is such a place: a disk takes its time over every sync
        let memory = tempfile::tempdir_in("/dev/shm");
        let desk = Self { folder: memory.or_else(|_| tempfile::tempdir()).expect("a folder"), upstream };
        desk.configure(&["yahoo"], &["fredgraph"], "");
        desk
    }

    /// An empty store, and a market long enough for a verdict.
    pub(crate) fn long() -> Self {
        Self::since("2023-01-03")
    }

    /// All fetched on Tuesday, and Wednesday has come.
    pub(crate) fn filled() -> Self {
        Self::new().fill()
    }

    /// The same with this market.
    pub(crate) fn fill(self) -> Self {
        self.run(TUESDAY, &["fetch"]).ends(0, &[]);
        self.upstream.asked();
        self.upstream.market().until = day("2025-09-24");
        self
    }

    /// Writes the configuration: these sources in this order, each behind a path of its own, and `more`.
    pub(crate) fn configure(&self, bars: &[&str], rates: &[&str], more: &str) {
        self.configure_at(&self.upstream.server.url(), bars, rates, more);
    }

    /// The same with the sources at another address.
    pub(crate) fn configure_at(&self, url: &str, bars: &[&str], rates: &[&str], more: &str) {
        let text = config_text(url, bars, rates) + more;
        fs::write(self.path("c.toml"), text).expect("written");
    }

    /// Where something lies in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and says where.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path.into_os_string().into_string().expect("UTF-8")
    }

    /// The program with this store and configuration, at this time.
    pub(crate) fn command(&self, now: &str, arguments: &[&str]) -> Command {
        let mut command = rotation();
        command.args(arguments).args(["--now", now]).arg("--store").arg(self.path("store"));
        command.arg("--config").arg(self.path("c.toml")).current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, now: &str, arguments: &[&str]) -> Said {
        self.command(now, arguments).output().expect("a run").into()
    }

    /// `rotation check --format json` on Wednesday evening.
    pub(crate) fn check(&self) -> Said {
        self.run(WEDNESDAY, &["check", "--format", "json"])
    }

    /// Answers the questions about a series so from now on.
    pub(crate) fn instead(&self, series: &str, reply: Reply) {
        self.upstream.market().instead.insert(series.into(), reply);
    }

    /// Changes a symbol's charts so from now on.
    pub(crate) fn twist(&self, symbol: &str, twist: fn(&mut Value)) {
        self.upstream.market().twisted.insert(symbol.into(), twist);
    }

    /// The bytes of the store's files of series and members.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.path("store"))
    }

    /// The bytes of a series' file.
    pub(crate) fn bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.path("store").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Every series of the store, which must be undamaged.
    pub(crate) fn shelf(&self) -> Shelf {
        whole(&self.path("store"))
    }
}

/// The bytes of a store's files, but the lock, the record of what was asked and the verdicts given.
pub(crate) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !["lock", "asked.json", "journal.ndjson"].iter().any(|name| path.ends_with(name)) {
            let bytes = fs::read(&path).expect("a file");
            found.insert(path, bytes);
        }
    }
    found
}

/// Every series of a store that must be undamaged.
pub(crate) fn whole(root: &Path) -> Shelf {
    let loaded = Store::at(root.to_path_buf()).and_then(|store| store.load()).expect("a store");
    assert_eq!(loaded.warnings, []);
    loaded.shelf
}

/// Temporary files anywhere in a store.
pub(crate) fn strays(root: &Path) -> Vec<PathBuf> {
    let stray = |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".rotation-"));
    files(root).keys().filter(stray).cloned().collect()
}

/// Waits until `done`, or fails after half a minute.
pub(crate) fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        sleep(Duration::from_millis(5));
    }
}

/// Sends a signal to a run.
pub(crate) fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().expect("a kill").success());
}

/// Runs a script in a mount namespace of its own, where `disk` is an empty folder to mount on; `None`
/// where that is not allowed, which it must say with exit code 99.
pub(crate) fn with_disk(desk: &Path, script: &str, arguments: &[&str]) -> Option<Said> {
    fs::create_dir_all(desk.join("disk")).expect("a folder");
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.arg(assert_cmd::cargo::cargo_bin("rotation")).args(arguments).current_dir(desk).env_remove("HOME");
    let output = command.output().ok().filter(|output| output.stdout.starts_with(b"mounted\n"))?;
    Some(output.into())
}
