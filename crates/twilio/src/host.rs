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

    /// The entrance that softphones of this region take; `None` lets the Voice SDK choose the nearest.
    pub const fn edge(self) -> Option<&'static str> {
        match self {
            Self::Us1 => None,
            Self::Ie1 => Some("dublin"),
            Self::Au1 => Some("sydney"),
        }
    }

    /// As people call it.
    pub const fn place(self) -> &'static str {
        match self {
            Self::Us1 => "the United States (us1)",
            Self::Ie1 => "Ireland (ie1)",
            Self::Au1 => "Australia (au1)",
        }
    }

    /// The API's base URL for the region, where somebody gave one of their own: a look-alike takes a region's host as the
    /// first piece of the path, and Twilio's own hosts are told by the region alone.
    pub fn base_url_under(self, given: Option<&str>) -> String {
        let Some(given) = given.filter(|url| !is_twilios(url)) else {
            return self.base_url().to_owned();
        };
        let given = given.trim_end_matches('/');
        match self {
            Self::Us1 => given.to_owned(),
            _ => format!("{given}/{}", self.base_url().trim_start_matches("https://")),
        }
    }
}

/// Whether a base URL is one of Twilio's own.
pub fn is_twilios(base_url: &str) -> bool {
    Url::parse(base_url).is_ok_and(|url| url.host_str().is_some_and(|host| host.ends_with(OURS)))
}

/// The region that one of Twilio's hosts names, such as `api.dublin.ie1.twilio.com`; a dead host names none.
pub fn region_of(base_url: &str) -> Option<Region> {
    let url = Url::parse(base_url).ok()?;
    let host = url.host_str()?;
    let mut abroad = Region::ALL
        .iter()
        .copied()
        .filter(|region| *region != Region::Us1);
    abroad.find(|region| region.base_url().ends_with(&format!("//{host}")))
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
    use super::{Product, Region, living, region_of};

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
    fn a_region_has_a_host_at_twilio_and_a_path_at_a_look_alike() {
        let ireland = "https://api.dublin.ie1.twilio.com";
        assert_eq!(Region::Ie1.base_url_under(None), ireland);
        assert_eq!(
            Region::Ie1.base_url_under(Some("https://api.ie1.twilio.com")),
            ireland
        );
        assert_eq!(
            Region::Us1.base_url_under(Some("https://api.ie1.twilio.com")),
            "https://api.twilio.com"
        );
        assert_eq!(
            Region::Us1.base_url_under(Some("http://localhost:8081/")),
            "http://localhost:8081"
        );
        assert_eq!(
            Region::Au1.base_url_under(Some("http://localhost:8081")),
            "http://localhost:8081/api.sydney.au1.twilio.com"
        );
        assert_eq!(region_of(ireland), Some(Region::Ie1));
        assert_eq!(region_of("https://api.ie1.twilio.com"), None);
        assert_eq!(region_of("https://api.twilio.com"), None);
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
