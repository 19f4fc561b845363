//! The members of an index from their source, and their bars in rounds.

mod server;

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rotation::bars::SeriesId;
use rotation::fetch::Fault;
use rotation::run::fetch::{FetchRequest, Interrupted, Listed, Members, fetch_members, render_members};
use rotation::universe::{Member, Snapshot, universe};
use server::stage::{FRIDAY, Stage, day, named};
use server::{Reply, answer, ok, unframed};

/// The usual path's last part, and the other one's.
const USUAL: &str = "latest-holdings.csv";
const OTHER: &str = "1467271812596.ajax";

/// A holdings file of as many members as an index has; some of it may be changed.
fn holdings(members: usize, change: impl Fn(String) -> String) -> String {
    let row = |i: usize| format!("\"M{i}\",\"Member {i}\",\"Energy\",\"Equity\",\"1,000.00\",\"0.05\",\"NYSE\"\n");
    let rows: String = (0..members).map(row).collect();
    change(format!(
        "\u{feff}iShares Russell 2000 ETF\nFund Holdings as of,\"Mar 05, 2026\"\n\u{a0}\n\
         Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Exchange\n{rows}\u{a0}\n\"A disclaimer\"\n"
    ))
}

/// A stage whose store has a list of these members, of a few sessions ago; all have bars upstream.
fn listed(symbols: &[&str]) -> Stage {
    let stage = Stage::new();
    {
        let mut market = stage.upstream.market();
        let rows = market.bars["KRE"].clone();
        for symbol in symbols {
            market.bars.insert((*symbol).to_owned(), rows.clone());
        }
    }
    let snapshot = Snapshot {
        day: day("2026-03-03"),
        source: "ishares".into(),
        fetched_at: "2026-03-04T00:00:00Z".into(),
        members: symbols.iter().map(|symbol| Member::bare(*symbol)).collect(),
    };
    let mut writer = stage.store.lock(Duration::from_secs(10)).expect("the lock");
    assert!(writer.put_snapshot("IWM", &snapshot).expect("stored"));
    writer.finish().expect("synced");
    stage
}

/// A hundred symbols in order.
fn hundred() -> Vec<String> {
    (0..100).map(|i| format!("S{i:02}")).collect()
}

fn listed_hundred() -> Stage {
    let symbols = hundred();
    listed(&symbols.iter().map(String::as_str).collect::<Vec<_>>())
}

fn run(stage: &Stage) -> Members {
    stage.members(&named(&[]), &|_| {}).expect("a report")
}

/// Fetches the list, with no source of bars enabled.
fn list_alone(stage: &Stage) -> Members {
    let mut settings = stage.upstream.server.settings();
    settings.order.bars = Vec::new();
    let iwm = universe("IWM").expect("a universe");
    let Stage { store, calendar, now, .. } = stage;
    fetch_members(iwm, &named(&[]), store, &settings, calendar, *now, &|_| {}).expect("a report")
}

fn codes(members: &Members) -> Vec<&'static str> {
    members.warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_list_is_fetched_stored_and_not_asked_for_again_within_a_week() {
    let mut stage = Stage::new();
    let page = |reply: Reply| stage.upstream.market().pages.insert(USUAL.into(), reply);
    page(ok(holdings(1_900, |text| text)));
    let first = list_alone(&stage);
    assert!(!first.partial() && first.warnings.is_empty(), "{first:?}");
    let text = render_members(&first);
    assert_eq!(text, "universe/IWM  1900 members of 2026-03-05, new list\n  1900 not due\n");
    let held = stage.store.snapshot("IWM", day("2026-03-05")).expect("a list");
    assert_eq!((held.members.len(), held.source.as_str()), (1_900, "ishares"));
    assert_eq!(stage.upstream.server.take_log().len(), 1);
    assert!(render_members(&list_alone(&stage)).contains("held list") && stage.upstream.server.take_log().is_empty());
    // a list six sessions old is asked for again, and once a day where no newer one comes
    stage.pass(6);
    assert_eq!(list_alone(&stage).list, list_alone(&stage).list);
    assert_eq!(stage.upstream.server.take_log().len(), 1);
}

#[test]
fn what_cannot_be_the_list_is_refused_and_the_held_one_gone_by() {
    let cases: Vec<(Reply, &str)> = vec![
        (ok(holdings(300, |text| text)), "300 members, where 1800 to 2100 are expected"),
        (ok(holdings(1_900, |text| text.replace("Mar 05", "Mar 09"))), "has not come by the clock (2026-03-06)"),
        (ok(holdings(1_900, |text| text.replace("Russell 2000", "MSCI"))), "it is about `iShares MSCI ETF`"),
        (ok("iShares Russell 2000 ETF\nFund Holdings as of,\"-\"\n"), "no data for its day"),
        (
            unframed(holdings(1_900, |text| text.split("\u{a0}\n\"A dis").next().expect("a table").to_owned())),
            "breaks off",
        ),
        (ok("<!DOCTYPE html><html>a page</html>"), "a web page, not data"),
        (answer(403, &[], ""), "denies access (status 403)"),
    ];
    for (reply, why) in cases {
        let stage = listed(&["AAA"]);
        stage.upstream.market().pages.insert(USUAL.into(), reply);
        let request = FetchRequest { full: true, ..named(&[]) };
        let members = stage.members(&request, &|_| {}).expect("a report");
        assert!(members.partial() && members.whole == 1, "{why}: {members:?}");
        let message = &members.warnings[0].message;
        assert!(message.contains(why) && message.contains("the list of 2026-03-03 is gone by"), "{why}: {message}");
        assert_eq!(stage.store.snapshot_days("IWM").expect("days"), [day("2026-03-03")], "{why}");
    }
}

#[test]
fn a_list_that_the_user_gave_is_not_overwritten() {
    let stage = Stage::new();
    let given = Snapshot {
        day: day("2026-03-05"),
        source: "imported".into(),
        fetched_at: String::from("2026-03-05T00:00:00Z"),
        members: vec![Member::bare("AAA")],
    };
    let mut writer = stage.store.lock(Duration::from_secs(10)).expect("the lock");
    writer.put_snapshot("IWM", &given).expect("stored");
    writer.finish().expect("synced");
    stage.upstream.market().pages.insert(USUAL.into(), ok(holdings(1_900, |text| text)));
    let request = FetchRequest { full: true, ..named(&[]) };
    let members = stage.members(&request, &|_| {}).expect("a report");
    assert_eq!(members.list.map(|list| (list.members, list.from)), Some((1, Listed::Store)));
    assert_eq!(stage.store.snapshot("IWM", day("2026-03-05")), Ok(given));
}

#[cfg(unix)]
#[test]
fn a_list_that_cannot_be_stored_is_gone_by_and_said() {
    let stage = Stage::new();
    stage.upstream.market().pages.insert(USUAL.into(), ok(holdings(1_900, |text| text)));
    let path = stage.store.root().join("universe/IWM/2026-03-05.csv");
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    // as on a failing disk: a link to itself cannot be opened
    std::os::unix::fs::symlink("2026-03-05.csv", &path).expect("a link");
    let members = list_alone(&stage);
    assert!(members.partial() && codes(&members).contains(&"file_unreadable"), "{members:?}");
    let text = render_members(&members);
    assert!(text.starts_with("universe/IWM  1900 members of 2026-03-05, new list, which is not stored\n"), "{text}");
}

#[test]
fn where_the_usual_path_fails_the_other_one_serves() {
    let stage = Stage::new();
    stage.upstream.market().pages.insert(OTHER.into(), ok(holdings(1_900, |text| text)));
    assert_eq!(list_alone(&stage).list.map(|list| list.members), Some(1_900));
    let log = stage.upstream.server.take_log();
    assert_eq!(log.len(), 2);
    assert_eq!(log[1].query["fileName"], "IWM_holdings");
}

#[test]
fn without_a_list_there_is_nothing_to_fetch() {
    let stage = Stage::new();
    let members = run(&stage);
    assert!(members.partial() && members.list.is_none(), "{members:?}");
    assert!(members.warnings[0].message.contains("give one with `rotation import`"), "{members:?}");
    assert_eq!(render_members(&members), "universe/IWM  no list of members\n");
}

#[test]
fn members_are_fetched_once_and_then_only_what_is_new() {
    let mut stage = listed(&["AAA", "BBB", "CCC"]);
    stage.upstream.market().unknown.insert("CCC".into());
    let first = run(&stage);
    assert_eq!((first.whole, first.unknown, first.partial()), (2, 1, false), "{first:?}");
    assert_eq!(stage.bars("AAA").day.last(), Some(&day(FRIDAY)));
    stage.upstream.asked();
    let again = run(&stage);
    assert_eq!((again.not_due, stage.upstream.asked().len()), (3, 0), "{again:?}");
    stage.pass(1);
    let next = run(&stage);
    assert_eq!((next.extended, next.not_due), (2, 1), "one that no source knows is not asked for: {next:?}");
    assert_eq!(stage.upstream.asked(), ["AAA", "BBB"]);
}

#[test]
fn an_interrupted_fetch_goes_on_where_it_ended() {
    static STOP: AtomicBool = AtomicBool::new(false);
    let stage = listed_hundred();
    let request = FetchRequest { watch: || &STOP, ..named(&[]) };
    let seen = AtomicUsize::new(0);
    let error = stage
        .members(&request, &|progress| {
            assert_eq!(progress.total, 100);
            seen.fetch_max(progress.done, Ordering::SeqCst);
            STOP.store(progress.done >= 57, Ordering::SeqCst);
        })
        .expect_err("interrupted");
    let interrupted = error.downcast_ref::<Interrupted>().expect("an interruption");
    assert_eq!((interrupted.done, interrupted.total), (57, 100));
    let held: Vec<String> = hundred().into_iter().filter(|name| stage.held(&SeriesId::bars(name)).is_some()).collect();
    assert_eq!(held.len(), 57);
    stage.upstream.asked();
    STOP.store(false, Ordering::SeqCst);
    let rest = stage.members(&request, &|_| {}).expect("a report");
    assert_eq!((rest.not_due, rest.whole, rest.partial()), (57, 43, false), "{rest:?}");
    let asked = stage.upstream.asked();
    assert!(asked.len() == 43 && asked.iter().all(|name| !held.contains(name)), "{asked:?}");
}

#[test]
fn a_source_that_blocks_is_left_alone_and_the_rest_not_asked_for() {
    for (reply, code) in [(answer(429, &[], ""), "source_limited"), (answer(403, &[], ""), "source_denied")] {
        let stage = listed_hundred();
        stage.upstream.market().instead = hundred().into_iter().map(|name| (name, reply.clone())).collect();
        let request = named(&[]);
        let members = stage.members(&request, &|_| {}).expect("a report");
        assert_eq!((members.failed, members.stopped, members.partial()), (40, 60, true), "{members:?}");
        assert!(codes(&members).contains(&code), "{members:?}");
        assert!(stage.upstream.asked().len() <= 12, "a few tries, then none");
        let text = render_members(&members);
        assert!(text.contains("60 not asked for, as the sources refuse: run again later"), "{text}");
    }
}

#[test]
fn most_members_unknown_at_once_are_a_block_and_not_delisted() {
    let stage = listed_hundred();
    stage.upstream.market().unknown = hundred().into_iter().collect();
    let members = run(&stage);
    assert_eq!((members.unknown, members.failed, members.stopped), (0, 40, 60), "{members:?}");
    let blocked = Fault::Blocked { failed: 40, asked: 40 };
    assert!(codes(&members).contains(&blocked.code()), "{members:?}");
    assert_eq!(members.warnings.len(), 1, "said once: {members:?}");
}

#[test]
fn t32_a_member_that_doubles_on_news_is_taken_and_one_that_splits_unmarked_is_not() {
    let stage = listed(&["NEWS", "SPLIT"]);
    {
        let mut market = stage.upstream.market();
        for (symbol, volume) in [("NEWS", 20.0), ("SPLIT", 2.0)] {
            let rows = market.bars.get_mut(symbol).expect("bars");
            let at = rows.iter().position(|(on, ..)| *on == day("2026-02-10")).expect("a row");
            for row in &mut rows[at..] {
                row.1 /= 2.0;
            }
            rows[at].2 *= volume;
        }
    }
    let members = run(&stage);
    assert_eq!((members.whole, members.failed, members.withheld), (1, 1, 0), "{members:?}");
    let messages: Vec<&str> = members.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(messages.iter().any(|one| one.contains("bars/SPLIT") && one.contains("possible split")), "{messages:?}");
    assert!(messages.iter().any(|one| one.contains("bars/NEWS") && one.contains("traded as news is")), "{messages:?}");
    assert!(stage.held(&SeriesId::bars("SPLIT")).is_none());
}
