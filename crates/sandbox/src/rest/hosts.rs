//! Twilio's host names on one port. A request names its host in the Host header (where names are mapped to this machine), or as
//! the first piece of its path: `http://localhost:8081/numbers.twilio.com/v2/…`. Without either it is meant for the plain API.

use axum::body::{Body, Bytes};
use axum::extract::{OriginalUri, Request};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::engine::regions;

const OURS: &str = ".twilio.com";
/// The largest answer of the REST face.
const LARGEST: usize = 64 * 1024 * 1024;

/// Which of Twilio's regions a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(pub String);

/// Where a host name leads.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// To a product, in a region.
    To(String, Region),
    /// Nowhere: hosts that Twilio has switched off.
    Dead,
}

/// Finds the way of one of Twilio's host names: `product[.edge.region].twilio.com`.
fn way(host: &str) -> Option<Way> {
    let name = host.strip_suffix(OURS)?;
    let labels: Vec<&str> = name.split('.').collect();
    // A region without an edge was always handled in the US, and has been off since April 2026.
    let region = match labels.as_slice() {
        // The signalling itself reads the edge that its client dialled.
        ["voice-js", _] => return None,
        // The Voice SDK's reports go to its home.
        ["eventgw", _] | [_] | [_, "us1"] => "us1",
        [_, _, region @ ("us1" | "ie1" | "au1")] => region,
        _ => return Some(Way::Dead),
    };
    Some(Way::To(
        format!("{}{OURS}", labels[0]),
        Region(region.to_owned()),
    ))
}

/// Sends a request where its host name leads.
pub async fn find(mut request: Request, next: Next) -> Response {
    let (host, path) = named(request.headers(), request.uri());
    let mut abroad = None;
    match host.as_deref().and_then(way) {
        Some(Way::Dead) => return nothing(),
        Some(Way::To(product, region)) => {
            let path = if product == "api.twilio.com" {
                path
            } else {
                format!("/{product}{path}")
            };
            if let Some(uri) = with_path(request.uri(), &path) {
                *request.uri_mut() = uri.clone();
                request.extensions_mut().insert(OriginalUri(uri));
            }
            abroad = Some(region.0.clone()).filter(|region| region != regions::HOME);
            request.extensions_mut().insert(region);
        }
        None => {}
    }
    let answer = next.run(request).await;
    match abroad {
        Some(region) => without_region(answer, &region).await,
        None => answer,
    }
}

/// An answer without what the engine puts behind an account's name in a region.
async fn without_region(answer: Response, region: &str) -> Response {
    let is_json = answer.headers().get(header::CONTENT_TYPE);
    if is_json.is_none_or(|kind| kind != "application/json") {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = axum::body::to_bytes(body, LARGEST)
        .await
        .unwrap_or_default();
    let text = String::from_utf8_lossy(&body).replace(&format!("@{region}\""), "\"");
    Response::from_parts(parts, Body::from(text))
}

/// The host that a request names, and the path that is left.
fn named(headers: &HeaderMap, uri: &Uri) -> (Option<String>, String) {
    let path = uri.path();
    let (first, rest) = path[1.min(path.len())..]
        .split_once('/')
        .unwrap_or((path.trim_start_matches('/'), ""));
    if first.ends_with(OURS) {
        return (Some(first.to_ascii_lowercase()), format!("/{rest}"));
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let host = host
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    (host.ends_with(OURS).then_some(host), path.to_owned())
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}

/// What a dead host says: the connection breaks.
pub(super) fn nothing() -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(futures_util::stream::iter([Err::<Bytes, _>(broken)]));
    (
        StatusCode::BAD_GATEWAY,
        [(header::CONTENT_LENGTH, "1")],
        body,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::{Region, Way, way};

    fn to(product: &str, region: &str) -> Way {
        Way::To(product.into(), Region(region.into()))
    }

    #[test]
    fn a_host_leads_to_its_product_and_region() {
        assert_eq!(
            way("numbers.twilio.com"),
            Some(to("numbers.twilio.com", "us1"))
        );
        assert_eq!(way("api.us1.twilio.com"), Some(to("api.twilio.com", "us1")));
        assert_eq!(
            way("api.dublin.ie1.twilio.com"),
            Some(to("api.twilio.com", "ie1"))
        );
        assert_eq!(
            way("api.sydney.au1.twilio.com"),
            Some(to("api.twilio.com", "au1"))
        );
        assert_eq!(
            way("eventgw.us1.twilio.com"),
            Some(to("eventgw.twilio.com", "us1"))
        );
        assert_eq!(way("voice-js.roaming.twilio.com"), None);
        assert_eq!(way("example.com"), None);
    }

    #[test]
    fn hosts_that_twilio_switched_off_are_dead() {
        for host in [
            "api.ie1.twilio.com",
            "api.au1.twilio.com",
            "api.de1.twilio.com",
            "api.frankfurt.de1.twilio.com",
        ] {
            assert_eq!(way(host), Some(Way::Dead), "{host}");
        }
    }
}
