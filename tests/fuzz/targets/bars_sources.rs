#![no_main]
//! Answers of the sources of daily bars.

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    rotation_fuzz::answer(data, &[("yahoo", "XYZ"), ("tiingo", "XYZ"), ("nasdaq", "XYZ")]);
});
