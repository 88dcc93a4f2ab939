//! Whether a machine answered: found out from what the phone is, as late as Twilio would know.

use chrono::TimeDelta;

use super::Engine;
use super::hooks::{Params, param};
use super::leg::{Far, Leg, Role};
use super::phone::Behaviour;
use super::requests::MachineDetection;
use super::timers::{Timer, millis};
use crate::seam::Time;

/// How long a person's first word lasts.
const HELLO_MILLIS: i64 = 600;
/// How long a fax is listened to.
const FAX_MILLIS: i64 = 3000;

/// A detection at work on a leg.
#[derive(Debug)]
pub(super) struct Detecting {
    ask: MachineDetection,
    /// Since the answer.
    began: Option<Time>,
    over: bool,
}

impl Detecting {
    pub(super) fn new(ask: MachineDetection) -> Self {
        Self {
            ask,
            began: None,
            over: false,
        }
    }

    /// Whether the call's first document waits for the result.
    fn blocks(&self) -> bool {
        self.ask.beside.is_none() && !self.over
    }
}

impl Engine {
    /// A leg was answered: detection begins, where it was asked for. Whether its document has to wait.
    pub(super) fn begin_detection(&mut self, sid: &str) -> bool {
        let now = self.now;
        let Some(leg) = self.leg_mut(sid) else {
            return false;
        };
        let Some(detecting) = &mut leg.detecting else {
            return false;
        };
        detecting.began = Some(now);
        let (blocks, ask) = (detecting.blocks(), detecting.ask.clone());
        if ask.beside.as_ref().is_some_and(|told| told.url.is_empty()) {
            self.alert(
                sid,
                21262,
                "machine detection has no callback for its result",
            );
        }
        let longest = TimeDelta::seconds(i64::from(ask.timeout));
        let found = self.leg(sid).and_then(|leg| verdict(leg, &ask));
        let (span, by) = match found {
            Some((span, by)) if span <= longest => (span, by),
            _ => (longest, "unknown"),
        };
        let leg = sid.to_owned();
        self.after(span, Timer::Detected { leg, by });
        blocks
    }

    /// An answering machine has spoken its greeting.
    pub(super) fn greeting_over(&mut self, sid: &str) {
        let Some(leg) = self.leg(sid) else { return };
        let Some(detecting) = leg.detecting.as_ref().filter(|one| one.ask.until_end) else {
            return;
        };
        let silence = i64::from(detecting.ask.speech_end);
        let beeps = matches!(&leg.far, Far::Phone(phone)
            if matches!(phone.behaviour, Behaviour::Machine { beep: true, .. }));
        if beeps {
            self.detected(sid, "machine_end_beep");
        } else {
            let (leg, by) = (sid.to_owned(), "machine_end_silence");
            self.after(millis(silence), Timer::Detected { leg, by });
        }
    }

    /// It is clear who answered.
    pub(super) fn detected(&mut self, sid: &str, by: &'static str) {
        let now = self.now;
        let Some(leg) = self.leg_mut(sid).filter(|leg| leg.is_live()) else {
            return;
        };
        let Some(detecting) = leg.detecting.as_mut().filter(|one| !one.over) else {
            return;
        };
        detecting.over = true;
        let took = detecting
            .began
            .map_or(0, |began| (now - began).num_milliseconds());
        let told = detecting.ask.beside.clone();
        leg.record.answered_by = Some(by);
        leg.note(now, "answered_by", by);
        let account = leg.record.account_sid.clone();
        match told {
            Some(callback) if !callback.url.is_empty() => {
                let params = vec![
                    param("CallSid", sid),
                    param("AccountSid", &account),
                    param("AnsweredBy", by),
                    param("MachineDetectionDuration", took.to_string()),
                ];
                let lane = format!("detection {sid}");
                self.tell(lane, account, &callback.url, &callback.method, params);
            }
            None if self.leg(sid).is_some_and(|leg| leg.role == Role::Own) => self.run_begin(sid),
            Some(_) | None => {}
        }
    }

    /// The callback of a noun's detection, resolved against the leg that dials.
    pub(super) fn noun_detection(
        &self,
        parent: &str,
        noun: &offhook_twilio::twiml::Number,
    ) -> Option<MachineDetection> {
        let until_end = match noun.machine_detection.as_deref()? {
            "Enable" => false,
            "DetectMessageEnd" => true,
            _ => return None,
        };
        let usual = MachineDetection::default();
        let told = super::verbs::callback::<String>(
            noun.amd_status_callback.as_ref(),
            noun.amd_status_callback_method,
            &[],
        );
        Some(MachineDetection {
            until_end,
            timeout: noun.machine_detection_timeout.unwrap_or(usual.timeout),
            speech: noun
                .machine_detection_speech_threshold
                .unwrap_or(usual.speech),
            speech_end: noun
                .machine_detection_speech_end_threshold
                .unwrap_or(usual.speech_end),
            silence: noun
                .machine_detection_silence_timeout
                .unwrap_or(usual.silence),
            beside: Some(self.resolved(parent, told)),
        })
    }
}

/// Who answered, for requests about the call; only where its document waited for it.
pub(super) fn answered_by(leg: &Leg) -> Params {
    let told = leg
        .detecting
        .as_ref()
        .filter(|one| one.ask.beside.is_none())
        .and(leg.record.answered_by);
    told.map(|by| param("AnsweredBy", by)).into_iter().collect()
}

/// What is found out and how long after the answer; none where only the greeting's end or the time-out tells.
fn verdict(leg: &Leg, ask: &MachineDetection) -> Option<(TimeDelta, &'static str)> {
    let person = (millis(HELLO_MILLIS + i64::from(ask.speech_end)), "human");
    let nobody = (millis(i64::from(ask.silence)), "unknown");
    let Far::Phone(phone) = &leg.far else {
        return Some(match leg.far {
            Far::Client { .. } => person,
            _ => nobody,
        });
    };
    match &phone.behaviour {
        Behaviour::Machine { .. } if ask.until_end => None,
        Behaviour::Machine { .. } => Some((millis(i64::from(ask.speech)), "machine_start")),
        Behaviour::Fax => Some((millis(FAX_MILLIS), "fax")),
        Behaviour::Answers { lines, .. } if lines.is_empty() => Some(nobody),
        Behaviour::Tone { .. } => Some(nobody),
        Behaviour::Answers { .. }
        | Behaviour::Echo
        | Behaviour::Human
        | Behaviour::Busy
        | Behaviour::NoAnswer
        | Behaviour::Unreachable => Some(person),
    }
}
