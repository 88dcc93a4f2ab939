//! Messages: SMS, MMS and `WhatsApp`; sent by REST or as answers, received from phones, with their receipts.

mod carrier;
mod files;
mod keywords;
mod phones;
mod receive;
mod reply;
mod segments;
mod send;
mod services;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::Engine;
use super::error::RestError;
use crate::seam::{Sid, Time};
pub use phones::{Bubble, PhoneText};
pub use send::{CreateSms, Sender};
pub use services::{Service, ServiceChange};

/// Messages kept.
const KEPT: usize = 20_000;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsStatus {
    /// A service will choose its sender.
    Accepted,
    /// It waits for its time.
    Scheduled,
    /// It waits for its turn.
    Queued,
    /// It is on its way to the network.
    Sending,
    /// The network has it.
    Sent,
    /// It has arrived.
    Delivered,
    /// The network could not deliver it.
    Undelivered,
    /// It did not even leave.
    Failed,
    /// It was read (`WhatsApp`).
    Read,
    /// It was taken back before its time.
    Canceled,
    /// It came in.
    Received,
}

impl SmsStatus {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Read => "read",
            Self::Canceled => "canceled",
            Self::Received => "received",
        }
    }

    /// Whether nothing more comes of it; a receipt of reading may.
    pub fn is_final(self) -> bool {
        !matches!(
            self,
            Self::Accepted | Self::Scheduled | Self::Queued | Self::Sending | Self::Sent
        )
    }
}

/// Which way a message goes, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsDirection {
    /// To a number of the account's.
    Inbound,
    /// Sent by REST.
    OutboundApi,
    /// Sent by a call's TwiML.
    OutboundCall,
    /// The answer of the application to a message.
    OutboundReply,
}

impl SmsDirection {
    /// Twilio's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundCall => "outbound-call",
            Self::OutboundReply => "outbound-reply",
        }
    }
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// `ME…`.
    pub sid: Sid,
    /// What it is.
    pub content_type: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
    /// When it came.
    pub date_created: Time,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Sms {
    /// `SM…`, or `MM…` with files.
    pub sid: Sid,
    /// Whose.
    pub account_sid: Sid,
    /// The service that it was sent or received by.
    pub service_sid: Option<Sid>,
    /// Which way.
    pub direction: SmsDirection,
    /// The sender; empty until a service has chosen one.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// Its text.
    pub body: String,
    /// Its files.
    pub media: Vec<MediaFile>,
    /// How many files it has or will have.
    pub num_media: usize,
    /// How far it has come.
    pub status: SmsStatus,
    /// Why it came no further.
    pub error: Option<u32>,
    /// Its pieces.
    pub segments: u32,
    /// What it cost, in hundred-thousandths of a dollar, once that is known.
    pub price: Option<i64>,
    /// When it was made.
    pub date_created: Time,
    /// When it was last changed.
    pub date_updated: Time,
    /// When the network had it.
    pub date_sent: Option<Time>,
    /// Told of its way; empty for nobody.
    pub(super) status_url: String,
    /// When it goes out, where that is later.
    pub(super) send_at: Option<Time>,
    /// Files that are still fetched.
    pub(super) fetching: usize,
}

/// All messages, and what is known of those who write.
#[derive(Debug, Default)]
pub(super) struct Texting {
    /// Oldest first.
    messages: VecDeque<Sms>,
    services: BTreeMap<Sid, Service>,
    /// Who wants nothing more from whom: the recipient after the sender.
    stopped: BTreeSet<(String, String)>,
    /// When somebody last wrote to a number on `WhatsApp`: the number, then who.
    heard: HashMap<(String, String), Time>,
    /// When a number may send next.
    free_at: HashMap<String, Time>,
    /// Which of a service's numbers a recipient knows.
    known: HashMap<(Sid, String), String>,
    /// What becomes of messages to or from a number.
    fates: BTreeMap<String, u32>,
    /// What phones sent and received, oldest first.
    bubbles: VecDeque<Bubble>,
    files: files::Files,
}

impl Engine {
    /// One message.
    pub fn sms(&self, account: &str, sid: &str) -> Option<&Sms> {
        let of = |sms: &&Sms| sms.sid == sid && sms.account_sid == account;
        self.texting.messages.iter().rev().find(of)
    }

    /// An account's messages, newest first.
    pub fn all_sms(&self, account: &str) -> Vec<&Sms> {
        let all = self.texting.messages.iter().rev();
        all.filter(|sms| sms.account_sid == account).collect()
    }

    fn sms_mut(&mut self, sid: &str) -> Option<&mut Sms> {
        let mut all = self.texting.messages.iter_mut().rev();
        all.find(|sms| sms.sid == sid)
    }

    fn keep_sms(&mut self, sms: Sms) {
        if self.texting.messages.len() >= KEPT {
            self.texting.messages.pop_front();
        }
        self.texting.messages.push_back(sms);
    }

    /// Takes back a message that waits for its time.
    pub fn cancel_sms(&mut self, now: Time, account: &str, sid: &str) -> Result<Sms, RestError> {
        self.at(now);
        let sms = self
            .sms(account, sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if sms.status != SmsStatus::Scheduled {
            return Err(RestError::invalid(
                30409,
                "The message is not in a state in which it can be canceled",
            ));
        }
        self.set_sms(sid, SmsStatus::Canceled, None);
        self.sms(account, sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(sid))
    }

    /// Takes the text out of a message that has come to its end.
    pub fn redact_sms(&mut self, now: Time, account: &str, sid: &str) -> Result<Sms, RestError> {
        self.at(now);
        self.finished_sms(account, sid)?;
        let sms = self.sms_mut(sid).ok_or_else(|| RestError::not_found(sid))?;
        sms.body.clear();
        sms.date_updated = now;
        Ok(sms.clone())
    }

    /// Forgets a message that has come to its end.
    pub fn delete_sms(&mut self, account: &str, sid: &str) -> Result<(), RestError> {
        self.finished_sms(account, sid)?;
        self.texting.messages.retain(|sms| sms.sid != sid);
        Ok(())
    }

    fn finished_sms(&self, account: &str, sid: &str) -> Result<(), RestError> {
        let sms = self
            .sms(account, sid)
            .ok_or_else(|| RestError::not_found(sid))?;
        if sms.status.is_final() {
            return Ok(());
        }
        Err(RestError {
            status: 409,
            code: 20009,
            message: "Resource not complete".into(),
        })
    }

    /// Forgets a file of a message.
    pub fn delete_media(&mut self, account: &str, sid: &str, media: &str) -> Result<(), RestError> {
        self.finished_sms(account, sid)?;
        let sms = self.sms_mut(sid).ok_or_else(|| RestError::not_found(sid))?;
        let place = sms.media.iter().position(|file| file.sid == media);
        let place = place.ok_or_else(|| RestError::not_found(media))?;
        sms.media.remove(place);
        Ok(())
    }
}

/// What an address is apart from its channel.
pub(super) fn bare(address: &str) -> &str {
    address.strip_prefix("whatsapp:").unwrap_or(address)
}

pub(super) fn is_whatsapp(address: &str) -> bool {
    address.starts_with("whatsapp:")
}

/// Whether an address is a number that messages can be sent to: `+` and 7 to 15 digits.
pub(super) fn is_number(address: &str) -> bool {
    bare(address).strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}
