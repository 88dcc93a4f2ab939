//! A message comes in to a number: keywords, the application's webhook, and its answer.

use super::super::account::SmsHooks;
use super::super::geo;
use super::super::hooks::{Page, Params, Purpose, param};
use super::super::numbers::Number;
use super::super::timers::Timer;
use super::super::{Engine, hooks};
use super::keywords::Keyword;
use super::{MediaFile, Sms, SmsDirection, SmsStatus, bare, is_whatsapp, segments};
use crate::seam::{Sid, WebhookReply};

/// Where a message goes.
struct Way {
    hooks: SmsHooks,
    service: Option<Sid>,
}

impl Engine {
    /// A message that was sent arrives: at a phone, or at another number of the sandbox.
    pub(super) fn sms_lands(&mut self, sms: &Sms) {
        self.note_bubble(&sms.from, &sms.to, &sms.body, &sms.media, Some(&sms.sid));
        self.receive(&sms.from, &sms.to, &sms.body, sms.media.clone());
    }

    /// A message comes to a number that somebody owns; to any other it is only seen there.
    pub(super) fn receive(
        &mut self,
        from: &str,
        to: &str,
        body: &str,
        media: Vec<MediaFile>,
    ) -> Option<Sid> {
        let number = self.owner_of(bare(to))?.clone();
        let account = number.account_sid.clone();
        if !self.is_active(&account) {
            return None;
        }
        let way = self.way_of(&number)?;
        let sid = self.ids.sid(if media.is_empty() { "SM" } else { "MM" });
        let now = self.now;
        let media: Vec<MediaFile> = media
            .into_iter()
            .map(|file| MediaFile {
                sid: self.ids.sid("ME"),
                date_created: now,
                ..file
            })
            .collect();
        let sms = Sms {
            sid: sid.clone(),
            account_sid: account,
            service_sid: way.service.clone(),
            direction: SmsDirection::Inbound,
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
            segments: if media.is_empty() {
                segments::count(body)
            } else {
                1
            },
            num_media: media.len(),
            media,
            status: SmsStatus::Received,
            error: None,
            price: None,
            date_created: now,
            date_updated: now,
            date_sent: Some(now),
            status_url: String::new(),
            send_at: None,
            fetching: 0,
        };
        self.keep_sms(sms.clone());
        let delay = chrono::TimeDelta::seconds(self.settings.price_delay);
        self.after(delay, Timer::SmsPrice { sid: sid.clone() });
        if is_whatsapp(to) {
            let pair = (to.to_owned(), from.to_owned());
            self.texting.heard.insert(pair, now);
        } else if let Some(keyword) = Keyword::of(body, &number) {
            self.obey(keyword, &number, &way, from);
        }
        self.ask_about(&sms, way.hooks);
        Some(sid)
    }

    /// Where messages to a number go; none where its service takes none.
    fn way_of(&self, number: &Number) -> Option<Way> {
        let service = self.service_of(&number.sid);
        if let Some(service) = service.filter(|service| !service.use_inbound_webhook_on_number) {
            // A service without an address does not even log what comes.
            return (!service.inbound_request_url.is_empty()).then(|| Way {
                hooks: service.hooks(),
                service: Some(service.sid.clone()),
            });
        }
        let application = self
            .account(&number.account_sid)
            .and_then(|account| account.applications.get(&number.sms_application_sid));
        Some(Way {
            hooks: application.map_or_else(|| number.sms.clone(), |app| app.sms.clone()),
            service: service.map(|service| service.sid.clone()),
        })
    }

    /// The network does what a keyword asks, and answers.
    fn obey(&mut self, keyword: Keyword, number: &Number, way: &Way, from: &str) {
        let ours = number.phone_number.clone();
        let mut senders = vec![ours.clone()];
        senders.extend(way.service.clone());
        let mut is_new = true;
        for sender in senders {
            let pair = (sender, from.to_owned());
            is_new = match keyword {
                Keyword::Stop => self.texting.stopped.insert(pair) && is_new,
                Keyword::Start => self.texting.stopped.remove(&pair) && is_new,
                Keyword::Help => true,
            };
        }
        // Who has stopped already, or never had, is not told again.
        if is_new {
            let answer = keyword.answer(number);
            self.note_bubble(&ours, from, answer, &[], None);
        }
    }

    /// Whether somebody wants nothing more from a sender (a number or a service).
    pub(super) fn has_stopped(&self, sender: &str, recipient: &str) -> bool {
        let pair = (sender.to_owned(), recipient.to_owned());
        self.texting.stopped.contains(&pair)
    }

    fn ask_about(&mut self, sms: &Sms, hooks: SmsHooks) {
        if hooks.sms_url.is_empty() {
            return;
        }
        let fallback = hooks.sms_fallback_url;
        self.ask_sms_page(
            sms,
            Page {
                url: hooks.sms_url,
                method: hooks::or_post(&hooks.sms_method),
                extra: Params::new(),
                is_fallback: false,
            },
            (!fallback.is_empty()).then_some((fallback, hooks.sms_fallback_method)),
        );
    }

    /// Asks what to do about a message.
    pub(super) fn ask_sms_page(
        &mut self,
        sms: &Sms,
        page: Page,
        fallback: Option<(String, String)>,
    ) {
        let mut params = self.sms_params(sms);
        hooks::merge(&mut params, page.extra.clone());
        let (url, method) = (page.url.clone(), page.method.clone());
        let purpose = Purpose::Sms {
            sid: sms.sid.clone(),
            page,
            fallback,
        };
        self.send(sms.account_sid.clone(), &url, &method, params, purpose);
    }

    fn sms_params(&self, sms: &Sms) -> Params {
        let mut params = vec![
            param("MessageSid", &sms.sid),
            param("SmsSid", &sms.sid),
            param("SmsMessageSid", &sms.sid),
            param("AccountSid", &sms.account_sid),
        ];
        params.extend(
            sms.service_sid
                .iter()
                .map(|service| param("MessagingServiceSid", service)),
        );
        params.extend([
            param("From", &sms.from),
            param("To", &sms.to),
            param("Body", &sms.body),
            param("NumMedia", sms.media.len().to_string()),
            param("NumSegments", sms.segments.to_string()),
            param("SmsStatus", "received"),
            param("ApiVersion", "2010-04-01"),
        ]);
        for (place, file) in sms.media.iter().enumerate() {
            params.push(param(
                &format!("MediaContentType{place}"),
                &file.content_type,
            ));
            params.push(param(
                &format!("MediaUrl{place}"),
                self.media_url(sms, file),
            ));
        }
        if is_whatsapp(&sms.from) {
            let digits = bare(&sms.from).trim_start_matches('+');
            params.push(param("WaId", digits));
            params.push(param("ProfileName", digits));
        } else {
            // The older twins are the calls' alone.
            params.extend(geo::fields("From", "", &sms.from).into_iter().take(4));
            params.extend(geo::fields("To", "", &sms.to).into_iter().take(4));
        }
        params
    }

    /// Where a message's file is fetched.
    pub fn media_url(&self, sms: &Sms, file: &MediaFile) -> String {
        format!(
            "{}/2010-04-01/Accounts/{}/Messages/{}/Media/{}",
            self.settings.base_url,
            super::super::regions::plain(&sms.account_sid),
            sms.sid,
            file.sid
        )
    }

    /// The application has answered about a message.
    pub(in crate::engine) fn sms_answered(
        &mut self,
        sid: &str,
        page: Page,
        fallback: Option<(String, String)>,
        result: Result<WebhookReply, (u32, String)>,
    ) {
        let Some(sms) = self.sms_mut(sid).cloned() else {
            return;
        };
        match super::reply::read(result) {
            Ok(answer) => {
                for warning in answer.warnings {
                    self.note_alert_of(&sms.account_sid, sid, warning.code, &warning.text);
                }
                self.reply(&sms, &page.url, fallback, answer.verbs);
            }
            Err((code, text)) => {
                let told = format!("{}: {text}", page.url);
                self.note_alert_of(&sms.account_sid, sid, code, &told);
                let Some((url, method)) = fallback.filter(|_| !page.is_fallback) else {
                    return;
                };
                let mut extra = page.extra;
                hooks::merge(
                    &mut extra,
                    vec![
                        param("ErrorCode", code.to_string()),
                        param("ErrorUrl", page.url),
                    ],
                );
                let next = Page {
                    url,
                    method: hooks::or_post(&method),
                    extra,
                    is_fallback: true,
                };
                self.ask_sms_page(&sms, next, None);
            }
        }
    }
}
