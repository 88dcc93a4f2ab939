//! A leg's sound for another program, and what that program wants its caller to hear.

use std::collections::VecDeque;

use crate::media::frame::{FRAME, Frame, SILENCE};
use crate::seam::Sid;

/// Samples that wait to be heard at most: about two minutes.
const MOST: usize = 1 << 20;

/// One stream.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) leg: Sid,
    /// What is still to be heard.
    samples: VecDeque<i16>,
    /// Samples that came and samples that were heard since the beginning.
    came: u64,
    heard: u64,
    /// Marks, each with the sample after which it is due.
    marks: VecDeque<(u64, String)>,
}

/// What a stream gives to its program.
#[derive(Debug, Clone, PartialEq)]
pub enum Streamed {
    /// What the leg said and heard in 20 ms.
    Sound(Box<(Frame, Frame)>),
    /// Everything before this mark was heard.
    Mark(String),
}

impl Stream {
    pub(super) fn new(leg: Sid) -> Self {
        Self {
            leg,
            samples: VecDeque::new(),
            came: 0,
            heard: 0,
            marks: VecDeque::new(),
        }
    }

    /// More to be heard; what is too much is lost.
    pub(super) fn feed(&mut self, samples: &[i16]) {
        let room = MOST.saturating_sub(self.samples.len());
        let taken = samples.len().min(room);
        self.samples.extend(&samples[..taken]);
        self.came += taken as u64;
    }

    pub(super) fn mark(&mut self, name: String) {
        self.marks.push_back((self.came, name));
    }

    /// Nothing of what waits is heard any more; marks in it are due at once.
    pub(super) fn clear(&mut self) {
        self.samples.clear();
        self.heard = self.came;
    }

    /// The next 20 ms to be heard.
    pub(super) fn pop(&mut self) -> Frame {
        let mut frame = SILENCE;
        let count = self.samples.len().min(FRAME);
        for (place, sample) in frame.iter_mut().zip(self.samples.drain(..count)) {
            *place = sample;
        }
        self.heard += count as u64;
        frame
    }

    /// The next mark that is due.
    pub(super) fn due(&mut self) -> Option<String> {
        let (at, _) = self.marks.front()?;
        if *at > self.heard {
            return None;
        }
        self.marks.pop_front().map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_due_when_all_before_it_was_heard_or_thrown_away() {
        let mut stream = Stream::new("CA1".into());
        stream.feed(&[7; 200]);
        stream.mark("one".into());
        assert_eq!(stream.due(), None);
        assert_eq!(stream.pop(), [7; FRAME]);
        assert_eq!(stream.due(), None);
        let rest = stream.pop();
        assert_eq!((rest[39], rest[40]), (7, 0));
        assert_eq!(stream.due().as_deref(), Some("one"));
        stream.feed(&[7; 200]);
        stream.mark("two".into());
        stream.clear();
        assert_eq!(stream.due().as_deref(), Some("two"));
        assert_eq!(stream.pop(), SILENCE);
    }
}
