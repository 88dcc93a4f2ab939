//! Files of `<Play>`: fetched over HTTP within limits, kept as long as their headers allow.

use std::time::Duration;

use reqwest::{
    Client, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH},
};
use tokio::time::Instant;

use crate::media::{mp3, wav};

const PATIENCE: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// Ten minutes of 44.1 kHz stereo would be 100 MB; nobody waits for that.
const LARGEST: usize = 16 << 20;

/// How long a fetched file holds.
#[derive(Debug, Clone)]
pub(super) struct Freshness {
    until: Option<Instant>,
    /// What the server compares by.
    pub(super) tag: Option<String>,
}

impl Freshness {
    pub(super) fn is_fresh(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

/// What a fetch gave.
pub(super) enum Fetched {
    Unchanged,
    New(Vec<i16>, Freshness),
}

/// Fetches sounds.
#[derive(Clone)]
pub(super) struct Fetch {
    client: Result<Client, String>,
}

impl Fetch {
    pub(super) fn new() -> Self {
        let client = Client::builder()
            .user_agent("TwilioProxy/1.1")
            .http1_title_case_headers()
            .timeout(PATIENCE)
            .connect_timeout(CONNECT)
            .no_proxy()
            .build();
        Self {
            client: client.map_err(|error| error.to_string()),
        }
    }

    /// The file as sound; the error is what Twilio's debugger would say.
    pub(super) async fn get(&self, url: &str, tag: Option<&str>) -> Result<Fetched, String> {
        let client = self.client.as_ref().map_err(Clone::clone)?;
        let mut request = client.get(url);
        if let Some(tag) = tag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        // The URL may hold secrets: an error names none.
        let response = request
            .send()
            .await
            .map_err(|error| format!("11200 HTTP retrieval failure: {}", error.without_url()))?;
        match response.status() {
            StatusCode::NOT_MODIFIED if tag.is_some() => return Ok(Fetched::Unchanged),
            status if !status.is_success() => {
                return Err(format!("11200 HTTP retrieval failure: {status}"));
            }
            _ => {}
        }
        let kind = text(response.headers(), &CONTENT_TYPE).to_lowercase();
        if !kind.starts_with("audio/") {
            return Err(format!("12300 Invalid Content-Type: {kind}"));
        }
        let freshness = freshness(response.headers());
        let bytes = body(response).await?;
        if kind.starts_with("audio/mpeg") || kind.starts_with("audio/mp3") {
            // A broken file ends its reading, not the sandbox.
            let read = tokio::task::spawn_blocking(move || mp3::read(&bytes)).await;
            let pcm = read
                .unwrap_or_else(|_| Err("not a readable MP3 file".into()))
                .map_err(|error| format!("12400 {error}"))?;
            return Ok(Fetched::New(pcm, freshness));
        }
        let pcm = wav::read(&bytes).map_err(|error| format!("12400 {error}"))?;
        Ok(Fetched::New(pcm, freshness))
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    loop {
        let piece = response
            .chunk()
            .await
            .map_err(|error| format!("11200 HTTP retrieval failure: {}", error.without_url()))?;
        let Some(piece) = piece else {
            return Ok(bytes);
        };
        if bytes.len() + piece.len() > LARGEST {
            return Err("11750 the file is too large".to_owned());
        }
        bytes.extend_from_slice(&piece);
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn freshness(headers: &HeaderMap) -> Freshness {
    let control = text(headers, &CACHE_CONTROL).to_lowercase();
    let forbidden = control.contains("no-cache") || control.contains("no-store");
    let seconds = control
        .split(',')
        .find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())
        .filter(|_| !forbidden);
    Freshness {
        // A day is more than a sandbox runs.
        until: seconds
            .map(|seconds: u64| Instant::now() + Duration::from_secs(seconds.min(86_400))),
        tag: Some(text(headers, &ETAG).to_owned()).filter(|tag| !tag.is_empty()),
    }
}
