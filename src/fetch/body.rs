//! An answer as it arrives.

use chrono::{DateTime, Utc};

use super::fault::Fault;

/// An answer with its whole body: of status 200, or an error that the source's own parser explains.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Status: 200, 400, 404 or 422.
    pub status: u16,
    /// The decompressed body.
    pub bytes: Vec<u8>,
    /// Whether its length or its chunks show that it is whole.
    pub framed: bool,
    /// The source's clock.
    pub date: Option<DateTime<Utc>>,
}

impl Body {
    /// The body of an answer of status 200.
    ///
    /// # Errors
    /// Not found, or another status, where the source explains none.
    pub(super) fn served(&self) -> Result<&[u8], Fault> {
        match self.status {
            200 => Ok(&self.bytes),
            404 => Err(Fault::NotFound),
            other => Err(Fault::Status(other)),
        }
    }
}
