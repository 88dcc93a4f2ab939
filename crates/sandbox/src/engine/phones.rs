//! Simulated phones at work: they ring, answer, speak their lines, and hang up.

use super::Engine;
use super::leg::{Far, Leg, Phone, Saying};
use super::phone::{Behaviour, Line};
use super::records::{CallStatus, Direction};
use super::sounds::Waiter;
use super::timers::{Timer, millis, seconds};
use super::verbs::length;
use crate::seam::{Clip, SoundRequest};

/// What follows a machine's greeting.
const BEEP: Line = Line::Tone {
    hertz: 1000,
    on: 600,
    off: 0,
    lasts: 600,
};

impl Engine {
    /// A phone's next step: it begins to ring, answers, or has said a line.
    pub(super) fn phone_step(&mut self, sid: &str, serial: u64) {
        let Some(leg) = self.leg(sid).filter(|leg| leg.is_live()) else {
            return;
        };
        let Far::Phone(phone) = &leg.far else { return };
        if phone.serial != serial {
            return;
        }
        if leg.is_answered() {
            return self.phone_speaks(sid);
        }
        let (behaviour, ringing) = (
            phone.behaviour.clone(),
            leg.record.status == CallStatus::Ringing,
        );
        match (behaviour, ringing) {
            (Behaviour::Busy, _) => self.end(sid, CallStatus::Busy, true),
            (Behaviour::Unreachable, _) => self.end(sid, CallStatus::Failed, true),
            (Behaviour::NoAnswer | Behaviour::Human, false) => self.far_rings(sid),
            (Behaviour::Answers { ring, .. } | Behaviour::Machine { ring, .. }, false) => {
                self.phone_rings(sid, ring);
            }
            (Behaviour::Echo | Behaviour::Fax, false) => self.phone_rings(sid, 2.0),
            (Behaviour::Tone { .. }, false) => self.phone_rings(sid, 1.0),
            (
                Behaviour::Answers { .. }
                | Behaviour::Machine { .. }
                | Behaviour::Echo
                | Behaviour::Fax
                | Behaviour::Tone { .. },
                true,
            ) => {
                self.far_answers(sid);
            }
            (Behaviour::NoAnswer | Behaviour::Human, true) => {}
        }
    }

    fn phone_rings(&mut self, sid: &str, span: f64) {
        let Some(serial) = self.next_serial(sid) else {
            return;
        };
        self.after(
            seconds(span),
            Timer::Phone {
                leg: sid.to_owned(),
                serial,
            },
        );
        self.far_rings(sid);
    }

    fn next_serial(&mut self, sid: &str) -> Option<u64> {
        let phone = self.leg_mut(sid)?.phone_mut()?;
        phone.serial += 1;
        Some(phone.serial)
    }

    /// The phone's call is answered, by itself or by the other side: it begins to speak.
    pub(super) fn phone_is_connected(&mut self, sid: &str) {
        let now = self.now;
        let Some(phone) = self.leg_mut(sid).and_then(Leg::phone_mut) else {
            return;
        };
        match phone.behaviour.clone() {
            Behaviour::Answers { lines, stays, .. } => {
                phone.lines.extend(lines);
                phone.leaves_at = stays.map(|stays| now + seconds(stays));
            }
            Behaviour::Machine {
                lines, beep, stays, ..
            } => {
                phone.lines.extend(lines);
                phone.lines.extend(beep.then_some(BEEP));
                phone.leaves_at = stays.map(|stays| now + seconds(stays));
            }
            Behaviour::Fax => {
                phone.saying = Saying::Tone {
                    hertz: 2100.0,
                    on: 3000,
                    off: 1000,
                }
            }
            Behaviour::Echo => phone.saying = Saying::Echo,
            Behaviour::Tone { hertz, on, off } => phone.saying = Saying::Tone { hertz, on, off },
            Behaviour::Busy | Behaviour::NoAnswer | Behaviour::Unreachable | Behaviour::Human => {
                return;
            }
        }
        if !matches!(phone.saying, Saying::Echo | Saying::Tone { .. }) {
            self.phone_speaks(sid);
        }
    }

    /// The next line, or silence until it is time to leave.
    fn phone_speaks(&mut self, sid: &str) {
        let now = self.now;
        let Some(serial) = self.next_serial(sid) else {
            return;
        };
        let Some(phone) = self.leg_mut(sid).and_then(Leg::phone_mut) else {
            return;
        };
        if phone.leaves_at.is_some_and(|at| at <= now) {
            return self.far_hangs_up(sid);
        }
        let line = phone.lines.pop_front();
        let greeted = line.is_none()
            && matches!(phone.behaviour, Behaviour::Machine { .. })
            && phone.silent_since.is_none();
        phone.silent_since = if line.is_some() { None } else { Some(now) };
        let waiter = Waiter::Phone {
            leg: sid.to_owned(),
            serial,
        };
        phone.saying = match &line {
            Some(Line::Pause(_)) => Saying::Pause,
            Some(Line::Tone { hertz, on, off, .. }) => Saying::Tone {
                hertz: f32::from(*hertz),
                on: *on,
                off: *off,
            },
            Some(Line::Text(_) | Line::Bundled(_)) => Saying::Asking,
            Some(Line::Digits(_)) | None => Saying::Nothing,
        };
        let leaves_at = phone.leaves_at;
        let timer = Timer::Phone {
            leg: sid.to_owned(),
            serial,
        };
        match line {
            Some(Line::Text(text)) => self.want_sound(spoken(text), waiter),
            Some(Line::Bundled(name)) => self.want_sound(SoundRequest::Bundled(name), waiter),
            Some(Line::Pause(span) | Line::Tone { lasts: span, .. }) => {
                self.after(millis(i64::from(span)), timer);
            }
            Some(Line::Digits(digits)) => {
                self.after(millis(250), timer);
                self.keys_from_outside(sid, &digits, true);
            }
            None => {
                if let Some(at) = leaves_at {
                    self.timers.set(at, timer);
                }
                if greeted {
                    self.greeting_over(sid);
                }
            }
        }
    }

    pub(super) fn phone_sound(&mut self, sid: &str, serial: u64, clip: Result<Clip, String>) {
        let now = self.now;
        let Some(phone) = self
            .leg_mut(sid)
            .filter(|leg| leg.is_live())
            .and_then(Leg::phone_mut)
        else {
            return;
        };
        if phone.serial != serial || !matches!(phone.saying, Saying::Asking) {
            return;
        }
        match clip {
            Ok(clip) => {
                let mut over = now + length(&clip);
                if let Some(leaves_at) = phone.leaves_at {
                    over = over.min(leaves_at);
                }
                phone.serial += 1;
                phone.saying = Saying::Clip(clip);
                let timer = Timer::Phone {
                    leg: sid.to_owned(),
                    serial: phone.serial,
                };
                self.timers.set(over, timer);
            }
            Err(text) => {
                self.alert(sid, 11200, &text);
                self.phone_speaks(sid);
            }
        }
    }

    /// A phone is told to say something more.
    pub(super) fn phone_adds_line(&mut self, sid: &str, line: Line) {
        let Some(phone) = self.leg_mut(sid).and_then(Leg::phone_mut) else {
            return;
        };
        let idle = matches!(phone.saying, Saying::Nothing);
        phone.lines.push_back(line);
        if idle {
            self.phone_speaks(sid);
        }
    }

    /// Whether the leg's far end is a phone that still has to be answered by somebody.
    pub(super) fn is_ringing_phone(&self, sid: &str) -> bool {
        self.leg(sid).is_some_and(|leg| {
            matches!(&leg.far, Far::Phone(Phone { .. }))
                && leg.record.direction != Direction::Inbound
                && leg.record.status == CallStatus::Ringing
        })
    }
}

fn spoken(text: String) -> SoundRequest {
    SoundRequest::Say {
        text,
        voice: String::new(),
        language: "en-US".into(),
    }
}
