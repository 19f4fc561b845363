#![no_main]
//! Pages of State Street's funds.

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    rotation_fuzz::answer(data, &[("ssga", "sp-500.fy1.ssga"), ("ssga", "sp-600.fy1.ssga")]);
});
