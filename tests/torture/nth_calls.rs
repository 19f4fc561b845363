//! Case 59 for the disk: whichever call of the system fails on a file of the store, each file is the old
//! or the new one. `strace` makes the calls fail; where it is not installed this is said and skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::desk::{Desk, Said, TUESDAY, WEDNESDAY, strays};

/// The calls by which files are looked at, read, written and made safe.
const CALLS: [&str; 15] = [
    "openat",
    "read",
    "write",
    "fsync",
    "renameat",
    "mkdir",
    "flock",
    "ftruncate",
    "lseek",
    "getdents64",
    "unlink",
    "statx",
    "newfstatat",
    "fcntl",
    "fchmod",
];

/// What is run on Wednesday over a store of Tuesday.
struct Scene {
    desk: Desk,
    arguments: Vec<&'static str>,
    old: BTreeMap<PathBuf, Vec<u8>>,
    new: BTreeMap<PathBuf, Vec<u8>>,
    journal: Vec<u8>,
    /// How a run without faults ends.
    code: Option<i32>,
}

/// One call to be met by a fault: its name, the file it must be about, and which of them it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    call: &'static str,
    file: Option<PathBuf>,
    nth: usize,
}

impl Scene {
    /// `None` where there is no `strace`.
    fn set(arguments: &[&'static str], settings: &str) -> Option<Self> {
        if Command::new("strace").arg("-V").output().is_err() {
            let _ = writeln!(std::io::stderr(), "skipped: t59: `strace` is not installed");
            return None;
        }
        let desk = Desk::new();
        desk.configure(&["yahoo"], &["fredgraph"], settings);
        desk.run(TUESDAY, arguments);
        desk.upstream.market().until = crate::desk::day("2025-09-24");
        let old = everything(&desk);
        let journal = fs::read(desk.path("store/journal.ndjson")).unwrap_or_default();
        let code = desk.run(WEDNESDAY, arguments).code;
        let new = everything(&desk);
        assert!(old != new && old.len() == new.len());
        Some(Self { desk, arguments: arguments.to_vec(), old, new, journal, code })
    }

    /// Runs over Tuesday's store under these rules of `strace`; what it said, and the calls that it noted.
    fn traced(&self, rules: &[String]) -> (std::process::Output, String) {
        fs::remove_dir_all(self.desk.path("store")).expect("removed");
        for (path, bytes) in &self.old {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
        fs::write(self.desk.path("store/journal.ndjson"), &self.journal).expect("written");
        let arguments = [&self.arguments[..], &["--threads", "1"]].concat();
        let run = self.desk.command(WEDNESDAY, &arguments);
        let log = self.desk.path("calls");
        let mut command = Command::new("strace");
        command.args(["-f", "-y", "-qq"]).args(rules).arg("-o").arg(&log).arg(run.get_program());
        let output = command.args(run.get_args()).env_clear().current_dir(self.desk.folder.path()).output();
        (output.expect("a run"), fs::read_to_string(log).unwrap_or_default())
    }

    /// Every call on a file of the store that a run without faults makes.
    fn targets(&self) -> BTreeSet<Target> {
        let (output, log) = self.traced(&["-e".into(), format!("trace={}", CALLS.join(","))]);
        let _ = Said::from(output);
        let root = self.desk.path("store").display().to_string();
        let mut counts: BTreeMap<(&str, &str, Option<PathBuf>), usize> = BTreeMap::new();
        let mut targets = BTreeSet::new();
        for line in log.lines() {
            let Some((process, call)) = line.split_once(' ') else { continue };
            let name = call.trim().split_once('(').and_then(|(name, _)| CALLS.into_iter().find(|call| *call == name));
            let Some(call) = name else { continue };
            let mut next = |process, file| {
                let count = counts.entry((process, call, file)).or_default();
                *count += 1;
                *count
            };
            // names of temporary files are never the same: their calls are counted among all of the process
            let among = next(process, None);
            let path = line.split(['<', '>', '"']).rfind(|part| part.starts_with(&root)).map(PathBuf::from);
            let Some(path) = path else { continue };
            let temporary = path.to_string_lossy().contains("/.rotation-");
            let file = Some(path).filter(|_| !temporary);
            let nth = if temporary { among } else { next("", file.clone()) };
            targets.insert(Target { call, file, nth });
        }
        targets
    }

    /// Lets one call fail; `None` where that call was none, or not one on the store.
    fn fail(&self, target: &Target, fault: &str) -> Option<std::process::Output> {
        let Target { call, file, nth } = target;
        let mut rules =
            vec!["-e".to_owned(), format!("trace={call}"), "-e".into(), format!("inject={call}:{fault}:when={nth}")];
        if let Some(file) = file {
            rules.extend(["-P".to_owned(), file.display().to_string()]);
        }
        // faster, but it lets signals pass
        rules.extend(fault.starts_with("error").then(|| "--seccomp-bpf".to_owned()));
        let (output, log) = self.traced(&rules);
        let root = self.desk.path("store").display().to_string();
        let hit: Vec<&str> = log.lines().filter(|line| line.contains("(INJECTED)")).collect();
        let ours = |line: &&str| line.contains(&root);
        // a signal is no error of the call, which is noted as it is
        let signalled = fault.starts_with("signal");
        (signalled || hit.iter().any(ours) && hit.iter().all(ours)).then_some(output)
    }

    /// Each file is the old or the new one, and nothing but a temporary file lies beside them.
    fn holds(&self, target: &Target) {
        let mut now = everything(&self.desk);
        for path in strays(&self.desk.path("store")) {
            now.remove(&path);
        }
        for (path, bytes) in &now {
            // of what was asked a run that fails midway notes as much as was done
            let noted = path.ends_with("asked.json") && serde_json::from_slice::<Value>(bytes).is_ok();
            let known = noted || self.old.get(path) == Some(bytes) || self.new.get(path) == Some(bytes);
            assert!(known, "{} after {target:?}", path.display());
        }
        assert!(self.old.keys().all(|path| now.contains_key(path)), "{target:?}: {:?}", now.keys());
        // a line may be missing or torn at the end of the verdicts given, and no other
        let journal = fs::read(self.desk.path("store/journal.ndjson")).unwrap_or_default();
        assert!(journal.starts_with(&self.journal), "{target:?}");
    }
}

/// The store with the record of what was asked.
fn everything(desk: &Desk) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = desk.files();
    let asked = desk.path("store/asked.json");
    all.insert(asked.clone(), fs::read(asked).unwrap_or_default());
    all
}

/// Lets each of these calls fail once.
fn suffer(arguments: &[&'static str], settings: &str, calls: &[&str]) {
    let Some(scene) = Scene::set(arguments, settings) else { return };
    let mut met = 0;
    for target in scene.targets().into_iter().filter(|target| calls.contains(&target.call)) {
        let Some(output) = scene.fail(&target, "error=EIO") else { continue };
        met += 1;
        let said = Said::from(output);
        scene.holds(&target);
        assert!(strays(&scene.desk.path("store")).is_empty() || target.call == "unlink", "{target:?}: {said:?}");
        if everything(&scene.desk) != scene.new || said.code != scene.code {
            let told = said.err.lines().any(|line| line.starts_with("error: ") || line.starts_with("warning: "));
            let helps =
                ["check the disk", "--store", "fetch or import", "--output"].iter().any(|step| said.err.contains(step));
            assert!(told && helps && said.err.contains('`'), "{target:?}: {said:?}");
        }
    }
    assert!(met >= 15, "{met}");
    println!("{met} calls failed, one a run");
}

/// One group is enough of a market here.
const GROUPED: &str = "[groups]\nPSCF = \"financials\"\n";

/// Those by which something is changed.
const CHANGES: [&str; 6] = ["write", "fsync", "renameat", "mkdir", "flock", "ftruncate"];

#[test]
fn t59_whichever_change_of_a_fetch_fails_each_file_is_the_old_or_the_new_one() {
    suffer(&["fetch", "IWM"], "", &CHANGES);
}

#[test]
fn t59_whichever_change_of_a_check_fails_each_file_is_the_old_or_the_new_one() {
    suffer(&["check", "--format", "json"], GROUPED, &CHANGES);
}

#[test]
#[ignore = "takes minutes: every call, reads too"]
fn t59_whichever_call_of_a_fetch_fails_each_file_is_the_old_or_the_new_one() {
    suffer(&["fetch", "IWM"], "", &CALLS);
}

#[test]
#[ignore = "takes minutes: every call, reads too, and a verdict with its file"]
fn t59_whichever_call_of_a_check_fails_each_file_is_the_old_or_the_new_one() {
    suffer(&["check", "--output", "verdict.txt"], GROUPED, &CALLS);
}

#[test]
fn t59_killed_at_any_change_a_fetch_leaves_each_file_the_old_or_the_new_one() {
    let Some(scene) = Scene::set(&["fetch", "IWM"], "") else { return };
    let steps = ["write", "fsync", "renameat"];
    // what was asked is told otherwise by a run that finds the file there already
    let mut new = scene.new.clone();
    new.remove(&scene.desk.path("store/asked.json"));
    let mut killed = 0;
    for target in scene.targets().into_iter().filter(|target| steps.contains(&target.call)) {
        let Some(output) = scene.fail(&target, "signal=KILL") else { continue };
        scene.holds(&target);
        killed += usize::from(output.status.code() != Some(0));
        let again = Said::from(scene.desk.command(WEDNESDAY, &scene.arguments).output().expect("a run"));
        again.ends(0, &[]);
        assert_eq!((scene.desk.files(), strays(&scene.desk.path("store"))), (new.clone(), Vec::new()), "{target:?}");
    }
    assert!(killed >= 5, "{killed}");
}
