//! What an application answers to a message: texts back, or another page.

use offhook_twilio::twiml::{Message, MessagingResponse, MessagingVerb};

use super::super::Engine;
use super::super::hooks::{self, Page, Params, param};
use super::{CreateSms, Sender, Sms, SmsDirection};
use crate::seam::{Sid, WebhookReply};

/// The most messages of one answer.
const MOST: usize = 100;

/// Reads an answer: TwiML, or a plain text that is sent back.
pub(super) fn read(
    result: Result<WebhookReply, (u32, String)>,
) -> Result<MessagingResponse, (u32, String)> {
    let reply = result?;
    if !(200..300).contains(&reply.status) {
        return Err((11200, format!("HTTP {}", reply.status)));
    }
    match reply.content_type.as_str() {
        // No answer is the usual one.
        _ if reply.status == 204 || reply.body.trim().is_empty() => {
            Ok(MessagingResponse::default())
        }
        "text/xml" | "application/xml" | "text/html" => {
            MessagingResponse::parse(&reply.body).map_err(|error| (error.code(), error.to_string()))
        }
        "text/plain" => {
            let text = Message {
                body: reply.body,
                ..Message::default()
            };
            Ok(MessagingResponse {
                verbs: vec![MessagingVerb::Message(text)],
                warnings: Vec::new(),
            })
        }
        other => Err((12300, format!("the content type {other} is not TwiML"))),
    }
}

impl Engine {
    /// Does what an application answered to a message.
    pub(super) fn reply(
        &mut self,
        sms: &Sms,
        url: &str,
        fallback: Option<(String, String)>,
        verbs: Vec<MessagingVerb>,
    ) {
        for verb in verbs.into_iter().take(MOST) {
            match verb {
                MessagingVerb::Message(message) => {
                    let sid = self.answer_with(sms, url, &message);
                    if let Some(action) = &message.action {
                        let page = Page {
                            url: hooks::resolve(url, action),
                            method: message.method.map_or("POST", |m| m.as_str()).to_owned(),
                            extra: sent(sid.as_deref()),
                            is_fallback: false,
                        };
                        return self.ask_sms_page(sms, page, fallback);
                    }
                }
                MessagingVerb::Redirect(redirect) => {
                    let page = Page {
                        url: hooks::resolve(url, &redirect.url),
                        method: redirect.method.map_or("POST", |m| m.as_str()).to_owned(),
                        extra: Params::new(),
                        is_fallback: false,
                    };
                    return self.ask_sms_page(sms, page, fallback);
                }
            }
        }
    }

    fn answer_with(&mut self, sms: &Sms, url: &str, message: &Message) -> Option<Sid> {
        let status = message.status_callback.as_deref().unwrap_or_default();
        let status = if status.is_empty() {
            String::new()
        } else {
            hooks::resolve(url, status)
        };
        let wanted = CreateSms {
            sender: Sender {
                from: message.from.clone().unwrap_or_else(|| sms.to.clone()),
                service: Sid::new(),
            },
            to: message.to.clone().unwrap_or_else(|| sms.from.clone()),
            body: message.body.trim().to_owned(),
            media: message
                .media
                .iter()
                .map(|media| hooks::resolve(url, media.trim()))
                .collect(),
            status_callback: status,
            direction: SmsDirection::OutboundReply,
            ..CreateSms::default()
        };
        self.sms_of_twiml(&sms.account_sid.clone(), &sms.sid.clone(), wanted)
    }

    /// Sends a message that TwiML asked for; what is refused goes to the debugger, under the call or message it came of.
    pub(in crate::engine) fn sms_of_twiml(
        &mut self,
        account: &str,
        about: &str,
        wanted: CreateSms,
    ) -> Option<Sid> {
        match self.make_sms(account, wanted) {
            Ok(sms) => Some(sms.sid),
            Err(error) => {
                // In TwiML the same mistakes have codes of their own.
                let code = match error.code {
                    21211 => 14101,
                    21212 | 21606 | 21603 => 14102,
                    21602 | 21617 => 14103,
                    code => code,
                };
                self.note_alert_of(account, about, code, &error.message);
                None
            }
        }
    }
}

/// What an action is told.
fn sent(sid: Option<&str>) -> Params {
    let mut params = vec![param(
        "MessageStatus",
        if sid.is_some() { "sent" } else { "failed" },
    )];
    params.extend(sid.map(|sid| param("MessageSid", sid)));
    params
}
