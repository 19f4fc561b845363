use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use super::*;
use crate::bars::{Dividends, Points, SeriesId};
use crate::config::Source;
use crate::day::Day;
use crate::fetch::{Columns, Lay, Monotonic, Parsed};

fn arrival(fault: Option<Fault>) -> Arrival {
    let answer = Answer {
        source: "yahoo",
        columns: Columns::Points(Points::default()),
        lay: Lay::Whole,
        dividends: Dividends::Unknown,
        currency: String::new(),
        findings: Vec::new(),
        date: None,
    };
    let outcome = fault.map_or(Ok(answer), |fault| Err(fault.at("P")));
    Arrival { outcome, failed: Vec::new(), source: Some("yahoo") }
}

#[test]
fn many_unknown_at_once_are_a_blocked_source() {
    let unknown = |missing: usize, asked: usize| {
        let mut arrivals: Vec<Arrival> =
            (0..asked).map(|i| arrival((i < missing).then_some(Fault::NotFound))).collect();
        unmask(&mut arrivals);
        arrivals.into_iter().filter_map(|arrival| arrival.outcome.err()).map(|error| error.fault).collect::<Vec<_>>()
    };
    assert_eq!(unknown(1, 5), [Fault::NotFound]);
    assert_eq!(unknown(2, 5), [Fault::Blocked { failed: 2, asked: 5 }, Fault::Blocked { failed: 2, asked: 5 }]);
    assert_eq!(unknown(4, 4), vec![Fault::NotFound; 4]);
    assert_eq!(unknown(2, 10), vec![Fault::NotFound; 2]);
}

#[test]
fn a_source_that_fails_hands_over_to_the_next() {
    const FIRST: SourceRow = SourceRow::new("first", Kind::Rates, |_| "/a".into(), |_, _| Err(Fault::NotFound));
    const SECOND: SourceRow = SourceRow::new(
        "second",
        Kind::Rates,
        |_| "/b".into(),
        |_, ask| {
            let mut points = Points::default();
            points.push(ask.from, ask.from, 1.0);
            Ok(Parsed::points(points, Vec::new()))
        },
    );
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }
    });
    let source =
        Source { enabled: true, base_url, user_agent: "t".into(), requests_per_second: 1000.0, max_in_flight: 1 };
    let (calendar, clock) = (Calendar::new(&[]), Monotonic::start());
    let limits = Limits { request: Duration::from_secs(30), ..Limits::default() };
    let client = || Client::new(&source, limits, &clock, DateTime::UNIX_EPOCH);
    let desk = Desk {
        calendar: &calendar,
        now: DateTime::UNIX_EPOCH,
        limits,
        clock: &clock,
        ishares: None,
        rows: BTreeMap::from([(Kind::Rates, vec![&FIRST, &SECOND])]),
        clients: BTreeMap::from([("first", client()), ("second", client())]),
        workers: BTreeMap::from([(Kind::Rates, 1)]),
    };
    let wanted =
        [Wanted { id: SeriesId::rates("X"), held: None, nature: crate::quality::Nature::Market, whole: false }];
    let arrivals = desk.fetch(&wanted, &mut |_, _| Ok(())).expect("arrivals");
    assert_eq!(arrivals[0].failed[0].1.fault, Fault::NotFound);
    let answer = arrivals[0].outcome.as_ref().expect("served");
    assert_eq!((answer.source, answer.columns.days()), ("second", &[Day::from_number(-25_567)][..]));
}

#[test]
fn without_an_enabled_source_the_reason_is_given() {
    let mut settings = Settings::default();
    settings.order.bars.clear();
    let (calendar, clock) = (Calendar::new(&[]), Monotonic::start());
    let desk = Desk::open(&settings, &Keys::new(), &calendar, DateTime::UNIX_EPOCH, Limits::default(), &clock);
    let wanted =
        [Wanted { id: SeriesId::bars("IWM"), held: None, nature: crate::quality::Nature::Market, whole: false }];
    let arrivals = desk.fetch(&wanted, &mut |_, _| Ok(())).expect("arrivals");
    let error = arrivals[0].outcome.as_ref().expect_err("no source");
    assert_eq!(error.to_string(), "no source of bars is enabled: enable one under `[sources]`");
}
