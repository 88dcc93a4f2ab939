//! How many calls may be started: by an agent in a minute, and at one time in an organization.

use chrono::TimeDelta;

use crate::Time;

/// The limits of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls that an agent may start in a minute (10).
    pub starts_per_minute: u32,
    /// Outbound calls of the organization at one time.
    pub concurrent: u32,
}

/// Why a call is not started now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitReached {
    /// The agent started too many.
    #[error(
        "you have started {limit} calls in the last minute; try again in {retry_after_seconds} s"
    )]
    Starts {
        /// The limit.
        limit: u32,
        /// When one more may be started.
        retry_after_seconds: u32,
    },
    /// The organization has too many.
    #[error("your organization has {limit} outbound calls at this moment, which is its limit")]
    Concurrent {
        /// The limit.
        limit: u32,
    },
}

impl LimitReached {
    /// Stable code for the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Starts { .. } => "too_many_starts",
            Self::Concurrent { .. } => "too_many_calls",
        }
    }

    /// For `Retry-After`.
    pub fn retry_after_seconds(&self) -> u32 {
        match self {
            Self::Starts {
                retry_after_seconds,
                ..
            } => *retry_after_seconds,
            Self::Concurrent { .. } => 10,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            starts_per_minute: 10,
            concurrent: 50,
        }
    }
}

impl Limits {
    /// May an agent with these recent starts start one more, in an organization with so many outbound calls under way.
    pub fn check(self, now: Time, starts: &[Time], under_way: u32) -> Result<(), LimitReached> {
        let minute = TimeDelta::minutes(1);
        let mut recent: Vec<Time> = starts
            .iter()
            .copied()
            .filter(|at| *at > now - minute)
            .collect();
        recent.sort_unstable();
        let limit = self.starts_per_minute;
        if recent.len() >= limit as usize {
            let frees = recent.len() - limit as usize;
            let wait = recent.get(frees).map_or(minute, |at| *at + minute - now);
            let retry_after_seconds = u32::try_from(wait.num_seconds().max(0)).unwrap_or(60) + 1;
            return Err(LimitReached::Starts {
                limit,
                retry_after_seconds,
            });
        }
        if under_way >= self.concurrent {
            return Err(LimitReached::Concurrent {
                limit: self.concurrent,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn the_eleventh_start_of_a_minute_waits_until_the_first_is_a_minute_old() {
        let starts: Vec<Time> = (0..10).map(|n| at(n * 2)).collect();
        let limits = Limits::default();
        assert_eq!(limits.check(at(20), &starts[..9], 0), Ok(()));
        let refused = limits.check(at(20), &starts, 0).unwrap_err();
        assert_eq!(
            (refused.code(), refused.retry_after_seconds()),
            ("too_many_starts", 41)
        );
        assert_eq!(limits.check(at(61), &starts, 0), Ok(()));
    }

    #[test]
    fn an_organization_has_only_so_many_calls_at_one_time() {
        let limits = Limits {
            concurrent: 3,
            ..Limits::default()
        };
        assert_eq!(limits.check(at(0), &[], 2), Ok(()));
        assert_eq!(
            limits.check(at(0), &[], 3),
            Err(LimitReached::Concurrent { limit: 3 })
        );
    }
}
