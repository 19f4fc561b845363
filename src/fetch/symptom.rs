//! What a broken request, a redirect or a strange body means.

use std::error::Error;
use std::io;

use reqwest::Url;

use super::fault::{Fault, shown};
use super::retry::Failure;

/// Tells web pages and refusals in words from data: both come with status 200.
pub(super) fn recognise(bytes: &[u8]) -> Result<(), Fault> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if body.starts_with(b"<") {
        return Err(Fault::WebPage);
    }
    let words = if body.len() < 512 { String::from_utf8_lossy(body).to_ascii_lowercase() } else { String::new() };
    let refusal = ["too many requests", "daily limit", "daily hits limit", "rate limit", "limit exceeded"];
    if !words.starts_with('{') && refusal.iter().any(|refusal| words.contains(refusal)) {
        return Err(Fault::Limited { until: None });
    }
    Ok(())
}

/// Where a redirect leads, if it stays on the host and does not leave https.
pub(super) fn follow(from: &Url, location: &str) -> Result<Url, Failure> {
    let next = from.join(location).map_err(|_| Failure::last(Fault::Redirected("redirects to nowhere".to_owned())))?;
    let origin = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    if origin(&next) == origin(from) {
        return Ok(next);
    }
    let host = next.host_str().unwrap_or_default().escape_debug().to_string();
    let why = format!("redirects to `{}://{host}`, which is not followed", next.scheme());
    Err(Failure::last(Fault::Redirected(why)))
}

/// A request that got no answer.
pub(super) fn broken(error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        Failure::last(Fault::Timeout)
    } else if error.is_connect() {
        Failure::last(Fault::Network(cause(error)))
    } else {
        Failure::again(Fault::Network(cause(error)))
    }
}

/// An answer that breaks off.
pub(super) fn cut(error: &io::Error) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    if inner.is_some_and(reqwest::Error::is_timeout) || error.kind() == io::ErrorKind::TimedOut {
        return Failure::last(Fault::Timeout);
    }
    Failure::again(Fault::Cut(inner.map_or_else(|| error.to_string(), |inner| cause(inner))))
}

/// The innermost cause, which names no URL.
pub(super) fn cause(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    shown(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_refusals_are_told_from_data() {
        assert_eq!(recognise(b"\xef\xbb\xbf\n <!DOCTYPE html><html>"), Err(Fault::WebPage));
        assert_eq!(recognise(b"Edge: Too Many Requests"), Err(Fault::Limited { until: None }));
        assert_eq!(recognise(b"Exceeded the daily hits limit"), Err(Fault::Limited { until: None }));
        assert_eq!(recognise(b"{\"chart\":{}}"), Ok(()));
        assert_eq!(recognise(b"observation_date,DGS2\n"), Ok(()));
    }

    #[test]
    fn redirects_stay_on_the_host_and_in_https() {
        let from = Url::parse("https://h.example/a?b=c").expect("a URL");
        assert_eq!(follow(&from, "/d?e=f").expect("followed").as_str(), "https://h.example/d?e=f");
        for away in ["https://consent.example/", "http://h.example/a", "https://h.example:444/", "//x.example/a"] {
            assert!(follow(&from, away).is_err(), "{away}");
        }
    }
}
