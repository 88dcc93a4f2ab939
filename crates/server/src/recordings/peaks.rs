//! The waveform of a recording: the loudest sample of each slice, by channel.

use std::io::Read;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many slices a waveform has; enough for any screen.
const SLICES: usize = 800;

/// A recording as a player draws it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct Peaks {
    /// For each channel the loudness of each slice, 0 to 1.
    pub(super) channels: Vec<Vec<f32>>,
    /// The length.
    pub(super) seconds: f64,
}

impl Peaks {
    /// Reads a WAV file of 16-bit samples; `None` if it is none.
    pub(super) fn of_wav(file: impl Read) -> Option<Self> {
        let mut wav = hound::WavReader::new(file).ok()?;
        let spec = wav.spec();
        if spec.bits_per_sample != 16 || spec.sample_rate == 0 || spec.channels == 0 {
            return None;
        }
        let channels = usize::from(spec.channels);
        let frames = wav.duration() as usize;
        let slice = frames.div_ceil(SLICES).max(1);
        let mut loudest = vec![vec![0_u16; frames.div_ceil(slice)]; channels];
        for (at, sample) in wav.samples::<i16>().enumerate() {
            let peak = loudest
                .get_mut(at % channels)?
                .get_mut(at / channels / slice)?;
            *peak = (*peak).max(sample.ok()?.unsigned_abs());
        }
        let unit = |peak: u16| (f32::from(peak) / 32768.0 * 1000.0).round() / 1000.0;
        Some(Self {
            channels: loudest
                .into_iter()
                .map(|peaks| peaks.into_iter().map(unit).collect())
                .collect(),
            seconds: f64::from(wav.duration()) / f64::from(spec.sample_rate),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn wav(frames: impl IntoIterator<Item = [i16; 2]>) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
        for sample in frames.into_iter().flatten() {
            writer.write_sample(sample).unwrap();
        }
        writer.finalize().unwrap();
        file.into_inner()
    }

    #[test]
    fn each_channel_has_its_own_waveform() {
        let second = |level: [i16; 2]| std::iter::repeat_n(level, 8000);
        let peaks = Peaks::of_wav(&wav(second([16384, 0]).chain(second([0, -32768])))[..]).unwrap();
        assert!((peaks.seconds - 2.0).abs() < 1e-9);
        let [left, right] = &peaks.channels[..] else {
            panic!("two channels")
        };
        assert_eq!((left.len(), right.len()), (800, 800));
        assert!((left[10] - 0.5).abs() < 0.001 && left[790] == 0.0);
        assert!(right[10] == 0.0 && (right[790] - 1.0).abs() < 0.001);
    }

    #[test]
    fn what_is_no_wav_has_no_waveform_and_an_empty_one_an_empty_one() {
        assert_eq!(Peaks::of_wav(&b"RIFF but not really"[..]), None);
        assert_eq!(
            Peaks::of_wav(&wav([])[..]).unwrap().channels,
            vec![Vec::<f32>::new(); 2]
        );
    }
}
