//! Input that nobody would send: what lies in `corpus`, altered by chance, at every door of a running sandbox. Nothing may
//! panic, nothing may answer 500, and afterwards everything still works. `OFFHOOK_FUZZ_SECONDS=600` takes longer than three.

#![expect(clippy::unwrap_used, reason = "a test may stop where it cannot go on")]

use std::net::UdpSocket;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, panic, path::Path};

use futures_util::{SinkExt, StreamExt};
use offhook_sandbox::config::{AccountSeed, Config};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_sandbox::engine::phone::Behaviour;
use offhook_sandbox::engine::records::CallStatus;
use offhook_sandbox::engine::requests::{Callback, CreateCall, TwimlFrom, UpdateCall};
use offhook_twilio::token::VoiceToken;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

const AC: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const KEY: &str = "SK00000000000000000000000000000001";
const SECRET: &str = "a secret of thirty-two characters";
const APP: &str = "AP00000000000000000000000000000001";
const OURS: &str = "+14155550100";
const PHONE: &str = "+14155550142";
/// What breaks parsers.
const ODD: &[&[u8]] = &[
    b"-1",
    b"0",
    b"99999999999999999999",
    b"%00",
    b"%",
    b"<",
    b"&",
    b"&#x0;",
    b"\"",
    b"\0",
    b"\xff\xfe",
    b"\r\n",
    b"[[[[[[[[",
    b"{}",
    b"null",
    b"1e309",
    "\u{202e}".as_bytes(),
];

static PANICS: AtomicUsize = AtomicUsize::new(0);

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(name);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// One of the corpus, altered.
fn altered(corpus: &[Vec<u8>], dice: &mut StdRng) -> Vec<u8> {
    let mut bytes = corpus.choose(dice).unwrap().clone();
    for _ in 0..dice.random_range(0..5) {
        let length = bytes.len().max(1);
        let (at, end) = (dice.random_range(0..length), dice.random_range(0..length));
        let (at, end) = (at.min(end).min(bytes.len()), at.max(end).min(bytes.len()));
        match dice.random_range(0..6) {
            0 if at < bytes.len() => bytes[at] = dice.random(),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].repeat(dice.random_range(1..4));
                bytes.splice(at..at, piece);
            }
            3 => {
                let other = corpus.choose(dice).unwrap();
                let piece = &other[at.min(other.len())..];
                bytes.splice(at..end, piece.iter().copied());
            }
            4 => bytes.truncate(at),
            _ => {
                let odd = ODD.choose(dice).unwrap();
                bytes.splice(at..at, odd.iter().copied());
            }
        }
        bytes.truncate(60_000);
    }
    bytes
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test takes is no setting of the product"
)]
fn span() -> Duration {
    let asked = env::var("OFFHOOK_FUZZ_SECONDS").ok();
    Duration::from_secs(asked.and_then(|text| text.parse().ok()).unwrap_or(3))
}

/// Feeds altered input until the time is over; tells how many.
async fn feed(name: &str, mut one: impl AsyncFnMut(Vec<u8>)) -> usize {
    let (corpus, mut dice) = (corpus(name), StdRng::seed_from_u64(7));
    let (end, mut count) = (tokio::time::Instant::now() + span(), 0);
    while tokio::time::Instant::now() < end {
        one(altered(&corpus, &mut dice)).await;
        count += 1;
    }
    count
}

async fn start() -> Sandbox {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
    let account = AccountSeed {
        sid: AC.into(),
        auth_token: TOKEN.into(),
        friendly_name: "Test".into(),
        calls_per_second: 1000,
        keys: vec![(KEY.into(), SECRET.into())],
        applications: vec![(
            APP.into(),
            "App".into(),
            VoiceHooks {
                voice_url: "http://127.0.0.1:9/voice".into(),
                ..VoiceHooks::default()
            },
        )],
        numbers: vec![offhook_sandbox::config::NumberSeed {
            phone_number: OURS.into(),
            ..Default::default()
        }],
    };
    let quick = Behaviour::Answers {
        ring: 0.0,
        lines: Vec::new(),
        stays: Some(5.0),
    };
    let config = Config {
        accounts: vec![account],
        phones: vec![(PHONE.into(), quick)],
        ..Config::default()
    };
    Sandbox::start(config).await.unwrap()
}

fn call(sandbox: &Sandbox, twiml: String) -> Option<String> {
    let request = CreateCall {
        to: PHONE.into(),
        from: OURS.into(),
        twiml: TwimlFrom::Inline(twiml),
        status: Callback::default(),
        send_digits: String::new(),
        timeout: None,
        time_limit: None,
        record: None,
        call_token: None,
        machine: None,
    };
    let made = sandbox.engine(|engine, now| engine.create_call(now, AC, request));
    made.ok().map(|call| call.sid)
}

fn hang_up_all(sandbox: &Sandbox) {
    sandbox.engine(|engine, now| {
        let live: Vec<String> = engine
            .truths()
            .into_iter()
            .filter(|truth| !truth.call.status.is_terminal())
            .map(|truth| truth.call.sid)
            .collect();
        for sid in live {
            let change = UpdateCall {
                status: Some("completed".into()),
                ..UpdateCall::default()
            };
            drop(engine.update_call(now, AC, &sid, change));
        }
    });
}

/// A good call still goes its way, and nobody panicked.
async fn all_is_well(sandbox: &Sandbox, count: usize) {
    hang_up_all(sandbox);
    let sid = call(sandbox, "<Response><Pause length=\"1\"/></Response>".into()).unwrap();
    let patience = Instant::from(tokio::time::Instant::now()) + Duration::from_secs(40);
    loop {
        let status = sandbox.engine(|engine, _| engine.call(AC, &sid).map(|call| call.status));
        if status == Some(CallStatus::Completed) {
            break;
        }
        assert!(
            Instant::from(tokio::time::Instant::now()) < patience,
            "{status:?} after {count}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(PANICS.load(Ordering::Relaxed), 0, "something panicked");
    assert!(count > 0);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn documents() {
    let sandbox = start().await;
    let mut made = 0;
    let count = feed("twiml", async |bytes| {
        let text: String = String::from_utf8_lossy(&bytes).chars().take(4000).collect();
        call(&sandbox, text);
        made += 1;
        if made % 20 == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            hang_up_all(&sandbox);
        }
    })
    .await;
    all_is_well(&sandbox, count).await;
}

#[tokio::test]
async fn forms() {
    const LISTS: &[&str] = &[
        "Calls.json",
        "Calls/CA1.json",
        "Conferences/one/Participants.json",
        "Queues.json",
        "Applications.json",
        "IncomingPhoneNumbers.json",
        "Messages.json",
        "Addresses.json",
        "OutgoingCallerIds.json",
        "Keys.json",
        "Calls/CA1/Streams.json",
        "Calls/CA1/Transcriptions.json",
        "Calls/CA1/Recordings.json",
        "Tokens.json",
    ];
    let sandbox = start().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut turn = 0;
    let count = feed("forms", async |bytes| {
        turn += 1;
        let list = LISTS[turn % LISTS.len()];
        let url = format!("{}/2010-04-01/Accounts/{AC}/{list}", sandbox.url());
        let request = client
            .post(url)
            .basic_auth(AC, Some(TOKEN))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(bytes.clone());
        let status = request.send().await.unwrap().status().as_u16();
        let text = String::from_utf8_lossy(&bytes);
        assert!(status < 500, "{list}: {status} for {text}");
        if turn % 200 == 0 {
            hang_up_all(&sandbox);
        }
    })
    .await;
    all_is_well(&sandbox, count).await;
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A Voice SDK client that has shown its token.
async fn device(sandbox: &Sandbox) -> Socket {
    let url = format!("ws://{}/signal", sandbox.addr());
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let token = VoiceToken {
        account_sid: AC.into(),
        key_sid: KEY.into(),
        identity: "anna".into(),
        incoming: true,
        application_sid: Some(APP.into()),
        params: serde_json::Map::new(),
        region: None,
        issued_at: sandbox.now(),
        expires_at: sandbox.now() + chrono::TimeDelta::hours(2),
    };
    let token = token.mint(SECRET).unwrap();
    let listen = json!({ "type": "listen", "version": "1.6", "payload": { "token": token } });
    socket
        .send(Message::text(listen.to_string()))
        .await
        .unwrap();
    until(&mut socket, "connected").await;
    socket
}

async fn until(socket: &mut Socket, kind: &str) {
    let wait = async {
        while let Some(Ok(message)) = socket.next().await {
            let text = message.into_text().unwrap_or_default();
            let frame: Value = serde_json::from_str(&text).unwrap_or_default();
            if frame["type"] == kind {
                return;
            }
        }
        panic!("the socket closed before `{kind}`");
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .unwrap();
}

async fn send(sandbox: &Sandbox, socket: &mut Socket, text: String) {
    // A client that is shown the door comes again.
    if socket.send(Message::text(text)).await.is_err() {
        *socket = device(sandbox).await;
    }
    while let Ok(Some(Ok(_))) =
        tokio::time::timeout(Duration::from_micros(200), socket.next()).await
    {}
}

#[tokio::test]
async fn frames() {
    let sandbox = start().await;
    let mut socket = device(&sandbox).await;
    let count = feed("frames", async |bytes| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        send(&sandbox, &mut socket, text).await;
    })
    .await;
    let mut fresh = device(&sandbox).await;
    let register = json!({ "type": "register", "payload": { "media": { "audio": true } } });
    fresh
        .send(Message::text(register.to_string()))
        .await
        .unwrap();
    until(&mut fresh, "ready").await;
    all_is_well(&sandbox, count).await;
}

#[tokio::test]
async fn descriptions() {
    let sandbox = start().await;
    let mut socket = device(&sandbox).await;
    let mut turn = 0;
    let count = feed("sdp", async |bytes| {
        turn += 1;
        let sdp = String::from_utf8_lossy(&bytes);
        let sid = format!("TJS{turn}");
        let invite =
            json!({ "type": "invite", "payload": { "callsid": sid, "sdp": sdp, "twilio": {} } });
        send(&sandbox, &mut socket, invite.to_string()).await;
        let hangup = json!({ "type": "hangup", "payload": { "callsid": sid } });
        send(&sandbox, &mut socket, hangup.to_string()).await;
    })
    .await;
    device(&sandbox).await;
    all_is_well(&sandbox, count).await;
}

#[tokio::test]
async fn datagrams() {
    let sandbox = start().await;
    let mut socket = device(&sandbox).await;
    let offer = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/sdp/offer.sdp"),
    )
    .unwrap();
    let invite =
        json!({ "type": "invite", "payload": { "callsid": "TJS1", "sdp": offer, "twilio": {} } });
    socket
        .send(Message::text(invite.to_string()))
        .await
        .unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let media = sandbox.media_addr();
    let count = feed("datagrams", async |bytes| {
        udp.send_to(&bytes[..bytes.len().min(9000)], media).unwrap();
        tokio::task::yield_now().await;
    })
    .await;
    device(&sandbox).await;
    all_is_well(&sandbox, count).await;
}

#[tokio::test]
async fn stream_messages() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sandbox = start().await;
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let twiml = format!("<Response><Connect><Stream url=\"{url}\"/></Connect></Response>");
    let open = async || {
        hang_up_all(&sandbox);
        call(&sandbox, twiml.clone()).unwrap();
        let (socket, _) = listener.accept().await.unwrap();
        let mut bot = tokio_tungstenite::accept_async(socket).await.unwrap();
        loop {
            let message = bot.next().await.unwrap().unwrap().into_text().unwrap();
            let message: Value = serde_json::from_str(&message).unwrap();
            if message["event"] == "start" {
                return (bot, message["streamSid"].as_str().unwrap().to_owned());
            }
        }
    };
    let (mut bot, mut stream) = open().await;
    let count = feed("stream", async |bytes| {
        let text = String::from_utf8_lossy(&bytes).replace("MZ1", &stream);
        if bot.send(Message::text(text)).await.is_err() {
            (bot, stream) = open().await;
        }
        let mut closed = false;
        while let Ok(came) = tokio::time::timeout(Duration::from_micros(200), bot.next()).await {
            closed = !matches!(came, Some(Ok(_)));
            if closed {
                break;
            }
        }
        if closed {
            (bot, stream) = open().await;
        }
    })
    .await;
    all_is_well(&sandbox, count).await;
}
