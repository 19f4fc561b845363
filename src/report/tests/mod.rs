mod built;
mod past;
mod sample;

use super::*;
use sample::{early, synthetic, unknown};

const WIDE: Page = Page { width: 120, color: false, unicode: true };
const NARROW: Page = Page { width: 80, ..WIDE };
const ASCII: Page = Page { unicode: false, ..NARROW };

fn shown(name: &str, report: &Report, page: &Page) -> String {
    let format = FORMATS.iter().find(|format| format.name == name).expect("a format");
    (format.render)(report, page).expect("a report")
}

fn table(report: &Report, page: &Page) -> String {
    shown("table", report, page)
}

#[test]
fn the_table_at_80_columns() {
    insta::assert_snapshot!("table_80", table(&early(), &NARROW));
}

#[test]
fn the_table_at_120_columns() {
    insta::assert_snapshot!("table_120", table(&early(), &WIDE));
}

#[test]
fn the_table_in_ascii() {
    let text = table(&early(), &ASCII);
    assert!(text.is_ascii());
    insta::assert_snapshot!("table_ascii", text);
}

#[test]
fn the_table_in_colour() {
    let text = table(&early(), &Page { color: true, ..WIDE });
    insta::assert_snapshot!("table_colour", text.replace('\u{1b}', "␛"));
}

#[test]
fn the_table_on_a_narrow_page() {
    insta::assert_snapshot!("table_44", table(&early(), &Page { width: 44, ..NARROW }));
}

#[test]
fn an_unknown_stage_says_why_and_names_the_way_out() {
    insta::assert_snapshot!("table_unknown", table(&unknown(), &NARROW));
}

#[test]
fn a_made_up_market_is_labelled_before_anything_else() {
    let text = table(&synthetic(), &NARROW);
    assert_eq!(text.lines().next(), Some("SYNTHETIC DEMO DATA: no real market"));
    assert!(shown("json", &synthetic(), &NARROW).contains("\"synthetic\": true"));
    assert!(shown("line", &synthetic(), &NARROW).starts_with("SYNTHETIC DEMO DATA"));
    assert!(shown("markdown", &synthetic(), &NARROW).starts_with("**SYNTHETIC DEMO DATA"));
    assert!(shown("csv", &synthetic(), &NARROW).lines().skip(1).all(|row| row.contains(",true,")));
}

#[test]
fn the_table_on_a_broad_page() {
    insta::assert_snapshot!("table_200", table(&early(), &Page { width: 200, ..WIDE }));
}

#[test]
fn the_other_formats() {
    for name in ["line", "csv", "markdown"] {
        insta::assert_snapshot!(name, shown(name, &early(), &NARROW));
    }
    insta::assert_snapshot!("line_unknown", shown("line", &unknown(), &ASCII));
    assert!(shown("markdown", &early(), &ASCII).is_ascii());
}

#[test]
fn what_is_found_for_whole_formats_alone_is_shown_in_them_alone() {
    let part = Report { flips: None, next_close: None, evidence: Evidence::none("not asked for"), ..early() };
    for format in FORMATS {
        let differs = shown(format.name, &part, &WIDE) != shown(format.name, &early(), &WIDE);
        assert_eq!(differs, format.whole, "{}", format.name);
    }
}

#[test]
fn t24_no_text_is_markup() {
    let mut report = early();
    report.signals[0].summary = Some("<script>alert(1)</script> a|b *c* [d](e)".into());
    let text = shown("markdown", &report, &NARROW);
    assert!(text.contains(r"&lt;script>alert(1)&lt;/script> a\|b \*c\* \[d\](e) |"), "{text}");
    report.settings[0].value = "XHB a\r\n- b".into();
    let text = shown("markdown", &report, &NARROW);
    assert!(text.contains(r"XHB a\u{d}\u{a}- b (default"), "{text}");
}

#[test]
fn the_csv_has_a_row_for_every_reading_and_reads_back() {
    let text = shown("csv", &early(), &NARROW);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), early().signals.iter().map(|signal| signal.readings.0.len()).sum::<usize>());
    assert_eq!((&rows[0][4], &rows[0][8], &rows[0][9]), ("relative-strength", "0.02123456789", "fraction"));
    assert_eq!((&rows[2][5], &rows[2][8]), ("", ""), "a missing reading is empty");
    assert!(rows[2][11].starts_with("0 of 9 groups"));
}

#[test]
fn the_json_is_the_contract() {
    insta::assert_snapshot!("json", shown("json", &early(), &NARROW));
}

#[test]
fn colour_changes_no_character() {
    let (plain, coloured) = (table(&early(), &WIDE), table(&early(), &Page { color: true, ..WIDE }));
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped += before;
        rest = after.split_once('m').expect("an end of the style").1;
    }
    assert_eq!(stripped + rest, plain);
}

#[test]
fn no_line_is_wider_than_the_page_and_no_word_is_split() {
    for report in [early(), unknown(), synthetic()] {
        // at 120 columns every text below fits, so its words are whole
        let wide = table(&report, &WIDE);
        let known: Vec<&str> = wide.split_whitespace().collect();
        for width in 60..210 {
            let text = table(&report, &Page { width, ..WIDE });
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
            let words: Vec<&str> = report.signals.iter().filter_map(|row| row.summary.as_deref()).collect();
            for word in words.join(" ").split_whitespace() {
                assert!(text.split_whitespace().any(|shown| shown == word), "{width}: {word}");
            }
            if width >= 80 {
                let drawn = |word: &str| word == "reading" || word.contains(['─', '▁', '·']);
                let strange = text.split_whitespace().find(|word| !known.contains(word) && !drawn(word));
                assert_eq!(strange, None, "{width}");
            }
        }
    }
}

#[test]
fn the_longest_name_of_a_signal_is_whole_among_the_notes() {
    let longest = SIGNALS.iter().map(|signal| signal.id).max_by_key(|id| id.len()).expect("a signal");
    let mut report = early();
    let signal = report.signals.last_mut().expect("a signal");
    *signal =
        SignalRow { id: longest, vote: None, summary: None, missing: Some("not set up".into()), ..signal.clone() };
    let text = table(&report, &NARROW);
    assert_eq!(text.lines().filter(|line| line.contains(longest)).count(), 2, "{text}");
}

#[test]
fn what_does_not_fit_is_cut_with_a_sign() {
    let mut report = early();
    report.signals[0].summary = Some("x".repeat(300));
    report.inputs[0].id = "y".repeat(300);
    for width in 1..=130 {
        let page = Page { width, ..WIDE };
        let text = table(&report, &page);
        assert!(text.contains("x…") && text.contains("y…"), "{width}");
        assert!(text.lines().all(|line| line.chars().count() <= width.max(40)), "{width}:\n{text}");
    }
}

#[test]
fn what_a_file_says_cannot_reach_the_terminal() {
    let mut report = early();
    report.inputs[0].source = Some("a\u{1b}[2J \u{202e}".into());
    report.signals[0].summary = Some("e\u{7}f\ng\u{9b}h".into());
    for page in [NARROW, ASCII] {
        let text = table(&report, &page);
        assert!(text.contains("a\\u{1b}[2J"), "{text}");
        assert!(text.contains("e\\u{7}f\\u{a}g\\u{9b}h"), "{text}");
    }
    let json = shown("json", &report, &NARROW);
    assert!(json.contains(r"a\u001b[2J \u202e") && json.contains(r"g\u009bh"), "{json}");
}

#[test]
fn the_page_stands_alone_and_no_text_in_it_is_markup() {
    let mut report = synthetic();
    report.signals[0].summary = Some("<script>alert('x')</script>\u{1b}[2J\u{202e}".into());
    report.warnings[0].message = "<img src=x onerror=alert(1)>".into();
    let html = shown("html", &report, &NARROW);
    assert!(html.contains("<title>SYNTHETIC DEMO DATA: no real market · "));
    assert!(shown("html", &early(), &NARROW).contains("<title>EARLY ROTATION · "));
    assert!(html.contains("&lt;script&gt;") && html.contains("&lt;img src=x"), "{html}");
    assert!(html.contains(r"\u{1b}[2J\u{202e}"));
    for reach in ["<script", "http:", "https:", "url(", "@import", "<link", "<img", "<iframe"] {
        assert!(!html.contains(reach), "{reach}");
    }
}

#[test]
fn an_unknown_stage_is_a_page_too() {
    let html = shown("html", &unknown(), &NARROW);
    assert!(html.contains("STAGE UNKNOWN") && html.contains("SPY has no close on 2025-10-09"));
}
