//! Prints what scanning one chat stanza of 480 bytes with five children costs, its `Stanza` built and dropped:
//! `cargo run --release -p magpie-xmpp --example scan_speed`.

use magpie_xmpp::{
    StreamError,
    scan::{Event, Framing, Limits, Scanner},
};
use std::{hint::black_box, time::Instant};

const STANZA: &str = "<message to='juliet@capulet.example/balcony' type='chat' \
    id='4f6c1a52-7d3e-4b1c-9a53-0d6a1f6e2b77' xml:lang='en'><body>Art thou not Romeo, and a \
    Montague? Neither, fair saint, if either thee dislike. How camest thou hither, tell me?\
    </body><active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>\
    <markable xmlns='urn:xmpp:chat-markers:0'/><origin-id xmlns='urn:xmpp:sid:0' \
    id='4f6c1a52-7d3e-4b1c-9a53-0d6a1f6e2b77'/></message>\n";

const HEADER: &str = "<stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' to='x' version='1.0'>";

/// Stanzas in one run.
const STANZAS: usize = 200_000;
/// Of so many runs the best one counts: the machine has other work to do.
const RUNS: usize = 15;

/// Nanoseconds this process has computed, or has lived where the system does not tell.
fn cpu(begun: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let computed = stat.split(' ').next().and_then(|ns| ns.parse().ok());
    computed.unwrap_or(begun.elapsed().as_nanos() as f64)
}

/// Nanoseconds a stanza takes when `read` of them come at once.
fn run(read: usize) -> Result<f64, StreamError> {
    let block = STANZA.repeat(read);
    let mut scanner = Scanner::new(Framing::Tcp, Limits::default());
    scanner.push(HEADER.as_bytes());
    scanner.next()?;
    let now = Instant::now();
    let begun = cpu(now);
    for _ in 0..STANZAS / read {
        scanner.push(block.as_bytes());
        while let Some(Event::Stanza(stanza)) = scanner.next()? {
            black_box(&stanza);
        }
    }
    Ok((cpu(now) - begun) / STANZAS as f64)
}

fn main() -> Result<(), StreamError> {
    println!("{} bytes", STANZA.len());
    for read in [1, 4, 32] {
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            best = best.min(run(read)?);
        }
        println!("{read:2} stanzas a read: {best:.0} ns of CPU each");
    }
    Ok(())
}
