//! Keys of sources that want one: read from the environment alone, shown nowhere.

use std::collections::BTreeMap;
use std::fmt;

/// Sources that want a key, with the variable that holds it.
pub const KEY_VARIABLES: &[(&str, &str)] = &[("tiingo", "TIINGO_API_KEY"), ("fred_api", "FRED_API_KEY")];

/// Most characters of a key.
const LONGEST: usize = 200;

/// A key. Neither `Debug` nor anything else here shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key as given; spaces around it are left out.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The key itself, for the request alone.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Whether it may stand in a header and a query: 8 to 200 letters, digits, `-` or `_`.
    pub fn usable(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (8..=LONGEST).contains(&self.0.len()) && self.0.bytes().all(plain)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The keys that were given, by source.
pub type Keys = BTreeMap<&'static str, Key>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let keys = Keys::from([("tiingo", Key::new(" canary-0123 \n"))]);
        assert_eq!(format!("{keys:?}"), "{\"tiingo\": …}");
        assert_eq!(keys["tiingo"].secret(), "canary-0123");
    }

    #[test]
    fn a_key_is_plain_text() {
        for (text, usable) in [("0123abcd", true), ("a-b_c-d_e", true), ("short", false), ("with space", false)] {
            assert_eq!(Key::new(text).usable(), usable, "{text}");
        }
        assert!(!Key::new("12345678\u{e9}").usable() && !Key::new("1234\r\n5678").usable());
        assert!(!Key::new(&"k".repeat(201)).usable());
    }
}
