//! Messages within a call: from the application to the Voice SDK of the call's client, and from it to whoever subscribed.

use super::Engine;
use super::error::RestError;
use super::hooks::param;
use super::leg::Far;
use super::progress::rfc2822;
use super::voice_hooks::is_callback_url;
use crate::seam::{ClientOutput, Output, Sid, Time};

/// The largest message.
const LARGEST: usize = 10 * 1024;
/// The most subscriptions that are kept.
const SUBSCRIPTIONS: usize = 5000;

/// Somebody who is told of a client's messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// `ZY…`.
    pub sid: Sid,
    /// The account.
    pub account_sid: Sid,
    /// The call.
    pub call_sid: Sid,
    /// When it was made.
    pub date_created: Time,
    callback: String,
    method: String,
    told: u64,
}

impl Engine {
    fn live_call(&self, account: &str, call: &str) -> Result<(), RestError> {
        let record = self
            .call(account, call)
            .ok_or_else(|| RestError::not_found(call))?;
        if record.status.is_terminal() {
            return Err(RestError::invalid(21220, "The call is over"));
        }
        Ok(())
    }

    /// Sends a message to the client of a call; its SID is answered.
    pub fn send_message(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        content: &str,
    ) -> Result<Sid, RestError> {
        self.at(now);
        self.live_call(account, call)?;
        if content.len() > LARGEST {
            return Err(RestError::invalid(
                20001,
                format!("Content is larger than {LARGEST} bytes"),
            ));
        }
        let is_client = self
            .leg(call)
            .is_some_and(|leg| matches!(leg.far, Far::Client { .. }));
        if !is_client {
            return Err(RestError::invalid(
                20001,
                "Messages go to calls of the Voice SDK only",
            ));
        }
        let sid = self.ids.sid("KX");
        self.out.push_back(Output::Client(ClientOutput::Message {
            call: call.to_owned(),
            sid: sid.clone(),
            content: content.to_owned(),
        }));
        Ok(sid)
    }

    /// Lets somebody be told of the client's messages.
    pub fn subscribe(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        callback: String,
        method: String,
    ) -> Result<Subscription, RestError> {
        self.live_call(account, call)?;
        if !is_callback_url(&callback) {
            return Err(RestError::invalid(
                21609,
                format!("Callback is not a valid URL: {callback}"),
            ));
        }
        let made = Subscription {
            sid: self.ids.sid("ZY"),
            account_sid: account.to_owned(),
            call_sid: call.to_owned(),
            date_created: now,
            callback,
            method,
            told: 0,
        };
        if self.resources.subscriptions.len() >= SUBSCRIPTIONS {
            self.resources.subscriptions.remove(0);
        }
        self.resources.subscriptions.push(made.clone());
        Ok(made)
    }

    /// Ends a subscription.
    pub fn unsubscribe(&mut self, account: &str, call: &str, sid: &str) -> Result<(), RestError> {
        let all = &mut self.resources.subscriptions;
        let place = all
            .iter()
            .position(|one| one.sid == sid && one.call_sid == call && one.account_sid == account);
        let place = place.ok_or_else(|| RestError::not_found(sid))?;
        all.remove(place);
        Ok(())
    }

    /// A client sent a message.
    pub(super) fn message_came(
        &mut self,
        call: &str,
        sid: &str,
        content: &str,
        content_type: &str,
    ) {
        let now = self.now;
        let mut told = Vec::new();
        for one in self
            .resources
            .subscriptions
            .iter_mut()
            .filter(|one| one.call_sid == call)
        {
            let params = vec![
                param("AccountSid", &one.account_sid),
                param("CallSid", call),
                param("Sid", sid),
                param("Content", content),
                param("ContentType", content_type),
                param("SequenceNumber", one.told.to_string()),
                param("Timestamp", rfc2822(now)),
            ];
            one.told += 1;
            told.push((one.clone(), params));
        }
        for (one, params) in told {
            self.tell(
                format!("messages {}", one.sid),
                one.account_sid,
                &one.callback,
                &one.method,
                params,
            );
        }
    }
}
