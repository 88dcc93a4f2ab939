//! What the stories of front ends share that know of calls only by their devices: a device that dials, and one that is rung.

use axum::http::{Method, StatusCode};
use offhook_core::id::UserId;
use offhook_server::calls::identity::Identity;
use serde_json::Value;

use crate::calls::carrier::{path_of, quiet, webhook};
use crate::support::{Answer, Person, TestApp};

pub(super) const CALLER: &str = "CA123456000000000000000000000000c1";

/// An agent's name at the carrier.
pub(super) fn identity(t: &TestApp, who: &Person) -> String {
    let agent = UserId::parse(&who.id).unwrap();
    let org = t.ours.org.clone();
    Identity { org, agent }.name()
}

pub(super) async fn get(t: &TestApp, who: &Person, path: &str) -> Answer {
    t.by(who).raw(Method::GET, path, String::new()).await
}

/// An agent's device dials at this path; what else its front end says stands in `more`.
pub(super) async fn dials(
    t: &TestApp,
    who: &Person,
    path: &str,
    sid: &str,
    more: &[(&str, &str)],
) -> String {
    let from = format!("client:{}", identity(t, who));
    let mut fields = vec![
        ("CallSid", sid),
        ("From", from.as_str()),
        ("Caller", from.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    fields.extend(more);
    let answer = webhook(t, &t.ours, path, &fields).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    quiet(t).await;
    answer.text
}

/// Somebody calls our number at this path.
pub(super) async fn arrives(t: &TestApp, path: &str, sid: &str) -> String {
    let fields = [
        ("CallSid", sid),
        ("From", "+12345678901"),
        ("To", t.ours.number.as_str()),
        ("Direction", "inbound"),
        ("CallStatus", "ringing"),
    ];
    let answer = webhook(t, &t.ours, path, &fields).await.text;
    quiet(t).await;
    answer
}

/// The addresses in these attributes, in order.
pub(super) fn addresses(xml: &str, name: &str) -> Vec<String> {
    let begins = format!(" {name}=\"");
    let pieces = xml.split(begins.as_str()).skip(1);
    pieces
        .map(|piece| path_of(piece.split('"').next().unwrap()))
        .collect()
}

pub(super) fn attribute(xml: &str, name: &str) -> String {
    let found = addresses(xml, name);
    found
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("{name} in {xml}"))
}

/// The device of this identity: the address that it asks when it is taken up.
pub(super) fn way_of(xml: &str, identity: &str) -> String {
    let mut clients = xml.split("<Client").skip(1);
    let theirs = clients.find(|client| client.contains(identity));
    attribute(
        theirs.unwrap_or_else(|| panic!("{identity} in {xml}")),
        "url",
    )
}

pub(super) async fn leg(t: &TestApp, path: &str, sid: &str, status: &str, more: &[(&str, &str)]) {
    let mut fields = vec![("CallSid", sid), ("CallStatus", status)];
    fields.extend(more);
    let told = webhook(t, &t.ours, path, &fields).await;
    assert!(told.status.is_success(), "{} {}", told.status, told.text);
    quiet(t).await;
}

/// The carrier tells that a leg joined the room whose document this was.
pub(super) async fn joined(t: &TestApp, xml: &str, sid: &str, sequence: &str) {
    let fields = [
        ("ConferenceSid", "CF1"),
        ("StatusCallbackEvent", "participant-join"),
        ("CallSid", sid),
        ("ParticipantLabel", &attribute(xml, "participantLabel")),
        ("SequenceNumber", sequence),
    ];
    let callback = attribute(xml, "statusCallback");
    assert_eq!(webhook(t, &t.ours, &callback, &fields).await.status, 204);
    quiet(t).await;
}

pub(super) async fn calls(t: &TestApp) -> Vec<Value> {
    let list = t.by(&t.ours.owner).get("/calls").await.ok(200);
    list["items"].as_array().unwrap().clone()
}

pub(super) async fn presence(t: &TestApp, who: &Person) -> String {
    quiet(t).await;
    let agents = t.by(&t.ours.owner).get("/agents").await.ok(200);
    let agents = agents["items"].as_array().unwrap().clone();
    let found = agents.into_iter().find(|a| a["id"] == who.id.as_str());
    found.unwrap()["presence"]["state"]
        .as_str()
        .unwrap()
        .to_owned()
}
