//! A server behind a public address that leads to it, or does not; and a carrier in perfect health, until a story spoils something.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::calls::carrier::{Asked, Carrier};
use crate::support::{Place, TestApp};

/// What answers at the public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front {
    /// The server itself.
    Through,
    /// A host that knows a better address.
    Redirects,
    /// Somebody else.
    Stranger,
    /// A proxy that writes queries anew.
    SpoilsQueries,
    /// A proxy that lets no socket through.
    NoSockets,
}

/// A server, its public address and its carrier.
pub(crate) struct Public {
    pub(crate) t: TestApp,
    pub(crate) carrier: Carrier,
    front: Arc<Mutex<Front>>,
}

/// Both engines, where there are both.
pub(crate) async fn places() -> Vec<Place> {
    let mut places = vec![Place::sqlite().await];
    places.extend(Place::postgres().await);
    places
}

impl Public {
    pub(crate) async fn at(place: Place) -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let t = TestApp::under(place, &url).await;
        let front = Arc::new(Mutex::new(Front::Through));
        let behind = (Arc::clone(&front), t.router.clone());
        let router = Router::new().fallback(answer).with_state(behind);
        let stop = t.app.stop.clone();
        tokio::spawn(async move {
            axum::serve(socket, router)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await
        });
        let carrier = Carrier::of(&t).await;
        let health = Health::of(&url);
        carrier.answers(move |asked, _| Some(health.answer(asked)));
        Self { t, carrier, front }
    }

    /// From now on this answers at the public address.
    pub(crate) fn front(&self, front: Front) {
        *self.front.lock().unwrap() = front;
    }

    /// The carrier answers otherwise where this says so.
    pub(crate) fn carrier_says(
        &self,
        otherwise: impl Fn(&Asked) -> Option<Response> + Send + Sync + 'static,
    ) {
        let health = Health::of(self.t.app.config.public_url.as_str());
        self.carrier.answers(move |asked, _| {
            Some(otherwise(asked).unwrap_or_else(|| health.answer(asked)))
        });
    }

    /// The carrier answers so at paths that end in these words.
    pub(crate) fn carrier_says_at(
        &self,
        words: &'static str,
        answer: impl Fn() -> Value + Send + Sync + 'static,
    ) {
        self.carrier_says(move |asked| {
            asked
                .path
                .ends_with(words)
                .then(|| axum::Json(answer()).into_response())
        });
    }

    pub(crate) async fn report(&self) -> Value {
        let admin = self.t.by(&self.t.ours.admin);
        super::examined(&self.t, &admin).await
    }

    /// The state of one check now.
    pub(crate) async fn state(&self, id: &str) -> String {
        let report = self.report().await;
        super::check(&report, id)["state"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

async fn answer(
    State((front, router)): State<(Arc<Mutex<Front>>, Router)>,
    mut request: Request,
) -> Response {
    let front = *front.lock().unwrap();
    match front {
        Front::Redirects => {
            return Redirect::permanent(&format!("https://www.example.com{}", request.uri()))
                .into_response();
        }
        Front::Stranger => return "Welcome to nginx!".into_response(),
        Front::NoSockets if request.uri().path().ends_with("/events") => {
            return StatusCode::BAD_REQUEST.into_response();
        }
        Front::SpoilsQueries => {
            let spoilt = request.uri().to_string().replace('+', "%20");
            *request.uri_mut() = spoilt.parse().unwrap();
        }
        Front::Through | Front::NoSockets => {}
    }
    router
        .oneshot(request)
        .await
        .unwrap_or_else(|never| match never {})
}

/// A carrier that is well.
struct Health {
    voice: String,
    status: String,
}

impl Health {
    fn of(public_url: &str) -> Self {
        let url = public_url.trim_end_matches('/');
        Self {
            voice: format!("{url}/webhooks/twilio/voice"),
            status: format!("{url}/webhooks/twilio/status"),
        }
    }

    fn answer(&self, asked: &Asked) -> Response {
        let (status, body) = self.said(asked);
        // Its clock is ours.
        let date = [(header::DATE, "Fri, 20 Nov 2026 09:00:00 GMT")];
        (status, date, axum::Json(body)).into_response()
    }

    fn said(&self, asked: &Asked) -> (StatusCode, Value) {
        let path = asked.path.as_str();
        let hooks = json!({
            "voice_url": self.voice, "voice_method": "POST", "status_callback": self.status, "status_callback_method": "POST",
            "voice_fallback_url": self.voice.replace("voice", "fallback"), "voice_fallback_method": "POST",
            "voice_receive_mode": "voice",
        });
        let with = |mut body: Value| {
            for (name, value) in hooks.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let number = || {
            with(json!({
                "sid": "PN00000000000000000000000000000001", "phone_number": "+14155550100", "friendly_name": "Main",
                "capabilities": {"voice": true, "sms": true, "mms": false}, "emergency_address_status": "unregistered",
            }))
        };
        let known = if path.ends_with("/Balance.json") {
            json!({"account_sid": "AC", "balance": "42.0000", "currency": "USD"})
        } else if path.contains("/Alerts") {
            json!({"alerts": [], "meta": {"key": "alerts", "next_page_url": null}})
        } else if path.ends_with("/Events.json") {
            json!({"events": [{"request": {"url": self.voice}, "response": {"response_code": 200, "request_duration": 40}}]})
        } else if path.contains("/Applications") {
            with(json!({"sid": "AP00000000000000000000000000000001", "friendly_name": "Offhook"}))
        } else if path.contains("/Keys") {
            json!({"sid": "SK00000000000000000000000000000001", "friendly_name": "Offhook"})
        } else if path.ends_with("/IncomingPhoneNumbers.json") {
            json!({"incoming_phone_numbers": [number()], "next_page_uri": null})
        } else if path.contains("/IncomingPhoneNumbers/") {
            number()
        } else if path.contains("/PhoneNumbers/") {
            return (
                StatusCode::NOT_FOUND,
                json!({"code": 20404, "message": "not routed", "status": 404}),
            );
        } else if path.ends_with("/Services") {
            json!({"services": [], "meta": {"key": "services"}})
        } else if path.ends_with("/Calls.json") && asked.method == Method::GET {
            json!({"calls": [], "next_page_uri": null})
        } else if path.ends_with("/Calls.json") {
            json!({"sid": "CA00000000000000000000000000000abc", "status": "queued"})
        } else {
            json!({"sid": "AC", "friendly_name": "Ours", "status": "active", "type": "Full"})
        };
        (StatusCode::OK, known)
    }
}
