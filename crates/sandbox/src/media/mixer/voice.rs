//! What one side of a leg plays by itself, computed from when it began; and the memory of a phone that echoes.

use std::collections::VecDeque;

use crate::{
    media::{
        frame::{FRAME, Frame, SILENCE},
        tones,
    },
    seam::{Clip, Source},
};

/// Frames in the half second of an echo.
const ECHO: usize = 25;

/// A source and the frame at which it was chosen.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) source: Source,
    since: u64,
}

impl Voice {
    pub(super) fn new(source: Source, since: u64) -> Self {
        Self { source, since }
    }

    /// The sound of a source that depends on nobody; silence for the others.
    pub(super) fn frame(&self, now: u64) -> Frame {
        let position = (now - self.since) * FRAME as u64;
        match &self.source {
            Source::Ringback => tones::ringback(position),
            Source::Busy => tones::busy(position),
            Source::Tone { hertz, on, off } => tones::tone(position, *hertz, *on, *off),
            Source::Clip { clip, looped } => clip_frame(clip, position, *looped),
            Source::Silence
            | Source::Echo
            | Source::Leg(_)
            | Source::Heard(_)
            | Source::Stream(_)
            | Source::Room(_)
            | Source::Outside => SILENCE,
        }
    }
}

/// A frame of a clip; its last one is filled up with silence, or with its beginning when it is looped.
fn clip_frame(clip: &Clip, position: u64, looped: bool) -> Frame {
    let mut frame = SILENCE;
    let length = clip.pcm.len() as u64;
    if length == 0 || (!looped && position >= length) {
        return frame;
    }
    let mut from = usize::try_from(position % length).expect("within the clip");
    let mut filled = 0;
    while filled < FRAME {
        let piece = &clip.pcm[from..clip.pcm.len().min(from + FRAME - filled)];
        frame[filled..filled + piece.len()].copy_from_slice(piece);
        filled += piece.len();
        from = 0;
        if !looped {
            break;
        }
    }
    frame
}

/// The last half second of something.
#[derive(Debug, Default)]
pub(super) struct Past(VecDeque<Frame>);

impl Past {
    /// What was half a second ago, once so much was remembered.
    pub(super) fn take(&mut self) -> Frame {
        if self.0.len() < ECHO {
            return SILENCE;
        }
        self.0.pop_front().unwrap_or(SILENCE)
    }

    /// Remembers the frame of now.
    pub(super) fn put(&mut self, frame: &Frame) {
        self.0.push_back(*frame);
        while self.0.len() > ECHO {
            self.0.pop_front();
        }
    }
}
