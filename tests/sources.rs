//! One source after the other: who is asked, whose rows are kept, and what is said of it.

mod server;

use std::time::Duration;

use rotation::bars::{Borrowed, Columns, Dividends, IMPORTED, Kind, Series, SeriesId};
use rotation::config::{Key, Keys};
use rotation::day::Day;
use rotation::fetch::Fault;
use rotation::run::fetch::{Became, FetchRequest, Fetched, fetch};
use server::stage::{FRIDAY, Stage, became, codes, day, fault, named};
use server::upstream::door;
use server::{answer, ok};

/// Bars in the default order.
const BARS: &[&str] = &["yahoo", "yahoo_2", "tiingo", "nasdaq"];
/// Rates in the default order.
const RATES: &[&str] = &["fred_api", "fredgraph", "treasury", "nyfed"];

fn keys() -> Keys {
    Keys::from([("tiingo", Key::new("canary-tiingo-1")), ("fred_api", Key::new("canary-fred-2"))])
}

/// Fetches from these sources, with a key for each that wants one.
fn request(stage: &Stage, bars: &[&str], rates: &[&str], request: &FetchRequest) -> Fetched {
    let settings = stage.upstream.server.settings_via(bars, rates);
    let request = FetchRequest { keys: keys(), ..request.clone() };
    fetch(&request, &stage.store, &settings, &stage.calendar, stage.now, &|_| {}).expect("a report")
}

fn run(stage: &Stage, names: &[&str]) -> Fetched {
    request(stage, BARS, RATES, &named(names))
}

fn down(stage: &Stage, sources: &[&'static str]) {
    let mut market = stage.upstream.market();
    market.down = sources.iter().map(|&source| (source, answer(500, &[], ""))).collect();
}

fn series(stage: &Stage, id: &SeriesId) -> Series {
    stage.held(id).expect("a series")
}

fn iwm(stage: &Stage) -> Series {
    series(stage, &SeriesId::bars("IWM"))
}

/// The sources asked since the last time, in order and without repetition.
fn asked(stage: &Stage) -> Vec<String> {
    let mut sources: Vec<String> =
        stage.upstream.server.take_log().iter().map(|request| door(&request.path).0.to_owned()).collect();
    sources.dedup();
    sources
}

fn borrowed(source: &str, from: &str) -> Borrowed {
    Borrowed { source: source.into(), from: day(from) }
}

/// A dividend of IWM, paid on a day of the story.
fn pays(stage: &Stage, at: &str, amount: f64) {
    stage.upstream.market().dividends.entry("IWM".into()).or_default().insert(day(at), amount);
}

fn dividend(series: &Series, at: &str) -> f64 {
    let Columns::Bars(bars) = &series.columns else { panic!("not bars") };
    bars.dividend[bars.day.binary_search(&day(at)).expect("a row")]
}

#[test]
fn each_source_serves_the_same_bars_and_the_first_that_answers_is_recorded() {
    let whole = {
        let stage = Stage::new();
        run(&stage, &["IWM"]);
        assert_eq!(asked(&stage), ["yahoo"]);
        iwm(&stage).columns
    };
    for (k, source) in BARS.iter().enumerate().skip(1) {
        let stage = Stage::new();
        down(&stage, &BARS[..k]);
        let fetched = run(&stage, &["IWM"]);
        assert!(matches!(became(&fetched, "IWM"), Became::Whole { anew: false, .. }), "{source}");
        let said: Vec<_> = fetched.warnings.iter().filter(|warning| warning.code == "source_failed").collect();
        assert_eq!(said.len(), k, "each hands over with a warning");
        let message = &said[0].message;
        assert!(message.starts_with("`bars/IWM` from yahoo: "), "{message}");
        assert!(message.ends_with(&format!("; {source} was asked instead")), "{message}");
        let held = iwm(&stage);
        assert_eq!((held.origin.owner.as_str(), held.origin.borrowed), (*source, None));
        assert_eq!(held.columns, whole, "{source}");
        let known = if *source == "nasdaq" { Dividends::Unknown } else { Dividends::Reported };
        assert_eq!(held.origin.dividends, known);
        assert_eq!(codes(&fetched).contains(&"dividends_unknown"), *source == "nasdaq");
    }
}

#[test]
fn yahoos_second_door_continues_what_the_first_served() {
    let mut stage = Stage::new();
    run(&stage, &["IWM"]);
    stage.pass(1);
    down(&stage, &["yahoo"]);
    assert_eq!(became(&run(&stage, &["IWM"]), "IWM"), &Became::Extended { added: 1 });
    let held = iwm(&stage);
    assert_eq!((held.origin.owner.as_str(), held.origin.borrowed), ("yahoo_2", None));
}

#[test]
fn another_vendors_tail_is_borrowed_until_the_owner_serves_again() {
    let mut stage = Stage::new();
    run(&stage, &["IWM"]);
    let before = stage.bars("IWM").len();
    stage.pass(2);
    pays(&stage, "2026-03-09", 0.31);
    down(&stage, &["yahoo", "yahoo_2"]);
    assert_eq!(became(&run(&stage, &["IWM"]), "IWM"), &Became::Extended { added: 2 });
    let held = iwm(&stage);
    assert_eq!((held.origin.owner.as_str(), held.origin.dividends), ("yahoo", Dividends::Reported));
    assert_eq!(
        (held.origin.borrowed.clone(), dividend(&held, "2026-03-09")),
        (Some(borrowed("tiingo", "2026-03-09")), 0.31)
    );
    assert_eq!(held.origin.sources().collect::<Vec<_>>(), ["yahoo", "tiingo"]);
    // the owner is asked from its own last rows on
    stage.pass(1);
    down(&stage, &[]);
    stage.upstream.server.take_log();
    assert_eq!(became(&run(&stage, &["IWM"]), "IWM"), &Became::Extended { added: 1 });
    let log = stage.upstream.server.take_log();
    let fifth = stage.bars("IWM").day[before - 5];
    assert_eq!(log[0].query["period1"], (i64::from(fifth.number()) * 86_400).to_string());
    let held = iwm(&stage);
    assert_eq!((held.origin.borrowed.clone(), held.columns.days().len()), (None, before + 3));
    assert_eq!(dividend(&held, "2026-03-09"), 0.31);
}

#[test]
fn a_tail_of_prices_alone_touches_no_row_of_the_owners_and_says_what_it_lacks() {
    let mut stage = Stage::new();
    pays(&stage, FRIDAY, 0.27);
    run(&stage, &["IWM"]);
    let before = stage.bars("IWM");
    stage.pass(2);
    pays(&stage, "2026-03-10", 0.31);
    down(&stage, &["yahoo", "yahoo_2", "tiingo"]);
    let fetched = run(&stage, &["IWM"]);
    let said = fetched.warnings.iter().find(|warning| warning.code == "dividends_unknown").expect("a warning");
    assert!(said.message.contains("dividends are not known since 2026-03-09"), "{}", said.message);
    let held = iwm(&stage);
    assert_eq!(
        (held.origin.borrowed.clone(), held.origin.dividends),
        (Some(borrowed("nasdaq", "2026-03-09")), Dividends::Unknown)
    );
    assert_eq!((dividend(&held, FRIDAY), dividend(&held, "2026-03-10")), (0.27, 0.0));
    let Columns::Bars(bars) = &held.columns else { panic!("not bars") };
    assert_eq!(
        (&bars.close[..before.len()], &bars.dividend[..before.len()]),
        (&before.close[..], &before.dividend[..])
    );
    // the same again adds nothing
    let again = run(&stage, &["IWM"]);
    assert_eq!((became(&again, "IWM"), codes(&again).contains(&"dividends_unknown")), (&Became::Unchanged, false));
    // the owner knows, and its rows take the place of the borrowed ones
    down(&stage, &[]);
    run(&stage, &["IWM"]);
    let held = iwm(&stage);
    assert_eq!((held.origin.borrowed.clone(), held.origin.dividends), (None, Dividends::Reported));
    assert_eq!(dividend(&held, "2026-03-10"), 0.31);
}

#[test]
fn a_series_of_prices_alone_lacks_dividends_from_its_first_day_and_says_so_as_it_grows() {
    let mut stage = Stage::new();
    down(&stage, &["yahoo", "yahoo_2", "tiingo"]);
    for _ in 0..2 {
        let fetched = run(&stage, &["IWM"]);
        let said = fetched.warnings.iter().find(|warning| warning.code == "dividends_unknown").expect("a warning");
        assert!(said.message.ends_with("dividends are not known since 2025-11-03"), "{}", said.message);
        stage.pass(1);
    }
}

#[test]
fn an_imported_series_says_each_time_from_which_row_on_dividends_are_lacking() {
    let mut stage = Stage::new();
    run(&stage, &["IWM"]);
    let mut held = iwm(&stage);
    held.origin.owner = IMPORTED.into();
    let mut writer = stage.store.lock(Duration::ZERO).expect("the lock");
    writer.put(&SeriesId::bars("IWM"), &held).expect("stored");
    writer.finish().expect("stored");
    down(&stage, &["yahoo", "yahoo_2", "tiingo"]);
    for from in ["2026-03-09", "2026-03-10"] {
        stage.pass(1);
        let fetched = run(&stage, &["IWM"]);
        let said = fetched.warnings.iter().find(|warning| warning.code == "dividends_unknown").expect("a warning");
        let what = format!("has prices alone: the rows from {from} on come without dividends");
        assert!(said.message.ends_with(&what), "{}", said.message);
    }
    assert_eq!(iwm(&stage).origin.owner, IMPORTED);
}

#[test]
fn a_series_of_prices_alone_is_fetched_whole_from_the_first_that_knows_dividends() {
    let mut stage = Stage::new();
    pays(&stage, "2026-02-10", 0.27);
    down(&stage, &["yahoo", "yahoo_2", "tiingo"]);
    run(&stage, &["IWM"]);
    assert_eq!(dividend(&iwm(&stage), "2026-02-10"), 0.0);
    stage.pass(1);
    down(&stage, &["yahoo", "yahoo_2"]);
    assert!(matches!(became(&run(&stage, &["IWM"]), "IWM"), Became::Whole { anew: true, .. }));
    let held = iwm(&stage);
    assert_eq!((held.origin.owner.as_str(), held.origin.dividends), ("tiingo", Dividends::Reported));
    assert_eq!(dividend(&held, "2026-02-10"), 0.27);
}

/// Prices at the sources from now on, times `factor`.
fn restated(stage: &Stage, factor: f64) {
    let mut market = stage.upstream.market();
    let rows = market.bars.get_mut("IWM").expect("bars");
    for (_, close, _) in rows {
        *close = (*close * factor * 100.0).round() / 100.0;
    }
}

#[test]
fn a_tail_that_disagrees_brings_the_whole_series_from_that_source_and_is_never_spliced() {
    let mut stage = Stage::new();
    run(&stage, &["IWM"]);
    stage.pass(1);
    restated(&stage, 0.5);
    down(&stage, &["yahoo", "yahoo_2"]);
    assert!(matches!(became(&run(&stage, &["IWM"]), "IWM"), Became::Whole { anew: true, .. }));
    let held = iwm(&stage);
    assert_eq!((held.origin.owner.as_str(), held.origin.borrowed), ("tiingo", None));
}

#[test]
fn ten_years_of_prices_never_take_the_place_of_more() {
    for paid in [false, true] {
        let mut stage = Stage::new();
        if paid {
            pays(&stage, "2026-02-10", 0.27);
        }
        run(&stage, &["IWM"]);
        let before = iwm(&stage);
        stage.pass(1);
        restated(&stage, 0.5);
        stage.upstream.market().bars.get_mut("IWM").expect("bars").drain(..if paid { 0 } else { 40 });
        down(&stage, &["yahoo", "yahoo_2", "tiingo"]);
        let fetched = run(&stage, &["IWM"]);
        assert_eq!((fault(&fetched, "IWM"), fetched.partial()), (&Fault::Status(500), true));
        let shrunk = fetched.warnings.iter().find(|warning| warning.code == "answer_shrunk").expect("a warning");
        let why = if paid { "it has no dividends" } else { "its first day is" };
        assert!(shrunk.message.contains(why) && shrunk.message.contains("nasdaq"), "{}", shrunk.message);
        assert_eq!(iwm(&stage), before);
    }
}

#[test]
fn rates_go_from_the_api_to_the_graph_to_the_treasury_and_the_new_york_fed() {
    let names = ["DGS2", "DGS10", "EFFR", "DFEDTARU"];
    let ids = names.map(SeriesId::rates);
    let stage = Stage::new();
    run(&stage, &names);
    assert_eq!(asked(&stage), ["fred_api"]);
    let whole = ids.clone().map(|id| series(&stage, &id).columns);
    for (k, owners) in [(1, ["fredgraph"; 4]), (2, ["treasury", "treasury", "nyfed", "nyfed"])] {
        let stage = Stage::new();
        down(&stage, &RATES[..k]);
        assert!(!run(&stage, &names).partial());
        for ((id, owner), whole) in ids.iter().zip(owners).zip(&whole) {
            let (held, mut whole) = (series(&stage, id), whole.clone());
            // the New York Fed tells the target with the rate, a day later
            let late = usize::from(id.name == "DFEDTARU" && owner == "nyfed");
            whole.keep(0..whole.days().len() - late);
            assert_eq!((held.origin.owner.as_str(), held.columns), (owner, whole), "{id}");
        }
    }
}

#[test]
fn a_borrowed_yield_gives_way_and_what_nobody_else_serves_fails() {
    let mut stage = Stage::new();
    run(&stage, &["DGS2", "DFF"]);
    stage.pass(1);
    down(&stage, &RATES[..2]);
    let fetched = run(&stage, &["DGS2", "DFF"]);
    assert_eq!(became(&fetched, "DGS2"), &Became::Extended { added: 1 });
    assert_eq!((fault(&fetched, "DFF"), fetched.partial()), (&Fault::Status(500), true));
    let two = SeriesId::rates("DGS2");
    assert_eq!(series(&stage, &two).origin.borrowed, Some(borrowed("treasury", FRIDAY)));
    stage.pass(1);
    down(&stage, &[]);
    run(&stage, &["DGS2"]);
    let held = series(&stage, &two);
    assert_eq!((held.origin.owner.as_str(), held.origin.borrowed), ("fred_api", None));
    assert_eq!(held.columns.days().last(), Some(&day("2026-03-09")));
}

#[test]
fn years_are_asked_for_one_by_one() {
    let mut stage = Stage::new();
    down(&stage, &["fred_api", "fredgraph"]);
    run(&stage, &["DGS2"]);
    let years: Vec<String> = stage
        .upstream
        .server
        .take_log()
        .into_iter()
        .filter(|request| door(&request.path).0 == "treasury")
        .map(|request| request.query["field_tdr_date_value"].clone())
        .collect();
    assert_eq!(years, (1990..=2026).map(|year| year.to_string()).collect::<Vec<_>>());
    stage.pass(1);
    run(&stage, &["DGS2"]);
    let tail = stage.upstream.server.take_log();
    assert_eq!(tail.iter().filter(|request| door(&request.path).0 == "treasury").count(), 1);
}

#[test]
fn a_source_without_its_key_is_passed_over_in_silence() {
    let stage = Stage::new();
    let settings = stage.upstream.server.settings_via(BARS, RATES);
    let request = named(&["IWM", "DGS2"]);
    let fetched = fetch(&request, &stage.store, &settings, &stage.calendar, stage.now, &|_| {}).expect("a report");
    assert_eq!(codes(&fetched), [""; 0]);
    assert_eq!(fetched.details[0], "tiingo is not asked: `TIINGO_API_KEY` is not set");
    let mut sources = asked(&stage);
    sources.sort();
    assert_eq!(sources, ["fredgraph", "yahoo"]);
}

#[test]
fn a_key_that_is_refused_is_named_by_its_variable_and_not_tried_again() {
    let stage = Stage::new();
    {
        let mut market = stage.upstream.market();
        let refusal = "{\"error_code\":400,\"error_message\":\"The value for variable api_key is not registered.\"}";
        market.down.insert("fred_api", answer(400, &[], refusal));
        market.down.insert("tiingo", answer(401, &[], "{\"detail\":\"Invalid token canary-tiingo-1\"}"));
    }
    let fetched =
        request(&stage, &["tiingo", "yahoo"], RATES, &named(&["IWM", "SPY", "KRE", "RSP", "DGS2", "DGS10", "DFF"]));
    assert!(!fetched.partial());
    let said: Vec<&str> = fetched
        .warnings
        .iter()
        .filter(|warning| warning.code == "key_refused")
        .map(|warning| &*warning.message)
        .collect();
    assert!(said.len() == 2 && said[0].contains("`TIINGO_API_KEY`") && said[1].contains("`FRED_API_KEY`"), "{said:?}");
    let log = stage.upstream.server.take_log();
    let count = |source: &str| log.iter().filter(|request| door(&request.path).0 == source).count();
    // those under way at once may each have asked
    assert!(count("tiingo") <= 4 && count("fred_api") <= 4 && count("yahoo") == 4);
}

#[test]
fn keys_stand_in_the_header_or_the_query_of_their_own_source_alone() {
    let stage = Stage::new();
    request(&stage, &["tiingo"], &["fred_api"], &named(&["IWM", "DGS2"]));
    let log = stage.upstream.server.take_log();
    let of = |source: &str| log.iter().find(|request| door(&request.path).0 == source).expect("a request");
    let tiingo = of("tiingo").head.to_lowercase();
    assert!(tiingo.contains("authorization: token canary-tiingo-1\r\n") && !tiingo.contains("canary-fred"));
    assert!(!tiingo.lines().next().expect("a line").contains("canary"));
    assert_eq!(of("fred_api").query["api_key"], "canary-fred-2");
    assert!(!of("fred_api").head.to_lowercase().contains("authorization"));
}

#[test]
fn no_more_is_asked_of_a_source_than_it_allows_in_an_hour() {
    let stage = Stage::new();
    let mut settings = stage.upstream.server.settings_via(&["tiingo", "yahoo"], RATES);
    settings.groups =
        (0..60).map(|i| rotation::config::Group { symbol: format!("G{i}"), tag: "group".into() }).collect();
    let rows: Vec<_> = stage.upstream.market().bars["IWM"].clone();
    stage.upstream.market().bars.extend((0..60).map(|i| (format!("G{i}"), rows.clone())));
    let request = FetchRequest { keys: keys(), needed_only: true, ..named(&[]) };
    let fetched = fetch(&request, &stage.store, &settings, &stage.calendar, stage.now, &|_| {}).expect("a report");
    assert!(!fetched.partial());
    let log = stage.upstream.server.take_log();
    assert_eq!(log.iter().filter(|request| door(&request.path).0 == "tiingo").count(), 50);
    assert!(codes(&fetched).contains(&"source_limited"));
}

#[test]
fn an_answer_of_another_kind_hands_over_too() {
    let stage = Stage::new();
    {
        let mut market = stage.upstream.market();
        market.down.insert("yahoo", ok("<!doctype html><title>Will be right back"));
        market.down.insert("yahoo_2", ok("Edge: Too Many Requests"));
    }
    let fetched = run(&stage, &["IWM", "SPY", "KRE"]);
    assert!(!fetched.partial());
    assert!(codes(&fetched).contains(&"web_page") && codes(&fetched).contains(&"source_limited"));
    let last: Option<Day> = iwm(&stage).columns.days().last().copied();
    assert_eq!((iwm(&stage).origin.owner.as_str(), last), ("tiingo", Some(day(FRIDAY))));
}

#[test]
fn a_reading_of_a_fund_page_is_added_to_those_kept() {
    let mut stage = Stage::new();
    let id = SeriesId::new(Kind::Valuation, "sp-600.fy1.ssga");
    assert!(!stage.run(&["pe-small", "pe-large"]).partial());
    let first = series(&stage, &id);
    assert_eq!((first.origin.owner.as_str(), first.columns.days()), ("ssga", &[day("2026-03-05")][..]));
    // the same again, within hours
    assert_eq!(became(&stage.run(&["pe-small"]), &id.name), &Became::Unchanged);
    stage.pass(2);
    let fetched = stage.run(&["pe-small"]);
    assert_eq!(became(&fetched, &id.name), &Became::Extended { added: 1 });
    let held = series(&stage, &id);
    assert_eq!(held.columns.days(), [day("2026-03-05"), day("2026-03-09")]);
    // a page that shows an earlier day than the last, or none, takes nothing away
    stage.upstream.market().until = day(FRIDAY);
    assert!(matches!(fault(&stage.run(&["pe-small"]), &id.name), Fault::Shrunk(_)));
    assert_eq!(series(&stage, &id), held);
}

#[test]
fn a_fund_page_that_moved_is_followed_on_its_host_and_a_placeholder_is_refused() {
    let stage = Stage::new();
    let id = SeriesId::new(Kind::Valuation, "sp-500.fy1.ssga");
    let page = |pe: &str| {
        ok(format!(
            "<html><input value=\"SPY\" id=\"fund-info-ticker\"><section><h2>Index Characteristics<span>as of Mar 04 \
             2026</span></h2><th>Price/Earnings Ratio FY1</th><td>{pe}</td></section></html>"
        ))
    };
    stage.upstream.market().pages.insert("moved".into(), page("21.5"));
    stage.instead(&id.name, Some(answer(301, &[("Location", "/us/en/moved")], "")));
    assert_eq!(became(&stage.run(&["pe-large"]), &id.name), &Became::Whole { rows: 1, anew: false });
    let held = series(&stage, &id);
    for (reply, why) in [
        (page("0.0"), "not a P/E of an index"),
        (page("0.0465"), "not a P/E of an index"),
        (answer(301, &[("Location", "https://elsewhere.example/")], ""), "which is not followed"),
        (ok("<html>Please sign in</html>"), "a web page, not data"),
    ] {
        stage.instead(&id.name, Some(reply));
        let fetched = stage.run(&["pe-large"]);
        assert!(fetched.partial() && fetched.warnings[0].message.contains(why), "{why}: {fetched:?}");
        assert_eq!(series(&stage, &id), held, "{why}");
    }
}
