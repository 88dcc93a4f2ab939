//! `<Record>`: a message after the tone.

use chrono::TimeDelta;
use offhook_twilio::twiml::Record;

use super::super::Engine;
use super::super::hooks::{Params, param};
use super::super::leg::{Doing, Far, Sound, Taking};
use super::super::recordings::RecordingPlan;
use super::super::records::seconds_up;
use super::super::redirect::Leaving;
use super::super::requests::Callback;
use super::super::timers::millis;
use super::Flow;
use crate::seam::Sid;

/// How long the beep sounds.
const BEEP_MILLIS: i64 = 400;
/// How often a running recording is looked at.
const LOOK_MILLIS: i64 = 250;

impl Engine {
    pub(super) fn record(&mut self, leg: &str, run: u64, verb: Record) -> Flow {
        let beep = if verb.play_beep == Some(false) {
            0
        } else {
            BEEP_MILLIS
        };
        let ends_at = self.now
            + millis(beep)
            + TimeDelta::seconds(i64::from(verb.max_length.unwrap_or(3600)));
        self.enter(
            leg,
            run,
            Doing::Record(Box::new(Taking {
                verb,
                recording: None,
                ends_at,
            })),
        );
        self.stage_lasts(leg, run, millis(beep));
        Flow::Stay
    }

    fn taking(&self, leg: &str, run: u64) -> Option<&Taking> {
        match &self.leg(leg)?.script(run)?.doing {
            Doing::Record(taking) => Some(taking),
            _ => None,
        }
    }

    /// The beep is over, or it is time to look whether the message is.
    pub(super) fn record_time(&mut self, leg: &str, run: u64) {
        let Some(taking) = self.taking(leg, run) else {
            return;
        };
        let (recording, over) = (taking.recording.clone(), taking.ends_at <= self.now);
        let quiet = TimeDelta::seconds(i64::from(taking.verb.timeout.unwrap_or(5)));
        if recording.is_none() {
            self.begin_message(leg, run);
        } else if over
            || self
                .silent_for(leg, recording.as_ref())
                .is_some_and(|span| span >= quiet)
        {
            return self.message_over(leg, run, None);
        }
        self.stage_lasts(leg, run, millis(LOOK_MILLIS));
    }

    fn begin_message(&mut self, leg: &str, run: u64) {
        let Some(verb) = self.taking(leg, run).map(|taking| taking.verb.clone()) else {
            return;
        };
        let callback = Callback {
            url: verb.recording_status_callback.clone().unwrap_or_default(),
            method: verb
                .recording_status_callback_method
                .map_or_else(String::new, |m| m.as_str().to_owned()),
            events: verb
                .recording_status_callback_event
                .iter()
                .map(ToString::to_string)
                .collect(),
        };
        let plan = RecordingPlan {
            source: "RecordVerb",
            channels: 1,
            track: "inbound".into(),
            trims: verb.trim != Some(offhook_twilio::words::Trim::DoNotTrim),
            callback: self.resolved(leg, callback),
        };
        let recording = self.start_on_leg(leg, plan);
        if let Some(script) = self.script_mut(leg, run)
            && let Doing::Record(taking) = &mut script.doing
        {
            taking.recording = recording;
        }
    }

    /// How long a leg has said nothing, as far as the engine can know: a scripted phone's lines are over, or the TwiML of
    /// the joined call is silent.
    fn silent_for(&self, leg: &str, recording: Option<&Sid>) -> Option<TimeDelta> {
        let began = self.recording_by_sid(recording?)?.record.start_time;
        let since = match &self.leg(leg)?.far {
            Far::Phone(phone) => phone.silent_since?,
            Far::Peer(peer) => {
                let told = &self.leg(peer)?.told;
                if told.ear != Sound::Silence {
                    return None;
                }
                // One that was never told to hear anything has been silent from the first moment.
                told.ear_since.unwrap_or(began)
            }
            Far::Client { .. } => return None,
        };
        Some(self.now - since.max(began))
    }

    /// Whether a leg was silent for the whole of its message.
    fn said_nothing(&self, leg: &str, recording: &Sid) -> bool {
        let Some(began) = self
            .recording_by_sid(recording)
            .map(|found| found.record.start_time)
        else {
            return true;
        };
        self.silent_for(leg, Some(recording))
            .is_some_and(|span| self.now - span <= began)
    }

    /// A key was pressed while the message is taken.
    pub(in super::super) fn record_key(&mut self, leg: &str, run: u64, key: char) {
        let Some(taking) = self.taking(leg, run) else {
            return;
        };
        let finish = taking
            .verb
            .finish_on_key
            .as_deref()
            .unwrap_or("1234567890*#");
        if taking.recording.is_some() && finish.contains(key) {
            self.message_over(leg, run, Some(key));
        }
    }

    fn message_over(&mut self, leg: &str, run: u64, key: Option<char>) {
        let Some(taking) = self.taking(leg, run) else {
            return;
        };
        let (verb, recording) = (taking.verb.clone(), taking.recording.clone());
        let Some(recording) = recording else {
            return self.go_on(leg, run);
        };
        let empty = key.is_none() && self.said_nothing(leg, &recording);
        let params = self.message_params(&recording, key.map(|key| key.to_string()));
        self.transcribe_message(leg, &verb, &recording);
        self.stop_recording(&recording);
        // Nobody is told of an empty message: the next verb runs.
        if empty {
            return self.go_on(leg, run);
        }
        self.act(
            leg,
            run,
            Some(verb.action.as_deref().unwrap_or("")),
            verb.method,
            params,
        );
    }

    fn message_params(&self, recording: &str, digits: Option<String>) -> Params {
        let Some(found) = self.recording_by_sid(recording) else {
            return Params::new();
        };
        let mut params = vec![
            param("RecordingUrl", self.recording_url(&found.record)),
            param("RecordingSid", recording),
            param(
                "RecordingDuration",
                seconds_up(self.now - found.record.start_time).to_string(),
            ),
        ];
        params.extend(digits.map(|digits| param("Digits", digits)));
        params
    }

    /// The message is cut off; its action is requested where the caller hung up.
    pub(in super::super) fn record_interrupted(
        &mut self,
        leg: &str,
        taking: &Taking,
        why: Leaving,
    ) -> Option<Params> {
        let recording: &Sid = taking.recording.as_ref()?;
        let params = self.message_params(recording, Some("hangup".into()));
        self.transcribe_message(leg, &taking.verb, recording);
        self.stop_recording(recording);
        (why == Leaving::HungUp).then_some(params)
    }
}
