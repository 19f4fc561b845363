//! Looks at what the HTTP client takes from the environment before the client is built: it ignores
//! what it cannot use, and would go round a proxy or trust other certificates in silence.

use std::path::Path;

use anyhow::{Context, Result, bail};
use reqwest::Url;

/// Checks the value of a proxy variable (`HTTPS_PROXY`); an empty one means none.
///
/// # Errors
/// When the client would not use it: no URL of a host, or neither http nor https.
pub fn check_proxy(variable: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    // the value may carry a password, so it is not shown
    let url = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    match Url::parse(&url) {
        Ok(url) if url.has_host() && matches!(url.scheme(), "http" | "https") => Ok(()),
        _ => bail!("`{variable}` names no proxy: it must look like http://HOST:PORT; correct it or unset it"),
    }
}

/// Checks the file that `SSL_CERT_FILE` names.
///
/// # Errors
/// When it cannot be read or holds no certificate.
pub fn check_certificates(file: &Path) -> Result<()> {
    let shown = file.display();
    let next = "correct `SSL_CERT_FILE` or unset it";
    let text = std::fs::read(file).with_context(|| format!("cannot read the certificates `{shown}`: {next}"))?;
    let marker = b"-----BEGIN CERTIFICATE-----";
    if !text.windows(marker.len()).any(|part| part == marker) {
        bail!("`{shown}` holds no certificate in PEM form: {next}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_reached_by_http() {
        for fine in ["", "http://proxy:3128", "https://user:secret@proxy", "proxy:3128", "10.0.0.1:8080"] {
            assert!(check_proxy("HTTPS_PROXY", fine).is_ok(), "`{fine}`");
        }
        for wrong in ["http://", "socks5://proxy:1080", "://", "http://pro xy", "proxy:port"] {
            let error = check_proxy("HTTPS_PROXY", wrong).expect_err(wrong).to_string();
            assert!(error.contains("`HTTPS_PROXY`") && error.contains("unset"), "{error}");
        }
    }

    #[test]
    fn a_certificate_file_must_be_there_and_hold_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ca.pem");
        assert!(check_certificates(&file).expect_err("missing").to_string().contains("ca.pem"));
        std::fs::write(&file, "nothing").expect("written");
        assert!(check_certificates(&file).is_err());
        std::fs::write(&file, "# ours\n-----BEGIN CERTIFICATE-----\nAA==\n").expect("written");
        assert!(check_certificates(&file).is_ok());
    }
}
