#![no_main]
//! Answers of the CFTC.

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    rotation_fuzz::answer(data, &[("cftc", "239742")]);
});
