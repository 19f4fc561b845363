#![no_main]
//! The fast reader of members' closes against the thorough reader of bars.

use rotation::bars::Closes;
use rotation::import::{Clock, Content, closes, parse};
use rotation_fuzz::{CALENDAR, now};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let clock = Clock::new(&CALENDAR, now());
    let mut fast = Closes::default();
    let read = closes("XYZ.csv", bytes, &clock, &mut fast);
    let Ok(mut parsed) = parse("XYZ.csv", bytes, Some("bars"), &clock) else { return };
    match parsed.contents.series.pop() {
        Some((_, Content::Quotes(quotes))) if !quotes.bars.day.is_empty() => {
            let thorough = Closes::from(quotes.bars);
            let bits = |closes: &Closes| closes.close.iter().map(|close| close.to_bits()).collect::<Vec<_>>();
            assert_eq!((&fast.day, bits(&fast)), (&thorough.day, bits(&thorough)));
            assert!(read.is_ok());
        }
        _ => assert!(fast.day.is_empty()),
    }
});
