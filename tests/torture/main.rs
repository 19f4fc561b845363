//! What a hostile network, a bad file or a bad moment does to the program, seen from outside: exit code,
//! stderr, the warnings of the JSON and the bytes of the store. Tests are numbered as in the list of
//! tortures; whatever happens, [`desk::Said`] holds that nothing panics and that every complaint is a line.

#![cfg(unix)]

#[path = "../server/mod.rs"]
mod server;

mod answers;
mod clocks;
mod desk;
mod disks;
mod figures;
mod keys;
mod nth_answers;
mod nth_calls;
mod prices;
mod runs;
mod symbols;
mod tls;
mod words;
