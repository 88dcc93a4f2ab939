//! What a sandbox is started with.

use std::net::{IpAddr, Ipv4Addr};

use crate::clock::Clock;
use crate::engine::account::VoiceHooks;
use crate::engine::papers::addresses::Address;
use crate::engine::papers::bundles::BundleStatus;
use crate::engine::phone::Behaviour;
use crate::engine::stock::NumberKind;
use crate::seam::Sid;

/// Ports, seeds and speed of a sandbox.
#[derive(Clone)]
pub struct Config {
    /// The address that everything listens at.
    pub bind: IpAddr,
    /// REST, signalling, control and console; 0 takes a free port.
    pub port: u16,
    /// All media; 0 takes a free port.
    pub media_port: u16,
    /// One more address to name as a media candidate.
    pub media_ip: Option<IpAddr>,
    /// A second port for the same doors, over TLS.
    pub tls: Option<TlsSeed>,
    /// How clients reach the port, without a slash at the end; recordings' addresses begin with it. `None`: by its address.
    pub public_url: Option<String>,
    /// Real or virtual time.
    pub clock: Clock,
    /// Seeds SIDs and secrets.
    pub seed: u64,
    /// Seconds from a call's end until its price is known.
    pub price_delay: i64,
    /// Milliseconds that a look at a call lags behind what has happened.
    pub read_lag: i64,
    /// The accounts at the start.
    pub accounts: Vec<AccountSeed>,
    /// The accounts' records in other regions at the start.
    pub regions: Vec<RegionSeed>,
    /// The accounts' bundles at the start.
    pub bundles: Vec<BundleSeed>,
    /// What numbers do that nobody answers by webhook.
    pub phones: Vec<(String, Behaviour)>,
    /// More routes on the same port, such as the console page.
    pub more: Option<axum::Router>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            media_port: 0,
            media_ip: None,
            tls: None,
            public_url: None,
            clock: Clock::Real,
            seed: 1,
            price_delay: 10,
            read_lag: 0,
            accounts: Vec::new(),
            regions: Vec::new(),
            bundles: Vec::new(),
            phones: Vec::new(),
            more: None,
        }
    }
}

/// The port that speaks TLS.
#[derive(Debug, Clone)]
pub struct TlsSeed {
    /// 0 takes a free one.
    pub port: u16,
    /// Where the certificate authority is kept; it is made where there is none.
    pub folder: std::path::PathBuf,
}

/// An account at the start.
#[derive(Debug, Clone)]
pub struct AccountSeed {
    /// `AC…`.
    pub sid: Sid,
    /// The secret that signs webhooks and opens the REST face.
    pub auth_token: String,
    /// Its name.
    pub friendly_name: String,
    /// Calls a second that REST may start.
    pub calls_per_second: u32,
    /// API keys: SID and secret.
    pub keys: Vec<(Sid, String)>,
    /// Applications: SID, name, hooks.
    pub applications: Vec<(Sid, String, VoiceHooks)>,
    /// Numbers.
    pub numbers: Vec<NumberSeed>,
}

/// A number at the start.
#[derive(Debug, Clone, Default)]
pub struct NumberSeed {
    /// E.164.
    pub phone_number: String,
    /// Where its calls go.
    pub hooks: VoiceHooks,
    /// Its application; empty for none.
    pub voice_application_sid: Sid,
}

/// A company's bundle at the start, with its address and its documents. Its SIDs are the same at every start.
#[derive(Debug, Clone)]
pub struct BundleSeed {
    /// The account.
    pub account_sid: Sid,
    /// The company.
    pub business_name: String,
    /// The kind of number that it is for; the country is the address's.
    pub kind: NumberKind,
    /// Where it lies; SID, owner and dates are filled in.
    pub address: Address,
    /// Where it stands.
    pub status: BundleStatus,
    /// Why it was refused; empty for no reason.
    pub failure_reason: String,
}

/// An account's record in another region at the start.
#[derive(Debug, Clone)]
pub struct RegionSeed {
    /// The account.
    pub account_sid: Sid,
    /// `ie1` or `au1`.
    pub region: String,
    /// The secret that signs its webhooks and opens its REST face there.
    pub auth_token: String,
    /// API keys of that region: SID and secret.
    pub keys: Vec<(Sid, String)>,
}
