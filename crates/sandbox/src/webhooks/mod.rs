//! Webhooks on the wire: signed, tried as their address says, and written down.

pub mod files;
mod log;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use offhook_twilio::retry::{Overrides, RetryOn};
use offhook_twilio::signature;
use reqwest::{Client, StatusCode, header, redirect};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::seam::{WebhookAnswer, WebhookReply, WebhookRequest};
use log::Log;
pub use log::{Attempt, WebhookRecord};

/// The most redirects that are followed.
const REDIRECTS: usize = 10;
/// The most bytes of TwiML that are read.
const BODY: usize = 64 * 1024;

/// Sends webhooks; clones share one log.
#[derive(Clone)]
pub struct Courier {
    clock: Clock,
    log: Arc<Log>,
    /// One client for each pair of time-outs.
    clients: Arc<Mutex<HashMap<(Duration, Duration), Client>>>,
}

/// What one try gave.
enum Outcome {
    Reply(WebhookReply),
    /// Twilio's code, a text, and what kind of failure it is.
    Failed(u32, String, Option<RetryOn>),
}

impl Courier {
    /// A courier with an empty log.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            log: Arc::default(),
            clients: Arc::default(),
        }
    }

    /// What was sent, newest first.
    pub fn sent(&self) -> Vec<WebhookRecord> {
        self.log.all()
    }

    /// Sends one webhook, signed with its account's auth token.
    pub async fn deliver(&self, request: WebhookRequest, auth_token: &str) -> WebhookAnswer {
        let (address, overrides) = Overrides::parse(&request.url);
        self.log.begin(
            &request,
            self.clock.now(),
            first_signature(&request, address, auth_token),
        );
        let began = Instant::now();
        // The same on every try, so that tries can be told from new requests.
        let idempotency = uuid::Uuid::now_v7().to_string();
        let mut tries = 0;
        let result = loop {
            let left = overrides.total.saturating_sub(began.elapsed());
            let started = Instant::now();
            let work = self.try_once(&request, address, &overrides, auth_token, &idempotency);
            let outcome = tokio::time::timeout(left, work).await.unwrap_or_else(|_| {
                Outcome::Failed(11200, "no answer within the total time".into(), None)
            });
            self.log
                .tried(request.id, attempt(&outcome, started.elapsed()));
            tries += 1;
            let again = kind(&outcome).is_some_and(|kind| overrides.retries_on(kind))
                && tries <= overrides.retries
                && began.elapsed() < overrides.total;
            if again {
                continue;
            }
            break match outcome {
                Outcome::Reply(reply) => Ok(reply),
                Outcome::Failed(code, text, _) => Err((code, text)),
            };
        };
        self.log.end(request.id, &result, began.elapsed());
        WebhookAnswer {
            id: request.id,
            result,
        }
    }

    async fn try_once(
        &self,
        request: &WebhookRequest,
        address: &str,
        overrides: &Overrides,
        auth_token: &str,
        idempotency: &str,
    ) -> Outcome {
        let client = match self.client(overrides) {
            Ok(client) => client,
            Err(error) => return Outcome::Failed(11200, error.to_string(), None),
        };
        let (mut url, mut form) = if request.method == "GET" {
            (with_query(address, &request.params), None)
        } else {
            (address.to_owned(), Some(&request.params))
        };
        for _ in 0..=REDIRECTS {
            let fields = form.map_or(&[][..], Vec::as_slice);
            let signed = signature::sign(auth_token, &url, fields);
            let builder = match form {
                Some(form) => client.post(&url).form(form),
                None => client.get(&url),
            };
            let sent = builder
                .header(signature::HEADER, signed)
                .header("I-Twilio-Idempotency-Token", idempotency)
                .header(header::ACCEPT, "*/*")
                .send()
                .await;
            let response = match sent {
                Ok(response) => response,
                Err(error) => return failure(&error),
            };
            let Some(next) = redirected(&response) else {
                return read(response).await;
            };
            // Redirects are followed with GET; the form is lost.
            (url, form) = (next, None);
        }
        Outcome::Failed(11215, "too many redirects".into(), None)
    }

    fn client(&self, overrides: &Overrides) -> reqwest::Result<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (overrides.connect, overrides.read);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let client = Client::builder()
            .user_agent("TwilioProxy/1.1")
            // Spelled as Twilio does, `X-Twilio-Signature`: some applications look for exactly that.
            .http1_title_case_headers()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(overrides.connect)
            .read_timeout(overrides.read)
            .build()?;
        clients.insert(key, client.clone());
        Ok(client)
    }
}

/// The signature that the first try carries.
fn first_signature(request: &WebhookRequest, address: &str, auth_token: &str) -> String {
    if request.method == "GET" {
        signature::sign(auth_token, &with_query(address, &request.params), &[])
    } else {
        signature::sign(auth_token, address, &request.params)
    }
}

fn with_query(address: &str, params: &[(String, String)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    if query.is_empty() {
        return address.to_owned();
    }
    let join = if address.contains('?') { '&' } else { '?' };
    format!("{address}{join}{query}")
}

fn redirected(response: &reqwest::Response) -> Option<String> {
    let status = response.status();
    let moved = matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = response
        .headers()
        .get(header::LOCATION)
        .filter(|_| moved)?
        .to_str()
        .ok()?;
    response.url().join(location).ok().map(Into::into)
}

async fn read(mut response: reqwest::Response) -> Outcome {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    // A sound file is fetched again by whoever plays it.
    if content_type.starts_with("audio/") {
        return Outcome::Reply(WebhookReply {
            status,
            content_type,
            body: String::new(),
        });
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            // A partial answer is never tried again.
            Err(error) => {
                return Outcome::Failed(11200, format!("the answer broke off: {error}"), None);
            }
        }
        if body.len() > BODY {
            return Outcome::Failed(11750, "the answer is larger than 64 kB".into(), None);
        }
    }
    Outcome::Reply(WebhookReply {
        status,
        content_type,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn failure(error: &reqwest::Error) -> Outcome {
    if error.is_connect() {
        Outcome::Failed(
            11205,
            format!("could not connect: {error}"),
            Some(RetryOn::Connect),
        )
    } else if error.is_timeout() {
        Outcome::Failed(11200, "no answer in time".into(), Some(RetryOn::Read))
    } else {
        Outcome::Failed(11200, error.to_string(), None)
    }
}

/// What an address's overrides call this outcome, if it is one that may be tried again.
fn kind(outcome: &Outcome) -> Option<RetryOn> {
    match outcome {
        Outcome::Failed(_, _, kind) => *kind,
        Outcome::Reply(reply) if (400..500).contains(&reply.status) => Some(RetryOn::ClientError),
        Outcome::Reply(reply) if reply.status >= 500 => Some(RetryOn::ServerError),
        Outcome::Reply(_) => None,
    }
}

fn attempt(outcome: &Outcome, lasted: Duration) -> Attempt {
    let (status, error) = match outcome {
        Outcome::Reply(reply) => (Some(reply.status), None),
        Outcome::Failed(code, text, _) => (None, Some(format!("{code}: {text}"))),
    };
    Attempt {
        status,
        error,
        millis: u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX),
    }
}
