//! What a server and its carrier are started with.

use clap::Parser;
use offhook_sandbox::clock::Clock as SandboxClock;
use offhook_sandbox::config::{AccountSeed, Config as SandboxConfig, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_server::clock::Clock;
use offhook_server::config::{Config, ServeArgs};

use super::{ACCOUNT, APP, KEY, KEY_SECRET, MAIN, Place, Port, TOKEN};

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

/// A sandbox whose number and application lead to the server at this address.
pub(crate) async fn sandbox(clock: SandboxClock, url: &str) -> Sandbox {
    let hooks = VoiceHooks {
        voice_url: format!("{url}/webhooks/twilio/voice"),
        status_callback: format!("{url}/webhooks/twilio/status"),
        ..VoiceHooks::default()
    };
    let account = AccountSeed {
        sid: ACCOUNT.to_owned(),
        auth_token: TOKEN.to_owned(),
        friendly_name: "The organization".to_owned(),
        calls_per_second: 1,
        keys: vec![(KEY.to_owned(), KEY_SECRET.to_owned())],
        applications: vec![(APP.to_owned(), "Softphones".to_owned(), hooks.clone())],
        numbers: vec![NumberSeed {
            phone_number: MAIN.to_owned(),
            hooks,
            ..NumberSeed::default()
        }],
    };
    let config = SandboxConfig {
        clock,
        accounts: vec![account],
        ..SandboxConfig::default()
    };
    Sandbox::start(config).await.expect("the sandbox starts")
}

/// The command line of a server: where it listens, by which address the world reaches it, and where its carrier is.
pub(crate) fn flags(place: &Place, port: &Port, url: &str, carrier: &str) -> Vec<String> {
    let mut flags = vec![
        "offhook".to_owned(),
        format!("--port={}", port.number()),
        format!("--public-url={url}"),
        "--encryption-key=a key that only these stories seal with".to_owned(),
        format!("--twilio-account-sid={ACCOUNT}"),
        format!("--twilio-auth-token={TOKEN}"),
        format!("--twilio-api-key={KEY}"),
        format!("--twilio-api-secret={KEY_SECRET}"),
        format!("--twilio-phone-number={MAIN}"),
        format!("--twilio-twiml-app-sid={APP}"),
        format!("--twilio-api-base-url={carrier}"),
    ];
    flags.extend(place.flags());
    flags
}

/// The same, understood.
pub(crate) fn config(flags: Vec<String>, clock: Clock) -> Config {
    let flags = Flags::try_parse_from(flags).expect("flags that the binary takes");
    flags
        .serve
        .config(clock)
        .expect("settings that the server takes")
}
