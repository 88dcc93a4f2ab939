//! Sends typed requests with time-outs, and repeats only what is safe: what is idempotent, what was refused for its pace, and
//! what never left because nobody could be reached.

use std::time::Duration;

use chrono::{DateTime, Utc};
use offhook_twilio::rest::{Failure, HttpMethod, Request, RestError};
use serde::de::DeserializeOwned;

use super::Account;
use crate::clock::{Clock, Gauge};

/// Nobody answers the connection.
const CONNECT: Duration = Duration::from_secs(3);
/// A request and its answer.
const TOTAL: Duration = Duration::from_secs(10);
/// A recording may be long: time between two pieces of it.
const MEDIA_PAUSE: Duration = Duration::from_secs(30);
/// How long to wait before each further try.
const BACK_OFF: [Duration; 3] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_millis(2500),
];

/// Why there is no good answer; each kind says what may have happened at the carrier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nothing was carried out: nobody could be reached, or the pace was too high for too long.
    #[error("the carrier could not be reached: {0}")]
    NotSent(String),
    /// Nothing was carried out: the carrier said no.
    #[error(transparent)]
    Refused(RestError),
    /// Nobody knows whether it was carried out.
    #[error("the carrier's answer did not come: {0}")]
    Unknown(String),
}

impl SendError {
    /// Twilio's code, where it said one.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Refused(error) => error.code,
            Self::NotSent(_) | Self::Unknown(_) => None,
        }
    }

    /// Whether the leg or other thing asked about is not there (any more): not found, no longer in a state to be changed,
    /// no longer in the queue.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused(error) if error.status == 404 || matches!(error.code, Some(21220 | 22002 | 20404)))
    }
}

/// The carrier's REST API.
#[derive(Clone)]
pub struct Carrier {
    http: reqwest::Client,
    clock: Clock,
    work: Gauge,
}

impl Carrier {
    /// A sender without any connection yet.
    pub fn new(clock: &Clock, work: &Gauge) -> Self {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(MEDIA_PAUSE)
            // A connection that the other side may have closed meanwhile makes paid requests doubtful.
            .pool_idle_timeout(Duration::from_secs(20))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("offhook/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("the client is built from fixed settings");
        Self {
            http,
            clock: clock.clone(),
            work: work.clone(),
        }
    }

    /// Sends a request and reads its answer.
    pub async fn send<A: DeserializeOwned>(
        &self,
        account: &Account,
        request: &Request<A>,
    ) -> Result<A, SendError> {
        let mut waits = BACK_OFF.iter();
        loop {
            let outcome = self.once(account, request).await;
            let again = match &outcome {
                Err(SendError::NotSent(_)) => true,
                Err(SendError::Refused(error)) => error.was_not_carried_out(),
                Err(SendError::Unknown(_)) => request.idempotent,
                Ok(_) => false,
            };
            count(&outcome);
            match waits.next().filter(|_| again) {
                Some(wait) => {
                    let _waiting = self.work.waiting();
                    self.clock.sleep(*wait).await;
                }
                None => return outcome.map_err(settled),
            }
        }
    }

    /// Sends a request once: for whoever wants to know soon how things are rather than to have it done.
    pub async fn try_once<A: DeserializeOwned>(
        &self,
        account: &Account,
        request: &Request<A>,
    ) -> Result<A, SendError> {
        let outcome = self.once(account, request).await;
        count(&outcome);
        outcome.map_err(settled)
    }

    /// What time it is at the carrier, as its answers say.
    pub async fn clock_of(&self, account: &Account) -> Option<DateTime<Utc>> {
        let url = format!("{}/2010-04-01", account.base_url);
        let answer = self.http.get(url).timeout(TOTAL).send().await.ok()?;
        let date = answer.headers().get("date")?.to_str().ok()?;
        Some(DateTime::parse_from_rfc2822(date).ok()?.to_utc())
    }

    async fn once<A: DeserializeOwned>(
        &self,
        account: &Account,
        request: &Request<A>,
    ) -> Result<A, SendError> {
        let url = format!(
            "{}{}",
            request.product.base_url(&account.base_url),
            request.path
        );
        let params = request.encoded_params();
        let sending = match request.method {
            HttpMethod::Get if params.is_empty() => self.http.get(url),
            HttpMethod::Get => self.http.get(format!("{url}?{params}")),
            HttpMethod::Delete => self.http.delete(url),
            HttpMethod::Post => self
                .http
                .post(url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(params),
        };
        let answer = sending
            .basic_auth(&account.account_sid, Some(account.auth_token.expose()))
            .timeout(TOTAL)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let status = answer.status().as_u16();
        let body = answer
            .bytes()
            .await
            .map_err(|error| SendError::Unknown(reason(&error)))?;
        match request.read(status, &body) {
            Ok(answer) => Ok(answer),
            // An error of the carrier's own may have come after the deed.
            Err(Failure::Refused(error)) if error.status >= 500 => {
                Err(SendError::Unknown(error.to_string()))
            }
            Err(Failure::Refused(error)) => Err(SendError::Refused(error)),
            Err(Failure::Unreadable(error)) => Err(SendError::Unknown(error)),
        }
    }

    /// Asks for the sound of a recording: path and query as the wire names them.
    pub async fn media(
        &self,
        account: &Account,
        path: &str,
    ) -> Result<reqwest::Response, SendError> {
        let answer = self
            .http
            .get(format!("{}{path}", account.base_url))
            .basic_auth(&account.account_sid, Some(account.auth_token.expose()))
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body = answer.bytes().await.unwrap_or_default();
        Err(SendError::Refused(RestError::read(status.as_u16(), &body)))
    }
}

/// Refused for its pace to the end is as good as never sent.
fn settled(error: SendError) -> SendError {
    match error {
        SendError::Refused(refusal) if refusal.was_not_carried_out() => {
            SendError::NotSent(refusal.to_string())
        }
        other => other,
    }
}

fn failed(error: &reqwest::Error) -> SendError {
    if error.is_connect() {
        SendError::NotSent(reason(error))
    } else {
        SendError::Unknown(reason(error))
    }
}

/// The error without its address, which may hold what does not belong in a log.
fn reason(error: &reqwest::Error) -> String {
    let kind = match (error.is_timeout(), error.is_connect()) {
        (true, true) => "the connection timed out",
        (true, false) => "the answer timed out",
        (false, true) => "the connection was refused",
        (false, false) => "the connection broke",
    };
    kind.to_owned()
}

fn count<A>(outcome: &Result<A, SendError>) {
    let word = match outcome {
        Ok(_) => "ok",
        Err(SendError::NotSent(_)) => "not_sent",
        Err(SendError::Refused(_)) => "refused",
        Err(SendError::Unknown(_)) => "unknown",
    };
    metrics::counter!("offhook_carrier_requests_total", "outcome" => word).increment(1);
}
