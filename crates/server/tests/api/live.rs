//! The event stream: who sees what, in what order, and what a client that comes back gets.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use offhook_core::id::{OrgId, UserId};
use offhook_server::live;
use offhook_store::events::{self, Audience, NewEvent};
use offhook_store::users::Role;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::calls::carrier::{Carrier, webhook};
use crate::support::{Person, TestApp, stories, world};

/// The application on a port of its own.
struct Stage {
    address: SocketAddr,
}

impl Stage {
    async fn of(t: &TestApp) -> Self {
        live::start(&t.app);
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let (router, stop) = (t.router.clone(), t.app.stop.clone());
        tokio::spawn(async move {
            axum::serve(socket, router)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await
        });
        Self { address }
    }

    async fn open(
        &self,
        headers: &[(&'static str, &str)],
        cursor: Option<&str>,
    ) -> Result<Tab, Error> {
        let query = cursor.map(|c| format!("?cursor={c}")).unwrap_or_default();
        let mut request = format!("ws://{}/api/v1/events{query}", self.address)
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request)
            .await
            .map(|(socket, _)| Tab { socket })
    }

    async fn tab(&self, person: &Person, cursor: Option<&str>) -> Tab {
        let bearer = format!("Bearer {}", person.token);
        self.open(&[("authorization", &bearer)], cursor)
            .await
            .unwrap()
    }
}

/// A client of the stream.
struct Tab {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Tab {
    /// The next frame; a stream that says nothing fails the story.
    async fn next(&mut self) -> Value {
        tokio::time::timeout(Duration::from_secs(30), self.frame())
            .await
            .expect("a frame comes")
    }

    async fn frame(&mut self) -> Value {
        loop {
            match self
                .socket
                .next()
                .await
                .expect("the stream goes on")
                .unwrap()
            {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => {
                    return json!({"type": "closed", "code": frame.map(|f| u16::from(f.code))});
                }
                _ => {}
            }
        }
    }

    /// The data of the next event of a kind that fits; others are passed over.
    async fn until(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind && fits(&frame["data"]) {
                return frame["data"].clone();
            }
        }
    }

    async fn say(&mut self, message: Value) {
        self.socket
            .send(Message::Text(message.to_string().into()))
            .await
            .unwrap();
    }

    /// The kinds and data of the next `count` frames.
    async fn told(&mut self, count: usize) -> Vec<Value> {
        let mut told = Vec::new();
        for _ in 0..count {
            told.push(self.next().await["data"].clone());
        }
        told
    }
}

async fn tell(t: &TestApp, org: &OrgId, audience: Audience, data: Value) {
    let event = NewEvent {
        kind: "notification".to_owned(),
        audience,
        data,
    };
    let now = t.app.clock.now();
    t.app
        .write(org, async |tx| events::insert(tx, &event, now).await)
        .await
        .unwrap();
}

async fn tell_all(t: &TestApp, org: &OrgId, data: Value) {
    tell(t, org, Audience::Organization, data).await;
}

stories! {
    async fn hello_comes_first_with_the_current_cursor(t: &TestApp) {
        let stage = Stage::of(t).await;
        let mut tab = stage.tab(&t.ours.agent, None).await;
        let hello = tab.next().await;
        assert_eq!(hello["type"], "hello");
        assert_eq!(hello["data"]["user_id"], t.ours.agent.id.as_str());
        tell_all(t, &t.ours.org, json!({"n": 1})).await;
        let event = tab.next().await;
        let before: i64 = hello["cursor"].as_str().unwrap().parse().unwrap();
        let after: i64 = event["cursor"].as_str().unwrap().parse().unwrap();
        assert_eq!(after, before + 1);
        assert_eq!(event["data"], json!({"n": 1}));
    }

    /// E1.
    async fn t_event_tenant_isolation(t: &TestApp) {
        let stage = Stage::of(t).await;
        let (mut ours, mut theirs) = (stage.tab(&t.ours.agent, None).await, stage.tab(&t.theirs.owner, None).await);
        ours.next().await;
        theirs.next().await;
        tell_all(t, &t.ours.org, json!({"caller": "+14155550142"})).await;
        assert_eq!(ours.told(1).await, [json!({"caller": "+14155550142"})]);
        tell_all(t, &t.theirs.org, json!({"own": true})).await;
        assert_eq!(theirs.told(1).await, [json!({"own": true})], "nothing of the others came before");
        let polled = t.by(&t.theirs.owner).get("/events/poll?cursor=0").await.ok(200);
        assert!(!polled.to_string().contains("+14155550142"), "{polled}");
    }

    async fn an_event_reaches_its_audience_only(t: &TestApp) {
        let stage = Stage::of(t).await;
        let (mut agent, mut supervisor) = (stage.tab(&t.ours.agent, None).await, stage.tab(&t.ours.supervisor, None).await);
        agent.next().await;
        supervisor.next().await;
        let me = UserId::parse(&t.ours.agent.id).unwrap();
        tell(t, &t.ours.org, Audience::Agent(me.clone()), json!("for one agent")).await;
        tell(t, &t.ours.org, Audience::Role(Role::Supervisor), json!("for supervisors")).await;
        tell(t, &t.ours.org, Audience::AgentAndRole(me, Role::Admin), json!("for one agent and admins")).await;
        tell_all(t, &t.ours.org, json!("for all")).await;
        assert_eq!(agent.told(3).await, [json!("for one agent"), json!("for one agent and admins"), json!("for all")]);
        assert_eq!(supervisor.told(2).await, [json!("for supervisors"), json!("for all")]);
    }

    /// E5.
    async fn t_resume_after_drop(t: &TestApp) {
        let stage = Stage::of(t).await;
        let mut tab = stage.tab(&t.ours.agent, None).await;
        tab.next().await;
        for n in 0..3 {
            tell_all(t, &t.ours.org, json!(n)).await;
        }
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for _ in 0..3 {
            let event = tab.next().await;
            event["cursor"].as_str().unwrap().clone_into(&mut cursor);
            seen.push(event["data"].clone());
        }
        drop(tab);
        for n in 3..260 {
            tell_all(t, &t.ours.org, json!(n)).await;
        }
        let mut tab = stage.tab(&t.ours.agent, Some(&cursor)).await;
        assert_eq!(tab.next().await["type"], "hello");
        for n in 260..265 {
            tell_all(t, &t.ours.org, json!(n)).await;
        }
        seen.extend(tab.told(262).await);
        let wanted: Vec<Value> = (0..265).map(|n| json!(n)).collect();
        assert_eq!(seen, wanted, "nothing lost, nothing repeated");
        let mut polled = Vec::new();
        let mut at = cursor;
        loop {
            let page = t.by(&t.ours.agent).get(&format!("/events/poll?cursor={at}")).await.ok(200);
            let events = page["events"].as_array().unwrap();
            if events.is_empty() {
                break;
            }
            polled.extend(events.iter().map(|e| e["data"].clone()));
            page["cursor"].as_str().unwrap().clone_into(&mut at);
        }
        assert_eq!(polled, wanted[3..], "the poll door tells the same");
    }

    async fn a_cursor_that_is_unknown_or_too_old_gets_reset(t: &TestApp) {
        let stage = Stage::of(t).await;
        let mut first = stage.tab(&t.ours.agent, None).await;
        first.next().await;
        for n in 0..3 {
            tell_all(t, &t.ours.org, json!(n)).await;
        }
        first.told(3).await;
        for cursor in ["nonsense", "999999", "-1"] {
            let mut tab = stage.tab(&t.ours.agent, Some(cursor)).await;
            assert_eq!(tab.next().await["type"], "hello");
            let reset = tab.next().await;
            assert_eq!(reset["type"], "reset", "{cursor}");
            tell_all(t, &t.ours.org, json!("after")).await;
            assert_eq!(tab.told(1).await, [json!("after")]);
            let polled = t.by(&t.ours.agent).get(&format!("/events/poll?cursor={cursor}")).await.ok(200);
            assert_eq!(polled["reset"], true);
        }
        let later = t.app.clock.now() + chrono::TimeDelta::seconds(1);
        t.app.write(&t.ours.org, async |tx| events::prune(tx, later).await).await.unwrap();
        let mut tab = stage.tab(&t.ours.agent, Some("1")).await;
        tab.next().await;
        assert_eq!(tab.next().await["type"], "reset");
    }

    async fn a_token_may_come_as_the_first_message_and_a_wrong_one_closes(t: &TestApp) {
        let stage = Stage::of(t).await;
        let mut tab = stage.open(&[], None).await.unwrap();
        tab.say(json!({"type": "auth", "token": t.ours.agent.token})).await;
        assert_eq!(tab.next().await["data"]["user_id"], t.ours.agent.id.as_str());
        let mut tab = stage.open(&[], None).await.unwrap();
        tab.say(json!({"type": "auth", "token": "ohs_wrong"})).await;
        assert_eq!(tab.next().await, json!({"type": "closed", "code": 4401}));
    }

    async fn a_cookie_opens_the_stream_to_our_own_pages_only(t: &TestApp) {
        let stage = Stage::of(t).await;
        let cookie = format!("__Host-offhook={}", t.ours.agent.token);
        let mut own = stage.open(&[("cookie", &cookie), ("origin", "https://calls.example.com")], None).await.unwrap();
        assert_eq!(own.next().await["type"], "hello");
        let foreign = stage.open(&[("cookie", &cookie), ("origin", "https://evil.example")], None).await;
        let Err(Error::Http(answer)) = foreign.map(|_| ()) else { panic!("a page of another origin must be refused") };
        assert_eq!(answer.status(), 403);
        let outdated = stage.open(&[("authorization", "Bearer ohs_stale")], None).await;
        let Err(Error::Http(answer)) = outdated.map(|_| ()) else { panic!("a stale token must be refused") };
        assert_eq!(answer.status(), 401);
    }

    /// E6: each frame has the same four members, whatever it tells.
    async fn t_event_schema_of_every_frame(t: &TestApp) {
        let stage = Stage::of(t).await;
        let mut tab = stage.tab(&t.ours.agent, Some("nonsense")).await;
        let mut frames = vec![tab.next().await, tab.next().await];
        tell_all(t, &t.ours.org, json!({"text": "Müller & <b>Söhne</b> \u{1f6b2}"})).await;
        frames.push(tab.next().await);
        for frame in &frames {
            let mut members: Vec<_> = frame.as_object().unwrap().keys().map(String::as_str).collect();
            members.sort_unstable();
            assert_eq!(members, ["at", "cursor", "data", "type"], "{frame}");
            assert!(frame["cursor"].is_string() && frame["data"].is_object());
        }
        assert_eq!(frames[2]["data"]["text"], "Müller & <b>Söhne</b> \u{1f6b2}", "text arrives as it was");
    }

    /// E4: what arrives is all that a page needs; it asks for nothing more.
    async fn t_self_contained_events(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let stage = Stage::of(t).await;
        let ana = t.by(&t.ours.agent);
        world::contact(&ana, "Ada Byron", "+14155550142").await;
        let mut tab = stage.tab(&t.ours.agent, None).await;
        tab.next().await;
        tab.say(json!({"type": "beat", "device": "ready"})).await;
        ana.put("/me/availability", json!({"state": "available"})).await.ok(200);
        let free = tab.until("presence", |data| data["presence"]["state"] == "available").await;
        assert_eq!(free["agent"]["id"], t.ours.agent.id.as_str());
        let voice = [
            ("CallSid", "CA000000000000000000000000000000e4"),
            ("From", "+14155550142"),
            ("To", t.ours.number.as_str()),
            ("Direction", "inbound"),
            ("CallStatus", "ringing"),
        ];
        assert_eq!(webhook(t, &t.ours, "/webhooks/twilio/voice", &voice).await.status, 200);
        let incoming = tab.until("incoming_call", |_| true).await;
        assert_eq!(incoming["call"]["contact"]["name"], "Ada Byron");
        assert_eq!(incoming["call"]["queue"]["name"], "Support");
        assert_eq!(incoming["call"]["number"], t.ours.number.as_str());
        let offer = ana.get("/offers").await.ok(200)["items"][0].clone();
        assert_eq!((&incoming["offer"]["id"], &incoming["offer"]["expires_at"]), (&offer["id"], &offer["expires_at"]));
        let asked = offer["call"].as_object().unwrap();
        let differs = asked.iter().find(|(member, value)| incoming["call"][member.as_str()] != **value);
        assert_eq!(differs, None, "the event holds all that the list would have told");
    }

    /// G2: a number is its organization's own; free agents of another one hear nothing of its callers.
    async fn t_cross_tenant_ring_a_caller_is_offered_to_the_numbers_own_organization_only(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let stage = Stage::of(t).await;
        let mut tabs = Vec::new();
        for person in [&t.ours.agent, &t.theirs.agent] {
            let mut tab = stage.tab(person, None).await;
            tab.next().await;
            tab.say(json!({"type": "beat", "device": "ready"})).await;
            t.by(person).put("/me/availability", json!({"state": "available"})).await.ok(200);
            tab.until("presence", |data| data["agent"]["id"] == person.id.as_str() && data["presence"]["state"] == "available").await;
            tabs.push(tab);
        }
        let worlds = [(&t.ours, &t.theirs), (&t.theirs, &t.ours)];
        for (n, (called, other)) in worlds.into_iter().enumerate() {
            let (sid, from) = (format!("CA00000000000000000000000000000e2{n}"), format!("+1415555014{n}"));
            let voice = [("CallSid", sid.as_str()), ("From", &from), ("To", &called.number), ("Direction", "inbound"), ("CallStatus", "ringing")];
            let before = offers(t, &other.agent).await;
            assert_eq!(webhook(t, called, "/webhooks/twilio/voice", &voice).await.status, 200);
            let rung = tabs[n].until("incoming_call", |_| true).await;
            assert_eq!(rung["call"]["from_number"], from.as_str(), "the first that rings here is our own caller");
            assert_eq!(offers(t, &called.agent).await, [from]);
            assert_eq!(offers(t, &other.agent).await, before, "the others' screen is as it was");
        }
    }
}

/// Who stands on an agent's screen.
async fn offers(t: &TestApp, person: &Person) -> Vec<String> {
    let list = t.by(person).get("/offers").await.ok(200);
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|offer| offer["call"]["from_number"].as_str().unwrap().to_owned())
        .collect()
}
