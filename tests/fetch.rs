//! Fetching into a store, from a server that plays the sources.

mod server;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rotation::bars::{Bars, Columns, IMPORTED, Kind, Origin, Points, Series, SeriesId};
use rotation::calendar::Calendar;
use rotation::day::Day;
use rotation::fetch::{Fault, Limits};
use rotation::inputs::inputs;
use rotation::run::UsageError;
use rotation::run::fetch::{Became, FetchRequest, Fetched, fetch, render};
use rotation::store::{Locked, Store};
use server::upstream::{Upstream, series_of};
use server::{Reply, answer, ok, unframed};
use tempfile::TempDir;

/// A store, a market that plays the sources, and a clock.
struct Stage {
    _folder: TempDir,
    store: Store,
    upstream: Upstream,
    calendar: Calendar,
    now: DateTime<Utc>,
}

/// The first session served.
const FIRST: &str = "2025-11-03";
/// The first day of the story, a Friday: finished as it begins.
const FRIDAY: &str = "2026-03-06";

fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// Evening in New York on `date`, in the months of daylight saving an hour later.
fn evening(date: Day) -> DateTime<Utc> {
    date.plus(1).date().and_hms_opt(0, 0, 0).expect("midnight").and_utc() - TimeDelta::hours(1)
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::at(folder.path().join("store")).expect("a store");
        Self {
            _folder: folder,
            store,
            upstream: Upstream::start(day(FIRST), day(FRIDAY)),
            calendar: Calendar::new(&[]),
            now: evening(day(FRIDAY)),
        }
    }

    /// A stage on which everything was fetched once.
    fn filled() -> Self {
        let stage = Self::new();
        assert!(!stage.run(&[]).partial());
        stage.upstream.asked();
        stage
    }

    /// Lets `sessions` pass, here and upstream.
    fn pass(&mut self, sessions: usize) {
        let mut until = self.upstream.market().until;
        for _ in 0..sessions {
            until = self.calendar.next_session(until);
        }
        self.upstream.market().until = until;
        self.now = evening(until);
    }

    fn request(&self, request: &FetchRequest) -> anyhow::Result<Fetched> {
        let settings = self.upstream.server.settings();
        fetch(request, &self.store, &settings, &self.calendar, self.now, &|_| {})
    }

    fn run(&self, names: &[&str]) -> Fetched {
        self.request(&named(names)).expect("a report")
    }

    fn held(&self, id: &SeriesId) -> Option<Series> {
        self.store.load_only(std::slice::from_ref(id)).shelf.remove(id)
    }

    fn bars(&self, symbol: &str) -> Bars {
        match self.held(&SeriesId::bars(symbol)).expect("bars").columns {
            Columns::Bars(bars) => bars,
            Columns::Points(_) => panic!("not bars"),
        }
    }

    fn rates(&self, id: &str) -> Points {
        match self.held(&SeriesId::rates(id)).expect("rates").columns {
            Columns::Points(points) => points,
            Columns::Bars(_) => panic!("not rates"),
        }
    }

    /// Changes how one series is answered, or no longer.
    fn instead(&self, series: &str, reply: Option<Reply>) {
        let instead = &mut self.upstream.market().instead;
        match reply {
            Some(reply) => drop(instead.insert(series.into(), reply)),
            None => drop(instead.remove(series)),
        }
    }
}

fn named(names: &[&str]) -> FetchRequest {
    FetchRequest {
        names: names.iter().map(|&name| name.to_owned()).collect(),
        live_clock: false,
        limits: Limits { backoff: Duration::from_millis(1), ..Limits::default() },
        ..FetchRequest::default()
    }
}

/// Every series that has a source, in order of their names.
fn every_series() -> Vec<String> {
    let inputs = inputs(&rotation::config::Settings::default());
    let mut names: Vec<_> = inputs.iter().flat_map(|input| &input.series).map(|id| id.name.clone()).collect();
    names.sort();
    names
}

fn became<'a>(fetched: &'a Fetched, series: &str) -> &'a Became {
    &fetched.lines.iter().find(|line| line.series.name == series).expect("a line").became
}

fn fault<'a>(fetched: &'a Fetched, series: &str) -> &'a Fault {
    match became(fetched, series) {
        Became::Failed(error) => &error.fault,
        other => panic!("{series} became {other:?}"),
    }
}

fn codes(fetched: &Fetched) -> Vec<&'static str> {
    fetched.warnings.iter().map(|warning| warning.code).collect()
}

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
    assert_eq!((log.len(), asked.len()), (every_series().len() - 1, log.len()), "all but DFEDTAR, once");
    let fifth = sessions[sessions.len() - 5];
    assert_eq!(asked["IWM"]["period1"], (i64::from(fifth.number()) * 86_400).to_string());
    let yields = stage.rates("DGS2");
    assert_eq!(asked["DGS2"]["cosd"], yields.day[yields.len() - 11].to_string(), "ten values before the new one");
    assert!(third.lines.iter().all(|line| line.became == Became::Extended { added: 1 }), "{}", render(&third));
    let grown = stage.bars("IWM");
    assert_eq!((&grown.day[..iwm.len()], &grown.close[..iwm.len()]), (&iwm.day[..], &iwm.close[..]));
    assert_eq!(grown.day.last(), Some(&day("2026-03-09")));
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
fn a_new_dividend_leaves_the_stored_past_as_it_is() {
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
fn a_new_split_brings_the_whole_series_anew() {
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
fn a_restated_past_is_fetched_whole_and_never_spliced() {
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
fn a_series_that_fails_does_not_harm_the_others() {
    let mut stage = Stage::filled();
    let before = stage.held(&SeriesId::bars("KRE"));
    stage.pass(1);
    let page = "<!doctype html><html>consent</html>";
    stage.instead("KRE", Some(ok(page)));
    stage.instead("DGS10", Some(unframed("observation_date,DGS10\n2026-02-24,3.0\n2026-02")));
    stage.instead("PSCE", Some(answer(500, &[], "")));
    let fetched = stage.run(&[]);
    assert_eq!(fault(&fetched, "KRE"), &Fault::WebPage);
    assert!(matches!(fault(&fetched, "DGS10"), Fault::Cut(_)));
    assert_eq!(fault(&fetched, "PSCE"), &Fault::Status(500));
    assert!(fetched.partial());
    assert_eq!(stage.held(&SeriesId::bars("KRE")), before);
    assert_eq!(became(&fetched, "IWM"), &Became::Extended { added: 1 });
    assert_eq!(fetched.warnings.iter().filter(|warning| warning.code == "web_page").count(), 1);
    // what failed is asked for again, what did not is not
    stage.upstream.asked();
    stage.instead("KRE", None);
    let again = stage.run(&[]);
    assert_eq!(stage.upstream.asked(), ["DGS10", "KRE", "PSCE", "PSCE", "PSCE"]);
    assert_eq!(became(&again, "KRE"), &Became::Extended { added: 1 });
}

#[test]
fn an_answer_that_takes_away_is_refused() {
    let stage = Stage::filled();
    let before = stage.bars("IWM");
    stage.upstream.market().bars.get_mut("IWM").expect("bars").drain(..60);
    let whole = FetchRequest { full: true, ..named(&["IWM"]) };
    let fetched = stage.request(&whole).expect("a report");
    assert!(matches!(fault(&fetched, "IWM"), Fault::Shrunk(_)));
    assert_eq!((codes(&fetched), stage.bars("IWM")), (vec!["answer_shrunk"], before));
    // an answer cut exactly at a row's end
    stage.instead("DGS2", Some(unframed("observation_date,DGS2\n2026-02-24,3.0\n")));
    assert!(matches!(fault(&stage.run(&["DGS2"]), "DGS2"), Fault::Shrunk(_)));
    let fresh = Stage::new();
    fresh.instead("DGS2", Some(unframed("observation_date,DGS2\n1999-02-24,3.0\n")));
    assert!(matches!(fault(&fresh.run(&["DGS2"]), "DGS2"), Fault::Cut(_)));
    assert_eq!(fresh.held(&SeriesId::rates("DGS2")), None);
}

#[test]
fn a_rolling_window_is_laid_onto_the_longer_past() {
    let mut stage = Stage::filled();
    let before = stage.rates("BAMLH0A0HYM2");
    stage.pass(30);
    let start = day("2026-02-02");
    stage.upstream.market().rates.get_mut("BAMLH0A0HYM2").expect("rates").retain(|at, _| *at >= start);
    let whole = FetchRequest { full: true, ..named(&["credit"]) };
    let fetched = stage.request(&whole).expect("a report");
    assert_eq!(became(&fetched, "BAMLH0A0HYM2"), &Became::Extended { added: 30 });
    let after = stage.rates("BAMLH0A0HYM2");
    assert_eq!((after.value[..before.len()].to_vec(), after.len()), (before.value.clone(), before.len() + 30));
}

#[test]
fn an_unknown_series_is_left_alone_for_thirty_days() {
    let mut stage = Stage::new();
    stage.upstream.market().unknown.insert("PSCU".into());
    let fetched = stage.run(&[]);
    assert_eq!(fault(&fetched, "PSCU"), &Fault::NotFound);
    assert!(!fetched.partial(), "it was never held, nor named");
    assert!(stage.run(&["PSCU"]).partial());
    stage.upstream.asked();
    stage.pass(1);
    stage.run(&[]);
    assert!(!stage.upstream.asked().contains(&"PSCU".to_owned()));
    stage.pass(21);
    stage.run(&[]);
    assert!(stage.upstream.asked().contains(&"PSCU".to_owned()));
}

#[test]
fn many_unknown_at_once_mean_that_the_source_is_blocked() {
    let stage = Stage::new();
    let symbols: Vec<String> = stage.upstream.market().bars.keys().cloned().collect();
    stage.upstream.market().unknown.extend(symbols.iter().cloned());
    let fetched = stage.run(&[]);
    let n = symbols.len();
    assert_eq!(fault(&fetched, "IWM"), &Fault::Blocked { failed: n, asked: n });
    assert!(fetched.partial());
    assert!(fetched.warnings.iter().all(|warning| !warning.message.contains("delisted")));
    stage.upstream.market().unknown.clear();
    stage.upstream.asked();
    assert!(!stage.run(&[]).partial());
    assert_eq!(stage.upstream.asked().len(), n);
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
    assert_eq!(stage.upstream.asked().len(), every_series().len() - 1);
}

#[test]
fn what_is_named_is_asked_for_due_or_not() {
    let stage = Stage::filled();
    assert_eq!(became(&stage.run(&["credit"]), "BAA10Y"), &Became::Unchanged);
    assert_eq!(stage.upstream.asked(), ["BAA10Y", "BAMLH0A0HYM2"]);
    stage.run(&["dgs2", "^rut"]);
    assert_eq!(stage.upstream.asked(), ["DGS2", "^RUT"]);
    for (name, why) in [("AAPL", "no input or series"), ("\u{1b}[2J", "`\\u{1b}[2J`"), ("pe-small", "rotation import")]
    {
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
fn a_session_that_nobody_has_is_said_once() {
    let stage = Stage::new();
    let (closed, lost) = (day("2026-01-20"), day("2026-02-10"));
    for (symbol, rows) in &mut stage.upstream.market().bars {
        rows.retain(|(at, ..)| *at != closed && (*at != lost || symbol != "KRE"));
    }
    let fetched = stage.run(&[]);
    assert_eq!(codes(&fetched), ["session_missing", "unscheduled_closure"]);
    assert_eq!(fetched.warnings[0].message, "`bars/KRE` from yahoo: no bar on 2026-02-10");
    assert!(fetched.warnings[1].message.contains("no series has a bar on 2026-01-20"));
}

#[test]
fn a_clock_that_is_years_off_is_said() {
    let stage = Stage::new();
    let dated = answer(200, &[("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], "observation_date,DGS2\n2026-03-05,3.0\n");
    stage.instead("DGS2", Some(dated));
    assert_eq!(codes(&stage.run(&["DGS2"])), [""; 0], "the clock was set on purpose");
    let live = FetchRequest { live_clock: true, ..named(&["DGS2"]) };
    assert_eq!(codes(&stage.request(&live).expect("a report")), ["clock_differs"]);
}

#[test]
fn what_is_held_beyond_a_clock_set_back_is_not_asked_for() {
    let mut stage = Stage::filled();
    stage.now = evening(day("2026-01-15"));
    assert_eq!(stage.run(&[]).lines, []);
    assert_eq!(codes(&stage.run(&["IWM"])), ["held_beyond_clock"]);
    assert_eq!(stage.upstream.asked(), [""; 0]);
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
    assert!(fetched.lines.iter().all(|line| line.series.kind == Kind::Rates) && !fetched.partial());
    let fetched = run(&["IWM"]).expect("a report");
    assert!(matches!(fault(&fetched, "IWM"), Fault::NoSource(_)) && fetched.partial());
}
