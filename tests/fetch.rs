//! Fetching into a store, from a server that plays the sources.

mod server;

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use chrono::TimeDelta;
use rotation::bars::{Columns, IMPORTED, Kind, Origin, Series, SeriesId};
use rotation::fetch::Fault;
use rotation::run::UsageError;
use rotation::run::fetch::{Became, FetchRequest, Fetched, fetch, render};
use rotation::store::Locked;
use server::answer;
use server::stage::{FIRST, FRIDAY, Stage, became, codes, day, every_series, fault, named};
use server::upstream::series_of;

/// The series without a value a day: DFEDTAR has ended, DRTSCIS is quarterly, NFCI and positioning weekly.
const NOT_DAILY: usize = 4;

#[test]
fn all_is_fetched_once_and_then_only_the_tail() {
    let mut stage = Stage::new();
    let first = stage.run(&[]);
    assert_eq!((first.partial(), codes(&first)), (false, vec![]));
    assert_eq!(stage.upstream.asked(), every_series());
    let iwm = stage.bars("IWM");
    let sessions = stage.calendar.between(day(FIRST), day(FRIDAY)).to_vec();
    assert_eq!(iwm.day, sessions);
    assert_eq!(stage.rates("DGS2").day.last(), Some(&day("2026-03-05")), "Friday's yield is known on Monday");

    let second = stage.run(&[]);
    assert_eq!((second.lines.len(), render(&second)), (0, "nothing is due\n".to_owned()));
    assert_eq!(stage.upstream.asked(), [""; 0]);

    stage.pass(1);
    let third = stage.run(&[]);
    let log = stage.upstream.server.take_log();
    let asked: BTreeMap<String, _> = log.iter().map(|request| (series_of(request), request.query.clone())).collect();
    assert_eq!((log.len(), asked.len()), (every_series().len() - NOT_DAILY, log.len()), "the daily ones, once");
    let fifth = sessions[sessions.len() - 5];
    assert_eq!(asked["IWM"]["period1"], (i64::from(fifth.number()) * 86_400).to_string());
    let yields = stage.rates("DGS2");
    assert_eq!(asked["DGS2"]["cosd"], yields.day[yields.len() - 11].to_string(), "ten values before the new one");
    assert!(third.lines.iter().all(|line| line.became == Became::Extended { added: 1 }), "{}", render(&third));
    let grown = stage.bars("IWM");
    assert_eq!((&grown.day[..iwm.len()], &grown.close[..iwm.len()]), (&iwm.day[..], &iwm.close[..]));
    assert_eq!(grown.day.last(), Some(&day("2026-03-09")));
}

#[cfg(unix)]
#[test]
fn a_series_whose_file_cannot_be_read_is_left_as_it_is_and_the_others_are_kept() {
    let stage = Stage::filled();
    let kre = stage.store.root().join("bars/KRE.parquet");
    fs::remove_file(&kre).expect("removed");
    // as on a failing disk: a link to itself cannot be opened
    std::os::unix::fs::symlink("KRE.parquet", &kre).expect("a link");
    let request = FetchRequest { full: true, ..named(&["KRE", "IWM"]) };
    let fetched = stage.request(&request).expect("a report");
    assert!(matches!(became(&fetched, "KRE"), Became::Untouched { code: "file_unreadable", .. }), "{fetched:?}");
    assert_eq!(became(&fetched, "IWM"), &Became::Unchanged);
    assert_eq!((codes(&fetched), fetched.partial()), (vec!["file_unreadable"], true), "said once");
    assert!(kre.is_symlink());
}

#[cfg(unix)]
#[test]
fn a_series_whose_file_can_be_read_again_is_asked_for_again() {
    let mut stage = Stage::filled();
    let kre = stage.store.root().join("bars/KRE.parquet");
    let held = fs::read(&kre).expect("a file");
    stage.pass(1);
    fs::remove_file(&kre).expect("removed");
    std::os::unix::fs::symlink("KRE.parquet", &kre).expect("a link");
    let fetched = stage.run(&["KRE"]);
    assert!(matches!(became(&fetched, "KRE"), Became::Untouched { code: "file_unreadable", .. }), "{fetched:?}");
    fs::remove_file(&kre).expect("removed");
    fs::write(&kre, held).expect("written");
    assert_eq!(became(&stage.run(&[]), "KRE"), &Became::Extended { added: 1 });
}

#[test]
fn the_report_reads_well() {
    let stage = Stage::new();
    stage.instead("SPY", Some(answer(403, &[], "")));
    let fetched = stage.run(&["iwm", "SPY", "rates/dgs2"]);
    assert_eq!(
        render(&fetched),
        "bars/IWM    yahoo      85 rows from 2025-11-03 to 2026-03-06\n\
         bars/SPY    yahoo      failed\n\
         rates/DGS2  fredgraph  84 rows from 2025-11-03 to 2026-03-05\n"
    );
    let place = format!("{}/v8/finance/chart/SPY", stage.upstream.server.url());
    assert_eq!(
        fetched.warnings[0].message,
        format!(
            "`bars/SPY` from yahoo: `{place}` denies access (status 403): try another network or `user_agent`, \
             or give the data with `rotation import`"
        )
    );
    assert!(fetched.partial());
}

#[test]
fn a_session_without_volume_keeps_its_close_and_is_told_once_to_who_asks() {
    let mut stage = Stage::new();
    let told = |fetched: &Fetched| fetched.details.iter().filter(|line| line.contains("volume")).cloned().collect();
    let idle = |stage: &Stage, at: &str| {
        let mut market = stage.upstream.market();
        let rows = market.bars.get_mut("IWM").expect("bars");
        rows.iter_mut().find(|(day, ..)| day.to_string() == at).expect("a row").2 = 0.0;
    };
    idle(&stage, "2026-03-04");
    idle(&stage, "2026-03-05");
    let first: Vec<String> = told(&stage.run(&["IWM"]));
    assert_eq!(first, ["`bars/IWM` from yahoo: no volume, close kept, on 2026-03-04, 2026-03-05"]);
    assert!(stage.bars("IWM").close.iter().all(|close| close.is_finite()));
    stage.pass(1);
    let next: Vec<String> = told(&stage.run(&["IWM"]));
    assert_eq!(next, [""; 0], "those days were held");
    stage.pass(1);
    idle(&stage, "2026-03-10");
    let last: Vec<String> = told(&stage.run(&["IWM"]));
    assert_eq!(last, ["`bars/IWM` from yahoo: no volume, close kept, on 2026-03-10"]);
}

#[test]
fn t30_a_new_dividend_leaves_the_stored_past_as_it_is() {
    let mut stage = Stage::filled();
    let before = stage.bars("IWM");
    stage.pass(1);
    let monday = day("2026-03-09");
    stage.upstream.market().dividends.entry("IWM".into()).or_default().insert(monday, 0.31);
    assert_eq!(became(&stage.run(&[]), "IWM"), &Became::Extended { added: 1 });
    let after = stage.bars("IWM");
    assert_eq!(after.close[..before.len()], before.close);
    assert_eq!(after.dividend[..before.len()], before.dividend);
    assert_eq!((after.day[before.len()], after.dividend[before.len()]), (monday, 0.31));
}

#[test]
fn t30_a_new_split_brings_the_whole_series_anew() {
    let mut stage = Stage::filled();
    let before = stage.bars("IWM");
    stage.pass(1);
    let monday = day("2026-03-09");
    {
        let mut market = stage.upstream.market();
        market.splits.entry("IWM".into()).or_default().insert(monday, (2, 1));
        market.bars.get_mut("IWM").expect("bars").iter_mut().for_each(|(_, close, _)| *close /= 2.0);
    }
    let fetched = stage.run(&[]);
    assert_eq!(became(&fetched, "IWM"), &Became::Whole { rows: before.len() + 1, anew: true });
    let after = stage.bars("IWM");
    for (old, new) in before.close.iter().zip(&after.close) {
        assert!((old / 2.0 - new).abs() < 1e-4, "{old} {new}");
    }
    assert_eq!((after.split[before.len()], after.split[0]), (2.0, 1.0));
    assert_eq!(stage.upstream.asked().iter().filter(|name| *name == "IWM").count(), 2, "the tail, then the whole");
}

#[test]
fn t30_a_restated_past_is_fetched_whole_and_never_spliced() {
    let mut stage = Stage::filled();
    stage.pass(1);
    {
        let mut market = stage.upstream.market();
        market.bars.get_mut("SPY").expect("bars").iter_mut().for_each(|(_, close, _)| *close *= 0.99);
        *market.rates.get_mut("DGS2").expect("rates").get_mut(&day("2026-03-04")).expect("a value") = 9.75;
    }
    let fetched = stage.run(&[]);
    assert!(matches!(became(&fetched, "SPY"), Became::Whole { anew: true, .. }));
    assert!(matches!(became(&fetched, "DGS2"), Became::Whole { anew: true, .. }));
    let yields = stage.rates("DGS2");
    assert!(yields.day.iter().zip(&yields.value).any(|(at, value)| (*at, *value) == (day("2026-03-04"), 9.75)));
}

#[test]
fn nothing_new_is_asked_for_again_after_four_hours() {
    let mut stage = Stage::filled();
    stage.pass(1);
    stage.upstream.market().until = day(FRIDAY); // the sources are late
    let fetched = stage.run(&[]);
    assert!(fetched.lines.iter().all(|line| line.became == Became::Unchanged), "{}", render(&fetched));
    assert!(!fetched.partial());
    stage.upstream.asked();
    stage.now += TimeDelta::hours(3);
    stage.run(&[]);
    assert_eq!(stage.upstream.asked(), [""; 0]);
    stage.now += TimeDelta::hours(1);
    stage.run(&[]);
    assert_eq!(stage.upstream.asked().len(), every_series().len() - NOT_DAILY);
}

#[test]
fn what_is_named_is_asked_for_due_or_not() {
    let stage = Stage::filled();
    assert_eq!(became(&stage.run(&["credit"]), "BAA10Y"), &Became::Unchanged);
    assert_eq!(stage.upstream.asked(), ["BAA10Y", "BAMLH0A0HYM2"]);
    stage.run(&["dgs2", "^rut"]);
    assert_eq!(stage.upstream.asked(), ["DGS2", "^RUT"]);
    for (name, why) in [("AAPL", "no input or series"), ("\u{1b}[2J", "`\\u{1b}[2J`")] {
        let error = stage.request(&named(&["IWM", name])).expect_err(name);
        assert!(error.is::<UsageError>() && error.to_string().contains(why), "{error}");
    }
    assert_eq!(stage.upstream.asked(), [""; 0]);
}

#[test]
fn a_verdict_does_not_ask_for_the_track_records_inputs() {
    let stage = Stage::new();
    stage.request(&FetchRequest { needed_only: true, ..named(&[]) }).expect("a report");
    let asked = stage.upstream.asked();
    assert!(asked.contains(&"BAA10Y".to_owned()) && !asked.iter().any(|name| name.starts_with('^')), "{asked:?}");
}

/// The user's own file of IWM's bars: all but the last `less`, closes times `factor`.
fn import(stage: &Stage, less: usize, factor: f64) {
    let bars = stage.bars("IWM");
    let scaled = (0..bars.len() - less).map(|i| {
        let mut row = bars.row(i);
        row.close *= factor;
        row
    });
    let columns = Columns::Bars(scaled.collect());
    let origin = Origin { owner: IMPORTED.into(), currency: "USD".into(), ..Origin::default() };
    let mut writer = stage.store.lock(Duration::ZERO).expect("the lock");
    writer.put(&SeriesId::bars("IWM"), &Series { origin, hash: columns.hash(), columns }).expect("stored");
    writer.finish().expect("stored");
}

#[test]
fn an_imported_series_is_added_to_where_both_agree_and_never_replaced() {
    let stage = Stage::filled();
    let full = FetchRequest { full: true, ..named(&["IWM"]) };
    let whole = stage.bars("IWM");
    import(&stage, 3, 1.0);
    assert_eq!(became(&stage.request(&full).expect("a report"), "IWM"), &Became::Extended { added: 3 });
    assert_eq!((stage.bars("IWM").close, stage.upstream.asked().len()), (whole.close, 1));
    let owner = |stage: &Stage| stage.held(&SeriesId::bars("IWM")).expect("bars").origin.owner;
    assert_eq!(owner(&stage), IMPORTED);
    // closes of the user's own, adjusted for dividends
    import(&stage, 3, 0.98);
    let before = stage.bars("IWM");
    let fetched = stage.request(&full).expect("a report");
    assert!(matches!(became(&fetched, "IWM"), Became::Foreign(_)));
    assert_eq!((codes(&fetched), fetched.partial()), (vec!["import_disagrees"], true));
    assert_eq!((stage.bars("IWM"), owner(&stage)), (before, IMPORTED.to_owned()));
}

#[test]
fn a_second_run_waits_for_the_first_before_it_asks() {
    let stage = Stage::new();
    let writer = stage.store.lock(Duration::ZERO).expect("the lock");
    let request = FetchRequest { wait: Duration::ZERO, ..named(&[]) };
    assert!(stage.request(&request).expect_err("locked").is::<Locked>());
    assert_eq!(stage.upstream.asked(), [""; 0]);
    drop(writer);
    assert!(!stage.request(&request).expect("a report").lines.is_empty());
}

#[test]
fn disabled_sources_are_not_asked() {
    let stage = Stage::new();
    let mut settings = stage.upstream.server.settings();
    settings.sources.get_mut("yahoo").expect("a source").enabled = false;
    let run = |names: &[&str]| fetch(&named(names), &stage.store, &settings, &stage.calendar, stage.now, &|_| {});
    let fetched = run(&[]).expect("a report");
    assert!(fetched.lines.iter().all(|line| line.series.kind != Kind::Bars) && !fetched.partial());
    let fetched = run(&["IWM"]).expect("a report");
    assert!(matches!(fault(&fetched, "IWM"), Fault::NoSource(_)) && fetched.partial());
}
