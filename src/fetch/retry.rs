//! What is tried again, and when.
//!
//! Server errors, resets and cut bodies pass as a rule within seconds. A refused connection or an
//! unknown host does not, and a timeout has used the time that a second try would need.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::fault::Fault;

/// A try that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) fault: Fault,
    pub(super) again: Again,
}

/// Whether and when to try again.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// It would not help.
    Never,
    /// After a while.
    Backoff,
    /// After as long as the source says.
    After(Duration),
}

impl Failure {
    /// A failure that another try would not mend.
    pub(super) fn last(fault: Fault) -> Self {
        Self { fault, again: Again::Never }
    }

    /// A failure that may pass.
    pub(super) fn again(fault: Fault) -> Self {
        Self { fault, again: Again::Backoff }
    }

    /// A failure that may pass, if the source says so after `wait`.
    pub(super) fn after(fault: Fault, wait: Option<Duration>) -> Self {
        Self { fault, again: wait.map_or(Again::Backoff, Again::After) }
    }
}

/// How long `Retry-After` asks to wait: seconds, or a date judged against the answer's own. `None`
/// where it cannot be read, or no date stands beside it.
pub(super) fn wait(retry_after: &str, date: Option<DateTime<Utc>>) -> Option<Duration> {
    let text = retry_after.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let at: DateTime<Utc> = httpdate::parse_http_date(text).ok()?.into();
    Some((at - date?).to_std().unwrap_or(Duration::ZERO))
}

/// When a wait that starts at `from` ends; `None` beyond the calendar.
pub(super) fn until(from: DateTime<Utc>, wait: Duration) -> Option<DateTime<Utc>> {
    from.checked_add_signed(TimeDelta::from_std(wait).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_beside_the_answers_own() {
        let date = DateTime::from_timestamp(784_111_777, 0); // Sun, 06 Nov 1994 08:49:37 GMT
        let cases = [
            ("5", Some(5)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:57 GMT", Some(20)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
            ("", None),
            ("99999999999999999999999", Some(u64::MAX)),
        ];
        for (text, seconds) in cases {
            assert_eq!(wait(text, date), seconds.map(Duration::from_secs), "`{text}`");
        }
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:57 GMT", None), None);
        assert_eq!(until(DateTime::UNIX_EPOCH, Duration::from_secs(u64::MAX)), None);
    }
}
