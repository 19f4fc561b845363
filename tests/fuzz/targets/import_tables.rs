#![no_main]
//! Files of the user: the kind told by the header, or said outright.

use rotation::bars::Columns;
use rotation::import::{Clock, Content, KINDS, parse};
use rotation_fuzz::{CALENDAR, now, plain, sound};

const NAMES: [&str; 4] = ["XYZ.csv", "DGS2.txt", "dividends.csv", "\u{1b}]0;x\u{7}.csv"];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(choice & 3)];
    let kind = KINDS.get(usize::from(choice >> 2)).map(|kind| kind.id);
    let parsed = match parse(name, bytes, kind, &Clock::new(&CALENDAR, now())) {
        Ok(parsed) => parsed,
        Err(error) => return plain(&format!("{error:#}")),
    };
    parsed.tally.rejected.iter().for_each(|(_, reason)| plain(reason));
    parsed.tally.remarks.iter().for_each(|remark| plain(remark));
    for (name, snapshot) in parsed.contents.snapshots {
        assert!(!name.is_empty() && !snapshot.members.is_empty());
    }
    for (id, content) in parsed.contents.series {
        match content {
            Content::Quotes(quotes) => sound(&Columns::Bars(quotes.bars)),
            Content::Points(points) => sound(&Columns::Points(points)),
            Content::Payments(payments) => assert!(payments.values().all(|paid| paid.amount.is_finite()), "{id}"),
        }
    }
});
