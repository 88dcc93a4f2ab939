//! Device SDK: our live events in the shapes of its document.

use offhook_store::events::Event;
use serde_json::{Map, Value, json};

use crate::auth::Identity;

/// The event as the document writes it; `None` for one that it does not know. The fields stand in the message itself and, for
/// front ends that look there, in its `data`.
pub(super) fn documented(event: &Event, to: &Identity) -> Option<Value> {
    let call = &event.data["call"];
    let fields = match event.kind.as_str() {
        "incoming_call" => incoming(&event.data["offer"], call, to),
        "call_status_update" => update(call),
        _ => return None,
    };
    let mut said = Map::from_iter([
        ("type".to_owned(), json!(event.kind)),
        ("timestamp".to_owned(), json!(event.at)),
        ("data".to_owned(), Value::Object(fields.clone())),
    ]);
    said.extend(fields);
    Some(Value::Object(said))
}

fn incoming(offer: &Value, call: &Value, to: &Identity) -> Map<String, Value> {
    let from = call["from_number"].as_str().unwrap_or_default();
    let name = call["contact"]["name"].as_str();
    let said = json!({
        "notification_id": offer["id"],
        "title": "Incoming call",
        "message": format!("Call from {}", name.unwrap_or(from)),
        "from_number": from,
        "to_number": call["to_number"],
        "call_sid": sid(call),
        "contact_id": call["contact"]["id"],
        "contact_name": name,
        "call_id": call["id"],
        "user_id": to.user,
        "company_id": to.org,
        "status": "ringing",
        "state": "ringing",
    });
    object(said)
}

fn update(call: &Value) -> Map<String, Value> {
    let duration = call["talk_seconds"].as_i64().unwrap_or(0);
    let said = json!({
        "call_id": call["id"],
        "call_sid": sid(call),
        "status": call["status"],
        "state": state(call),
        "duration": duration,
        "direction": call["direction"],
        "from_number": call["from_number"],
        "to_number": call["to_number"],
        "user_id": call["agent"]["id"],
    });
    object(said)
}

fn object(said: Value) -> Map<String, Value> {
    match said {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The leg that the front end knows: the caller's, or its own device's.
fn sid(call: &Value) -> Value {
    let role = match call["direction"].as_str() {
        Some("inbound") => "customer",
        _ => "agent",
    };
    let legs = call["legs"].as_array().into_iter().flatten();
    let mut theirs = legs.filter(|leg| leg["role"] == role);
    theirs.next().map_or(Value::Null, |leg| leg["sid"].clone())
}

/// What the document's pop-up shows: `ringing` is Calling, `connecting` is what comes between that and the talk.
fn state(call: &Value) -> &'static str {
    let inbound = call["direction"] == "inbound";
    match call["phase"].as_str().unwrap_or_default() {
        "connecting" if inbound || call["customer_status"] == "ringing" => "connecting",
        "waiting" | "offered" | "connecting" => "ringing",
        "connected" | "on_hold" => "connected",
        _ => "ended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_follow_each_other_as_the_document_draws_them() {
        let call = |direction: &str, phase: &str, customer: Value| json!({ "direction": direction, "phase": phase, "customer_status": customer });
        let outgoing = [
            call("outbound", "connecting", Value::Null),
            call("outbound", "connecting", json!("ringing")),
            call("outbound", "connected", json!("in-progress")),
            call("outbound", "wrap_up", json!("completed")),
        ];
        assert_eq!(
            outgoing.each_ref().map(state),
            ["ringing", "connecting", "connected", "ended"]
        );
        let incoming = [
            call("inbound", "offered", json!("in-progress")),
            call("inbound", "connecting", json!("in-progress")),
            call("inbound", "connected", json!("in-progress")),
            call("inbound", "ended", json!("completed")),
        ];
        assert_eq!(
            incoming.each_ref().map(state),
            ["ringing", "connecting", "connected", "ended"]
        );
    }

    #[test]
    fn a_call_is_known_by_the_leg_that_the_front_end_knows() {
        let legs = json!([{ "role": "agent", "sid": "CAa" }, { "role": "customer", "sid": "CAc" }]);
        assert_eq!(sid(&json!({ "direction": "inbound", "legs": legs })), "CAc");
        assert_eq!(
            sid(&json!({ "direction": "outbound", "legs": legs })),
            "CAa"
        );
        assert_eq!(sid(&json!({ "direction": "outbound" })), Value::Null);
    }
}
