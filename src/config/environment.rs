//! What the process was started with: read here, once, and passed on.

use std::ffi::OsString;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::{KEY_VARIABLES, Key, Keys};

/// The variables that mean something to `rotation`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `ROTATION_CONFIG`: the configuration file.
    pub config: Option<PathBuf>,
    /// `ROTATION_STORE`: the store's folder.
    pub store: Option<PathBuf>,
    /// The platform's configuration folder; none when HOME is not set.
    pub config_home: Option<PathBuf>,
    /// The platform's data folder; none when HOME is not set.
    pub data_home: Option<PathBuf>,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `TERM` is `dumb`.
    pub dumb_terminal: bool,
    /// `COLUMNS`, where it is a number.
    pub columns: Option<usize>,
    /// The locale writes UTF-8.
    pub utf8: bool,
    /// `SSL_CERT_FILE`.
    pub ssl_cert_file: Option<PathBuf>,
    /// Proxy variables with a value, by name.
    pub proxies: Vec<(&'static str, String)>,
    /// Keys of sources, from the variables that hold them.
    pub keys: Keys,
}

/// The variables the HTTP client takes proxies from.
const PROXY_VARIABLES: [&str; 6] = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

impl Environment {
    /// Reads the process's environment.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads it")]
    pub fn read() -> Self {
        Self::from_variables(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    /// The same from any source of variables; an empty one counts as unset.
    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| text(name)).unwrap_or_default();
        // without HOME the user database might still know a home, but whoever cleared the variable wants none
        let at_home = cfg!(windows) || variable("HOME").is_some();
        let base = etcetera::choose_base_strategy().ok().filter(|_| at_home);
        Self {
            config: variable("ROTATION_CONFIG").map(PathBuf::from),
            store: variable("ROTATION_STORE").map(PathBuf::from),
            config_home: base.as_ref().map(BaseStrategy::config_dir),
            data_home: base.as_ref().map(BaseStrategy::data_dir),
            no_color: variable("NO_COLOR").is_some(),
            dumb_terminal: text("TERM").is_some_and(|term| term == "dumb"),
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()),
            utf8: locale.to_ascii_lowercase().replace('-', "").contains("utf8"),
            ssl_cert_file: variable("SSL_CERT_FILE").map(PathBuf::from),
            keys: KEY_VARIABLES.iter().filter_map(|&(source, name)| Some((source, Key::new(&text(name)?)))).collect(),
            proxies: PROXY_VARIABLES.iter().filter_map(|&name| Some((name, text(name)?))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_variables(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_first_locale_variable_decides() {
        assert!(environment(&[("LANG", "en_US.UTF-8")]).utf8);
        assert!(!environment(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]).utf8);
        assert!(environment(&[("LC_CTYPE", "C.utf8")]).utf8);
        assert!(!environment(&[]).utf8);
    }

    #[test]
    fn keys_are_had_by_source_and_not_shown() {
        let environment = environment(&[("TIINGO_API_KEY", "canary-0123"), ("FRED_API_KEY_2", "canary-4567")]);
        assert_eq!(environment.keys.keys().collect::<Vec<_>>(), [&"tiingo"]);
        assert!(!format!("{environment:?}").contains("canary"));
    }

    #[test]
    #[cfg(unix)]
    fn without_home_there_is_no_folder() {
        assert!(environment(&[("HOME", "/home/x")]).data_home.is_some());
        let homeless = environment(&[("USER", "root")]);
        assert_eq!((homeless.data_home, homeless.config_home), (None, None));
    }

    #[test]
    fn a_width_that_is_no_number_is_none() {
        assert_eq!(environment(&[("COLUMNS", "120")]).columns, Some(120));
        assert_eq!(environment(&[("COLUMNS", "wide")]).columns, None);
    }
}
