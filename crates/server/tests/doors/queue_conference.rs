//! Queue and conference: its document's flows, call by call, as its front end makes them.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use offhook_core::id::UserId;
use offhook_server::calls::identity::Identity;
use serde_json::{Value, json};

use crate::calls::carrier::{Asked, Carrier, later, path_of, quiet, webhook, work};
use crate::support::{Answer, Client, Person, TestApp, World, stories, world};

const VOICE: &str = "/api/twilio/webhook/voice";
const CALLER: &str = "CA123456000000000000000000000000c1";
/// The document's own example of a room's name, made up by a browser.
const MADE_UP: &str = "conf-1234567890-abc123";

/// The front end of one agent, as the document writes its headers.
fn front_end(t: &TestApp, who: &Person) -> Client {
    t.by(who).header("x-organization-slug", "ours")
}

async fn pending(client: &Client) -> Value {
    let path = "/api/twilio/incoming-calls/pending";
    let answer = client.raw(Method::GET, path, String::new()).await.ok(200);
    answer["incomingCall"].clone()
}

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client
        .raw(
            Method::POST,
            &format!("/api/twilio{path}"),
            body.to_string(),
        )
        .await
}

async fn accept(client: &Client, sid: &str) -> Answer {
    post(client, "/incoming-calls/accept", json!({ "callSid": sid })).await
}

async fn dial(client: &Client, named: &str) -> Answer {
    let body = json!({ "to": "+12025550123", "conferenceId": named, "leadId": "", "contactId": "6b1d7f0e-0000-4000-8000-000000000000" });
    post(client, "/calls", body).await
}

/// A customer calls our number and comes as far as the queue; answers the wait URL.
async fn arrives(t: &TestApp, sid: &str) -> String {
    let fields = [
        ("CallSid", sid),
        ("From", "+12345678901"),
        ("To", t.ours.number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let answer = webhook(t, &t.ours, VOICE, &fields).await;
    assert!(
        answer.text.contains(">support_queue</Enqueue>"),
        "{}",
        answer.text
    );
    let wait = attribute(&answer.text, "waitUrl=\"");
    let asks = [
        ("CallSid", sid),
        ("QueueSid", "QU1"),
        ("QueuePosition", "1"),
    ];
    let music = webhook(t, &t.ours, &wait, &asks).await.text;
    assert!(
        music.contains("https://calls.example.com/audio/"),
        "our own music: {music}"
    );
    quiet(t).await;
    wait
}

/// The path in an attribute of a document.
pub(super) fn attribute(xml: &str, name: &str) -> String {
    let (_, rest) = xml
        .split_once(name)
        .unwrap_or_else(|| panic!("{name} in {xml}"));
    path_of(rest.split('"').next().unwrap())
}

pub(super) fn room(xml: &str) -> String {
    let (before, _) = xml
        .split_once("</Conference>")
        .unwrap_or_else(|| panic!("a room in {xml}"));
    before.rsplit('>').next().unwrap().to_owned()
}

pub(super) fn client_name(world: &World, who: &Person) -> String {
    let agent = UserId::parse(&who.id).unwrap();
    let org = world.org.clone();
    format!("client:{}", Identity { org, agent }.name())
}

/// The agent's Voice SDK connects; what it says about the room stands in the parameters.
async fn connects(t: &TestApp, who: &Person, sid: &str, named: (&str, &str)) -> String {
    let from = client_name(&t.ours, who);
    let fields = [
        ("CallSid", sid),
        ("From", from.as_str()),
        ("To", ""),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
        ("participant", "agent"),
        named,
    ];
    webhook(t, &t.ours, VOICE, &fields).await.text
}

/// The carrier tells that a leg joined the room whose document this was.
pub(super) async fn joined(t: &TestApp, xml: &str, sid: &str, sequence: &str) {
    let callback = attribute(xml, "statusCallback=\"");
    let label = xml.split_once("participantLabel=\"").unwrap().1;
    let fields = [
        ("ConferenceSid", "CF1"),
        ("FriendlyName", "room"),
        ("StatusCallbackEvent", "participant-join"),
        ("CallSid", sid),
        ("ParticipantLabel", label.split('"').next().unwrap()),
        ("SequenceNumber", sequence),
    ];
    assert_eq!(webhook(t, &t.ours, &callback, &fields).await.status, 204);
    quiet(t).await;
}

pub(super) async fn leg_ends(t: &TestApp, sid: &str, status: &str) {
    let fields = [
        ("CallSid", sid),
        ("CallStatus", status),
        ("SequenceNumber", "3"),
        ("CallDuration", "40"),
    ];
    webhook(t, &t.ours, "/webhooks/twilio/status", &fields).await;
    quiet(t).await;
}

async fn only_call(t: &TestApp) -> Value {
    let list = t.by(&t.ours.owner).get("/calls").await.ok(200);
    let calls = list["items"].as_array().unwrap();
    assert_eq!(calls.len(), 1, "{list}");
    calls[0].clone()
}

async fn presence(t: &TestApp, who: &Person) -> Value {
    let agents = t.by(&t.ours.owner).get("/agents").await.ok(200);
    let agents = agents["items"].as_array().unwrap().clone();
    let found = agents.into_iter().find(|a| a["id"] == who.id.as_str());
    found.unwrap()["presence"]["state"].clone()
}

/// The carrier gives every leg a name of its own.
pub(super) fn sids(carrier: &Carrier) {
    carrier.answers(|asked: &Asked, before| {
        let places = asked.method == Method::POST
            && (asked.path.ends_with("/Calls.json") || asked.path.ends_with("/Participants.json"));
        let kind = if asked.path.ends_with("/Calls.json") { "a" } else { "b" };
        let sid = format!("CA{kind}{before:031}");
        let body = json!({ "sid": sid, "call_sid": sid, "conference_sid": "CF1", "status": "queued", "label": asked.field("Label") });
        places.then(|| (StatusCode::CREATED, Json(body)).into_response())
    });
}

/// What was dialled so far: to whom, in order.
pub(super) fn dialled(carrier: &Carrier) -> Vec<String> {
    let all = carrier.asked("POST").into_iter();
    all.filter(|asked| {
        asked.path.ends_with("/Calls.json") || asked.path.ends_with("/Participants.json")
    })
    .map(|asked| asked.field("To").to_owned())
    .collect()
}

stories! {
    async fn the_token_is_the_agents_own_and_says_which_number_is_shown(t: &TestApp) {
        let client = front_end(t, &t.ours.agent);
        let given = post(&client, "/token", json!({})).await.ok(200);
        assert_eq!(given["token"].as_str().unwrap().split('.').count(), 3);
        assert_eq!(given["identity"], client_name(&t.ours, &t.ours.agent).trim_start_matches("client:"));
        assert_eq!(given["phoneNumber"], t.ours.number.as_str());
        let again = client.raw(Method::GET, "/api/twilio/token", String::new()).await.ok(200);
        assert_eq!(again["identity"], given["identity"]);
    }

    /// The document's flow of an incoming call. A2 T-room-single-source; A3 T-claim-after-offer: the poll has made an offer of it.
    async fn t_room_single_source_a_caller_is_seen_by_polling_accepted_and_met_in_the_room_that_the_answer_names(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let client = front_end(t, &t.ours.agent);
        world::contact(&t.by(&t.ours.owner), "John Smith", "+12345678901").await;
        assert_eq!(pending(&client).await, Value::Null);
        arrives(t, CALLER).await;
        let shown = pending(&client).await;
        assert_eq!(shown["callSid"], CALLER);
        assert_eq!((&shown["from"], &shown["to"]), (&json!("+12345678901"), &json!(t.ours.number)));
        assert_eq!(shown["callerName"], "John Smith");
        assert!(shown["timestamp"].as_str().unwrap().starts_with("2026-11-20T09:00:0"));
        let accepted = accept(&client, CALLER).await.ok(200);
        assert_eq!(accepted["success"], true);
        assert_eq!(accepted["message"], "Customer moved to conference. Agent should join now.");
        let name = accepted["conferenceId"].as_str().unwrap();
        assert_eq!(name, shown["conferenceId"], "one name for one room");
        quiet(t).await;
        let moved = carrier.asked(&format!("/Members/{CALLER}.json"));
        assert_eq!(moved.len(), 1, "the caller leaves the queue");
        let callers = webhook(t, &t.ours, &path_of(moved[0].field("Url")), &[("CallSid", CALLER), ("CallStatus", "in-progress")]).await.text;
        assert_eq!(room(&callers), name);
        assert!(callers.contains("<Recording") && callers.contains("channels=\"dual\""), "recorded: {callers}");
        assert_eq!(pending(&client).await, Value::Null);
        let agents = connects(t, &t.ours.agent, "CAsdk1", ("conferenceId", name)).await;
        assert_eq!(room(&agents), name);
        joined(t, &callers, CALLER, "1").await;
        joined(t, &agents, "CAsdk1", "2").await;
        assert_eq!(only_call(t).await["status"], "in-progress");
        assert_eq!(presence(t, &t.ours.agent).await, "busy");
        // This front end knows no hang-up: its leg's end is the call's.
        leg_ends(t, "CAsdk1", "completed").await;
        let call = only_call(t).await;
        assert_eq!((&call["status"], &call["outcome"]), (&json!("completed"), &json!("answered")));
    }

    async fn t_accept_race_one_agent_wins_and_the_others_are_told_who(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        arrives(t, CALLER).await;
        let people = [&t.ours.agent, &t.ours.supervisor, &t.ours.admin];
        let mut tries = Vec::new();
        for n in 0..50 {
            let client = front_end(t, people[n % 3]);
            tries.push(tokio::spawn(async move { (n % 3, accept(&client, CALLER).await) }));
        }
        let mut won = Vec::new();
        let mut rooms = Vec::new();
        for tried in tries {
            let (who, answer) = tried.await.unwrap();
            if answer.status == 200 {
                won.push(who);
                rooms.push(answer.ok(200)["conferenceId"].clone());
                continue;
            }
            let refused = answer.ok(409);
            assert_eq!((&refused["code"], &refused["success"]), (&json!("already_claimed"), &json!(false)));
            assert!(refused["by"]["name"].is_string() && refused["error"].as_str().unwrap().contains("took this call"), "{refused}");
        }
        won.dedup();
        rooms.dedup();
        assert_eq!((won.len(), rooms.len()), (1, 1), "one agent, however often it clicked: {won:?}");
    }

    /// Nobody else sees it: another organization's agent, an agent of no such queue, a caller's SID that is made up.
    async fn t_claim_keyed_by_call_only_an_agent_of_the_queue_sees_and_takes_a_caller(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        arrives(t, CALLER).await;
        let stranger = t.by(&t.theirs.agent);
        assert_eq!(pending(&stranger).await, Value::Null);
        assert_eq!(accept(&stranger, CALLER).await.ok(404)["code"], "not_found");
        let queue = t.by(&t.ours.admin).get("/queues").await.ok(200)["items"][0]["id"].clone();
        let members = json!({ "agents": [t.ours.supervisor.id] });
        t.by(&t.ours.admin).put(&format!("/queues/{}/members", queue.as_str().unwrap()), members).await.ok(200);
        let outside = front_end(t, &t.ours.agent);
        assert_eq!(pending(&outside).await, Value::Null);
        accept(&outside, CALLER).await.ok(404);
        let inside = front_end(t, &t.ours.supervisor);
        assert_eq!(pending(&inside).await["callSid"], CALLER);
        accept(&inside, "CAnobody").await.ok(404);
        let missing = post(&inside, "/incoming-calls/accept", json!({})).await.ok(400);
        assert_eq!((&missing["field"], &missing["code"]), (&json!("callSid"), &json!("missing")));
        accept(&inside, CALLER).await.ok(200);
    }

    async fn t_decline_local_the_caller_goes_on_waiting_for_the_others(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        arrives(t, CALLER).await;
        let (one, other) = (front_end(t, &t.ours.agent), front_end(t, &t.ours.supervisor));
        let declined = post(&one, "/incoming-calls/decline", json!({ "callSid": CALLER })).await.ok(200);
        assert_eq!((&declined["success"], declined["message"].is_string()), (&json!(true), true));
        assert_eq!(pending(&one).await, Value::Null);
        assert_eq!(pending(&other).await["callSid"], CALLER);
        assert!(carrier.asked("POST /2010-04-01").is_empty(), "the carrier is asked nothing");
        later(t, 31).await;
        assert_eq!(pending(&one).await["callSid"], CALLER, "it comes again when its offer would have ended");
        accept(&other, CALLER).await.ok(200);
        assert_eq!(pending(&one).await, Value::Null);
    }

    async fn whoever_has_waited_longest_is_shown_first_and_the_room_keeps_a_caller_for_thirty_seconds(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let client = front_end(t, &t.ours.agent);
        arrives(t, CALLER).await;
        later(t, 2).await;
        arrives(t, "CAsecond").await;
        assert_eq!(pending(&client).await["callSid"], CALLER);
        accept(&client, CALLER).await.ok(200);
        assert_eq!(pending(&client).await["callSid"], "CAsecond");
        let busy = accept(&client, "CAsecond").await.ok(409);
        assert_eq!(busy["code"], "agent_busy");
        quiet(t).await;
        let moved = carrier.asked(&format!("/Members/{CALLER}.json"));
        let into_room = path_of(moved[0].field("Url"));
        webhook(t, &t.ours, &into_room, &[("CallSid", CALLER), ("CallStatus", "in-progress")]).await;
        later(t, 29).await;
        assert_eq!(pending(&client).await["callSid"], "CAsecond");
        later(t, 2).await;
        assert_eq!(pending(&client).await["callSid"], CALLER, "back at the front of the queue");
        let late = connects(t, &t.ours.agent, "CAlate", ("conferenceId", "room_nobodys")).await;
        assert!(!late.contains("Conference"), "{late}");
    }

    async fn to_poll_is_to_be_there_for_ten_seconds_each(t: &TestApp) {
        work(t);
        let client = front_end(t, &t.ours.agent);
        assert_eq!(presence(t, &t.ours.agent).await, "offline");
        for _ in 0..4 {
            assert_eq!(pending(&client).await, Value::Null);
            quiet(t).await;
            assert_eq!(presence(t, &t.ours.agent).await, "available");
            later(t, 3).await;
        }
        later(t, 8).await;
        assert_eq!(presence(t, &t.ours.agent).await, "offline");
        t.by(&t.ours.agent).put("/me/availability", json!({ "state": "away" })).await.ok(200);
        pending(&client).await;
        quiet(t).await;
        assert_eq!(presence(t, &t.ours.agent).await, "away", "a poll does not overrule a choice");
    }

    async fn the_agents_device_is_rung_first_and_the_customer_only_when_it_was_taken_up(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = front_end(t, &t.ours.agent);
        let started = post(&client, "/calls", json!({ "to": "+12025550123" })).await.ok(200);
        assert_eq!((&started["to"], &started["from"], &started["status"]), (&json!("+12025550123"), &json!(t.ours.number), &json!("queued")));
        let rung = carrier.asked("POST").into_iter().find(|a| a.path.ends_with("/Calls.json")).unwrap();
        assert_eq!(rung.field("To"), client_name(&t.ours, &t.ours.agent));
        let first = started["id"].as_str().unwrap();
        assert_eq!(first, format!("CAa{:031}", 0), "the first leg's");
        assert_eq!(dialled(&carrier), [rung.field("To")]);
        let fields = [("CallSid", first), ("From", t.ours.number.as_str()), ("To", rung.field("To")), ("Direction", "outbound-api"), ("CallStatus", "in-progress")];
        let taken_up = webhook(t, &t.ours, &path_of(rung.field("Url")), &fields).await.text;
        assert_eq!(room(&taken_up), started["conferenceId"].as_str().unwrap());
        joined(t, &taken_up, first, "1").await;
        assert_eq!(dialled(&carrier)[1..], ["+12025550123"]);
        leg_ends(t, first, "completed").await;
        assert_eq!(only_call(t).await["status"], "canceled", "the agent left while it rang");
    }

    async fn nobody_at_the_device_ends_it_as_no_answer_and_the_customer_is_never_dialled(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = front_end(t, &t.ours.agent);
        let started = post(&client, "/calls", json!({ "to": "+12025550123" })).await.ok(200);
        // A second start is not refused while the first one still rings at the agent's.
        let second = post(&client, "/calls", json!({ "to": "+12025550124" })).await.ok(200);
        assert_ne!(second["id"], started["id"]);
        for sid in [&started["id"], &second["id"]] {
            leg_ends(t, sid.as_str().unwrap(), "no-answer").await;
        }
        let list = t.by(&t.ours.owner).get("/calls?status=no-answer").await.ok(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        assert!(dialled(&carrier).iter().all(|to| to.starts_with("client:")), "{:?}", dialled(&carrier));
    }

    /// The document's flow of an outgoing call: the device connects under a made-up name, then the call is asked for.
    async fn a_device_that_connected_first_stands_in_a_room_of_ours_and_the_next_call_dials_into_it(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = front_end(t, &t.ours.agent);
        let waits = connects(t, &t.ours.agent, "CAsdk1", ("conference", MADE_UP)).await;
        assert!(room(&waits).starts_with("room_") && !waits.contains(MADE_UP), "the server names rooms: {waits}");
        assert!(waits.contains("waitUrl=\"\""), "the agent hears nothing but the real ringing: {waits}");
        joined(t, &waits, "CAsdk1", "1").await;
        assert!(dialled(&carrier).is_empty());
        let started = dial(&client, MADE_UP).await.ok(200);
        assert_eq!((&started["id"], &started["conferenceId"]), (&json!("CAsdk1"), &json!(room(&waits))));
        quiet(t).await;
        assert_eq!(dialled(&carrier), ["+12025550123"]);
        let customers = &carrier.asked("Participants.json")[0];
        assert!(customers.path.contains(&room(&waits)) && customers.field("Record") == "true", "{customers:?}");
        let again = dial(&client, MADE_UP).await.ok(200);
        assert_eq!(again["callId"], started["callId"], "the same click is the same call");
        assert_eq!(dialled(&carrier).len(), 1);
        leg_ends(t, "CAsdk1", "completed").await;
        assert_eq!(only_call(t).await["status"], "canceled");
        let anew = dial(&client, MADE_UP).await.ok(200);
        assert_ne!(anew["callId"], started["callId"], "a call that is over can be made again");
    }

    async fn a_call_that_was_asked_for_first_is_met_by_the_device_that_comes_under_its_name(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = front_end(t, &t.ours.agent);
        let started = dial(&client, MADE_UP).await.ok(200);
        let comes = connects(t, &t.ours.agent, "CAsdk1", ("conferenceId", MADE_UP)).await;
        assert_eq!(room(&comes), started["conferenceId"].as_str().unwrap());
        joined(t, &comes, "CAsdk1", "1").await;
        assert_eq!(dialled(&carrier), [client_name(&t.ours, &t.ours.agent), "+12025550123".to_owned()]);
        let other = connects(t, &t.ours.supervisor, "CAsdk2", ("conferenceId", MADE_UP)).await;
        assert_ne!(room(&other), room(&comes), "a name is its own agent's");
        let meddles = connects(t, &t.ours.supervisor, "CAsdk3", ("conferenceId", &room(&comes))).await;
        assert!(!meddles.contains("Conference"), "a room's name alone opens nothing: {meddles}");
    }

    async fn a_device_that_left_before_the_call_is_rung_like_any_other(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = front_end(t, &t.ours.agent);
        connects(t, &t.ours.agent, "CAsdk1", ("conferenceId", MADE_UP)).await;
        leg_ends(t, "CAsdk1", "completed").await;
        dial(&client, MADE_UP).await.ok(200);
        assert_eq!(dialled(&carrier), [client_name(&t.ours, &t.ours.agent)]);
    }

    async fn an_own_phone_is_rung_where_one_is_set_and_the_carriers_no_is_said(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        sids(&carrier);
        let client = front_end(t, &t.ours.agent);
        let own = json!({ "own_phone": "+14155550177" });
        t.by(&t.ours.admin).patch(&format!("/users/{}", t.ours.agent.id), own).await.ok(200);
        post(&client, "/calls", json!({ "to": "+12025550123" })).await.ok(200);
        assert_eq!(dialled(&carrier), ["+14155550177"]);
        leg_ends(t, &format!("CAa{:031}", 0), "busy").await;
        carrier.answers(|asked, _| (asked.method == Method::POST).then(|| crate::calls::carrier::refusal(400, 21219)));
        let refused = t.while_time_passes(post(&client, "/calls", json!({ "to": "+12025550123" }))).await.ok(500);
        assert_eq!((&refused["code"], &refused["carrier_code"]), (&json!("call_refused"), &json!(21219)));
    }

    async fn numbers_are_refused_before_the_carrier_is_asked_with_the_formats_named(t: &TestApp) {
        let carrier = Carrier::of(t).await;
        let client = front_end(t, &t.ours.agent);
        for (to, code) in [("", "invalid_number"), ("12", "invalid_number"), ("+1 900 555 0123", "premium_number"), ("+49 30 901820", "country_not_allowed")] {
            let refused = post(&client, "/calls", json!({ "to": to })).await.ok(400);
            assert_eq!((&refused["code"], &refused["field"]), (&json!(code), &json!("to")), "{refused}");
            assert!(refused["error"].is_string() && refused["details"].is_array());
        }
        let missing = post(&client, "/calls", json!({ "conferenceId": MADE_UP, "unknown": 1 })).await.ok(400);
        assert!(missing["error"].as_str().unwrap().contains("(202) 555-0123"), "{missing}");
        let owned = post(&client, "/calls", json!({ "to": "+12025550123", "from": t.theirs.number })).await.ok(400);
        assert_eq!(owned["code"], "caller_id_not_owned");
        assert!(carrier.asked("").is_empty());
    }

    /// T-direction-matrix: legs that nobody knows, forged words about a room, the agent's door for customers.
    async fn t_direction_matrix_only_what_we_placed_is_led_anywhere(t: &TestApp) {
        let _carrier = Carrier::of(t).await;
        let leg = |n: u8| format!("CA0000000000000000000000000000d{n:03}");
        for (n, (direction, from, more)) in [
            ("outbound-api", "+14155550100", ("conference", "room_x")),
            ("outbound-api", "+14155550100", ("participant", "customer")),
            ("outbound-dial", "+14155550100", ("conference", MADE_UP)),
            ("inbound", "client:agent-7", ("conference", MADE_UP)),
            ("inbound", "client:o_uaa_a_uaa", ("conferenceId", MADE_UP)),
        ]
        .into_iter()
        .enumerate()
        {
            let sid = leg(u8::try_from(n).unwrap());
            let fields = [("CallSid", sid.as_str()), ("From", from), ("To", "+12025550123"), ("Direction", direction), ("CallStatus", "ringing"), more];
            let answer = webhook(t, &t.ours, VOICE, &fields).await;
            assert_eq!(answer.status, 200);
            assert!(answer.text.contains("<Hangup/>") && !answer.text.contains("<Dial"), "{direction} {from}: {}", answer.text);
        }
        let query = format!("{VOICE}?conference={MADE_UP}&participant=customer");
        let fields = [("CallSid", CALLER), ("From", "+12345678901"), ("To", t.ours.number.as_str()), ("Direction", "inbound"), ("CallStatus", "ringing")];
        let answer = webhook(t, &t.ours, &query, &fields).await;
        assert!(answer.text.contains("</Enqueue>"), "a customer is a customer, whatever an old address says: {}", answer.text);
    }

    /// T-status-first: what comes before its call, or of a call that nobody knows, is thanked and kept.
    async fn t_status_first_a_recording_or_an_end_of_an_unknown_call_is_thanked(t: &TestApp) {
        let recording = [("CallSid", "CAunknown"), ("RecordingSid", "RE1"), ("RecordingStatus", "completed"), ("RecordingUrl", "https://api.twilio.com/RE1"), ("RecordingDuration", "12")];
        let thanked = webhook(t, &t.ours, "/api/twilio/webhook/recording", &recording).await.ok(200);
        assert_eq!(thanked, json!({ "success": true }));
        let _carrier = Carrier::of(t).await;
        arrives(t, CALLER).await;
        leg_ends(t, CALLER, "completed").await;
        let fields = [("CallSid", CALLER), ("RecordingSid", "RE2"), ("RecordingStatus", "completed"), ("RecordingDuration", "12"), ("RecordingChannels", "2")];
        webhook(t, &t.ours, "/api/twilio/webhook/recording", &fields).await.ok(200);
        quiet(t).await;
        let id = only_call(t).await["id"].as_str().unwrap().to_owned();
        let call = t.by(&t.ours.owner).get(&format!("/calls/{id}")).await.ok(200);
        assert_eq!(call["recordings"].as_array().unwrap().len(), 1, "a recording is found by its leg");
        assert_eq!(call["outcome"], "abandoned");
        assert!(!call.to_string().contains("api.twilio.com"), "never by the carrier's address");
    }

    async fn t_credential_rotation_the_next_token_is_signed_with_the_new_key(t: &TestApp) {
        let client = front_end(t, &t.ours.agent);
        let before = post(&client, "/token", json!({})).await.ok(200);
        let changed = json!({ "api_key_sid": "SK00000000000000000000000000000002", "api_key_secret": "another secret of theirs" });
        t.saves_carrier(&t.ours.admin, changed).await.ok(200);
        let after = post(&client, "/token", json!({})).await.ok(200);
        let issuer = |given: &Value| {
            use base64::Engine;
            use base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let claims = given["token"].as_str().unwrap().split('.').nth(1).unwrap();
            serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()["iss"].clone()
        };
        assert_eq!(issuer(&before), "SK00000000000000000000000000000001");
        assert_eq!(issuer(&after), "SK00000000000000000000000000000002");
    }

    /// T-webhook-burst: a thousand callbacks from one address, all thanked.
    async fn t_webhook_burst_no_callback_of_the_carrier_is_ever_too_many(t: &TestApp) {
        for n in 0..1000 {
            let sid = format!("RE{n:032}");
            let fields = [("CallSid", "CAunknown"), ("RecordingSid", sid.as_str()), ("RecordingStatus", "completed")];
            let answer = webhook(t, &t.ours, "/api/twilio/webhook/recording", &fields).await;
            assert_eq!(answer.status, 200, "the {n}th");
        }
    }
}
