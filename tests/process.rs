//! What may happen to a run: killed, interrupted, a full disk, another run, cron. The store keeps
//! whole files throughout. Tests are named after the cases of the list of tortures.

#![cfg(unix)]

mod server;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rotation::bars::Shelf;
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::store::Store;
use server::Reply;
use server::upstream::Upstream;

/// The program, with nothing of this machine's environment.
fn rotation() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("rotation"));
    command.env_clear().stdin(Stdio::null());
    command
}

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

const EVENING: &str = "2025-09-24T18:00:00-04:00";

/// A folder with a store, and a configuration whose sources are `upstream`.
struct Desk {
    folder: tempfile::TempDir,
    upstream: Upstream,
}

impl Desk {
    fn new() -> Self {
        let upstream = Upstream::start(day("2023-01-03"), day("2025-09-24"));
        let folder = tempfile::tempdir().expect("a folder");
        let url = upstream.server.url();
        let source = |name: &str| format!("[sources.{name}]\nbase_url = \"{url}\"\nrequests_per_second = 1000.0\n");
        let order = "[order]\nbars = [\"yahoo\"]\nrates = [\"fredgraph\"]\n".to_owned();
        let sources = ["yahoo", "fredgraph", "cftc", "ssga"].map(source).concat();
        fs::write(folder.path().join("c.toml"), order + &sources).expect("written");
        Self { folder, upstream }
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = rotation();
        command.args(arguments).args(["--now", EVENING]).arg("--store").arg(self.store());
        command.arg("--config").arg(self.folder.path().join("c.toml"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("a run")
    }
}

/// Writes ten files of bars, all prices times `factor`, and says where.
fn files(folder: &Path, name: &str, factor: f64) -> PathBuf {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let calendar = Calendar::new(&[]);
    for (k, symbol) in ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"].iter().enumerate() {
        let mut rows = "date,open,high,low,close,volume\n".to_owned();
        for day in calendar.between(day("2015-01-02"), day("2024-12-31")) {
            let close = (100.0 + k as f64 + f64::from(day.number() % 5)) * factor;
            writeln!(rows, "{day},{close},{close},{close},{close},1").expect("text");
        }
        fs::write(folder.join(format!("{symbol}.csv")), rows).expect("a file");
    }
    folder
}

/// Every series of a store that must be undamaged.
fn whole(root: &Path) -> Shelf {
    let loaded = Store::at(root.to_path_buf()).and_then(|store| store.load()).expect("a store");
    assert_eq!(loaded.warnings, []);
    loaded.shelf
}

/// Temporary files in the folders of a store.
fn strays(root: &Path) -> usize {
    let entries = fs::read_dir(root.join("bars")).expect("a folder");
    entries.filter(|entry| entry.as_ref().expect("one").file_name().to_string_lossy().starts_with(".rotation-")).count()
}

/// Waits until `done`, or fails after half a minute.
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().expect("a kill").success());
}

#[test]
fn t49_thirty_kills_leave_every_file_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("store");
    let versions = [files(folder.path(), "one", 1.0), files(folder.path(), "two", 1.25)];
    let import = |from: &Path| {
        let mut command = rotation();
        command
            .args(["import", "--replace", "--store"])
            .arg(&root)
            .arg(from)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let start = Instant::now();
    assert!(import(&versions[0]).status().expect("a run").success());
    let first = whole(&root);
    let took = start.elapsed();
    assert!(import(&versions[1]).status().expect("a run").success());
    let second = whole(&root);
    let mut mixed = 0;
    for i in 0..30_u32 {
        let mut child = import(&versions[i as usize % 2]).spawn().expect("a run");
        sleep(took * i / 30);
        child.kill().expect("killed");
        child.wait().expect("ended");
        let now = whole(&root);
        let old = now.iter().filter(|(id, series)| series.hash == first[*id].hash).count();
        let new = now.iter().filter(|(id, series)| series.hash == second[*id].hash).count();
        assert_eq!(old + new, first.len(), "each file is the old or the new one");
        mixed += usize::from(old > 0 && new > 0);
    }
    // how many kills hit between two files depends on the machine
    let _ = writeln!(std::io::stderr(), "{mixed} of 30 kills came between two files");
    assert!(import(&versions[0]).status().expect("a run").success());
    assert_eq!((strays(&root), whole(&root).len()), (0, first.len()));
}

#[test]
fn t51_a_full_disk_leaves_the_old_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).expect("a folder");
    let few = folder.path().join("few.csv");
    fs::write(&few, "date,value\n2024-01-02,4.5\n").expect("a file");
    let mut rows = "date,value\n".to_owned();
    for i in 0..30_000 {
        writeln!(rows, "{},{}.5", day("1930-01-02").plus(i), i % 9).expect("text");
    }
    fs::write(folder.path().join("DGS2.csv"), rows).expect("a file");
    let script = "mount -t tmpfs -o size=64k none disk || exit 99
        $0 import --store disk/s few.csv || exit 98
        before=$(cat disk/s/rates/FEW.parquet | cksum)
        $0 import --store disk/s DGS2.csv; echo \"code $?\"
        [ \"$before\" = \"$(cat disk/s/rates/FEW.parquet | cksum)\" ] && echo same
        ls -A disk/s/rates";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.arg(assert_cmd::cargo::cargo_bin("rotation")).current_dir(folder.path());
    let output = match command.output() {
        Ok(output) if text(&output.stdout).contains("code ") => output,
        _ => {
            let _ = writeln!(std::io::stderr(), "skipped: t51: no small disk can be mounted here");
            return;
        }
    };
    let said = text(&output.stdout);
    assert!(said.ends_with("code 1\nsame\nFEW.parquet\n"), "{said}");
    let error = text(&output.stderr);
    assert!(error.contains("cannot write") && error.contains("No space left"), "{error}");
}

#[test]
fn t52_where_nothing_can_be_written_a_run_keeps_nothing_and_says_so() {
    let desk = Desk::new();
    desk.run(&["fetch", "IWM", "SPY"]);
    let script = "mount -t tmpfs -o size=8m none disk && cp -r store disk/s && mount -o remount,ro disk || exit 99
        $0 check --config c.toml --store disk/s --now $1 --format json > live.json; echo \"code $?\"
        $0 check --config c.toml --store disk/none --now $1 --format json > none.json; echo \"code $?\"
        $0 check --config c.toml --store disk/none --now $1 --offline; echo \"code $?\"
        ls -A disk disk/s/bars";
    fs::create_dir(desk.folder.path().join("disk")).expect("a folder");
    desk.upstream.asked();
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.arg(assert_cmd::cargo::cargo_bin("rotation")).arg(EVENING).current_dir(desk.folder.path());
    let output = match command.output() {
        Ok(output) if text(&output.stdout).contains("code ") => output,
        _ => {
            let _ = writeln!(std::io::stderr(), "skipped: t52: no disk can be mounted here");
            return;
        }
    };
    let (said, error) = (text(&output.stdout), text(&output.stderr));
    assert!(said.starts_with("code 0\ncode 0\ncode 1\ndisk:\ns\n"), "{said}{error}");
    assert!(said.ends_with("disk/s/bars:\nIWM.parquet\nSPY.parquet\n"), "nothing was written: {said}");
    assert_eq!(error.matches("cannot be written to").count(), 2, "{error}");
    let asked = desk.upstream.asked();
    let times = |name: &str| asked.iter().filter(|one| *one == name).count();
    assert_eq!((times("IWM"), times("KRE")), (1, 2), "what is held is not asked for: {asked:?}");
}

#[test]
fn t53_the_second_run_waits_and_then_names_the_first() {
    let desk = Desk::new();
    desk.upstream.market().instead.insert("KRE".into(), Reply::Silence);
    let mut first = desk.command(&["fetch"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run");
    wait("the first run stores", || desk.store().join("bars/IWM.parquet").exists());
    let start = Instant::now();
    let second = desk.run(&["fetch", "--wait", "1"]);
    assert_eq!(second.status.code(), Some(75));
    assert!(start.elapsed() >= Duration::from_secs(1));
    let said = text(&second.stderr);
    assert!(said.contains(&format!("process {} is writing", first.id())) && said.contains("waited 1 s"), "{said}");
    first.kill().expect("killed");
    first.wait().expect("ended");
    desk.upstream.market().instead.clear();
    assert_eq!(desk.run(&["fetch", "--wait", "1"]).status.code(), Some(0), "the lock of a killed run is free");
}

#[test]
fn t56_an_interruption_keeps_what_has_arrived() {
    for name in ["-INT", "-TERM"] {
        let desk = Desk::new();
        desk.upstream.market().instead.insert("KRE".into(), Reply::Silence);
        let run = desk.command(&["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a run");
        wait("a series is stored", || desk.store().join("rates/DGS2.parquet").exists());
        signal(&run, name);
        let output = run.wait_with_output().expect("ended");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(130), ""), "{}", text(&output.stderr));
        let kept = whole(&desk.store()).len();
        assert!(kept >= 1 && strays(&desk.store()) == 0);
        desk.upstream.market().instead.clear();
        assert_eq!(desk.run(&["check"]).status.code(), Some(0));
        assert!(whole(&desk.store()).len() > kept);
    }
}

#[test]
fn t58_in_crons_environment_the_text_is_plain_and_the_same() {
    let desk = Desk::new();
    desk.run(&["fetch"]);
    let check = |variables: &[(&str, &str)]| {
        let output = desk.command(&["check", "--offline"]).envs(variables.iter().copied()).output().expect("a run");
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
        output.stdout
    };
    let bare = check(&[]);
    assert!(bare.is_ascii() && !bare.contains(&0x1b));
    for variables in [&[("LANG", "C")][..], &[("TERM", "dumb"), ("LC_ALL", "POSIX")], &[("TZ", "Asia/Tokyo")]] {
        assert_eq!(check(variables), bare, "{variables:?}");
    }
    let fetched = desk.command(&["fetch", "IWM"]).output().expect("a run");
    assert_eq!(text(&fetched.stderr), "", "no progress bar");
}
