//! The signalling's stories, told by bare sockets: what a real Voice SDK would do, and what a broken one might.

use std::{net::Ipv4Addr, time::Duration};

use chrono::{DateTime, TimeDelta};
use futures_util::{SinkExt, StreamExt};
use offhook_twilio::token::VoiceToken;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use super::*;
use crate::{media::MediaConfig, seam::ConnectionId};

const OFFER: &str = "v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS s\r\n\
m=audio 9 UDP/TLS/RTP/SAVPF 0 111 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n\
a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=ice-options:trickle\r\n\
a=fingerprint:sha-256 6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n\
a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=msid:s t\r\na=rtcp-mux\r\na=rtpmap:0 PCMU/8000\r\n\
a=rtpmap:111 opus/48000/2\r\na=rtpmap:126 telephone-event/8000\r\na=ssrc:1 cname:c\r\n";

struct Stage {
    signalling: Signalling,
    inputs: mpsc::UnboundedReceiver<ClientInput>,
    address: String,
}

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

fn now() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn token(identity: &str) -> VoiceToken {
    VoiceToken {
        account_sid: "AC1".into(),
        key_sid: "SK1".into(),
        identity: identity.into(),
        incoming: true,
        application_sid: Some("AP1".into()),
        params: serde_json::Map::new(),
        region: None,
        issued_at: now(),
        expires_at: now() + TimeDelta::hours(1),
    }
}

impl Stage {
    async fn new() -> Self {
        let clock: Clock = Arc::new(now);
        let bind = Ipv4Addr::LOCALHOST.into();
        let config = MediaConfig {
            bind,
            port: 0,
            media_ip: None,
            clock: Arc::clone(&clock),
        };
        let (media, _events) = Media::start(config).await.unwrap();
        let keys: Keys = Arc::new(|key| {
            (key == "SK1").then(|| KeySecret {
                region: "us1".into(),
                account: "AC1".into(),
                secret: "secret".into(),
            })
        });
        let (signalling, inputs) = Signalling::start(SignallingConfig { keys, clock, media });
        let listener = tokio::net::TcpListener::bind((bind, 0)).await.unwrap();
        let address = format!("ws://{}/signal", listener.local_addr().unwrap());
        let router = signalling.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            signalling,
            inputs,
            address,
        }
    }

    async fn client(&self) -> Client {
        Client(
            tokio_tungstenite::connect_async(&self.address)
                .await
                .unwrap()
                .0,
        )
    }

    /// A client that was accepted under an identity.
    async fn listening(&self, identity: &str) -> Client {
        let mut client = self.client().await;
        let token = token(identity).mint("secret").unwrap();
        client
            .send("listen", json!({ "token": token, "reconnectTimeout": 0 }))
            .await;
        assert_eq!(
            client.frame("connected").await["token"],
            json!({ "identity": identity, "ttl": 3600 })
        );
        client
    }

    /// One that can be called.
    async fn registered(&mut self, identity: &str) -> (Client, ConnectionId) {
        let mut client = self.listening(identity).await;
        client
            .send("register", json!({ "media": { "audio": true } }))
            .await;
        client.frame("ready").await;
        let ClientInput::Registered { connection, .. } = self.input().await else {
            panic!("was not registered");
        };
        (client, connection)
    }

    async fn input(&mut self) -> ClientInput {
        timeout(Duration::from_secs(10), self.inputs.recv())
            .await
            .expect("in time")
            .expect("lives")
    }

    /// An outgoing call that exists.
    async fn placed(&mut self, client: &mut Client, call: &str) {
        client
            .send(
                "invite",
                json!({ "callsid": "TJS1", "sdp": OFFER, "twilio": { "params": "To=%2B1555" } }),
            )
            .await;
        let ClientInput::Invite {
            connection, params, ..
        } = self.input().await
        else {
            panic!("was not invited");
        };
        assert_eq!(params, [("To".to_owned(), "+1555".to_owned())]);
        self.signalling.tell(ClientOutput::Created {
            connection,
            call: call.into(),
        });
    }

    fn ring(&self, call: &str, identity: &str) {
        self.signalling.tell(ClientOutput::Invite {
            call: call.into(),
            account: "AC1".into(),
            identity: identity.into(),
            parameters: vec![("From".into(), "+1555".into())],
            custom: vec![("name".into(), "Ann & Bob".into())],
        });
    }
}

impl Client {
    async fn send(&mut self, kind: &str, payload: Value) {
        let frame = json!({ "type": kind, "version": "1.6", "payload": payload });
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame, which must be of this type.
    async fn frame(&mut self, kind: &str) -> Value {
        loop {
            let message = timeout(Duration::from_secs(10), self.0.next())
                .await
                .expect("in time")
                .expect("open")
                .unwrap();
            let text = message.into_text().unwrap();
            if text.as_str() != "\n" {
                let frame: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(frame["type"], kind, "{frame}");
                return frame["payload"].clone();
            }
        }
    }

    /// Our answer to an offer, as a browser would make it.
    async fn answer(&mut self, call: &str, offer: &Value) {
        let mut rtc = str0m::RtcConfig::new()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .build(tokio::time::Instant::now().into_std());
        let offer = str0m::change::SdpOffer::from_sdp_string(offer.as_str().unwrap()).unwrap();
        let answer = rtc.sdp_api().accept_offer(offer).unwrap().to_sdp_string();
        self.send("answer", json!({ "callsid": call, "sdp": answer }))
            .await;
    }
}

#[tokio::test]
async fn a_call_rings_is_answered_and_hung_up() {
    let mut stage = Stage::new().await;
    let mut client = stage.listening("anna").await;
    stage.placed(&mut client, "CA1").await;
    stage.signalling.tell(ClientOutput::Ringing {
        call: "CA1".into(),
        early_media: true,
    });
    let ringing = client.frame("ringing").await;
    let sdp = ringing["sdp"].as_str().unwrap();
    assert!(
        sdp.contains("a=ice-lite") && sdp.contains("PCMU/8000") && !sdp.contains("opus"),
        "{sdp}"
    );
    assert!(
        sdp.contains("a=candidate")
            && sdp.contains("127.0.0.1")
            && sdp.contains("telephone-event/8000")
    );
    stage
        .signalling
        .tell(ClientOutput::Answer { call: "CA1".into() });
    let answer = client.frame("answer").await;
    assert!(
        answer["sdp"].is_null(),
        "the first description is the only one"
    );
    assert!(answer["reconnect"].is_string());
    client
        .send("dtmf", json!({ "callsid": "CA1", "dtmf": "1w2x" }))
        .await;
    assert_eq!(
        stage.input().await,
        ClientInput::Digits {
            call: "CA1".into(),
            digits: "1w2".into()
        }
    );
    client.send("hangup", json!({ "callsid": "CA1" })).await;
    assert_eq!(
        stage.input().await,
        ClientInput::HungUp { call: "CA1".into() }
    );
}

#[tokio::test]
async fn hanging_up_before_the_call_has_a_name_ends_it_all_the_same() {
    let mut stage = Stage::new().await;
    let mut client = stage.listening("anna").await;
    client
        .send(
            "invite",
            json!({ "callsid": "TJS1", "sdp": OFFER, "twilio": {} }),
        )
        .await;
    let ClientInput::Invite { connection, .. } = stage.input().await else {
        panic!("was not invited");
    };
    client.send("hangup", json!({ "callsid": "TJS1" })).await;
    client
        .send(
            "message",
            json!({ "callsid": "none", "voiceeventsid": "KX1" }),
        )
        .await;
    assert_eq!(client.frame("error").await["voiceeventsid"], "KX1");
    stage.signalling.tell(ClientOutput::Created {
        connection,
        call: "CA1".into(),
    });
    assert_eq!(
        stage.input().await,
        ClientInput::HungUp { call: "CA1".into() }
    );
    // And by the first name while it is called by the second.
    stage.placed(&mut client, "CA2").await;
    stage.signalling.tell(ClientOutput::Hangup {
        call: "CA2".into(),
        error: Some((31486, "busy".into())),
    });
    let hangup = client.frame("hangup").await;
    assert_eq!(
        (&hangup["callsid"], &hangup["error"]["code"]),
        (&json!("TJS1"), &json!(31486))
    );
}

#[tokio::test]
async fn every_device_rings_and_the_first_one_has_the_call() {
    let mut stage = Stage::new().await;
    let (mut one, _) = stage.registered("many").await;
    let (mut two, second) = stage.registered("many").await;
    let (_other, _) = stage.registered("other").await;
    stage.ring("CA1", "many");
    let invite = one.frame("invite").await;
    assert_eq!(
        invite["parameters"],
        json!({ "From": "+1555", "Params": "name=Ann+%26+Bob" })
    );
    let offer = two.frame("invite").await["sdp"].clone();
    two.answer("CA1", &offer).await;
    two.frame("answer").await;
    one.frame("cancel").await;
    assert_eq!(
        stage.input().await,
        ClientInput::Answered {
            call: "CA1".into(),
            connection: second
        }
    );
    // The slower one took it in the same moment: its page must not wait for ever.
    one.answer("CA1", &invite["sdp"]).await;
    assert_eq!(one.frame("hangup").await["callsid"], "CA1");
    stage.signalling.tell(ClientOutput::Hangup {
        call: "CA1".into(),
        error: None,
    });
    two.frame("hangup").await;
}

#[tokio::test]
async fn a_call_is_refused_when_all_reject_it_and_when_nobody_is_there() {
    let mut stage = Stage::new().await;
    let (mut one, _) = stage.registered("many").await;
    let (mut two, gone) = stage.registered("many").await;
    stage.ring("CA1", "many");
    one.frame("invite").await;
    two.frame("invite").await;
    one.send("reject", json!({ "callsid": "CA1" })).await;
    drop(two);
    assert_eq!(
        stage.input().await,
        ClientInput::Unregistered { connection: gone }
    );
    assert_eq!(
        stage.input().await,
        ClientInput::Refused { call: "CA1".into() }
    );
    stage.ring("CA2", "nobody");
    assert_eq!(
        stage.input().await,
        ClientInput::Refused { call: "CA2".into() }
    );
}

#[tokio::test]
async fn a_leg_is_taken_up_with_its_token_once() {
    let mut stage = Stage::new().await;
    let mut client = stage.listening("anna").await;
    stage.placed(&mut client, "CA1").await;
    stage
        .signalling
        .tell(ClientOutput::Answer { call: "CA1".into() });
    let first = client.frame("answer").await["reconnect"].clone();
    drop(client);
    let mut again = stage.listening("anna").await;
    again
        .send(
            "invite",
            json!({ "callsid": "CA1", "reconnect": first, "sdp": OFFER }),
        )
        .await;
    let answer = again.frame("answer").await;
    assert!(
        answer["sdp"].is_null() && answer["reconnect"] != first,
        "{answer}"
    );
    again
        .send(
            "invite",
            json!({ "callsid": "CA1", "reconnect": first, "sdp": OFFER }),
        )
        .await;
    assert_eq!(
        again.frame("hangup").await["error"]["code"],
        31209,
        "a token is good for once"
    );
    let mut thief = stage.listening("thief").await;
    let token = answer["reconnect"].clone();
    thief
        .send(
            "invite",
            json!({ "callsid": "CA1", "reconnect": token, "sdp": OFFER }),
        )
        .await;
    assert_eq!(
        thief.frame("hangup").await["error"]["code"],
        31209,
        "and only for its own identity"
    );
    thief.send("hangup", json!({ "callsid": "CA1" })).await;
    drop(again);
    assert_eq!(
        stage.input().await,
        ClientInput::HungUp { call: "CA1".into() },
        "gone for longer than the grace time"
    );
}

#[tokio::test]
async fn a_ringing_call_is_handed_to_another_device() {
    let mut stage = Stage::new().await;
    let (mut one, _) = stage.registered("anna").await;
    stage.ring("CA1", "anna");
    let token = one.frame("invite").await["reconnect"].clone();
    let mut two = stage.listening("anna").await;
    two.send(
        "invite",
        json!({ "callsid": "CA1", "reconnect": token, "sdp": OFFER }),
    )
    .await;
    let answer = two.frame("answer").await;
    assert!(answer["sdp"].as_str().unwrap().contains("PCMU"));
    one.frame("cancel").await;
    assert!(matches!(stage.input().await, ClientInput::Answered { .. }));
}

#[tokio::test]
async fn tokens_are_checked() {
    let mut stage = Stage::new().await;
    let mut client = stage.client().await;
    client
        .send("register", json!({ "media": { "audio": true } }))
        .await;
    assert_eq!(
        client.frame("error").await["error"]["code"],
        31204,
        "nothing before a token"
    );
    let good = token("anna");
    let (mut stranger, mut no_app, mut deaf) = (good.clone(), good.clone(), good.clone());
    stranger.account_sid = "AC2".into();
    no_app.application_sid = None;
    deaf.incoming = false;
    for (token, secret, code) in [(&good, "other", 31202), (&stranger, "secret", 31202)] {
        client
            .send("listen", json!({ "token": token.mint(secret).unwrap() }))
            .await;
        assert_eq!(client.frame("error").await["error"]["code"], code);
    }
    client
        .send("listen", json!({ "token": no_app.mint("secret").unwrap() }))
        .await;
    client.frame("connected").await;
    client
        .send("invite", json!({ "callsid": "TJS1", "sdp": OFFER }))
        .await;
    assert_eq!(client.frame("hangup").await["error"]["code"], 31001);
    client
        .send("listen", json!({ "token": deaf.mint("secret").unwrap() }))
        .await;
    client.frame("connected").await;
    client
        .send("register", json!({ "media": { "audio": true } }))
        .await;
    assert_eq!(client.frame("error").await["error"]["code"], 31201);
    client
        .send("invite", json!({ "callsid": "TJS1", "sdp": "rubbish" }))
        .await;
    assert_eq!(client.frame("hangup").await["error"]["code"], 31400);
    client.0.send(Message::text("{not json")).await.unwrap();
    client.send("unheard-of", json!([])).await;
    client
        .send("register", json!({ "media": { "audio": false } }))
        .await;
    client.frame("offline").await;
    assert!(stage.inputs.try_recv().is_err());
}

#[tokio::test]
async fn a_socket_that_is_broken_on_purpose_closes_without_a_word_and_its_device_cannot_be_called()
{
    let mut stage = Stage::new().await;
    let (mut client, connection) = stage.registered("ana").await;
    stage
        .signalling
        .tell(ClientOutput::DropSockets { call: None });
    let ClientInput::Unregistered { connection: gone } = stage.input().await else {
        panic!("it can still be called");
    };
    assert_eq!(gone, connection);
    let ended = async {
        while let Some(Ok(message)) = client.0.next().await {
            assert!(!message.is_close(), "no word of goodbye");
        }
    };
    timeout(Duration::from_secs(10), ended)
        .await
        .expect("it ends");
}
