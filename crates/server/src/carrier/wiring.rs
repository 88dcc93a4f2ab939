//! Which addresses the carrier should know, and how those that it knows stand to them.

use offhook_core::id::OrgId;
use offhook_store::{Error, Reason, carriers};
use offhook_twilio::host::is_twilios;
use url::Url;

use super::Account;
use crate::app::App;
use crate::config::{Config, is_loopback};
use crate::webhooks::urls::{Door, Doors};

/// Twilio's own first address of a new number.
const DEMO: &str = "demo.twilio.com";

/// Where an address at the carrier leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leads {
    /// To the right door of ours, at this path and query: its own, or a documented one.
    Here(String),
    /// To where this server was reached before.
    Before,
    /// Nowhere, or to Twilio's demo.
    Nowhere,
    /// To our host by another scheme: such an address only redirects, and a redirect loses what the carrier says.
    Redirects,
    /// To somebody else.
    Elsewhere,
}

impl Leads {
    /// Whether it may be changed without being asked: nobody else relies on it.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self, Self::Here(_) | Self::Before | Self::Nowhere)
    }
}

/// The addresses that the carrier should know.
#[derive(Debug, Clone)]
pub(crate) struct Wiring {
    /// The doors under today's public address.
    pub(crate) doors: Doors,
    before: Option<String>,
}

impl Wiring {
    /// For an account.
    pub(crate) fn of(config: &Config, account: &Account) -> Self {
        let doors = Doors::of(config);
        let before = account
            .wired_to
            .clone()
            .filter(|before| before != doors.base());
        Self { doors, before }
    }

    /// Where an address leads that should lead to this door.
    pub(crate) fn leads(&self, url: Option<&str>, door: Door) -> Leads {
        let Some(url) = url.filter(|url| !url.is_empty()) else {
            return Leads::Nowhere;
        };
        match self.doors.door_at(url) {
            Some((found, path)) if found == door => return Leads::Here(path),
            _ => {}
        }
        let within = |base: &str| {
            url.strip_prefix(base)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if self.before.as_deref().is_some_and(within) {
            return Leads::Before;
        }
        let host = |url: &str| {
            Url::parse(url)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
        };
        match host(url) {
            Some(found) if found == DEMO => Leads::Nowhere,
            found
                if found.is_some()
                    && found == host(self.doors.base())
                    && !within(self.doors.base()) =>
            {
                Leads::Redirects
            }
            _ => Leads::Elsewhere,
        }
    }

    /// The address to write for a door where this one was found: a documented path stays, since it says what a call to a
    /// number does whose route nobody chose.
    pub(crate) fn address(&self, found: Option<&str>, door: Door) -> String {
        match self.leads(found, door) {
            Leads::Here(path) => self.doors.again(door, &path),
            _ => self.doors.bare(door),
        }
    }
}

/// Why the carrier cannot be told our addresses, if it cannot: it would have to reach this machine from outside.
pub(crate) fn unreachable(config: &Config, account: &Account) -> Option<String> {
    let nowhere = is_twilios(&account.base_url) && is_loopback(&config.public_url);
    nowhere.then(|| {
        format!(
            "PUBLIC_URL is {}, which only this machine reaches: Twilio cannot call it.",
            config.public_url
        )
    })
}

/// The name of what is made at the carrier for an organization: it holds this installation and the organization, so that
/// another installation's things are never taken for ours.
pub(crate) async fn name(app: &App, org: &OrgId) -> Result<String, Error> {
    let system = app.db.system(Reason::Sweep);
    let installation = system
        .read(async |conn| carriers::installation(conn).await)
        .await?;
    let name = format!("Offhook {installation} {org}");
    Ok(name.chars().take(64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wiring(before: Option<&str>) -> Wiring {
        Wiring {
            doors: Doors::under(&"https://calls.example.com".parse().unwrap()),
            before: before.map(str::to_owned),
        }
    }

    fn leads(url: &str) -> Leads {
        wiring(Some("https://old.example.com")).leads(Some(url), Door::Voice)
    }

    #[test]
    fn an_address_leads_here_by_its_own_or_a_documented_path_with_or_without_a_fragment() {
        let own = "https://calls.example.com/webhooks/twilio/voice";
        assert_eq!(leads(own), Leads::Here("/webhooks/twilio/voice".into()));
        assert_eq!(
            leads(&format!("{own}#rc=2")),
            Leads::Here("/webhooks/twilio/voice".into())
        );
        let documented = "https://calls.example.com/api/twilio/webhook/voice";
        assert_eq!(
            leads(documented),
            Leads::Here("/api/twilio/webhook/voice".into())
        );
        let kept = wiring(None).address(Some(documented), Door::Voice);
        assert!(kept.starts_with(&format!("{documented}#rc=")), "{kept}");
    }

    #[test]
    fn an_address_of_before_may_be_moved_and_somebody_elses_may_not() {
        assert_eq!(
            leads("https://old.example.com/webhooks/twilio/voice"),
            Leads::Before
        );
        assert_eq!(leads(""), Leads::Nowhere);
        assert_eq!(
            leads("https://demo.twilio.com/welcome/voice/"),
            Leads::Nowhere
        );
        assert_eq!(
            leads("http://calls.example.com/webhooks/twilio/voice"),
            Leads::Redirects
        );
        for elsewhere in [
            "https://crm.example.com/voice",
            "https://calls.example.com.evil.example/webhooks/twilio/voice",
            "https://calls.example.com/webhooks/twilio/status",
            "https://old.example.com.evil.example/x",
        ] {
            assert_eq!(leads(elsewhere), Leads::Elsewhere, "{elsewhere}");
            assert!(!leads(elsewhere).is_ours());
        }
    }
}
