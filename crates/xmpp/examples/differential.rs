//! Tries the scan against rxml on streams made at random, and prints in what they differ:
//! `cargo run --release -p magpie-xmpp --example differential -- --seconds 600 [--seed N]`.

#[path = "../fuzz/src/check.rs"]
mod check;
#[path = "../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../fuzz/src/oracle.rs"]
mod oracle;

use check::{Outcome, check};
use mutate::Random;
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// So many differences are enough to look at.
const ENOUGH: usize = 10;

/// The number behind `--name`.
fn option(name: &str) -> Option<u64> {
    let mut args = std::env::args().skip_while(|a| a != name);
    args.nth(1)?.parse().ok()
}

fn main() -> ExitCode {
    let seed = option("--seed").unwrap_or_else(|| u64::from(std::process::id()) << 32);
    let end = Instant::now() + Duration::from_secs(option("--seconds").unwrap_or(600));
    let (mut random, mut tried, mut outcomes) = (Random(seed), 0u64, [0u64; 4]);
    let mut differences = 0;
    while Instant::now() < end && differences < ENOUGH {
        let mut bytes = mutate::grow(&mut random);
        if random.below(4) > 0 {
            mutate::damage(&mut random, &mut bytes);
        }
        let mut pieces = Random(random.number());
        let most = 1 + pieces.below(64);
        tried += 1;
        match check(&bytes, || 1 + pieces.below(most)) {
            Ok(outcome) => outcomes[outcome as usize] += 1,
            Err(why) => {
                differences += 1;
                println!("{}\n{why}\n", bytes.escape_ascii());
            }
        }
    }
    println!("seed {seed}: {tried} streams, {differences} differences");
    for outcome in [
        Outcome::Accepted,
        Outcome::Pending,
        Outcome::Refused,
        Outcome::Exempt,
    ] {
        println!("{outcome:?}: {}", outcomes[outcome as usize]);
    }
    if differences == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
