//! Evens out what arrives from outside: packets come in bursts, the mixer takes exactly one frame every 20 ms.

use std::collections::VecDeque;

use super::frame::{FRAME, Frame, SILENCE};

/// Held back before the first frame is given, and after every gap: 40 ms.
const START: usize = 2 * FRAME;
/// More than this is delay that nobody needs (200 ms): the oldest goes.
const MOST: usize = 10 * FRAME;
/// What is left then: 60 ms.
const LEFT: usize = 3 * FRAME;

/// Frames over which it is judged whether more waits than is needed: two seconds.
const WINDOW: u32 = 100;

/// Sound from one sender on its way to the mixer.
#[derive(Debug, Default)]
pub(super) struct Jitter {
    waiting: VecDeque<i16>,
    flowing: bool,
    /// The least that waited after a frame was taken, over so many frames.
    least: usize,
    taken: u32,
}

impl Jitter {
    /// Takes what came.
    pub(super) fn push(&mut self, samples: &[i16]) {
        self.waiting.extend(samples);
        if self.waiting.len() > MOST {
            self.waiting.drain(..self.waiting.len() - LEFT);
        }
    }

    /// The next 20 ms; silence while there is not enough.
    pub(super) fn pop(&mut self) -> Frame {
        if !self.flowing {
            if self.waiting.len() < START {
                return SILENCE;
            }
            self.flowing = true;
        }
        let mut frame = SILENCE;
        let there = self.waiting.len().min(FRAME);
        for (out, sample) in frame.iter_mut().zip(self.waiting.drain(..there)) {
            *out = sample;
        }
        self.flowing = there == FRAME;
        self.trim();
        frame
    }

    /// What was never needed is only delay: a frame of it goes every two seconds.
    fn trim(&mut self) {
        self.least = if self.taken == 0 {
            self.waiting.len()
        } else {
            self.least.min(self.waiting.len())
        };
        self.taken += 1;
        if self.taken == WINDOW {
            self.taken = 0;
            if self.least > START {
                self.waiting.drain(..FRAME);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_a_gap_lose_nothing_that_came_in_time() {
        let mut jitter = Jitter::default();
        jitter.push(&[1; FRAME]);
        assert_eq!(
            jitter.pop(),
            SILENCE,
            "one frame is too little to begin with"
        );
        jitter.push(&[2; FRAME]);
        jitter.push(&[3; FRAME]);
        assert_eq!(
            [jitter.pop()[0], jitter.pop()[0], jitter.pop()[0]],
            [1, 2, 3]
        );
        assert_eq!(jitter.pop(), SILENCE);
    }

    #[test]
    fn a_delay_that_a_burst_left_behind_goes_away() {
        let mut jitter = Jitter::default();
        jitter.push(&[0; 9 * FRAME]);
        for _ in 0..1000 {
            jitter.push(&[1; FRAME]);
            jitter.pop();
        }
        assert!(
            jitter.waiting.len() <= START + FRAME,
            "{} samples wait",
            jitter.waiting.len()
        );
    }

    #[test]
    fn delay_does_not_grow_without_end() {
        let mut jitter = Jitter::default();
        for n in 0..100 {
            jitter.push(&[n; FRAME]);
        }
        assert!(
            (90..100).contains(&jitter.pop()[0]),
            "old sound was dropped"
        );
    }
}
