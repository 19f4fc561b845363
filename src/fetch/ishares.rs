//! The members of an index: the holdings of its fund, as iShares' site serves them.

use chrono::{DateTime, Utc};

use super::due;
use super::fault::{Fault, FetchError};
use super::http::Client;
use crate::universe::{Holdings, Universe, doubt, holdings};

/// The name of the source.
pub const ISHARES: &str = "ishares";

/// The paths of a universe's file, the usual one first.
const PATHS: &[(&str, [&str; 2])] = &[(
    "IWM",
    [
        "/us/products/239710/ishares-russell-2000-etf/latest-holdings.csv",
        "/us/products/239710/ishares-russell-2000-etf/1467271812596.ajax\
         ?fileType=csv&fileName=IWM_holdings&dataType=fund",
    ],
)];

/// Asks for the members of `universe`; where the usual path fails, at the other one too.
///
/// # Errors
/// The usual path's fault, where the other one fails too.
pub(super) fn list(client: &Client, universe: &Universe, now: DateTime<Utc>) -> Result<Holdings, FetchError> {
    let paths = PATHS.iter().find(|(name, _)| *name == universe.name).map(|(_, paths)| paths);
    let ask = |path: &str| {
        let body = client.get(path)?;
        let listed = body.served().and_then(|bytes| read(bytes, universe, now));
        listed.map_err(|fault| client.refused(fault).at(client.place(path)))
    };
    let [usual, other] = paths.ok_or_else(|| Fault::NotFound.at(client.place("")))?;
    ask(usual).or_else(|error: FetchError| match error.fault {
        Fault::Limited { .. } => Err(error),
        _ => ask(other).map_err(|_| error),
    })
}

/// Reads a file that must be whole, of this fund, of a day that has come and of a plausible length.
fn read(bytes: &[u8], universe: &Universe, now: DateTime<Utc>) -> Result<Holdings, Fault> {
    let read = holdings(bytes).map_err(|error| Fault::Malformed(format!("{error:#}")))?;
    if read.fund != universe.fund {
        return Err(Fault::Malformed(format!("it is about `{}`", super::fault::shown(&read.fund))));
    }
    let today = due::today(now);
    if read.day > today {
        return Err(Fault::Malformed(format!("it is for {}, which has not come by the clock ({today})", read.day)));
    }
    if !read.is_whole {
        return Err(Fault::Cut("the table has no end".to_owned()));
    }
    match doubt(universe.name, read.members.len()) {
        Some(doubt) => Err(Fault::Malformed(doubt)),
        None => Ok(read),
    }
}
