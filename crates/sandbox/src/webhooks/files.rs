//! Files of messages, fetched from where an application keeps them.

use std::time::Duration;

use reqwest::header;

use crate::seam::FileResult;

const PATIENCE: Duration = Duration::from_secs(10);
/// The largest file of a message.
const LARGEST: usize = 5 << 20;

/// Fetches a file. Its address may hold secrets: an error names none.
pub async fn fetch(url: &str) -> FileResult {
    let failed = |text: String| (11200, format!("a file could not be fetched: {text}"));
    let client = reqwest::Client::builder()
        .user_agent("TwilioProxy/1.1")
        .timeout(PATIENCE)
        .no_proxy()
        .build()
        .map_err(|error| failed(error.to_string()))?;
    let mut response = client
        .get(url)
        .send()
        .await
        .map_err(|error| failed(error.without_url().to_string()))?;
    if !response.status().is_success() {
        return Err(failed(response.status().to_string()));
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    if kind.is_empty() {
        return Err((12300, "a file has no content type".into()));
    }
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) => bytes.extend_from_slice(&piece),
            Ok(None) => return Ok((kind, bytes.into())),
            Err(error) => return Err(failed(error.without_url().to_string())),
        }
        if bytes.len() > LARGEST {
            return Err((11751, "a file is larger than 5 MB".into()));
        }
    }
}
