//! Media Streams on the wire: another program hears a call, answers with sound, and lets go.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use offhook_sandbox::config::{AccountSeed, Config};
use offhook_sandbox::driver::Sandbox;
use offhook_sandbox::engine::account::VoiceHooks;
use offhook_sandbox::engine::phone::Behaviour;
use offhook_sandbox::engine::records::CallStatus;
use offhook_sandbox::engine::requests::{Callback, CreateCall, TwimlFrom};
use offhook_sandbox::media::g711;
use offhook_twilio::signature;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

const AC: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const OURS: &str = "+14155550100";
const PHONE: &str = "+14155550142";

async fn sandbox() -> Sandbox {
    let number = offhook_sandbox::config::NumberSeed {
        phone_number: OURS.into(),
        hooks: VoiceHooks::default(),
        ..Default::default()
    };
    let account = AccountSeed {
        sid: AC.into(),
        auth_token: TOKEN.into(),
        friendly_name: "Test".into(),
        calls_per_second: 10,
        keys: Vec::new(),
        applications: Vec::new(),
        numbers: vec![number],
    };
    let tone = Behaviour::Tone {
        hertz: 700.0,
        on: 1000,
        off: 0,
    };
    Sandbox::start(Config {
        accounts: vec![account],
        phones: vec![(PHONE.into(), tone)],
        ..Config::default()
    })
    .await
    .expect("it starts")
}

fn call(sandbox: &Sandbox, twiml: String) -> String {
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
    sandbox
        .engine(|engine, now| engine.create_call(now, AC, request))
        .expect("a call")
        .sid
}

/// The other program's side of a stream.
struct Bot(WebSocketStream<TcpStream>);

impl Bot {
    /// Takes one connection, whose signature is right for this address.
    #[expect(
        clippy::result_large_err,
        reason = "the handshake's callback is made so"
    )]
    async fn accept(listener: &TcpListener, url: &str) -> Self {
        let (socket, _) = listener.accept().await.expect("a connection");
        let wanted = signature::sign(TOKEN, url, &[]);
        let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
            let signed = request.headers().get(signature::HEADER);
            assert_eq!(
                signed.and_then(|signed| signed.to_str().ok()),
                Some(wanted.as_str())
            );
            Ok(response)
        };
        let socket = tokio_tungstenite::accept_hdr_async(socket, check).await;
        Self(socket.expect("a handshake"))
    }

    async fn next(&mut self) -> Option<Value> {
        let wait = tokio::time::timeout(Duration::from_secs(20), self.0.next());
        match wait.await.expect("it did not fall silent") {
            Some(Ok(Message::Text(text))) => {
                Some(serde_json::from_str(&text).expect("every message is JSON"))
            }
            _ => None,
        }
    }

    /// The next message of a kind; others pass.
    async fn until(&mut self, event: &str) -> Value {
        loop {
            let message = self.next().await.expect("the stream is open");
            if message["event"] == event {
                return message;
            }
        }
    }

    async fn say(&mut self, message: Value) {
        let sent = self.0.send(Message::text(message.to_string())).await;
        sent.expect("it is taken");
    }
}

fn loudest(message: &Value) -> i16 {
    let payload = message["media"]["payload"].as_str().expect("sound");
    let bytes = STANDARD.decode(payload).expect("base64");
    assert_eq!(bytes.len(), 160, "20 ms");
    let samples = bytes.into_iter().map(g711::decode);
    samples.map(i16::saturating_abs).max().unwrap_or_default()
}

#[tokio::test]
async fn a_program_hears_the_call_speaks_gets_keys_and_lets_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("ws://{}/bot", listener.local_addr().expect("an address"));
    let sandbox = sandbox().await;
    let sid = call(
        &sandbox,
        format!(
            "<Response><Connect><Stream url=\"{url}\"><Parameter name=\"who\" value=\"me\"/></Stream></Connect><Pause length=\"30\"/></Response>"
        ),
    );
    let mut bot = Bot::accept(&listener, &url).await;
    let hello = bot.next().await.expect("the first message");
    assert_eq!(
        (&hello["event"], &hello["protocol"]),
        (&json!("connected"), &json!("Call"))
    );
    let start = bot.next().await.expect("the second message");
    assert_eq!(start["event"], "start");
    assert_eq!(start["sequenceNumber"], "1");
    assert_eq!(start["start"]["callSid"], sid.as_str());
    assert_eq!(start["start"]["accountSid"], AC);
    assert_eq!(start["start"]["tracks"], json!(["inbound"]));
    assert_eq!(start["start"]["customParameters"]["who"], "me");
    let stream = start["streamSid"].clone();
    let mut media = bot.until("media").await;
    assert_eq!(
        (&media["sequenceNumber"], &media["media"]["chunk"]),
        (&json!("2"), &json!("1"))
    );
    while loudest(&media) < 2000 {
        media = bot.until("media").await;
    }
    assert_eq!(media["media"]["track"], "inbound");
    sandbox
        .engine(|engine, now| engine.phone_press(now, &sid, "7"))
        .expect("a key");
    assert_eq!(bot.until("dtmf").await["dtmf"]["digit"], "7");
    // Half a second of sound, and a mark at its end.
    let payload = STANDARD.encode([g711::encode(8000); 4000]);
    bot.say(json!({ "event": "media", "streamSid": stream, "media": { "payload": payload } }))
        .await;
    bot.say(json!({ "event": "mark", "streamSid": stream, "mark": { "name": "said" } }))
        .await;
    let before = bot.until("media").await["sequenceNumber"].clone();
    let mark = bot.until("mark").await;
    assert_eq!(
        (&mark["mark"]["name"], &mark["streamSid"]),
        (&json!("said"), &stream)
    );
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<u64>().ok());
    assert!(number(&mark["sequenceNumber"]) > number(&before).map(|before| before + 15));
    // What waits is thrown away, and its mark comes at once.
    bot.say(json!({ "event": "media", "streamSid": stream, "media": { "payload": STANDARD.encode(vec![0_u8; 400_000]) } }))
        .await;
    bot.say(json!({ "event": "mark", "streamSid": stream, "mark": { "name": "never" } }))
        .await;
    bot.say(json!({ "event": "clear", "streamSid": stream }))
        .await;
    assert_eq!(bot.until("mark").await["mark"]["name"], "never");
    bot.say(json!({ "event": "nonsense", "streamSid": stream }))
        .await;
    bot.until("media").await;
    bot.0.close(None).await.expect("it lets go");
    while bot.next().await.is_some() {}
    let codes = sandbox.engine(|engine, _| engine.alerts(AC).map(|a| a.code).collect::<Vec<_>>());
    assert_eq!(codes, [31951]);
    let status = sandbox.engine(|engine, _| engine.call(AC, &sid).map(|call| call.status));
    assert_eq!(status, Some(CallStatus::InProgress), "the next verb runs");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_stream_beside_the_call_carries_both_sides_and_stops_with_the_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("ws://{}/ears", listener.local_addr().expect("an address"));
    let sandbox = sandbox().await;
    let sid = call(
        &sandbox,
        format!(
            "<Response><Start><Stream url=\"{url}\" track=\"both_tracks\"/></Start><Pause length=\"30\"/></Response>"
        ),
    );
    let mut bot = Bot::accept(&listener, &url).await;
    let start = bot.until("start").await;
    assert_eq!(start["start"]["tracks"], json!(["inbound", "outbound"]));
    let (one, two) = (bot.until("media").await, bot.until("media").await);
    assert_eq!(
        (&one["media"]["track"], &two["media"]["track"]),
        (&json!("inbound"), &json!("outbound"))
    );
    let hang_up = offhook_sandbox::engine::requests::UpdateCall {
        status: Some("completed".into()),
        ..Default::default()
    };
    sandbox
        .engine(|engine, now| engine.update_call(now, AC, &sid, hang_up))
        .expect("it ends");
    assert_eq!(bot.until("stop").await["stop"]["callSid"], sid.as_str());
    while bot.next().await.is_some() {}
    sandbox.shutdown().await;
}
