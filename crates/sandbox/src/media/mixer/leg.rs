//! One leg in the mixer, and the rooms that legs meet in.

use super::{
    slots::Slots,
    voice::{Past, Voice},
};
use crate::{
    media::{
        dtmf,
        frame::{FRAME, Frame, SILENCE, mix},
        jitter::Jitter,
    },
    seam::Source,
};

/// All conferences.
pub(super) type Rooms = Slots<Room>;

/// Both sides of a leg.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) says: Voice,
    pub(super) hears: Voice,
    /// Keys that sound, and since which frame.
    digits: Option<(u64, String)>,
    pub(super) outside: Jitter,
    /// What it said and heard in the frame that is being made.
    pub(super) said: Frame,
    pub(super) heard: Frame,
    pub(super) said_before: Past,
    pub(super) heard_before: Past,
}

/// Who is in a conference.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) members: Vec<Member>,
    /// The frame at which the last beep began.
    pub(super) beep: Option<u64>,
}

/// One participant.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) leg: usize,
    pub(super) muted: bool,
    /// The only one who hears it: it coaches.
    pub(super) coached: Option<usize>,
}

impl Leg {
    pub(super) fn new(now: u64) -> Self {
        Self {
            says: Voice::new(Source::Silence, now),
            hears: Voice::new(Source::Silence, now),
            digits: None,
            outside: Jitter::default(),
            said: SILENCE,
            heard: SILENCE,
            said_before: Past::default(),
            heard_before: Past::default(),
        }
    }

    /// It says something else; what came from outside before it was asked for is not heard.
    pub(super) fn speak(&mut self, source: Source, now: u64) {
        if source == Source::Outside && self.says.source != Source::Outside {
            self.outside = Jitter::default();
        }
        self.says = Voice::new(source, now);
    }

    /// Keys are sounded now, or after those that still sound.
    pub(super) fn press(&mut self, keys: &str, now: u64) {
        match &mut self.digits {
            Some((since, sounding))
                if (now - *since) * (FRAME as u64) < dtmf::samples(sounding) =>
            {
                sounding.push_str(keys);
            }
            digits => *digits = Some((now, keys.to_owned())),
        }
    }

    /// What it says with the keys that sound.
    pub(super) fn with_digits(&mut self, said: &Frame, now: u64) -> Frame {
        let Some((since, keys)) = &self.digits else {
            return *said;
        };
        if let Some(tone) = dtmf::render(keys, (now - since) * FRAME as u64) {
            return mix(said, &tone);
        }
        self.digits = None;
        *said
    }
}
