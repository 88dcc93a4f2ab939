//! The courier against a small application on a real port.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use offhook_twilio::signature;

use super::Courier;
use crate::clock::Clock;
use crate::seam::{WebhookReply, WebhookRequest};

/// What the application saw: header `I-Twilio-Idempotency-Token`, signature, user agent, query, body.
type Seen = Arc<Mutex<Vec<(String, String, String, String, String)>>>;

#[derive(Clone, Default)]
struct App {
    seen: Seen,
    count: Arc<AtomicUsize>,
}

impl App {
    #[expect(clippy::unused_async, reason = "a handler")]
    async fn note(
        State(app): State<Self>,
        RawQuery(query): RawQuery,
        headers: HeaderMap,
        body: String,
    ) -> impl IntoResponse {
        let header = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        app.seen.lock().unwrap().push((
            header("i-twilio-idempotency-token"),
            header("x-twilio-signature"),
            header("user-agent"),
            query.unwrap_or_default(),
            body,
        ));
        (
            [(header::CONTENT_TYPE, "text/xml; charset=utf-8")],
            "<Response/>",
        )
    }

    #[expect(clippy::unused_async, reason = "a handler")]
    async fn fails_twice(State(app): State<Self>) -> StatusCode {
        if app.count.fetch_add(1, Ordering::SeqCst) < 2 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    }
}

async fn serve(app: App) -> String {
    let routes = Router::new()
        .route("/voice", any(App::note))
        .route("/fails-twice", any(App::fails_twice))
        .route("/moved", any(|| async { Redirect::to("/voice") }))
        .route("/loop", any(|| async { Redirect::to("/loop") }))
        .route("/large", get(|| async { "x".repeat(70_000) }))
        .route("/stuck", any(std::future::pending::<StatusCode>))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

fn request(method: &str, url: String) -> WebhookRequest {
    let params = vec![
        ("CallSid".to_owned(), "CA1".to_owned()),
        ("From".to_owned(), "+1 415".to_owned()),
    ];
    WebhookRequest {
        is_genuine: true,
        id: 1,
        account: "AC1".into(),
        method: method.into(),
        url,
        params,
    }
}

async fn deliver(
    courier: &Courier,
    method: &str,
    url: String,
) -> Result<WebhookReply, (u32, String)> {
    courier.deliver(request(method, url), "token").await.result
}

fn tries(courier: &Courier) -> usize {
    courier.sent()[0].attempts.len()
}

#[tokio::test]
async fn a_post_is_signed_with_the_address_without_its_fragment() {
    let app = App::default();
    let base = serve(app.clone()).await;
    let courier = Courier::new(Clock::Real);
    let reply = deliver(&courier, "POST", format!("{base}/voice?a=1#rc=2"))
        .await
        .unwrap();
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "text/xml")
    );
    let (_, signed, agent, query, body) = app.seen.lock().unwrap()[0].clone();
    assert_eq!(
        (agent.as_str(), query.as_str(), body.as_str()),
        ("TwilioProxy/1.1", "a=1", "CallSid=CA1&From=%2B1+415")
    );
    let params = request("POST", String::new()).params;
    assert!(signature::verify(
        "token",
        &format!("{base}/voice?a=1"),
        &params,
        &signed
    ));
    assert_eq!(courier.sent()[0].body, "<Response/>");
}

#[tokio::test]
async fn a_get_carries_its_parameters_in_the_signed_query() {
    let app = App::default();
    let base = serve(app.clone()).await;
    deliver(
        &Courier::new(Clock::Real),
        "GET",
        format!("{base}/voice?a=1"),
    )
    .await
    .unwrap();
    let (_, signed, _, query, body) = app.seen.lock().unwrap()[0].clone();
    assert_eq!(
        (query.as_str(), body.as_str()),
        ("a=1&CallSid=CA1&From=%2B1+415", "")
    );
    assert!(signature::verify(
        "token",
        &format!("{base}/voice?{query}"),
        &[],
        &signed
    ));
}

#[tokio::test]
async fn a_failed_connection_is_tried_once_more_and_a_bad_answer_is_not() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let courier = Courier::new(Clock::Real);
    let (code, _) = deliver(&courier, "POST", format!("http://{address}/voice"))
        .await
        .unwrap_err();
    assert_eq!((code, tries(&courier)), (11205, 2));
    let base = serve(App::default()).await;
    let courier = Courier::new(Clock::Real);
    assert_eq!(
        deliver(&courier, "POST", format!("{base}/fails-twice"))
            .await
            .unwrap()
            .status,
        502
    );
    assert_eq!(tries(&courier), 1);
}

#[tokio::test]
async fn the_address_may_ask_for_more_tries() {
    let base = serve(App::default()).await;
    let courier = Courier::new(Clock::Real);
    let reply = deliver(
        &courier,
        "POST",
        format!("{base}/fails-twice#rc=5&rp=ct,rt,5xx"),
    )
    .await
    .unwrap();
    assert_eq!((reply.status, tries(&courier)), (200, 3));
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_given_up_after_the_addresss_time() {
    let base = serve(App::default()).await;
    let courier = Courier::new(Clock::Real);
    let began = tokio::time::Instant::now();
    let (code, _) = deliver(&courier, "POST", format!("{base}/stuck#rt=200&rc=1&rp=rt"))
        .await
        .unwrap_err();
    assert_eq!((code, tries(&courier)), (11200, 2));
    assert!(began.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn redirects_are_followed_with_get_but_not_for_ever() {
    let app = App::default();
    let base = serve(app.clone()).await;
    let courier = Courier::new(Clock::Real);
    assert_eq!(
        deliver(&courier, "POST", format!("{base}/moved"))
            .await
            .unwrap()
            .status,
        200
    );
    let (_, signed, _, _, body) = app.seen.lock().unwrap()[0].clone();
    assert_eq!(body, "", "the form is lost");
    assert!(signature::verify(
        "token",
        &format!("{base}/voice"),
        &[],
        &signed
    ));
    assert_eq!(
        deliver(&courier, "POST", format!("{base}/loop"))
            .await
            .unwrap_err()
            .0,
        11215
    );
}

#[tokio::test]
async fn an_answer_over_64_kilobytes_is_refused() {
    let base = serve(App::default()).await;
    let courier = Courier::new(Clock::Real);
    assert_eq!(
        deliver(&courier, "GET", format!("{base}/large"))
            .await
            .unwrap_err()
            .0,
        11750
    );
}

#[tokio::test]
async fn headers_are_spelled_as_twilio_spells_them() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/voice", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 4096];
        let length = stream.read(&mut bytes).await.unwrap();
        let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    deliver(&Courier::new(Clock::Real), "POST", url)
        .await
        .unwrap();
    let heard = heard.await.unwrap();
    for header in [
        "\r\nX-Twilio-Signature: ",
        "\r\nI-Twilio-Idempotency-Token: ",
        "\r\nContent-Type: application/x-www-form-urlencoded",
    ] {
        assert!(heard.contains(header), "{header} in {heard}");
    }
}
