use chrono::DateTime;

use super::*;
use crate::calendar::Calendar;

/// A page in the site's shape, with figures of its own.
fn page(change: impl Fn(String) -> String) -> String {
    change(
        "<html><nav><a href=\"#index\">Index Characteristics</a></nav>\n\
         <input type=\"hidden\" id=\"fund-info-ticker\" value=\"SPSM\">\n\
         <section><h2 class=\"comp-title\">Fund Characteristics <span class=\"date\">as of Feb 26 2026</span></h2>\
         <table><tr><th>Price/Earnings Ratio FY1</th><td class=\"data\">91.00</td></tr></table></section>\n\
         <section><h2 class=\"comp-title\">Index Characteristics <span class=\"date\">as of Feb 27 2026</span></h2>\
         <table><tr><th class=\"label\">Number of Holdings</th><td class=\"data\">603</td></tr>\
         <tr><th>Price/Earnings<span class=\"info\">..</span></th><td class=\"data\">17.10</td></tr>\
         <tr><th>Price/Earnings Ratio FY1<span class=\"info\">The weighted harmonic average…</span></th>\
         <td class=\"data\"> 14.25 </td></tr></table></section></html>\n"
            .to_owned(),
    )
}

fn read(text: impl AsRef<[u8]>, framed: bool) -> Result<(String, f64), Fault> {
    let calendar = Calendar::new(&[]);
    let ask = Ask {
        name: "sp-600.fy1.ssga",
        from: Day::from_number(0),
        to: Day::from_number(20_600),
        nature: crate::quality::Nature::Market,
        calendar: &calendar,
        now: DateTime::from_timestamp(1_772_500_000, 0).expect("2026-03-03"),
    };
    let body = Body { status: 200, bytes: text.as_ref().to_vec(), framed, date: None };
    let parsed = parse(&body, &ask)?;
    let crate::bars::Columns::Points(points) = parsed.columns else { panic!("not points") };
    assert_eq!((points.len(), points.known_from[0]), (1, points.day[0].plus(1)));
    Ok((points.day[0].to_string(), points.value[0]))
}

#[test]
fn the_index_and_not_the_fund_is_read_and_forward_not_trailing() {
    assert_eq!(read(page(|text| text), true), Ok(("2026-02-27".into(), 14.25)));
    assert_eq!(read(page(|text| text.replace("Feb 27 2026", "Feb 27, 2026")), false), Ok(("2026-02-27".into(), 14.25)));
}

#[test]
fn what_is_not_the_reading_is_refused_with_its_reason() {
    type Change = fn(String) -> String;
    let cases: [(Change, &str); 11] = [
        (|text| text.replace("SPSM", "SPY"), "it is the page of `SPY`, not of SPSM"),
        (|text| text.replace(" 14.25 ", "0.0"), "which is not a P/E of an index"),
        (|text| text.replace(" 14.25 ", "0.0701"), "which is not a P/E of an index"),
        (|text| text.replace(" 14.25 ", "-"), "is `-`, no number"),
        (|text| text.replace(" 14.25 ", "NaN"), "is `NaN`, no number"),
        (|text| text.replace("Index Characteristics <span", "Index <span"), "it has no `Price/Earnings Ratio FY1`"),
        (|text| text.replace("Ratio FY1<span", "Ratio FY2<span"), "it has no `Price/Earnings Ratio FY1`"),
        (|text| text.replace("Feb 27", "Feb 30"), "`Feb 30 2026` is not its date"),
        (|text| text.replace("as of Feb 27", "Feb 27"), "have no date"),
        (|text| text.replace("Feb 27", "Mar 27"), "has not come by the clock"),
        (|text| text.replace("Number of Holdings", "Price/Earnings Ratio FY1"), "is there twice"),
    ];
    for (change, why) in cases {
        let error = read(page(change), true).expect_err(why).at("P").to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    assert_eq!(read("<html>Sign in</html>", true), Err(Fault::WebPage));
    assert!(matches!(read(page(|text| text.replace("</html>", "")), false), Err(Fault::Cut(_))));
    assert!(read([0xff, 0xfe, 0x00], true).is_err());
}
