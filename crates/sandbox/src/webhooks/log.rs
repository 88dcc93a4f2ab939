//! What was sent and what came back, for the console and the tests; bounded.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use crate::seam::{Time, WebhookReply, WebhookRequest};

/// Webhooks kept.
const KEPT: usize = 2000;

/// One webhook with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct WebhookRecord {
    /// Its number.
    pub id: u64,
    /// When it was sent.
    pub at: Time,
    /// Whose it is.
    pub account_sid: String,
    /// `GET` or `POST`.
    pub method: String,
    /// As configured, fragment included.
    pub url: String,
    /// Its parameters in order.
    pub params: Vec<(String, String)>,
    /// `X-Twilio-Signature` of the first try.
    pub signature: String,
    /// Every try.
    pub attempts: Vec<Attempt>,
    /// Milliseconds of real time until the end of the last try; none while it is out.
    pub millis: Option<u64>,
    /// The answer's status.
    pub status: Option<u16>,
    /// The answer's content type.
    pub content_type: String,
    /// The answer's body: the TwiML where there is some.
    pub body: String,
    /// Twilio's error code and a text.
    pub error: Option<(u32, String)>,
}

/// One try.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The answer's status.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
    /// How long it took.
    pub millis: u64,
}

/// The log.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<VecDeque<WebhookRecord>>);

impl Log {
    fn change(&self, id: u64, change: impl FnOnce(&mut WebhookRecord)) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = records.iter_mut().rev().find(|record| record.id == id) {
            change(record);
        }
    }

    pub(super) fn begin(&self, request: &WebhookRequest, at: Time, signature: String) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= KEPT {
            records.pop_front();
        }
        records.push_back(WebhookRecord {
            id: request.id,
            at,
            account_sid: request.account.clone(),
            method: request.method.clone(),
            url: request.url.clone(),
            params: request.params.clone(),
            signature,
            attempts: Vec::new(),
            millis: None,
            status: None,
            content_type: String::new(),
            body: String::new(),
            error: None,
        });
    }

    pub(super) fn tried(&self, id: u64, attempt: Attempt) {
        self.change(id, |record| record.attempts.push(attempt));
    }

    pub(super) fn end(
        &self,
        id: u64,
        result: &Result<WebhookReply, (u32, String)>,
        lasted: Duration,
    ) {
        self.change(id, |record| {
            record.millis = u64::try_from(lasted.as_millis()).ok();
            match result {
                Ok(reply) => {
                    record.status = Some(reply.status);
                    record.content_type.clone_from(&reply.content_type);
                    record.body.clone_from(&reply.body);
                }
                Err(error) => record.error = Some(error.clone()),
            }
        });
    }

    pub(super) fn all(&self) -> Vec<WebhookRecord> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.iter().rev().cloned().collect()
    }
}
