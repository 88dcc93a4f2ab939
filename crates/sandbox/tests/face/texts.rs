//! Messages and Messaging Services as a plain HTTP client sees them.

use serde_json::{Value, json};

use crate::support::{AC, NUMBER, Rest, TOKEN, sid};

const PHONE: &str = "+14155550130";
const SERVICES: &str = "/messaging.twilio.com/v1/Services";

async fn delivered(rest: &Rest, message: &str) -> Value {
    let one = format!("Messages/{message}.json");
    rest.until("the message arrives", async || {
        rest.get(&one).await["status"] == "delivered"
    })
    .await;
    rest.get(&one).await
}

/// Every route of messages and services, once.
pub(crate) async fn every_route(rest: &Rest) {
    let picture = format!("{}/sandbox/v1/personas/persona-1/audio", rest.sandbox.url());
    let form = [
        ("To", PHONE),
        ("From", NUMBER),
        ("Body", "Hello"),
        ("MediaUrl", &picture),
    ];
    let made = rest.post("Messages.json", &form).await;
    assert_eq!(
        (&made["status"], &made["num_media"]),
        (&json!("queued"), &json!("1"))
    );
    let message = sid(&made);
    let one = format!("Messages/{message}");
    delivered(rest, &message).await;
    rest.get("Messages.json").await;
    let files = rest.get(&format!("{one}/Media.json")).await;
    let file = sid(&files["media_list"][0]);
    let known = rest.get(&format!("{one}/Media/{file}.json")).await;
    assert_eq!(known["content_type"], "audio/wav");
    rest.post(&format!("{one}/Feedback.json"), &[("Outcome", "confirmed")])
        .await;
    assert_eq!(rest.delete(&format!("{one}/Media/{file}.json")).await, 204);
    let redacted = rest.post(&format!("{one}.json"), &[("Body", "")]).await;
    assert_eq!(redacted["body"], "");
    assert_eq!(rest.delete(&format!("{one}.json")).await, 204);

    let form = [("FriendlyName", "Shop".to_owned())];
    let service = sid(&rest.product("POST", SERVICES, &form).await.1);
    let own = format!("{SERVICES}/{service}");
    rest.product("GET", SERVICES, &[]).await;
    rest.product("GET", &own, &[]).await;
    rest.product("POST", &own, &[("StickySender", "false".into())])
        .await;
    let number = sid(&rest.get("IncomingPhoneNumbers.json").await["incoming_phone_numbers"][0]);
    let numbers = format!("{own}/PhoneNumbers");
    let form = [("PhoneNumberSid", number.clone())];
    assert_eq!(rest.product("POST", &numbers, &form).await.0, 201);
    assert_eq!(rest.product("POST", &numbers, &form).await.0, 409);
    rest.product("GET", &numbers, &[]).await;
    let member = format!("{numbers}/{number}");
    rest.product("GET", &member, &[]).await;
    assert_eq!(rest.product("DELETE", &member, &[]).await.0, 204);
    assert_eq!(rest.product("DELETE", &own, &[]).await.0, 204);
}

#[tokio::test]
async fn a_phone_writes_with_a_picture_and_reads_what_is_sent_to_it() {
    let rest = Rest::start().await;
    let app = rest
        .app("<Response><Message>Nice picture</Message></Response>")
        .await;
    let number = sid(&rest.get("IncomingPhoneNumbers.json").await["incoming_phone_numbers"][0]);
    rest.post(
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[("SmsUrl", app.as_str())],
    )
    .await;
    let text = json!({
        "to": NUMBER, "body": "Look",
        "media": [{ "content_type": "image/png", "base64": "AQID" }],
    });
    let phone = "/sandbox/v1/phones/%2B14155550130";
    let written = rest.control("POST", &format!("{phone}/text"), text).await;
    let picture = written["media"][0]["url"].as_str().expect("an address");
    let bytes = reqwest::get(picture).await.expect("an answer");
    assert_eq!(bytes.headers()["content-type"], "image/png");
    assert_eq!(bytes.bytes().await.expect("bytes").as_ref(), [1, 2, 3]);
    let texts = "/sandbox/v1/texts?number=%2B14155550130";
    rest.until("the answer", async || {
        rest.control("GET", texts, Value::Null).await["texts"][1]["body"] == "Nice picture"
    })
    .await;
    let all = rest.get("Messages.json").await;
    let directions: Vec<&Value> = all["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| &message["direction"])
        .collect();
    assert_eq!(directions, ["outbound-reply", "inbound"]);
    let (status, _) = rest
        .with(
            AC,
            "wrong",
            "GET",
            &format!("/2010-04-01/Accounts/{AC}/Messages.json"),
            &[],
        )
        .await;
    assert_eq!(status, 401);
    assert_eq!(
        rest.status(AC, TOKEN, "GET", &format!("{SERVICES}/MG0"))
            .await,
        404
    );
    for wrong in [
        json!({ "to": NUMBER }),
        json!({ "to": "us", "body": "x" }),
        json!({ "to": NUMBER, "body": "x", "media": [{ "content_type": "a/b", "base64": "%" }] }),
    ] {
        let refused = rest
            .try_control("POST", &format!("{phone}/text"), &wrong)
            .await;
        assert_eq!(refused, Err(400), "{wrong}");
    }
    rest.control(
        "PUT",
        &format!("{phone}/texting"),
        json!({ "fails": 30003 }),
    )
    .await;
    let form = [("To", PHONE), ("From", NUMBER), ("Body", "Hello")];
    let lost = sid(&rest.post("Messages.json", &form).await);
    rest.until("it fails", async || {
        rest.get(&format!("Messages/{lost}.json")).await["error_code"] == 30003
    })
    .await;
    rest.end().await;
}
