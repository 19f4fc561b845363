#![no_main]
//! Lists that a user writes down: claims, dates of cuts, members.

use std::str;

use rotation::evidence::{claims, events};
use rotation::universe::symbols;
use rotation_fuzz::plain;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let read = match (choice % 3, str::from_utf8(bytes)) {
        (0, Ok(text)) => claims::read(text).map(|claims| {
            claims.iter().for_each(|claim| assert!(claim.symbols().iter().all(|symbol| !symbol.is_empty())));
            claims.len()
        }),
        (1, Ok(text)) => events::dates(text).map(|events| {
            assert!(events.is_sorted());
            let merged = events::merge(events.clone(), &events);
            assert_eq!(merged, events, "what is given takes the place of what was found");
            events.len().max(1)
        }),
        _ => symbols(bytes).map(|members| members.len()),
    };
    match read {
        Ok(count) => assert!(count > 0),
        Err(error) => plain(&format!("{error:#}").replace('\n', " ")),
    }
});
