use chrono::DateTime;

use super::*;
use crate::bars::Columns;
use crate::calendar::Calendar;

fn ask<'a>(name: &'a str, calendar: &'a Calendar) -> Ask<'a> {
    Ask {
        nature: crate::quality::Nature::Market,
        name,
        from: "2026-03-02".parse().expect("a date"),
        to: "2026-03-09".parse().expect("a date"),
        calendar,
        now: DateTime::UNIX_EPOCH,
    }
}

fn read(text: &str, framed: bool) -> Result<Parsed, Fault> {
    let body = Body { status: 200, bytes: text.into(), framed, date: None };
    parse(&body, &ask("DGS2", &Calendar::new(&[])))
}

fn rows(text: &str) -> Vec<(String, String, f64)> {
    let Columns::Points(points) = read(text, true).expect("values").columns else { panic!("not values") };
    let text = |day: &Day| day.to_string();
    (0..points.len()).map(|i| (text(&points.day[i]), text(&points.known_from[i]), points.value[i])).collect()
}

fn row(day: &str, known: &str, value: f64) -> (String, String, f64) {
    (day.into(), known.into(), value)
}

#[test]
fn a_request_names_its_window_in_dates() {
    assert_eq!(path(&ask("DGS2", &Calendar::new(&[]))), "/graph/fredgraph.csv?id=DGS2&cosd=2026-03-02&coed=2026-03-09");
}

#[test]
fn missing_values_are_left_out_and_zero_is_a_value() {
    let text = "observation_date,DGS2\n2026-03-02,.\n2026-03-03,0\n2026-03-04,\n2026-03-05,-0.25\n2026-03-06,3.5\n";
    let expected = [
        row("2026-03-03", "2026-03-04", 0.0),
        row("2026-03-05", "2026-03-06", -0.25),
        row("2026-03-06", "2026-03-09", 3.5), // Friday's value is known on Monday
    ];
    assert_eq!(rows(text), expected);
    assert_eq!(rows(&text.replace('\n', "\r\n")), expected);
    assert_eq!(rows(&format!("\u{feff}{}", text.replace("observation_date", "DATE"))), expected);
}

#[test]
fn a_target_counts_from_its_own_day() {
    let body =
        Body { status: 200, bytes: "observation_date,DFEDTARU\n2026-03-07,3.75\n".into(), framed: true, date: None };
    let parsed = parse(&body, &ask("DFEDTARU", &Calendar::new(&[]))).expect("values");
    let Columns::Points(points) = parsed.columns else { panic!("not values") };
    assert_eq!(points.day, points.known_from);
}

#[test]
fn what_is_no_number_is_left_out_and_said() {
    let parsed = read("observation_date,DGS2\n2026-03-02,3.4\n2026-03-03,1e400\n2026-03-04,n/a\n", true);
    let parsed = parsed.expect("values");
    assert_eq!(parsed.columns.days().len(), 1);
    assert_eq!(parsed.findings[0].code, "row_unreadable");
    assert_eq!(parsed.findings[0].to_string(), "left out what is no number on 2026-03-03, 2026-03-04");
}

#[test]
fn another_series_and_broken_rows_are_refused() {
    let cases = [
        ("observation_date,DGS10\n2026-03-02,3.4\n", "its header is `observation_date,DGS10`"),
        ("observation_date,DGS2,X\n2026-03-02,3.4,1\n", "its header is"),
        ("day,DGS2\n2026-03-02,3.4\n", "its header is"),
        ("", "its header is ``"),
        ("observation_date,DGS2\n2026-03-02\n", "record"),
        ("observation_date,DGS2\n03/02/2026,3.4\n", "`03/02/2026` is not a date"),
        ("observation_date,DGS2\n2026-03-01,3.4\n", "2026-03-01, which was not asked for"),
        ("observation_date,DGS2\n2026-03-10,3.4\n", "2026-03-10, which was not asked for"),
        ("observation_date,DGS2\n2026-03-03,3.4\n2026-03-02,3.4\n", "do not ascend at 2026-03-02"),
        ("observation_date,DGS2\n2026-03-03,3.4\n2026-03-03,3.4\n", "do not ascend at 2026-03-03"),
    ];
    for (text, said) in cases {
        let refused = read(text, true).expect_err(text).at("P").to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn without_a_length_the_last_line_must_be_whole() {
    let text = "observation_date,DGS2\n2026-03-02,3.4";
    assert!(read(text, true).is_ok());
    assert!(matches!(read(text, false), Err(Fault::Cut(_))));
    assert!(read(&format!("{text}\n"), false).is_ok());
}

#[test]
fn an_unknown_id_is_a_page_with_status_404() {
    let body = Body { status: 404, bytes: "<html>".into(), framed: true, date: None };
    assert_eq!(parse(&body, &ask("DGS2", &Calendar::new(&[]))).expect_err("refused"), Fault::NotFound);
}
