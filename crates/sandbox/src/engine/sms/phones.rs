//! Messages as phones see them: what somebody wrote, and what came.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::Engine;
use super::super::error::RestError;
use super::{MediaFile, bare, carrier, is_number};
use crate::seam::{Sid, Time};

/// Messages of phones kept.
const KEPT: usize = 5000;
/// The longest text of a phone.
const LONGEST: usize = 1600;
/// The most files, and the largest.
const FILES: usize = 10;
const LARGEST: usize = 5 << 20;

/// A message on a phone's screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Bubble {
    /// Its place among all.
    pub number: u64,
    /// When.
    pub at: Time,
    /// Who wrote.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What.
    pub body: String,
    /// The files' addresses and kinds.
    pub media: Vec<(String, String)>,
}

/// What somebody writes on a phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhoneText {
    /// The phone's number, with `whatsapp:` before it for that channel.
    pub from: String,
    /// Whom to; of the same channel.
    pub to: String,
    /// The text.
    pub body: String,
    /// Files: what each is, and what is in it.
    pub media: Vec<(String, Arc<[u8]>)>,
}

impl Engine {
    /// Somebody writes on a phone.
    pub fn phone_texts(&mut self, now: Time, text: PhoneText) -> Result<Bubble, RestError> {
        self.at(now);
        if !is_number(&text.to) {
            return Err(RestError::invalid(
                21211,
                format!("{} is not a number", text.to),
            ));
        }
        if super::is_whatsapp(&text.from) != super::is_whatsapp(&text.to) {
            return Err(RestError::invalid(
                21910,
                "both numbers must be of the same channel",
            ));
        }
        let too_long = text.body.chars().count() > LONGEST;
        let too_large = text.media.iter().any(|(_, bytes)| bytes.len() > LARGEST);
        if too_long || too_large || text.media.len() > FILES {
            return Err(RestError::invalid(21617, "the message is too long"));
        }
        if text.body.is_empty() && text.media.is_empty() {
            return Err(RestError::invalid(21602, "the message says nothing"));
        }
        let media: Vec<MediaFile> = text
            .media
            .into_iter()
            .map(|(content_type, bytes)| MediaFile {
                sid: Sid::new(),
                content_type,
                bytes,
                date_created: now,
            })
            .collect();
        let number = self.note_bubble(&text.from, &text.to, &text.body, &[], None);
        let sid = self.receive(&text.from, &text.to, &text.body, media);
        self.show_files(number, sid.as_deref());
        self.settle();
        let bubble = self
            .texting
            .bubbles
            .iter()
            .find(|bubble| bubble.number == number);
        bubble
            .cloned()
            .ok_or_else(|| RestError::not_found(&text.from))
    }

    /// A message is seen on a phone; its place among all.
    pub(super) fn note_bubble(
        &mut self,
        from: &str,
        to: &str,
        body: &str,
        media: &[MediaFile],
        sid: Option<&str>,
    ) -> u64 {
        let number = self
            .texting
            .bubbles
            .back()
            .map_or(1, |last| last.number + 1);
        if self.texting.bubbles.len() >= KEPT {
            self.texting.bubbles.pop_front();
        }
        self.texting.bubbles.push_back(Bubble {
            number,
            at: self.now,
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
            media: Vec::new(),
        });
        if !media.is_empty() {
            self.show_files(number, sid);
        }
        number
    }

    /// The files of a message are shown with it.
    fn show_files(&mut self, number: u64, sid: Option<&str>) {
        let sms = sid.and_then(|sid| self.sms_mut(sid)).cloned();
        let Some(sms) = sms else { return };
        let shown = sms
            .media
            .iter()
            .map(|file| (self.media_url(&sms, file), file.content_type.clone()))
            .collect();
        let mut bubbles = self.texting.bubbles.iter_mut();
        if let Some(bubble) = bubbles.find(|bubble| bubble.number == number) {
            bubble.media = shown;
        }
    }

    /// What a phone wrote and received, oldest first; of all phones where none is named.
    pub fn bubbles(&self, number: Option<&str>) -> Vec<&Bubble> {
        let all = self.texting.bubbles.iter();
        let of = |bubble: &&Bubble| {
            number.is_none_or(|number| bare(&bubble.from) == number || bare(&bubble.to) == number)
        };
        all.filter(of).collect()
    }

    /// What becomes of messages to or from a number.
    pub fn fates(&self) -> &BTreeMap<String, u32> {
        &self.texting.fates
    }

    /// Chooses what becomes of messages to or from a number: they fail with this code; none for the usual.
    pub fn set_fate(&mut self, number: &str, code: Option<u32>) -> Result<(), RestError> {
        match code {
            None => {
                self.texting.fates.remove(number);
            }
            Some(code) if carrier::is_fate(code) => {
                self.texting.fates.insert(number.to_owned(), code);
            }
            Some(code) => {
                return Err(RestError::invalid(
                    20001,
                    format!("{code} is none of the errors with which messages fail"),
                ));
            }
        }
        Ok(())
    }
}
