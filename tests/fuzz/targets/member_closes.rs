#![no_main]
//! The two readers of members' closes: a file reads alike whether it is plain or not.

use std::str;

use rotation::bars::Closes;
use rotation::import::{Clock, closes};
use rotation_fuzz::{CALENDAR, now, plain};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let clock = Clock::new(&CALENDAR, now());
    let read = |bytes: &[u8]| {
        let mut read = Closes::default();
        closes("XYZ.csv", bytes, &clock, &mut read).map(|_| read).map_err(|error| format!("{error:#}"))
    };
    let one = read(bytes);
    match &one {
        Ok(closes) => {
            assert!(!closes.day.is_empty() && closes.day.len() == closes.close.len());
            assert!(closes.day.is_sorted_by(|a, b| a < b) && closes.close.iter().all(|close| *close > 0.0));
        }
        Err(error) => plain(error),
    }
    // an empty line is no row, and in no plain file; within quotes it is text. What is no text at all is told of
    // nothing but a file that is not plain
    if str::from_utf8(bytes).is_ok() && !bytes.contains(&b'"') && !bytes.contains(&0) {
        assert_eq!(one, read(&[bytes, b"\n\n"].concat()));
    }
});
