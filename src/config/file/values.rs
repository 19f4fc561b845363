//! Values of the file that not every one of their type may be.

use std::path::PathBuf;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{Settings, SourceName};

pub(super) fn order_of_bars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<SourceName>>, D::Error> {
    order("bars", &Settings::default().order.bars, deserializer)
}

pub(super) fn order_of_rates<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<SourceName>>, D::Error> {
    order("rates", &Settings::default().order.rates, deserializer)
}

/// One or more of the sources that serve `what`, which are those of the default order.
fn order<'de, D: Deserializer<'de>>(
    what: &str,
    known: &[String],
    deserializer: D,
) -> Result<Option<Vec<SourceName>>, D::Error> {
    let names = Vec::<SourceName>::deserialize(deserializer)?;
    let serves = |source: &SourceName| known.iter().any(|known| known == source.name());
    if !names.is_empty() && names.iter().all(serves) {
        return Ok(Some(names));
    }
    let known = known.join("`, `");
    Err(D::Error::custom(format!("the order of {what} must have one or more of `{known}`, and no other")))
}

/// A path that stands for a place by itself, or from the file's folder on.
pub(super) fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    if path.as_os_str().is_empty() {
        return Err(D::Error::custom("a path is empty: write one, or leave the key out"));
    }
    if path.to_string_lossy().starts_with('~') {
        return Err(D::Error::custom("a path begins with `~`, which only a shell replaces: write the whole path"));
    }
    Ok(Some(path))
}
