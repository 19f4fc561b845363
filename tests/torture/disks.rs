//! Disks that are full, cannot be written to, or are not there, and the order in which files are made safe.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::{Desk, Said, TUESDAY, WEDNESDAY, day, with_disk};
use crate::server::nobody;

/// Says on stderr that a test could not be held, and why.
fn skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}

#[test]
fn t50_a_file_is_written_synced_renamed_and_its_folder_synced() {
    let desk = Desk::new();
    let run = desk.command(TUESDAY, &["fetch", "IWM", "--threads", "1"]);
    let log = desk.path("calls");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-qq", "-e", "trace=write,pwrite64,fsync,fdatasync,/^rename,unlink", "-o"]).arg(&log);
    command.arg(run.get_program()).args(run.get_args()).env_clear();
    let Ok(output) = command.output() else { return skipped("t50", "`strace` is not installed") };
    if output.status.code() != Some(0) {
        return skipped("t50", &String::from_utf8_lossy(&output.stderr));
    }
    let text = fs::read_to_string(&log).expect("calls");
    // call and file, without the process, the folder's own path and the rest of the line
    let root = format!("{}/", desk.path("store").display());
    let calls: Vec<(&str, String)> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, call)| call.contains(desk.path("store").to_str().expect("UTF-8")))
        .map(|(_, call)| {
            let (name, rest) = call.trim().split_once('(').expect("a call");
            let path = rest.split(['<', '>', '"']).rfind(|part| part.starts_with(root.trim_end_matches('/')));
            let path = format!("{}/", path.unwrap_or_default()).replace(&root, "");
            (name, path.trim_end_matches('/').to_owned())
        })
        .collect();
    for (file, folder) in [("STORE", ""), ("bars/IWM.parquet", "bars"), ("asked.json", "")] {
        let renamed = calls.iter().position(|(call, path)| call.starts_with("rename") && path == file);
        let renamed = renamed.unwrap_or_else(|| panic!("{file} is renamed into place: {text}"));
        let (sync, temporary) = &calls[renamed - 1];
        assert!(*sync == "fsync" && temporary.contains(".rotation-"), "{file}: {text}");
        assert!(calls[renamed - 2] == ("write", temporary.clone()), "{file}: {text}");
        let synced = calls[renamed..].iter().any(|(call, path)| *call == "fsync" && path == folder);
        assert!(synced, "the folder of {file}: {text}");
    }
    assert!(
        calls.iter().all(|(call, path)| *call != "write" || path.contains(".rotation-") || path == "lock"),
        "{text}"
    );
}

#[test]
fn t51_a_full_disk_leaves_the_old_store() {
    let desk = Desk::new();
    desk.file("few.csv", "date,value\n2024-01-02,4.5\n");
    let mut rows = "date,value\n".to_owned();
    for i in 0..30_000 {
        writeln!(rows, "{},{}.5", day("1930-01-02").plus(i), i % 9).expect("text");
    }
    desk.file("DGS2.csv", rows);
    let script = "mount -t tmpfs -o size=64k none disk || exit 99
        echo mounted
        $0 import --store disk/s few.csv || exit 98
        before=$(cat disk/s/rates/FEW.parquet | cksum)
        $0 import --store disk/s DGS2.csv; echo \"code $?\"
        [ \"$before\" = \"$(cat disk/s/rates/FEW.parquet | cksum)\" ] && echo same
        ls -A disk/s/rates
        dd if=/dev/zero of=disk/fill 2>/dev/null
        $0 fetch DGS10 --config c.toml --now $1 --store disk/s; echo \"code $?\"
        ls -A disk/s/rates";
    let Some(said) = with_disk(desk.folder.path(), script, &[TUESDAY]) else {
        return skipped("t51", "no small disk can be mounted here");
    };
    assert!(
        said.out.contains("code 1\nsame\nFEW.parquet\n") && said.out.ends_with("code 1\nFEW.parquet\n"),
        "{said:?}"
    );
    let errors = ["DGS2", "DGS10"].map(|series| {
        format!(
            "error: cannot write `disk/s/rates/{series}.parquet` (check the disk, or name another folder with \
             `--store`): No space left on device (os error 28)\n"
        )
    });
    assert_eq!(said.err, errors.concat());
}

#[test]
fn t52_where_nothing_can_be_written_a_run_keeps_nothing_and_says_so() {
    let desk = Desk::long();
    desk.run(TUESDAY, &["fetch", "IWM", "SPY"]).ends(0, &[]);
    // what was lost before, and no source serves, is told of as elsewhere
    let lost = "valuation/SP-600.FY1.MINE.parquet";
    fs::create_dir_all(desk.path("store/valuation")).expect("a folder");
    fs::write(desk.path("store").join(format!("{lost}.damaged-1")), "").expect("written");
    let script = "mount -t tmpfs -o size=8m none disk && cp -r store disk/s && mount -o remount,ro disk || exit 99
        echo mounted
        $0 check --config c.toml --store disk/s --now $1 --format json > live.json; echo \"code $?\"
        $0 check --config c.toml --store disk/none --now $1 --format json > none.json; echo \"code $?\"
        $0 check --config c.toml --store disk/none --now $1 --offline; echo \"code $?\"
        ls -A disk disk/s/bars";
    desk.upstream.asked();
    let Some(said) = with_disk(desk.folder.path(), script, &[TUESDAY]) else {
        return skipped("t52", "no disk can be mounted here");
    };
    assert!(said.out.starts_with("mounted\ncode 3\ncode 0\ncode 1\ndisk:\ns\n"), "{said:?}");
    assert_eq!(said.err.matches(&format!("{lost}` was damaged and is missing")).count(), 1, "{said:?}");
    assert!(said.out.ends_with("disk/s/bars:\nIWM.parquet\nSPY.parquet\n"), "nothing was written: {said:?}");
    assert_eq!(said.err.matches("cannot be written to").count(), 2, "{said:?}");
    for (json, store) in [("live.json", "disk/s"), ("none.json", "disk/none")] {
        let out = fs::read_to_string(desk.path(json)).expect("a verdict");
        let run = Said { code: Some(0), out, err: said.err.clone() };
        let words = ["cannot be written to: nothing of this run is kept", "`--store DIR`"];
        run.warns("store_unwritable", None, &[&[&*format!("the store `{store}` ")][..], &words].concat());
        assert_eq!(run.json()["as_of"], "2025-09-23");
        // all that the sources serve is had, and none of it lies on the disk
        assert!(run.json()["verdict"]["stage"].is_string() && run.entry("inputs", "KRE")["last"] == "2025-09-23");
    }
    let asked = desk.upstream.asked();
    let times = |name: &str| asked.iter().filter(|one| *one == name).count();
    assert_eq!((times("IWM"), times("KRE")), (1, 2), "what is held is not asked for: {asked:?}");
}

#[test]
fn t52_without_a_home_a_run_keeps_nothing_and_says_so() {
    let desk = Desk::long();
    let check = |home: Option<&str>, more: &[&str]| {
        let mut command = crate::desk::rotation();
        command.envs(home.map(|home| ("HOME", home)));
        command.arg("check").args(more).args(["--now", TUESDAY]).arg("--config").arg(desk.path("c.toml"));
        Said::from(command.current_dir(desk.folder.path()).output().expect("a run"))
    };
    for home in [None, Some("")] {
        let live = check(home, &["--format", "json"]);
        live.ends(0, &[]);
        live.warns("store_unwritable", None, &["no folder is known for the store", "`--store DIR`"]);
        assert!(live.json()["verdict"]["stage"].is_string());
        check(home, &["--offline"]).ends(1, &["no folder is known for the store", "ROTATION_STORE"]);
    }
    assert_eq!(fs::read_dir(desk.folder.path()).expect("a folder").count(), 1, "the configuration alone");
    let home = desk.path("home").display().to_string();
    check(Some(&home), &[]).ends(0, &[]);
    assert!(desk.path("home/.local/share/rotation/bars/IWM.parquet").exists());
    // with no home and no network there is nothing, in no folder that could be named
    desk.configure_at(&nobody(), &["yahoo"], &["fredgraph"], "");
    check(None, &[]).ends(1, &["error: there is nothing to judge: run `rotation fetch`", "check the network"]);
}

#[test]
fn t54_of_many_damaged_files_each_is_set_aside() {
    let desk = Desk::filled();
    let files: Vec<_> =
        desk.files().into_keys().filter(|path| path.extension().is_some_and(|end| end == "parquet")).collect();
    assert!(files.len() > 20);
    for file in &files {
        fs::write(file, b"PAR1").expect("written");
    }
    // of the track record's own inputs a verdict reads nothing
    let (unread, read): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.to_string_lossy().contains("%5E"));
    let check = desk.run(TUESDAY, &["check", "--offline"]);
    check.ends(1, &["holds nothing to judge: run `rotation fetch`"]);
    let aside = |file: &Path| PathBuf::from(format!("{}.damaged-1", file.display()));
    for file in read {
        let name = aside(file).file_name().expect("a name").to_string_lossy().into_owned();
        let words =
            format!("  `{}` is damaged: it is cut short; set aside as `{name}`; fetch or import `", file.display());
        assert_eq!(check.err.matches(&words).count(), 1, "{words}: {check:?}");
        assert!(!file.exists() && fs::read(aside(file)).expect("a file") == b"PAR1", "{name}");
    }
    assert_eq!(unread.len(), 2);
    assert!(unread.iter().all(|file| file.exists() && !aside(file).exists()), "{unread:?}");
}

#[test]
fn t54_a_damaged_file_is_set_aside_and_fetched_again_or_missed() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [Damage; 3] = [|bytes| bytes.truncate(bytes.len() / 2), Vec::clear, |bytes| bytes[900] ^= 4];
    for damage in damages {
        let desk = Desk::long().fill();
        let file = desk.path("store/bars/KRE.parquet");
        let mut bytes = fs::read(&file).expect("a file");
        damage(&mut bytes);
        fs::write(&file, &bytes).expect("written");
        let offline = desk.run(TUESDAY, &["check", "--offline", "--format", "json"]);
        offline.ends(3, &[]);
        let words =
            ["KRE.parquet` is damaged: ", "set aside as `KRE.parquet.damaged-1`", "fetch or import `bars/KRE` again"];
        offline.warns("file_damaged", Some("bars/KRE"), &words);
        assert_eq!(desk.bytes("bars/KRE.parquet.damaged-1"), bytes, "nothing is deleted");
        assert!(!file.exists());
        let again = desk.run(TUESDAY, &["check", "--offline", "--format", "json"]);
        again.ends(3, &[]);
        let words = ["KRE.parquet` was damaged and is missing, set aside as `KRE.parquet.damaged-1`"];
        again.warns("file_damaged", Some("bars/KRE"), &words);
        desk.run(WEDNESDAY, &["check"]).ends(0, &[]);
        assert!(file.exists() && desk.bytes("bars/KRE.parquet.damaged-1") == bytes);
    }
}
