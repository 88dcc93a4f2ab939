//! Twilio's API hosts: which region a host means, and which hosts have been dead since 28 April 2026.

use url::Url;

use crate::words::words;

words! {
    /// A region that processes calls. Each has credentials, TwiML Apps and webhooks of its own.
    Region {
        /// The United States, the default.
        Us1 = "us1",
        /// Ireland.
        Ie1 = "ie1",
        /// Australia.
        Au1 = "au1",
    }
}

words! {
    /// A part of the API, which is also the first word of its host.
    Product {
        /// Calls, numbers, keys: everything under `/2010-04-01`.
        Api = "api",
        /// Auth tokens.
        Accounts = "accounts",
        /// Bundles and regulations.
        Numbers = "numbers",
        /// What things cost.
        Pricing = "pricing",
        /// Which region handles a number.
        Routes = "routes",
        /// Alerts.
        Monitor = "monitor",
        /// Messaging Services.
        Messaging = "messaging",
        /// Dialing permissions.
        Voice = "voice",
        /// Keys with policies.
        Iam = "iam",
    }
}

const OURS: &str = ".twilio.com";

impl Product {
    /// Where this product answers for an account whose plain API has this base URL. A look-alike on one host takes the
    /// product's host as the first piece of the path.
    pub fn base_url(self, api: &str) -> String {
        let api = api.trim_end_matches('/');
        if self == Self::Api {
            return api.to_owned();
        }
        let named = |host: &str| {
            host.strip_prefix("api.")
                .map(|rest| format!("{self}.{rest}"))
        };
        let Ok(mut url) = Url::parse(api) else {
            return api.to_owned();
        };
        let host = url.host_str().filter(|host| host.ends_with(OURS));
        if let Some(host) = host.and_then(named) {
            return match url.set_host(Some(&host)) {
                Ok(()) => url.as_str().trim_end_matches('/').to_owned(),
                Err(_) => api.to_owned(),
            };
        }
        let before = api
            .rsplit_once('/')
            .filter(|(_, last)| last.ends_with(OURS));
        match before.and_then(|(before, last)| Some((before, named(last)?))) {
            Some((before, host)) => format!("{before}/{host}"),
            None => format!("{api}/{self}{OURS}"),
        }
    }
}

/// Hosts of the form `api.{region}.twilio.com` that stopped; all of them had always been processed in the United States.
const DEAD: [&str; 7] = ["ie1", "au1", "br1", "de1", "jp1", "sg1", "us2"];

impl Region {
    /// The API's base URL for the region.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Us1 => "https://api.twilio.com",
            Self::Ie1 => "https://api.dublin.ie1.twilio.com",
            Self::Au1 => "https://api.sydney.au1.twilio.com",
        }
    }
}

/// A base URL that answers: a dead host becomes the one that serves the same data, anything else stays as it is.
pub fn living(base_url: &str) -> String {
    let Ok(mut url) = Url::parse(base_url) else {
        return base_url.to_owned();
    };
    let dead = url.host_str().is_some_and(|host| {
        DEAD.iter()
            .any(|region| host == format!("api.{region}.twilio.com"))
    });
    if dead && url.set_host(Some("api.twilio.com")).is_ok() {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    base_url.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Product, Region, living};

    #[test]
    fn a_dead_host_becomes_the_one_with_its_data() {
        assert_eq!(
            living("https://api.ie1.twilio.com"),
            "https://api.twilio.com"
        );
        assert_eq!(
            living("https://API.SG1.twilio.com/"),
            "https://api.twilio.com"
        );
    }

    #[test]
    fn a_product_has_a_host_of_its_own_in_the_accounts_region() {
        let of = |api: &str| Product::Numbers.base_url(api);
        assert_eq!(of("https://api.twilio.com"), "https://numbers.twilio.com");
        assert_eq!(
            of(Region::Ie1.base_url()),
            "https://numbers.dublin.ie1.twilio.com"
        );
        assert_eq!(
            of("http://localhost:8081"),
            "http://localhost:8081/numbers.twilio.com"
        );
        assert_eq!(
            of("http://localhost:8081/api.dublin.ie1.twilio.com"),
            "http://localhost:8081/numbers.dublin.ie1.twilio.com"
        );
        assert_eq!(
            Product::Api.base_url("http://localhost:8081"),
            "http://localhost:8081"
        );
    }

    #[test]
    fn a_living_host_and_a_host_that_is_not_twilios_stay() {
        for url in [
            Region::Ie1.base_url(),
            "https://api.us1.twilio.com",
            "http://localhost:8081",
            "https://api.ie1.twilio.com.example.org",
            "nonsense",
        ] {
            assert_eq!(living(url), url);
        }
        assert_eq!(living("http://localhost:8081/"), "http://localhost:8081");
    }
}
