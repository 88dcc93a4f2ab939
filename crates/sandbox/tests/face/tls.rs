//! Over TLS, under Twilio's own names: a program that trusts the sandbox's authority needs no other change.

use offhook_sandbox::config::{AccountSeed, Config, TlsSeed};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::tls::CERTIFICATE;
use reqwest::Certificate;

use crate::support::{AC, TOKEN};

async fn sandbox(folder: &std::path::Path) -> Sandbox {
    let account = AccountSeed {
        sid: AC.into(),
        auth_token: TOKEN.into(),
        friendly_name: "Test".into(),
        calls_per_second: 1,
        keys: Vec::new(),
        applications: Vec::new(),
        numbers: Vec::new(),
    };
    let config = Config {
        accounts: vec![account],
        tls: Some(TlsSeed {
            port: 0,
            folder: folder.to_owned(),
        }),
        ..Config::default()
    };
    Sandbox::start(config).await.expect("free ports")
}

#[tokio::test]
async fn twilios_own_names_lead_here_and_the_authority_stays_from_start_to_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = sandbox(folder.path()).await;
    let pem = std::fs::read(folder.path().join(CERTIFICATE)).expect("the authority");
    first.shutdown().await;
    let sandbox = sandbox(folder.path()).await;
    let again = std::fs::read(folder.path().join(CERTIFICATE)).expect("the authority");
    assert_eq!(pem, again);

    let address = sandbox.tls_addr().expect("a port");
    let names = [
        "api.twilio.com",
        "api.dublin.ie1.twilio.com",
        "voice-js.roaming.twilio.com",
        "eventgw.us1.twilio.com",
        "sdk.twilio.com",
        "www.example.com",
    ];
    let client = |trusts: bool| {
        let mut builder = reqwest::Client::builder().no_proxy();
        for name in names {
            builder = builder.resolve(name, address);
        }
        if trusts {
            let authority = Certificate::from_pem(&pem).expect("a certificate");
            builder = builder.tls_certs_only([authority]);
        }
        builder.build().expect("a client")
    };
    let url = |host: &str, path: &str| format!("https://{host}:{}{path}", address.port());
    let own = format!("/2010-04-01/Accounts/{AC}.json");
    let status = async |host: &str, path: &str| {
        let request = client(true)
            .get(url(host, path))
            .basic_auth(AC, Some(TOKEN));
        request.send().await.map(|answer| answer.status().as_u16())
    };
    let good = |answer: reqwest::Result<u16>| answer.expect("it is trusted");
    assert_eq!(good(status("api.twilio.com", &own).await), 200);
    assert_eq!(good(status("api.dublin.ie1.twilio.com", &own).await), 401);
    // Not a WebSocket, but the right door.
    let signal = good(status("voice-js.roaming.twilio.com", "/signal").await);
    assert_eq!(signal / 100, 4);
    assert_ne!(signal, 404);
    let ring = "/js/client/sounds/releases/1.0.0/incoming.mp3?cache=2.18.5";
    assert_eq!(good(status("sdk.twilio.com", ring).await), 200);
    let report = client(true)
        .post(url("eventgw.us1.twilio.com", "/v4/EndpointEvents"))
        .body("{\"payload\":{\"call_sid\":\"CA1\"}}");
    assert!(
        report
            .send()
            .await
            .expect("an answer")
            .status()
            .is_success()
    );
    assert_eq!(sandbox.reports().len(), 1);

    let foreign = status("www.example.com", &own).await;
    foreign.expect_err("the certificate names nobody but Twilio and this machine");
    let stranger = client(false).get(url("api.twilio.com", &own)).send().await;
    stranger.expect_err("who does not trust the authority gets nothing");
    sandbox.shutdown().await;
}
