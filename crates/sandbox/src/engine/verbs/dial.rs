//! `<Dial>`: phones and clients ring, the first who answers is connected; a conference or a queue is entered.

use offhook_twilio::twiml::{Dial, DialRecord, Noun};
use offhook_twilio::words::Method;

use super::super::Engine;
use super::super::hooks::param;
use super::super::leg::{Dialing, Doing, Far, Kind, Leg, Phone, Role};
use super::super::phone::Behaviour;
use super::super::recordings::RecordingPlan;
use super::super::records::{CallStatus, Direction};
use super::super::requests::Callback;
use super::super::timers::seconds;
use super::Flow;
use super::called::Called;
use super::dial_check::AT_ONCE;
use crate::engine::regions::plain;
use crate::seam::Sid;

/// A callback as an element's attributes give it.
pub(in super::super) fn callback<T: ToString>(
    url: Option<&String>,
    method: Option<Method>,
    events: &[T],
) -> Callback {
    Callback {
        url: url.cloned().unwrap_or_default(),
        method: method.map_or_else(String::new, |method| method.as_str().to_owned()),
        events: events.iter().map(ToString::to_string).collect(),
    }
}

impl Engine {
    /// A callback whose address is resolved against the document that a leg runs.
    pub(in super::super) fn resolved(&self, leg: &str, mut callback: Callback) -> Callback {
        if let Some(main) = self.leg(leg).and_then(Leg::main)
            && !callback.url.is_empty()
        {
            callback.url = super::super::hooks::resolve(&main.url, &callback.url);
        }
        callback
    }

    pub(super) fn dial(&mut self, leg: &str, run: u64, mut dial: Dial) -> Flow {
        match dial.nouns.first() {
            Some(Noun::Conference(conference)) => {
                let conference = conference.clone();
                self.only_one(leg, &mut dial);
                self.dial_conference(leg, run, dial, &conference)
            }
            Some(Noun::Queue(queue)) => {
                let queue = queue.clone();
                self.only_one(leg, &mut dial);
                self.dial_queue(leg, run, dial, &queue)
            }
            Some(_) => {
                self.check_nouns(leg, &mut dial);
                if dial.nouns.is_empty() {
                    return self.dial_fails(leg, run, &dial, "failed");
                }
                self.dial_parties(leg, run, dial)
            }
            None => self.dial_fails(leg, run, &dial, "failed"),
        }
    }

    /// A conference or a queue is dialled alone.
    fn only_one(&mut self, leg: &str, dial: &mut Dial) {
        if dial.nouns.len() > 1 {
            let text = "only the first of several conferences or queues is dialled";
            self.alert(leg, 13215, text);
        }
        dial.nouns.clear();
    }

    /// Nobody is dialled.
    pub(in super::super) fn dial_fails(
        &mut self,
        leg: &str,
        run: u64,
        dial: &Dial,
        status: &str,
    ) -> Flow {
        let Some(action) = &dial.action else {
            return Flow::On;
        };
        let params = vec![
            param("DialCallStatus", status),
            param("DialBridged", "false"),
        ];
        self.act(leg, run, Some(action), dial.method, params);
        Flow::Stay
    }

    fn dial_parties(&mut self, leg: &str, run: u64, dial: Dial) -> Flow {
        if let Err(text) = self.caller_id(leg, &dial) {
            self.alert(leg, 13214, &text);
            return self.dial_fails(leg, run, &dial, "failed");
        }
        let from_ringing = matches!(
            dial.record,
            Some(DialRecord::FromRinging | DialRecord::FromRingingDual)
        );
        let dialing = Dialing {
            dial,
            children: Vec::new(),
            outcomes: Vec::new(),
            bridged: None,
            was_bridged: false,
            taken_away: false,
            recording: None,
            queue: None,
            dequeued: None,
        };
        self.enter(leg, run, Doing::Dial(Box::new(dialing)));
        if from_ringing {
            self.record_dial(leg);
        }
        self.ring_next(leg);
        Flow::Stay
    }

    /// Whose number the called party sees; an error where Twilio would not allow it.
    fn caller_id(&self, leg: &str, dial: &Dial) -> Result<String, String> {
        let record = &self.leg(leg).ok_or("the caller is gone")?.record;
        let to_phone = dial
            .nouns
            .iter()
            .any(|noun| matches!(noun, Noun::Number(_)));
        let wanted = dial
            .caller_id
            .clone()
            .unwrap_or_else(|| record.from.clone());
        let is_own = wanted == record.from || wanted == record.to;
        if !to_phone || (is_own && !wanted.starts_with("client:")) {
            return Ok(wanted);
        }
        let owned = self
            .owner_of(&wanted)
            .is_some_and(|number| number.account_sid == plain(&record.account_sid));
        if owned || self.has_verified(&record.account_sid, &wanted) {
            Ok(wanted)
        } else {
            Err(format!(
                "{wanted} is not a caller ID that this call may show"
            ))
        }
    }

    /// Rings all that is left, or one where they are dialled in turn.
    pub(super) fn ring_next(&mut self, parent: &str) {
        let Some(dialing) = self.leg_mut(parent).and_then(Leg::dialing_mut) else {
            return;
        };
        let at_once = if dialing.dial.sequential == Some(true) {
            1
        } else {
            AT_ONCE
        };
        let count = at_once.min(dialing.dial.nouns.len());
        let nouns: Vec<_> = dialing.dial.nouns.drain(..count).collect();
        if at_once > 1 {
            dialing.dial.nouns.clear();
        }
        if nouns.is_empty() {
            return self.dial_over(parent);
        }
        let children: Vec<_> = nouns
            .into_iter()
            .filter_map(|noun| self.make_child(parent, noun))
            .collect();
        if let Some(dialing) = self.leg_mut(parent).and_then(Leg::dialing_mut) {
            dialing.children.clone_from(&children);
        }
        for child in children {
            if self.is_live(&child) {
                self.place(&child);
            }
        }
    }

    fn make_child(&mut self, parent: &str, noun: Noun) -> Option<Sid> {
        let found = self.leg(parent)?;
        let dial = found.dialing()?.dial.clone();
        let (account, from) = (found.record.account_sid.clone(), found.record.from.clone());
        let from = dial.caller_id.clone().unwrap_or(from);
        let detection = match &noun {
            Noun::Number(number) => self.noun_detection(parent, number),
            _ => None,
        };
        let called = Called::of(noun)?;
        let mut record = self.new_record(account, &from, &called.to, Direction::OutboundDial);
        record.parent_call_sid = Some(parent.to_owned());
        let sid = record.sid.clone();
        let mut child = Leg::new(record, Far::Phone(Phone::new(Behaviour::NoAnswer)));
        child.role = Role::Child {
            parent: parent.to_owned(),
            whisper: called.whisper,
        };
        child.custom = called.custom;
        child.detecting = detection
            .filter(|_| called.digits.is_empty())
            .map(super::super::amd::Detecting::new);
        child.send_digits = called.digits;
        child.progress = self.resolved(parent, called.progress);
        child.timeout = i64::from(dial.timeout.unwrap_or(30));
        self.add_leg(child);
        Some(sid)
    }

    /// A dialled leg rings: the caller hears it.
    pub(in super::super) fn child_rings(&mut self, parent: &str) {
        self.touched.insert(parent.to_owned());
        self.let_ring(parent);
    }

    /// A dialled leg answered: the others stop ringing.
    pub(in super::super) fn child_answers(
        &mut self,
        parent: &str,
        child: &str,
        whisper: Option<(String, String)>,
    ) {
        let Some(dialing) = self.leg(parent).and_then(Leg::dialing) else {
            return self.end(child, CallStatus::Completed, false);
        };
        let others: Vec<_> = dialing
            .children
            .iter()
            .filter(|other| *other != child)
            .cloned()
            .collect();
        for other in others {
            self.end(&other, CallStatus::Canceled, false);
        }
        match whisper {
            Some((url, method)) => {
                let run = self.push_script(child, Kind::Whisper);
                let base = self
                    .leg(parent)
                    .and_then(Leg::main)
                    .map_or_else(String::new, |s| s.url.clone());
                let url = super::super::hooks::resolve(&base, &url);
                self.fetch(child, run, &url, &method, Vec::new());
            }
            None => self.connect(parent, child),
        }
    }

    /// What a called party heard before is over: now both are connected.
    pub(super) fn whisper_over(&mut self, leg: &str) {
        self.drop_scripts(leg, Kind::Whisper);
        match self.leg(leg).map(|leg| leg.role.clone()) {
            Some(Role::Child { parent, .. }) => self.connect(&parent, leg),
            _ => self.member_is_ready(leg),
        }
    }

    /// Connects a dialling leg with the one that it reached.
    pub(in super::super) fn connect(&mut self, parent: &str, other: &str) {
        let now = self.now;
        let Some(found) = self.leg_mut(parent) else {
            return;
        };
        let Some(dialing) = found.dialing_mut() else {
            return;
        };
        dialing.bridged = Some(other.to_owned());
        dialing.was_bridged = true;
        if let Some(dequeued) = &mut dialing.dequeued {
            dequeued.since = Some(now);
        }
        let limit = dialing.dial.time_limit.unwrap_or(14_400);
        let records = matches!(
            dialing.dial.record,
            Some(DialRecord::FromAnswer | DialRecord::FromAnswerDual)
        );
        let Some(script) = found.main_mut() else {
            return;
        };
        script.stage += 1;
        let run = script.run;
        self.touched.insert(other.to_owned());
        self.pick_up(parent);
        self.stage_lasts(parent, run, seconds(f64::from(limit)));
        if records {
            self.record_dial(parent);
        }
    }

    fn record_dial(&mut self, leg: &str) {
        let Some(dial) = self
            .leg(leg)
            .and_then(Leg::dialing)
            .map(|dialing| dialing.dial.clone())
        else {
            return;
        };
        let recording = self.start_dial_recording(leg, &dial);
        if let Some(dialing) = self.leg_mut(leg).and_then(Leg::dialing_mut) {
            dialing.recording.clone_from(&recording);
        }
        if let Some(leg) = self.leg_mut(leg) {
            leg.told_recording = recording;
        }
    }

    /// The recording that a `<Dial>` asks for: channel 1 is the leg that dials.
    pub(in super::super) fn start_dial_recording(&mut self, leg: &str, dial: &Dial) -> Option<Sid> {
        let both_apart = matches!(
            dial.record,
            Some(DialRecord::FromAnswerDual | DialRecord::FromRingingDual)
        );
        let callback = callback(
            dial.recording_status_callback.as_ref(),
            dial.recording_status_callback_method,
            &dial.recording_status_callback_event,
        );
        let plan = RecordingPlan {
            source: "DialVerb",
            channels: if both_apart { 2 } else { 1 },
            track: dial
                .recording_track
                .map_or("both", offhook_twilio::words::Track::as_str)
                .to_owned(),
            trims: dial.trim == Some(offhook_twilio::words::Trim::TrimSilence),
            callback: self.resolved(leg, callback),
        };
        self.start_on_leg(leg, plan)
    }
}
