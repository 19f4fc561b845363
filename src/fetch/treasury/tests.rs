use chrono::DateTime;

use super::*;
use crate::bars::Columns;
use crate::calendar::Calendar;

const HEAD: &str = "Date,\"1 Mo\",\"1.5 Month\",\"2 Mo\",\"1 Yr\",\"2 Yr\",\"10 Yr\",\"30 Yr\"\n";

fn ask<'a>(name: &'a str, calendar: &'a Calendar) -> Ask<'a> {
    let day = |text: &str| text.parse().expect("a date");
    Ask {
        nature: crate::quality::Nature::Market,
        name,
        from: day("2026-03-02"),
        to: day("2026-03-09"),
        calendar,
        now: DateTime::UNIX_EPOCH,
    }
}

fn read(name: &str, text: &str, framed: bool) -> Result<Parsed, Fault> {
    let body = Body { status: 200, bytes: text.into(), framed, date: None };
    parse(&body, &ask(name, &Calendar::new(&[])))
}

fn values(name: &str, text: &str) -> Vec<(String, f64)> {
    let Columns::Points(points) = read(name, text, true).expect("values").columns else { panic!("not values") };
    (0..points.len()).map(|i| (points.day[i].to_string(), points.value[i])).collect()
}

#[test]
fn a_request_is_for_a_year() {
    let path = path(&ask("DGS2", &Calendar::new(&[])));
    assert!(path.contains("rates.csv/2026/all?type=daily_treasury_yield_curve&field_tdr_date_value=2026&"), "{path}");
    assert!(serves("DGS10") && serves("DGS2") && !serves("DFF"));
}

#[test]
fn yields_are_read_by_the_name_of_their_column() {
    let rows = "03/04/2026,1,1,1,1,3.40,4.10,5\n03/03/2026,1,,1,1,3.45,,5\n03/02/2026,1,1,1,1,N/A,4.05,\n";
    let text = format!("{HEAD}{rows}02/27/2026,1,1,1,1,9,9,9\n");
    let two = [("2026-03-03".to_owned(), 3.45), ("2026-03-04".to_owned(), 3.40)];
    assert_eq!(values("DGS2", &text), two);
    assert_eq!(values("DGS10", &text), [("2026-03-02".to_owned(), 4.05), ("2026-03-04".to_owned(), 4.10)]);
    // a column that goes or comes shifts nothing
    let older = text.replace("\"1.5 Month\",", "").replace("/2026,1,1,", "/2026,1,").replace("/2026,1,,", "/2026,1,");
    assert_eq!(values("DGS2", &older), two);
    assert_eq!(values("DGS2", &format!("\u{feff}{}", text.replace('\n', "\r\n"))), two);
    assert_eq!(values("DGS2", HEAD), []);
}

#[test]
fn other_columns_years_and_cut_lines_are_refused() {
    let row = "03/02/2026,1,1,1,1,3.40,4.10,5\n";
    for (text, said) in [
        (HEAD.replace("2 Yr", "2 Year"), "no one `Date` and `2 Yr`"),
        (HEAD.replace("10 Yr", "2 Yr"), "no one `Date` and `2 Yr`"),
        (String::new(), "no one `Date`"),
        (format!("{HEAD}03/03/2025,1,1,1,1,3.40,4.10,5\n"), "2025-03-03, which is of another year"),
        (format!("{HEAD}{row}{row}"), "do not ascend"),
        (format!("{HEAD}2026-03-02,1,1,1,1,3.40,4.10,5\n"), "not a date like"),
        (format!("{HEAD}03/02/2026,1,1\n"), "record"),
    ] {
        let refused = read("DGS2", &text, true).expect_err(said).at("P").to_string();
        assert!(refused.contains(said), "{refused}");
    }
    assert!(matches!(read("DGS2", &format!("{HEAD}{}", row.trim_end()), false), Err(Fault::Cut(_))));
    let gone = Body { status: 404, ..Body::default() };
    assert_eq!(parse(&gone, &ask("DGS2", &Calendar::new(&[]))).expect_err("refused"), Fault::NotFound);
}
