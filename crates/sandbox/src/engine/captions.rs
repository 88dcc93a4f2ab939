//! Transcription in real time: the words of a leg are told while they are said. The text is what was truly spoken.

use offhook_twilio::twiml::{StreamTrack, Transcription};
use serde_json::json;

use super::Engine;
use super::error::RestError;
use super::hearing::Words;
use super::hooks::{Params, param};
use super::requests::Callback;
use super::timers::Timer;
use super::verbs::callback;
use crate::seam::{Sid, Time};

/// Transcriptions that are kept when they are over.
const KEPT: usize = 2000;
/// What is told of every text.
const CONFIDENCE: f64 = 0.95;

/// A transcription in real time.
#[derive(Debug, Clone, PartialEq)]
pub struct Captions {
    /// `GT…`.
    pub sid: Sid,
    /// Whose.
    pub account_sid: Sid,
    /// The leg.
    pub call_sid: Sid,
    /// Its name.
    pub name: String,
    /// Whether it is over.
    pub stopped: bool,
    /// When it last changed.
    pub date_updated: Time,
    request: CaptionsRequest,
    told: u32,
}

/// What a transcription is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaptionsRequest {
    /// A name, unique in the call; empty for none.
    pub name: String,
    /// `inbound_track`, `outbound_track`, `both_tracks`; empty is both.
    pub track: String,
    /// Told of the words.
    pub callback: Callback,
    /// What the leg's side and the other side are called; empty for nothing.
    pub labels: [String; 2],
    /// Words are told before they are certain.
    pub partial: bool,
    /// A language tag; empty is `en-US`.
    pub language: String,
    /// `google` or `deepgram`; empty is the first.
    pub engine: String,
    /// Whether punctuation is kept.
    pub plain: bool,
}

impl CaptionsRequest {
    fn takes(&self, inbound: bool) -> bool {
        match self.track.as_str() {
            "inbound_track" => inbound,
            "outbound_track" => !inbound,
            _ => true,
        }
    }

    fn language(&self) -> &str {
        if self.language.is_empty() {
            "en-US"
        } else {
            &self.language
        }
    }
}

impl Engine {
    /// Starts a transcription by REST.
    pub fn start_captions(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        request: &CaptionsRequest,
    ) -> Result<Captions, RestError> {
        self.at(now);
        self.call_in_progress(account, call, "The call is not in-progress.")?;
        let begun = self.begin_captions(call, request);
        let sid = begun.map_err(|text| RestError::invalid(20001, text))?;
        self.settle();
        self.captions_of(call, &sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(&sid))
    }

    /// Stops a transcription by REST, by its SID or its name.
    pub fn end_captions(
        &mut self,
        now: Time,
        account: &str,
        call: &str,
        which: &str,
    ) -> Result<Captions, RestError> {
        self.at(now);
        self.call(account, call)
            .ok_or_else(|| RestError::not_found(call))?;
        let found = self.captions_of(call, which);
        let sid = found
            .map(|found| found.sid.clone())
            .ok_or_else(|| RestError::not_found(which))?;
        self.captions_over(&sid);
        self.captions_of(call, &sid)
            .cloned()
            .ok_or_else(|| RestError::not_found(which))
    }

    fn captions_of(&self, call: &str, which: &str) -> Option<&Captions> {
        let mut all = self.captions.iter().rev();
        all.find(|one| one.call_sid == call && (one.sid == which || one.name == which))
    }

    /// `<Start><Transcription>`.
    pub(super) fn captions_from_twiml(&mut self, leg: &str, verb: &Transcription) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let told = callback::<String>(
            verb.status_callback_url.as_ref(),
            verb.status_callback_method,
            &[],
        );
        let request = CaptionsRequest {
            name: text(&verb.name),
            track: verb.track.map_or("", StreamTrack::as_str).to_owned(),
            callback: self.resolved(leg, told),
            labels: [
                text(&verb.inbound_track_label),
                text(&verb.outbound_track_label),
            ],
            partial: verb.partial_results == Some(true),
            language: text(&verb.language_code),
            engine: text(&verb.transcription_engine),
            plain: verb.enable_automatic_punctuation == Some(false),
        };
        if let Err(text) = self.begin_captions(leg, &request) {
            self.alert(leg, 12200, &text);
        }
    }

    /// `<Stop><Transcription>`.
    pub(super) fn stop_captions(&mut self, leg: &str, name: &str) {
        match self.captions_of(leg, name).map(|found| found.sid.clone()) {
            Some(sid) => self.captions_over(&sid),
            None => self.alert(
                leg,
                12200,
                &format!("there is no transcription named {name}"),
            ),
        }
    }

    fn begin_captions(&mut self, call: &str, request: &CaptionsRequest) -> Result<Sid, String> {
        let account = self
            .leg(call)
            .map(|leg| leg.record.account_sid.clone())
            .ok_or("the call is gone")?;
        let taken = self
            .captions
            .iter()
            .any(|one| one.call_sid == call && !one.stopped && one.name == request.name);
        if taken && !request.name.is_empty() {
            return Err(format!("the name {} is taken", request.name));
        }
        if self.captions.len() >= KEPT {
            self.captions.retain(|one| !one.stopped);
        }
        let sid = self.ids.sid("GT");
        let name = if request.name.is_empty() {
            sid.clone()
        } else {
            request.name.clone()
        };
        self.captions.push(Captions {
            sid: sid.clone(),
            account_sid: account,
            call_sid: call.to_owned(),
            name: name.clone(),
            stopped: false,
            date_updated: self.now,
            request: request.clone(),
            told: 0,
        });
        let engine = if request.engine.is_empty() {
            "google"
        } else {
            &request.engine
        };
        let track = if request.track.is_empty() {
            "both_tracks"
        } else {
            &request.track
        };
        let mut params = vec![
            param("Name", name),
            param("Track", track),
            param("LanguageCode", request.language()),
            param("TranscriptionEngine", engine),
            param("PartialResults", request.partial.to_string()),
            param("ProviderConfiguration", "{}"),
        ];
        for (name, label) in ["InboundTrackLabel", "OutboundTrackLabel"]
            .into_iter()
            .zip(&request.labels)
            .filter(|(_, label)| !label.is_empty())
        {
            params.push(param(name, label));
        }
        self.captions_event(&sid, "transcription-started", params);
        Ok(sid)
    }

    fn captions_over(&mut self, sid: &str) {
        let now = self.now;
        let found = self.captions.iter_mut().find(|one| one.sid == sid);
        let Some(found) = found.filter(|one| !one.stopped) else {
            return;
        };
        found.stopped = true;
        found.date_updated = now;
        self.captions_event(sid, "transcription-stopped", Params::new());
    }

    /// The leg is over: so are its transcriptions.
    pub(super) fn end_captions_of(&mut self, leg: &str) {
        let live = self.captions.iter();
        let live: Vec<Sid> = live
            .filter(|one| one.call_sid == leg && !one.stopped)
            .map(|one| one.sid.clone())
            .collect();
        for sid in live {
            self.captions_over(&sid);
        }
    }

    /// Somebody begins to say something: `inbound` the leg's own side.
    pub(super) fn caption(&mut self, leg: &str, inbound: bool, words: &Words) {
        if !words.is_speech() {
            return;
        }
        let wanted = self.captions.iter();
        let wanted: Vec<(Sid, bool)> = wanted
            .filter(|one| one.call_sid == leg && !one.stopped && one.request.takes(inbound))
            .map(|one| (one.sid.clone(), one.request.partial))
            .collect();
        let spoken: Vec<&str> = words.text.split_whitespace().collect();
        let half = spoken[..spoken.len() / 2].join(" ");
        for (captions, partial) in wanted {
            let timer = |text: &str, certain| Timer::Caption {
                captions: captions.clone(),
                inbound,
                text: text.to_owned(),
                certain,
            };
            if partial && !half.is_empty() {
                self.timers
                    .set(self.now + words.span / 2, timer(&half, false));
            }
            self.timers
                .set(self.now + words.span, timer(&words.text, true));
        }
    }

    /// It was said, or half of it.
    pub(super) fn captioned(&mut self, sid: &str, inbound: bool, text: &str, certain: bool) {
        let Some(found) = self.captions.iter().find(|one| one.sid == sid) else {
            return;
        };
        if found.stopped {
            return;
        }
        let text = if found.request.plain {
            text.chars().filter(|c| !c.is_ascii_punctuation()).collect()
        } else {
            text.to_owned()
        };
        let track = if inbound {
            StreamTrack::Inbound
        } else {
            StreamTrack::Outbound
        };
        let data = if certain {
            json!({ "transcript": text, "confidence": CONFIDENCE })
        } else {
            json!({ "transcript": text })
        };
        let mut params = vec![
            param("LanguageCode", found.request.language()),
            param("Track", track.as_str()),
            param("TranscriptionData", data.to_string()),
            param("Final", certain.to_string()),
        ];
        if !certain {
            params.push(param("Stability", "0.5"));
        }
        self.captions_event(sid, "transcription-content", params);
    }

    fn captions_event(&mut self, sid: &str, event: &str, more: Params) {
        let now = self.now;
        let Some(found) = self.captions.iter_mut().find(|one| one.sid == sid) else {
            return;
        };
        found.told += 1;
        let found = found.clone();
        let data = json!({ "at": now, "call_sid": found.call_sid, "transcription_sid": sid, "event": event });
        self.trace("transcription", data);
        let callback = &found.request.callback;
        if callback.url.is_empty() {
            return;
        }
        let mut params = vec![
            param("AccountSid", &found.account_sid),
            param("CallSid", &found.call_sid),
            param("TranscriptionSid", sid),
            param(
                "Timestamp",
                now.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
            ),
            param("SequenceId", found.told.to_string()),
            param("TranscriptionEvent", event),
        ];
        params.extend(more);
        let lane = format!("transcription {sid}");
        self.tell(
            lane,
            found.account_sid.clone(),
            &callback.url,
            &callback.method,
            params,
        );
    }
}
