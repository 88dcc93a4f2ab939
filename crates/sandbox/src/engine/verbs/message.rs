//! `<Message>`: a call sends a message and goes on.

use offhook_twilio::twiml::Message;

use super::super::hooks::{param, resolve};
use super::super::sms::{CreateSms, Sender, SmsDirection};
use super::super::{Engine, regions};
use super::Flow;
use crate::seam::Sid;

impl Engine {
    pub(super) fn message(&mut self, leg: &str, run: u64, message: Message) -> Flow {
        let Some(found) = self.leg(leg) else {
            return Flow::On;
        };
        let (account, from, to) = (
            found.record.account_sid.clone(),
            found.record.from.clone(),
            found.record.to.clone(),
        );
        if regions::split(&account).1 != regions::HOME {
            self.alert(leg, 13803, "<Message> is not supported in this region");
            self.verb_failed(leg, run, 13803);
            return Flow::Stay;
        }
        let base = found.script(run).map(|script| script.url.clone());
        let base = base.unwrap_or_default();
        let status = message.status_callback.filter(|url| !url.is_empty());
        let wanted = CreateSms {
            sender: Sender {
                from: message.from.unwrap_or(to),
                service: Sid::new(),
            },
            to: message.to.unwrap_or(from),
            body: message.body.trim().to_owned(),
            media: message
                .media
                .iter()
                .map(|media| resolve(&base, media.trim()))
                .collect(),
            status_callback: status.map_or_else(String::new, |url| resolve(&base, &url)),
            direction: SmsDirection::OutboundCall,
            ..CreateSms::default()
        };
        let sent = self.sms_of_twiml(&account, leg, wanted);
        let Some(action) = message.action else {
            return Flow::On;
        };
        let mut told = vec![param(
            "MessageStatus",
            if sent.is_some() { "sent" } else { "failed" },
        )];
        told.extend(sent.map(|sid| param("MessageSid", sid)));
        let method = message.method.map_or("POST", |method| method.as_str());
        self.fetch(leg, run, &action, method, told);
        Flow::Stay
    }
}
