//! The store: one series, one file on disk.
