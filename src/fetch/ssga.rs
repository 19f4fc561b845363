//! State Street's fund pages: the forward P/E of the index behind SPY and SPSM, the same definition for
//! both. A page shows the present reading alone; the store keeps those seen.

use chrono::NaiveDate;

use super::body::Body;
use super::fault::{Fault, shown};
use super::{Ask, Parsed, due};
use crate::bars::Points;
use crate::day::Day;
use crate::quality::PLAUSIBLE_PE;

/// A series, the fund whose page shows it, and the path of that page. Funds move; the host redirects.
const PAGES: &[(&str, &str, &str)] = &[
    ("sp-500.fy1.ssga", "SPY", "/us/en/intermediary/etfs/spdr-sp-500-etf-trust-spy"),
    ("sp-600.fy1.ssga", "SPSM", "/us/en/intermediary/etfs/state-street-spdr-portfolio-sp-600-small-cap-etf-spsm"),
];

/// The mark beside the fund's ticker.
const TICKER: &str = "id=\"fund-info-ticker\"";
/// The section that describes the index; another one, of the fund, has the same labels.
const SECTION: &str = "Index Characteristics";
/// The label of the P/E on the next fiscal year's estimates; `Price/Earnings` alone is trailing.
const LABEL: &str = "Price/Earnings Ratio FY1";

fn page(series: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    PAGES.iter().find(|(name, ..)| *name == series)
}

/// Whether a page shows the series.
pub(super) fn serves(series: &str) -> bool {
    page(series).is_some()
}

/// The path of the fund's page.
pub(super) fn path(ask: &Ask) -> String {
    page(ask.name).map_or_else(String::new, |(_, _, path)| (*path).to_owned())
}

/// Reads the one value of a page, with the day it is for.
///
/// # Errors
/// Not found; cut; another fund's page or none; no such section, date or value, or a value that is no
/// P/E of an index.
pub(super) fn parse(body: &Body, ask: &Ask) -> Result<Parsed, Fault> {
    let text = String::from_utf8_lossy(body.served()?);
    if !body.framed && !text.trim_end().to_ascii_lowercase().ends_with("</html>") {
        return Err(Fault::Cut("the page has no end".to_owned()));
    }
    let fund = page(ask.name).map(|(_, fund, _)| *fund).ok_or(Fault::NotFound)?;
    match ticker(&text) {
        // a sign-in or consent page has none
        None => return Err(Fault::WebPage),
        Some(other) if other != fund => {
            return Err(Fault::Malformed(format!("it is the page of `{}`, not of {fund}", shown(other))));
        }
        Some(_) => {}
    }
    let section = sections(&text).find(|section| section.contains(LABEL));
    let section = section.ok_or_else(|| Fault::Malformed(format!("it has no `{LABEL}` under `{SECTION}`")))?;
    let (day, value) = (as_of(section)?, value(section)?);
    let today = due::today(ask.now);
    if day > today {
        return Err(Fault::Malformed(format!("it is as of {day}, which has not come by the clock ({today})")));
    }
    if !PLAUSIBLE_PE.contains(&value) {
        return Err(Fault::Malformed(format!("its `{LABEL}` is {value}, which is not a P/E of an index")));
    }
    let mut points = Points::default();
    points.push(day, day.plus(1), value);
    Ok(Parsed::points(points, Vec::new()))
}

/// The value of the tag that bears the ticker's mark.
fn ticker(text: &str) -> Option<&str> {
    let at = text.find(TICKER)?;
    let tag = &text[text[..at].rfind('<')?..at + text[at..].find('>')?];
    let (_, value) = tag.split_once("value=\"")?;
    value.split('"').next().map(str::trim)
}

/// What follows each heading of the section, up to the section's end or the next heading.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(SECTION).map(|(at, _)| {
        let rest = &text[at + SECTION.len()..];
        let end = ["</section", "<h2"].iter().filter_map(|mark| rest.find(mark)).min();
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// The date after `as of`, such as `Aug 28 2026`.
fn as_of(section: &str) -> Result<Day, Fault> {
    let text = section.split_once("as of").map(|(_, rest)| rest.split('<').next().unwrap_or_default());
    let text = text.ok_or_else(|| Fault::Malformed(format!("its `{SECTION}` have no date")))?;
    let date = text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let day = NaiveDate::parse_from_str(&date, "%b %d %Y").map(Day::from);
    day.ok()
        .filter(|day| (1990..=2200).contains(&day.year()))
        .ok_or_else(|| Fault::Malformed(format!("`{}` is not its date", shown(text))))
}

/// The number in the cell beside the one label.
fn value(section: &str) -> Result<f64, Fault> {
    let malformed = |why: &str| Fault::Malformed(format!("its `{LABEL}` {why}"));
    let mut labelled = section.split(LABEL).skip(1);
    let (Some(rest), None) = (labelled.next(), labelled.next()) else { return Err(malformed("is there twice")) };
    let cell = rest.split_once("<td").and_then(|(_, cell)| cell.split_once('>'));
    let text = cell.and_then(|(_, text)| text.split('<').next()).ok_or_else(|| malformed("has no value"))?;
    let number = text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    number.ok_or_else(|| malformed(&format!("is `{}`, no number", shown(text))))
}

#[cfg(test)]
mod tests;
