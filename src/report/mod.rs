//! The report: one format, one file.
