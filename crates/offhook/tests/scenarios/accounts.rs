//! The account at the carrier: what somebody deletes there is found and repaired, the token is changed under calls without one
//! refused webhook, a process that dies in the middle is followed by one that goes on, and regions are as they really are.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::stage::{
    ACCOUNT, APP, Agent, CUSTOMER, Dies, Engine, MAIN, Stage, TOKEN, Way, on_both_engines,
};

on_both_engines! {
    an_app_and_webhooks_deleted_behind_our_back_are_repaired,
    an_app_that_was_deleted_is_made_anew_without_anybody_asking,
    an_app_that_leads_to_somebody_else_is_left_alone_until_somebody_asks,
    a_token_is_changed_under_calls_without_one_refused_webhook,
    a_change_of_the_token_survives_a_server_that_dies_at_any_step,
    a_token_changed_in_the_console_is_recognised_and_named_and_nobody_is_locked_out,
    credentials_of_another_region_are_told_and_a_region_of_its_own_takes_calls,
    a_number_whose_door_fails_is_asked_again_by_its_fallback,
}

/// What the carrier has, by its own REST face.
async fn carrier(stage: &Stage, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!(
        "{}/2010-04-01/Accounts/{ACCOUNT}{path}.json",
        stage.sandbox.url()
    );
    let request = match method {
        "POST" => stage.http.post(url).form(form),
        "DELETE" => stage.http.delete(url),
        _ => stage.http.get(url),
    };
    let answer = request
        .basic_auth(ACCOUNT, Some(TOKEN))
        .send()
        .await
        .expect("the carrier");
    (
        answer.status().as_u16(),
        answer.json().await.unwrap_or(Value::Null),
    )
}

async fn number_at_carrier(stage: &Stage) -> Value {
    let (_, list) = carrier(stage, "GET", "/IncomingPhoneNumbers", &[]).await;
    list["incoming_phone_numbers"][0].clone()
}

async fn drift(stage: &Stage) -> Value {
    let report = stage.owner_gets("/carrier/drift").await;
    stage.settle().await;
    report
}

/// What is wrong, by the last words of the items' ids.
fn wrong(report: &Value) -> Vec<String> {
    let items = report["items"].as_array().cloned().unwrap_or_default();
    let wrong = items.iter().filter(|item| item["ok"] == false);
    let names = wrong.map(|item| item["id"].as_str().unwrap_or_default().to_owned());
    names
        .map(|id| id.rsplit(':').next().unwrap_or_default().to_owned())
        .collect()
}

async fn repairs(stage: &Stage) -> Value {
    let (status, report) = stage.owner_asks("POST", "/carrier/repair", json!({})).await;
    assert_eq!(status, 200, "{report}");
    stage.settle().await;
    report
}

/// A token for a softphone: its claims and its header.
async fn token(stage: &Stage, agent: &Agent) -> (Value, Value) {
    let (status, body) = agent.posts(stage, "/softphone/token", json!({})).await;
    assert_eq!(status, 200, "{body}");
    let parts: Vec<&str> = body["token"]
        .as_str()
        .expect("a token")
        .split('.')
        .collect();
    let read = |part: &str| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("claims")
    };
    let mut claims = read(parts[1]);
    claims["edge"] = body["edge"].clone();
    (claims, read(parts[0]))
}

async fn app_of(stage: &Stage, agent: &Agent) -> String {
    let (claims, _) = token(stage, agent).await;
    let app = claims["grants"]["voice"]["outgoing"]["application_sid"].as_str();
    app.expect("an App").to_owned()
}

/// A caller who is taken by an agent and hangs up; the device goes by this App.
async fn talks(stage: &Stage, agent: &Agent, account: &str, app: &str) {
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(9).await;
    let call = agent.accepts(stage).await;
    let params = vec![("call_id".to_owned(), call)];
    stage
        .sandbox
        .silent_device(account, &agent.identity, app, params);
    stage.run(5).await;
    let now = stage.newest_call().await;
    assert_eq!(now["status"], "in-progress", "{}", stage.tale().await);
    caller.hangs_up().await;
    stage.run(40).await;
    stage.call_is("completed", Some("answered")).await;
}

fn refused_webhooks(stage: &Stage) -> usize {
    let refused = stage
        .webhooks("/webhooks/")
        .into_iter()
        .filter(|sent| sent.status == Some(403));
    refused.count()
}

async fn an_app_and_webhooks_deleted_behind_our_back_are_repaired(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let before = drift(&stage).await;
    assert_eq!(wrong(&before), Vec::<String>::new(), "{before}");
    carrier(&stage, "DELETE", &format!("/Applications/{APP}"), &[]).await;
    let sid = number_at_carrier(&stage).await["sid"]
        .as_str()
        .expect("a sid")
        .to_owned();
    let blank = [
        ("VoiceUrl", ""),
        ("VoiceFallbackUrl", ""),
        ("StatusCallback", ""),
    ];
    let (status, body) = carrier(
        &stage,
        "POST",
        &format!("/IncomingPhoneNumbers/{sid}"),
        &blank,
    )
    .await;
    assert_eq!(status, 200, "{body}");

    let found = drift(&stage).await;
    let names = wrong(&found);
    assert!(
        names.contains(&"voice_url".to_owned()) && names.contains(&"status_callback".to_owned()),
        "{found}"
    );
    assert_eq!(names.len(), 3, "the App too: {found}");
    let repaired = repairs(&stage).await;
    assert_eq!(repaired["ok"], true, "{repaired}");
    let number = number_at_carrier(&stage).await;
    for (field, door) in [
        ("voice_url", "voice#rc=2"),
        ("voice_fallback_url", "fallback#rc=2"),
        ("status_callback", "status#rc=5"),
    ] {
        let url = number[field].as_str().unwrap_or_default();
        assert!(
            url.contains(&format!("/webhooks/twilio/{door}")),
            "{field}: {url}"
        );
    }
    let app = app_of(&stage, &ana).await;
    assert_ne!(app, APP);
    let (_, made) = carrier(&stage, "GET", &format!("/Applications/{app}"), &[]).await;
    let name = made["friendly_name"].as_str().expect("a name");
    assert!(
        name.starts_with("Offhook ") && name.contains("org_") && name.len() <= 64,
        "{name}"
    );
    talks(&stage, &ana, ACCOUNT, &app).await;

    // A trunk and an App on the number make its address a dead letter; one click takes both away.
    let taken = [("VoiceApplicationSid", app.as_str())];
    carrier(
        &stage,
        "POST",
        &format!("/IncomingPhoneNumbers/{sid}"),
        &taken,
    )
    .await;
    let found = drift(&stage).await;
    assert!(wrong(&found).contains(&"app".to_owned()), "{found}");
    assert_eq!(repairs(&stage).await["ok"], true);
    talks(&stage, &ana, ACCOUNT, &app).await;
    let again = repairs(&stage).await;
    assert_eq!(again["ok"], true);
    assert_eq!(app_of(&stage, &ana).await, app, "never a second one");
    stage.end().await;
}

async fn an_app_that_was_deleted_is_made_anew_without_anybody_asking(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    assert_eq!(app_of(&stage, &ana).await, APP);
    carrier(&stage, "DELETE", &format!("/Applications/{APP}"), &[]).await;
    stage.run(660).await;
    // This token still names the old one: nobody waits for the carrier. The next one does not.
    app_of(&stage, &ana).await;
    stage.run(5).await;
    let app = app_of(&stage, &ana).await;
    assert_ne!(app, APP);
    assert_eq!(wrong(&drift(&stage).await), Vec::<String>::new());
    talks(&stage, &ana, ACCOUNT, &app).await;
    stage.end().await;
}

async fn an_app_that_leads_to_somebody_else_is_left_alone_until_somebody_asks(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let theirs = [("VoiceUrl", "https://crm.example.com/voice")];
    carrier(&stage, "POST", &format!("/Applications/{APP}"), &theirs).await;
    let (status, saved) = stage
        .owner_asks("PUT", "/carrier", json!({ "auth_token": TOKEN }))
        .await;
    assert_eq!(status, 200, "{saved}");
    assert_eq!(saved["verdict"]["ok"], false, "{saved}");
    let voice = async |app: &str| {
        let (_, app) = carrier(&stage, "GET", &format!("/Applications/{app}"), &[]).await;
        app["voice_url"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(voice(APP).await, theirs[0].1);
    assert_eq!(repairs(&stage).await["ok"], true);
    assert_eq!(voice(APP).await, theirs[0].1, "it is theirs");
    let app = app_of(&stage, &ana).await;
    assert!(voice(&app).await.starts_with(&stage.url));
    stage.end().await;
}

async fn a_token_is_changed_under_calls_without_one_refused_webhook(engine: Engine) {
    let (stage, [ana, ben]) = Stage::with(engine, ["ana", "ben"]).await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(9).await;
    let (talk, _) = ana.takes(&stage).await;
    let (status, begun) = stage.owner_asks("POST", "/carrier/rotate", json!({})).await;
    assert_eq!(status, 202, "{begun}");
    let again = stage.owner_asks("POST", "/carrier/rotate", json!({})).await;
    assert_eq!(
        again.1["rotation"]["started_at"], begun["rotation"]["started_at"],
        "one at a time"
    );
    // Callers come in before, while and after the second token takes the first one's place.
    for turn in 0..6 {
        let caller = stage.phone(&format!("+1415555015{turn}"));
        caller.dials(MAIN).await;
        stage.run(7).await;
        caller.hangs_up().await;
        stage.settle().await;
    }
    let rotation = stage.owner_gets("/carrier/rotation").await;
    assert_eq!(rotation["state"], "done", "{rotation}");
    let steps: Vec<_> = rotation["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| step["name"].clone())
        .collect();
    assert_eq!(
        steps,
        ["create", "store", "promote", "verify", "keys"],
        "{rotation}"
    );
    let signs = stage
        .sandbox
        .engine(|engine, _| engine.account(ACCOUNT).expect("it").auth_token.clone());
    assert_ne!(signs, TOKEN);
    ana.does(&stage, &talk, "hangup").await;
    let (call, _) = ben.calls(&stage, "+14155550199").await;
    stage.run(5).await;
    ben.does(&stage, &call, "hangup").await;
    stage.run(30).await;
    assert_eq!(refused_webhooks(&stage), 0, "{}", stage.tale().await);
    assert_eq!(wrong(&drift(&stage).await), Vec::<String>::new());
    stage.end().await;
}

async fn a_change_of_the_token_survives_a_server_that_dies_at_any_step(engine: Engine) {
    let deaths = [
        ("AuthTokens/Secondary", Dies::Before),
        ("AuthTokens/Secondary", Dies::After),
        ("AuthTokens/Promote", Dies::Before),
        ("AuthTokens/Promote", Dies::After),
    ];
    let (mut stage, [_]) = Stage::on_lines(engine, ["ana"]).await;
    let mut before = TOKEN.to_owned();
    for (words, dies) in deaths {
        let death = stage.lines().carrier.dies_at(Way::There, words, dies);
        let (status, begun) = stage.owner_asks("POST", "/carrier/rotate", json!({})).await;
        assert_eq!(status, 202, "{begun}");
        stage.runs_until(death).await;
        stage.kill().await;
        stage.start().await;
        let caller = stage.phone(CUSTOMER);
        caller.dials(MAIN).await;
        stage.run(90).await;
        caller.hangs_up().await;
        stage.run(5).await;
        let rotation = stage.owner_gets("/carrier/rotation").await;
        assert_eq!(rotation["state"], "done", "{words} {dies:?}: {rotation}");
        let signs = stage
            .sandbox
            .engine(|engine, _| engine.account(ACCOUNT).expect("it").auth_token.clone());
        assert_ne!(signs, before, "{words} {dies:?}");
        before = signs;
        assert_eq!(
            refused_webhooks(&stage),
            0,
            "{words} {dies:?}: {}",
            stage.tale().await
        );
        assert_eq!(wrong(&drift(&stage).await), Vec::<String>::new());
    }
    stage.end().await;
}

async fn a_token_changed_in_the_console_is_recognised_and_named_and_nobody_is_locked_out(
    engine: Engine,
) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let fresh = stage.sandbox.engine(|engine, now| {
        engine
            .create_secondary_token(now, ACCOUNT)
            .expect("a second token");
        engine
            .promote_token(now, ACCOUNT)
            .expect("the first token")
            .auth_token
    });
    let caller = stage.phone(CUSTOMER);
    caller.dials(MAIN).await;
    stage.run(5).await;
    assert!(
        refused_webhooks(&stage) > 0,
        "nobody can tell who sent them"
    );
    let shown = stage.owner_gets("/carrier").await;
    assert!(shown["token_refused_since"].is_string(), "{shown}");
    let report = drift(&stage).await;
    assert_eq!(wrong(&report), ["token"]);
    assert!(
        report.to_string().contains("changed in Twilio's console"),
        "{report}"
    );
    ana.gets(&stage, "/offers").await;

    let (status, refusal) = stage
        .owner_asks("PUT", "/carrier", json!({ "auth_token": "nonsense" }))
        .await;
    assert_eq!(
        (status, &refusal["code"], &refusal["field"]),
        (422, &json!("carrier_refused"), &json!("auth_token"))
    );
    let (status, saved) = stage
        .owner_asks("PUT", "/carrier", json!({ "auth_token": fresh }))
        .await;
    assert_eq!(
        (
            status,
            &saved["verdict"]["ok"],
            &saved["token_refused_since"]
        ),
        (200, &json!(true), &Value::Null),
        "{saved}"
    );
    assert_eq!(wrong(&drift(&stage).await), Vec::<String>::new());
    stage.run(60).await;
    let app = app_of(&stage, &ana).await;
    talks(&stage, &ana, ACCOUNT, &app).await;
    stage.end().await;
}

async fn credentials_of_another_region_are_told_and_a_region_of_its_own_takes_calls(
    engine: Engine,
) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let abroad = json!({ "region": "ie1", "auth_token": TOKEN });
    let (status, refusal) = stage.owner_asks("PUT", "/carrier", abroad).await;
    assert_eq!(
        (status, &refusal["reason"], &refusal["field"]),
        (422, &json!("other_region"), &json!("region"))
    );
    assert!(
        refusal["detail"]
            .as_str()
            .unwrap_or_default()
            .contains("the United States (us1)"),
        "{refusal}"
    );
    let items = stage.owner_gets("/carrier/accounts").await;
    assert_eq!(
        items["items"].as_array().map(Vec::len),
        Some(1),
        "nothing was saved"
    );

    let irish = stage.sandbox.engine(|engine, now| {
        let opened = engine.open_region(now, ACCOUNT, "ie1", None, BTreeMap::new());
        opened.expect("a record in Ireland").auth_token
    });
    let abroad = json!({ "region": "ie1", "auth_token": irish });
    let (status, saved) = stage.owner_asks("PUT", "/carrier", abroad).await;
    assert_eq!(
        (status, &saved["verdict"]["ok"], &saved["in_use"]),
        (200, &json!(true), &json!(false)),
        "{saved}"
    );
    let (claims, header) = token(&stage, &ana).await;
    assert_eq!(
        (&header["twr"], &claims["edge"]),
        (&Value::Null, &Value::Null)
    );
    let id = saved["id"].as_str().expect("an id");
    let (status, used) = stage
        .owner_asks("POST", &format!("/carrier/accounts/{id}/use"), json!({}))
        .await;
    assert_eq!(status, 200, "{used}");
    let (claims, header) = token(&stage, &ana).await;
    assert_eq!(
        (&header["twr"], &claims["edge"]),
        (&json!("ie1"), &json!("dublin"))
    );
    let app = claims["grants"]["voice"]["outgoing"]["application_sid"]
        .as_str()
        .expect("an App");
    assert_ne!(app, APP, "each region has Apps of its own");

    // The number's calls are still handled in the US, where no softphone is any more.
    let report = drift(&stage).await;
    assert_eq!(wrong(&report), ["region"], "{report}");
    let repaired = repairs(&stage).await;
    assert_eq!(repaired["ok"], true, "{repaired}");
    talks(&stage, &ana, &format!("{ACCOUNT}@ie1"), app).await;
    assert_eq!(refused_webhooks(&stage), 0, "{}", stage.tale().await);
    stage.end().await;
}

async fn a_number_whose_door_fails_is_asked_again_by_its_fallback(engine: Engine) {
    let (stage, [ana]) = Stage::with(engine, ["ana"]).await;
    let sid = number_at_carrier(&stage).await["sid"]
        .as_str()
        .expect("a sid")
        .to_owned();
    let fallback = format!("{}/webhooks/twilio/fallback", stage.url);
    let gone = format!("{}/webhooks/twilio/nowhere", stage.url);
    let broken = [
        ("VoiceUrl", gone.as_str()),
        ("VoiceFallbackUrl", fallback.as_str()),
    ];
    carrier(
        &stage,
        "POST",
        &format!("/IncomingPhoneNumbers/{sid}"),
        &broken,
    )
    .await;
    stage.phone(CUSTOMER).dials(MAIN).await;
    stage.run(10).await;
    let asked = stage.webhooks("/fallback");
    assert!(
        asked
            .iter()
            .all(|sent| sent.status == Some(200) && sent.body.contains("<Play>")),
        "{asked:?}"
    );
    assert_eq!(
        asked.len(),
        1,
        "an address that is none of ours is apologised for once"
    );
    assert!(ana.offers(&stage).await.is_empty());
    stage.end().await;
}
