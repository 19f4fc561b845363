//! What a verdict costs: part by part and as a whole process, on 30 symbols × 6,300 sessions and six rate series, and
//! how it grows with the sessions.

mod workload;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rotation::bars::{Closes, Columns, Shelf};
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::evidence::{self, Kind};
use rotation::inputs;
use rotation::quality::{self, Nature};
use rotation::report::{Evidence, FORMATS, Page, Report};
use rotation::series::{Counter, Depth, Market};
use rotation::signals::SIGNALS;
use rotation::verdict::{self, Tracked};

const SYMBOLS: usize = 30;
const SESSIONS: usize = 6_300;

fn parts(criterion: &mut Criterion) {
    let calendar = Calendar::new(&[]);
    let days = workload::days(SESSIONS);
    let last = days[SESSIONS - 1];
    let shelf: Shelf = workload::market(SYMBOLS, &days).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let store = workload::write(folder.path(), workload::market(SYMBOLS, &days));
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

/// One run of the program on a store, after the session of `last`.
fn run(store: &Path, last: &str, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rotation"));
    let now = format!("{last}T18:00:00-05:00");
    let output = command.args(arguments).args(["--now", &now, "--store"]).arg(store).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn processes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("process");
    for times in [1, 2, 4] {
        let folder = tempfile::tempdir().expect("a folder");
        let days = workload::days(times * SESSIONS);
        workload::write(folder.path(), workload::market(SYMBOLS, &days));
        let last = days[days.len() - 1].to_string();
        let check = ["check", "--offline", "--format", "json", "--as-of", &last, "--no-flips"];
        let evidence = ["evidence", "--format", "json", "--as-of", &last, "--only", "stage"];
        for (name, arguments) in [
            ("check --no-flips", &check[..]),
            ("check", &check[..6]),
            ("history", &["history", "--to", &last]),
            ("evidence --only stage", &evidence),
            ("evidence", &evidence[..5]),
        ] {
            let id = BenchmarkId::new(name, days.len());
            group.bench_function(id, |bench| bench.iter(|| run(folder.path(), &last, arguments)));
        }
    }
}

criterion_group!(benches, parts, processes);
criterion_main!(benches);
