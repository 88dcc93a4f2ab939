//! A message is asked for: what Twilio refuses at once, and what it takes.

use super::super::error::RestError;
use super::super::regions::plain;
use super::super::voice_hooks::is_callback_url;
use super::super::{Engine, stock};
use super::{Service, Sms, SmsDirection, SmsStatus, bare, is_number, is_whatsapp, segments};
use crate::seam::{Sid, Time};

/// The longest text.
const LONGEST: usize = 1600;
/// The most files.
const FILES: usize = 10;
/// Messages wait four hours at most.
const LONGEST_QUEUE: i64 = 4 * 3600;
/// A message is scheduled from 15 minutes to 35 days ahead.
const SOONEST: i64 = 15 * 60;
const LATEST: i64 = 35 * 86_400;
/// What a trial account's messages begin with.
const TRIAL: &str = "Sent from your Twilio trial account - ";

/// Who sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// A number of the account's, with `whatsapp:` before it for that channel.
    pub from: String,
    /// A service that chooses one.
    pub service: Sid,
}

/// `POST Messages`.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSms {
    /// Who sends.
    pub sender: Sender,
    /// Whom to.
    pub to: String,
    /// The text.
    pub body: String,
    /// Addresses of files.
    pub media: Vec<String>,
    /// Told of its way; empty for nobody.
    pub status_callback: String,
    /// An application that is told of its way; empty for none.
    pub application: Sid,
    /// Whether characters are replaced to save pieces.
    pub smart: bool,
    /// When it goes out.
    pub send_at: Option<Time>,
    /// What it is.
    pub direction: SmsDirection,
}

impl Default for CreateSms {
    fn default() -> Self {
        Self {
            sender: Sender::default(),
            to: String::new(),
            body: String::new(),
            media: Vec::new(),
            status_callback: String::new(),
            application: Sid::new(),
            smart: false,
            send_at: None,
            direction: SmsDirection::OutboundApi,
        }
    }
}

impl Engine {
    /// Sends a message, at once or when its turn or time has come.
    pub fn create_sms(
        &mut self,
        now: Time,
        account: &str,
        wanted: CreateSms,
    ) -> Result<Sms, RestError> {
        self.at(now);
        let made = self.make_sms(account, wanted)?;
        self.settle();
        Ok(made)
    }

    /// The same within something else that happens.
    pub(super) fn make_sms(&mut self, account: &str, wanted: CreateSms) -> Result<Sms, RestError> {
        let now = self.now;
        check_content(&wanted)?;
        let status_url = self.status_url(account, &wanted)?;
        let service = (!wanted.sender.service.is_empty())
            .then(|| self.service(account, &wanted.sender.service).cloned())
            .transpose()
            .map_err(|_| no_service(&wanted.sender.service))?;
        self.check_recipient(account, &wanted)?;
        match &service {
            Some(service) => self.check_service(service, &wanted)?,
            None => self.check_sender(account, &wanted)?,
        }
        self.check_wish(service.as_ref(), &wanted)?;
        let send_at = check_schedule(now, service.is_some(), wanted.send_at)?;
        let (media, smart) = (
            wanted.media.clone(),
            service.as_ref().is_some_and(|s| s.smart_encoding),
        );
        let sms = Sms {
            service_sid: service.as_ref().map(|service| service.sid.clone()),
            status: match (&service, send_at) {
                (Some(_), Some(_)) => SmsStatus::Scheduled,
                (Some(_), None) => SmsStatus::Accepted,
                (None, _) => SmsStatus::Queued,
            },
            status_url,
            send_at,
            ..self.blank_sms(account, wanted, smart)
        };
        self.keep_sms(sms.clone());
        self.fetch_files(&sms.sid, &media);
        self.sms_begins(&sms.sid);
        Ok(sms)
    }

    /// A message that is never sent, for test credentials.
    pub fn made_up_sms(
        &mut self,
        now: Time,
        account: &str,
        wanted: &CreateSms,
    ) -> Result<Sms, RestError> {
        self.at(now);
        check_content(wanted)?;
        Ok(self.blank_sms(account, wanted.clone(), false))
    }

    /// A message as it is before anything has happened to it.
    fn blank_sms(&mut self, account: &str, wanted: CreateSms, smart: bool) -> Sms {
        let mut body = if wanted.smart || smart {
            segments::smart(&wanted.body)
        } else {
            wanted.body
        };
        let is_trial = self.account(account).is_some_and(|a| a.is_trial);
        if is_trial && !body.is_empty() {
            body.insert_str(0, TRIAL);
        }
        let kind = if wanted.media.is_empty() { "SM" } else { "MM" };
        Sms {
            sid: self.ids.sid(kind),
            account_sid: account.to_owned(),
            service_sid: None,
            direction: wanted.direction,
            from: wanted.sender.from,
            to: wanted.to,
            segments: pieces(&body, &wanted.media),
            body,
            media: Vec::new(),
            num_media: wanted.media.len(),
            status: SmsStatus::Queued,
            error: None,
            price: None,
            date_created: self.now,
            date_updated: self.now,
            date_sent: None,
            status_url: String::new(),
            send_at: None,
            fetching: 0,
        }
    }

    /// Refuses what the recipient does not want.
    fn check_wish(&self, service: Option<&Service>, wanted: &CreateSms) -> Result<(), RestError> {
        let from = &wanted.sender.from;
        let sender = match service {
            Some(service) if from.is_empty() => service.sid.as_str(),
            _ => from.as_str(),
        };
        if self.has_stopped(sender, &wanted.to) {
            return Err(RestError::invalid(
                21610,
                "Attempt to send to unsubscribed recipient",
            ));
        }
        Ok(())
    }

    /// Who is told of its way: as the request says, else its application, else its service.
    fn status_url(&self, account: &str, wanted: &CreateSms) -> Result<String, RestError> {
        let known = self
            .account(account)
            .ok_or_else(|| RestError::not_found(account))?;
        if !wanted.application.is_empty() {
            let application = known.applications.get(&wanted.application);
            let application = application.ok_or_else(|| {
                RestError::invalid(
                    21218,
                    format!("{} is not an application", wanted.application),
                )
            })?;
            // With an application the request's own callback counts for nothing.
            let newer = &application.message_status_callback;
            return Ok(if newer.is_empty() {
                application.sms_status_callback.clone()
            } else {
                newer.clone()
            });
        }
        let url = &wanted.status_callback;
        if !url.is_empty() && !is_callback_url(url) {
            return Err(RestError::invalid(
                21609,
                format!("The StatusCallback URL {url} is not a valid URL"),
            ));
        }
        if url.is_empty() && !wanted.sender.service.is_empty() {
            let service = self.service(account, &wanted.sender.service);
            let service = service.map_err(|_| no_service(&wanted.sender.service))?;
            return Ok(service.status_callback.clone());
        }
        Ok(url.clone())
    }

    fn check_recipient(&self, account: &str, wanted: &CreateSms) -> Result<(), RestError> {
        let to = &wanted.to;
        if !is_number(to) {
            return Err(RestError::invalid(
                21211,
                format!("The 'To' number {to} is not a valid phone number."),
            ));
        }
        let from = &wanted.sender.from;
        if !from.is_empty() && is_whatsapp(from) != is_whatsapp(to) {
            return Err(RestError::invalid(
                21910,
                "Invalid From and To pair. From and To should be of the same channel",
            ));
        }
        if from == to {
            return Err(RestError::invalid(
                21266,
                "'To' and 'From' number cannot be the same",
            ));
        }
        let is_trial = self.account(account).is_some_and(|a| a.is_trial);
        let is_known = self.has_verified(account, bare(to))
            || self.owner_sid(bare(to)).as_deref() == Some(plain(account));
        if is_trial && !is_known {
            return Err(RestError::invalid(
                21608,
                format!(
                    "The number {to} is unverified. Trial accounts cannot send messages to unverified numbers"
                ),
            ));
        }
        Ok(())
    }

    fn check_sender(&self, account: &str, wanted: &CreateSms) -> Result<(), RestError> {
        let from = &wanted.sender.from;
        if from.is_empty() {
            return Err(RestError::invalid(
                21603,
                "A 'From' phone number is required.",
            ));
        }
        let number = self
            .owner_of(bare(from))
            .filter(|number| number.account_sid == plain(account));
        if is_whatsapp(from) {
            if number.is_none() {
                return Err(RestError::invalid(
                    63007,
                    "Twilio could not find a Channel with the specified From address",
                ));
            }
            return Ok(());
        }
        if !is_number(from) {
            return Err(RestError::invalid(
                21212,
                format!(
                    "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID."
                ),
            ));
        }
        let can_write = stock::item(from).is_none_or(|item| item.shelf.capabilities.sms);
        if number.is_none() || !can_write {
            return Err(RestError::invalid(
                21606,
                format!(
                    "The 'From' phone number provided ({from}) is not a valid message-capable Twilio phone number for this destination/account"
                ),
            ));
        }
        let free = self.texting.free_at.get(from);
        if free.is_some_and(|free| (*free - self.now).num_seconds() > LONGEST_QUEUE) {
            return Err(RestError::invalid(
                21611,
                format!(
                    "This 'From' number {from} has exceeded the maximum number of queued messages"
                ),
            ));
        }
        Ok(())
    }
}

fn no_service(sid: &str) -> RestError {
    RestError::invalid(21701, format!("The Messaging Service {sid} does not exist"))
}

fn pieces(body: &str, media: &[String]) -> u32 {
    if media.is_empty() {
        segments::count(body)
    } else {
        1
    }
}

fn check_content(wanted: &CreateSms) -> Result<(), RestError> {
    if wanted.to.is_empty() {
        return Err(RestError::invalid(
            21604,
            "A 'To' phone number is required.",
        ));
    }
    if wanted.sender.from.is_empty() && wanted.sender.service.is_empty() {
        return Err(RestError::invalid(
            21603,
            "A 'From' phone number is required.",
        ));
    }
    if wanted.body.is_empty() && wanted.media.is_empty() {
        return Err(RestError::invalid(21602, "Message body is required."));
    }
    if wanted.body.chars().count() > LONGEST {
        return Err(RestError::invalid(
            21617,
            format!("The concatenated message body exceeds the {LONGEST} character limit"),
        ));
    }
    if wanted.media.len() > FILES {
        return Err(RestError::invalid(
            21623,
            format!("Number of media files exceeds allowed limit of {FILES}"),
        ));
    }
    match wanted.media.iter().find(|url| !is_callback_url(url)) {
        Some(url) => Err(RestError::invalid(
            21620,
            format!("Invalid media URL(s): {url}"),
        )),
        None => Ok(()),
    }
}

fn check_schedule(
    now: Time,
    has_service: bool,
    send_at: Option<Time>,
) -> Result<Option<Time>, RestError> {
    let Some(at) = send_at else {
        return Ok(None);
    };
    if !has_service {
        return Err(RestError::invalid(
            35118,
            "MessagingServiceSid is required to schedule a message",
        ));
    }
    let ahead = (at - now).num_seconds();
    if !(SOONEST..=LATEST).contains(&ahead) {
        return Err(RestError::invalid(
            35114,
            "SendAt time must be between 15 minutes and 35 days in the future",
        ));
    }
    Ok(Some(at))
}
