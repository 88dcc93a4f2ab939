//! The mixer: who hears what, in steps of 20 ms. Sans-IO: it is told the time, and gives frames and recordings.
//!
//! Only what somebody needs is computed: the ears of legs with outside media, and what recordings take. Everything else
//! passes without cost, so that hours of virtual time are a subtraction.

mod leg;
mod plan;
mod recording;
mod slots;
mod stream;
#[cfg(test)]
mod tests;
mod voice;

use std::collections::HashSet;

use leg::{Leg, Member, Room, Rooms};
use plan::{Ear, Parts, Plan, Taps};
use recording::{Recording, Taking};
use slots::Slots;
use stream::Stream;
pub use stream::Streamed;
use voice::Voice;

use super::{
    frame::{FRAME, Frame, SILENCE, Sum},
    tones,
};
use crate::seam::{MediaCommand, MediaEvent, Sid, Source, Time};

/// Milliseconds of a frame.
const STEP: i64 = 20;

/// Mixes all calls of the sandbox.
#[derive(Debug)]
pub struct Mixer {
    /// The time of frame 0.
    epoch: Time,
    /// The next frame to be made.
    next: u64,
    legs: Slots<Leg>,
    rooms: Rooms,
    recordings: Slots<Recording>,
    streams: Slots<Stream>,
    /// What streams gave since it was last taken.
    streamed: Vec<(Sid, Streamed)>,
    /// Legs whose ears are outside, whatever they say: a caller hears early media before the answer.
    listeners: HashSet<Sid>,
    /// Made anew when something was changed.
    plan: Option<Plan>,
}

impl Mixer {
    /// A mixer whose first frame begins now.
    pub fn new(now: Time) -> Self {
        Self {
            epoch: now,
            next: 0,
            legs: Slots::default(),
            rooms: Slots::default(),
            recordings: Slots::default(),
            streams: Slots::default(),
            streamed: Vec::new(),
            listeners: HashSet::new(),
            plan: None,
        }
    }

    /// The leg's ear is outside from now on, or no more; the leg need not exist yet.
    pub fn listens(&mut self, leg: &Sid, listens: bool) {
        self.plan = None;
        if listens {
            self.listeners.insert(leg.clone());
        } else {
            self.listeners.remove(leg);
        }
    }

    /// Begins to give a leg's sound to a stream.
    pub fn stream(&mut self, stream: Sid, leg: Sid) {
        self.plan = None;
        self.streams.insert(stream, Stream::new(leg));
    }

    /// Ends a stream.
    pub fn end_stream(&mut self, stream: &str) {
        self.plan = None;
        self.streams.remove(stream);
    }

    /// Sound that a stream's leg is to hear.
    pub fn feed(&mut self, stream: &str, samples: &[i16]) {
        if let Some(stream) = self.streams.named(stream) {
            stream.feed(samples);
        }
    }

    /// A mark after all that a stream was fed so far.
    pub fn mark(&mut self, stream: &str, name: String) {
        if let Some(stream) = self.streams.named(stream) {
            stream.mark(name);
        }
    }

    /// What a stream was fed and nobody has heard is thrown away.
    pub fn clear(&mut self, stream: &str) {
        if let Some(stream) = self.streams.named(stream) {
            stream.clear();
        }
    }

    /// What streams gave since the last time.
    pub fn streamed(&mut self) -> Vec<(Sid, Streamed)> {
        std::mem::take(&mut self.streamed)
    }

    /// Sound that came from outside for a leg, already decoded.
    pub fn incoming(&mut self, leg: &str, samples: &[i16]) {
        if let Some(leg) = self.legs.named(leg) {
            leg.outside.push(samples);
        }
    }

    /// Makes all frames that are over by `now` and gives legs with outside media theirs.
    pub fn advance(&mut self, now: Time, out: &mut impl FnMut(&Sid, &Frame)) {
        let due = u64::try_from((now - self.epoch).num_milliseconds() / STEP).unwrap_or(0);
        while self.next < due {
            let plan = self.plan.take().unwrap_or_else(|| self.planned());
            if plan.is_idle() {
                self.pass(due - self.next);
                self.next = due;
            } else {
                self.render(&plan, out);
                self.next += 1;
            }
            self.plan = Some(plan);
        }
    }

    /// A new plan; what is no longer made is no longer remembered.
    fn planned(&mut self) -> Plan {
        let plan = Plan::new(&Parts {
            legs: &self.legs,
            rooms: &self.rooms,
            recordings: &self.recordings,
            streams: &self.streams,
            listeners: &self.listeners,
        });
        let mut heard = vec![false; self.legs.len()];
        for (index, _) in &plan.hear {
            heard[*index] = true;
        }
        for (index, _) in heard.iter().enumerate().filter(|(_, heard)| !**heard) {
            if let Some(leg) = self.legs.get_mut(index) {
                leg.heard = SILENCE;
            }
        }
        plan
    }

    /// Makes everything before `now` and then carries out the command.
    pub fn command(
        &mut self,
        now: Time,
        command: MediaCommand,
        out: &mut impl FnMut(&Sid, &Frame),
    ) -> Option<MediaEvent> {
        self.advance(now, out);
        self.plan = None;
        let next = self.next;
        match command {
            MediaCommand::Open { leg } => self.legs.insert(leg, Leg::new(next)),
            MediaCommand::Close { leg } => self.close(&leg),
            MediaCommand::Hear { leg, source } => {
                self.change(&leg, |leg| leg.hears = Voice::new(source, next));
            }
            MediaCommand::Speak { leg, source } => self.change(&leg, |leg| leg.speak(source, next)),
            MediaCommand::Digits { leg, digits } => {
                self.change(&leg, |leg| leg.press(&digits, next));
            }
            MediaCommand::Join { leg, room, muted } => self.join(&leg, &room, muted),
            MediaCommand::Coach { leg, room, coached } => {
                self.coach(&leg, &room, coached.as_deref());
            }
            MediaCommand::Leave { leg, room } => self.leave(&leg, &room),
            MediaCommand::Beep { room } => {
                if let Some(room) = self.rooms.named(&room) {
                    room.beep = Some(next);
                }
            }
            MediaCommand::StartRecording {
                recording,
                tap,
                channels,
            } => {
                self.recordings
                    .insert(recording, Recording::new(tap, channels));
            }
            MediaCommand::PauseRecording { recording, silence } => {
                let taking = if silence {
                    Taking::Silence
                } else {
                    Taking::Nothing
                };
                self.take(&recording, taking);
            }
            MediaCommand::ResumeRecording { recording } => self.take(&recording, Taking::Sound),
            MediaCommand::StopRecording { recording } => {
                let channels = self.recordings.remove(&recording)?.finish();
                return Some(MediaEvent::Recorded {
                    recording,
                    channels,
                });
            }
        }
        None
    }

    fn change(&mut self, leg: &str, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.named(leg) {
            change(leg);
        }
    }

    fn take(&mut self, recording: &str, taking: Taking) {
        if let Some(recording) = self.recordings.named(recording) {
            recording.taking = taking;
        }
    }

    fn join(&mut self, leg: &str, name: &str, muted: bool) {
        let Some(leg) = self.legs.index(leg) else {
            return;
        };
        if self.rooms.index(name).is_none() {
            self.rooms.insert(name.to_owned(), Room::default());
        }
        let Some(room) = self.rooms.named(name) else {
            return;
        };
        match room.members.iter_mut().find(|member| member.leg == leg) {
            Some(member) => member.muted = muted,
            None => room.members.push(Member {
                leg,
                muted,
                coached: None,
            }),
        }
    }

    fn coach(&mut self, leg: &str, name: &str, coached: Option<&str>) {
        // A coached participant whom nobody knows hears nothing, and neither does anybody else.
        let coached = coached.map(|coached| self.legs.index(coached).unwrap_or(usize::MAX));
        let leg = self.legs.index(leg);
        let mut members = self
            .rooms
            .named(name)
            .into_iter()
            .flat_map(|room| &mut room.members);
        if let Some(member) = members.find(|member| Some(member.leg) == leg) {
            member.coached = coached;
        }
    }

    fn leave(&mut self, leg: &str, name: &str) {
        let leg = self.legs.index(leg);
        if let Some(room) = self.rooms.named(name) {
            room.members.retain(|member| Some(member.leg) != leg);
            if room.members.is_empty() {
                self.rooms.remove(name);
            }
        }
    }

    fn close(&mut self, leg: &str) {
        if let Some(index) = self.legs.index(leg) {
            for room in self.rooms.iter_mut() {
                room.members.retain(|member| member.leg != index);
            }
            self.legs.remove(leg);
        }
    }

    /// Time in which no sound is made: recordings paused with silence still keep it.
    fn pass(&mut self, frames: u64) {
        for recording in self.recordings.iter_mut() {
            if recording.taking == Taking::Silence {
                recording.silence(frames);
            }
        }
    }

    fn render(&mut self, plan: &Plan, out: &mut impl FnMut(&Sid, &Frame)) {
        for (index, ear) in &plan.say {
            let said = self.said(*index, *ear);
            if let Some(leg) = self.legs.get_mut(*index) {
                leg.said = leg.with_digits(&said, self.next);
            }
        }
        for (index, ear) in &plan.hear {
            let heard = self.heard(*index, *ear);
            if let Some(leg) = self.legs.get_mut(*index) {
                leg.heard = heard;
                if leg.says.source == Source::Echo {
                    leg.heard_before.put(&heard);
                }
            }
        }
        for index in &plan.outside {
            if let (Some(name), Some(leg)) = (self.legs.name(*index), self.legs.get(*index)) {
                out(name, &leg.heard);
            }
        }
        self.record(plan);
        self.give(plan);
        self.pass(1);
    }

    /// Gives streams what their legs said and heard, and the marks that are due.
    fn give(&mut self, plan: &Plan) {
        for (index, leg) in &plan.streams {
            let both = self.both(*leg);
            let Some(name) = self.streams.name(*index).cloned() else {
                continue;
            };
            let sound = Streamed::Sound(Box::new(both));
            self.streamed.push((name.clone(), sound));
            let Some(stream) = self.streams.get_mut(*index) else {
                continue;
            };
            while let Some(mark) = stream.due() {
                self.streamed.push((name.clone(), Streamed::Mark(mark)));
            }
        }
    }

    fn record(&mut self, plan: &Plan) {
        for (index, taps) in &plan.taps {
            let (one, two) = match *taps {
                Taps::Leg(leg) => self.both(leg),
                Taps::Room { room, first } => {
                    let one = first
                        .filter(|first| self.speaks(room, *first))
                        .map_or(SILENCE, |first| self.both(first).0);
                    (one, self.mixed(room, first, None))
                }
                Taps::Nothing => (SILENCE, SILENCE),
            };
            if let Some(recording) = self.recordings.get_mut(*index) {
                recording.take(&one, &two);
            }
        }
    }

    /// What a leg said and heard in this frame.
    fn both(&self, leg: usize) -> (Frame, Frame) {
        self.legs
            .get(leg)
            .map_or((SILENCE, SILENCE), |leg| (leg.said, leg.heard))
    }

    fn said(&mut self, index: usize, ear: Ear) -> Frame {
        match (ear, self.legs.get_mut(index)) {
            (Ear::Own, Some(leg)) => leg.says.frame(self.next),
            (Ear::Outside, Some(leg)) => leg.outside.pop(),
            (Ear::Echo, Some(leg)) => leg.heard_before.take(),
            (ear, _) => self.others(index, ear),
        }
    }

    fn heard(&mut self, index: usize, ear: Ear) -> Frame {
        if let Ear::Stream(stream) = ear {
            return self.streams.get_mut(stream).map_or(SILENCE, Stream::pop);
        }
        match (ear, self.legs.get_mut(index)) {
            (Ear::Own, Some(leg)) => leg.hears.frame(self.next),
            (Ear::Echo, Some(leg)) => {
                let heard = leg.said_before.take();
                leg.said_before.put(&leg.said);
                heard
            }
            (ear, _) => self.others(index, ear),
        }
    }

    fn others(&self, index: usize, ear: Ear) -> Frame {
        match ear {
            Ear::Leg(other) => self.both(other).0,
            Ear::Heard(other) => self.both(other).1,
            Ear::Room(room) => self.mixed(room, Some(index), Some(index)),
            Ear::Own | Ear::Outside | Ear::Echo | Ear::Silent | Ear::Stream(_) => SILENCE,
        }
    }

    /// Whether the leg is in the room and not muted.
    fn speaks(&self, room: usize, leg: usize) -> bool {
        let mut members = self
            .rooms
            .get(room)
            .into_iter()
            .flat_map(|room| &room.members);
        members.any(|member| member.leg == leg && !member.muted)
    }

    /// All who speak in the room but one, and the beep; a coach only for whom it coaches.
    fn mixed(&self, room: usize, but: Option<usize>, hearer: Option<usize>) -> Frame {
        let Some(room) = self.rooms.get(room) else {
            return SILENCE;
        };
        let mut sum = Sum::default();
        for member in &room.members {
            let heard = member.coached.is_none() || (member.coached == hearer);
            if !member.muted && Some(member.leg) != but && heard {
                sum.add(&self.both(member.leg).0);
            }
        }
        let since_beep = room.beep.map(|since| (self.next - since) * FRAME as u64);
        if let Some(beep) = since_beep.and_then(tones::beep) {
            sum.add(&beep);
        }
        sum.frame()
    }
}
