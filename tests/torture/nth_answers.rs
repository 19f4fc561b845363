//! Case 59 for the network: whichever answer fails, in whichever way, each file is the old or the new one.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Parser;
use rotation::calendar::Calendar;
use rotation::cli::{Cli, Command};
use rotation::config::{Config, Environment, Key, Keys};
use rotation::fetch::Limits;
use rotation::report::Page;
use rotation::run::check::check;
use rotation::run::fetch::{FetchRequest, fetch, render};
use rotation::run::{Context, GOOD, PARTIAL};

use crate::desk::{Desk, TUESDAY, WEDNESDAY, files, strays};
use crate::server::{Reply, answer, head, ok, unframed};

const KEY: &str = "canary0123456789";

/// Faults that are not asked about again, and those that are.
fn faults() -> (Vec<Reply>, Vec<Reply>) {
    let last = vec![
        ok("<!doctype html><html>sign in"),
        answer(404, &[], "{\"error_code\":404}"),
        answer(403, &[], KEY),
        ok("{"),
        ok("null"),
        unframed("observation_date,DGS2\n2025-09-2"),
        answer(302, &[("Location", "https://consent.example/")], ""),
        answer(429, &[("Retry-After", "7200")], ""),
        ok("Exceeded the daily hits limit"),
    ];
    let again = vec![
        Reply::Bytes(Vec::new()),
        Reply::Bytes([head(200, &[("Content-Length", "99999")]).as_bytes(), b"{\"chart\""].concat()),
        answer(500, &[], ""),
        answer(429, &[("Retry-After", "0")], ""),
    ];
    (last, again)
}

/// A desk on Wednesday with a store of Tuesday, and what everything is after a run in which nothing fails.
struct Scene {
    desk: Desk,
    context: Context,
    old: BTreeMap<PathBuf, Vec<u8>>,
    new: BTreeMap<PathBuf, Vec<u8>>,
    answers: usize,
}

impl Scene {
    fn set() -> Self {
        let desk = Desk::new();
        desk.configure(&["yahoo"], &["fred_api"], "[groups]\nPSCF = \"financials\"\n");
        let config = Config::load(Some(&desk.path("c.toml")), Some(&desk.path("store")), &Environment::default());
        let config = config.expect("a configuration");
        let mut context = Context {
            calendar: Calendar::new(&[]),
            settings: config.settings,
            store: config.store,
            given: config.given,
            now: instant(TUESDAY),
            live_clock: false,
            wait: Duration::from_secs(10),
            page: Page { width: 100, color: false, unicode: true },
            environment: Environment { keys: keys(), ..Environment::default() },
        };
        assert_eq!(checked(&context).0, PARTIAL, "too short for a verdict");
        let old = files(&desk.path("store"));
        let asked = fs::read(desk.path("store/asked.json")).expect("a record");
        desk.upstream.market().until = crate::desk::day("2025-09-24");
        desk.upstream.asked();
        context.now = instant(WEDNESDAY);
        checked(&context);
        let new = files(&desk.path("store"));
        let answers = desk.upstream.asked().len();
        assert!(answers >= 12 && new != old);
        let mut old = old;
        old.insert(desk.path("store/asked.json"), asked);
        Self { desk, context, old, new, answers }
    }

    /// Tuesday's store, and a fault in place of the n-th answer.
    fn spoil(&self, n: usize, fault: &Reply) {
        fs::remove_dir_all(self.desk.path("store")).expect("removed");
        for (path, bytes) in &self.old {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
        self.desk.upstream.market().nth = Some((n, fault.clone()));
    }

    /// Each file is the old or the new one, nothing else lies there, and no key is in any.
    fn holds(&self, n: usize, fault: &Reply) {
        let now = files(&self.desk.path("store"));
        for (path, bytes) in &now {
            let old = self.old.get(path) == Some(bytes);
            assert!(old || self.new.get(path) == Some(bytes), "{} after {fault:?} at {n}", path.display());
        }
        assert_eq!(now.len(), self.new.len(), "{fault:?} at {n}");
        assert!(strays(&self.desk.path("store")).is_empty());
        let asked = fs::read_to_string(self.desk.path("store/asked.json")).expect("a record");
        assert!(!asked.contains("canary"));
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn keys() -> Keys {
    Keys::from([("fred_api", Key::new(KEY))])
}

/// `rotation check --format json`: its code, and all that it says.
fn checked(context: &Context) -> (u8, String) {
    let Command::Check(flags) = Cli::parse_from(["rotation", "check", "--format", "json"]).command else {
        panic!("not a check")
    };
    let outcome = check(&flags, context, &|_| {}).expect("a verdict");
    (outcome.code, format!("{}{}", outcome.result, outcome.notes.join("\n")))
}

/// Holds that a complaint says of which series, and what to do.
fn helps(message: &str) {
    let named = ["`bars/", "`rates/", "`positioning/", "`valuation/", " is stale: "];
    assert!(named.iter().any(|series| message.contains(series)), "{message}");
    let steps = ["run again", "check ", "open it", "try another", "give the data", "correct `", "lower `", "bring in"];
    assert!(steps.iter().any(|step| message.contains(step)) && !message.contains("canary"), "{message}");
}

#[test]
fn t59_whichever_answer_of_a_fetch_fails_each_file_is_the_old_or_the_new_one() {
    let scene = Scene::set();
    let store = scene.context.store().expect("a store");
    let request = FetchRequest {
        needed_only: true,
        live_clock: false,
        keys: keys(),
        limits: Limits { backoff: Duration::from_millis(1), ..Limits::default() },
        ..FetchRequest::default()
    };
    let (last, again) = faults();
    for (fault, passes) in last.iter().map(|fault| (fault, false)).chain(again.iter().map(|fault| (fault, true))) {
        for n in 0..scene.answers {
            scene.spoil(n, fault);
            let Context { settings, calendar, now, .. } = &scene.context;
            let fetched = fetch(&request, &store, settings, calendar, *now, &|_| {}).expect("a report");
            scene.holds(n, fault);
            fetched.warnings.iter().for_each(|warning| helps(&warning.message));
            assert_eq!(fetched.partial(), !passes, "{fault:?} at {n}: {}", render(&fetched));
            assert_eq!(fetched.warnings.is_empty(), passes, "{fault:?} at {n}");
            assert!(!passes || files(&scene.desk.path("store")) == scene.new, "{fault:?} at {n}");
        }
    }
}

#[test]
fn t59_whichever_answer_of_a_check_fails_it_is_told() {
    let scene = Scene::set();
    let whole = {
        scene.spoil(usize::MAX, &Reply::Silence);
        checked(&scene.context)
    };
    for fault in &faults().0 {
        for n in 0..scene.answers {
            scene.spoil(n, fault);
            let (code, said) = checked(&scene.context);
            scene.holds(n, fault);
            assert!([GOOD, PARTIAL].contains(&code) && !said.contains("canary") && !said.contains("NaN"), "{said}");
            assert_ne!(said, whole.1, "{fault:?} at {n}");
            said.lines().filter_map(|line| line.strip_prefix("warning: ")).for_each(helps);
        }
    }
}
