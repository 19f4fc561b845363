//! What a hostile network does to one request, and what comes of it.

mod server;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rotation::config::Source;
use rotation::fetch::{Body, Client, Clock, Fault, FetchError, Limits};
use server::{Reply, Server, answer, gzip, head, nobody, ok, unframed};

/// Time that passes only by sleeping.
#[derive(Default)]
struct Still(Mutex<Duration>);

impl Clock for Still {
    fn elapsed(&self) -> Duration {
        *self.0.lock().expect("a clock")
    }

    fn sleep(&self, duration: Duration) {
        *self.0.lock().expect("a clock") += duration;
    }
}

/// Bounds within which nothing real is waited for.
const LIMITS: Limits = Limits {
    request: Duration::from_secs(20),
    total: Duration::from_secs(90),
    bytes: 16 << 20,
    tries: 3,
    backoff: Duration::from_secs(1),
};

/// What one request came to: outcome, requests made, time waited.
fn get(replies: Vec<Reply>, limits: Limits) -> (Result<Body, FetchError>, usize, Duration) {
    let (server, clock) = (Server::replying(replies), Still::default());
    let client = Client::new(&server.source(), limits, &clock, DateTime::UNIX_EPOCH).expect("a client");
    let outcome = client.get("/a/b?secret=canary");
    (outcome, server.take_log().len(), clock.elapsed())
}

fn fault(replies: Vec<Reply>) -> (Fault, usize) {
    let (outcome, requests, _) = get(replies, LIMITS);
    let error = outcome.expect_err("a fault");
    let text = error.to_string();
    assert!(!text.contains("canary") && !text.ends_with('.'), "{text}");
    (error.fault, requests)
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("an instant")
}

#[test]
fn an_answer_is_had_with_its_clock_and_without_cookies() {
    let (server, clock) = (
        Server::replying(vec![answer(200, &[("Set-Cookie", "a=b"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], "yes")]),
        Still::default(),
    );
    let client = Client::new(&server.source(), LIMITS, &clock, DateTime::UNIX_EPOCH).expect("a client");
    let body = client.get("/a").expect("an answer");
    assert_eq!((&body.bytes[..], body.framed, body.date), (&b"yes"[..], true, Some(at(784_111_777))));
    client.get("/a").expect("an answer");
    let heads: Vec<String> = server.take_log().into_iter().map(|request| request.head.to_lowercase()).collect();
    assert!(heads.iter().all(|head| head.contains("user-agent: test agent") && head.contains("gzip")));
    assert!(heads.iter().all(|head| !head.contains("cookie")));
    let (body, ..) = get(vec![unframed("to the end\n")], LIMITS);
    assert!(!body.expect("an answer").framed);
}

#[test]
fn t01_a_limit_in_seconds_is_waited_for() {
    let (outcome, requests, waited) = get(vec![answer(429, &[("Retry-After", "5")], "slow"), ok("yes")], LIMITS);
    assert_eq!((outcome.expect("an answer").bytes, requests), (b"yes".to_vec(), 2));
    assert!(waited >= Duration::from_secs(5), "{waited:?}");
}

#[test]
fn t02_a_limit_as_a_date_is_judged_by_the_answers_own() {
    let limited = |retry: &str| {
        let headers = [("Retry-After", retry), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
        get(vec![answer(429, &headers, ""), ok("yes")], LIMITS)
    };
    let (outcome, _, waited) = limited("Sun, 06 Nov 1994 08:49:57 GMT");
    assert!(outcome.is_ok() && waited >= Duration::from_secs(20), "future: {waited:?}");
    let (outcome, _, waited) = limited("Sun, 06 Nov 1994 08:00:00 GMT");
    assert!(outcome.is_ok() && waited < Duration::from_secs(1), "past: {waited:?}");
    let (outcome, _, waited) = limited("soon");
    assert!(outcome.is_ok() && waited >= LIMITS.backoff, "garbage: {waited:?}");
    let (outcome, requests, waited) = limited("Sun, 06 Nov 1994 09:49:37 GMT");
    let error = outcome.expect_err("too long to wait");
    assert_eq!((error.fault.clone(), requests), (Fault::Limited { until: Some(at(784_115_377)) }, 1));
    assert!(waited < Duration::from_secs(1) && error.to_string().contains("limited until 1994-11-06T09:49:37Z"));
    // without a date beside it, own backoff
    let (outcome, ..) =
        get(vec![answer(429, &[("Retry-After", "Sun, 06 Nov 1994 08:49:57 GMT")], ""), ok("y")], LIMITS);
    assert!(outcome.is_ok());
}

#[test]
fn a_host_that_limits_is_not_asked_again() {
    for reply in [ok("Exceeded the daily hits limit"), answer(429, &[("Retry-After", "7200")], "")] {
        let (server, clock) = (Server::replying(vec![reply]), Still::default());
        let client = Client::new(&server.source(), LIMITS, &clock, DateTime::UNIX_EPOCH).expect("a client");
        for path in ["/a", "/b", "/c"] {
            assert!(matches!(client.get(path).expect_err("limited").fault, Fault::Limited { .. }));
        }
        assert_eq!(server.take_log().len(), 1);
    }
}

#[test]
fn a_host_that_fails_three_times_running_is_not_asked_again() {
    let (server, clock) = (Server::replying(vec![answer(403, &[], "no")]), Still::default());
    let client = Client::new(&server.source(), LIMITS, &clock, DateTime::UNIX_EPOCH).expect("a client");
    for _ in 0..6 {
        assert_eq!(client.get("/a").expect_err("denied").fault, Fault::Denied(403));
    }
    assert_eq!(server.take_log().len(), 3);
}

#[test]
fn refusals_are_told_apart_and_not_repeated() {
    for (status, expected) in [
        (401, Fault::Denied(401)),
        (403, Fault::Denied(403)),
        (407, Fault::Denied(407)),
        (410, Fault::Status(410)),
        (511, Fault::WebPage),
    ] {
        assert_eq!(fault(vec![answer(status, &[], "no"), ok("yes")]), (expected, 1));
    }
    assert_eq!(fault(vec![ok("<!doctype html><title>Sign in</title>")]), (Fault::WebPage, 1));
}

#[test]
fn server_errors_are_tried_three_times() {
    let failing = |status| answer(status, &[], "");
    let (outcome, requests, waited) = get(vec![failing(500), failing(500), ok("yes")], LIMITS);
    assert_eq!((outcome.expect("an answer").bytes, requests), (b"yes".to_vec(), 3));
    assert!(waited >= Duration::from_secs(5), "1 s, then 4 s: {waited:?}");
    for status in [500, 502, 503, 504] {
        assert_eq!(fault(vec![failing(status)]), (Fault::Status(status), 3));
    }
    let short = Limits { total: Duration::from_secs(2), ..LIMITS };
    let (outcome, requests, _) = get(vec![failing(500)], short);
    assert_eq!((outcome.expect_err("a fault").fault, requests), (Fault::Status(500), 2));
}

#[test]
fn redirects_leave_neither_host_nor_https() {
    let to = |place: &str| answer(302, &[("Location", place)], "");
    let (away, requests) = fault(vec![to("https://consent.example/collect?x=canary")]);
    let Fault::Redirected(why) = away else { panic!("{away:?}") };
    assert!(why.contains("`https://consent.example`") && requests == 1, "{why}");
    let (outcome, requests, _) = get(vec![to("/c?d"), ok("yes")], LIMITS);
    assert_eq!((outcome.expect("an answer").bytes, requests), (b"yes".to_vec(), 2));
    let (circle, requests) = fault(vec![to("/a")]);
    assert!(matches!(circle, Fault::Redirected(_)));
    assert_eq!(requests, 6);
}

#[test]
fn a_cut_body_is_tried_three_times() {
    let text = b"observation_date,DGS2\n".repeat(200);
    let packed = gzip(&text);
    let mut wrong = packed.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    let encoded = |body: &[u8]| answer(200, &[("Content-Encoding", "gzip")], body);
    let short = [head(200, &[("Content-Length", "5000")]).as_bytes(), &text].concat();
    let chunk = [head(200, &[("Transfer-Encoding", "chunked")]).as_bytes(), b"100\r\nabc"].concat();
    let open = [head(200, &[("Transfer-Encoding", "chunked")]).as_bytes(), b"3\r\nabc\r\n"].concat();
    let cuts = [
        encoded(&packed[..packed.len() / 2]),
        encoded(&wrong),
        Reply::Bytes(short),
        Reply::Bytes(chunk),
        Reply::Bytes(open),
    ];
    for cut in cuts {
        let (cause, requests) = fault(vec![cut.clone()]);
        assert!(matches!(cause, Fault::Cut(_)), "{cause:?}");
        assert_eq!(requests, 3);
        assert_eq!(get(vec![cut, encoded(&packed)], LIMITS).0.expect("an answer").bytes, text);
    }
}

#[test]
fn a_reset_passes() {
    let begun = [head(200, &[("Content-Length", "5000")]).as_bytes(), b"abc"].concat();
    for reset in [Reply::Reset(begun), Reply::Reset(Vec::new()), Reply::Bytes(Vec::new())] {
        let (outcome, requests, _) = get(vec![reset, ok("yes")], LIMITS);
        assert_eq!((outcome.expect("an answer").bytes, requests), (b"yes".to_vec(), 2));
    }
}

#[test]
fn an_answer_too_large_is_given_up() {
    let bomb = gzip(&vec![b'1'; 40 << 20]);
    assert!(bomb.len() < 100_000);
    let too_large = (Fault::TooLarge(16 << 20), 1);
    assert_eq!(fault(vec![answer(200, &[("Content-Encoding", "gzip")], bomb)]), too_large);
    let endless = Reply::Endless(head(200, &[]).into_bytes(), vec![b'1'; 1 << 16]);
    assert_eq!(fault(vec![endless]), too_large);
}

#[test]
fn t12_silence_and_single_bytes_end_at_the_deadline() {
    let limits = Limits { request: Duration::from_millis(300), ..LIMITS };
    let whole = [head(200, &[("Content-Length", "100000")]).as_bytes(), &vec![b'1'; 100_000]].concat();
    for slow in [Reply::Silence, Reply::Drip(whole, Duration::from_millis(20))] {
        let (outcome, requests, _) = get(vec![slow], limits);
        assert_eq!((outcome.expect_err("too slow").fault, requests), (Fault::Timeout, 1));
    }
}

#[test]
fn a_host_that_is_not_there_is_asked_once() {
    let clock = Still::default();
    let mut source = Server::replying(vec![ok("")]).source();
    source.base_url = nobody();
    let client = Client::new(&source, LIMITS, &clock, DateTime::UNIX_EPOCH).expect("a client");
    let error = client.get("/a?secret=canary").expect_err("nobody");
    assert!(matches!(error.fault, Fault::Network(_)), "{error}");
    assert!(error.to_string().contains("check the network") && !error.to_string().contains("canary"));
    assert!(clock.elapsed() < Duration::from_secs(1));
}

#[test]
fn t21_two_requests_a_second_and_four_at_once() {
    let settings = rotation::config::Settings::default();
    for source in settings.sources.values() {
        assert!(source.requests_per_second <= 2.0 && source.max_in_flight <= 4, "{source:?}");
    }
    // how many are answered at once, and how many were at most
    let (now, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (busy, most) = (now.clone(), peak.clone());
    let server = Server::start(move |_| {
        most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // none of the first is answered before there are four, however slow this machine is
        let start = Instant::now();
        while most.load(Ordering::SeqCst) < 4 && start.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(20));
        busy.fetch_sub(1, Ordering::SeqCst);
        ok("")
    });
    let (source, clock) = (Source { requests_per_second: 2.0, ..server.source() }, Still::default());
    let client = Client::new(&source, LIMITS, &clock, DateTime::UNIX_EPOCH).expect("a client");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..3).for_each(|_| drop(client.get("/a").expect("an answer"))));
        }
    });
    assert_eq!(server.take_log().len(), 24);
    assert!(clock.elapsed() >= Duration::from_millis(500) * 23, "{:?}", clock.elapsed());
    assert_eq!(peak.load(Ordering::SeqCst), 4);
}

#[test]
fn requests_keep_the_pace() {
    let (server, clock) = (Server::replying(vec![ok("")]), Still::default());
    let mut source = server.source();
    source.requests_per_second = 2.0;
    let client = Client::new(&source, LIMITS, &clock, DateTime::UNIX_EPOCH).expect("a client");
    for i in 0..5 {
        client.get("/a").expect("an answer");
        assert_eq!(clock.elapsed(), Duration::from_millis(500) * i);
    }
}
