//! What a verdict costs, part by part, over 26 years of the synthetic market.

use criterion::{Criterion, criterion_group, criterion_main};
use rotation::bars::Warning;
use rotation::calendar::Calendar;
use rotation::config::Settings;
use rotation::day::Day;
use rotation::demo;
use rotation::quality::{self, Nature};
use rotation::report::{FORMATS, Page, Report};
use rotation::series::Market;
use rotation::signals::SIGNALS;
use rotation::store::Store;
use rotation::verdict::{self, Tracked};

fn tracks(market: &Market) -> Vec<Tracked> {
    SIGNALS.iter().map(|signal| (signal, (signal.track)(market))).collect()
}

fn parts(criterion: &mut Criterion) {
    let calendar = Calendar::new(&[]);
    let last = Day::from_ymd(2026, 6, 30).expect("a date");
    let shelf = demo::market(&calendar, last);
    let market = Market::build(&shelf, calendar.clone(), Settings::default(), last);
    let tracked = tracks(&market);
    let weighed = verdict::weigh(&market, &tracked);
    let page = Page { width: 120, color: false, unicode: true };

    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::at(folder.path().to_path_buf()).expect("a store");
    let mut writer = store.lock(std::time::Duration::ZERO).expect("the lock");
    for (id, series) in &shelf {
        writer.put(id, series).expect("stored");
    }
    let warnings: Vec<Warning> = writer.finish().expect("synced");
    assert!(warnings.is_empty());

    criterion.bench_function("calendar", |bench| bench.iter(|| Calendar::new(&[])));
    criterion.bench_function("demo", |bench| bench.iter(|| demo::market(&calendar, last)));
    criterion.bench_function("store load", |bench| bench.iter(|| store.load().expect("loaded")));
    criterion.bench_function("market", |bench| {
        bench.iter(|| Market::build(&shelf, calendar.clone(), Settings::default(), last));
    });
    criterion.bench_function("quality gate", |bench| {
        let findings = |(id, series)| quality::examine(id, series, Nature::Market, &calendar).len();
        bench.iter(|| shelf.iter().map(findings).sum::<usize>());
    });
    for signal in SIGNALS {
        criterion.bench_function(&format!("track {}", signal.id), |bench| bench.iter(|| (signal.track)(&market)));
    }
    criterion.bench_function("verdict", |bench| bench.iter(|| verdict::weigh(&market, &tracked)));
    criterion.bench_function("report", |bench| {
        bench.iter(|| {
            let report = Report::new(&market, &tracked, &weighed, Vec::new(), true);
            FORMATS.iter().map(|format| (format.render)(&report, &page).expect("written").len()).sum::<usize>()
        });
    });
}

criterion_group!(benches, parts);
criterion_main!(benches);
