//! The one place that talks to the network.

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_LENGTH, DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER, TRANSFER_ENCODING};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};

use super::body::Body;
use super::fault::{Fault, FetchError};
use super::gate::{Clock, Gate};
use super::retry::{self, Again, Failure};
use super::secret::Secret;
use super::source::KeyPlace;
use super::symptom::{broken, cause, cut, follow, recognise};
use crate::config::{Key, Source};

/// Bounds of time, size and patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One request with its whole answer.
    pub request: Duration,
    /// One series' requests at a source with the waits between them.
    pub total: Duration,
    /// Bytes of an answer, decompressed.
    pub bytes: u64,
    /// Requests for the same thing.
    pub tries: u32,
    /// The wait before the second try; four times that before the third.
    pub backoff: Duration,
}

impl Default for Limits {
    /// 30 s, 90 s, 16 MiB (a century of daily bars is 5 MiB), three tries, 1 s.
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            total: Duration::from_secs(90),
            bytes: 16 << 20,
            tries: 3,
            backoff: Duration::from_secs(1),
        }
    }
}

/// Redirects that are followed, all on one host.
const REDIRECTS: usize = 5;

/// Failures in a row that have nothing to do with the series, after which a host is left alone.
const GIVE_UP: u32 = 3;

/// One source's connection: its host, pace and limits.
pub struct Client<'a> {
    http: reqwest::blocking::Client,
    base: Url,
    gate: Gate,
    limits: Limits,
    clock: &'a dyn Clock,
    now: DateTime<Utc>,
    trouble: Mutex<Trouble>,
    key: Option<Secret>,
    left: Option<AtomicUsize>,
    pages: bool,
}

/// Failures of a host so far.
#[derive(Default)]
struct Trouble {
    in_a_row: u32,
    closed: Option<Fault>,
}

impl<'a> Client<'a> {
    /// Prepares to ask `source`; nothing is sent yet. `now` dates a limit where the answer has no date.
    ///
    /// # Errors
    /// When the base URL is neither https nor plain http to this machine.
    pub fn new(source: &Source, limits: Limits, clock: &'a dyn Clock, now: DateTime<Utc>) -> Result<Self, FetchError> {
        let refused = |why: &str| Fault::NoSource(format!("`{}` {why}", source.base_url)).at(&source.base_url);
        let base = Url::parse(&source.base_url).map_err(|_| refused("is not a URL: check `base_url`"))?;
        let local = base.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
        let plain = base.scheme() == "http" && local;
        if !plain && base.scheme() != "https" {
            return Err(refused("is neither https nor this machine: check `base_url`"));
        }
        let builder = reqwest::blocking::Client::builder().user_agent(&source.user_agent).redirect(Policy::none());
        // no proxy reaches this machine's own loopback
        let builder = if local { builder.no_proxy() } else { builder };
        let http =
            builder.https_only(!plain).build().map_err(|error| Fault::Network(cause(&error)).at(base.as_str()))?;
        Ok(Self {
            http,
            base,
            gate: Gate::new(source.requests_per_second, source.max_in_flight),
            limits,
            clock,
            now,
            trouble: Mutex::default(),
            key: None,
            left: None,
            pages: false,
        })
    }

    /// Sends a key with every request; it is in no URL that is shown, and taken out of what comes back.
    #[must_use]
    pub fn with_key(self, key: Key, place: KeyPlace, variable: &'static str) -> Self {
        Self { key: Some(Secret::new(key, place, variable)), ..self }
    }

    /// Takes web pages for answers.
    #[must_use]
    pub fn of_pages(self) -> Self {
        Self { pages: true, ..self }
    }

    /// Lets so many requests through and no more.
    #[must_use]
    pub fn at_most(self, requests: usize) -> Self {
        Self { left: Some(AtomicUsize::new(requests)), ..self }
    }

    /// Asks for a path with its query, again where that may help.
    ///
    /// # Errors
    /// The last try's fault; the host's, without asking, once it has failed for good.
    pub fn get(&self, path: &str) -> Result<Body, FetchError> {
        if let Some(fault) = &self.trouble().closed {
            return Err(fault.clone().at(self.base.as_str()));
        }
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let outcome = self.ask(&url).map_err(|fault| self.hidden(fault));
        self.remember(outcome.as_ref().err());
        outcome.map_err(|fault| fault.at(self.place(path)))
    }

    /// A fault that an answer's parser found, counted where it concerns the host.
    pub(super) fn refused(&self, fault: Fault) -> Fault {
        if fault.concerns_all() {
            self.remember(Some(&fault));
        }
        self.hidden(fault)
    }

    fn hidden(&self, fault: Fault) -> Fault {
        match &self.key {
            Some(secret) => secret.hidden(fault),
            None => fault,
        }
    }

    /// The URL of a path, without its query.
    pub fn place(&self, path: &str) -> String {
        let path = path.split('?').next().unwrap_or_default();
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Tries, waits and tries again within the limits.
    fn ask(&self, url: &str) -> Result<Body, Fault> {
        let url = Url::parse(url).map_err(|_| Fault::NoSource("the address asked for is no URL".to_owned()))?;
        let start = self.clock.elapsed();
        let mut tries = 0;
        loop {
            tries += 1;
            let left = self.limits.total.saturating_sub(self.clock.elapsed().saturating_sub(start));
            let failure = match self.attempt(url.clone(), self.limits.request.min(left)) {
                Ok(body) => return Ok(body),
                Err(failure) => failure,
            };
            let wait = match failure.again {
                Again::Never => return Err(failure.fault),
                Again::After(wait) => wait,
                Again::Backoff => self.limits.backoff * 4_u32.saturating_pow(tries - 1),
            };
            let spent = self.clock.elapsed().saturating_sub(start);
            if tries >= self.limits.tries || spent.saturating_add(wait) >= self.limits.total {
                return Err(failure.fault);
            }
            match failure.fault {
                Fault::Limited { .. } => self.gate.hold(self.clock, wait),
                _ => self.clock.sleep(wait),
            }
        }
    }

    /// One request, with the redirects that are followed.
    fn attempt(&self, mut url: Url, limit: Duration) -> Result<Body, Failure> {
        let mut deadline: Option<Instant> = None;
        for _ in 0..=REDIRECTS {
            self.count()?;
            let _permit = self.gate.enter(self.clock);
            let end = *deadline.get_or_insert_with(|| Instant::now() + limit);
            let left = end.saturating_duration_since(Instant::now());
            let request = match &self.key {
                Some(secret) => secret.ask(&self.http, &url),
                None => self.http.get(url.clone()),
            };
            let response = request.timeout(left).send().map_err(|error| broken(&error))?;
            match response.headers().get(LOCATION) {
                Some(location) if response.status().is_redirection() => {
                    url = follow(&url, location.to_str().unwrap_or_default())?;
                }
                _ => return self.read(response),
            }
        }
        Err(Failure::last(Fault::Redirected("redirects in a circle".to_owned())))
    }

    /// Counts a request against what the source allows.
    fn count(&self) -> Result<(), Failure> {
        let Some(left) = &self.left else { return Ok(()) };
        let taken = left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        taken.map(|_| ()).map_err(|_| Failure::last(Fault::Limited { until: None }))
    }

    /// Judges status and body.
    fn read(&self, response: reqwest::blocking::Response) -> Result<Body, Failure> {
        let (status, headers) = (response.status(), response.headers());
        let date = text(headers, &DATE).and_then(httpdate_to_utc);
        let wait = text(headers, &RETRY_AFTER).and_then(|value| retry::wait(value, date));
        match status.as_u16() {
            200 | 400 | 404 | 422 => {}
            401 | 403 | 407 => return Err(Failure::last(Fault::Denied(status.as_u16()))),
            429 => {
                let until = wait.and_then(|wait| retry::until(date.unwrap_or(self.now), wait));
                return Err(Failure::after(Fault::Limited { until }, wait));
            }
            500 | 502 | 503 | 504 => return Err(Failure::after(Fault::Status(status.as_u16()), wait)),
            511 => return Err(Failure::last(Fault::WebPage)),
            other => return Err(Failure::last(Fault::Status(other))),
        }
        let framed = text(headers, &CONTENT_LENGTH).is_some() || text(headers, &TRANSFER_ENCODING).is_some();
        let mut bytes = Vec::new();
        response.take(self.limits.bytes + 1).read_to_end(&mut bytes).map_err(|error| cut(&error))?;
        if bytes.len() as u64 > self.limits.bytes {
            return Err(Failure::last(Fault::TooLarge(self.limits.bytes)));
        }
        if let Some(secret) = &self.key {
            bytes = secret.removed(bytes);
        }
        if status == StatusCode::OK && !self.pages {
            recognise(&bytes).map_err(Failure::last)?;
        }
        Ok(Body { status: status.as_u16(), bytes, framed, date })
    }

    /// Counts failures; a host that limits, or fails several times running, is not asked again.
    fn remember(&self, fault: Option<&Fault>) {
        let mut trouble = self.trouble();
        match fault {
            Some(fault) if fault.concerns_all() => {
                trouble.in_a_row += 1;
                if trouble.in_a_row >= GIVE_UP || matches!(fault, Fault::Limited { .. } | Fault::KeyRefused(_)) {
                    trouble.closed = Some(fault.clone());
                }
            }
            _ => trouble.in_a_row = 0,
        }
    }

    fn trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn httpdate_to_utc(text: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(text).ok().map(DateTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_base_url_is_for_this_machine_alone() {
        let clock = super::super::gate::Monotonic::start();
        for (base_url, fine) in
            [("http://127.0.0.1:1", true), ("https://h.example", true), ("http://h.example", false), ("h", false)]
        {
            let source = Source {
                enabled: true,
                base_url: base_url.into(),
                user_agent: "x".into(),
                requests_per_second: 1.0,
                max_in_flight: 1,
            };
            let client = Client::new(&source, Limits::default(), &clock, DateTime::UNIX_EPOCH);
            assert_eq!(client.is_ok(), fine, "{base_url}");
        }
    }
}
