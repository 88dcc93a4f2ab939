//! `offhook sandbox`: the Twilio look-alike alone.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;
use offhook_sandbox::clock::Clock;
use offhook_sandbox::config::{AccountSeed, Config, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;

use crate::demo_identity::{DemoAccount, DemoIdentity};
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
    let identity = DemoIdentity::of(&args.data)?;
    let sandbox = Sandbox::start(Config {
        bind: args.bind,
        port: args.port,
        media_port: args.media_port,
        media_ip: args.media_ip,
        clock: Clock::Real,
        accounts: vec![
            account("main", &identity.organization, args.calls_per_second),
            account("customers", &identity.customers, args.calls_per_second),
        ],
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
