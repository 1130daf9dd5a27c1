//! What one address or account may cost the others: connections, attempts, wrong passwords.

use magpie_core::bucket::Bucket;
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// The longest a wrong password delays an answer.
const LONGEST_DELAY: Duration = Duration::from_secs(5);
/// Buckets kept before the full ones are forgotten.
const KEPT: usize = 10_000;

/// Whom an address stands for: itself, or for IPv6 its /64 network.
pub(crate) fn party(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => {
            let s = v6.segments();
            IpAddr::from([s[0], s[1], s[2], s[3], 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

/// The connections there are.
#[derive(Debug)]
pub(crate) struct Doors {
    all: usize,
    per_ip: usize,
    connects: Rates<IpAddr>,
    open: Mutex<(usize, HashMap<IpAddr, usize>)>,
}

/// A place among the connections; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place {
    doors: Arc<Doors>,
    party: IpAddr,
}

impl Doors {
    pub fn new(all: usize, per_ip: usize, connects_per_minute: u32) -> Arc<Doors> {
        Arc::new(Doors {
            all,
            per_ip,
            connects: Rates::new(connects_per_minute),
            open: Mutex::default(),
        })
    }

    /// A place for a connection from `ip`, if it may have one.
    pub fn enter(self: &Arc<Doors>, ip: IpAddr) -> Option<Place> {
        let party = party(ip);
        if !self.connects.try_take(party) {
            return None;
        }
        let mut open = self.open.lock();
        let (count, by_ip) = &mut *open;
        // Only who gets a place is remembered: turning people away costs no memory.
        if *count >= self.all || by_ip.get(&party).is_some_and(|n| *n >= self.per_ip) {
            return None;
        }
        *count += 1;
        *by_ip.entry(party).or_default() += 1;
        Some(Place {
            doors: self.clone(),
            party,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.doors.open.lock();
        open.0 -= 1;
        if let Some(mine) = open.1.get_mut(&self.party) {
            *mine -= 1;
            if *mine == 0 {
                open.1.remove(&self.party);
            }
        }
    }
}

/// A bucket per party.
#[derive(Debug)]
pub(crate) struct Rates<K> {
    per_minute: u32,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: std::hash::Hash + Eq> Rates<K> {
    pub fn new(per_minute: u32) -> Rates<K> {
        Rates {
            per_minute,
            buckets: Mutex::default(),
        }
    }

    fn with<T>(&self, key: K, f: impl FnOnce(&mut Bucket, Instant) -> T) -> T {
        let now = Instant::now();
        let mut buckets = self.buckets.lock();
        if buckets.len() >= KEPT {
            buckets.retain(|_, b| !b.is_full(now));
        }
        let new = || Bucket::new(self.per_minute.div_ceil(60), self.per_minute);
        f(buckets.entry(key).or_insert_with(new), now)
    }

    fn try_take(&self, key: K) -> bool {
        self.per_minute == 0 || self.with(key, |b, now| b.try_take(1, now))
    }

    /// Counts a failure; how long its answer is to wait.
    pub fn failed(&self, key: K) -> Duration {
        if self.per_minute == 0 {
            return Duration::ZERO;
        }
        self.with(key, |b, now| b.take(1, now)).min(LONGEST_DELAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let doors = Doors::new(3, 2, 0);
        let ip = |n: u8| IpAddr::from([10, 0, 0, n]);
        let (a, b) = (doors.enter(ip(1)).unwrap(), doors.enter(ip(1)).unwrap());
        assert!(doors.enter(ip(1)).is_none(), "two per address");
        let c = doors.enter(ip(2)).unwrap();
        assert!(doors.enter(ip(3)).is_none(), "three in all");
        drop((a, b, c));
        assert!(doors.enter(ip(1)).is_some());
        assert!(
            doors.open.lock().1.is_empty(),
            "nobody is remembered for nothing"
        );
    }

    #[test]
    fn an_ipv6_network_is_one_party() {
        let ip = |s: &str| party(s.parse().unwrap());
        assert_eq!(ip("2001:db8:1:2:3::4"), ip("2001:db8:1:2:ffff::1"));
        assert_ne!(ip("2001:db8:1:2::1"), ip("2001:db8:1:3::1"));
        assert_eq!(ip("::ffff:10.0.0.1"), ip("10.0.0.1"));
    }

    #[test]
    fn failures_delay_more_and_more_but_not_for_ever() {
        let rates = Rates::new(3);
        let delays: Vec<_> = (0..20).map(|_| rates.failed("alice")).collect();
        assert_eq!(delays[..3], [Duration::ZERO; 3]);
        assert!(delays[3] > Duration::ZERO && delays[19] == LONGEST_DELAY);
        assert_eq!(rates.failed("bob"), Duration::ZERO);
    }
}
