#![no_main]
//! Configuration files, from a file in memory, as the program reads them.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use rotation::config::{Config, Environment, effective};
use rotation_fuzz::{folder, plain};

static FILE: LazyLock<PathBuf> = LazyLock::new(|| folder().join("c.toml"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fs::write(&*FILE, data).expect("written");
    let load = || Config::load(Some(&FILE), None, &Environment::default());
    let config = match load() {
        Ok(config) => config,
        Err(error) => return plain(&format!("{error:#}").replace('\n', " ")),
    };
    // what is shown of it is read back as the same
    fs::write(&*FILE, effective(&config.settings, config.store.as_deref(), &config.given)).expect("written");
    assert_eq!(load().expect("our own text").settings, config.settings);
});
