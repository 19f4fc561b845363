//! What the breadth of a universe costs as a whole process, from the store and from CSV files, and how it grows with
//! the members and with the sessions.

mod workload;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

/// Members and sessions: twenty-five years of the Russell 2000, and twice and four times as many of each.
const SIZES: [(usize, usize); 5] = [(2_000, 6_300), (4_000, 6_300), (8_000, 6_300), (2_000, 12_600), (2_000, 25_200)];

/// One run of the program.
fn run(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_rotation")).args(arguments).arg("--quiet").output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Names every symbol in a folder of CSV files.
fn list(folder: &Path, list: &Path) {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let stem = |file: std::path::PathBuf| file.file_stem().expect("a name").to_string_lossy().into_owned() + "\n";
    fs::write(list, files.map(stem).collect::<String>()).expect("written");
}

fn breadth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("process breadth");
    group.sample_size(10);
    for (members, sessions) in SIZES {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let [store, csv, bars, listed] = ["store", "csv", "csv/bars", "members"].map(path);
        let days = workload::days(sessions);
        workload::write(Path::new(&store), workload::market(members, &days));
        run(&["store", "export", "--store", &store, "--output", &csv]);
        list(Path::new(&bars), Path::new(&listed));
        let now = format!("{}T18:00:00-05:00", days[days.len() - 1]);
        let stored = ["breadth", "--now", &now, "--store", &store, "--universe", &listed];
        let plain = ["breadth", "--now", &now, "--bars", &bars];
        for (name, arguments) in [("store", &stored[..]), ("CSV", &plain)] {
            let id = BenchmarkId::new(name, format!("{members} x {sessions}"));
            group.bench_function(id, |bench| bench.iter(|| run(arguments)));
        }
    }
}

criterion_group!(benches, breadth);
criterion_main!(benches);
