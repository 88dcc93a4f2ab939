//! Every answer says what time it is here, as Twilio's say what time it is there.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::driver::Sandbox;

/// Puts the sandbox's own time, which need not be the machine's, on an answer.
pub async fn say(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let date = sandbox
        .now()
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}
