//! `cargo fuzz run scan`: whatever libFuzzer makes up, sent inside a stream and as a stream.

#![no_main]

#[path = "../src/check.rs"]
mod check;
#[path = "../src/oracle.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;

const HEADER: &[u8] = b"<stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' xmlns:p='urn:p' xmlns:q='urn:q'>";

fuzz_target!(|bytes: &[u8]| {
    // The bytes themselves tell where they are cut.
    let mut lengths = bytes.iter().cycle().map(|b| usize::from(b % 16));
    let inside = [HEADER, bytes].concat();
    for stream in [bytes, &inside] {
        if let Err(why) = check::check(stream, || lengths.next().unwrap_or(1)) {
            panic!("{}\n{why}", stream.escape_ascii());
        }
    }
});
