//! What the sources may do wrong, and what the store holds afterwards.

mod server;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rotation::bars::SeriesId;
use rotation::fetch::{Fault, Limits};
use rotation::run::fetch::{Became, FetchRequest, Interrupted, fetch};
use server::stage::{Stage, became, codes, day, evening, fault, named};
use server::{Reply, answer, head, nobody, ok, unframed};

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
    // the rest of the tail is there, the last day is not
    stage.upstream.market().rates.get_mut("DGS10").expect("rates").remove(&day("2026-03-05"));
    assert!(matches!(fault(&stage.run(&["DGS10"]), "DGS10"), Fault::Shrunk(_)));
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
fn t12_a_source_that_drips_or_is_silent_leaves_the_store_as_it_is() {
    let mut stage = Stage::filled();
    let before = ["KRE", "RSP"].map(|symbol| stage.held(&SeriesId::bars(symbol)));
    stage.pass(1);
    let whole = [head(200, &[("Content-Length", "100000")]).as_bytes(), &vec![b'1'; 100_000]].concat();
    stage.instead("KRE", Some(Reply::Silence));
    stage.instead("RSP", Some(Reply::Drip(whole, Duration::from_millis(20))));
    let limits = Limits { request: Duration::from_millis(500), ..Limits::default() };
    let fetched = stage.request(&FetchRequest { limits, ..named(&["KRE", "RSP", "IWM"]) }).expect("a report");
    assert_eq!((codes(&fetched), fetched.partial()), (vec!["source_timeout"], true));
    let message = &fetched.warnings[0].message;
    assert!(
        message.starts_with("`bars/KRE` from yahoo: ") && message.contains("did not answer in time: run again later")
    );
    assert!(message.ends_with("; the same for RSP"), "{message}");
    assert_eq!(["KRE", "RSP"].map(|symbol| stage.held(&SeriesId::bars(symbol))), before);
    assert_eq!(became(&fetched, "IWM"), &Became::Extended { added: 1 });
}

#[test]
fn t56_an_interrupted_fetch_says_how_much_is_kept() {
    static STOP: AtomicBool = AtomicBool::new(true);
    let stage = Stage::new();
    let request = FetchRequest { watch: || &STOP, ..named(&["IWM", "SPY", "KRE"]) };
    let error = stage.request(&request).expect_err("an interruption");
    assert_eq!(error.downcast_ref(), Some(&Interrupted { done: 1, total: 3 }));
    let words = "interrupted after 1 of 3 series; those are kept, the others are asked for next time";
    assert_eq!(error.to_string(), words);
    let held = |symbol: &&str| stage.held(&SeriesId::bars(symbol)).is_some();
    assert_eq!(["IWM", "SPY", "KRE"].iter().filter(|symbol| held(symbol)).count(), 1);
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
fn a_source_that_cannot_be_reached_is_said_once() {
    let stage = Stage::filled();
    let mut settings = stage.upstream.server.settings();
    settings.sources.get_mut("yahoo").expect("a source").base_url = nobody();
    let request = FetchRequest { full: true, ..named(&[]) };
    let fetched = fetch(&request, &stage.store, &settings, &stage.calendar, stage.now, &|_| {}).expect("a report");
    assert_eq!(codes(&fetched), ["source_unreachable"]);
    let message = &fetched.warnings[0].message;
    assert!(message.starts_with("`bars/IWM` from yahoo: no answer from `http://127.0.0.1:"), "{message}");
    assert!(message.contains("; the same for SPY, KRE, RSP, PSCD"), "{message}");
}
