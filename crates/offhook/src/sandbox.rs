//! `offhook sandbox`: the Twilio look-alike alone.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;
use offhook_sandbox::clock::Clock;
use offhook_sandbox::config::{AccountSeed, BundleSeed, Config, NumberSeed, TlsSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_sandbox::engine::papers::addresses::Address;
use offhook_sandbox::engine::papers::bundles::BundleStatus;
use offhook_sandbox::engine::stock::NumberKind;
use offhook_sandbox::tls::CERTIFICATE;

use crate::demo_identity::{DemoAccount, DemoIdentity};
use crate::folder_lock::FolderLock;
use crate::signals;

/// `offhook sandbox`.
#[derive(Args)]
pub(crate) struct SandboxArgs {
    /// REST, signalling, control and console
    #[arg(long, default_value_t = 8081)]
    port: u16,
    /// All media, one UDP port
    #[arg(long, default_value_t = 8082)]
    media_port: u16,
    /// The same doors over TLS, for programs that know Twilio's host names only; its authority is kept in the data folder
    #[arg(long)]
    tls_port: Option<u16>,
    /// The interface to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// One more address to name as a media candidate
    #[arg(long)]
    media_ip: Option<IpAddr>,
    /// Calls per second that one account may start by REST
    #[arg(long, default_value_t = 1)]
    calls_per_second: u32,
    /// Where the accounts' secrets are kept between starts
    #[arg(long, default_value = "sandbox-data")]
    data: std::path::PathBuf,
}

/// Runs the sandbox until it is asked to end.
pub(crate) async fn run(args: SandboxArgs) -> anyhow::Result<()> {
    let _held = FolderLock::take(&args.data)?;
    let identity = DemoIdentity::of(&args.data)?;
    let sandbox = Sandbox::start(Config {
        bind: args.bind,
        port: args.port,
        media_port: args.media_port,
        media_ip: args.media_ip,
        tls: args.tls_port.map(|port| TlsSeed {
            port,
            folder: args.data.clone(),
        }),
        clock: Clock::Real,
        accounts: vec![
            account("main", &identity.organization, args.calls_per_second),
            account("customers", &identity.customers, args.calls_per_second),
        ],
        bundles: bundles("main", &identity.organization.account_sid),
        more: Some(offhook_server::console()),
        ..Config::default()
    })
    .await?;
    crate::say(&format!(
        "Sandbox and console: {}\nAccount: {} with token {}, number {}",
        sandbox.url(),
        identity.organization.account_sid,
        identity.organization.auth_token,
        identity.organization.numbers[0].phone_number,
    ))?;
    if let Some(address) = sandbox.tls_addr() {
        crate::say(&format!(
            "TLS: port {}, as Twilio's own host names; trust {}",
            address.port(),
            args.data.join(CERTIFICATE).display()
        ))?;
    }
    signals::asked_to_end().await;
    sandbox.shutdown().await;
    Ok(())
}

/// An account as the sandbox is seeded with it; its application and numbers have no address yet.
pub(crate) fn account(name: &str, from: &DemoAccount, calls_per_second: u32) -> AccountSeed {
    AccountSeed {
        sid: from.account_sid.clone(),
        auth_token: from.auth_token.clone(),
        friendly_name: name.to_owned(),
        calls_per_second,
        keys: vec![(from.api_key_sid.clone(), from.api_key_secret.clone())],
        applications: vec![(
            from.application_sid.clone(),
            format!("{name} softphones"),
            VoiceHooks::default(),
        )],
        numbers: from
            .numbers
            .iter()
            .map(|number| NumberSeed {
                phone_number: number.phone_number.clone(),
                ..NumberSeed::default()
            })
            .collect(),
    }
}

/// What an account has shown to the authorities: good papers for British numbers, and German ones that were refused.
pub(crate) fn bundles(name: &str, account_sid: &str) -> Vec<BundleSeed> {
    let bundle = |address, status, failure_reason: &str| BundleSeed {
        account_sid: account_sid.to_owned(),
        business_name: format!("{name} Ltd"),
        kind: NumberKind::Local,
        address,
        status,
        failure_reason: failure_reason.to_owned(),
    };
    let london = Address {
        friendly_name: "London".into(),
        customer_name: format!("{name} Ltd"),
        street: "1 Wharf Road".into(),
        city: "London".into(),
        region: "London".into(),
        postal_code: "N1 7GR".into(),
        iso_country: "GB".into(),
        ..Address::default()
    };
    let berlin = Address {
        friendly_name: "Berlin".into(),
        customer_name: format!("{name} GmbH"),
        street: "Hafenstrasse 1".into(),
        city: "Berlin".into(),
        region: "Berlin".into(),
        postal_code: "10115".into(),
        iso_country: "DE".into(),
        ..Address::default()
    };
    vec![
        bundle(london, BundleStatus::Approved, ""),
        bundle(
            berlin,
            BundleStatus::Rejected,
            "The excerpt from the commercial register is older than three months.",
        ),
    ]
}
