//! Files of messages on their way in: each is fetched from its address before its message leaves.

use std::collections::HashMap;

use super::super::Engine;
use super::{MediaFile, SmsStatus};
use crate::seam::{FileReady, FileRequest, Output, Sid};

/// Files being fetched, and the messages that wait for them.
#[derive(Debug, Default)]
pub(super) struct Files {
    count: u64,
    waiting: HashMap<u64, Sid>,
}

impl Engine {
    pub(super) fn fetch_files(&mut self, sid: &str, urls: &[String]) {
        if let Some(sms) = self.sms_mut(sid) {
            sms.fetching = urls.len();
        }
        for url in urls {
            self.texting.files.count += 1;
            let id = self.texting.files.count;
            self.texting.files.waiting.insert(id, sid.to_owned());
            self.out.push_back(Output::File(FileRequest {
                id,
                url: url.clone(),
            }));
        }
    }

    /// Whether files are being fetched.
    pub(in crate::engine) fn fetches_files(&self) -> bool {
        !self.texting.files.waiting.is_empty()
    }

    /// A file has come, or does not.
    pub(in crate::engine) fn file_ready(&mut self, ready: FileReady) {
        let Some(sid) = self.texting.files.waiting.remove(&ready.id) else {
            return;
        };
        let (now, media) = (self.now, self.ids.sid("ME"));
        let Some(sms) = self.sms_mut(&sid) else {
            return;
        };
        sms.fetching = sms.fetching.saturating_sub(1);
        match ready.file {
            Ok((content_type, bytes)) => {
                sms.media.push(MediaFile {
                    sid: media,
                    content_type,
                    bytes,
                    date_created: now,
                });
                if !sms.status.is_final() {
                    self.sms_begins(&sid);
                }
            }
            Err((code, text)) => {
                let (account, is_over) = (sms.account_sid.clone(), sms.status.is_final());
                self.note_alert_of(&account, &sid, code, &text);
                if !is_over {
                    self.set_sms(&sid, SmsStatus::Failed, Some(code));
                }
            }
        }
    }
}
