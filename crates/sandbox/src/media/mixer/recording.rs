//! One recording: its samples in memory, and past a size in a nameless temporary file.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

use crate::{
    media::frame::{FRAME, Frame, mix},
    seam::Tap,
};

/// Samples kept in memory (2 MB): about a minute of two channels.
const IN_MEMORY: usize = 1 << 20;
/// Bytes read back at once.
const PIECE: usize = 1 << 16;

/// What a recording takes at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taking {
    Sound,
    /// Paused, keeping its time.
    Silence,
    /// Paused, cut out.
    Nothing,
}

/// A recording that is going on.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) tap: Tap,
    pub(super) taking: Taking,
    channels: usize,
    /// Samples of all channels in turn, not yet in the file.
    fresh: Vec<i16>,
    spilled: Option<File>,
}

impl Recording {
    pub(super) fn new(tap: Tap, channels: u8) -> Self {
        Self {
            tap,
            taking: Taking::Sound,
            channels: if channels >= 2 { 2 } else { 1 },
            fresh: Vec::new(),
            spilled: None,
        }
    }

    /// One frame of both sides.
    pub(super) fn take(&mut self, one: &Frame, two: &Frame) {
        if self.channels == 1 {
            self.fresh.extend(mix(one, two));
        } else {
            self.fresh
                .extend(one.iter().zip(two).flat_map(|(one, two)| [*one, *two]));
        }
        self.spill();
    }

    /// Frames of silence on all channels.
    pub(super) fn silence(&mut self, frames: u64) {
        for _ in 0..frames {
            let length = self.fresh.len() + FRAME * self.channels;
            self.fresh.resize(length, 0);
            self.spill();
        }
    }

    fn spill(&mut self) {
        if self.fresh.len() < IN_MEMORY {
            return;
        }
        if let Err(error) = self.write_out() {
            tracing::warn!(%error, "a long recording stays in memory, its temporary file cannot be written");
            self.fresh.reserve(IN_MEMORY);
        }
    }

    fn write_out(&mut self) -> io::Result<()> {
        let file = match &mut self.spilled {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let bytes: Vec<u8> = self.fresh.iter().flat_map(|s| s.to_le_bytes()).collect();
        file.write_all(&bytes)?;
        self.fresh.clear();
        Ok(())
    }

    /// All of it, one `Vec` a channel.
    pub(super) fn finish(mut self) -> Vec<Vec<i16>> {
        let mut out = vec![Vec::new(); self.channels];
        if let Some(file) = self.spilled.take()
            && let Err(error) = read_back(file, &mut out)
        {
            tracing::warn!(%error, "a part of a long recording was lost with its temporary file");
        }
        deal(&self.fresh, &mut out);
        out
    }
}

/// Deals samples out to the channels in turn.
fn deal(samples: &[i16], channels: &mut [Vec<i16>]) {
    let width = channels.len();
    for (n, channel) in channels.iter_mut().enumerate() {
        channel.extend(samples.iter().skip(n).step_by(width));
    }
}

fn read_back(mut file: File, channels: &mut [Vec<i16>]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut piece = vec![0; PIECE];
    let mut left = file.metadata()?.len();
    while left > 0 {
        let size = left.min(PIECE as u64);
        let piece = &mut piece[..usize::try_from(size).expect("at most a piece")];
        file.read_exact(piece)?;
        let samples: Vec<i16> = piece
            .chunks_exact(2)
            .map(|b| i16::from_le_bytes([b[0], b[1]]))
            .collect();
        deal(&samples, channels);
        left -= size;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_recording_leaves_memory_and_comes_back_whole() {
        let mut recording = Recording::new(Tap::Leg("CA1".into()), 2);
        for n in 0..4000_i16 {
            recording.take(&[n; FRAME], &[-n; FRAME]);
            assert!(recording.fresh.len() <= IN_MEMORY);
        }
        assert!(recording.spilled.is_some());
        recording.silence(10);
        let channels = recording.finish();
        assert_eq!(channels.len(), 2);
        for channel in &channels {
            assert_eq!(channel.len(), 4010 * FRAME);
        }
        for n in [0, 1, 3276, 3277, 3999_usize] {
            let value = i16::try_from(n).unwrap();
            assert_eq!(
                (channels[0][n * FRAME], channels[1][n * FRAME + 159]),
                (value, -value)
            );
        }
        assert_eq!(channels[0][4005 * FRAME], 0);
    }

    #[test]
    fn mono_holds_both_sides_at_once() {
        let mut recording = Recording::new(Tap::Leg("CA1".into()), 1);
        recording.take(&[100; FRAME], &[23; FRAME]);
        assert_eq!(recording.finish(), [vec![123; FRAME]]);
    }
}
