//! G3, T-authz-matrix: every operation of the document, by nobody, by another organization, and by each role.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Person, TestApp, stories, world};

/// What the walk needs to know of an operation: the least role that may, and a body that gets past its fields.
struct Operation {
    method: &'static str,
    path: &'static str,
    least: &'static str,
    body: Value,
}

fn operation(
    method: &'static str,
    path: &'static str,
    least: &'static str,
    body: Value,
) -> Operation {
    Operation {
        method,
        path,
        least,
        body,
    }
}

/// Every operation stands here; one that is missing fails the walk.
fn operations() -> Vec<Operation> {
    let none = || json!({});
    let mut all = vec![
        operation("get", "/demo", "nobody", none()),
        operation(
            "post",
            "/session",
            "nobody",
            json!({"email": "a@b.example", "password": "x"}),
        ),
        operation("get", "/setup/{link}", "nobody", none()),
        operation("post", "/setup/{link}", "nobody", json!({"password": "x"})),
        operation("delete", "/session", "agent", none()),
        operation("get", "/me", "agent", none()),
        operation(
            "put",
            "/me/password",
            "agent",
            json!({"current": "x", "new": "y"}),
        ),
        operation("put", "/me/availability", "agent", json!({"state": "away"})),
        operation("get", "/events", "agent", none()),
        operation("get", "/events/poll", "agent", none()),
        operation("get", "/agents", "agent", none()),
        operation("get", "/organization", "agent", none()),
        operation("patch", "/organization", "admin", none()),
        operation("get", "/users", "admin", none()),
        operation(
            "post",
            "/users",
            "admin",
            json!({"email": "new@ours.example", "name": "New", "role": "agent"}),
        ),
        operation("get", "/users/{id}", "admin", none()),
        operation("patch", "/users/{id}", "admin", none()),
        operation("post", "/users/{id}/reset", "admin", none()),
        operation("get", "/contacts", "agent", none()),
        operation("post", "/contacts", "agent", json!({"name": "Ada"})),
        operation("get", "/contacts/export", "supervisor", none()),
        operation("get", "/contacts/{id}", "agent", none()),
        operation("patch", "/contacts/{id}", "agent", none()),
        operation("delete", "/contacts/{id}", "supervisor", none()),
        operation("get", "/queues", "agent", none()),
        operation("post", "/queues", "admin", json!({"name": "sales"})),
        operation("get", "/queues/{id}", "agent", none()),
        operation("patch", "/queues/{id}", "admin", none()),
        operation("delete", "/queues/{id}", "admin", none()),
        operation(
            "put",
            "/queues/{id}/members",
            "admin",
            json!({"agents": []}),
        ),
        operation("get", "/queues/{id}/waiting", "agent", none()),
        operation("get", "/api-keys", "admin", none()),
        operation("post", "/api-keys", "admin", json!({"name": "Key"})),
        operation("delete", "/api-keys/{id}", "admin", none()),
        operation("get", "/audit", "admin", none()),
    ];
    all.extend(number_operations());
    all.extend(carrier_operations());
    all.extend(doctor_operations());
    all.extend(call_operations());
    all
}

/// Phone numbers, and getting some.
fn number_operations() -> Vec<Operation> {
    let none = || json!({});
    vec![
        operation("get", "/numbers", "agent", none()),
        operation(
            "post",
            "/numbers",
            "admin",
            json!({"number": "+14155550999"}),
        ),
        operation("get", "/numbers/countries", "admin", none()),
        operation("get", "/numbers/available", "admin", none()),
        operation("get", "/numbers/orders", "admin", none()),
        operation("get", "/numbers/importable", "admin", none()),
        operation(
            "post",
            "/numbers/import",
            "admin",
            json!({"sids": ["PN00000000000000000000000000000001"]}),
        ),
        operation(
            "post",
            "/numbers/purchase",
            "admin",
            json!({"number": "+14155550188"}),
        ),
        operation(
            "post",
            "/numbers/{id}/release",
            "admin",
            json!({"confirm": "no"}),
        ),
        operation("get", "/caller-ids", "admin", none()),
        operation(
            "post",
            "/caller-ids",
            "admin",
            json!({"number": "+14155550177"}),
        ),
        operation("delete", "/caller-ids/{sid}", "admin", none()),
        operation("get", "/agents/{id}/calling", "agent", none()),
        operation("put", "/agents/{id}/calling", "admin", none()),
        operation("get", "/numbers/{id}", "agent", none()),
        operation("patch", "/numbers/{id}", "admin", none()),
        operation("delete", "/numbers/{id}", "admin", none()),
    ]
}

/// The accounts at the carrier.
fn carrier_operations() -> Vec<Operation> {
    let none = || json!({});
    vec![
        operation("get", "/carrier", "admin", none()),
        operation("put", "/carrier", "admin", none()),
        operation("get", "/carrier/accounts", "admin", none()),
        operation("put", "/carrier/accounts/{id}", "admin", none()),
        operation("post", "/carrier/accounts/{id}/use", "admin", none()),
        operation("delete", "/carrier/accounts/{id}", "admin", none()),
        operation("get", "/carrier/drift", "admin", none()),
        operation("post", "/carrier/repair", "admin", none()),
        operation("post", "/carrier/rotate", "admin", none()),
        operation("get", "/carrier/rotation", "admin", none()),
    ]
}

/// The doctor and the wizard.
fn doctor_operations() -> Vec<Operation> {
    let none = || json!({});
    vec![
        operation("get", "/doctor", "admin", none()),
        operation("post", "/doctor/run", "admin", none()),
        operation("post", "/doctor/repair", "admin", none()),
        operation("post", "/doctor/test-call", "admin", none()),
        operation("post", "/doctor/callback", "admin", none()),
        operation(
            "post",
            "/doctor/browser",
            "agent",
            json!({"checks": [{"name": "microphone", "ok": true}]}),
        ),
        operation("get", "/setup-progress", "admin", none()),
    ]
}

/// Calls, offers, voicemails and the softphone.
fn call_operations() -> Vec<Operation> {
    let none = || json!({});
    vec![
        operation("get", "/calls", "agent", none()),
        operation("get", "/calls/export", "supervisor", none()),
        operation("get", "/call-events", "admin", none()),
        operation("get", "/calls/{id}", "agent", none()),
        operation("patch", "/calls/{id}", "agent", none()),
        operation("get", "/voicemails", "agent", none()),
        operation("patch", "/voicemails/{id}", "agent", json!({"heard": true})),
        operation("post", "/calls", "agent", none()),
        operation("post", "/calls/{id}/join", "agent", none()),
        operation("post", "/calls/{id}/hold", "agent", none()),
        operation("post", "/calls/{id}/resume", "agent", none()),
        operation("post", "/calls/{id}/record/pause", "agent", none()),
        operation("post", "/calls/{id}/record/resume", "agent", none()),
        operation("post", "/calls/{id}/hangup", "agent", none()),
        operation("get", "/calls/{id}/recordings/{rid}/audio", "agent", none()),
        operation("get", "/calls/{id}/recordings/{rid}/peaks", "agent", none()),
        operation("get", "/offers", "agent", none()),
        operation("post", "/offers/{id}/decline", "agent", none()),
        operation("post", "/offers/{id}/accept", "agent", none()),
        operation("post", "/softphone/token", "agent", none()),
        operation("post", "/carrier/test", "admin", none()),
    ]
}

/// Ids of the organization that others must not reach, by the path's first part.
async fn ids(t: &TestApp) -> BTreeMap<&'static str, String> {
    let admin = t.by(&t.ours.admin);
    let first = async |path: &str| {
        admin.get(path).await.ok(200)["items"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    admin
        .post("/api-keys", json!({"name": "Key"}))
        .await
        .ok(201);
    let call = world::ended_call(&t.app, &t.ours).await;
    BTreeMap::from([
        ("users", t.ours.agent.id.clone()),
        (
            "contacts",
            world::contact(&admin, "Ada", "+14155550142").await,
        ),
        ("agents", t.ours.agent.id.clone()),
        ("numbers", first("/numbers").await),
        ("queues", first("/queues").await),
        ("api-keys", first("/api-keys").await),
        ("carrier", first("/carrier/accounts").await),
        ("calls", call.call),
        ("voicemails", call.voicemail),
        ("recordings", call.recording),
        ("offers", world::offered_call(&t.app, &t.ours).await),
    ])
}

fn filled(path: &str, ids: &BTreeMap<&'static str, String>) -> String {
    let resource = path.split('/').nth(1).unwrap_or_default();
    let id = ids.get(resource).map_or("none", String::as_str);
    path.replace("{id}", id)
        .replace("{link}", "ohl_none")
        .replace("{sid}", "PN00000000000000000000000000000009")
        .replace("{rid}", &ids["recordings"])
}

fn method(word: &str) -> Method {
    word.to_uppercase().parse().unwrap()
}

fn rank(role: &str) -> usize {
    ["nobody", "agent", "supervisor", "admin", "owner"]
        .iter()
        .position(|r| *r == role)
        .unwrap()
}

async fn status(t: &TestApp, person: Option<&Person>, operation: &Operation, path: &str) -> u16 {
    let client = person.map_or_else(|| t.nobody(), |person| t.by(person));
    let body = (operation.method != "get").then(|| operation.body.clone());
    let request = client.send(method(operation.method), path, body);
    t.while_time_passes(request).await.status.as_u16()
}

#[test]
fn the_matrix_names_every_operation_and_no_other() {
    let document: Value = serde_json::from_str(&offhook_server::openapi_json()).unwrap();
    let mut in_document: Vec<String> = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        in_document.extend(
            item.as_object()
                .unwrap()
                .keys()
                .map(|method| format!("{method} {path}")),
        );
    }
    let mut in_matrix: Vec<String> = operations()
        .iter()
        .map(|o| format!("{} {}", o.method, o.path))
        .collect();
    in_document.sort();
    in_matrix.sort();
    assert_eq!(in_matrix, in_document);
}

stories! {
    async fn t_authz_matrix_nobody_gets_401_before_any_other_check(t: &TestApp) {
        let ids = ids(t).await;
        for operation in operations().iter().filter(|o| o.least != "nobody") {
            for path in [filled(operation.path, &ids), operation.path.replace("{id}", "nonsense")] {
                let got = status(t, None, operation, &path).await;
                assert_eq!(got, 401, "{} {path}", operation.method);
            }
            let stale = t.nobody().bearer("ohs_stale").send(method(operation.method), &filled(operation.path, &ids), None).await;
            assert_eq!(stale.status, 401, "{} {}", operation.method, operation.path);
        }
    }

    async fn t_authz_matrix_a_lower_role_gets_403(t: &TestApp) {
        let ids = ids(t).await;
        for operation in operations().iter().filter(|o| o.least != "nobody") {
            for (role, person) in t.ours.roles().iter().filter(|(role, _)| rank(role) < rank(operation.least)) {
                let got = status(t, Some(person), operation, &filled(operation.path, &ids)).await;
                assert_eq!(got, 403, "{} {} by {role}", operation.method, operation.path);
            }
        }
    }

    async fn t_authz_matrix_the_least_role_is_not_refused(t: &TestApp) {
        let ids = ids(t).await;
        let last = |o: &&Operation| o.path == "/session";
        for operation in operations().iter().filter(|o| o.least != "nobody" && !last(o)) {
            let (_, person) = t.ours.roles()[rank(operation.least) - 1];
            let got = status(t, Some(person), operation, &filled(operation.path, &ids)).await;
            // Some ask the carrier, which is not there in this walk: that is 502.
            assert!(!matches!(got, 401 | 403 | 500 | 501 | 503..), "{} {}: {got}", operation.method, operation.path);
        }
    }

    /// Invariant 6: another organization's ids do not exist.
    async fn isolation_another_organizations_ids_are_404_on_every_route(t: &TestApp) {
        let ids = ids(t).await;
        for operation in operations().iter().filter(|o| o.path.contains("{id}")) {
            let path = filled(operation.path, &ids);
            let got = status(t, Some(&t.theirs.owner), operation, &path).await;
            assert_eq!(got, 404, "{} {path}", operation.method);
        }
        let lists = operations();
        let ours: Vec<&String> = ids.values().collect();
        for operation in lists.iter().filter(|o| o.method == "get" && !o.path.contains('{') && o.path != "/events") {
            let client = t.by(&t.theirs.owner);
            let text = t.while_time_passes(client.get(operation.path)).await.text;
            let leaked = ours.iter().find(|id| text.contains(id.as_str()));
            assert!(leaked.is_none(), "{} shows {leaked:?} of another organization", operation.path);
        }
    }
}
