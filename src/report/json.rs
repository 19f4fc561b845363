//! The report as JSON: the contract for programs.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::{Page, Report, page};

/// Writes the report, indented, with a newline at its end.
pub(super) fn render(report: &Report, _page: &Page) -> Result<String> {
    let json = serde_json::to_string_pretty(report).context("the report cannot be written as JSON")?;
    Ok(quiet(&json) + "\n")
}

/// Escapes what a terminal would obey or not show. Such characters stand inside strings alone.
pub(super) fn quiet(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let is_plain = |char: char| char == '\n' || (' '..='~').contains(&char);
    let mut rest = json;
    // nearly all of it is plain, and copied as it stands
    while let Some(at) = rest.find(|char| !is_plain(char)) {
        let (plain, odd) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = odd.chars();
        if let Some(char) = chars.next() {
            if page::is_shown(char) {
                out.push(char);
            } else {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("writing to a string");
                }
            }
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_reads_back() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}b\u{7f}ü\u{e0001}";
        let json = quiet(&serde_json::to_string(text).expect("JSON"));
        assert_eq!(json, r#""a\u001b[31m\u009b\u202eb\u007fü\udb40\udc01""#);
        assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
    }
}
