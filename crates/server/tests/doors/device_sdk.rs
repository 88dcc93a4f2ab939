//! Device SDK: its document's flows, as its front end and the carrier make them.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::devices::{
    CALLER, arrives, attribute, calls, dials, get, identity, joined, leg, presence, way_of,
};
use crate::calls::carrier::{Carrier, later, path_of, quiet, webhook, work};
use crate::support::{TestApp, stories, world};

const VOICE: &str = "/api/twilio/client/voice";
const INCOMING: &str = "/api/webhooks/twilio/voice/incoming";
const STATUS: &str = "/api/webhooks/twilio/voice/status";
const DEVICE: &str = "CAdevice";
const PHONE: &str = "CAphone";
const TO: &str = "+12025551234";

/// The number is the agent's, whose device is registered.
async fn owned(t: &TestApp) -> Carrier {
    let carrier = Carrier::of(t).await;
    let admin = t.by(&t.ours.admin);
    let number = admin.get("/numbers").await.ok(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    admin
        .patch(
            &format!("/numbers/{number}"),
            json!({ "agent": t.ours.agent.id }),
        )
        .await
        .ok(200);
    get(t, &t.ours.agent, "/api/twilio/client/token")
        .await
        .ok(200);
    quiet(t).await;
    carrier
}

/// The document's socket; each message as it comes.
struct Listening(
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>,
);

impl Listening {
    async fn with(t: &TestApp, token: &str) -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let (router, stop) = (t.router.clone(), t.app.stop.clone());
        tokio::spawn(async move {
            let ends = stop.cancelled_owned();
            axum::serve(socket, router)
                .with_graceful_shutdown(ends)
                .await
        });
        let (socket, _) = connect_async(format!("ws://{address}/ws?token={token}"))
            .await
            .unwrap();
        Self(socket)
    }

    /// The next of these.
    async fn next(&mut self, kind: &str) -> Value {
        loop {
            let waits = std::time::Duration::from_secs(30);
            let came = tokio::time::timeout(waits, self.0.next())
                .await
                .expect("a message comes");
            let said = match came.expect("the socket is open").unwrap() {
                Message::Text(text) if text == "pong" => json!({ "type": "pong" }),
                Message::Text(text) => serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => {
                    json!({ "type": "closed", "code": frame.map(|f| u16::from(f.code)) })
                }
                _ => continue,
            };
            if said["type"] == kind {
                return said;
            }
        }
    }

    /// The next time that the call is in this state.
    async fn state(&mut self, state: &str) -> Value {
        loop {
            let said = self.next("call_status_update").await;
            if said["state"] == state {
                return said;
            }
        }
    }
}

stories! {
    async fn the_token_is_the_agents_own_and_without_a_carrier_account_calling_is_off(t: &TestApp) {
        let given = get(t, &t.ours.agent, "/api/twilio/client/token").await.ok(200);
        assert_eq!(given["identity"], identity(t, &t.ours.agent));
        assert_eq!(given["token"].as_str().unwrap().split('.').count(), 3);
    }

    /// The document's flow of an outgoing call.
    async fn a_redial_dials_from_the_chosen_number_and_its_end_is_told_where_statuses_are(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        get(t, &t.ours.agent, "/api/twilio/client/token").await.ok(200);
        let own = t.ours.number.clone();
        let answer = dials(t, &t.ours.agent, VOICE, DEVICE, &[("To", TO), ("from_number", &own)]).await;
        assert!(answer.contains(&format!("callerId=\"{own}\"")) && answer.contains(&format!(">{TO}</Number>")), "{answer}");
        let action = attribute(&answer, "action");
        assert!(action.starts_with(STATUS), "{answer}");
        let events = attribute(&answer, "statusCallback");
        let call = calls(t).await.remove(0);
        assert_eq!((&call["direction"], &call["status"]), (&json!("outbound"), &json!("ringing")), "the row is there");
        for (n, status) in ["ringing", "in-progress"].iter().enumerate() {
            leg(t, &events, PHONE, status, &[("ParentCallSid", DEVICE), ("SequenceNumber", &n.to_string())]).await;
        }
        assert_eq!(calls(t).await.remove(0)["status"], "in-progress");
        let recorded = carrier.asked(&format!("/Calls/{PHONE}/Recordings"));
        assert_eq!(recorded.len(), 1, "dual, and fetched into our storage");
        later(t, 25).await;
        let ended = [("CallSid", DEVICE), ("CallStatus", "in-progress"), ("DialCallStatus", "completed"), ("DialCallDuration", "25"), ("DialCallSid", PHONE)];
        let last = webhook(t, &t.ours, &action, &ended).await;
        assert_eq!((last.status.as_u16(), &last.headers["content-type"]), (200, &"text/xml; charset=utf-8".parse().unwrap()));
        assert!(last.text.contains("<Hangup/>"), "{}", last.text);
        leg(t, STATUS, DEVICE, "completed", &[("CallDuration", "30"), ("SequenceNumber", "4")]).await;
        let over = calls(t).await.remove(0);
        assert_eq!((&over["status"], &over["talk_seconds"]), (&json!("completed"), &json!(25)));
    }

    /// D4 T-content-type, D10 T-status-first: one address for statuses and for the end of a `Dial`, and always TwiML.
    async fn t_content_type_a_status_at_the_documented_address_is_written_down_and_answered_with_twiml(t: &TestApp) {
        work(t);
        let ends = [("CallSid", CALLER), ("From", "+12345678901"), ("To", t.ours.number.as_str()), ("Direction", "inbound"), ("CallStatus", "completed"), ("CallDuration", "4")];
        for _ in 0..3 {
            let answer = webhook(t, &t.ours, STATUS, &ends).await;
            assert_eq!((answer.status.as_u16(), &answer.headers["content-type"]), (200, &"text/xml; charset=utf-8".parse().unwrap()));
            assert!(answer.text.ends_with("<Response/>") || answer.text.ends_with("<Response></Response>"), "{}", answer.text);
        }
        quiet(t).await;
        let call = calls(t).await;
        assert_eq!((call.len(), &call[0]["outcome"]), (1, &json!("abandoned")), "a call whose beginning was lost is a call");
        let unknown = webhook(t, &t.ours, STATUS, &[("CallSid", "CA9"), ("CallStatus", "in-progress"), ("DialCallStatus", "busy")]).await;
        assert!(unknown.status == 200 && unknown.text.contains("<Hangup/>"), "{}", unknown.text);
    }

    /// The document's flow of an incoming call. A2 T-room-single-source, A4 T-claim-keyed-by-call, A5 T-claim-before-audio.
    async fn t_claim_before_audio_the_owners_device_rings_and_both_are_led_into_one_room(t: &TestApp) {
        let carrier = owned(t).await;
        let answer = arrives(t, INCOMING, CALLER).await;
        let own = identity(t, &t.ours.agent);
        assert!(answer.contains("<Dial") && answer.contains(&format!("{own}</")), "{answer}");
        assert_eq!(answer.matches("<Client").count(), 1, "the owner's alone: {answer}");
        assert_eq!(presence(t, &t.ours.agent).await, "available", "to be rung is not to be in a call");
        let call = calls(t).await.remove(0);
        assert_eq!((&call["phase"], &call["status"]), (&json!("offered"), &json!("ringing")));
        assert!(carrier.asked("/Calls").is_empty(), "the answer rings, and no request beside it");
        let way = way_of(&answer, &own);
        let asks = [("CallSid", DEVICE), ("ParentCallSid", CALLER), ("CallStatus", "in-progress")];
        let waits = webhook(t, &t.ours, &way, &asks).await.text;
        assert!(waits.contains("<Pause") && !waits.contains("<Dial"), "{waits}");
        assert_eq!(webhook(t, &t.ours, &way, &asks).await.text, waits);
        quiet(t).await;
        let led = carrier.asked(&format!("/Calls/{DEVICE}.json"));
        assert_eq!(led.len(), 1);
        let agents = webhook(t, &t.ours, &path_of(led[0].field("Url")), &[("CallSid", DEVICE), ("CallStatus", "in-progress")]).await.text;
        let ended = [("CallSid", CALLER), ("CallStatus", "in-progress"), ("DialCallStatus", "completed"), ("DialCallSid", DEVICE)];
        let callers = webhook(t, &t.ours, &attribute(&answer, "action"), &ended).await.text;
        let room = |xml: &str| xml.split("</Conference>").next().unwrap().rsplit('>').next().unwrap().to_owned();
        assert_eq!(room(&agents), room(&callers), "one room: {agents} {callers}");
        assert!(callers.contains("channels=\"dual\""), "recorded from the first moment: {callers}");
        joined(t, &agents, DEVICE, "1").await;
        joined(t, &callers, CALLER, "2").await;
        let talking = calls(t).await.remove(0);
        assert_eq!((&talking["status"], &talking["agent"]["id"]), (&json!("in-progress"), &json!(t.ours.agent.id)));
        assert_eq!(presence(t, &t.ours.agent).await, "busy");
        later(t, 20).await;
        leg(t, STATUS, DEVICE, "completed", &[("CallDuration", "21")]).await;
        let over = calls(t).await.remove(0);
        assert_eq!((&over["status"], &over["ended_by"]), (&json!("completed"), &json!("agent")), "the device's end is the call's");
    }

    /// A1 T-accept-race: fifty at once, at a page and at the device, and one has the call.
    async fn t_accept_race_the_device_and_pages_of_ours_and_one_has_the_call(t: &TestApp) {
        let _carrier = owned(t).await;
        get(t, &t.ours.supervisor, "/api/twilio/client/token").await.ok(200);
        let answer = arrives(t, "/api/twilio/voice", CALLER).await;
        let ways = [&t.ours.agent, &t.ours.supervisor].map(|who| way_of(&answer, &identity(t, who)));
        let offer = t.by(&t.ours.agent).get("/offers").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let mut won = 0;
        for n in 0..24 {
            let sid = format!("CAdevice{}", n % 2);
            let asks = [("CallSid", sid.as_str()), ("CallStatus", "in-progress")];
            let (answer, accepted) = tokio::join!(
                webhook(t, &t.ours, &ways[n % 2], &asks),
                async { t.by(&t.ours.agent).post(&format!("/offers/{offer}/accept"), json!({})).await },
            );
            won += usize::from(n < 2 && answer.text.contains("<Pause"));
            assert!(accepted.status == 200 || accepted.status == 409, "{}", accepted.text);
        }
        assert!(won <= 1, "{won} devices");
        let call = calls(t).await.remove(0);
        assert!(call["agent"]["id"].is_string(), "{call}");
    }

    /// A8 T-decline-local, and a device that is not there any more.
    async fn t_decline_local_a_device_that_says_no_leaves_the_caller_waiting_and_one_that_is_gone_is_not_rung_again(t: &TestApp) {
        let _carrier = owned(t).await;
        let answer = arrives(t, INCOMING, CALLER).await;
        let status = attribute(answer.split("<Client").nth(1).unwrap(), "statusCallback");
        leg(t, &status, DEVICE, "busy", &[("ParentCallSid", CALLER)]).await;
        let ended = [("CallSid", CALLER), ("CallStatus", "in-progress"), ("DialCallStatus", "busy"), ("DialCallSid", DEVICE)];
        let waits = webhook(t, &t.ours, &attribute(&answer, "action"), &ended).await.text;
        assert!(waits.contains("</Enqueue>"), "{waits}");
        assert_eq!(presence(t, &t.ours.agent).await, "available");
        later(t, 60).await;
        let answer = arrives(t, INCOMING, "CAsecond").await;
        let status = attribute(answer.split("<Client").nth(1).unwrap(), "statusCallback");
        leg(t, &status, "CAgone", "no-answer", &[("ParentCallSid", "CAsecond")]).await;
        assert_eq!(presence(t, &t.ours.agent).await, "offline", "its page was closed long ago");
        assert!(arrives(t, INCOMING, "CAthird").await.contains("</Enqueue>"));
    }

    /// E1 T-event-tenant-isolation, E2 T-event-per-status.
    async fn the_socket_tells_who_calls_and_every_status_as_documented_and_nobody_else(t: &TestApp) {
        let _carrier = owned(t).await;
        world::contact(&t.by(&t.ours.owner), "John Smith", "+12345678901").await;
        let mut hears = Listening::with(t, &t.ours.agent.token).await;
        let mut stranger = Listening::with(t, &t.theirs.agent.token).await;
        assert_eq!(hears.next("connection").await["company_id"], t.ours.org.as_str());
        stranger.next("connection").await;
        let answer = arrives(t, INCOMING, CALLER).await;
        let rings = hears.next("incoming_call").await;
        assert_eq!((&rings["call_sid"], &rings["from_number"]), (&json!(CALLER), &json!("+12345678901")));
        assert_eq!((&rings["to_number"], &rings["user_id"]), (&json!(t.ours.number), &json!(t.ours.agent.id)));
        for field in ["notification_id", "title", "message", "contact_id", "call_id", "company_id"] {
            assert!(rings[field].is_string(), "{field}: {rings}");
        }
        assert!(rings["message"].as_str().unwrap().contains("John Smith"));
        assert_eq!(rings["data"]["call_sid"], CALLER, "for those who look there");
        let way = way_of(&answer, &identity(t, &t.ours.agent));
        webhook(t, &t.ours, &way, &[("CallSid", DEVICE), ("CallStatus", "in-progress")]).await;
        let connecting = hears.state("connecting").await;
        assert_eq!((&connecting["call_sid"], &connecting["call_id"]), (&json!(CALLER), &rings["call_id"]));
        leg(t, STATUS, CALLER, "completed", &[("CallDuration", "4")]).await;
        let ended = hears.state("ended").await;
        assert!(ended["duration"].is_i64() && ended["status"].is_string(), "{ended}");
        hears.0.send(Message::Text("ping".into())).await.unwrap();
        hears.next("pong").await;
        stranger.0.send(Message::Text(r#"{"type":"ping"}"#.into())).await.unwrap();
        assert_eq!(stranger.next("pong").await["type"], "pong", "and nothing came before it");
    }

    async fn a_token_that_nobody_has_closes_the_socket_as_documented(t: &TestApp) {
        let mut closed = Listening::with(t, "offhook_session_nonsense").await;
        assert_eq!(closed.next("closed").await["code"], 1008);
        let plain = get(t, &t.ours.agent, "/ws").await.ok(400);
        assert_eq!(plain["field"], "upgrade");
    }
}
