//! Whether `PUBLIC_URL` leads here: without a redirect, with path, query and body unchanged, and with room for a WebSocket.

use std::error::Error as _;

use chrono::TimeDelta;
use offhook_store::checkups;
use offhook_twilio::signature;
use reqwest::{Client, Response, StatusCode, header};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::case::{Case, PATIENCE, within};
use super::report::{Check, Group, Item};
use crate::app::App;
use crate::carrier::Account;
use crate::config::is_loopback;
use crate::webhooks::urls::{Door, Doors, PROBE};

const ADDRESS: Item = Item {
    id: "webhooks.address",
    group: Group::Webhooks,
    title: "The public address leads here",
    seeds: &["000", "001", "003", "004"],
};
const SIGNATURE: Item = Item {
    id: "webhooks.signature",
    group: Group::Webhooks,
    title: "A signed request arrives as it was sent",
    seeds: &["001", "004"],
};
const WEBSOCKET: Item = Item {
    id: "server.websocket",
    group: Group::Server,
    title: "Live events (WebSocket)",
    seeds: &["002"],
};

const PUBLIC_URL: &str =
    "Whoever runs this server: set PUBLIC_URL to the address that Twilio shall use, and restart.";
/// How long the callback may take from its arrival to the row that tells of it.
const SETTLES: TimeDelta = TimeDelta::seconds(2);

pub(super) async fn checks(case: &Case<'_>) -> Vec<Check> {
    let Ok(client) = client() else {
        return vec![ADDRESS.skipped("The server cannot make outside requests.")];
    };
    let address = within(PATIENCE, ADDRESS, address(case, &client)).await;
    if !matches!(address.state, super::State::Ok | super::State::Warning) {
        let closed = "Not tried: the public address does not lead here.";
        return vec![
            address,
            SIGNATURE.skipped(closed),
            WEBSOCKET.skipped(closed),
        ];
    }
    let (signed, socket) = tokio::join!(
        within(PATIENCE, SIGNATURE, signed(case, &client)),
        within(PATIENCE, WEBSOCKET, socket(case, &client)),
    );
    vec![address, signed, socket]
}

/// HTTP/1.1, since a WebSocket begins with it; no redirect is followed, since it is what we look for.
fn client() -> reqwest::Result<Client> {
    Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("offhook-doctor/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Whether the public address leads here, before anybody is told to use it.
pub(super) async fn leads_here(case: &Case<'_>) -> Check {
    match client() {
        Ok(client) => within(PATIENCE, ADDRESS, address(case, &client)).await,
        Err(_) => ADDRESS.skipped("The server cannot make outside requests."),
    }
}

async fn address(case: &Case<'_>, client: &Client) -> Check {
    let config = &case.app.config;
    if is_loopback(&config.public_url) && case.is_twilio() {
        return ADDRESS.failed(
            format!(
                "The public address is {}, which only this machine reaches: Twilio cannot call it.",
                config.public_url
            ),
            format!(
                "{PUBLIC_URL} On a laptop, a tunnel (ngrok, cloudflared) gives such an address."
            ),
        );
    }
    let answer = match client.get(config.url("/healthz")).send().await {
        Ok(answer) => answer,
        Err(error) => return ADDRESS.failed(unreachable(&error), unreachable_cure(&error)),
    };
    if let Some(elsewhere) = redirect(&answer) {
        return ADDRESS.failed(
            format!(
                "{} answers with a redirect to {elsewhere}. Twilio would lose what it says on the way, and its signature would not fit.",
                config.public_url
            ),
            format!("{PUBLIC_URL} Often only www or the last slash differs."),
        );
    }
    let status = answer.status();
    let ours = status.is_success() && answer.text().await.is_ok_and(|body| body == "ok");
    if !ours {
        return ADDRESS.failed(
            format!(
                "Something else answers at {} (status {}).",
                config.public_url,
                status.as_u16()
            ),
            format!("{PUBLIC_URL} If it is right, let the proxy there pass everything on to this server."),
        );
    }
    if is_loopback(&config.public_url) {
        return ADDRESS.ok(format!(
            "{} leads here, without a redirect. Only this machine reaches it, which is enough for a carrier on this machine.",
            config.public_url
        ));
    }
    if is_tunnel(config.public_url.host_str().unwrap_or_default()) {
        return ADDRESS.warning(
            format!("{} leads here, but is a tunnel: most get another address with each start.", config.public_url),
            "Fine for trying. When the address changes, set PUBLIC_URL and restart: the addresses at Twilio follow by themselves.",
        );
    }
    ADDRESS.ok(format!(
        "{} leads here, without a redirect.",
        config.public_url
    ))
}

/// Hosts of tunnels, which come and go.
fn is_tunnel(host: &str) -> bool {
    const TUNNELS: [&str; 7] = [
        ".ngrok.io",
        ".ngrok.app",
        ".ngrok-free.app",
        ".ngrok-free.dev",
        ".loca.lt",
        ".trycloudflare.com",
        ".localhost.run",
    ];
    TUNNELS.iter().any(|tunnel| host.ends_with(tunnel))
}

fn redirect(answer: &Response) -> Option<String> {
    if !answer.status().is_redirection() {
        return None;
    }
    let to = answer.headers().get(header::LOCATION)?.to_str().ok()?;
    Some(to.chars().take(200).collect())
}

/// Why nobody answers, as far as one can tell.
fn unreachable(error: &reqwest::Error) -> &'static str {
    match reason(error) {
        Unreached::Name => "The name of the public address cannot be found.",
        Unreached::Certificate => "The certificate of the public address is not accepted.",
        Unreached::Refused => "Nobody answers at the public address.",
        Unreached::Silent => "What answers at the public address does not do so in time.",
    }
}

fn unreachable_cure(error: &reqwest::Error) -> String {
    match reason(error) {
        Unreached::Name => format!("Check PUBLIC_URL and the DNS entry of its host. {PUBLIC_URL}"),
        Unreached::Certificate => "Serve a certificate of a public authority, with its whole chain, for exactly this host, that has not expired.".to_owned(),
        Unreached::Refused => format!("Check that the server, its proxy or tunnel is running and the firewall lets https in. {PUBLIC_URL} If it opens from elsewhere, your network does not lead this machine to its own public address: then send a callback, which comes from outside."),
        Unreached::Silent => "Check the proxy or tunnel in front of the server.".to_owned(),
    }
}

enum Unreached {
    Name,
    Certificate,
    Refused,
    Silent,
}

fn reason(error: &reqwest::Error) -> Unreached {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(&error.to_string().to_lowercase());
        cause = error.source();
    }
    if words.contains("dns") || words.contains("lookup") || words.contains("resolve") {
        Unreached::Name
    } else if words.contains("certificate") || words.contains("tls") {
        Unreached::Certificate
    } else if error.is_connect() {
        Unreached::Refused
    } else {
        Unreached::Silent
    }
}

/// We send ourselves what the carrier would, by way of the public address, with everything in it that a proxy may spoil.
async fn signed(case: &Case<'_>, client: &Client) -> Check {
    let Some(account) = &case.account else {
        return SIGNATURE.skipped("Not tried: there is no carrier account to sign with.");
    };
    let Ok(id) = begin(case.app, &case.org, false).await else {
        return SIGNATURE.skipped("The database could not be asked.");
    };
    let answer = match send_signed(case.app, client, account, &id).await {
        Ok(answer) => answer,
        Err(error) => return SIGNATURE.failed(unreachable(&error), unreachable_cure(&error)),
    };
    let status = answer.status();
    if let Some(elsewhere) = redirect(&answer) {
        return SIGNATURE.failed(
            format!("Webhooks are redirected to {elsewhere}: what Twilio says is lost on the way."),
            PUBLIC_URL,
        );
    }
    if status == StatusCode::FORBIDDEN {
        return SIGNATURE.failed(
            "A request that we signed ourselves was refused on arrival: it was changed on the way, or PUBLIC_URL is not exactly the address that it came to.",
            "Let the proxy pass path, query and body on unchanged, and set PUBLIC_URL to exactly the outside address.",
        );
    }
    if status.is_success() && arrived(case.app, &case.org, &id, SETTLES).await.is_some() {
        return SIGNATURE
            .ok("It did, through the public address and everything before this server.");
    }
    SIGNATURE.failed(
        format!(
            "It did not arrive here: something else answered with status {}.",
            status.as_u16()
        ),
        "Let the proxy pass /webhooks/ on to this server, and check that no other installation answers there.",
    )
}

/// Sends a status callback as the carrier would.
async fn send_signed(
    app: &App,
    client: &Client,
    account: &Account,
    id: &str,
) -> reqwest::Result<Response> {
    let url = Doors::of(&app.config).with(Door::Status, &[(PROBE, id), ("text", "a b+c/ü&=")]);
    let url = url.split('#').next().unwrap_or_default();
    let form: Vec<(String, String)> = [
        ("AccountSid", account.account_sid.as_str()),
        ("CallSid", &format!("CA{}", Uuid::now_v7().simple())),
        ("CallStatus", "completed"),
        ("Text", "a b+c/ü&="),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let signature = signature::sign(account.auth_token.expose(), url, &form);
    let body = Serializer::new(String::new()).extend_pairs(&form).finish();
    client
        .post(url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(signature::HEADER, signature)
        .body(body)
        .send()
        .await
}

/// Notes that a callback is about to be sent; answers its id.
pub(super) async fn begin(
    app: &App,
    org: &offhook_core::id::OrgId,
    by_carrier: bool,
) -> Result<String, offhook_store::Error> {
    let id = Uuid::now_v7().simple().to_string();
    let now = app.clock.now();
    let forget = now - TimeDelta::days(30);
    app.db
        .write(org, async |tx| {
            checkups::send_round(tx, &id, by_carrier, now, forget).await
        })
        .await?;
    Ok(id)
}

/// Waits until a callback has come round; answers how long it was on its way.
pub(super) async fn arrived(
    app: &App,
    org: &offhook_core::id::OrgId,
    id: &str,
    patience: TimeDelta,
) -> Option<TimeDelta> {
    const LOOK: std::time::Duration = std::time::Duration::from_millis(100);
    let mut left = patience.num_milliseconds() / 100;
    loop {
        let found = app
            .db
            .read(org, async |tx| checkups::round_trip(tx, id).await)
            .await;
        let trip = found.ok().flatten()?;
        if let Some(back_at) = trip.back_at {
            return Some(back_at - trip.sent_at);
        }
        if left <= 0 {
            return None;
        }
        left -= 1;
        let _waiting = app.work.waiting();
        // A moment of the world's time too: the callback comes over a real line, whatever the clock shows.
        tokio::select! {
            () = tokio::time::sleep(LOOK) => (),
            () = app.clock.sleep(LOOK) => (),
        }
    }
}

async fn socket(case: &Case<'_>, client: &Client) -> Check {
    let asked = client
        .get(case.app.config.url("/api/v1/events"))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .send()
        .await;
    match asked {
        Ok(answer) if answer.status() == StatusCode::SWITCHING_PROTOCOLS => {
            WEBSOCKET.ok("A WebSocket opens through the public address.")
        }
        Ok(answer) => WEBSOCKET.failed(
            format!(
                "A WebSocket does not open through the public address (status {}): incoming calls would not appear.",
                answer.status().as_u16()
            ),
            "Let the proxy pass the headers Upgrade and Connection on at /api/v1/events; docs/OPERATIONS.md has an example.",
        ),
        Err(error) => WEBSOCKET.failed(unreachable(&error), unreachable_cure(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_tunnel;

    #[test]
    fn a_tunnel_is_known_by_its_host() {
        assert!(is_tunnel("short-shrimps-build.loca.lt"));
        assert!(is_tunnel("abc123.ngrok.io"));
        assert!(!is_tunnel("calls.example.com"));
        assert!(!is_tunnel("ngrok.io.example.com"));
    }
}
