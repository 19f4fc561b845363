//! What a verdict costs: part by part and as a whole process, on 30 symbols × 6,300 sessions and six rate series, and
//! how it grows with the sessions.

mod workload;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rotation::bars::{Closes, Columns};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::evidence::{self, Kind};
use rotation::inputs;
use rotation::quality::{self, Nature};
use rotation::report::{Evidence, FORMATS, Page, Report};
use rotation::series::{Counter, Depth, Market};
use rotation::signals::SIGNALS;
use rotation::verdict::{self, Tracked};
use workload::LAST;

const SYMBOLS: usize = 30;
const SESSIONS: usize = 6_300;

fn parts(criterion: &mut Criterion) {
    let calendar = Calendar::new(&[]);
    let last = calendar.on_or_before(LAST);
    let shelf = workload::market(SYMBOLS, SESSIONS);
    let folder = tempfile::tempdir().expect("a folder");
    let store = workload::write(folder.path(), &shelf);
    let settings = Settings::default();
    let wanted: Vec<_> = inputs::inputs(&settings).into_iter().flat_map(|input| input.series).collect();
    let mut market = Market::build(&shelf, calendar.clone(), settings.clone(), last);
    let tracks: Vec<Tracked> = SIGNALS.iter().map(|signal| (signal, (signal.track)(&market))).collect();
    let weighed = verdict::weigh(&market, &tracks);
    let page = Page { width: 120, color: false, unicode: true };

    criterion.bench_function("calendar", |bench| bench.iter(|| Calendar::new(black_box(&[]))));
    criterion.bench_function("load", |bench| {
        bench.iter(|| store.load_part(&wanted, |id| Some(inputs::columns(&id.name))));
    });
    criterion.bench_function("load whole", |bench| bench.iter(|| store.load_only(&wanted)));
    criterion.bench_function("quality gate, whole", |bench| {
        let findings = |(id, series)| quality::examine(id, series, Nature::Market, &calendar).len();
        bench.iter(|| shelf.iter().map(findings).sum::<usize>());
    });
    criterion.bench_function("market", |bench| {
        bench.iter(|| Market::build(&shelf, calendar.clone(), settings.clone(), last));
    });
    for (depth, what) in [(Depth::Whole, "whole tracks"), (Depth::Report, "tracks")] {
        market.depth = depth;
        criterion.bench_function(what, |bench| {
            bench.iter(|| SIGNALS.iter().filter_map(|signal| signal.measure(&market).ok()).count());
        });
    }
    for signal in SIGNALS {
        criterion.bench_function(&format!("track {}", signal.id), |bench| bench.iter(|| signal.measure(&market)));
    }
    let days: Vec<Day> = calendar.between(Day::from_number(0), last).to_vec();
    let members: Vec<Closes> = shelf.values().filter_map(|series| closes(&series.columns)).collect();
    criterion.bench_function("breadth of the funds", |bench| {
        let ever = [days[0]..last.plus(1)];
        bench.iter(|| {
            members
                .iter()
                .fold(Counter::new(&days), |mut counter, member| {
                    counter.add(member, &ever);
                    counter
                })
                .finish()
        });
    });
    criterion.bench_function("weigh", |bench| bench.iter(|| verdict::weigh(&market, &tracks)));
    criterion.bench_function("flips", |bench| bench.iter(|| verdict::flips(&market, &tracks, &weighed)));
    criterion.bench_function("record under the verdict", |bench| bench.iter(|| evidence::beneath(&market, &weighed)));
    criterion.bench_function("record of the stages", |bench| {
        bench.iter(|| evidence::record(&market, &tracks, &weighed, &[Kind::Stage]));
    });
    criterion.bench_function("record", |bench| {
        bench.iter(|| evidence::record(&market, &tracks, &weighed, &Kind::ALL));
    });
    criterion.bench_function("render", |bench| {
        bench.iter(|| {
            let report = Report::new(&market, &tracks, &weighed, Vec::new(), true)
                .with_evidence(Evidence::of(&market, &weighed));
            FORMATS.iter().map(|format| (format.render)(&report, &page).expect("written").len()).sum::<usize>()
        });
    });
}

/// The closes of a series that has any.
fn closes(columns: &Columns) -> Option<Closes> {
    match columns {
        Columns::Bars(bars) => Some(bars.clone().into()),
        Columns::Points(_) => None,
    }
}

/// One run of the program on a store.
fn run(store: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rotation"));
    let output = command.args(arguments).arg("--store").arg(store).output().expect("it runs");
    assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn processes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("process");
    for times in [1, 2, 4] {
        let folder = tempfile::tempdir().expect("a folder");
        workload::write(folder.path(), &workload::market(SYMBOLS, times * SESSIONS / 2));
        let last = LAST.to_string();
        let check = ["check", "--offline", "--format", "json", "--as-of", &last, "--no-flips"];
        let evidence = ["evidence", "--format", "json", "--as-of", &last, "--only", "stage"];
        for (name, arguments) in [
            ("check --no-flips", &check[..]),
            ("check", &check[..6]),
            ("history", &["history", "--to", &last]),
            ("evidence --only stage", &evidence),
            ("evidence", &evidence[..5]),
        ] {
            let id = BenchmarkId::new(name, times * SESSIONS / 2);
            group.bench_function(id, |bench| bench.iter(|| run(folder.path(), arguments)));
        }
    }
}

criterion_group!(benches, parts, processes);
criterion_main!(benches);
