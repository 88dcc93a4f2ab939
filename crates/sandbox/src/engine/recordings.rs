//! Recordings: begun and ended, paused and resumed, their sound kept, and the callbacks that tell of them.

use std::sync::Arc;

use offhook_twilio::twiml::StartRecording;
use offhook_twilio::words::{Channels, Track, Trim};
use serde_json::json;

use super::Engine;
use super::hooks::param;
use super::progress::rfc2822;
use super::records::{RecordingRecord, RecordingStatus};
use super::regions;
use super::requests::{Callback, RecordingRequest};
use super::timers::Timer;
use super::verbs::callback;
use crate::seam::{MediaCommand, Sid, Tap, Time};

/// Samples kept of all recordings: about seven hours of two channels.
const SAMPLES_KEPT: usize = 400_000_000;
/// A recorded minute, in hundred-thousandths of a dollar.
const PRICE: i64 = 250;
/// Below this a sample is silence.
const QUIET: i16 = 80;

/// A recording with what only the engine needs.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) record: RecordingRecord,
    trims: bool,
    callback: Callback,
    /// The leg whose two sides it takes; of a room, the first who joined.
    pub(super) tapped: Sid,
    /// Samples that were cut off its beginning.
    pub(super) cut: usize,
    pub(super) pauses: Vec<Pause>,
}

/// A while in which a recording took no sound.
#[derive(Debug)]
pub(super) struct Pause {
    pub(super) from: Time,
    pub(super) to: Option<Time>,
    /// Its time is kept as silence.
    pub(super) kept: bool,
}

/// How a recording is made.
#[derive(Debug, Clone)]
pub(super) struct RecordingPlan {
    pub(super) source: &'static str,
    pub(super) channels: u8,
    pub(super) track: String,
    pub(super) trims: bool,
    pub(super) callback: Callback,
}

impl RecordingPlan {
    pub(super) fn of(request: RecordingRequest, source: &'static str, trims: bool) -> Self {
        let track = if request.track.is_empty() {
            "both".to_owned()
        } else {
            request.track
        };
        let trims = match request.trim.as_str() {
            "trim-silence" => true,
            "do-not-trim" => false,
            _ => trims,
        };
        let channels = if request.dual && track == "both" {
            2
        } else {
            1
        };
        Self {
            source,
            channels,
            track,
            trims,
            callback: request.callback,
        }
    }
}

impl Engine {
    pub(super) fn recording_by_sid(&self, sid: &str) -> Option<&Recording> {
        self.recordings
            .iter()
            .rev()
            .find(|recording| recording.record.sid == sid)
    }

    pub(super) fn recording_mut(&mut self, sid: &str) -> Option<&mut Recording> {
        self.recordings
            .iter_mut()
            .rev()
            .find(|recording| recording.record.sid == sid)
    }

    /// Where a recording's sound is fetched.
    pub(super) fn recording_url(&self, record: &RecordingRecord) -> String {
        let (base, sid) = (&self.settings.base_url, &record.sid);
        let (account, region) = regions::split(&record.account_sid);
        let below = if region == regions::HOME {
            String::new()
        } else {
            format!("/{}", regions::host(region))
        };
        format!("{base}{below}/2010-04-01/Accounts/{account}/Recordings/{sid}")
    }

    fn start(&mut self, mut record: RecordingRecord, plan: RecordingPlan, tap: Tap) -> Sid {
        record.sid = self.ids.sid("RE");
        let sid = record.sid.clone();
        let tapped = match &tap {
            Tap::Leg(leg) => leg.clone(),
            Tap::Conference { first, .. } => first.clone(),
        };
        // Both sides are kept apart even where one channel was asked for, so that two can be fetched later.
        self.media(MediaCommand::StartRecording {
            recording: sid.clone(),
            tap,
            channels: 2,
        });
        self.recordings.push(Recording {
            record,
            trims: plan.trims,
            callback: plan.callback,
            tapped,
            cut: 0,
            pauses: Vec::new(),
        });
        self.recording_event(&sid, "in-progress");
        sid
    }

    fn new_recording(&self, account: Sid, plan: &RecordingPlan) -> RecordingRecord {
        RecordingRecord {
            sid: Sid::new(),
            account_sid: account,
            call_sid: None,
            conference_sid: None,
            status: RecordingStatus::InProgress,
            channels: plan.channels,
            source: plan.source,
            track: plan.track.clone(),
            start_time: self.now,
            duration: None,
            price: None,
            date_created: self.now,
            date_updated: self.now,
            sound: None,
            deleted: false,
        }
    }

    /// Records a leg: channel 1 what it says, channel 2 what it hears.
    pub(super) fn start_on_leg(&mut self, leg: &str, plan: RecordingPlan) -> Option<Sid> {
        // The leg may be so new that the media plane has not been told of it.
        self.settle();
        let found = self.leg(leg).filter(|leg| leg.is_live())?;
        let mut record = self.new_recording(found.record.account_sid.clone(), &plan);
        record.call_sid = Some(leg.to_owned());
        let sid = self.start(record, plan, Tap::Leg(leg.to_owned()));
        if let Some(leg) = self.leg_mut(leg) {
            leg.recordings.push(sid.clone());
        }
        Some(sid)
    }

    pub(super) fn start_on_room(
        &mut self,
        conference: &str,
        first: Sid,
        plan: RecordingPlan,
    ) -> Sid {
        self.settle();
        let account = self
            .room(conference)
            .map(|room| room.record.account_sid.clone())
            .unwrap_or_default();
        let mut record = self.new_recording(account, &plan);
        record.conference_sid = Some(conference.to_owned());
        self.start(
            record,
            plan,
            Tap::Conference {
                conference: conference.to_owned(),
                first,
            },
        )
    }

    /// `<Start><Recording>`.
    pub(super) fn start_from_twiml(&mut self, leg: &str, verb: &StartRecording) {
        let track = verb.track.map_or("both", Track::as_str).to_owned();
        // Unlike everywhere else, two channels are the default here.
        let dual = verb.channels != Some(Channels::Mono) && track == "both";
        let plan = RecordingPlan {
            source: "StartCallRecordingTwiML",
            channels: if dual { 2 } else { 1 },
            track,
            trims: verb.trim != Some(Trim::DoNotTrim),
            callback: self.resolved(
                leg,
                callback(
                    verb.recording_status_callback.as_ref(),
                    verb.recording_status_callback_method,
                    &verb.recording_status_callback_event,
                ),
            ),
        };
        self.start_on_leg(leg, plan);
    }

    /// Ends a recording; its file comes from the media plane.
    pub(super) fn stop_recording(&mut self, sid: &str) {
        let now = self.now;
        let Some(recording) = self.recording_mut(sid) else {
            return;
        };
        if !is_live(recording.record.status) {
            return;
        }
        recording.record.status = RecordingStatus::Processing;
        recording.record.date_updated = now;
        let call = recording.record.call_sid.clone();
        if let Some(leg) = call.as_deref().and_then(|call| self.leg_mut(call)) {
            leg.recordings.retain(|other| other != sid);
        }
        self.recordings_coming += 1;
        self.media(MediaCommand::StopRecording {
            recording: sid.to_owned(),
        });
    }

    pub(super) fn stop_recordings_of(&mut self, leg: &str) {
        let live = self
            .leg(leg)
            .map(|leg| leg.recordings.clone())
            .unwrap_or_default();
        for recording in live {
            self.stop_recording(&recording);
        }
    }

    /// The sound of an ended recording is there.
    pub(super) fn recorded(&mut self, sid: &str, channels: Vec<Vec<i16>>) {
        self.recordings_coming = self.recordings_coming.saturating_sub(1);
        if let Some(channels) = self.unless_late(sid, channels) {
            self.recorded_in_time(sid, channels);
        }
    }

    pub(super) fn recorded_in_time(&mut self, sid: &str, mut channels: Vec<Vec<i16>>) {
        let now = self.now;
        let Some(recording) = self.recording_mut(sid) else {
            return;
        };
        if recording.record.status != RecordingStatus::Processing {
            return;
        }
        match recording.record.track.as_str() {
            "inbound" => channels.truncate(1),
            "outbound" if channels.len() > 1 => {
                channels.remove(0);
            }
            _ => {}
        }
        if recording.trims {
            recording.cut = trim(&mut channels);
        }
        let samples = channels.iter().map(Vec::len).max().unwrap_or_default();
        let record = &mut recording.record;
        record.date_updated = now;
        let event = if samples == 0 {
            record.status = RecordingStatus::Absent;
            "absent"
        } else {
            record.status = RecordingStatus::Completed;
            record.duration = i64::try_from(samples.div_ceil(8000)).ok();
            record.sound = Some(Arc::new(channels));
            "completed"
        };
        if event == "completed" {
            let delay = chrono::TimeDelta::seconds(self.settings.price_delay);
            let recording = sid.to_owned();
            self.after(delay, Timer::RecordingPrice { recording });
        }
        self.forget_old_sound();
        self.recording_event(sid, event);
    }

    /// A recording's price is known some time after its end: per begun minute.
    pub(super) fn price_recording(&mut self, sid: &str) {
        let now = self.now;
        let Some(recording) = self.recording_mut(sid) else {
            return;
        };
        let minutes = (recording.record.duration.unwrap_or_default() + 59) / 60;
        let price = minutes * PRICE;
        recording.record.price = Some(format!("-{}.{:05}", price / 100_000, price % 100_000));
        recording.record.date_updated = now;
    }

    /// Only so much sound is kept: the oldest goes first.
    fn forget_old_sound(&mut self) {
        let mut kept = 0;
        for recording in self.recordings.iter_mut().rev() {
            kept += recording
                .record
                .sound
                .as_ref()
                .map_or(0, |sound| sound.iter().map(Vec::len).sum());
            if kept > SAMPLES_KEPT {
                recording.record.sound = None;
            }
        }
    }

    fn recording_event(&mut self, sid: &str, event: &str) {
        let Some(Recording {
            record, callback, ..
        }) = self.recording_by_sid(sid)
        else {
            return;
        };
        let (record, callback) = (record.clone(), callback.clone());
        let data = json!({
            "at": self.now, "recording_sid": sid, "call_sid": record.call_sid, "conference_sid": record.conference_sid,
            "event": event, "duration": record.duration,
        });
        self.trace("recording", data);
        let mut words = callback
            .events
            .iter()
            .flat_map(|value| value.split_whitespace())
            .peekable();
        let wanted = if words.peek().is_none() {
            event == "completed"
        } else {
            words.any(|word| word == event)
        };
        if callback.url.is_empty() || !wanted {
            return;
        }
        let mut params = vec![param("AccountSid", &record.account_sid)];
        params.extend(record.call_sid.iter().map(|call| param("CallSid", call)));
        params.extend(
            record
                .conference_sid
                .iter()
                .map(|conference| param("ConferenceSid", conference)),
        );
        params.extend([
            param("RecordingSid", sid),
            param("RecordingUrl", self.recording_url(&record)),
            param("RecordingStatus", event),
            param("RecordingChannels", record.channels.to_string()),
            param("RecordingTrack", &record.track),
            param("RecordingStartTime", rfc2822(record.start_time)),
            param("RecordingSource", record.source),
        ]);
        match event {
            "completed" => params.push(param(
                "RecordingDuration",
                record.duration.unwrap_or_default().to_string(),
            )),
            "absent" => params.push(param("ErrorCode", "0")),
            _ => {}
        }
        self.tell(
            format!("recording {sid}"),
            record.account_sid,
            &callback.url,
            &callback.method,
            params,
        );
    }
}

pub(super) fn is_live(status: RecordingStatus) -> bool {
    matches!(
        status,
        RecordingStatus::InProgress | RecordingStatus::Paused
    )
}

/// Cuts what is silent in all channels off both ends; the samples cut off the beginning.
fn trim(channels: &mut [Vec<i16>]) -> usize {
    let loud = |channel: &Vec<i16>| {
        channel
            .iter()
            .position(|sample| sample.unsigned_abs() > QUIET.unsigned_abs())
    };
    let loud_end = |channel: &Vec<i16>| {
        channel
            .iter()
            .rposition(|sample| sample.unsigned_abs() > QUIET.unsigned_abs())
    };
    let first = channels.iter().filter_map(loud).min();
    let last = channels.iter().filter_map(loud_end).max();
    for channel in channels {
        match (first, last) {
            (Some(first), Some(last)) => {
                channel.truncate(last + 1);
                channel.drain(..first.min(channel.len()));
            }
            _ => channel.clear(),
        }
    }
    first.unwrap_or_default()
}
