//! Messages as text: what `<Record transcribe>` gives. The text is what the caller truly said.

use offhook_twilio::twiml::Record;

use super::Engine;
use super::hooks::{merge, param, resolve, voice_params};
use super::leg::Leg;
use super::timers::Timer;
use crate::seam::{Sid, Time};

/// Seconds until a message's text is there.
const DELAY: i64 = 5;
/// Seconds of a message that can be written down.
const LENGTHS: std::ops::RangeInclusive<i64> = 2..=120;
/// Transcripts that are kept.
const KEPT: usize = 5000;

/// A message as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// `TR…`.
    pub sid: Sid,
    /// Whose.
    pub account_sid: Sid,
    /// The message.
    pub recording_sid: Sid,
    /// `in-progress`, `completed`, `failed`.
    pub status: &'static str,
    /// The words; empty until they are there.
    pub text: String,
    /// Seconds of sound.
    pub duration: i64,
    /// When it was asked for.
    pub date_created: Time,
    /// When it last changed.
    pub date_updated: Time,
    words: String,
    call: Sid,
    callback: String,
}

impl Engine {
    /// A `<Record>` is over: its text is made, where that was asked for.
    pub(super) fn transcribe_message(&mut self, leg: &str, verb: &Record, recording: &str) {
        let callback = verb.transcribe_callback.clone().unwrap_or_default();
        if verb.transcribe != Some(true) && callback.is_empty() {
            return;
        }
        let Some(began) = self
            .recording_by_sid(recording)
            .map(|found| found.record.start_time)
        else {
            return;
        };
        let now = self.now;
        let Some(found) = self.leg(leg) else { return };
        let base = found.main().map_or("", |main| main.url.as_str());
        let callback = if callback.is_empty() {
            callback
        } else {
            resolve(base, &callback)
        };
        let transcript = Transcript {
            account_sid: found.record.account_sid.clone(),
            recording_sid: recording.to_owned(),
            status: "in-progress",
            text: String::new(),
            duration: super::records::seconds_up(now - began),
            date_created: now,
            date_updated: now,
            words: said_since(found, began),
            call: leg.to_owned(),
            callback,
            sid: self.ids.sid("TR"),
        };
        let sid = transcript.sid.clone();
        let all = &mut self.resources.transcripts;
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push(transcript);
        let delay = chrono::TimeDelta::seconds(DELAY);
        self.after(delay, Timer::Transcribed { transcript: sid });
    }

    /// The text is there, or cannot be had.
    pub(super) fn transcribed(&mut self, sid: &str) {
        let now = self.now;
        let all = &mut self.resources.transcripts;
        let Some(found) = all.iter_mut().find(|one| one.sid == sid) else {
            return;
        };
        let fits = LENGTHS.contains(&found.duration);
        found.status = if fits { "completed" } else { "failed" };
        if fits {
            found.text = std::mem::take(&mut found.words);
        }
        found.date_updated = now;
        let found = found.clone();
        if !fits {
            let text = "only messages of 2 to 120 seconds are transcribed";
            self.alert(&found.call, 13617, text);
        }
        let (Some(leg), Some(recording)) = (
            self.leg(&found.call),
            self.recording_by_sid(&found.recording_sid),
        ) else {
            return;
        };
        if found.callback.is_empty() {
            return;
        }
        let (base, account) = (&self.settings.base_url, &found.account_sid);
        let url = format!(
            "{base}/2010-04-01/Accounts/{}/Transcriptions/{sid}",
            super::regions::plain(account)
        );
        let mut params = voice_params(leg);
        merge(
            &mut params,
            vec![
                param("TranscriptionSid", sid),
                param("TranscriptionText", &found.text),
                param("TranscriptionStatus", found.status),
                param("TranscriptionType", "fast"),
                param("TranscriptionUrl", url),
                param("RecordingSid", &found.recording_sid),
                param("RecordingUrl", self.recording_url(&recording.record)),
            ],
        );
        let (lane, account) = (format!("transcript {sid}"), account.clone());
        self.tell(lane, account, &found.callback, "POST", params);
    }

    /// An account's transcripts, or those of one recording, newest first.
    pub fn transcripts(&self, account: &str, recording: Option<&str>) -> Vec<&Transcript> {
        let all = self.resources.transcripts.iter().rev();
        all.filter(|one| {
            one.account_sid == account && recording.is_none_or(|sid| one.recording_sid == sid)
        })
        .collect()
    }

    /// Deletes a transcript.
    pub fn delete_transcript(
        &mut self,
        account: &str,
        sid: &str,
    ) -> Result<(), super::error::RestError> {
        let all = &mut self.resources.transcripts;
        let place = all
            .iter()
            .position(|one| one.sid == sid && one.account_sid == account);
        let place = place.ok_or_else(|| super::error::RestError::not_found(sid))?;
        all.remove(place);
        Ok(())
    }
}

/// What a leg's far end has said since then.
fn said_since(leg: &Leg, since: Time) -> String {
    let said = leg
        .truth
        .iter()
        .filter(|event| event.kind == "says" && event.at >= since && !event.what.starts_with('('));
    said.map(|event| event.what.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
