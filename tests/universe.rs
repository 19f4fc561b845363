//! The program from outside: the members of an index, and their bars.

mod desk;

use std::fs;

use desk::Desk;
use rotation::bars::SeriesId;
use rotation::universe::Member;
use serde_json::Value;

/// The synthetic market, whose bank fund's bars are two members' too, and two lists of three members.
fn filled() -> Desk {
    let desk = Desk::filled(|shelf| {
        let banks = shelf[&SeriesId::bars("KRE")].clone();
        shelf.extend(["AAA", "BBB"].map(|symbol| (SeriesId::bars(symbol), banks.clone())));
    });
    for on in ["2026-05-29", "2026-06-26"] {
        let member =
            |name: &str| Member { name: name.into(), weight: 0.25, ..Member::bare(name.trim_start_matches('=')) };
        desk.list(on, ["=AAA", "BBB", "CCC"].map(member).into());
    }
    desk
}

#[test]
fn members_are_told_of_together_in_the_table_and_each_in_json() {
    let desk = filled();
    let (code, out, err) = desk.said(&["store", "status"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!out.contains("bars/AAA"), "{out}");
    let row = out.lines().find(|line| line.starts_with("universe/MINE")).expect("a row");
    assert!(row.contains("imported") && row.contains("2026-05-29  2026-06-26       3"), "{row}");
    assert!(
        out.contains("members of MINE: bars of 2 of 3: 2 of them to 2026-06-30; 0 withheld, 0 with notes\n"),
        "{out}"
    );
    let json: Value = serde_json::from_str(&desk.said(&["store", "status", "--format", "json"]).1).expect("JSON");
    let named = |name: &str| json.as_array().expect("rows").iter().any(|row| row["series"] == name);
    assert!(named("bars/AAA") && named("bars/BBB") && named("universe/MINE") && !named("bars/CCC"));
}

#[test]
fn lists_are_verified_exported_read_back_and_cleared() {
    let desk = filled();
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert!(code == Some(0) && out.contains(" series and 2 lists of members verified: 0 withheld"), "{out}");
    let (code, out, _) = desk.said(&["store", "export", "universe/mine", "--output", "out"]);
    assert_eq!((code, out.lines().next()), (Some(0), Some("1 series written; they are read back with")));
    let text = fs::read_to_string(desk.path("out/universe/MINE.csv")).expect("a file");
    assert!(text.starts_with("date,symbol,name,sector,weight\n2026-05-29,AAA,'=AAA,,0.25\n"), "{text}");
    let (code, out, err) = desk.said(&["import", "out/universe", "--replace"]);
    assert!(code == Some(0) && out.contains("universe/MINE/2026-06-26       3 members  replaced"), "{out}{err}");

    let list = desk.path("store/universe/MINE/2026-05-29.csv");
    fs::write(&list, "symbol\nAAA\n").expect("written");
    let (code, out, _) = desk.said(&["store", "verify"]);
    assert!(code == Some(3) && out.contains("2026-05-29.csv` is damaged"), "{out}");
    assert!(desk.path("store/universe/MINE/2026-05-29.csv.damaged-1").exists() && !list.exists());

    assert_eq!(desk.said(&["store", "clear", "--yes"]).0, Some(0));
    assert!(!desk.path("store/universe").exists());
}

#[test]
fn lists_that_are_damaged_are_missed_until_they_are_back_or_given_up() {
    let desk = filled();
    let lists = ["2026-05-29", "2026-06-26"].map(|on| desk.path(&format!("store/universe/MINE/{on}.csv")));
    for list in &lists {
        fs::write(list, "symbol\nAAA\n").expect("written");
    }
    let check = ["check", "--offline", "--format", "json"];
    for words in ["2026-05-29.csv` is damaged", "2026-05-29.csv` was damaged and is missing"] {
        let (code, out, _) = desk.said(&check);
        let report: Value = serde_json::from_str(&out).expect("JSON");
        let warning = &report["warnings"][0]["message"].as_str().expect("a message");
        assert!(code == Some(3) && warning.contains(words), "{warning}");
        assert!(warning.starts_with("no list of the members of `MINE` can be read"), "{warning}");
    }
    let (code, _, err) = desk.said(&["store", "export", "--output", "out"]);
    assert!(code == Some(3) && err.contains("2026-06-26.csv` was damaged and is missing"), "{err}");
    assert!(desk.path("out/bars").exists() && !desk.path("out/universe").exists());
    assert_eq!(desk.said(&["store", "export", "universe/mine", "--output", "more"]).0, Some(2));
    for list in &lists {
        fs::remove_file(list.with_extension("csv.damaged-1")).expect("removed");
    }
    assert_eq!(desk.said(&check).0, Some(0));
}
