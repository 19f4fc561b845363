//! Clocks: unfinished sessions, time zones, and a machine that is years off.

use std::fs;

use rotation::bars::{Kind, SeriesId};
use serde_json::{Value, json};

use crate::desk::{Desk, Said, TUESDAY, WEDNESDAY, day, rotation};
use crate::server::{Server, answer, nobody};

#[test]
fn t34_the_bar_of_a_session_that_is_not_over_is_left_out() {
    for (today, now, last) in [
        ("2025-09-24", "2025-09-24T15:59:00-04:00", "2025-09-23"),
        ("2025-09-24", "2025-09-24T16:05:00-04:00", "2025-09-23"),
        ("2025-09-24", "2025-09-24T16:15:00-04:00", "2025-09-24"),
        // a half day: trading ends at 13:00
        ("2025-07-03", "2025-07-03T12:59:00-04:00", "2025-07-02"),
        ("2025-07-03", "2025-07-03T13:05:00-04:00", "2025-07-02"),
        ("2025-07-03", "2025-07-03T13:15:00-04:00", "2025-07-03"),
    ] {
        let desk = Desk::long();
        // the source serves the live bar all the same
        desk.upstream.market().until = day(today);
        let check = desk.run(now, &["check", "--format", "json"]);
        check.ends(0, &[]);
        assert_eq!(
            (&check.json()["as_of"], &check.entry("inputs", "IWM")["last"]),
            (&last.into(), &last.into()),
            "{now}"
        );
        let held = desk.shelf().into_iter().filter(|(id, _)| id.kind == Kind::Bars);
        for (id, series) in held {
            assert_eq!(series.columns.days().last(), Some(&day(last)), "{id} at {now}");
        }
    }
}

#[test]
fn t42_no_time_zone_changes_a_date_or_a_byte() {
    // a plain day, the days after both changes of the clock, and the night of one
    for (until, now) in [
        ("2025-09-23", TUESDAY),
        ("2025-03-10", "2025-03-10T18:00:00-04:00"),
        ("2025-11-03", "2025-11-03T18:00:00-05:00"),
        ("2025-10-31", "2025-11-02T01:30:00-05:00"),
    ] {
        let desk = Desk::since("2024-12-02");
        desk.upstream.market().until = day(until);
        let mut expected = None;
        for zone in ["UTC", "Asia/Tokyo", "Pacific/Kiritimati", "America/New_York", "Europe/London", "Pacific/Niue"] {
            let run = |arguments: &[&str]| -> Said {
                desk.command(now, arguments).env("TZ", zone).output().expect("a run").into()
            };
            let fetched = run(&["fetch"]);
            fetched.ends(0, &[]);
            let said =
                (fetched.out, run(&["check", "--format", "json"]).out, run(&["store", "status"]).out, desk.files());
            assert!(said.1.contains(&format!("  \"as_of\": \"{until}\",\n")), "{}", said.1);
            assert_eq!(expected.get_or_insert(said.clone()), &said, "{zone}, {now}");
            fs::remove_dir_all(desk.path("store")).expect("removed");
        }
    }
}

/// A live run with a source of DGS2 whose clock shows `date`.
fn live(date: Option<&str>, arguments: &[&str]) -> Said {
    let headers: Vec<(&str, &str)> = date.map(|date| ("Date", date)).into_iter().collect();
    let server =
        Server::replying(vec![answer(200, &headers, "observation_date,DGS2\n2025-09-19,3.5\n2025-09-22,3.6\n")]);
    let desk = Desk::new();
    desk.configure_at(&server.url(), &["yahoo"], &["fredgraph"], "");
    let mut command = rotation();
    command.args(arguments).arg("--config").arg(desk.path("c.toml")).arg("--store").arg(desk.path("store"));
    command.output().expect("a run").into()
}

#[test]
fn t47_a_clock_years_off_is_told_by_the_sources_and_makes_no_negative_age() {
    let words =
        ["the clock here says 2", "a source's 2022-09-22T22:00:00Z: set the clock, then run `rotation fetch --full`"];
    let old = Some("Thu, 22 Sep 2022 22:00:00 GMT");
    live(old, &["fetch", "DGS2"]).ends(0, &words);
    live(old, &["check", "--format", "json"]).warns("clock_differs", None, &words);
    assert_eq!(live(None, &["fetch", "DGS2"]).err, "", "no date, no comparison");
    // a clock that was set on purpose is not compared
    let desk = Desk::since("2022-06-01").fill();
    desk.instead(
        "DGS2",
        answer(200, &[("Date", "Thu, 22 Sep 2022 22:00:00 GMT")], "observation_date,DGS2\n2025-09-22,3.0\n"),
    );
    let said = desk.run(WEDNESDAY, &["fetch", "DGS2"]);
    assert!(!said.err.contains("clock"), "{said:?}");
    // three years back: the store is of the future
    let before = desk.files();
    let past = desk.run("2022-09-23T18:00:00-04:00", &["check", "--format", "json"]);
    past.ends(3, &[]);
    let ages = |list: &Value| -> Vec<i64> {
        list.as_array().expect("a list").iter().filter_map(|one| one["age_sessions"].as_i64()).collect()
    };
    let inputs = &past.json()["inputs"];
    assert!(inputs.as_array().expect("inputs").iter().all(|input| input["last"].as_str() <= Some("2022-09-23")));
    let status = desk.run("2022-09-23T18:00:00-04:00", &["store", "status", "--format", "json"]);
    for ages in [ages(inputs), ages(&status.json())] {
        assert!(ages.len() > 15 && ages.iter().all(|&age| age >= 0), "{ages:?}");
    }
    let words = ["`bars/IWM` is held up to 2025-09-23, beyond the clock: not asked for; set the clock"];
    desk.run("2022-09-23T18:00:00-04:00", &["fetch", "IWM"]).ends(0, &words);
    assert_eq!(desk.files(), before);
    // bars and files of the future
    desk.twist("KRE", |chart| {
        let stamps = chart["timestamp"].as_array_mut().expect("stamps");
        let last = stamps.len() - 1;
        stamps[last] = json!(1_853_000_000_i64 + 9 * 3600);
    });
    let before = desk.bytes("bars/KRE.parquet");
    let words = ["`bars/KRE` from yahoo: ", "which has not come by the clock (2025-09-24)", "run again later"];
    desk.run(WEDNESDAY, &["fetch", "KRE"]).ends(3, &words);
    assert_eq!(desk.bytes("bars/KRE.parquet"), before);
    let file = desk.file("XYZ.csv", "date,open,high,low,close,volume\n2025-09-23,1,1,1,1,1\n2028-09-20,1,1,1,1,1\n");
    desk.run(WEDNESDAY, &["import", &file]).ends(0, &["2028-09-20 is after the last finished session, 2025-09-24"]);
    assert_eq!(desk.shelf()[&SeriesId::bars("XYZ")].columns.days(), [day("2025-09-23")]);
}

#[test]
fn t47_a_store_beyond_the_machines_clock_is_told_once() {
    let desk = Desk::new();
    let rows = "2059-09-23,40,41,39,40,1\n2059-09-24,40,41,39,40,1\n";
    let text = format!("date,open,high,low,close,volume\n{rows}");
    let files = ["IWM", "SPY"].map(|symbol| desk.file(&format!("{symbol}.csv"), &text));
    desk.run("2059-09-24T18:00:00-04:00", &["import", &files[0], &files[1]]).ends(0, &[]);
    let before = desk.files();
    desk.configure_at(&nobody(), &["yahoo"], &["fredgraph"], "");
    let mut command = rotation();
    command
        .args(["check", "--format", "json", "--config"])
        .arg(desk.path("c.toml"))
        .arg("--store")
        .arg(desk.path("store"));
    let said = Said::from(command.output().expect("a run"));
    said.ends(3, &[]);
    let words = ["`bars/IWM` is held up to 2059-09-24, beyond the clock", "set the clock, then run again"];
    said.warns("held_beyond_clock", Some("IWM"), &words);
    assert!(said.err.matches("beyond the clock").count() == 1 && desk.files() == before, "{said:?}");
}
