//! What a store file says of itself: key-values in its footer.
//!
//! `rotation.version` and `rotation.xxh3` keep their meaning in every version of the format.

use parquet::file::metadata::KeyValue;
use xxhash_rust::xxh3::xxh3_64;

use super::format::Refusal;
use crate::bars::{Borrowed, Columns, Dividends, Kind, Origin, Series, SeriesId};
use crate::quality;

/// The version of the format written here.
pub(super) const VERSION: u32 = 1;

const PREFIX: &str = "rotation.";
const SEAL: &str = "rotation.xxh3";

/// What the footer of a file says, its seal verified.
#[derive(Clone, Copy)]
pub(super) struct Footer<'a> {
    pairs: &'a [KeyValue],
}

/// The key-values of a file that holds `series` in columns of these bytes.
pub(super) fn describe(id: &SeriesId, series: &Series, chunks: &[&[u8]]) -> Vec<KeyValue> {
    let Series { origin, columns, .. } = series;
    let zone = if id.kind == Kind::Bars { "America/New_York" } else { "" };
    let dividends = match origin.dividends {
        Dividends::Reported => "reported",
        Dividends::Implied => "implied",
        Dividends::Unknown => "unknown",
    };
    let mut pairs: Vec<(String, String)> = [
        ("version", VERSION.to_string()),
        ("series", id.to_string()),
        ("rows", columns.days().len().to_string()),
        ("owner", origin.owner.clone()),
        ("currency", origin.currency.clone()),
        ("zone", zone.into()),
        ("fetched_at", origin.fetched_at.clone()),
        ("dividends", dividends.into()),
        ("hash", columns.hash()),
    ]
    .into_iter()
    .map(|(key, value)| (format!("{PREFIX}{key}"), value))
    .collect();
    if let Some(Borrowed { source, from }) = &origin.borrowed {
        pairs.push((format!("{PREFIX}borrowed"), format!("{from} {source}")));
    }
    if quality::is_sound(columns) {
        pairs.push((format!("{PREFIX}sound"), quality::RULES.to_string()));
    }
    for ((name, _), chunk) in columns.named().iter().zip(chunks) {
        pairs.push((format!("{SEAL}.{name}"), hash(chunk)));
    }
    pairs.push((SEAL.into(), seal(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())))));
    pairs.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect()
}

/// XXH3 (64 bits), 16 hexadecimal digits.
fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}

/// XXH3 over every pair but the seal itself, as `key=value` lines in the order of the file.
fn seal<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (key, value) in pairs.filter(|(key, _)| *key != SEAL) {
        text.extend([key, "=", value, "\n"]);
    }
    hash(text.as_bytes())
}

impl<'a> Footer<'a> {
    /// Verifies the key-values of a file said to hold `id`.
    pub(super) fn read(id: &SeriesId, pairs: &'a [KeyValue]) -> Result<Self, Refusal> {
        let footer = Self { pairs };
        if footer.get("xxh3")? != seal(footer.ours()) {
            return Err(Refusal::damaged("its description does not match its hash"));
        }
        match footer.get("version")?.parse::<u32>() {
            Ok(VERSION) => {}
            Ok(version) if version > VERSION => return Err(Refusal::Newer { version }),
            _ => return Err(Refusal::damaged("its version is not a number of this program")),
        }
        if footer.get("series")? != id.to_string() {
            let other = footer.get("series")?.escape_debug();
            return Err(Refusal::damaged(format!("it holds `{other}`")));
        }
        Ok(footer)
    }

    /// What the key-values say that were verified before.
    pub(super) const fn verified(pairs: &'a [KeyValue]) -> Self {
        Self { pairs }
    }

    /// Rows of every column.
    pub(super) fn rows(self) -> Result<usize, Refusal> {
        self.get("rows")?.parse().map_err(|_| Refusal::damaged("its number of rows is not a number"))
    }

    /// Whether nothing spoke against the figures when they were written, by the rules of today: then it
    /// takes none but the days to judge the series.
    pub(super) fn is_sound(self) -> bool {
        self.get("sound").is_ok_and(|rules| rules == quality::RULES.to_string())
    }

    /// Verifies the bytes of a column, before anything is made of them.
    pub(super) fn verify(self, column: &str, chunk: &[u8]) -> Result<(), Refusal> {
        if self.hash_of(column)? == hash(chunk) {
            return Ok(());
        }
        Err(Refusal::damaged(format!("column `{column}` does not match its hash")))
    }

    /// The hash of the bytes of a column.
    pub(super) fn hash_of(self, column: &str) -> Result<&'a str, Refusal> {
        let of_column = |key: &str| key.strip_prefix(SEAL).and_then(|rest| rest.strip_prefix('.')) == Some(column);
        let hash = self.ours().rfind(|(key, _)| of_column(key)).map(|(_, hash)| hash);
        hash.ok_or_else(|| Refusal::damaged(format!("it says nothing of `{SEAL}.{column}`")))
    }

    /// The series that these columns make.
    pub(super) fn series(self, columns: Columns) -> Result<Series, Refusal> {
        let dividends = match self.get("dividends")? {
            "reported" => Dividends::Reported,
            "implied" => Dividends::Implied,
            "unknown" => Dividends::Unknown,
            other => return Err(Refusal::damaged(format!("`{}` is not a kind of dividends", other.escape_debug()))),
        };
        let origin = Origin {
            owner: self.get("owner")?.into(),
            currency: self.get("currency")?.into(),
            fetched_at: self.get("fetched_at")?.into(),
            dividends,
            borrowed: self.borrowed()?,
        };
        Ok(Series { origin, hash: self.get("hash")?.into(), columns })
    }

    fn borrowed(self) -> Result<Option<Borrowed>, Refusal> {
        let Ok(text) = self.get("borrowed") else { return Ok(None) };
        let parts = text.split_once(' ').and_then(|(from, source)| Some((from.parse().ok()?, source)));
        match parts {
            Some((from, source)) => Ok(Some(Borrowed { source: source.into(), from })),
            None => Err(Refusal::damaged(format!("`{}` is not where borrowed rows begin", text.escape_debug()))),
        }
    }

    fn get(self, name: &str) -> Result<&'a str, Refusal> {
        let found = self.ours().rfind(|(key, _)| key.strip_prefix(PREFIX) == Some(name)).map(|(_, value)| value);
        found.ok_or_else(|| Refusal::damaged(format!("it says nothing of `{PREFIX}{name}`")))
    }

    /// The pairs that this program wrote, in the order of the file.
    fn ours(self) -> impl DoubleEndedIterator<Item = (&'a str, &'a str)> {
        let ours = self.pairs.iter().filter(|pair| pair.key.starts_with(PREFIX));
        ours.map(|pair| (pair.key.as_str(), pair.value.as_deref().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::{Bar, Bars};
    use crate::day::Day;

    #[test]
    fn figures_are_sound_by_the_rules_of_today_alone() {
        let id = SeriesId::bars("IWM");
        let [open, high, low, close] = [100.0, 101.0, 99.0, 100.5];
        let bar = Bar { day: Day::from_number(18_262), open, high, low, close, volume: 1e6, dividend: 0.0, split: 1.0 };
        let columns = Columns::Bars(Bars::from_iter([bar]));
        let series = Series { origin: Origin::default(), hash: columns.hash(), columns };
        let sound = |rules: Option<u32>| {
            let mut pairs = describe(&id, &series, &[&[][..]; 8]);
            let at = pairs.iter().position(|pair| pair.key == "rotation.sound").expect("they are sound");
            match rules {
                Some(rules) => pairs[at].value = Some(rules.to_string()),
                None => drop(pairs.remove(at)),
            }
            let sealed = seal(pairs.iter().map(|pair| (pair.key.as_str(), pair.value.as_deref().unwrap_or_default())));
            pairs.iter_mut().filter(|pair| pair.key == SEAL).for_each(|pair| pair.value = Some(sealed.clone()));
            Footer::read(&id, &pairs).is_ok_and(Footer::is_sound)
        };
        assert!(sound(Some(quality::RULES)));
        assert!(!sound(Some(quality::RULES + 1)) && !sound(Some(quality::RULES - 1)) && !sound(None));
    }
}
