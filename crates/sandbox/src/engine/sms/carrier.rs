//! A message on its way: its turn, its steps, what the network says, and the receipts of each.

use serde_json::json;

use super::super::Engine;
use super::super::hooks::param;
use super::super::stock::NumberKind;
use super::super::timers::{Timer, millis};
use super::{Sms, SmsStatus, bare, is_whatsapp};
use crate::seam::{Sid, Time};

/// Milliseconds until the network has a message, and until its receipt.
const TO_NETWORK: i64 = 200;
const TO_PHONE: i64 = 800;
/// Milliseconds until a message of `WhatsApp`'s is read.
const TO_EYES: i64 = 2000;
/// Hours in which free text may follow somebody's message on `WhatsApp`.
const WINDOW: i64 = 24;
/// A piece, in hundred-thousandths of a dollar; with files the whole message.
const PIECE: i64 = 790;
const WITH_FILES: i64 = 2000;

/// Errors with which a message leaves and does not arrive.
const UNDELIVERED: [u32; 4] = [30003, 30005, 30006, 30008];
/// Errors with which the network does not even take it.
const FILTERED: [u32; 4] = [30007, 30032, 30034, 30450];

/// Whether this is an end that can be chosen for a number's messages.
pub(super) fn is_fate(code: u32) -> bool {
    UNDELIVERED.contains(&code) || FILTERED.contains(&code)
}

impl Engine {
    /// A message that was made waits for its turn or its time.
    pub(super) fn sms_begins(&mut self, sid: &str) {
        let Some(sms) = self.sms_mut(sid) else { return };
        if sms.fetching > 0 {
            return;
        }
        let at = match sms.send_at.filter(|_| sms.status == SmsStatus::Scheduled) {
            Some(at) => at,
            None => self.turn_of(sid),
        };
        self.timers.set(
            at,
            Timer::Sms {
                sid: sid.to_owned(),
            },
        );
    }

    /// When a message's turn is: a long code sends a piece a second, a toll-free number three.
    fn turn_of(&mut self, sid: &str) -> Time {
        let now = self.now;
        let Some(sms) = self.sms_mut(sid) else {
            return now;
        };
        let (from, pieces) = (sms.from.clone(), i64::from(sms.segments.max(1)));
        if from.is_empty() || is_whatsapp(&from) {
            return now + millis(TO_NETWORK);
        }
        let is_free = self
            .owner_of(&from)
            .is_some_and(|number| number.kind == NumberKind::TollFree);
        let each = if is_free { 334 } else { 1000 };
        let free = self.texting.free_at.entry(from).or_insert(now);
        let turn = (*free).max(now);
        *free = turn + millis(each * pieces);
        turn + millis(TO_NETWORK)
    }

    /// A message's next step.
    pub(in crate::engine) fn sms_step(&mut self, sid: &str) {
        let Some(sms) = self.sms_mut(sid).cloned() else {
            return;
        };
        match sms.status {
            SmsStatus::Scheduled | SmsStatus::Accepted => self.chosen(&sms),
            SmsStatus::Queued => self.leaves(&sms),
            SmsStatus::Sending => self.reaches_network(&sms),
            SmsStatus::Sent => self.receipt(&sms),
            SmsStatus::Delivered if is_whatsapp(&sms.to) => {
                self.set_sms(sid, SmsStatus::Read, None);
            }
            _ => {}
        }
    }

    /// A service chooses the sender.
    fn chosen(&mut self, sms: &Sms) {
        let from = if sms.from.is_empty() {
            self.sender_for(sms)
        } else {
            Some(sms.from.clone())
        };
        let Some(from) = from else {
            return self.set_sms(&sms.sid, SmsStatus::Failed, Some(21703));
        };
        if let Some(known) = self.sms_mut(&sms.sid) {
            known.from = from;
            known.status = SmsStatus::Queued;
        }
        let turn = self.turn_of(&sms.sid);
        self.timers.set(
            turn,
            Timer::Sms {
                sid: sms.sid.clone(),
            },
        );
    }

    fn leaves(&mut self, sms: &Sms) {
        self.set_sms(&sms.sid, SmsStatus::Sending, None);
        self.next_step(&sms.sid, TO_NETWORK);
    }

    fn next_step(&mut self, sid: &str, span: i64) {
        self.after(
            millis(span),
            Timer::Sms {
                sid: sid.to_owned(),
            },
        );
    }

    fn reaches_network(&mut self, sms: &Sms) {
        if is_whatsapp(&sms.to) && !self.is_in_window(sms) {
            return self.set_sms(&sms.sid, SmsStatus::Failed, Some(63016));
        }
        if let Some(code) = self.fate(sms).filter(|code| FILTERED.contains(code)) {
            return self.set_sms(&sms.sid, SmsStatus::Undelivered, Some(code));
        }
        let now = self.now;
        if let Some(sms) = self.sms_mut(&sms.sid) {
            sms.date_sent = Some(now);
        }
        self.set_sms(&sms.sid, SmsStatus::Sent, None);
        self.next_step(&sms.sid, TO_PHONE);
    }

    fn receipt(&mut self, sms: &Sms) {
        if let Some(code) = self.fate(sms) {
            return self.set_sms(&sms.sid, SmsStatus::Undelivered, Some(code));
        }
        self.set_sms(&sms.sid, SmsStatus::Delivered, None);
        self.sms_lands(sms);
        if is_whatsapp(&sms.to) {
            self.next_step(&sms.sid, TO_EYES);
        }
    }

    fn is_in_window(&self, sms: &Sms) -> bool {
        let pair = (sms.from.clone(), sms.to.clone());
        let heard = self.texting.heard.get(&pair);
        heard.is_some_and(|heard| self.now - *heard <= chrono::TimeDelta::hours(WINDOW))
    }

    /// What becomes of a message by what was chosen for its numbers.
    fn fate(&self, sms: &Sms) -> Option<u32> {
        let of = |address: &str| self.texting.fates.get(bare(address)).copied();
        of(&sms.to).or_else(|| of(&sms.from))
    }

    /// A message has come further: who asked is told.
    pub(super) fn set_sms(&mut self, sid: &str, status: SmsStatus, error: Option<u32>) {
        let now = self.now;
        let Some(sms) = self.sms_mut(sid) else { return };
        sms.status = status;
        sms.error = error;
        sms.date_updated = now;
        let sms = sms.clone();
        self.trace(
            "sms",
            json!({ "at": now, "sid": sid, "account_sid": sms.account_sid, "status": status.as_str(), "error": error }),
        );
        if status.is_final() && status != SmsStatus::Read && status != SmsStatus::Canceled {
            let delay = chrono::TimeDelta::seconds(self.settings.price_delay);
            let sid: Sid = sid.to_owned();
            self.after(delay, Timer::SmsPrice { sid });
        }
        if let Some(code) = error {
            self.note_alert_of(&sms.account_sid, sid, code, "the message did not arrive");
        }
        if sms.status_url.is_empty() {
            return;
        }
        let mut params = vec![
            param("MessageSid", sid),
            param("SmsSid", sid),
            param("AccountSid", &sms.account_sid),
            param("MessageStatus", status.as_str()),
            param("SmsStatus", status.as_str()),
            param("To", &sms.to),
            param("From", &sms.from),
            param("ApiVersion", "2010-04-01"),
        ];
        if let Some(service) = &sms.service_sid {
            params.push(param("MessagingServiceSid", service));
        }
        if let Some(code) = error {
            params.push(param("ErrorCode", code.to_string()));
        }
        if status == SmsStatus::Delivered {
            let done = now.format("%y%m%d%H%M").to_string();
            params.push(param("RawDlrDoneDate", done));
        }
        self.tell(
            format!("sms {sid}"),
            sms.account_sid,
            &sms.status_url,
            "POST",
            params,
        );
    }

    /// What a message cost is known some time after its end; one that never left costs nothing.
    pub(in crate::engine) fn price_sms(&mut self, sid: &str) {
        let now = self.now;
        let Some(sms) = self.sms_mut(sid) else { return };
        sms.price = Some(match (sms.status, sms.num_media) {
            (SmsStatus::Failed, _) => 0,
            (_, 0) => PIECE * i64::from(sms.segments),
            _ => WITH_FILES,
        });
        sms.date_updated = now;
    }
}
