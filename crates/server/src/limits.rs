//! How much people, API keys and strangers may ask in a while. Carrier webhooks never come here.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use chrono::{DateTime, Utc};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;
use crate::error::ApiError;

/// The largest JSON body that is read.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The server's clock, as the limiter wants to see it.
#[derive(Clone, Debug)]
struct LimitClock {
    clock: Clock,
    start: DateTime<Utc>,
}

impl governor::clock::Clock for LimitClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        (self.clock.now() - self.start).to_std().unwrap_or_default()
    }
}

type Buckets<K> = RateLimiter<K, HashMapStateStore<K>, LimitClock, NoOpMiddleware<Duration>>;

/// One limiter for each kind of caller.
pub struct Limits {
    clock: LimitClock,
    credentials: Buckets<String>,
    strangers: Buckets<IpAddr>,
    log_ins: Buckets<IpAddr>,
}

impl Limits {
    /// Full buckets.
    pub fn new(clock: &Clock) -> Self {
        let clock = LimitClock {
            start: clock.now(),
            clock: clock.clone(),
        };
        Self {
            credentials: buckets(&clock, 50, 1000),
            strangers: buckets(&clock, 20, 1000),
            log_ins: buckets(&clock, 2, 120),
            clock,
        }
    }

    /// Counts one request of a session or an API key.
    pub fn credential(&self, id: &str) -> Result<(), ApiError> {
        self.check(&self.credentials, &id.to_owned())
    }

    /// Counts one request without a valid credential.
    pub fn stranger(&self, ip: IpAddr) -> Result<(), ApiError> {
        self.check(&self.strangers, &ip)
    }

    /// Counts one attempt to log in or to use a one-time link.
    pub fn log_in(&self, ip: IpAddr) -> Result<(), ApiError> {
        self.check(&self.log_ins, &ip)
    }

    /// Forgets callers whose buckets are full again.
    pub fn sweep(&self) {
        self.credentials.retain_recent();
        self.strangers.retain_recent();
        self.log_ins.retain_recent();
    }

    fn check<K: Clone + Eq + std::hash::Hash>(
        &self,
        buckets: &Buckets<K>,
        key: &K,
    ) -> Result<(), ApiError> {
        buckets.check_key(key).map_err(|full| {
            let wait = full.wait_time_from(self.clock.now());
            ApiError::TooMany {
                code: "rate_limited",
                detail: "too many requests in a short time; wait as long as Retry-After says"
                    .to_owned(),
                retry_after: wait.as_secs() + 1,
            }
        })
    }
}

fn buckets<K: Clone + Eq + std::hash::Hash>(
    clock: &LimitClock,
    per_second: u32,
    burst: u32,
) -> Buckets<K> {
    let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
    RateLimiter::new(quota, HashMapStateStore::default(), clock.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bucket_says_when_to_come_back_and_time_empties_it() {
        let clock = Clock::manual("2026-11-20T12:00:00Z".parse().unwrap());
        let limits = Limits::new(&clock);
        let ip: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..120 {
            limits.log_in(ip).unwrap();
        }
        let refused = limits.log_in(ip).unwrap_err();
        assert!(
            matches!(refused, ApiError::TooMany { retry_after: 1, .. }),
            "{refused:?}"
        );
        limits.log_in("192.0.2.2".parse().unwrap()).unwrap();
        clock.advance(chrono::TimeDelta::seconds(1));
        limits.log_in(ip).unwrap();
    }
}
