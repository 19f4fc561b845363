//! What goes wrong between here and a source.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

/// A source did not serve what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    /// Where: the URL without its query.
    pub place: String,
    /// What went wrong.
    pub fault: Fault,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The source does not know the series.
    NotFound,
    /// Too many requests; the source says until when it will refuse more, if it does.
    Limited {
        /// When it may be asked again.
        until: Option<DateTime<Utc>>,
    },
    /// Most series at once were not found: the source refuses them all.
    Blocked {
        /// Series not found.
        failed: usize,
        /// Series asked for.
        asked: usize,
    },
    /// Status 511, or HTML where values were asked for.
    WebPage,
    /// Status 401, 403 or 407.
    Denied(u16),
    /// The key is not taken: the variable that holds it.
    KeyRefused(&'static str),
    /// Another error status, for the last time.
    Status(u16),
    /// A redirect that is not followed: to another host, to plain http, or once too often.
    Redirected(String),
    /// The whole answer was not there in time.
    Timeout,
    /// More than the limit.
    TooLarge(u64),
    /// The answer breaks off.
    Cut(String),
    /// The answer is complete and wrong.
    Malformed(String),
    /// No connection, or one that broke.
    Network(String),
    /// A whole answer that holds less than the store does.
    Shrunk(String),
    /// The series has another owner that this source may not replace, or no source is set.
    NoSource(String),
}

impl Fault {
    /// Whether the fault lies with the source or the way to it, not with the series asked for.
    pub fn concerns_all(&self) -> bool {
        matches!(
            self,
            Self::Limited { .. }
                | Self::Blocked { .. }
                | Self::WebPage
                | Self::Denied(_)
                | Self::KeyRefused(_)
                | Self::Status(_)
                | Self::Redirected(_)
                | Self::Timeout
                | Self::Network(_)
        )
    }

    /// A stable word for scripts, in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Limited { .. } => "source_limited",
            Self::Blocked { .. } => "source_blocked",
            Self::WebPage => "web_page",
            Self::Denied(_) => "source_denied",
            Self::KeyRefused(_) => "key_refused",
            Self::Status(_) => "source_failed",
            Self::Redirected(_) => "source_redirected",
            Self::Timeout => "source_timeout",
            Self::TooLarge(_) => "answer_too_large",
            Self::Cut(_) => "answer_cut",
            Self::Malformed(_) => "answer_malformed",
            Self::Network(_) => "source_unreachable",
            Self::Shrunk(_) => "answer_shrunk",
            Self::NoSource(_) => "no_source",
        }
    }

    /// The same with its words changed by `hide`.
    pub(super) fn reworded(self, hide: impl Fn(String) -> String) -> Self {
        match self {
            Self::Redirected(why) => Self::Redirected(hide(why)),
            Self::Cut(why) => Self::Cut(hide(why)),
            Self::Malformed(why) => Self::Malformed(hide(why)),
            Self::Network(why) => Self::Network(hide(why)),
            other => other,
        }
    }

    /// The same fault as said of `place`.
    pub(super) fn at(self, place: impl Into<String>) -> FetchError {
        FetchError { place: place.into(), fault: self }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match &self.fault {
            Fault::NotFound => write!(f, "unknown or delisted at `{place}`: check the name"),
            Fault::Limited { until: Some(until) } => {
                let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
                write!(f, "`{place}` is limited until {until}: run again after that")
            }
            Fault::Limited { until: None } => {
                write!(f, "`{place}` answers too many requests: run again in an hour, or lower `requests_per_second`")
            }
            Fault::Blocked { failed, asked } => write!(
                f,
                "the source is blocked: `{place}` denied knowing {failed} of {asked} series at once; run again later, or give the data with `rotation import`"
            ),
            Fault::WebPage => write!(
                f,
                "`{place}` answered with a web page, not data (a network sign-in or a consent page?): open it in a browser, then run again"
            ),
            Fault::Denied(status) => write!(
                f,
                "`{place}` denies access (status {status}): try another network or `user_agent`, or give the data with `rotation import`"
            ),
            Fault::KeyRefused(variable) => {
                write!(f, "`{place}` does not take the key: correct `{variable}`, or unset it")
            }
            Fault::Status(status) => write!(f, "`{place}` failed with status {status}: run again later"),
            Fault::Redirected(why) => {
                write!(f, "`{place}` {why}: check `base_url`, and the network for a sign-in page")
            }
            Fault::Timeout => write!(f, "`{place}` did not answer in time: run again later"),
            Fault::TooLarge(limit) => {
                write!(f, "`{place}` sent more than {} MiB, which cannot be right: check `base_url`", limit >> 20)
            }
            Fault::Cut(why) => write!(f, "the answer of `{place}` breaks off ({why}): run again"),
            Fault::Malformed(why) => write!(
                f,
                "the answer of `{place}` is not used: {why}; run again later, or give the data with `rotation import`"
            ),
            Fault::Network(why) => write!(f, "no answer from `{place}` ({why}): check the network"),
            Fault::Shrunk(why) => {
                write!(f, "`{place}` serves less than the store holds: {why}; what is stored was kept, run again later")
            }
            Fault::NoSource(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for FetchError {}

/// Text of a source for a message: escaped, and clipped to 80 characters.
pub(super) fn shown(text: &str) -> String {
    let mut clipped: String = text.trim().chars().take(80).flat_map(char::escape_debug).collect();
    if text.trim().chars().count() > 80 {
        clipped.push('…');
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_escaped_and_clipped() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
        assert_eq!(shown(&"x".repeat(100)).chars().count(), 81);
    }

    #[test]
    fn a_limit_says_until_when() {
        let until = DateTime::from_timestamp(1_795_000_000, 0);
        let error = Fault::Limited { until }.at("https://h/x");
        assert_eq!(error.to_string(), "`https://h/x` is limited until 2026-11-18T11:06:40Z: run again after that");
    }
}
