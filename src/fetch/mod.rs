//! Upstream sources: one source, one file: request and parse.
