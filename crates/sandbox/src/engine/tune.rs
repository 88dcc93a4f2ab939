//! Sound: after every change each leg concerned is looked at, and the media plane told what differs.

use super::Engine;
use super::hearing::Words;
use super::leg::{Doing, Far, Leg, Prompting, Role, Saying, Script, Seat, Sound};
use super::records::CallStatus;
use crate::seam::{MediaCommand, Sid, Source};

/// How far sound is followed through joined calls for the ground truth.
const HOPS: u8 = 6;

impl Engine {
    /// Tells the media plane all that changed.
    pub(super) fn settle(&mut self) {
        while let Some(sid) = self.touched.pop_first() {
            self.tune(&sid);
        }
    }

    fn tune(&mut self, sid: &str) {
        let Some(leg) = self.legs.get(sid) else {
            return;
        };
        if !leg.is_live() {
            return;
        }
        if !leg.told.open {
            self.media(MediaCommand::Open {
                leg: sid.to_owned(),
            });
            if let Some(leg) = self.legs.get_mut(sid) {
                leg.told.open = true;
            }
        }
        self.tune_seat(sid);
        self.tune_mouth(sid);
        self.tune_ear(sid);
    }

    fn tune_seat(&mut self, sid: &str) {
        let Some(leg) = self.legs.get(sid) else {
            return;
        };
        let seat = leg.room.clone().map(|room| self.seat(room, sid));
        let before = leg.told.seat.clone();
        if seat == before {
            return;
        }
        let leg = sid.to_owned();
        let left = before
            .as_ref()
            .filter(|before| seat.as_ref().is_none_or(|seat| seat.room != before.room));
        if let Some(Seat { room, .. }) = left.cloned() {
            self.media(MediaCommand::Leave {
                leg: leg.clone(),
                room,
            });
        }
        if let Some(Seat {
            room,
            muted,
            coached,
        }) = seat.clone()
        {
            self.media(MediaCommand::Join {
                leg: leg.clone(),
                room: room.clone(),
                muted,
            });
            if coached.is_some() || before.is_some_and(|before| before.coached.is_some()) {
                self.media(MediaCommand::Coach { leg, room, coached });
            }
        }
        if let Some(leg) = self.legs.get_mut(sid) {
            leg.told.seat = seat;
        }
    }

    fn seat(&self, room: Sid, leg: &str) -> Seat {
        let participant = self.participant_of(&room, leg).map(|p| &p.record);
        let muted = participant.is_some_and(|p| p.muted || p.hold);
        let coached = participant
            .filter(|p| p.coaching)
            .and_then(|p| p.call_sid_to_coach.clone());
        Seat {
            room,
            muted,
            coached,
        }
    }

    fn tune_mouth(&mut self, sid: &str) {
        let Some(leg) = self.legs.get(sid) else {
            return;
        };
        let (sound, source, words) = mouth(leg);
        if leg.told.mouth == sound {
            return;
        }
        self.media(MediaCommand::Speak {
            leg: sid.to_owned(),
            source,
        });
        if let Some(leg) = self.legs.get_mut(sid) {
            leg.told.mouth = sound;
        }
        self.said(sid, &words, HOPS);
    }

    fn tune_ear(&mut self, sid: &str) {
        let now = self.now;
        let Some(leg) = self.legs.get(sid) else {
            return;
        };
        let (sound, source, words) = self.ear(leg);
        if leg.told.ear == sound {
            return;
        }
        self.media(MediaCommand::Hear {
            leg: sid.to_owned(),
            source,
        });
        if let Some(leg) = self.legs.get_mut(sid) {
            leg.told.ear = sound;
            leg.told.ear_since = Some(now);
        }
        self.heard(sid, &words, HOPS);
    }

    fn ear(&self, leg: &Leg) -> (Sound, Source, Words) {
        if let Some(script) = leg.scripts.last()
            && let Some(heard) = self.script_ear(leg, script)
        {
            return heard;
        }
        if let Some(room) = &leg.room {
            return (
                Sound::Room(room.clone()),
                Source::Room(room.clone()),
                Words::default(),
            );
        }
        if let Role::Child { parent, .. } = &leg.role
            && self
                .leg(parent)
                .and_then(Leg::dialing)
                .is_some_and(|d| d.bridged.as_deref() == Some(&leg.record.sid))
        {
            return other(parent);
        }
        silence()
    }

    /// What a script lets its leg hear; `None` where the room or the bridge beneath is heard.
    fn script_ear(&self, leg: &Leg, script: &Script) -> Option<(Sound, Source, Words)> {
        match &script.doing {
            Doing::Prompt(now) => Some(prompt(script, now)),
            Doing::Gather(gathering) => Some(
                gathering
                    .now
                    .as_ref()
                    .map_or_else(silence, |now| prompt(script, now)),
            ),
            Doing::Record(taking) if taking.recording.is_none() => {
                Some(prompt(script, &Prompting::Beep))
            }
            Doing::Dial(dialing) => Some(match &dialing.bridged {
                Some(child) => other(child),
                // Before the answer too: a client hears it as early media.
                None if dialing.children.iter().any(|child| self.rings(child)) => ringback(),
                None => silence(),
            }),
            Doing::Stream(handed) => Some((
                Sound::Stream(handed.stream.clone()),
                Source::Stream(handed.stream.clone()),
                Words::default(),
            )),
            Doing::Queue(waiting) => Some(
                waiting
                    .bridged
                    .as_ref()
                    .map_or_else(silence, |by| other(by)),
            ),
            Doing::Room(_) if leg.room.is_some() && self.room_has_started(leg.room.as_deref()) => {
                None
            }
            Doing::Room(_) | Doing::Record(_) | Doing::Ready | Doing::Fetching => Some(silence()),
        }
    }

    fn rings(&self, sid: &str) -> bool {
        self.leg(sid)
            .is_some_and(|leg| leg.record.status == CallStatus::Ringing)
    }

    /// A leg says something that the media plane need not be told.
    pub(super) fn says(&mut self, sid: &str, words: &Words) {
        self.said(sid, words, HOPS);
    }

    /// A leg said something: it and all who hear it know.
    pub(super) fn said(&mut self, sid: &str, words: &Words, hops: u8) {
        let now = self.now;
        if words.text.is_empty() || hops == 0 {
            return;
        }
        let Some(leg) = self.legs.get_mut(sid) else {
            return;
        };
        leg.note_lasting(now, "says", &words.text, words.span.num_milliseconds());
        let hearers: Vec<_> = match leg.told.seat.clone() {
            Some(Seat { muted: true, .. }) => Vec::new(),
            Some(Seat {
                coached: Some(coached),
                ..
            }) => vec![coached],
            Some(Seat { room, .. }) => self.legs_in_room(&room),
            None => self.partner(sid).into_iter().collect(),
        };
        let in_room = self.leg(sid).is_some_and(|leg| leg.told.seat.is_some());
        let hears = |other: &Sid| !in_room || (other != sid && self.hears_room(other));
        let hearers: Vec<_> = hearers.into_iter().filter(hears).collect();
        for hearer in hearers {
            self.heard(&hearer, words, hops - 1);
        }
        self.speech_begins(sid, words);
    }

    /// A leg heard something: it knows, and so does the call joined to it.
    fn heard(&mut self, sid: &str, words: &Words, hops: u8) {
        let now = self.now;
        if words.text.is_empty() || hops == 0 {
            return;
        }
        let Some(leg) = self.legs.get_mut(sid) else {
            return;
        };
        leg.note_lasting(now, "hears", &words.text, words.span.num_milliseconds());
        let far = match &leg.far {
            Far::Peer(peer) => Some(peer.clone()),
            Far::Phone(_) | Far::Client { .. } => None,
        };
        self.caption(sid, false, words);
        if let Some(peer) = far {
            self.said(&peer, words, hops - 1);
        }
    }

    fn hears_room(&self, sid: &str) -> bool {
        self.leg(sid)
            .is_some_and(|leg| matches!(leg.told.ear, Sound::Room(_)))
    }

    /// The leg that is connected with this one.
    pub(super) fn partner(&self, sid: &str) -> Option<String> {
        match &self.leg(sid)?.told.ear {
            Sound::Leg(other) => Some(other.clone()),
            _ => None,
        }
    }
}

fn silence() -> (Sound, Source, Words) {
    (Sound::Silence, Source::Silence, Words::default())
}

fn ringback() -> (Sound, Source, Words) {
    (Sound::Ringback, Source::Ringback, Words::sound("(ringing)"))
}

fn other(leg: &str) -> (Sound, Source, Words) {
    (
        Sound::Leg(leg.to_owned()),
        Source::Leg(leg.to_owned()),
        Words::default(),
    )
}

fn prompt(script: &Script, now: &Prompting) -> (Sound, Source, Words) {
    match now {
        Prompting::Clip { clip, times } => {
            let source = Source::Clip {
                clip: clip.clone(),
                looped: *times != 1,
            };
            (
                Sound::Clip(script.run, script.stage),
                source,
                Words::of(clip),
            )
        }
        Prompting::Beep => (
            Sound::Beep,
            Source::Tone {
                hertz: 1000.0,
                on: 400,
                off: 0,
            },
            Words::sound("(beep)"),
        ),
        Prompting::Asking { .. } | Prompting::Pause => silence(),
    }
}

/// What a leg's far end sounds.
fn mouth(leg: &Leg) -> (Sound, Source, Words) {
    match &leg.far {
        Far::Client { .. } if leg.is_answered() => {
            (Sound::Outside, Source::Outside, Words::default())
        }
        Far::Peer(peer) if leg.is_answered() => (
            Sound::Heard(peer.clone()),
            Source::Heard(peer.clone()),
            Words::default(),
        ),
        Far::Phone(phone) if leg.is_answered() => match &phone.saying {
            Saying::Clip(clip) => {
                let source = Source::Clip {
                    clip: clip.clone(),
                    looped: false,
                };
                (Sound::Clip(0, phone.serial), source, Words::of(clip))
            }
            Saying::Tone { hertz, on, off } => {
                let source = Source::Tone {
                    hertz: *hertz,
                    on: *on,
                    off: *off,
                };
                (
                    Sound::Tone(phone.serial),
                    source,
                    Words::sound(format!("(tone {hertz} Hz)")),
                )
            }
            Saying::Echo => (Sound::Echo, Source::Echo, Words::default()),
            Saying::Nothing | Saying::Asking | Saying::Pause => silence(),
        },
        // Early media: the network lets those in a room hear that it rings.
        _ if leg.record.status == CallStatus::Ringing && leg.room.is_some() => ringback(),
        _ => silence(),
    }
}
