//! Words: who says what for how long, and who listens: a `<Gather>`, a room that tells who speaks.

use chrono::TimeDelta;

use super::Engine;
use super::hooks::Params;
use super::timers::Timer;
use crate::seam::{Clip, Time};

/// Something that is said or sounded.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Words {
    /// What; in brackets where it is no speech.
    pub(super) text: String,
    /// How long it lasts.
    pub(super) span: TimeDelta,
}

impl Words {
    /// A sound that is no speech.
    pub(super) fn sound(name: impl Into<String>) -> Self {
        Self {
            text: name.into(),
            span: TimeDelta::zero(),
        }
    }

    /// What is said in a clip.
    pub(super) fn of(clip: &Clip) -> Self {
        Self {
            text: clip.text.clone(),
            span: super::verbs::length(clip),
        }
    }

    /// Whether somebody speaks.
    pub(super) fn is_speech(&self) -> bool {
        let in_brackets = self.text.starts_with('(') && self.text.ends_with(')');
        !self.text.trim().is_empty() && !in_brackets
    }
}

impl Engine {
    /// The far end of a leg begins to say something.
    pub(super) fn speech_begins(&mut self, sid: &str, words: &Words) {
        if !words.is_speech() || !self.is_live(sid) {
            return;
        }
        self.gather_speech(sid, words);
        self.caption(sid, true, words);
        self.speaker(sid, self.now + words.span);
    }

    /// A participant speaks: the room's events tell it, where he can be heard.
    fn speaker(&mut self, sid: &str, until: Time) {
        let Some(room) = self.leg(sid).and_then(|leg| leg.room.clone()) else {
            return;
        };
        let Some(participant) = self
            .room_mut(&room)
            .and_then(|room| {
                room.participants
                    .iter_mut()
                    .find(|p| p.record.call_sid == sid)
            })
            .filter(|p| p.joined && !p.record.muted && !p.record.hold)
        else {
            return;
        };
        let was = participant.speaks_until.replace(until);
        let record = participant.record.clone();
        if was.is_none() {
            let event = "participant-speech-start";
            self.participant_event(&room, event, "speaker", &record, Params::new());
        }
        let leg = sid.to_owned();
        self.timers.set(until, Timer::SpeakerSilent { leg, until });
    }

    /// A participant has said it.
    pub(super) fn speaker_silent(&mut self, sid: &str, until: Time) {
        let Some(room) = self.leg(sid).and_then(|leg| leg.room.clone()) else {
            return;
        };
        let Some(participant) = self.room_mut(&room).and_then(|room| {
            room.participants
                .iter_mut()
                .find(|p| p.record.call_sid == sid)
        }) else {
            return;
        };
        // He may have begun anew, or have left and come back.
        if participant.speaks_until != Some(until) {
            return;
        }
        participant.speaks_until = None;
        let record = participant.record.clone();
        let event = "participant-speech-stop";
        self.participant_event(&room, event, "speaker", &record, Params::new());
    }
}
