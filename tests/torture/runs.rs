//! What may happen to a run: killed, interrupted, another run, a reader that goes, cron.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rotation::bars::Shelf;
use rotation::calendar::Calendar;
use rotation::report::FORMATS;

use crate::desk::{Desk, Said, TUESDAY, WEDNESDAY, day, rotation, signal, strays, wait, whole};
use crate::server::Reply;

/// Writes ten files of bars, all prices times `factor`, and says where.
fn bars(folder: &Path, name: &str, factor: f64) -> PathBuf {
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

/// Kills so many imports at times spread over one, each in place of the last one's figures.
fn kills(times: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("store");
    let versions = [bars(folder.path(), "one", 1.0), bars(folder.path(), "two", 1.25)];
    let import = |from: &Path| {
        let mut command = rotation();
        command.args(["import", "--replace", "--store"]).arg(&root).arg(from);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let start = Instant::now();
    assert!(import(&versions[0]).status().expect("a run").success());
    let first = whole(&root);
    let took = start.elapsed();
    assert!(import(&versions[1]).status().expect("a run").success());
    let second = whole(&root);
    let held = |now: &Shelf, by: &Shelf| now.iter().filter(|(id, series)| series.hash == by[*id].hash).count();
    let mut mixed = 0;
    for i in 0..times {
        let mut child = import(&versions[i as usize % 2]).spawn().expect("a run");
        sleep(took * i / times);
        child.kill().expect("killed");
        child.wait().expect("ended");
        let now = whole(&root);
        let (old, new) = (held(&now, &first), held(&now, &second));
        assert_eq!(old + new, first.len(), "each file is the old or the new one");
        mixed += usize::from(old > 0 && new > 0);
    }
    // how many kills hit between two files depends on the machine
    let _ = writeln!(std::io::stderr(), "{mixed} of {times} kills came between two files");
    assert!(import(&versions[0]).status().expect("a run").success());
    assert_eq!((strays(&root), whole(&root).len()), (Vec::new(), first.len()));
}

#[test]
fn t49_thirty_kills_leave_every_file_whole() {
    kills(30);
}

#[test]
#[ignore = "takes a minute; the same with thirty is run always"]
fn t49_a_hundred_and_fifty_kills_leave_every_file_whole() {
    kills(150);
}

#[test]
fn t49_what_a_killed_run_left_is_swept_by_the_next() {
    let desk = Desk::filled();
    let left = [".rotation-abc123.tmp", "bars/.rotation-x.tmp", "rates/.rotation-y.tmp", "positioning/.rotation-z.tmp"];
    let mine = ["bars/.rotation-notes", "bars/x.tmp", "mine.tmp"];
    left.iter().chain(&mine).for_each(|name| drop(desk.file(&format!("store/{name}"), "half a file")));
    desk.run(WEDNESDAY, &["fetch"]).ends(0, &[]);
    assert!(left.iter().all(|name| !desk.path("store").join(name).exists()));
    assert!(mine.iter().all(|name| desk.path("store").join(name).exists()), "others' files are left alone");
}

#[test]
fn t53_the_second_run_waits_and_then_names_the_first() {
    let desk = Desk::new();
    desk.instead("KRE", Reply::Silence);
    let mut first =
        desk.command(TUESDAY, &["fetch"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run");
    wait("the first run stores", || desk.path("store/bars/IWM.parquet").exists());
    for command in [&["fetch", "--wait", "1"][..], &["check", "--wait", "1"]] {
        let start = Instant::now();
        let second = desk.run(TUESDAY, command);
        second.ends(75, &[&format!("process {} is writing", first.id()), "waited 1 s; try again when it has ended"]);
        assert!(start.elapsed() >= Duration::from_secs(1) && second.out.is_empty());
    }
    first.kill().expect("killed");
    first.wait().expect("ended");
    desk.upstream.market().instead.clear();
    desk.run(TUESDAY, &["fetch", "--wait", "1"]).ends(0, &[]);
}

#[test]
fn t55_a_reader_that_goes_is_no_failure_and_a_full_device_is() {
    let desk = Desk::new();
    let commands = FORMATS.iter().map(|format| vec!["check", "--demo", "--format", format.name]);
    let others =
        [vec!["check", "--demo", "--explain"], vec!["config", "--default"], vec!["--help"], vec!["check", "-h"]];
    for arguments in commands.chain(others).chain([vec!["--version"]]) {
        // a pipe that nobody reads any more
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = desk.command(TUESDAY, &arguments).stdout(writer).output().expect("a run");
        let said = Said::from(output);
        assert_eq!((said.code, &*said.err), (Some(0), ""), "{arguments:?}");
        // one that is read to the first line
        let quoted: Vec<String> = arguments.iter().map(|word| format!("'{word}'")).collect();
        let program = assert_cmd::cargo::cargo_bin("rotation");
        let script = format!("{{ '{}' {}; echo \"code $?\" >&2; }} | head -n 1", program.display(), quoted.join(" "));
        let output =
            std::process::Command::new("sh").args(["-c", &script]).env_remove("HOME").output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "code 0\n", "{arguments:?}");
        // a device that takes nothing
        if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
            let output = desk.command(TUESDAY, &arguments).stdout(full).output().expect("a run");
            Said::from(output).ends(1, &["error: cannot write the result: "]);
        }
    }
}

#[test]
fn t56_an_interruption_keeps_what_has_arrived_and_asks_for_the_rest_next_time() {
    for name in ["-INT", "-TERM"] {
        let desk = Desk::long();
        // so slow that most are still to be asked for when the first has arrived
        let text = fs::read_to_string(desk.path("c.toml")).expect("text");
        fs::write(desk.path("c.toml"), text.replace("second = 1000.0", "second = 1.0")).expect("written");
        let (said, arrived) = interrupted(&desk, &["check"], name);
        assert_eq!((said.code, &*said.out), (Some(130), ""), "{said:?}");
        let (kept, files) = (desk.shelf(), desk.files());
        assert!(arrived.iter().all(|(path, bytes)| files.get(path) == Some(bytes)), "{:?}", files.keys());
        assert!(strays(&desk.path("store")).is_empty());
        desk.upstream.asked();
        desk.configure(&["yahoo"], &["fredgraph"], "");
        desk.run(TUESDAY, &["check"]).ends(0, &[]);
        let asked = desk.upstream.asked();
        assert!(!asked.is_empty() && kept.keys().all(|id| !asked.contains(&id.name)), "{asked:?}");
        assert!(desk.shelf().len() > kept.len());
    }
}

#[test]
fn t56_an_interruption_does_not_wait_for_a_source_that_is_silent() {
    let desk = Desk::long();
    desk.instead("KRE", Reply::Silence);
    let (said, arrived) = interrupted(&desk, &["fetch", "IWM", "KRE"], "-INT");
    // had the source been waited for, all would have been asked for, and one failed: 3
    assert_eq!((said.code, &*said.out), (Some(130), ""), "{said:?}");
    let words = "interrupted after 1 of 2 series; those are kept, the others are asked for next time";
    assert_eq!(said.err, format!("error: {words}\n"));
    let files = desk.files();
    assert!(arrived.len() == 1 && arrived.iter().all(|(path, bytes)| files.get(path) == Some(bytes)));
    assert!(strays(&desk.path("store")).is_empty());
}

/// Interrupts a run when IWM has arrived: what it says, and what was stored at that moment.
fn interrupted(desk: &Desk, arguments: &[&str], name: &str) -> (Said, BTreeMap<PathBuf, Vec<u8>>) {
    let mut command = desk.command(TUESDAY, arguments);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a run");
    wait("IWM is stored", || desk.path("store/bars/IWM.parquet").exists());
    let mut arrived = desk.files();
    arrived.retain(|path, _| path.extension().is_some_and(|end| end == "parquet"));
    signal(&run, name);
    (run.wait_with_output().expect("ended").into(), arrived)
}

#[test]
fn t57_a_configuration_that_is_not_understood_is_told_with_file_and_line() {
    let desk = Desk::new();
    for (text, line, why) in [
        ("", 1, "is empty"),
        ("[bands]\ncurves = 0.1\n", 2, "unknown field `curves`"),
        ("\n[sources.yahoo]\nspeed = 3\n", 3, "unknown field `speed`"),
        ("[sources.bloomberg]\n", 1, "bloomberg"),
        ("[bands]\n\n\ncurve = \"steep\"\n", 4, "invalid type"),
        ("[weights]\nfuel = 7\n", 2, "`fuel` is 7: it must lie between 0 and 1"),
        ("store = 3\n", 1, "invalid type"),
        ("[calendar]\nextra_closures = [\"2025-02-30\"]\n", 2, "2025-02-30"),
        ("[order]\nbars = yahoo\n", 2, ""),
        ("[sources.yahoo]\nbase_url = \"http://h.example\"\n", 2, "`base_url` must be https"),
        ("a\u{1b}[2Jb = 1\n", 1, ""),
    ] {
        desk.file("c.toml", text);
        for command in [&["check", "--demo"][..], &["fetch"], &["store", "status"], &["config"]] {
            let said = desk.run(TUESDAY, command);
            said.ends(2, &["c.toml`", &format!("line {line}"), why]);
            assert!(said.out.is_empty(), "{said:?}");
        }
    }
    fs::remove_file(desk.path("c.toml")).expect("removed");
    desk.run(TUESDAY, &["check", "--demo"]).ends(2, &["cannot read the configuration", "c.toml`"]);
    fs::write(desk.path("c.toml"), b"\xff\xfe[bands]").expect("written");
    desk.run(TUESDAY, &["check", "--demo"]).ends(2, &["c.toml`"]);
    assert!(!desk.path("store").exists());
}

#[test]
fn t58_in_crons_environment_the_text_is_plain_and_the_same() {
    let desk = Desk::long();
    let fetched = desk.run(TUESDAY, &["fetch"]);
    assert_eq!((fetched.code, &*fetched.err), (Some(0), ""), "no progress bar");
    let check = |variables: &[(&str, &str)]| {
        let mut command = desk.command(TUESDAY, &["check", "--offline"]);
        let said = Said::from(command.envs(variables.iter().copied()).output().expect("a run"));
        assert_eq!((said.code, &*said.err), (Some(0), ""));
        said.out
    };
    let bare = check(&[]);
    assert!(bare.is_ascii() && !bare.contains('\u{1b}'));
    for variables in [
        &[("LANG", "C"), ("SHELL", "/bin/sh"), ("PATH", "/usr/bin:/bin"), ("LOGNAME", "x")][..],
        &[("TERM", "dumb"), ("LC_ALL", "POSIX")],
        &[("TZ", "Asia/Tokyo")],
    ] {
        assert_eq!(check(variables), bare, "{variables:?}");
    }
}
