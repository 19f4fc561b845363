//! What a source may answer, or not.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::desk::{Desk, TUESDAY, WEDNESDAY, wait};
use crate::server::{Reply, Server, answer, gzip, head, nobody, ok, unframed};

/// On Wednesday KRE is answered so: the fetch and the verdict both say `words` under `code` and end
/// with 3, and the file is what it was on Tuesday.
fn refused(reply: &Reply, code: &str, words: &[&str]) {
    let desk = Desk::filled();
    let before = desk.bytes("bars/KRE.parquet");
    desk.instead("KRE", reply.clone());
    let words = [&["`bars/KRE` from yahoo: "], words].concat();
    desk.run(WEDNESDAY, &["fetch", "KRE"]).ends(3, &words);
    let check = desk.check();
    check.ends(3, &[]);
    check.warns(code, Some("KRE"), &words);
    assert_eq!(desk.bytes("bars/KRE.parquet"), before);
}

/// Lets one request at a time through.
fn one_at_a_time(desk: &Desk) {
    let text = fs::read_to_string(desk.path("c.toml")).expect("text");
    fs::write(desk.path("c.toml"), text.replace("max_in_flight = 8", "max_in_flight = 1")).expect("written");
}

#[test]
fn t02_a_limit_beyond_the_deadline_is_told_and_not_waited_for() {
    let headers = [("Retry-After", "Tue, 23 Sep 2025 23:00:00 GMT"), ("Date", "Tue, 23 Sep 2025 22:00:00 GMT")];
    let desk = Desk::filled();
    let before = desk.files();
    desk.upstream.market().down.insert("yahoo", answer(429, &headers, "slow down"));
    let words = ["`bars/IWM` from yahoo: ", "is limited until 2025-09-23T23:00:00Z", "run again after that"];
    desk.run(WEDNESDAY, &["fetch", "IWM"]).ends(3, &words);
    assert_eq!((desk.upstream.asked(), desk.files()), (vec!["IWM".to_owned()], before));
    let check = desk.check();
    check.ends(3, &[]);
    check.warns("source_limited", None, &words);
}

#[test]
fn t03_a_page_with_status_200_is_no_data() {
    let page = ok("\u{feff}\n<!DOCTYPE html><html><title>Will be right back</title></html>");
    refused(&page, "web_page", &["a web page, not data", "open it in a browser"]);
}

#[test]
fn t04_after_a_daily_limit_the_host_is_not_asked_again() {
    let desk = Desk::filled();
    one_at_a_time(&desk);
    let before = desk.files();
    desk.upstream.market().down.insert("yahoo", ok("Exceeded the daily hits limit"));
    desk.run(WEDNESDAY, &["fetch", "IWM", "SPY", "KRE", "RSP"]).ends(3, &["too many requests", "SPY, KRE, RSP"]);
    assert_eq!(desk.upstream.asked(), ["IWM"], "one request, and no more");
    assert_eq!(desk.files(), before);
    let check = desk.check();
    check.ends(3, &[]);
    check.warns("source_limited", None, &["`bars/IWM` from yahoo", "run again in an hour", "the same for SPY, KRE"]);
}

#[test]
fn t05_a_redirect_to_a_consent_page_is_named_and_not_followed() {
    let away = answer(302, &[("Location", "https://consent.example/collect?back=1")], "");
    refused(&away, "source_redirected", &["redirects to `https://consent.example`, which is not followed", "check"]);
}

#[test]
fn t06_a_captive_portal_is_told_as_a_sign_in() {
    let words = ["network sign-in", "open it in a browser"];
    refused(&ok("<html><body>Welcome to Airport WiFi</body></html>"), "web_page", &words);
    refused(&answer(511, &[], "<html>sign in</html>"), "web_page", &words);
}

#[test]
fn t07_redirects_in_a_circle_end() {
    refused(&answer(302, &[("Location", "KRE")], ""), "source_redirected", &["redirects in a circle", "check"]);
}

#[test]
fn t08_a_cut_answer_is_asked_for_three_times() {
    let desk = Desk::filled();
    let before = desk.files();
    let packed = gzip(&b"{\"chart\": 1}".repeat(200));
    let mut wrong = packed.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    let encoded = |body: &[u8]| answer(200, &[("Content-Encoding", "gzip")], body);
    let begun = |header, rest: &[u8]| Reply::Bytes([head(200, &[header]).as_bytes(), rest].concat());
    let cuts = [
        ("KRE", encoded(&packed[..packed.len() / 2])),
        ("RSP", encoded(&wrong)),
        ("PSCD", begun(("Content-Length", "5000"), b"{\"chart\":")),
        ("PSCE", begun(("Transfer-Encoding", "chunked"), b"100\r\n{\"chart\":")),
    ];
    for (symbol, cut) in &cuts {
        desk.instead(symbol, cut.clone());
    }
    let check = desk.check();
    check.ends(3, &[]);
    let asked = desk.upstream.asked();
    let after = desk.files();
    for (symbol, _) in cuts {
        check.warns("answer_cut", Some(symbol), &[&format!("`bars/{symbol}` from yahoo"), "breaks off", "run again"]);
        assert_eq!(asked.iter().filter(|name| *name == symbol).count(), 3, "{symbol}");
        let file = desk.path("store/bars").join(format!("{symbol}.parquet"));
        assert_eq!(after[&file], before[&file], "{symbol}");
    }
}

#[test]
fn t09_an_answer_that_ends_with_the_connection_must_be_whole_by_itself() {
    let desk = Desk::filled();
    let before = ["bars/KRE.parquet", "rates/DGS2.parquet"].map(|file| desk.bytes(file));
    desk.instead("KRE", unframed("{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"KRE\""));
    desk.instead("DGS2", unframed("observation_date,DGS2\n2025-09-22,3.0\n2025-09-23,3."));
    desk.run(WEDNESDAY, &["fetch", "KRE", "DGS2"]).ends(3, &["the JSON ends early", "the last line is not whole"]);
    let check = desk.check();
    check.ends(3, &[]);
    check.warns("answer_cut", Some("KRE"), &["`bars/KRE` from yahoo", "breaks off", "run again"]);
    check.warns("answer_cut", Some("two-year"), &["`rates/DGS2` from fredgraph", "breaks off", "run again"]);
    assert_eq!(["bars/KRE.parquet", "rates/DGS2.parquet"].map(|file| desk.bytes(file)), before);
}

#[test]
fn t10_a_csv_cut_at_a_rows_end_is_found_out_by_its_last_date() {
    let desk = Desk::filled();
    let before = desk.bytes("rates/DGS2.parquet");
    desk.instead("DGS2", unframed("observation_date,DGS2\n2025-09-10,3.0\n2025-09-11,3.01\n"));
    let words = ["`rates/DGS2` from fredgraph", "serves less than the store holds", "was kept"];
    desk.run(WEDNESDAY, &["fetch", "DGS2"]).ends(3, &words);
    desk.check().warns("answer_shrunk", Some("two-year"), &words);
    assert_eq!(desk.bytes("rates/DGS2.parquet"), before);
    // nothing is held: the expected session tells
    let fresh = Desk::new();
    fresh.instead("DGS2", unframed("observation_date,DGS2\n2025-06-10,3.0\n2025-06-11,3.01\n"));
    fresh.run(TUESDAY, &["fetch", "DGS2"]).ends(3, &["its last day is 2025-06-11, 2025-09-22 was expected"]);
    assert!(!fresh.path("store/rates/DGS2.parquet").exists());
}

#[test]
fn t11_gzip_bomb_stops_at_the_limit() {
    let bomb = gzip(&vec![b'1'; 200 << 20]);
    let bomb = answer(200, &[("Content-Encoding", "gzip")], bomb);
    let words = ["sent more than 16 MiB", "check `base_url`"];
    refused(&bomb, "answer_too_large", &words);
    let endless = Reply::Endless(head(200, &[]).into_bytes(), vec![b'1'; 1 << 16]);
    for reply in [bomb, endless] {
        // the next question is not answered, so that the memory of the one before can be looked at
        let desk = Desk::new();
        one_at_a_time(&desk);
        desk.instead("IWM", reply);
        desk.instead("SPY", Reply::Silence);
        let mut run = desk.command(TUESDAY, &["fetch", "IWM", "SPY", "-q"]).spawn().expect("a run");
        wait("the second question", || desk.upstream.asked().contains(&"SPY".to_owned()));
        let status = fs::read_to_string(format!("/proc/{}/status", run.id()));
        run.kill().expect("killed");
        run.wait().expect("ended");
        // elsewhere there is no such file, and nothing to read the peak from
        let Ok(status) = status else { continue };
        let kibibytes = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
            line.trim().trim_end_matches(" kB").parse().expect("a number")
        };
        // but for the pages of the program's own file, of which one that is not optimised has many
        let peak = kibibytes("VmHWM:") - kibibytes("RssFile:");
        assert!(peak < 50 << 10, "{peak} KiB");
    }
}

/// A source of DGS2 that answers so at first, and then well; the run's words, and the questions asked.
fn then_good(first: Vec<Reply>) -> usize {
    let count = Mutex::new(0);
    let server = Server::start(move |_| {
        let mut count = count.lock().expect("a count");
        *count += 1;
        first.get(*count - 1).cloned().unwrap_or_else(|| ok("observation_date,DGS2\n2025-09-19,3.5\n2025-09-22,3.6\n"))
    });
    let desk = Desk::new();
    desk.configure_at(&server.url(), &["yahoo"], &["fredgraph"], "");
    let said = desk.run(TUESDAY, &["fetch", "DGS2"]);
    said.ends(0, &[]);
    assert_eq!((&*said.out, &*said.err), ("rates/DGS2  fredgraph  2 rows from 2025-09-19 to 2025-09-22\n", ""));
    server.take_log().len()
}

#[test]
fn t13_a_reset_amid_the_body_passes() {
    let begun = [head(200, &[("Content-Length", "5000")]).as_bytes(), b"observation_date"].concat();
    assert_eq!(then_good(vec![Reply::Reset(begun)]), 2);
}

#[test]
fn t14_two_server_errors_and_a_good_answer_are_three_requests() {
    assert_eq!(then_good(vec![answer(500, &[], ""), answer(500, &[], "")]), 3);
}

#[test]
fn t16_what_a_source_does_not_know_is_unknown_or_delisted() {
    let missing = answer(404, &[], "{\"chart\":{\"result\":null,\"error\":{\"code\":\"Not Found\"}}}");
    let wordless = answer(404, &[], "Not Found");
    for reply in [missing, wordless, ok("{\"chart\":{\"result\":[],\"error\":null}}")] {
        let desk = Desk::filled();
        let before = desk.bytes("bars/KRE.parquet");
        desk.instead("KRE", reply);
        let words = ["`bars/KRE` from yahoo: unknown or delisted at `http://", "check the name"];
        let check = desk.check();
        check.ends(3, &[]);
        check.warns("not_found", Some("KRE"), &words);
        let named = desk.run(WEDNESDAY, &["fetch", "KRE"]);
        named.ends(3, &words);
        assert!(!named.err.contains("blocked") && !check.err.contains("blocked"), "{named:?} {check:?}");
        // it is asked once a month, and the file says since when nothing comes
        let later = desk.check();
        later.ends(3, &[]);
        assert_eq!(later.entry("inputs", "KRE")["state"], "stale");
        assert_eq!(desk.bytes("bars/KRE.parquet"), before);
    }
}

#[test]
fn t17_when_more_than_a_fifth_is_unknown_at_once_the_source_is_blocked() {
    let desk = Desk::filled();
    let bytes = || ["PSCH", "PSCI"].map(|symbol| desk.bytes(&format!("bars/{symbol}.parquet")));
    let before = bytes();
    desk.upstream.market().unknown.extend(["PSCH", "PSCI"].map(str::to_owned));
    let ten = ["PSCH", "PSCI", "IWM", "SPY", "KRE", "RSP", "PSCD", "PSCC", "PSCE", "PSCF"];
    let full = |symbols: &[&str]| desk.run(WEDNESDAY, &[&["fetch", "--full"], symbols].concat());
    let fifth = full(&ten);
    fifth.ends(3, &["`bars/PSCH` from yahoo: unknown or delisted at `http://", "`bars/PSCI` from yahoo: unknown or"]);
    assert!(!fifth.err.contains("blocked") && bytes() == before, "{fifth:?}");
    let more = full(&ten[..9]);
    more.ends(3, &["from yahoo: the source is blocked: ", "denied knowing 2 of 9 series at once; run again later"]);
    assert!(!more.err.contains("delisted") && bytes() == before, "{more:?}");
}

#[test]
fn t17_a_blocked_source_is_asked_again_and_its_symbols_are_not_given_up() {
    let desk = Desk::filled();
    let before = desk.files();
    let symbols: Vec<String> = desk.upstream.market().bars.keys().cloned().collect();
    desk.upstream.market().unknown.extend(symbols);
    let check = desk.check();
    check.ends(3, &[]);
    check.warns("source_blocked", None, &["`bars/IWM` from yahoo: the source is blocked", "the same for SPY, KRE"]);
    assert!(!check.err.contains("delisted") && !check.out.contains("delisted"), "{check:?}");
    let bars = |files: BTreeMap<PathBuf, Vec<u8>>| {
        files.into_iter().filter(|(path, _)| path.starts_with(desk.path("store/bars"))).collect::<Vec<_>>()
    };
    let after = bars(desk.files());
    assert!(after.len() > 10 && after == bars(before));
    desk.upstream.market().unknown.clear();
    desk.run(WEDNESDAY, &["fetch"]).ends(0, &[]);
    assert!(bars(desk.files()).iter().zip(&after).all(|(now, before)| now.0 == before.0 && now.1 != before.1));
}

#[test]
fn what_a_source_of_prices_alone_lacks_is_one_line_and_one_warning_an_input() {
    let desk = Desk::filled();
    desk.configure(&["yahoo", "nasdaq"], &["fredgraph"], "");
    desk.upstream.market().down.insert("yahoo", answer(403, &[], ""));
    let check = desk.check();
    check.ends(3, &[]);
    let since = "this source has prices alone: dividends are not known since 2025-09-24";
    for symbol in ["IWM", "SPY", "KRE"] {
        let report = check.json();
        let of = |one: &&serde_json::Value| one["code"] == "dividends_unknown" && one["input"] == symbol;
        let said: Vec<_> = report["warnings"].as_array().expect("a list").iter().filter(of).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0]["message"], format!("`bars/{symbol}` from nasdaq: {since}"));
    }
    let lines: Vec<&str> = check.err.lines().filter(|line| line.contains("dividends are not known")).collect();
    assert!(lines.len() == 1 && lines[0].contains(&format!("{since}; the same for SPY, KRE, ")), "{lines:?}");
    // asked again, it adds nothing
    let again = desk.run(WEDNESDAY, &["fetch", "IWM"]);
    assert!(!again.err.contains("dividends are not known"), "{again:?}");
}

#[test]
fn t18_offline_the_stored_verdict_stands_until_it_is_stale() {
    let desk = Desk::long().fill();
    let before = desk.files();
    let tuesday = desk.run(TUESDAY, &["check", "--format", "json"]);
    tuesday.ends(0, &[]);
    desk.configure_at(&nobody(), &["yahoo"], &["fredgraph"], "");
    let noon = desk.run("2025-09-24T12:00:00-04:00", &["check", "--format", "json"]);
    assert_eq!((noon.code, &noon.out), (Some(0), &tuesday.out), "no session has ended since");
    let evening = desk.check();
    evening.ends(3, &["no answer from", "check the network"]);
    evening.warns("source_unreachable", None, &["`bars/IWM` from yahoo", "the same for SPY, KRE"]);
    let iwm = evening.entry("inputs", "IWM");
    assert_eq!((&iwm["state"], &iwm["age_sessions"], &iwm["last"]), (&"stale".into(), &1.into(), &"2025-09-23".into()));
    assert_eq!(evening.json()["verdict"]["stage"], "unknown");
    let offline = desk.run(WEDNESDAY, &["check", "--offline", "--format", "json"]);
    offline.ends(3, &[]);
    offline.warns("stale", Some("IWM"), &["IWM is stale: its last value of 2025-09-23 is 1 ", "`rotation fetch IWM`"]);
    let lines = offline.err.lines().filter(|line| line.contains("IWM is stale: ") || line.contains("SPY is stale: "));
    assert_eq!(lines.filter(|line| line.contains("; the same for SPY, KRE, RSP")).count(), 1, "{offline:?}");
    let stale = |id: &str| offline.json()["warnings"].as_array().expect("a list").iter().any(|one| one["input"] == id);
    assert!(["IWM", "SPY", "KRE", "RSP"].into_iter().all(stale), "one an input: {offline:?}");
    let back = desk.run(WEDNESDAY, &["check", "--as-of", "2025-09-23", "--format", "json"]);
    assert_eq!((back.code, back.out), (Some(0), tuesday.out));
    assert_eq!(desk.files(), before);
}
