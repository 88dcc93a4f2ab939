//! What can be set from outside: flags and environment as typed values. The only reader of the environment.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
pub use offhook_store::seal::Secret;
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;

use crate::clock::Clock;

/// Reads a secret from the environment.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the parser of the command line wants a result"
)]
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

/// Reads a setting that is on or off.
fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "yes" | "on" | "true" => Ok(true),
        "0" | "no" | "off" | "false" | "" => Ok(false),
        _ => Err("give 1, yes, on or true, or 0, no, off or false".to_owned()),
    }
}

/// Where rows lie and how they are sealed; `serve`, `migrate` and `admin` all need this.
#[derive(Args, Clone, Debug)]
pub struct StoreArgs {
    /// `postgres://…`, or the path of an `SQLite` file; by default `offhook.db` in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Seals secrets at rest: 32 bytes in base64 or hex, or any text of at least 32 characters.
    #[arg(long, env = "ENCRYPTION_KEY", hide_env_values = true, value_parser = secret)]
    pub encryption_key: Option<Secret>,

    /// The key of before, while `ENCRYPTION_KEY` is being changed: opens what it sealed until `offhook admin reseal` was run.
    #[arg(long, env = "ENCRYPTION_KEY_PREVIOUS", hide_env_values = true, value_parser = secret)]
    pub encryption_key_previous: Option<Secret>,

    /// The folder for recordings, the spool and, with `SQLite`, the database.
    #[arg(long, env = "DATA_DIR", default_value = "data")]
    pub data_dir: PathBuf,
}

/// `offhook serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Where rows lie.
    #[command(flatten)]
    pub store: StoreArgs,

    /// The address under which the carrier and browsers reach this server; signatures are checked against it.
    #[arg(long, env = "PUBLIC_URL", alias = "app-url")]
    pub public_url: Option<Url>,

    /// The older name of `PUBLIC_URL`, read when that is not set.
    #[arg(long, env = "NEXT_PUBLIC_APP_URL", hide = true)]
    pub app_url_alias: Option<Url>,

    /// The interface to listen on.
    #[arg(long, env = "BIND", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,

    /// The port to listen on.
    #[arg(long, env = "PORT", default_value_t = 8080)]
    pub port: u16,

    /// Take the client's address from `X-Forwarded-For`: only behind a proxy of yours that sets it.
    #[arg(long, env = "TRUST_PROXY", value_parser = switch)]
    pub trust_proxy: bool,

    /// Where softphones connect instead of the carrier: the sandbox's signalling.
    #[arg(long, env = "SIGNALING_URL")]
    pub signaling_url: Option<Url>,

    /// The first organization's carrier account.
    #[command(flatten)]
    pub carrier: CarrierArgs,
}

/// The environment names of the older systems: they seed the first organization's carrier account.
#[derive(Args, Clone, Debug, Default)]
pub struct CarrierArgs {
    /// The account's id, `AC…`.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", hide_env_values = true)]
    pub twilio_account_sid: Option<String>,
    /// The account's token.
    #[arg(long, env = "TWILIO_AUTH_TOKEN", hide_env_values = true, value_parser = secret)]
    pub twilio_auth_token: Option<Secret>,
    /// The API key for softphones, `SK…`.
    #[arg(long, env = "TWILIO_API_KEY", hide_env_values = true)]
    pub twilio_api_key: Option<String>,
    /// Its secret.
    #[arg(long, env = "TWILIO_API_SECRET", hide_env_values = true, value_parser = secret)]
    pub twilio_api_secret: Option<Secret>,
    /// The organization's first number.
    #[arg(long, env = "TWILIO_PHONE_NUMBER", hide_env_values = true)]
    pub twilio_phone_number: Option<String>,
    /// The TwiML App that softphones call through, `AP…`.
    #[arg(long, env = "TWILIO_TWIML_APP_SID")]
    pub twilio_twiml_app_sid: Option<String>,
    /// An older name of the same.
    #[arg(long, env = "TWIML_APP_SID", hide = true)]
    pub twiml_app_sid: Option<String>,
    /// `us1`, `ie1` or `au1`.
    #[arg(long, env = "TWILIO_REGION")]
    pub twilio_region: Option<String>,
    /// Another base for the carrier's REST API, such as the sandbox's.
    #[arg(long, env = "TWILIO_API_BASE_URL")]
    pub twilio_api_base_url: Option<Url>,
    /// A phone that takes calls nobody answered.
    #[arg(long, env = "FORWARD_PHONE_NUMBER", hide_env_values = true)]
    pub forward_phone_number: Option<String>,
}

/// A carrier account as configuration gives it: what the first organization starts with.
#[derive(Clone, Debug)]
pub struct CarrierSeed {
    /// `AC…`.
    pub account_sid: String,
    /// The account's token.
    pub auth_token: Secret,
    /// `SK…`, for softphones.
    pub api_key_sid: Option<String>,
    /// Its secret.
    pub api_key_secret: Option<Secret>,
    /// `AP…`.
    pub twiml_app_sid: Option<String>,
    /// The region, where it is not the US.
    pub region: Option<String>,
    /// Another base for REST.
    pub api_base_url: Option<Url>,
    /// Where softphones connect instead of the carrier.
    pub signaling_url: Option<Url>,
    /// The first number, in any format.
    pub number: Option<String>,
    /// Where calls that nobody answered may go.
    pub forward_to: Option<String>,
}

impl CarrierArgs {
    /// The carrier account that the environment describes, where it names one.
    pub fn seed(&self) -> Option<CarrierSeed> {
        Some(CarrierSeed {
            account_sid: self.twilio_account_sid.clone()?,
            auth_token: self.twilio_auth_token.clone()?,
            api_key_sid: self.twilio_api_key.clone(),
            api_key_secret: self.twilio_api_secret.clone(),
            twiml_app_sid: self
                .twilio_twiml_app_sid
                .clone()
                .or_else(|| self.twiml_app_sid.clone()),
            region: self.twilio_region.clone(),
            api_base_url: self.twilio_api_base_url.clone().map(living_base),
            signaling_url: None,
            number: self.twilio_phone_number.clone(),
            forward_to: self.forward_phone_number.clone(),
        })
    }
}

/// Maps the carrier's hosts that have been dead since April 2026 to the one they always meant.
fn living_base(mut base: Url) -> Url {
    let dead = matches!(
        base.host_str(),
        Some("api.ie1.twilio.com" | "api.au1.twilio.com" | "api.us1.twilio.com")
    );
    if dead {
        base.set_host(Some("api.twilio.com")).ok();
    }
    base
}

/// Everything that a running server was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// `postgres://…`, or the path of an `SQLite` file.
    pub database: String,
    /// Seals secrets at rest.
    pub encryption_key: Secret,
    /// Opens what was sealed before the key was changed.
    pub encryption_key_previous: Option<Secret>,
    /// The address under which the carrier and browsers reach this server, without a path.
    pub public_url: Url,
    /// Where to listen.
    pub bind: SocketAddr,
    /// The folder for recordings and the spool.
    pub data_dir: PathBuf,
    /// Whether `X-Forwarded-For` is to be believed.
    pub trust_proxy: bool,
    /// The first organization's carrier account.
    pub carrier: Option<CarrierSeed>,
    /// Where softphones connect instead of the carrier (`ws://…`): the sandbox's signalling.
    pub signaling_url: Option<Url>,
    /// What the demo's log-in page offers; `None` outside the demo.
    pub demo: Option<DemoDoor>,
    /// The environment names, of ours and of the older systems, under which something was given.
    pub given: Vec<&'static str>,
    /// Where time comes from.
    pub clock: Clock,
}

/// What the demo's log-in page offers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DemoDoor {
    /// The one-click log-ins.
    pub users: Vec<DemoLogin>,
    /// Where the sandbox's phones are.
    pub sandbox_url: String,
    /// The organization's number, to be called from those phones.
    pub number: String,
    /// Numbers of people who can be called.
    pub customers: Vec<String>,
}

/// One person of the demo.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DemoLogin {
    /// What to type.
    pub email: String,
    /// The password, which is no secret here.
    pub password: String,
    /// `owner`, `admin`, `supervisor` or `agent`.
    pub role: String,
    /// The person's name.
    pub name: String,
}

/// One thing that is wrong with a configuration; says the cure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No key to seal secrets with.
    #[error(
        "set ENCRYPTION_KEY to 32 bytes in base64 or hex, or to any text of at least 32 characters (`openssl rand -base64 32` makes one)"
    )]
    NoEncryptionKey,
    /// The key is too short to be one.
    #[error(
        "{0} is too short: give 32 bytes in base64 or hex, or any text of at least 32 characters"
    )]
    ShortEncryptionKey(&'static str),
    /// An address that nobody else could use.
    #[error(
        "PUBLIC_URL must be https://… (plain http is for loopback addresses only), without a path: {0}"
    )]
    BadPublicUrl(Url),
}

/// Everything that is wrong with a configuration: a sentence on a line for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl StoreArgs {
    /// The database's address or path.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            self.data_dir
                .join("offhook.db")
                .to_string_lossy()
                .into_owned()
        })
    }

    /// The key that seals secrets.
    ///
    /// # Errors
    /// When there is none, or it or the one of before is too short.
    pub fn key(&self) -> Result<Secret, ConfigErrors> {
        let long = |key: &Secret| key.expose().trim().chars().count() >= 32;
        let mut wrong = Vec::new();
        if self.encryption_key.is_none() {
            wrong.push(ConfigError::NoEncryptionKey);
        }
        for (name, key) in [
            ("ENCRYPTION_KEY", &self.encryption_key),
            ("ENCRYPTION_KEY_PREVIOUS", &self.encryption_key_previous),
        ] {
            if key.as_ref().is_some_and(|key| !long(key)) {
                wrong.push(ConfigError::ShortEncryptionKey(name));
            }
        }
        match &self.encryption_key {
            Some(key) if wrong.is_empty() => Ok(key.clone()),
            _ => Err(ConfigErrors(wrong)),
        }
    }
}

impl ServeArgs {
    /// Checks what was given and fills in what was not.
    ///
    /// # Errors
    /// When the server could not run safely with it: all that is wrong, at once.
    pub fn config(&self, clock: Clock) -> Result<Config, ConfigErrors> {
        let mut wrong = Vec::new();
        let public_url = self.public_url().map_err(|error| wrong.push(error));
        let key = self.store.key().map_err(|errors| wrong.extend(errors.0));
        let (Ok(public_url), Ok(encryption_key), true) = (public_url, key, wrong.is_empty()) else {
            return Err(ConfigErrors(wrong));
        };
        Ok(Config {
            database: self.store.database(),
            encryption_key,
            encryption_key_previous: self.store.encryption_key_previous.clone(),
            public_url,
            bind: SocketAddr::new(self.bind, self.port),
            data_dir: self.store.data_dir.clone(),
            trust_proxy: self.trust_proxy,
            carrier: self.carrier.seed().map(|seed| CarrierSeed {
                signaling_url: self.signaling_url.clone(),
                ..seed
            }),
            signaling_url: self.signaling_url.clone(),
            demo: None,
            given: self.given(),
            clock,
        })
    }

    /// The environment names under which something was given, whether by environment or by flag.
    pub fn given(&self) -> Vec<&'static str> {
        let (store, carrier) = (&self.store, &self.carrier);
        let all = [
            ("DATABASE_URL", store.database_url.is_some()),
            ("ENCRYPTION_KEY", store.encryption_key.is_some()),
            (
                "ENCRYPTION_KEY_PREVIOUS",
                store.encryption_key_previous.is_some(),
            ),
            ("PUBLIC_URL", self.public_url.is_some()),
            ("NEXT_PUBLIC_APP_URL", self.app_url_alias.is_some()),
            ("SIGNALING_URL", self.signaling_url.is_some()),
            ("TWILIO_ACCOUNT_SID", carrier.twilio_account_sid.is_some()),
            ("TWILIO_AUTH_TOKEN", carrier.twilio_auth_token.is_some()),
            ("TWILIO_API_KEY", carrier.twilio_api_key.is_some()),
            ("TWILIO_API_SECRET", carrier.twilio_api_secret.is_some()),
            ("TWILIO_PHONE_NUMBER", carrier.twilio_phone_number.is_some()),
            (
                "TWILIO_TWIML_APP_SID",
                carrier.twilio_twiml_app_sid.is_some(),
            ),
            ("TWIML_APP_SID", carrier.twiml_app_sid.is_some()),
            ("TWILIO_REGION", carrier.twilio_region.is_some()),
            ("TWILIO_API_BASE_URL", carrier.twilio_api_base_url.is_some()),
            (
                "FORWARD_PHONE_NUMBER",
                carrier.forward_phone_number.is_some(),
            ),
        ];
        let given = all.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name).collect()
    }

    fn public_url(&self) -> Result<Url, ConfigError> {
        let given = self.public_url.clone().or(self.app_url_alias.clone());
        given.map_or_else(|| Ok(loopback_url(self.port)), checked_public_url)
    }
}

/// `http://localhost:PORT`.
pub fn loopback_url(port: u16) -> Url {
    Url::parse(&format!("http://localhost:{port}")).expect("a port makes a valid address")
}

fn checked_public_url(url: Url) -> Result<Url, ConfigError> {
    let safe = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    if safe && url.path() == "/" && url.query().is_none() {
        Ok(url)
    } else {
        Err(ConfigError::BadPublicUrl(url))
    }
}

/// Whether an address never leaves this machine, so that plain http is no risk.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl Config {
    /// Whether browsers reach us over https, so that cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The origin of [`Config::signaling_url`], for the pages' security policy.
    pub fn signaling_origin(&self) -> Option<String> {
        let url = self.signaling_url.as_ref()?;
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
    }

    /// An address of ours, for links and for the carrier: `PUBLIC_URL` and a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in [
            "https://calls.example.com",
            "http://localhost:8080",
            "http://127.0.0.1:9",
        ] {
            assert!(checked_public_url(good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "http://calls.example.com",
            "https://calls.example.com/app",
            "ftp://localhost",
        ] {
            assert!(checked_public_url(bad.parse().unwrap()).is_err(), "{bad}");
        }
    }

    /// `offhook serve`, without its name.
    #[derive(clap::Parser)]
    struct Serve {
        #[command(flatten)]
        args: ServeArgs,
    }

    fn serve(flags: &[&str]) -> Result<Config, String> {
        let flags = ["serve"].iter().chain(flags);
        let read = <Serve as clap::Parser>::try_parse_from(flags).map_err(|e| e.to_string())?;
        read.args
            .config(Clock::real())
            .map_err(|errors| errors.to_string())
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_a_sentence_each() {
        let wrong = serve(&[
            "--public-url=http://calls.example.com",
            "--encryption-key=short",
            "--encryption-key-previous=shorter",
        ]);
        let wrong = wrong.unwrap_err();
        let lines: Vec<&str> = wrong.lines().collect();
        assert_eq!(lines.len(), 3, "{wrong}");
        for name in [
            "PUBLIC_URL",
            "ENCRYPTION_KEY is",
            "ENCRYPTION_KEY_PREVIOUS is",
        ] {
            assert!(
                lines.iter().any(|line| line.contains(name)),
                "{name}: {wrong}"
            );
        }
        assert!(serve(&[]).unwrap_err().contains("openssl rand"));
    }

    #[test]
    fn a_switch_is_on_in_every_way_that_people_write_it() {
        for on in ["1", "yes", "ON", "True", " true "] {
            assert_eq!(switch(on), Ok(true), "{on}");
        }
        for off in ["0", "No", "off", "FALSE", ""] {
            assert_eq!(switch(off), Ok(false), "{off}");
        }
        assert!(switch("perhaps").is_err());
        let key = "--encryption-key=a key that only this test seals with";
        assert!(serve(&[key, "--trust-proxy"]).unwrap().trust_proxy);
        assert!(!serve(&[key]).unwrap().trust_proxy);
    }

    #[test]
    fn a_dead_regional_host_means_the_us_one() {
        let base = living_base("https://api.ie1.twilio.com".parse().unwrap());
        assert_eq!(base.as_str(), "https://api.twilio.com/");
        let ireland = living_base("https://api.dublin.ie1.twilio.com".parse().unwrap());
        assert_eq!(ireland.host_str(), Some("api.dublin.ie1.twilio.com"));
    }
}
