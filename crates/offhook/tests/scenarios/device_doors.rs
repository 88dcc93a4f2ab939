//! Front ends of other systems that know of calls only by their devices: a device dials by itself, and devices are rung. Number and
//! App lead to the paths that device SDK and click-to-call document.

use offhook_sandbox::engine::records::CallTruth;
use offhook_sandbox::seam::{ClientInput, Input};
use serde_json::{Value, json};

use crate::stage::people::ask;
use crate::stage::{ACCOUNT, APP, Agent, CUSTOMER, Engine, MAIN, Stage, TOKEN, on_both_engines};

on_both_engines! {
    a_caller_rings_at_every_device_and_talks_with_whoever_was_quicker_held_and_recorded_as_ever,
    a_device_that_is_gone_is_found_out_and_one_that_comes_is_rung_out_of_the_queue,
    an_owner_who_says_no_leaves_the_caller_to_the_overflow_and_the_next_call_rings_again,
    t_kill_browser_a_device_that_dials_is_on_call_while_it_talks_and_never_after,
    t_outbound_noanswer_visible_a_click_at_a_busy_phone_is_told_in_words,
    a_page_of_ours_may_be_quicker_than_a_device,
}

const CLICK_TO_CALL: [&str; 2] = ["/api/twilio/voice", "/api/twilio/outbound"];
const DEVICE_SDK: [&str; 2] = [
    "/api/webhooks/twilio/voice/incoming",
    "/api/twilio/client/voice",
];

/// The team's console: its number and its App lead to its system's paths.
async fn console_leads_to(stage: &Stage, [number, app]: [&str; 2]) {
    let account = format!("{}/2010-04-01/Accounts/{ACCOUNT}", stage.sandbox.url());
    let list = format!("{account}/IncomingPhoneNumbers.json");
    let list = stage.http.get(list).basic_auth(ACCOUNT, Some(TOKEN)).send();
    let list: Value = list
        .await
        .expect("the carrier")
        .json()
        .await
        .expect("numbers");
    let sid = list["incoming_phone_numbers"][0]["sid"].as_str();
    let place = format!("IncomingPhoneNumbers/{}", sid.expect("a number"));
    for (place, path) in [(place, number), (format!("Applications/{APP}"), app)] {
        let change = stage.http.post(format!("{account}/{place}.json"));
        let change = change.basic_auth(ACCOUNT, Some(TOKEN));
        let url = format!("{}{path}", stage.url);
        let answer = change.form(&[("VoiceUrl", url.as_str())]).send().await;
        assert_eq!(answer.expect("the carrier").status(), 200, "{place}");
    }
}

/// The front end fetches its token, and its device registers.
async fn registers(stage: &Stage, who: &Agent, number: u64) {
    fetches_token(stage, who).await;
    let there = true;
    stage
        .sandbox
        .silent_registration(ACCOUNT, &who.identity, number, there);
}

async fn fetches_token(stage: &Stage, who: &Agent) {
    let url = format!("{}/api/twilio/token", stage.url);
    let (status, given) = ask(&stage.http, "GET", &url, &who.token, None).await;
    assert_eq!((status, &given["identity"]), (200, &json!(who.identity)));
    stage.settle().await;
}

/// The newest leg at an agent's device.
fn at_device(stage: &Stage, who: &Agent) -> Option<CallTruth> {
    let to = format!("client:{}", who.identity);
    // They come newest first; their dates are whole seconds, in which a device may be rung twice.
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    legs.into_iter().find(|truth| truth.call.to == to)
}

fn status(stage: &Stage, sid: &str) -> String {
    stage.phone(CUSTOMER).truth(sid).status
}

/// The device does something with the leg that rings there; the answer is the leg's `CallSid`.
async fn does(stage: &Stage, who: &Agent, deed: impl Fn(String) -> ClientInput) -> String {
    let leg = at_device(stage, who).expect("the device was rung").call;
    assert_eq!(leg.status.as_str(), "ringing", "{}", stage.tale().await);
    let input = Input::Client(deed(leg.sid.clone()));
    stage
        .sandbox
        .engine(|engine, now| engine.handle(now, input));
    stage.settle().await;
    leg.sid
}

fn answered(call: String) -> ClientInput {
    let connection = 1 << 63;
    ClientInput::Answered { call, connection }
}

/// The device dials: `connect({To})`.
async fn dials(stage: &Stage, who: &Agent, to: &str) -> String {
    let params = vec![("To".to_owned(), to.to_owned())];
    stage
        .sandbox
        .silent_device(ACCOUNT, &who.identity, APP, params);
    stage.settle().await;
    let from = format!("client:{}", who.identity);
    let legs = stage.sandbox.engine(|engine, _| engine.truths());
    let newest = legs.into_iter().find(|truth| truth.call.from == from);
    newest.expect("the device's leg").call.sid
}

fn words(call: &Value) -> (&str, &str) {
    let word = |field: &str| call[field].as_str().unwrap_or_default();
    (word("status"), word("phase"))
}

async fn a_caller_rings_at_every_device_and_talks_with_whoever_was_quicker_held_and_recorded_as_ever(
    engine: Engine,
) {
    let stage = Stage::empty(engine).await;
    console_leads_to(&stage, CLICK_TO_CALL).await;
    let (ana, ben) = (stage.hire("ana").await, stage.hire("ben").await);
    registers(&stage, &ana, 1).await;
    registers(&stage, &ben, 2).await;
    assert_eq!(ana.presence(&stage).await, "available");
    let caller = stage.phone(CUSTOMER);
    let sid = caller.dials(MAIN).await;
    stage.run(9).await;
    let rings = at_device(&stage, &ben).expect("ben's rings, too").call;
    assert_eq!(
        (rings.status.as_str(), rings.from.as_str()),
        ("ringing", CUSTOMER)
    );
    assert_eq!(words(&stage.newest_call().await), ("ringing", "offered"));
    let leg = does(&stage, &ana, answered).await;
    stage.run(4).await;
    assert_eq!(status(&stage, &rings.sid), "canceled");
    let talks = stage.newest_call().await;
    assert_eq!(
        words(&talks),
        ("in-progress", "connected"),
        "{}",
        stage.tale().await
    );
    assert_eq!(talks["agent"]["name"], "ana");
    assert_eq!(ana.presence(&stage).await, "busy");
    assert_eq!(ben.presence(&stage).await, "available");
    let id = talks["id"].as_str().expect("an id").to_owned();
    ana.does(&stage, &id, "hold").await;
    stage.run(3).await;
    assert_eq!(words(&stage.newest_call().await).1, "on_hold");
    ana.does(&stage, &id, "resume").await;
    stage.run(10).await;
    assert_eq!(words(&stage.newest_call().await).1, "connected");
    // This front end knows no hang-up.
    ana.drops(&stage, &leg).await;
    stage.run(5).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["status"], &over["ended_by"]),
        (&json!("completed"), &json!("agent"))
    );
    assert_eq!(status(&stage, &sid), "completed");
    stage.run(25).await;
    let recorded = stage.newest_call().await;
    let recordings = recorded["recordings"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(recordings.len(), 1, "{recorded}");
    assert_eq!(
        (&recordings[0]["status"], &recordings[0]["channels"]),
        (&json!("ready"), &json!(2))
    );
    stage.end().await;
}

async fn a_device_that_is_gone_is_found_out_and_one_that_comes_is_rung_out_of_the_queue(
    engine: Engine,
) {
    let stage = Stage::empty(engine).await;
    console_leads_to(&stage, CLICK_TO_CALL).await;
    let (ana, ben) = (stage.hire("ana").await, stage.hire("ben").await);
    fetches_token(&stage, &ben).await;
    stage.run(20).await;
    assert_eq!(ben.presence(&stage).await, "available");
    let caller = stage.phone(CUSTOMER);
    let sid = caller.dials(MAIN).await;
    stage.run(15).await;
    assert_eq!(
        ben.presence(&stage).await,
        "offline",
        "{}",
        stage.tale().await
    );
    assert_eq!(words(&stage.newest_call().await), ("ringing", "waiting"));
    // Her token comes first, and the call rings at once: a device that registers a moment later is rung all the same.
    registers(&stage, &ana, 1).await;
    stage.run(15).await;
    does(&stage, &ana, answered).await;
    stage.run(4).await;
    assert_eq!(
        words(&stage.newest_call().await).1,
        "connected",
        "{}",
        stage.tale().await
    );
    caller.hangs_up().await;
    stage.run(5).await;
    let over = stage.newest_call().await;
    assert_eq!(
        (&over["outcome"], &over["ended_by"]),
        (&json!("answered"), &json!("customer"))
    );
    assert_eq!(status(&stage, &sid), "completed");
    let leg = at_device(&stage, &ana).expect("the leg").call;
    assert!(leg.status.is_terminal(), "the agent's leg is over, too");
    stage.end().await;
}

async fn an_owner_who_says_no_leaves_the_caller_to_the_overflow_and_the_next_call_rings_again(
    engine: Engine,
) {
    let stage = Stage::empty(engine).await;
    console_leads_to(&stage, DEVICE_SDK).await;
    let (ana, ben) = (stage.hire("ana").await, stage.hire("ben").await);
    let number = stage.owner_gets("/numbers").await["items"][0]["id"].clone();
    let path = format!("/numbers/{}", number.as_str().expect("a number"));
    stage.owner_changes(&path, json!({ "agent": ana.id })).await;
    registers(&stage, &ana, 1).await;
    registers(&stage, &ben, 2).await;
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(9).await;
    assert!(at_device(&stage, &ben).is_none(), "only the owner's rings");
    does(&stage, &ana, |call| ClientInput::Refused { call }).await;
    stage.run(3).await;
    assert_eq!(words(&stage.newest_call().await), ("ringing", "waiting"));
    assert_eq!(ana.presence(&stage).await, "available");
    stage.run(70).await;
    let left = stage.webhooks("/webhooks/twilio/next");
    let asked = left.iter().any(|record| record.body.contains("<Record"));
    assert!(asked, "a message is asked for: {}", stage.tale().await);
    caller.hangs_up().await;
    stage.run(5).await;
    caller.dials(MAIN).await;
    stage.run(9).await;
    does(&stage, &ana, answered).await;
    stage.run(4).await;
    assert_eq!(
        words(&stage.newest_call().await).1,
        "connected",
        "{}",
        stage.tale().await
    );
    stage.end().await;
}

async fn t_kill_browser_a_device_that_dials_is_on_call_while_it_talks_and_never_after(
    engine: Engine,
) {
    let stage = Stage::empty(engine).await;
    for paths in [CLICK_TO_CALL, DEVICE_SDK] {
        console_leads_to(&stage, paths).await;
        let ana = stage
            .hire(if paths == DEVICE_SDK { "dora" } else { "ana" })
            .await;
        let phone = stage.phone(CUSTOMER);
        phone.behaves(json!({ "kind": "human" })).await;
        registers(&stage, &ana, 1).await;
        let leg = dials(&stage, &ana, "(415) 555-0142").await;
        stage.run(4).await;
        assert_eq!(status(&stage, &leg), "ringing", "{}", stage.tale().await);
        assert_eq!(ana.presence(&stage).await, "busy");
        phone.answers().await;
        stage.run(10).await;
        let talks = stage.newest_call().await;
        assert_eq!(
            words(&talks),
            ("in-progress", "connected"),
            "{}",
            stage.tale().await
        );
        assert_eq!(
            (&talks["direction"], &talks["to_number"]),
            (&json!("outbound"), &json!(CUSTOMER))
        );
        ana.drops(&stage, &leg).await;
        stage.run(3).await;
        let over = stage.newest_call().await;
        assert_eq!(
            (&over["status"], &over["ended_by"]),
            (&json!("completed"), &json!("agent"))
        );
        let talked = over["talk_seconds"].as_i64().expect("seconds");
        assert!((9..=11).contains(&talked), "{over}");
        stage.run(31).await;
        assert_eq!(ana.presence(&stage).await, "available");
        assert_eq!(
            stage.newest_call().await["recordings"]
                .as_array()
                .map(Vec::len),
            Some(1)
        );
    }
    let events = stage.webhooks("/api/twilio/outbound-events");
    assert!(
        events.len() >= 4 && events.iter().all(|record| record.status == Some(200)),
        "{events:?}"
    );
    stage.end().await;
}

async fn t_outbound_noanswer_visible_a_click_at_a_busy_phone_is_told_in_words(engine: Engine) {
    let stage = Stage::empty(engine).await;
    console_leads_to(&stage, CLICK_TO_CALL).await;
    let ana = stage.hire("ana").await;
    stage
        .phone(CUSTOMER)
        .behaves(json!({ "kind": "busy" }))
        .await;
    registers(&stage, &ana, 1).await;
    let leg = dials(&stage, &ana, CUSTOMER).await;
    stage.run(20).await;
    let over = stage.newest_call().await;
    assert_eq!(over["status"], "busy", "{}", stage.tale().await);
    let told = stage.webhooks("/api/twilio/outbound-status");
    assert!(told[0].body.contains("<Say>"), "{}", told[0].body);
    let leg = stage.phone(CUSTOMER).truth(&leg);
    assert_eq!(
        leg.status, "completed",
        "the words were heard to their end: {:?}",
        leg.events
    );
    assert_ne!(ana.presence(&stage).await, "busy");
    stage.end().await;
}

async fn a_page_of_ours_may_be_quicker_than_a_device(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    console_leads_to(&stage, CLICK_TO_CALL).await;
    let ben = stage.hire("ben").await;
    registers(&stage, &ben, 2).await;
    let sid = stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(9).await;
    let rings = at_device(&stage, &ben).expect("ben's device rings").call;
    ana.takes(&stage).await;
    stage.run(4).await;
    assert_eq!(status(&stage, &rings.sid), "canceled");
    assert_eq!(
        words(&stage.newest_call().await).1,
        "connected",
        "{}",
        stage.tale().await
    );
    assert_eq!(status(&stage, &sid), "in-progress");
    stage.end().await;
}
