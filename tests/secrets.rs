//! A key is in no output, whatever the source does with it.

mod desk;
mod server;

use std::fs;
use std::path::Path;
use std::process::Output;
use std::thread;

use desk::{day, put};
use rotation::calendar::Calendar;
use rotation::demo;
use rotation::report::FORMATS;
use rotation::store::Store;
use server::upstream::door;
use server::{Reply, Server, answer, config_text, head, ok};

/// The key of both sources, as no answer and no figure could contain it by chance.
const KEY: &str = "canaryKEY0123456789";

/// What a source may do to whoever asks with a key; some send it back.
fn faults() -> Vec<(&'static str, Reply)> {
    let echo = format!("{KEY} and {KEY}");
    let away = format!("https://{KEY}.example/?k={KEY}");
    let in_json = format!("{{\"detail\":\"{echo}\",\"error_code\":400,\"error_message\":\"{echo}\"}}");
    let about_key = format!("{{\"error_code\":400,\"error_message\":\"the api_key {KEY} is not registered\"}}");
    vec![
        ("words in JSON", answer(400, &[], &in_json)),
        ("a refused key", answer(400, &[], about_key)),
        ("status 401", answer(401, &[], &echo)),
        ("status 403", answer(403, &[], &echo)),
        ("status 404", answer(404, &[], &in_json)),
        ("status 429", answer(429, &[("Retry-After", "7200")], &echo)),
        ("a page", ok(format!("<html>{echo}"))),
        ("text", ok(&echo)),
        ("text beyond the clip", ok(format!("[{{\"date\":\"{}{KEY}{KEY}\"}}]", "x".repeat(70)))),
        ("another type", ok(format!("{{\"units\":\"{KEY}\",\"count\":\"{KEY}\",\"detail\":[\"{KEY}\"]}}"))),
        ("a redirect away", answer(302, &[("Location", away.as_str())], "")),
        ("a redirect in a circle", answer(302, &[("Location", format!("/{KEY}/{KEY}").as_str())], "")),
        ("a cut", Reply::Bytes([head(200, &[("Content-Length", "999")]).as_bytes(), echo.as_bytes()].concat())),
        ("a reset", Reply::Reset(head(200, &[("Content-Length", "999")]).into_bytes())),
        ("no HTTP", Reply::Bytes(echo.into_bytes())),
    ]
}

fn run(folder: &Path, arguments: &[&str], keys: &[(&str, &str)]) -> Output {
    let mut command = desk::rotation();
    command.envs(keys.iter().copied()).args(arguments);
    command.args(["-v", "--now", "2026-03-06T18:00:00-05:00"]).arg("--store").arg(folder.join("store"));
    command.arg("--config").arg(folder.join("c.toml")).output().expect("a run")
}

/// A folder with a configuration whose sources with a key are `server`.
fn configured(server: &Server) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = config_text(&server.url(), &["tiingo"], &["fred_api"]);
    fs::write(folder.path().join("c.toml"), text).expect("written");
    folder
}

/// Everything that a run left behind: what it printed, and the bytes of its files.
fn left(folder: &Path, output: &Output) -> Vec<u8> {
    let mut all = [&output.stdout[..], &output.stderr[..]].concat();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            all.extend(path.to_string_lossy().as_bytes());
            if path.is_dir() {
                folders.push(path);
            } else {
                all.extend(fs::read(path).expect("a file"));
            }
        }
    }
    all
}

#[test]
fn t22_a_key_is_in_no_output_and_no_file_under_any_fault() {
    // at once, as some of them are waited for
    thread::scope(|scope| {
        // a format each, in turn, beside the JSON
        let formats = FORMATS.iter().map(|format| format.name).cycle();
        let runs: Vec<_> = faults()
            .into_iter()
            .zip(formats)
            .map(|(fault, format)| scope.spawn(move || suffer(fault, format)))
            .collect();
        for run in runs {
            run.join().expect("nothing of the key");
        }
    });
}

/// Three months of synthetic figures that end two sessions before the runs.
fn fill(root: &Path) {
    let mut shelf = demo::market(&Calendar::new(&[]), day("2026-03-04"));
    for series in shelf.values_mut() {
        let rows = series.columns.days().len();
        series.columns.keep(rows.saturating_sub(60)..rows);
    }
    put(&Store::at(root.to_path_buf()).expect("a store"), &shelf);
}

/// Runs the program against one fault, and looks through all that it leaves behind.
fn suffer((name, reply): (&str, Reply), format: &str) {
    // who was not sent the key cannot send it back
    let server = Server::start(
        move |request| {
            if request.head.contains(KEY) { reply.clone() } else { answer(404, &[], "not here") }
        },
    );
    let folder = configured(&server);
    fill(&folder.path().join("store"));
    let keys = [("TIINGO_API_KEY", KEY), ("FRED_API_KEY", KEY)];
    for arguments in [&["fetch", "IWM", "DGS2"][..], &["check", "--format", "json"], &["check", "--format", format]] {
        let output = run(folder.path(), arguments, &keys);
        let left = String::from_utf8_lossy(&left(folder.path(), &output)).into_owned();
        assert!(!left.to_lowercase().contains("canary") && !left.contains("0123456789"), "{name}: {left}");
        assert_eq!(output.status.code(), Some(3), "{name}: {left}");
        let told = String::from_utf8_lossy(&output.stdout).contains("warnings\": [\n");
        assert!(told || !arguments.contains(&"json"), "{name}: the JSON tells of the faults: {left}");
    }
    let log = server.take_log();
    let sent =
        |path: &str| log.iter().any(|request| door(&request.path).1.starts_with(path) && request.head.contains(KEY));
    assert!(sent("/tiingo/") && sent("/fred/"), "{name}: the key was sent");
}

#[test]
fn a_key_that_is_none_is_a_usage_error_that_names_its_variable() {
    let server = Server::replying(vec![ok("[]")]);
    let folder = configured(&server);
    for (variable, value) in [("TIINGO_API_KEY", "canary with spaces"), ("FRED_API_KEY", "canary")] {
        let output = run(folder.path(), &["fetch"], &[(variable, value)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("`{variable}`")) && !said.contains("canary"), "{said}");
    }
    assert!(server.take_log().is_empty());
}

#[test]
fn what_is_not_asked_for_want_of_a_key_is_said_to_who_asks() {
    let server = Server::replying(vec![ok("[]")]);
    let folder = configured(&server);
    let text = fs::read_to_string(folder.path().join("c.toml")).expect("text");
    let text = text.replace("\"tiingo\"]", "\"tiingo\", \"yahoo\"]");
    fs::write(folder.path().join("c.toml"), text).expect("written");
    let output = run(folder.path(), &["fetch", "IWM"], &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("tiingo is not asked: `TIINGO_API_KEY` is not set\n"), "{said}");
}
