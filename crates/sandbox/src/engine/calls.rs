//! The REST face of calls: made, listed, changed, and sent out when their account's turn comes.

use super::Engine;
use super::account::is_callback_url;
use super::error::RestError;
use super::leg::{Far, Leg, Phone, Role};
use super::phone::Behaviour;
use super::place::is_identity;
use super::recordings::RecordingPlan;
use super::records::{CallRecord, CallStatus, Direction};
use super::requests::{CallFilter, Callback, CreateCall, TwimlFrom, UpdateCall};
use super::timers::{Timer, millis};
use crate::seam::{Sid, Time};

/// The longest TwiML that may be given with a request.
const INLINE_TWIML: usize = 4000;

/// What calls and participants that REST makes have in common.
pub(super) struct Outbound<'a> {
    pub(super) to: &'a str,
    pub(super) from: &'a str,
    pub(super) status: &'a Callback,
    pub(super) timeout: Option<u32>,
    pub(super) time_limit: Option<u32>,
    pub(super) call_token: Option<&'a str>,
}

impl Engine {
    /// Makes a call. It goes out when its account's turn has come.
    pub fn create_call(
        &mut self,
        now: Time,
        account: &str,
        request: CreateCall,
    ) -> Result<CallRecord, RestError> {
        self.at(now);
        self.check_twiml(account, &request.twiml)?;
        check_digits(&request.send_digits)?;
        let mut leg = self.outbound(
            account,
            &Outbound {
                to: &request.to,
                from: &request.from,
                status: &request.status,
                timeout: request.timeout,
                time_limit: request.time_limit,
                call_token: request.call_token.as_deref(),
            },
        )?;
        if let TwimlFrom::Application(sid) = &request.twiml {
            // With an application, the request's own callbacks do not count.
            leg.progress = Callback::default();
            let hooks = self
                .account(account)
                .and_then(|a| a.applications.get(sid))
                .map(|a| a.hooks.clone());
            leg.end_callback = hooks
                .and_then(|h| super::arrive::address(h.status_callback, h.status_callback_method));
            leg.record.application_sid = Some(sid.clone());
        }
        // Keys after the answer and detection exclude each other.
        leg.detecting = request
            .machine
            .filter(|_| request.send_digits.is_empty())
            .map(super::amd::Detecting::new);
        leg.begin = Some(request.twiml);
        leg.send_digits = request.send_digits;
        leg.record_on_answer = request.record;
        let record = leg.record.clone();
        self.take_turn(leg);
        self.settle();
        Ok(record)
    }

    /// Checks what every outbound REST call has, and makes its leg.
    pub(super) fn outbound(
        &mut self,
        account: &str,
        request: &Outbound<'_>,
    ) -> Result<Leg, RestError> {
        self.account(account)
            .ok_or_else(|| RestError::not_found(&format!("/Accounts/{account}")))?;
        let to = Self::check_to(request.to)?;
        if to.starts_with('+') && !self.may_dial(account, &to) {
            return Err(RestError::invalid(
                21215,
                format!(
                    "Account not authorized to call {to}. Perhaps you need to enable some international permissions"
                ),
            ));
        }
        if super::verbs::is_premium(&to) {
            return Err(RestError::invalid(
                21216,
                format!("Account not allowed to call {to}"),
            ));
        }
        if self.trial_refuses(account, &to) {
            return Err(RestError::invalid(
                21219,
                format!(
                    "The number {to} is unverified. Trial accounts may only make calls to verified numbers."
                ),
            ));
        }
        let number = self.check_from(account, request)?;
        if request.timeout.is_some_and(|seconds| seconds > 600) {
            return Err(RestError::invalid(21208, "Timeout is at most 600 seconds"));
        }
        let wait = self.wait_for_turn(account);
        let mut record = self.new_record(
            account.to_owned(),
            request.from,
            &to,
            Direction::OutboundApi,
        );
        record.phone_number_sid = number;
        record.queue_time = u64::try_from(wait.num_milliseconds()).unwrap_or_default();
        let sid = record.sid.clone();
        let mut leg = Leg::new(record, Far::Phone(Phone::new(Behaviour::NoAnswer)));
        leg.timeout = i64::from(request.timeout.unwrap_or(60));
        leg.notice = self.is_trial(account);
        leg.time_limit = request.time_limit.map_or(14_400, i64::from);
        leg.progress = self.checked_events(&sid, request.status)?;
        Ok(leg)
    }

    /// Twilio takes a call whose events it does not understand, and then tells nothing.
    fn checked_events(&mut self, sid: &str, status: &Callback) -> Result<Callback, RestError> {
        if !status.url.is_empty() && !is_callback_url(&status.url) {
            return Err(RestError::invalid(
                21609,
                format!("StatusCallback is not a valid URL: {}", status.url),
            ));
        }
        let known = ["initiated", "ringing", "answered", "completed"];
        if status
            .events
            .iter()
            .all(|event| known.contains(&event.as_str()))
        {
            return Ok(status.clone());
        }
        self.alert(
            sid,
            21626,
            "StatusCallbackEvent has a value that is no event; no callbacks are sent",
        );
        Ok(Callback::default())
    }

    fn check_to(to: &str) -> Result<String, RestError> {
        if let Some(address) = to.strip_prefix("client:") {
            let identity = address.split('?').next().unwrap_or_default();
            return if is_identity(identity) {
                Ok(to.to_owned())
            } else {
                Err(RestError::invalid(
                    21211,
                    format!("{identity} is not an identity that can be called"),
                ))
            };
        }
        if to.starts_with("sip:") || to.starts_with("sips:") {
            return if to.contains('@') {
                Ok(to.split(['?', ';']).next().unwrap_or_default().to_owned())
            } else {
                Err(RestError::invalid(
                    21211,
                    format!("{to} is not a SIP address"),
                ))
            };
        }
        let number: String = to
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.'))
            .collect();
        match number.as_str() {
            "" => Err(RestError::invalid(21201, "No 'To' number is specified")),
            number if is_e164(number) => Ok(number.to_owned()),
            _ => Err(RestError::invalid(
                21211,
                format!("The phone number you are attempting to call, {to}, is not valid."),
            )),
        }
    }

    /// The owned number behind a caller ID, if it is one.
    fn check_from(&self, account: &str, request: &Outbound<'_>) -> Result<Option<Sid>, RestError> {
        let from = request.from;
        if from.is_empty() {
            return Err(RestError::invalid(
                21213,
                "A 'From' phone number is required.",
            ));
        }
        if from.starts_with("client:") && request.to.starts_with("client:") {
            return Ok(None);
        }
        if let Some(own) = self
            .owner_of(from)
            .filter(|number| number.account_sid == super::regions::plain(account))
        {
            return Ok(Some(own.sid.clone()));
        }
        if self.has_verified(account, from) {
            return Ok(None);
        }
        let by_token = request.call_token.is_some_and(|token| {
            self.legs.values().any(|leg| {
                let record = &leg.record;
                record.account_sid == account
                    && record.from == from
                    && record.call_token.as_deref() == Some(token)
            })
        });
        if by_token || request.to.starts_with("client:") {
            return Ok(None);
        }
        if !is_e164(from) {
            return Err(RestError::invalid(
                21212,
                format!("The 'From' number {from} is not a valid phone number."),
            ));
        }
        Err(RestError::invalid(
            21210,
            format!(
                "The source phone number provided, {from}, is not yet verified for your account."
            ),
        ))
    }

    fn check_twiml(&self, account: &str, twiml: &TwimlFrom) -> Result<(), RestError> {
        match twiml {
            TwimlFrom::Url(fetch) if !is_callback_url(&fetch.url) => Err(RestError::invalid(
                21205,
                format!("Url is not a valid URL: {}", fetch.url),
            )),
            TwimlFrom::Inline(twiml) if twiml.chars().count() > INLINE_TWIML => {
                Err(RestError::invalid(
                    32018,
                    format!("Twiml has more than {INLINE_TWIML} characters"),
                ))
            }
            TwimlFrom::Application(sid)
                if !self
                    .account(account)
                    .is_some_and(|a| a.applications.contains_key(sid)) =>
            {
                Err(RestError::invalid(
                    21218,
                    format!("{sid} is not an application of this account"),
                ))
            }
            _ => Ok(()),
        }
    }

    fn wait_for_turn(&self, account: &str) -> chrono::TimeDelta {
        let next = self.turns.get(account).copied().unwrap_or(self.now);
        (next - self.now).max(millis(0))
    }

    /// A REST call stands in line for its account's turn.
    pub(super) fn take_turn(&mut self, leg: Leg) {
        let (sid, account) = (leg.record.sid.clone(), leg.record.account_sid.clone());
        let wait = self.wait_for_turn(&account);
        let rate = self
            .account(&account)
            .map_or(1, |account| account.calls_per_second.max(1));
        self.turns
            .insert(account, self.now + wait + millis(1000 / i64::from(rate)));
        self.add_leg(leg);
        self.set_status(&sid, CallStatus::Queued);
        self.after(wait, Timer::Launch { leg: sid });
    }

    pub(super) fn launch(&mut self, sid: &str) {
        if self
            .leg(sid)
            .is_some_and(|leg| leg.record.status == CallStatus::Queued)
        {
            self.place(sid);
        }
    }

    pub(super) fn record_on_answer(&mut self, sid: &str) {
        let Some(request) = self
            .leg_mut(sid)
            .and_then(|leg| leg.record_on_answer.take())
        else {
            return;
        };
        let plan = RecordingPlan::of(request, "OutboundAPI", true);
        let recording = self.start_on_leg(sid, plan);
        if let Some(leg) = self.leg_mut(sid) {
            leg.told_recording = recording;
        }
    }

    /// Changes a live call: other TwiML, its end, its time limit.
    pub fn update_call(
        &mut self,
        now: Time,
        account: &str,
        sid: &str,
        change: UpdateCall,
    ) -> Result<CallRecord, RestError> {
        self.at(now);
        let record = self
            .call(account, sid)
            .ok_or_else(|| RestError::not_found(sid))?
            .clone();
        if let Some(twiml) = &change.twiml {
            self.check_twiml(account, twiml)?;
        }
        if let Some(limit) = change.time_limit {
            if let Some(leg) = self.leg_mut(sid) {
                leg.time_limit = i64::from(limit);
            }
            let left = record.start_time.map_or(now, |start| start)
                + chrono::TimeDelta::seconds(i64::from(limit));
            self.timers.set(
                left.max(now),
                Timer::TimeLimit {
                    leg: sid.to_owned(),
                },
            );
        }
        match (change.status.as_deref(), change.twiml) {
            (Some(status), _) => self.end_by_rest(&record, status)?,
            (None, Some(twiml)) => {
                if record.status != CallStatus::InProgress {
                    return Err(RestError::invalid(
                        21220,
                        "Call is not in-progress. Cannot redirect.",
                    ));
                }
                if let (Some(callback), Some(leg)) = (change.callback, self.leg_mut(sid)) {
                    leg.progress = callback;
                }
                self.redirect(sid, twiml);
            }
            (None, None) => {}
        }
        self.settle();
        self.call(account, sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(sid))
    }

    fn end_by_rest(&mut self, record: &CallRecord, status: &str) -> Result<(), RestError> {
        let wrong = |text: &str| Err(RestError::invalid(21220, text));
        match (status, record.status) {
            (_, now) if now.is_terminal() => wrong("Call is not in-progress. Cannot update."),
            ("canceled", CallStatus::InProgress) => wrong("Call is in-progress. Cannot cancel."),
            ("completed", CallStatus::InProgress) => {
                self.end(&record.sid, CallStatus::Completed, false);
                Ok(())
            }
            ("canceled" | "completed", _) => {
                self.end(&record.sid, CallStatus::Canceled, false);
                Ok(())
            }
            _ => Err(RestError::invalid(
                20001,
                format!("Status {status} is not valid"),
            )),
        }
    }

    /// One call.
    pub fn call(&self, account: &str, sid: &str) -> Option<&CallRecord> {
        self.leg(sid)
            .map(|leg| &leg.record)
            .filter(|record| record.account_sid == account)
    }

    /// Whether somebody talks in the account's call; refused with these words where nobody does.
    pub(super) fn call_in_progress(
        &self,
        account: &str,
        sid: &str,
        otherwise: &str,
    ) -> Result<(), RestError> {
        let record = self
            .call(account, sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if record.status == CallStatus::InProgress {
            Ok(())
        } else {
            Err(RestError::invalid(21220, otherwise))
        }
    }

    /// An account's calls, newest first.
    pub fn calls(&self, account: &str, filter: &CallFilter) -> Vec<&CallRecord> {
        let same =
            |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        let records = self
            .order
            .iter()
            .rev()
            .filter_map(|sid| self.leg(sid))
            .map(|leg| &leg.record);
        records
            .filter(|record| {
                record.account_sid == account
                    && same(&filter.to, &record.to)
                    && same(&filter.from, &record.from)
                    && same(&filter.status, record.status.as_str())
                    && filter
                        .parent_call_sid
                        .as_ref()
                        .is_none_or(|parent| record.parent_call_sid.as_ref() == Some(parent))
            })
            .collect()
    }

    /// Deletes an ended call's record.
    pub fn delete_call(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        let record = self
            .call(account, sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if !record.status.is_terminal() {
            return Err(RestError {
                status: 409,
                code: 20409,
                message: "The call is not over".into(),
            });
        }
        self.legs.remove(sid);
        self.order.retain(|other| other != sid);
        Ok(())
    }

    /// Whether a leg belongs to a conference by REST.
    pub(super) fn is_participant(&self, sid: &str) -> bool {
        self.leg(sid)
            .is_some_and(|leg| matches!(leg.role, Role::Participant { .. }))
    }
}

fn check_digits(digits: &str) -> Result<(), RestError> {
    let fine = digits.len() <= 32 && digits.chars().all(|key| "0123456789ABCD#*wW".contains(key));
    if fine {
        Ok(())
    } else {
        Err(RestError::invalid(21206, "SendDigits is not valid"))
    }
}

/// A plus and 8 to 15 digits.
pub(super) fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0')
    })
}
