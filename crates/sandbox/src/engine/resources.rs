//! What belongs to no one account: numbers given back, numbers being verified, and what was said to applications and by them.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::Engine;
use super::account::{Number, NumberChange, SmsHooks, VoiceHooks, formatted};
use super::error::RestError;
use super::hooks::Params;
use super::messages::Subscription;
use super::papers::caller_ids::Validation;
use crate::seam::{Sid, Time, WebhookReply, WebhookRequest};

/// Exchanges with applications that are kept.
const EXCHANGES: usize = 5000;
/// Alerts that are kept.
const ALERTS: usize = 5000;
/// The most of an answer that is kept.
const BODY: usize = 64 * 1024;

/// See the module.
#[derive(Debug, Default)]
pub struct Resources {
    /// Numbers that were given back and can be bought again.
    pub(super) released: BTreeSet<String>,
    /// The most requests of one account in a second; 0 for any number.
    pub(super) most_requests: u32,
    /// The second in which each account asked last, and how often.
    asked: HashMap<Sid, (i64, u32)>,
    /// Those who are told of clients' messages.
    pub(super) subscriptions: Vec<Subscription>,
    /// Numbers being verified.
    pub(super) validations: Vec<Validation>,
    /// Messages as text.
    pub(super) transcripts: Vec<super::transcripts::Transcript>,
    out: HashMap<u64, Exchange>,
    exchanges: VecDeque<Exchange>,
    alerts: VecDeque<Alert>,
}

/// One webhook and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Whose webhook.
    pub account_sid: Sid,
    /// The call that it was about.
    pub call_sid: Option<Sid>,
    /// When it was sent.
    pub at: Time,
    /// `GET` or `POST`.
    pub method: String,
    /// The address as it was set.
    pub url: String,
    /// Its parameters.
    pub params: Params,
    /// When it was answered.
    pub answered: Time,
    /// The answer, or Twilio's code and a text.
    pub result: Result<WebhookReply, (u32, String)>,
}

/// What Twilio's debugger shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// `NO…`.
    pub sid: Sid,
    /// Whose.
    pub account_sid: Sid,
    /// The call that it is about.
    pub call_sid: Sid,
    /// When.
    pub at: Time,
    /// Twilio's code.
    pub code: u32,
    /// A sentence.
    pub text: String,
    /// The webhook that it came of.
    pub exchange: Option<Exchange>,
}

impl Alert {
    /// Whether the call went on all the same.
    pub fn is_warning(&self) -> bool {
        matches!(
            self.code,
            12200
                | 13210..=13213
                | 13215..=13217
                | 13221..=13222
                | 13230..=13238
                | 13310..=13322
                | 13330
                | 13410
                | 13510..=13511
                | 13610..=13616
                | 13710
                | 13910
                | 14201
                | 14206
                | 14210
                | 15003
                | 21262
                | 21302
                | 21626
        )
    }
}

impl Engine {
    /// Limits how often an account may ask the REST face in a second; 0 for no limit.
    pub fn set_most_requests(&mut self, most: u32) {
        self.resources.most_requests = most;
        self.resources.asked.clear();
    }

    /// Counts a request; whether it may be answered.
    pub fn admit(&mut self, now: Time, account: &str) -> bool {
        let most = self.resources.most_requests;
        if most == 0 {
            return true;
        }
        let second = now.timestamp();
        let asked = self.resources.asked.entry(account.to_owned()).or_default();
        if asked.0 != second {
            *asked = (second, 0);
        }
        asked.1 += 1;
        asked.1 <= most
    }

    /// The SID of something that is never made.
    pub fn made_up_sid(&mut self, kind: &str) -> Sid {
        self.ids.sid(kind)
    }

    /// A number that is never bought, as it would look.
    pub fn made_up_number(
        &mut self,
        now: Time,
        account: &str,
        phone_number: &str,
        change: NumberChange,
    ) -> Result<Number, RestError> {
        Ok(Number {
            sid: self.ids.sid("PN"),
            account_sid: account.to_owned(),
            phone_number: phone_number.to_owned(),
            friendly_name: change
                .friendly_name
                .unwrap_or_else(|| formatted(phone_number)),
            hooks: change.hooks.applied(&VoiceHooks::default())?,
            sms: change.sms.applied(&SmsHooks::default())?,
            date_created: now,
            date_updated: now,
            ..Number::default()
        })
    }

    /// A name and a password for a relay of sound.
    pub fn relay_credentials(&mut self) -> (String, String) {
        (self.ids.secret(), self.ids.secret())
    }

    /// A webhook goes out.
    pub(super) fn note_request(&mut self, request: &WebhookRequest) {
        let call = request.params.iter().find(|(name, _)| name == "CallSid");
        let exchange = Exchange {
            account_sid: request.account.clone(),
            call_sid: call.map(|(_, sid)| sid.clone()),
            at: self.now,
            method: request.method.clone(),
            url: request.url.clone(),
            params: request.params.clone(),
            answered: self.now,
            result: Err((0, String::new())),
        };
        self.resources.out.insert(request.id, exchange);
    }

    /// Its answer came.
    pub(super) fn note_answer(
        &mut self,
        id: u64,
        result: &Result<WebhookReply, (u32, String)>,
    ) -> Option<Exchange> {
        let mut exchange = self.resources.out.remove(&id)?;
        exchange.answered = self.now;
        exchange.result.clone_from(result);
        if let Ok(reply) = &mut exchange.result {
            let mut end = reply.body.len().min(BODY);
            while !reply.body.is_char_boundary(end) {
                end -= 1;
            }
            reply.body.truncate(end);
        }
        if self.resources.exchanges.len() >= EXCHANGES {
            self.resources.exchanges.pop_front();
        }
        self.resources.exchanges.push_back(exchange.clone());
        Some(exchange)
    }

    /// A callback that nobody acts upon was not taken: the debugger shows it, nothing else happens.
    pub(super) fn callback_failed(
        &mut self,
        exchange: Option<&Exchange>,
        result: &Result<WebhookReply, (u32, String)>,
    ) {
        let Some(exchange) = exchange else { return };
        let (code, text) = match result {
            Ok(reply) if (200..300).contains(&reply.status) => return,
            Ok(reply) => (15003, format!("{}: HTTP {}", exchange.url, reply.status)),
            Err((code, text)) => (*code, format!("{}: {text}", exchange.url)),
        };
        let call = exchange.call_sid.clone().unwrap_or_default();
        let account = exchange.account_sid.clone();
        self.keep_alert(account.clone(), &call, code, &text, Some(exchange.clone()));
        let data = serde_json::json!({
            "at": self.now, "account_sid": account, "call_sid": call, "code": code, "text": text,
        });
        self.trace("alert", data);
    }

    /// A call's webhooks with their answers, oldest first.
    pub fn exchanges(&self, account: &str, call: &str) -> Vec<&Exchange> {
        let all = self.resources.exchanges.iter();
        all.filter(|one| one.account_sid == account && one.call_sid.as_deref() == Some(call))
            .collect()
    }

    /// Something for Twilio's debugger.
    pub(super) fn note_alert(&mut self, call: &str, code: u32, text: &str) {
        let Some(account_sid) = self.leg(call).map(|leg| leg.record.account_sid.clone()) else {
            return;
        };
        let of_call = |one: &&Exchange| one.call_sid.as_deref() == Some(call);
        let exchange = self.resources.exchanges.iter().rev().find(of_call);
        let exchange = exchange.filter(|one| text.contains(&one.url) || one.at == self.now);
        let exchange = exchange.cloned();
        self.keep_alert(account_sid, call, code, text, exchange);
    }

    fn keep_alert(
        &mut self,
        account_sid: Sid,
        call: &str,
        code: u32,
        text: &str,
        exchange: Option<Exchange>,
    ) {
        let alert = Alert {
            exchange,
            sid: self.ids.sid("NO"),
            account_sid,
            call_sid: call.to_owned(),
            at: self.now,
            code,
            text: text.to_owned(),
        };
        if self.resources.alerts.len() >= ALERTS {
            self.resources.alerts.pop_front();
        }
        self.resources.alerts.push_back(alert);
    }

    /// Something for Twilio's debugger about a resource that is no call.
    pub(super) fn note_alert_of(&mut self, account: &str, resource: &str, code: u32, text: &str) {
        let of_url = |one: &&Exchange| one.account_sid == account && text.contains(&one.url);
        let exchange = self.resources.exchanges.iter().rev().find(of_url).cloned();
        self.keep_alert(account.to_owned(), resource, code, text, exchange);
        let data = serde_json::json!({ "at": self.now, "account_sid": account, "sid": resource, "code": code, "text": text });
        self.trace("alert", data);
    }

    /// An account's alerts, newest first.
    pub fn alerts(&self, account: &str) -> impl Iterator<Item = &Alert> {
        let all = self.resources.alerts.iter().rev();
        all.filter(move |alert| alert.account_sid == account)
    }
}
