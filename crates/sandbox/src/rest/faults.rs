//! What goes wrong on purpose with requests to the REST face.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::hosts;
use super::refusal::Refusal;
use crate::driver::Sandbox;
use crate::engine::faults::RestFault;

/// Lets a request through, or does to it what the plan says.
pub(super) async fn meddle(
    State(sandbox): State<Sandbox>,
    request: Request,
    next: Next,
) -> Response {
    let changes = request.method() != Method::GET;
    let what = format!("{} {}", request.method(), resource(request.uri().path()));
    match sandbox.engine(|engine, _| engine.rest_fault(&what, changes)) {
        None => next.run(request).await,
        Some(RestFault::TooMany) => Refusal::too_many().into_response(),
        Some(RestFault::ServerError) => Refusal::broken().into_response(),
        Some(RestFault::Reset) => hosts::nothing(),
        Some(RestFault::Slow(millis)) => {
            let answer = next.run(request).await;
            tokio::time::sleep(Duration::from_millis(millis)).await;
            answer
        }
        Some(RestFault::AnswerLost) => {
            let _lost = next.run(request).await;
            hosts::nothing()
        }
    }
}

/// The words of a path, without what differs from run to run.
fn resource(path: &str) -> String {
    let words = path.split('/').filter(|piece| {
        let piece = piece.split('.').next().unwrap_or_default();
        !piece.is_empty() && piece.chars().all(|letter| letter.is_ascii_alphabetic())
    });
    words.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_resource_is_named_by_its_words() {
        let sid = "CA00000000000000000000000000000001";
        let path =
            format!("/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls/{sid}.json");
        assert_eq!(super::resource(&path), "Accounts/Calls");
        assert_eq!(
            super::resource("/2010-04-01/Accounts/AC01/Calls.json"),
            "Accounts/Calls.json"
        );
    }
}
