//! A token bucket: the rate at which one party may cost the others something.

use std::time::{Duration, Instant};

/// A bucket of `burst` tokens that refills at `per_sec` tokens a second. `per_sec` 0 means no limit.
#[derive(Debug, Clone)]
pub struct Bucket {
    per_sec: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    /// A full bucket.
    pub fn new(per_sec: u32, burst: u32) -> Bucket {
        let burst = f64::from(burst.max(1));
        Bucket {
            per_sec: f64::from(per_sec),
            burst,
            tokens: burst,
            filled: Instant::now(),
        }
    }

    /// Takes `cost` tokens, going into debt if need be, and tells how long the caller is to wait until the debt is paid.
    pub fn take(&mut self, cost: u32, now: Instant) -> Duration {
        if self.per_sec == 0.0 {
            return Duration::ZERO;
        }
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_sec).min(self.burst) - f64::from(cost);
        self.filled = now;
        if self.tokens >= 0.0 {
            Duration::ZERO
        } else {
            Duration::from_secs_f64(-self.tokens / self.per_sec)
        }
    }

    /// Takes `cost` tokens if they are there.
    pub fn try_take(&mut self, cost: u32, now: Instant) -> bool {
        let before = self.tokens;
        if self.take(cost, now).is_zero() {
            return true;
        }
        self.tokens = before.max(self.tokens + f64::from(cost));
        false
    }

    /// Whether the bucket is full again, so that it may be forgotten.
    pub fn is_full(&self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens + passed * self.per_sec >= self.burst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debt_is_waited_for_and_refills() {
        let mut b = Bucket::new(10, 5);
        let t = Instant::now();
        assert!(b.take(5, t).is_zero());
        assert_eq!(b.take(1, t).as_millis(), 100);
        assert!(b.take(0, t + Duration::from_millis(100)).is_zero());
    }

    #[test]
    fn a_refused_take_costs_nothing() {
        let mut b = Bucket::new(1, 2);
        let t = Instant::now();
        assert!(b.try_take(2, t));
        assert!(!b.try_take(1, t));
        assert!(!b.try_take(1, t + Duration::from_millis(900)));
        assert!(b.try_take(1, t + Duration::from_millis(1001)));
        assert!(b.is_full(t + Duration::from_secs(10)));
    }

    #[test]
    fn zero_is_no_limit() {
        let mut b = Bucket::new(0, 1);
        assert!(b.take(1_000_000, Instant::now()).is_zero());
    }
}
