//! Which sounds must be made at all, and in which order; made anew only when something was changed.

use std::collections::HashSet;

use super::{Leg, Recording, Rooms, Slots, Stream, Taking};
use crate::seam::{Sid, Source, Tap};

/// Where a sound comes from, with the names looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ear {
    /// The leg's own [`super::voice::Voice`].
    Own,
    /// From outside.
    Outside,
    /// The echo of the leg's other side.
    Echo,
    /// What another leg says.
    Leg(usize),
    /// What another leg heard in the frame before.
    Heard(usize),
    /// A conference, without the leg itself.
    Room(usize),
    /// What another program sends.
    Stream(usize),
    /// Nothing.
    Silent,
}

/// What a recording takes, with the names looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taps {
    Leg(usize),
    Room { room: usize, first: Option<usize> },
    Nothing,
}

/// What every frame makes.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Who says something that somebody needs; each after those that it repeats.
    pub(super) say: Vec<(usize, Ear)>,
    /// Who hears something that somebody needs.
    pub(super) hear: Vec<(usize, Ear)>,
    /// Whose sound goes outside.
    pub(super) outside: Vec<usize>,
    /// Recordings that take sound.
    pub(super) taps: Vec<(usize, Taps)>,
    /// Streams, each with its leg.
    pub(super) streams: Vec<(usize, usize)>,
}

/// All that a plan is made of.
pub(super) struct Parts<'a> {
    pub(super) legs: &'a Slots<Leg>,
    pub(super) rooms: &'a Rooms,
    pub(super) recordings: &'a Slots<Recording>,
    pub(super) streams: &'a Slots<Stream>,
    pub(super) listeners: &'a HashSet<Sid>,
}

impl Plan {
    /// Whether time can pass without any sound being made.
    pub(super) fn is_idle(&self) -> bool {
        self.say.is_empty()
            && self.hear.is_empty()
            && self.taps.is_empty()
            && self.streams.is_empty()
    }

    pub(super) fn new(parts: &Parts<'_>) -> Self {
        let &Parts {
            legs,
            rooms,
            recordings,
            streams,
            listeners,
        } = parts;
        let mut planner = Planner {
            legs,
            rooms,
            streams,
            plan: Self::default(),
            said: vec![false; legs.len()],
            heard: vec![false; legs.len()],
        };
        for (index, leg) in legs.iter() {
            let speaks = leg.says.source == Source::Outside;
            if speaks {
                planner.say(index);
            }
            if speaks
                || legs
                    .name(index)
                    .is_some_and(|name| listeners.contains(name))
            {
                planner.hear(index);
                planner.plan.outside.push(index);
            }
        }
        for (index, recording) in recordings.iter() {
            if recording.taking == Taking::Sound {
                let taps = planner.tap(&recording.tap);
                planner.plan.taps.push((index, taps));
            }
        }
        for (index, stream) in streams.iter() {
            if let Some(leg) = legs.index(&stream.leg) {
                planner.say(leg);
                planner.hear(leg);
                planner.plan.streams.push((index, leg));
            }
        }
        planner.plan
    }
}

struct Planner<'a> {
    legs: &'a Slots<Leg>,
    rooms: &'a Rooms,
    streams: &'a Slots<Stream>,
    plan: Plan,
    said: Vec<bool>,
    heard: Vec<bool>,
}

impl Planner<'_> {
    /// The leg's words are needed.
    fn say(&mut self, index: usize) {
        if std::mem::replace(&mut self.said[index], true) {
            return;
        }
        let Some(leg) = self.legs.get(index) else {
            return;
        };
        let ear = match &leg.says.source {
            // An echoing phone says what it heard half a second ago: no order within a frame, so no circle.
            Source::Echo => {
                self.hear(index);
                Ear::Echo
            }
            other => self.ear(index, other),
        };
        self.plan.say.push((index, ear));
    }

    /// What the leg hears is needed.
    fn hear(&mut self, index: usize) {
        if std::mem::replace(&mut self.heard[index], true) {
            return;
        }
        let Some(leg) = self.legs.get(index) else {
            return;
        };
        let ear = match &leg.hears.source {
            Source::Echo => {
                self.say(index);
                Ear::Echo
            }
            other => self.ear(index, other),
        };
        self.plan.hear.push((index, ear));
    }

    fn ear(&mut self, own: usize, source: &Source) -> Ear {
        match source {
            Source::Silence | Source::Echo => Ear::Silent,
            Source::Ringback | Source::Busy | Source::Clip { .. } | Source::Tone { .. } => Ear::Own,
            Source::Outside => Ear::Outside,
            Source::Stream(stream) => self.streams.index(stream).map_or(Ear::Silent, Ear::Stream),
            Source::Leg(other) => match self.legs.index(other) {
                Some(other) if other != own => {
                    self.say(other);
                    Ear::Leg(other)
                }
                _ => Ear::Silent,
            },
            Source::Heard(other) => self.legs.index(other).map_or(Ear::Silent, |other| {
                self.hear(other);
                Ear::Heard(other)
            }),
            Source::Room(room) => self.rooms.index(room).map_or(Ear::Silent, |room| {
                self.members(room);
                Ear::Room(room)
            }),
        }
    }

    fn members(&mut self, room: usize) {
        for member in self.rooms.get(room).into_iter().flat_map(|r| &r.members) {
            if !member.muted {
                self.say(member.leg);
            }
        }
    }

    fn tap(&mut self, tap: &Tap) -> Taps {
        match tap {
            Tap::Leg(leg) => self.legs.index(leg).map_or(Taps::Nothing, |index| {
                self.say(index);
                self.hear(index);
                Taps::Leg(index)
            }),
            Tap::Conference { conference, first } => {
                self.rooms.index(conference).map_or(Taps::Nothing, |room| {
                    self.members(room);
                    let first = self.legs.index(first);
                    Taps::Room { room, first }
                })
            }
        }
    }
}
