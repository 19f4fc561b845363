//! Every output that is JSON, in every state, against the schema that the program prints of it.

mod desk;

use std::process::Output;

use desk::{Desk, NOW};
use rotation::bars::{Columns, SeriesId};
use serde_json::Value;

fn rotation(arguments: &[&str]) -> Output {
    desk::rotation().args(arguments).output().expect("a run")
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A store with the synthetic market but for some funds.
fn without(lacking: &[&str]) -> Desk {
    Desk::filled(|shelf| shelf.retain(|id, _| lacking.iter().all(|name| *id != SeriesId::bars(name))))
}

/// Forbids what the schema does not name.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".into(), false.into());
            }
            fields.values_mut().for_each(strict);
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}

/// What is wrong with a JSON text as output `name`.
fn wrong(name: &str, json: &str) -> Vec<String> {
    let mut schema: Value = serde_json::from_str(&text(rotation(&["schema", name]))).expect("a schema");
    strict(&mut schema);
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("no JSON ({error}): {json}"));
    validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn a_report_in_every_state_is_as_its_schema_says() {
    let none: Vec<String> = Vec::new();
    let check = ["check", "--offline", "--format", "json"];
    assert_eq!(wrong("check", &text(rotation(&["check", "--demo", "--now", NOW, "--format", "json"]))), none);
    let whole = without(&[]);
    let partial = without(&["KRE", "RSP", "PSCD"]);
    let unknown = without(&["SPY"]);
    for desk in [&whole, &partial, &unknown] {
        assert_eq!(wrong("check", &desk.out(&check)), none);
    }
    let early = whole.out(&[&check[..], &["--as-of", "2000-02-01"]].concat());
    assert!(early.contains("\"unknown\""));
    assert_eq!(wrong("check", &early), none);
    assert_eq!(wrong("check", &whole.out(&[&check[..], &["--no-flips"]].concat())), none);
}

#[test]
fn the_journal_and_the_store_are_as_their_schemas_say() {
    let none: Vec<String> = Vec::new();
    let desk = without(&["KRE"]);
    assert_eq!(desk.out(&["journal", "--format", "ndjson"]), "");
    desk.run(&["check", "--offline"]);
    let journal = desk.out(&["journal", "--format", "ndjson"]);
    assert_eq!((journal.lines().count(), wrong("journal", &journal)), (1, none.clone()));
    let compared = desk.out(&["journal", "--format", "ndjson", "--diff", "2026-06-30", "2026-06-30"]);
    assert_eq!(wrong("journal-diff", &compared), none);
    assert_eq!(wrong("store-status", &desk.out(&["store", "status", "--format", "json"])), none);
    let empty = tempfile::tempdir().expect("a folder");
    let root = empty.path().to_str().expect("a path");
    let status = text(rotation(&["store", "status", "--format", "json", "--store", root]));
    assert_eq!((status.as_str(), wrong("store-status", &status)), ("[]\n", none));
}

/// What a run with the synthetic market prints.
fn demo(arguments: &[&str]) -> String {
    text(rotation(&[arguments, &["--demo", "--now", NOW]].concat()))
}

#[test]
fn the_past_is_as_its_schemas_say() {
    let none: Vec<String> = Vec::new();
    for (name, arguments) in
        [("history", &["history"][..]), ("history-spells", &["history", "--spells"]), ("breadth", &["breadth"])]
    {
        let lines = demo(&[arguments, &["--format", "ndjson"]].concat());
        // the first is of a session of which little is known
        for line in [lines.lines().next(), lines.lines().last()] {
            assert_eq!(wrong(name, line.expect("a line")), none, "{name}");
        }
    }
}

#[test]
fn the_track_record_is_as_its_schemas_say() {
    let none: Vec<String> = Vec::new();
    for (name, part, list) in [
        ("evidence", None, "/scorecard/groups"),
        ("evidence-events", Some("events"), "/events"),
        ("evidence-claims", Some("claims"), "/claims"),
        ("evidence-audit", Some("audit"), "/cuts"),
    ] {
        let arguments = ["evidence", "--format", "json", "--as-of", "2006-06-30"].into_iter().chain(part);
        let json = demo(&arguments.collect::<Vec<_>>());
        assert_eq!(wrong(name, &json), none, "{name}");
        let value: Value = serde_json::from_str(&json).expect("JSON");
        assert!(value.pointer(list).and_then(Value::as_array).is_some_and(|list| !list.is_empty()), "{name}");
    }
}

#[test]
fn a_name_that_is_not_in_the_schema_is_noticed() {
    let desk = without(&["KRE"]);
    let status = desk.out(&["store", "status", "--format", "json"]);
    assert!(!wrong("store-status", &status.replacen("\"source\"", "\"provider\"", 1)).is_empty());
}

#[test]
fn completions_and_manual_name_every_command() {
    let manual = text(rotation(&["man"]));
    assert_eq!(manual.matches(".TH ").count(), 1);
    // it is one page: none of its parts is a page to be looked up
    assert_eq!(manual.lines().find(|line| line.starts_with("rotation\\-")), None);
    assert!(manual.contains("\nrotation store status\n") && manual.contains("\nrotation check \\- Fetch what is due"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(rotation(&["completions", shell]));
        for command in ["check", "fetch", "import", "journal", "store", "config", "schema", "only-changes"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
    for command in ["CHECK", "FETCH", "IMPORT", "JOURNAL", "STORE", "STORE STATUS", "CONFIG", "SCHEMA", "MAN"] {
        assert!(manual.contains(&format!(".SH \"ROTATION {command}\"")), "{command}");
    }
}

#[test]
fn what_describes_the_program_needs_no_configuration() {
    for arguments in [&["schema"][..], &["completions", "bash"], &["man"]] {
        let output = rotation(&[arguments, &["--config", "/no/such/file.toml"]].concat());
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(0), false), "{arguments:?}");
    }
}

#[test]
fn prices_that_are_withheld_are_said_to_be_and_how_to_mend_them() {
    // a single close a hundred times too high
    let desk = Desk::filled(|shelf| {
        let series = shelf.get_mut(&SeriesId::bars("IWM")).expect("bars");
        let Columns::Bars(bars) = &mut series.columns else { panic!("no bars") };
        for column in [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close] {
            column[2_000] *= 100.0;
        }
        series.hash = series.columns.hash();
        series.origin.owner = "imported".into();
    });
    let (code, out, _) = desk.said(&["check", "--offline", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let verdict = |field: &str| report["verdict"][field].as_str().expect("text").to_owned();
    assert_eq!((code, verdict("stage").as_str()), (Some(3), "unknown"));
    assert!(verdict("rule").starts_with("IWM is withheld: "), "{}", verdict("rule"));
    assert!(verdict("next_step").starts_with("correct the file of IWM and give it with `rotation import --replace`"));
    assert_eq!(desk.said(&["history"]).0, Some(3));
    let (code, _, err) = desk.said(&["evidence"]);
    assert!(code == Some(1) && err.contains("IWM is withheld: ") && err.contains("--replace"), "{err}");
    let claims = desk.path("claims.toml");
    let claim = "[[claim]]\ntext = \"a run of months\"\nkind = \"streak\"\nsymbol = \"SPY\"\nmonths = 3\n";
    std::fs::write(&claims, claim).expect("written");
    let (code, _, err) = desk.said(&["evidence", "claims", "claims.toml"]);
    assert!(code == Some(3) && err.contains("`bars/IWM`: "), "{err}");
    let (code, _, err) = desk.said(&["evidence", "audit", "--cuts", "2"]);
    assert!(code == Some(3) && err.contains("`bars/IWM`: "), "{err}");
}
