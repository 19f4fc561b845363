//! A key on its way to the source, and kept out of all that comes back.

use reqwest::Url;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::{AUTHORIZATION, HeaderValue};

use super::fault::Fault;
use super::source::KeyPlace;
use crate::config::Key;

/// A key, where it is sent, and the variable that holds it.
pub(super) struct Secret {
    key: Key,
    place: KeyPlace,
    variable: &'static str,
}

impl Secret {
    pub(super) fn new(key: Key, place: KeyPlace, variable: &'static str) -> Self {
        Self { key, place, variable }
    }

    /// A request with the key.
    pub(super) fn ask(&self, http: &Client, url: &Url) -> RequestBuilder {
        match self.place {
            KeyPlace::Header => {
                // a key that fits no header is refused before anything is asked
                let token = HeaderValue::from_str(&format!("Token {}", self.key.secret()));
                let mut token = token.unwrap_or_else(|_| HeaderValue::from_static(""));
                token.set_sensitive(true);
                http.get(url.clone()).header(AUTHORIZATION, token)
            }
            KeyPlace::Query(name) => {
                let mut url = url.clone();
                url.query_pairs_mut().append_pair(name, self.key.secret());
                http.get(url)
            }
        }
    }

    /// The fault without the key, and a refusal of the key as that.
    pub(super) fn hidden(&self, fault: Fault) -> Fault {
        match fault {
            Fault::Denied(401 | 403) => Fault::KeyRefused(self.variable),
            fault => fault.reworded(|why| String::from_utf8_lossy(&self.removed(why.into_bytes())).into_owned()),
        }
    }

    /// A body without the key, should the source send it back; in any case, as a host's name is
    /// written small.
    pub(super) fn removed(&self, bytes: Vec<u8>) -> Vec<u8> {
        let secret = self.key.secret().as_bytes();
        if secret.is_empty() || !bytes.windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret)) {
            return bytes;
        }
        let mut clean = Vec::with_capacity(bytes.len());
        let mut rest = &bytes[..];
        while let Some(&byte) = rest.first() {
            if rest.get(..secret.len()).is_some_and(|part| part.eq_ignore_ascii_case(secret)) {
                clean.extend("…".as_bytes());
                rest = &rest[secret.len()..];
            } else {
                clean.push(byte);
                rest = &rest[1..];
            }
        }
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_has_no_key_in_it() {
        let secret = Secret::new(Key::new("canary-0123"), KeyPlace::Header, "V");
        let clean = secret.removed(b"[canary-0123] CANARY-0123canary-012".to_vec());
        assert_eq!(String::from_utf8_lossy(&clean), "[…] …canary-012");
        assert_eq!(secret.hidden(Fault::Malformed("of canary-0123".into())), Fault::Malformed("of …".into()));
        assert_eq!(secret.hidden(Fault::Denied(403)), Fault::KeyRefused("V"));
        assert_eq!(secret.hidden(Fault::Denied(407)), Fault::Denied(407));
    }

    #[test]
    fn a_key_stands_in_the_header_or_in_the_query_alone() {
        let url = Url::parse("https://h.example/a?b=c").expect("a URL");
        let ask = |place| {
            let secret = Secret::new(Key::new("canary-0123"), place, "V");
            secret.ask(&Client::new(), &url).build().expect("a request")
        };
        let header = ask(KeyPlace::Header);
        assert_eq!((header.url(), header.headers()[AUTHORIZATION].as_bytes()), (&url, &b"Token canary-0123"[..]));
        assert!(!format!("{header:?}").contains("canary"));
        let query = ask(KeyPlace::Query("api_key"));
        assert_eq!(query.url().as_str(), "https://h.example/a?b=c&api_key=canary-0123");
        assert!(query.headers().is_empty());
    }
}
