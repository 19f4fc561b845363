//! Keys and proxies.

use crate::desk::{Desk, WEDNESDAY};
use crate::server::answer;
use crate::server::upstream::door;

const KEY: &str = "canary0123456789";

/// `arguments` with a key for Tiingo.
fn with_key(desk: &Desk, arguments: &[&str]) -> crate::desk::Said {
    desk.command(WEDNESDAY, arguments).env("TIINGO_API_KEY", KEY).output().expect("a run").into()
}

#[test]
fn t15_a_refused_key_is_named_by_its_variable_and_the_next_source_is_asked() {
    for status in [401, 403] {
        let desk = Desk::filled();
        desk.configure(&["tiingo", "yahoo"], &["fredgraph"], "");
        desk.upstream.market().down.insert("tiingo", answer(status, &[], format!("no {KEY}")));
        let served = with_key(&desk, &["fetch", "KRE"]);
        served.ends(0, &["`bars/KRE` from tiingo", "correct `TIINGO_API_KEY`, or unset it", "yahoo was asked instead"]);
        let log = desk.upstream.server.take_log();
        let asked = |name: &str| log.iter().filter(|request| door(&request.path).0 == name).count();
        assert_eq!((asked("tiingo"), asked("yahoo")), (1, 1), "no second try");
        // none serves
        let before = desk.bytes("bars/KRE.parquet");
        desk.upstream.market().down.insert("yahoo", answer(status, &[], ""));
        let refused = with_key(&desk, &["fetch", "--full", "KRE"]);
        refused.ends(3, &["`TIINGO_API_KEY`", &format!("denies access (status {status})"), "`rotation import`"]);
        let check = with_key(&desk, &["check", "--format", "json"]);
        check.warns("key_refused", None, &["from tiingo", "`TIINGO_API_KEY`"]);
        for said in [served, refused, check] {
            assert!(!said.err.contains("canary") && !said.out.contains("canary"), "{said:?}");
        }
        assert_eq!(desk.bytes("bars/KRE.parquet"), before);
    }
}

#[test]
fn t19_an_unreadable_proxy_is_not_gone_round() {
    let desk = Desk::filled();
    let before = desk.files();
    for (variable, value) in [("HTTPS_PROXY", "http://"), ("all_proxy", "socks5://proxy:1080"), ("http_proxy", "://")] {
        for command in [&["fetch"][..], &["check"]] {
            let output = desk.command(WEDNESDAY, command).env(variable, value).output();
            let said = crate::desk::Said::from(output.expect("a run"));
            said.ends(2, &[&format!("`{variable}` names no proxy"), "correct it or unset it"]);
        }
    }
    assert_eq!((desk.upstream.asked().len(), desk.files()), (0, before));
}
