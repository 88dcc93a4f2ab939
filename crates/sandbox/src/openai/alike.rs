//! Which recording a sound is: the loudness of both is followed and compared, so that another rate, format or volume does not matter.

use std::io::Cursor;

use rusty_mp3::Mp3Decoder;

use crate::engine::records::RecordingRecord;
use crate::media::wav;

/// Samples of one look at the loudness: 50 ms.
const WINDOW: usize = 400;
/// Windows by which two may be shifted: an encoder's delay.
const SHIFT: usize = 6;
/// Windows by which their lengths may differ.
const SLACK: usize = 12;
/// How alike they must be, from -1 to 1.
const ALIKE: f64 = 0.9;

/// Which of a recording's channels were heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Both, together or apart.
    All,
    /// One alone.
    One(usize),
}

/// A sound that was sent: 8 kHz mono, and whether it had two channels.
pub(super) struct Sent {
    samples: Vec<i16>,
    is_stereo: bool,
}

impl Sent {
    /// Reads WAV or MP3.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if let Ok(samples) = wav::read(bytes) {
            let reader = hound::WavReader::new(Cursor::new(bytes)).ok();
            return Some(Self {
                samples,
                is_stereo: reader.is_some_and(|reader| reader.spec().channels == 2),
            });
        }
        mp3(bytes)
    }

    /// The recording that it is, of several the most alike, and what of it was heard.
    pub(super) fn find(&self, recordings: &[RecordingRecord]) -> Option<(usize, Heard)> {
        let ours = loudness(&self.samples);
        let mut best: Option<(f64, usize, Heard)> = None;
        for (place, recording) in recordings.iter().enumerate() {
            for (heard, theirs) in forms(recording, self.is_stereo) {
                let likeness = likeness(&ours, &theirs);
                if likeness > ALIKE && best.is_none_or(|(most, ..)| likeness > most) {
                    best = Some((likeness, place, heard));
                }
            }
        }
        best.map(|(_, place, heard)| (place, heard))
    }
}

/// What could have been sent of a recording.
fn forms(recording: &RecordingRecord, is_stereo: bool) -> Vec<(Heard, Vec<f64>)> {
    let Some(sound) = recording.sound.as_deref() else {
        return Vec::new();
    };
    let mixed = recording.samples(1).unwrap_or_default();
    let mut forms = vec![(Heard::All, loudness(&mixed))];
    if !is_stereo && sound.len() == 2 {
        let apart = sound.iter().enumerate();
        forms.extend(apart.map(|(channel, samples)| (Heard::One(channel), loudness(samples))));
    }
    forms
}

fn mp3(bytes: &[u8]) -> Option<Sent> {
    let mut decoder = Mp3Decoder::new();
    decoder.push(bytes);
    decoder.flush();
    let (mut samples, mut is_stereo) = (Vec::new(), false);
    while let Ok(frame) = decoder.next_frame() {
        if frame.sample_rate == 0 || frame.channels == 0 {
            return None;
        }
        is_stereo |= frame.channels == 2;
        let step = frame.sample_rate.div_ceil(8000).max(1) as usize;
        let mono = frame.samples.chunks(usize::from(frame.channels));
        samples.extend(mono.step_by(step).map(|all| {
            let sum: f32 = all.iter().sum();
            crate::media::frame::sample(f64::from(sum) * 16_000.0)
        }));
    }
    (!samples.is_empty()).then_some(Sent { samples, is_stereo })
}

/// How loud a sound is, window by window.
#[expect(clippy::cast_precision_loss, reason = "a few hundred samples")]
fn loudness(samples: &[i16]) -> Vec<f64> {
    let loud = |window: &[i16]| {
        let sum: f64 = window.iter().map(|s| f64::from(*s).powi(2)).sum();
        (sum / window.len() as f64).sqrt()
    };
    samples.chunks(WINDOW).map(loud).collect()
}

/// How alike two courses of loudness are, at the shift where they are most.
fn likeness(one: &[f64], other: &[f64]) -> f64 {
    if one.len().abs_diff(other.len()) > SLACK || one.is_empty() || other.is_empty() {
        return -1.0;
    }
    let shifted = (0..=SHIFT).flat_map(|shift| {
        [
            (one.get(shift..).unwrap_or_default(), other),
            (one, other.get(shift..).unwrap_or_default()),
        ]
    });
    shifted
        .map(|(one, other)| correlation(one, other))
        .fold(-1.0, f64::max)
}

#[expect(clippy::cast_precision_loss, reason = "minutes of windows")]
fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let count = one.len().min(other.len());
    if count == 0 {
        return -1.0;
    }
    let (one, other) = (&one[..count], &other[..count]);
    let mean = |all: &[f64]| all.iter().sum::<f64>() / count as f64;
    let (middle, middle_other) = (mean(one), mean(other));
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(other) {
        let (a, b) = (a - middle, b - middle_other);
        both += a * b;
        first += a * a;
        second += b * b;
    }
    if first == 0.0 && second == 0.0 {
        // Both are the same all the time: silence.
        return 1.0;
    }
    if first == 0.0 || second == 0.0 {
        return -1.0;
    }
    both / (first * second).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{likeness, loudness};

    fn sound(seed: u64, seconds: usize) -> Vec<i16> {
        (0..seconds * 8000)
            .map(|place| {
                let loud = crate::engine::faults::mixed(seed ^ (place as u64 / 1600)) % 9000;
                let sign = if place % 2 == 0 { 1 } else { -1 };
                i16::try_from(loud).unwrap_or_default() * sign
            })
            .collect()
    }

    #[test]
    fn the_same_sound_is_known_though_it_is_softer_and_shifted() {
        let one = sound(1, 8);
        let softer: Vec<i16> = std::iter::repeat_n(0, 900)
            .chain(one.iter().map(|sample| sample / 3))
            .collect();
        assert!(likeness(&loudness(&one), &loudness(&softer)) > 0.9);
    }

    #[test]
    fn another_sound_of_the_same_length_is_another() {
        let likeness = likeness(&loudness(&sound(1, 8)), &loudness(&sound(2, 8)));
        assert!(likeness < 0.7, "{likeness}");
    }
}
