//! The web app, built into the binary, with its caching and security headers.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::app::App;
use crate::config::Config;
use crate::error::ApiError;

/// The folder that `make build` fills; it may be empty.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// What a server without a web app shows.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Offhook</title>\
<body style=\"font-family:system-ui;max-width:40rem;margin:4rem auto;line-height:1.5\"><h1>The web app is not built</h1>\
<p>This server answers, but it was compiled without the web app. In the project's folder, run <code>make build</code> \
and start it again.</p></body></html>";

/// Answers everything that no other route does: a file of the app, or the app itself for one of its pages.
pub(crate) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if is_machine_path(path) {
        return unknown(path, &headers).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return ApiError::MethodNotAllowed.into_response();
    }
    if let Some(found) = file(path, &headers) {
        return found;
    }
    let looks_like_file = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if looks_like_file {
        return StatusCode::NOT_FOUND.into_response();
    }
    file("index.html", &headers).unwrap_or_else(not_built)
}

/// A stranger learns nothing of the API, not even which paths it lacks.
fn unknown(path: &str, headers: &HeaderMap) -> ApiError {
    let named = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
    if path.starts_with("api/v1/") && !named {
        ApiError::Unauthorized
    } else {
        ApiError::NotFound("path")
    }
}

/// What is shown where the build holds no web app.
pub(crate) fn not_built() -> Response {
    let uncached = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::OK, uncached, Html(NOT_BUILT)).into_response()
}

/// Paths that programs ask for: there a page would be a wrong answer.
fn is_machine_path(path: &str) -> bool {
    ["api/", "webhooks/"]
        .iter()
        .any(|start| path.starts_with(start))
        || path == "api"
        || path == "webhooks"
}

/// A file of the build, compressed where the browser takes it.
pub(crate) fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.is_empty() {
        return None;
    }
    let plain = Dist::get(path)?;
    let etag = format!(
        "\"{}\"",
        data_encoding::HEXLOWER.encode(&plain.metadata.sha256_hash()[..16])
    );
    let cache = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut answer = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| tag.as_bytes() == etag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (body, encoding) = smallest(path, plain, headers);
        let mut answer = Response::new(Body::from(body));
        if let Some(encoding) = encoding {
            answer
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        answer
    };
    let out = answer.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, tag);
    }
    Some(answer)
}

/// The compressed twin that the browser takes, where the build made one.
fn smallest(
    path: &str,
    plain: EmbeddedFile,
    headers: &HeaderMap,
) -> (Cow<'static, [u8]>, Option<&'static str>) {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        let named = |one: &str| {
            one.split(';')
                .next()
                .is_some_and(|name| name.trim() == encoding)
        };
        if accepted.split(',').any(named)
            && let Some(twin) = Dist::get(&format!("{path}.{ending}"))
        {
            return (twin.data, Some(encoding));
        }
    }
    (plain.data, None)
}

/// Names that the build gave a hash never change their content.
fn is_hashed(path: &str) -> bool {
    path.starts_with("assets/")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "ogg" => "audio/ogg",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// What pages may load and whom they may talk to: ourselves, the carrier, and the sandbox where one is used.
pub(crate) fn content_security_policy(config: &Config) -> String {
    let own_socket = config
        .public_url
        .as_str()
        .trim_end_matches('/')
        .replacen("http", "ws", 1);
    let peers = match config.signaling_origin() {
        Some(sandbox) => format!("{sandbox} {}", sandbox.replacen("ws", "http", 1)),
        None => "wss://*.twilio.com https://*.twilio.com".to_owned(),
    };
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self'; media-src 'self' blob: data:; connect-src 'self' {own_socket} {peers}; worker-src 'self' blob:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Puts the security headers on every answer.
pub(crate) async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    if api {
        // Tokens and people's data stay in no cache, unless an answer says how long it may.
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    if let Ok(policy) = HeaderValue::from_str(&app.content_security_policy) {
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(policy);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("microphone=(self), camera=(), geolocation=()"),
    );
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    if app.config.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    answer
}
