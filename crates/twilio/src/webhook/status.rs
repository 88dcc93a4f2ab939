//! Call progress: a leg's status callback.

use chrono::{DateTime, Utc};

use super::Form;
use crate::status::{CallStatus, Direction};

/// Tells how a leg goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCallback {
    /// The leg.
    pub call_sid: Option<String>,
    /// The account.
    pub account_sid: Option<String>,
    /// The leg that dialled this one.
    pub parent_call_sid: Option<String>,
    /// The caller.
    pub from: Option<String>,
    /// Who was called.
    pub to: Option<String>,
    /// Which way the leg goes.
    pub direction: Option<Direction>,
    /// The leg's state now.
    pub call_status: Option<CallStatus>,
    /// Counts this leg's events from 0; they may arrive in any order.
    pub sequence_number: Option<u32>,
    /// When it happened.
    pub timestamp: Option<DateTime<Utc>>,
    /// At the end: how long it lasted, in seconds (`CallDuration`).
    pub duration_seconds: Option<u32>,
    /// At the end: what is billed, in minutes (`Duration`).
    pub billed_minutes: Option<u32>,
    /// At the end: the last SIP answer.
    pub sip_response_code: Option<u32>,
    /// Why it failed.
    pub error_code: Option<u32>,
    /// Who or what answered, where detection was asked for.
    pub answered_by: Option<String>,
    /// A recording made with the call; its file may not be ready.
    pub recording_sid: Option<String>,
    /// Everything as it came.
    pub form: Form,
}

impl From<Form> for StatusCallback {
    fn from(form: Form) -> Self {
        Self {
            call_sid: form.text("CallSid"),
            account_sid: form.text("AccountSid"),
            parent_call_sid: form.text("ParentCallSid"),
            from: form.text("From"),
            to: form.text("To"),
            direction: form.word("Direction"),
            call_status: form.word("CallStatus"),
            sequence_number: form.number("SequenceNumber"),
            timestamp: form.time("Timestamp"),
            duration_seconds: form.number("CallDuration"),
            billed_minutes: form.number("Duration"),
            sip_response_code: form.number("SipResponseCode"),
            error_code: form.number("ErrorCode"),
            answered_by: form.text("AnsweredBy"),
            recording_sid: form.text("RecordingSid"),
            form,
        }
    }
}
