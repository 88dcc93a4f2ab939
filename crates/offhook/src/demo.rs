//! `offhook demo`: app, sandbox and a lived-in organization on one machine, with no Twilio account and no internet.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use offhook_sandbox::clock::Clock as SandboxClock;
use offhook_sandbox::config::{Config as SandboxConfig, NumberSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_sandbox::engine::phone::{Behaviour, Line};
use offhook_sandbox::sounds::Sounds;
use offhook_server::Running;
use offhook_server::clock::Clock;
use offhook_server::config::{CarrierSeed, Config, DemoDoor, DemoLogin, Secret, loopback_url};
use offhook_server::seed::{DemoSeed, Neighbour};
use offhook_server::webhooks::urls::{Door, Doors};
use serde_json::json;
use url::Url;

use crate::demo_identity::{DemoAccount, DemoIdentity};
use crate::folder_lock::FolderLock;
use crate::{sandbox, signals};

/// Customers ring this long, then answer, speak, and stay.
const CUSTOMER_RINGS: f64 = 3.0;
const CUSTOMER_STAYS: f64 = 60.0;

/// `offhook demo`.
#[derive(Args)]
pub(crate) struct DemoArgs {
    /// The app
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The sandbox: REST, signalling and the console with the phones
    #[arg(long, default_value_t = 8081)]
    sandbox_port: u16,
    /// All media, one UDP port
    #[arg(long, default_value_t = 8082)]
    media_port: u16,
    /// Where everything is kept between starts
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Forget what an earlier demo left in the data folder
    #[arg(long)]
    fresh: bool,
    /// Print one line of JSON once everything answers
    #[arg(long)]
    json: bool,
    /// The interface to listen on; anything but loopback lets others in
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// One more address to name as a media candidate
    #[arg(long)]
    media_ip: Option<IpAddr>,
}

/// Runs the demo until it is asked to end.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    if args.fresh {
        may_be_forgotten(&args.data)?;
    }
    let _held = FolderLock::take(&args.data)?;
    if args.fresh {
        forget(&args.data)?;
    }
    let identity = DemoIdentity::of(&args.data)?;
    let app = loopback_url(args.port);
    let phones = start_sandbox(&args, &identity, &app).await?;
    let (server, users) = start_server(&args, &identity, &app, &phones).await?;
    tell(&args, &identity, &app, &phones, &users)?;
    signals::asked_to_end().await;
    server.stop().await;
    phones.shutdown().await;
    Ok(())
}

/// Only what an earlier demo made is removed.
fn may_be_forgotten(folder: &Path) -> anyhow::Result<()> {
    let empty = || std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_none());
    anyhow::ensure!(
        !folder.exists() || empty() || DemoIdentity::lies_in(folder),
        "{} holds no demo; --fresh removes only a folder that an earlier demo made",
        folder.display()
    );
    Ok(())
}

/// Removes an earlier demo; the lock stays, since this process holds it.
fn forget(folder: &Path) -> anyhow::Result<()> {
    let cannot = || format!("cannot empty {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if FolderLock::is(&path) {
            continue;
        }
        let gone = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        gone.with_context(cannot)?;
    }
    Ok(())
}

async fn start_sandbox(
    args: &DemoArgs,
    identity: &DemoIdentity,
    app: &Url,
) -> anyhow::Result<Sandbox> {
    let hooks = hooks(app);
    let mut organization = sandbox::account("Harbor Bikes", &identity.organization, 1);
    for application in &mut organization.applications {
        application.2 = hooks.clone();
    }
    for number in &mut organization.numbers {
        *number = NumberSeed {
            hooks: hooks.clone(),
            ..number.clone()
        };
    }
    let config = SandboxConfig {
        bind: args.bind,
        port: args.sandbox_port,
        media_port: args.media_port,
        media_ip: args.media_ip,
        public_url: Some(format!("http://localhost:{}", args.sandbox_port)),
        clock: SandboxClock::Real,
        seed: rand::random(),
        accounts: vec![
            organization,
            sandbox::account("customers", &identity.customers, 1),
        ],
        bundles: sandbox::bundles("Harbor Bikes", &identity.organization.account_sid),
        phones: customers(&identity.customers),
        more: Some(offhook_server::console()),
        ..SandboxConfig::default()
    };
    Sandbox::start(config).await.with_context(|| {
        format!("the sandbox cannot use port {} (media {}); choose others with --sandbox-port and --media-port", args.sandbox_port, args.media_port)
    })
}

/// The webhooks of the organization's numbers and softphones.
fn hooks(app: &Url) -> VoiceHooks {
    let doors = Doors::under(app);
    VoiceHooks {
        voice_url: doors.bare(Door::Voice),
        status_callback: doors.bare(Door::Status),
        ..VoiceHooks::default()
    }
}

/// Each customer's number has a person who answers, until somebody gives it a voice URL.
fn customers(account: &DemoAccount) -> Vec<(String, Behaviour)> {
    let personas = Sounds::personas();
    account
        .numbers
        .iter()
        .zip(personas.iter().cycle())
        .map(|(number, persona)| {
            let behaviour = Behaviour::Answers {
                ring: CUSTOMER_RINGS,
                lines: vec![Line::Bundled(persona.name.clone())],
                stays: Some(CUSTOMER_STAYS),
            };
            (number.phone_number.clone(), behaviour)
        })
        .collect()
}

async fn start_server(
    args: &DemoArgs,
    identity: &DemoIdentity,
    app: &Url,
    phones: &Sandbox,
) -> anyhow::Result<(Running, Vec<DemoLogin>)> {
    let signalling = Url::parse(&format!("ws://localhost:{}/signal", args.sandbox_port))?;
    let mut config = Config {
        database: args.data.join("offhook.db").to_string_lossy().into_owned(),
        encryption_key: Secret::new(identity.encryption_key.clone()),
        encryption_key_previous: None,
        public_url: app.clone(),
        signaling_url: Some(signalling),
        bind: SocketAddr::new(args.bind, args.port),
        data_dir: args.data.clone(),
        trust_proxy: false,
        carrier: None,
        demo: None,
        given: Vec::new(),
        clock: Clock::real(),
    };
    let seed = DemoSeed {
        at: config.clock.now(),
        password: identity.password.clone(),
        password_hash: String::new(),
        carrier: carrier(identity, phones, &config)?,
        more_numbers: identity
            .organization
            .numbers
            .iter()
            .skip(1)
            .map(|n| n.phone_number.clone())
            .collect(),
        neighbours: neighbours(&identity.customers),
        recordings: config.data_dir.join("recordings"),
    };
    let users = offhook_server::seed_demo(&config, seed).await?.users;
    config.demo = Some(DemoDoor {
        users: users.clone(),
        sandbox_url: phones.url().to_owned(),
        number: identity.organization.numbers[0].phone_number.clone(),
        customers: identity
            .customers
            .numbers
            .iter()
            .map(|n| n.phone_number.clone())
            .collect(),
    });
    Ok((offhook_server::serve(config).await?, users))
}

fn carrier(
    identity: &DemoIdentity,
    phones: &Sandbox,
    config: &Config,
) -> anyhow::Result<CarrierSeed> {
    let account = &identity.organization;
    Ok(CarrierSeed {
        account_sid: account.account_sid.clone(),
        auth_token: Secret::new(account.auth_token.clone()),
        api_key_sid: Some(account.api_key_sid.clone()),
        api_key_secret: Some(Secret::new(account.api_key_secret.clone())),
        twiml_app_sid: Some(account.application_sid.clone()),
        region: None,
        api_base_url: Some(Url::parse(phones.url())?),
        signaling_url: config.signaling_url.clone(),
        number: Some(account.numbers[0].phone_number.clone()),
        forward_to: None,
    })
}

/// The people of the sandbox, as contacts with a voice.
fn neighbours(customers: &DemoAccount) -> Vec<Neighbour> {
    let numbers = customers
        .numbers
        .iter()
        .map(|number| Some(number.phone_number.clone()))
        .chain(std::iter::repeat(None));
    Sounds::personas()
        .into_iter()
        .zip(numbers)
        .map(|(persona, number)| Neighbour {
            lines: (1..=persona.lines.len())
                .filter_map(|n| Sounds::bundled(&format!("{}-{n}", persona.name)))
                .map(|clip| clip.pcm.to_vec())
                .collect(),
            name: persona.who,
            number,
        })
        .collect()
}

/// One line of JSON for a program, a few lines for a person.
fn tell(
    args: &DemoArgs,
    identity: &DemoIdentity,
    app: &Url,
    phones: &Sandbox,
    users: &[DemoLogin],
) -> anyhow::Result<()> {
    let address = app.as_str().trim_end_matches('/');
    let organization = &identity.organization;
    if args.json {
        let line = json!({
            "app": address,
            "sandbox": phones.url(),
            "organization": {
                "slug": "demo",
                "account_sid": organization.account_sid,
                "auth_token": organization.auth_token,
                "number": organization.numbers[0].phone_number,
            },
            "customers": {
                "account_sid": identity.customers.account_sid,
                "auth_token": identity.customers.auth_token,
                "numbers": identity.customers.numbers.iter().map(|n| &n.phone_number).collect::<Vec<_>>(),
            },
            "users": users,
        });
        return crate::say(&line.to_string());
    }
    let people = users
        .iter()
        .map(|user| {
            format!(
                "    {:<14} {:<11} {}  {}\n",
                user.name, user.role, user.email, user.password
            )
        })
        .collect::<Vec<_>>()
        .concat();
    crate::say(&format!(
        "\nOffhook is running.\n\n  App      {address}   choose a person, go available\n  Phones   {}   pick one up, call {}\n\n  People\n{people}\nCtrl-C ends it.",
        phones.url(),
        organization.numbers[0].phone_number,
    ))
}
