use chrono::DateTime;
use serde_json::{Value, json};

use super::*;
use crate::bars::Columns;
use crate::calendar::Calendar;

fn ask(calendar: &Calendar) -> Ask<'_> {
    let day = |text: &str| text.parse().expect("a date");
    Ask {
        nature: crate::quality::Nature::Market,
        name: "239742",
        from: day("2007-01-01"),
        to: day("2026-03-09"),
        calendar,
        now: DateTime::UNIX_EPOCH,
    }
}

fn read(value: &Value) -> Result<Parsed, Fault> {
    let body = Body { status: 200, bytes: value.to_string().into_bytes(), framed: true, date: None };
    parse(&body, &ask(&Calendar::new(&[])))
}

/// A report of a Tuesday.
fn report(date: &str) -> Value {
    json!({
        "cftc_contract_market_code": "239742", "report_date_as_yyyy_mm_dd": format!("{date}T00:00:00.000"),
        "futonly_or_combined": "FutOnly", "open_interest_all": "500000", "dealer_positions_long_all": "1",
        "asset_mgr_positions_long": "120000", "asset_mgr_positions_short": "90000",
        "lev_money_positions_long": "60000", "lev_money_positions_short": "150000"
    })
}

fn with(mut report: Value, key: &str, value: impl Into<Value>) -> Value {
    report[key] = value.into();
    report
}

#[test]
fn a_request_names_contract_and_window_and_nothing_unescaped() {
    let path = path(&ask(&Calendar::new(&[])));
    assert!(path.contains("code%3D%27239742%27%20AND%20report_date_as_yyyy_mm_dd%20between%20%272007-01-01%27"));
    assert!(!path.contains([' ', '\'', '"']), "{path}");
    assert!(serves("239742") && serves("13874+") && !serves("1' OR '1'='1"));
}

#[test]
fn reports_count_from_their_publication_and_a_hole_of_years_is_no_error() {
    let long = with(report("2026-03-03"), "asset_mgr_positions_long_all", "130000");
    let mut long = long.as_object().expect("a report").clone();
    long.remove("asset_mgr_positions_long");
    let parsed = read(&json!([report("2008-01-08"), report("2017-07-11"), long])).expect("reports");
    let Columns::Points(points) = parsed.columns else { panic!("not values") };
    let texts = |days: &[Day]| days.iter().map(Day::to_string).collect::<Vec<_>>();
    assert_eq!(texts(&points.day), ["2008-01-08", "2017-07-11", "2026-03-03"]);
    assert_eq!(texts(&points.known_from), ["2008-01-11", "2017-07-14", "2026-03-06"]);
    assert_eq!(
        (&points.value[..], &points.beside[0][..]),
        (&[500_000.0; 3][..], &[120_000.0, 120_000.0, 130_000.0][..])
    );
    assert!(read(&json!([])).expect("nothing").columns.days().is_empty());
}

#[test]
fn what_is_no_count_is_left_out_and_said() {
    for value in ["", ".", "-5", "1e3", "many"] {
        let rows = json!([with(report("2026-02-24"), "open_interest_all", value), report("2026-03-03")]);
        let parsed = read(&rows).expect("reports");
        assert_eq!((parsed.columns.days().len(), parsed.findings[0].code), (1, "row_unreadable"), "{value}");
    }
}

#[test]
fn options_other_contracts_and_wrong_dates_are_refused() {
    let good = report("2026-03-03");
    for (rows, said) in [
        (json!([with(good.clone(), "futonly_or_combined", "Combined")]), "scope is `Combined`"),
        (json!([with(good.clone(), "cftc_contract_market_code", "13874A")]), "about `13874A`"),
        (json!([good, good]), "do not ascend at 2026-03-03"),
        (json!([report("2026-03-10")]), "2026-03-10, which was not asked for"),
        (json!([report("yesterday!")]), "is not a date"),
        (json!({ "error": true, "message": "Could not parse" }), "it says `Could not parse`"),
    ] {
        let refused = read(&rows).expect_err(said).at("P").to_string();
        assert!(refused.contains(said), "{refused}");
    }
}
