//! Is money rotating from large caps into small caps, and do breadth, banks, valuation and rates confirm it?
//!
//! Data flows one way:
//!
//! ```text
//! fetch / import ─→ store ─→ series ─→ signals ─→ verdict ─→ evidence ─→ journal ─→ report
//!    (network, files)  (disk)  (memory)   (votes)    (stage)   (track record)  (lines)    (text)
//! ```
//!
//! Foundations (`day`, `bars`, `inputs`, `universe`, `calendar`, `config`, `quality`, `stats`) name nobody but
//! each other. Each place in the flow names foundations and what stands left of it; only `run` names all.

pub mod bars;
pub mod calendar;
pub mod cli;
pub mod config;
pub mod day;
pub mod demo;
pub mod evidence;
pub mod fetch;
pub mod import;
pub mod inputs;
pub mod journal;
pub mod quality;
pub mod report;
pub mod run;
pub mod series;
pub mod signals;
pub mod stats;
pub mod store;
pub mod universe;
pub mod verdict;
