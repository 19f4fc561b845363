#![no_main]
//! Answers of the sources of rates.

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let sources = [
        ("fredgraph", "DGS2"),
        ("fred_api", "DGS2"),
        ("treasury", "DGS2"),
        ("nyfed", "EFFR"),
        ("nyfed", "DFEDTARU"),
        ("fredgraph", "NFCI"),
    ];
    rotation_fuzz::answer(data, &sources);
});
