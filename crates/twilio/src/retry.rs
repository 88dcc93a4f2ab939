//! Connection overrides: how Twilio should retry and time out a webhook, written into its URL's fragment.
//!
//! The fragment is never sent and never signed. <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>

use std::time::Duration;

use crate::words::words;

words! {
    /// What makes Twilio try again.
    RetryOn {
        /// An answer 400 to 499.
        ClientError = "4xx",
        /// An answer 500 to 599.
        ServerError = "5xx",
        /// No connection, or TLS failed.
        Connect = "ct",
        /// No answer in time.
        Read = "rt",
        /// Any of them.
        All = "all",
    }
}

/// How a webhook is tried; [`Overrides::default`] is what Twilio does without being told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrides {
    /// Time to connect, 100 ms to 10 s (`ct`).
    pub connect: Duration,
    /// Time to the first byte and between packets, 100 ms to 15 s (`rt`).
    pub read: Duration,
    /// Time over all tries, 100 ms to 15 s (`tt`).
    pub total: Duration,
    /// Tries after the first, 0 to 5 (`rc`).
    pub retries: u32,
    /// What is tried again (`rp`).
    pub retry_on: Vec<RetryOn>,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(15),
            total: Duration::from_secs(15),
            retries: 1,
            retry_on: vec![RetryOn::Connect],
        }
    }
}

impl Overrides {
    /// The URL with these overrides as its fragment; only what differs from Twilio's defaults is written.
    pub fn apply(&self, url: &str) -> String {
        let usual = Self::default();
        let mut fields = Vec::new();
        if self.retries != usual.retries {
            fields.push(format!("rc={}", self.retries));
        }
        if self.retry_on != usual.retry_on {
            let words: Vec<&str> = self.retry_on.iter().map(|on| on.as_str()).collect();
            fields.push(format!("rp={}", words.join(",")));
        }
        for (key, ours, usual) in [
            ("rt", self.read, usual.read),
            ("ct", self.connect, usual.connect),
            ("tt", self.total, usual.total),
        ] {
            if ours != usual {
                fields.push(format!("{key}={}", ours.as_millis()));
            }
        }
        let (base, _) = split(url);
        if fields.is_empty() {
            base.to_owned()
        } else {
            format!("{base}#{}", fields.join("&"))
        }
    }

    /// The URL without its fragment, and the overrides in it; a value out of range counts as not given.
    pub fn parse(url: &str) -> (&str, Self) {
        let (base, fragment) = split(url);
        let mut overrides = Self::default();
        for (key, value) in fragment
            .split('&')
            .filter_map(|field| field.split_once('='))
        {
            match key {
                "ct" => set(&mut overrides.connect, value, 10_000),
                "rt" => set(&mut overrides.read, value, 15_000),
                "tt" => set(&mut overrides.total, value, 15_000),
                "rc" => {
                    if let Some(retries) = value.parse().ok().filter(|retries| *retries <= 5) {
                        overrides.retries = retries;
                    }
                }
                "rp" => {
                    if let Ok(retry_on) = value.split(',').map(str::parse).collect() {
                        overrides.retry_on = retry_on;
                    }
                }
                _ => {}
            }
        }
        (base, overrides)
    }

    /// Whether this kind of failure is tried again.
    pub fn retries_on(&self, failure: RetryOn) -> bool {
        self.retry_on.contains(&failure) || self.retry_on.contains(&RetryOn::All)
    }
}

fn split(url: &str) -> (&str, &str) {
    url.split_once('#').unwrap_or((url, ""))
}

fn set(field: &mut Duration, value: &str, most: u64) {
    if let Some(millis) = value
        .parse()
        .ok()
        .filter(|millis| (100..=most).contains(millis))
    {
        *field = Duration::from_millis(millis);
    }
}

#[cfg(test)]
mod tests {
    use super::{Overrides, RetryOn};
    use proptest::prelude::{Just, Strategy, any, prop};
    use proptest::{prop_assert_eq, proptest};
    use std::time::Duration;

    #[test]
    fn without_a_fragment_only_a_failed_connection_is_tried_again_once() {
        let (base, overrides) = Overrides::parse("https://example.com/voice?a=1");
        assert_eq!(base, "https://example.com/voice?a=1");
        assert_eq!(overrides, Overrides::default());
        assert!(overrides.retries_on(RetryOn::Connect));
        assert!(!overrides.retries_on(RetryOn::ServerError));
    }

    #[test]
    fn the_fragment_is_read_as_twilio_documents_it() {
        let (base, overrides) =
            Overrides::parse("https://example.com/status#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000");
        assert_eq!(base, "https://example.com/status");
        assert_eq!(
            (overrides.retries, overrides.connect, overrides.read),
            (5, Duration::from_secs(2), Duration::from_secs(4))
        );
        assert!(overrides.retries_on(RetryOn::Read) && !overrides.retries_on(RetryOn::ClientError));
        assert!(
            Overrides::parse("https://e.com/#rp=all")
                .1
                .retries_on(RetryOn::ClientError)
        );
    }

    #[test]
    fn what_is_out_of_range_counts_as_not_given() {
        assert_eq!(
            Overrides::parse("https://e.com/#rc=6&ct=99&rt=15001&tt=x&rp=6xx&e=dublin").1,
            Overrides::default()
        );
    }

    proptest! {
        #[test]
        fn what_is_applied_is_parsed(
            connect in 100..=10_000u64, read in 100..=15_000u64, total in 100..=15_000u64, retries in 0..=5u32,
            retry_on in prop::collection::vec(prop::sample::select(RetryOn::ALL), 1..4),
            url in any::<bool>().prop_flat_map(|old| Just(if old { "https://e.com/a?b=c#rc=2" } else { "https://e.com/a?b=c" })),
        ) {
            let millis = Duration::from_millis;
            let overrides = Overrides { connect: millis(connect), read: millis(read), total: millis(total), retries, retry_on };
            let applied = overrides.apply(url);
            prop_assert_eq!(Overrides::parse(&applied), ("https://e.com/a?b=c", overrides));
        }
    }
}
