//! WAV files to and from the sandbox's sound, 8 kHz mono 16-bit.

use std::io::Cursor;

use super::{
    frame::{RATE, sample},
    g711,
};

/// Why a file is no sound to us.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// Not a WAV file, or a broken one.
    #[error("not a readable WAV file: {0}")]
    Unreadable(String),
    /// A WAV file of a kind that is not taken.
    #[error("a WAV file of an unknown kind: {0}")]
    Kind(String),
}

/// Longest sound taken: ten minutes, at 8 kHz.
const LONGEST: usize = 8000 * 600;

/// Reads PCM of 8 to 32 bits, float or µ-law, any rate and number of channels, as 8 kHz mono.
pub fn read(bytes: &[u8]) -> Result<Vec<i16>, WavError> {
    if let Some(wav) = mu_law(bytes) {
        return Ok(resample(&wav.0, wav.1));
    }
    let mut reader = hound::WavReader::new(Cursor::new(bytes))
        .map_err(|e| WavError::Unreadable(e.to_string()))?;
    let spec = reader.spec();
    if spec.channels == 0 || spec.sample_rate < 1000 {
        return Err(WavError::Kind(format!(
            "{} channels at {} Hz",
            spec.channels, spec.sample_rate
        )));
    }
    let most = LONGEST / 8000 * spec.sample_rate as usize * usize::from(spec.channels);
    let scaled: Vec<f64> = match spec.sample_format {
        hound::SampleFormat::Int => {
            let scale =
                32768.0 / f64::from(2_u32.pow(u32::from(spec.bits_per_sample.clamp(1, 32)) - 1));
            collect(reader.samples::<i32>().take(most), |s| f64::from(s) * scale)?
        }
        hound::SampleFormat::Float => collect(reader.samples::<f32>().take(most), |s| {
            f64::from(s) * 32767.0
        })?,
    };
    let channels = usize::from(spec.channels);
    let mono: Vec<f64> = scaled
        .chunks(channels)
        .map(|frame| frame.iter().sum::<f64>() / f64::from(spec.channels))
        .collect();
    Ok(resample(&mono, spec.sample_rate))
}

/// All samples that are there: a file that was streamed names a size that it does not have.
fn collect<S>(
    samples: impl Iterator<Item = hound::Result<S>>,
    scale: impl Fn(S) -> f64,
) -> Result<Vec<f64>, WavError> {
    let mut out = Vec::new();
    for sample in samples {
        match sample {
            Ok(sample) => out.push(scale(sample)),
            Err(hound::Error::FormatError(_) | hound::Error::IoError(_)) if !out.is_empty() => {
                break;
            }
            Err(error) => return Err(WavError::Unreadable(error.to_string())),
        }
    }
    Ok(out)
}

/// The samples and the rate of a mono µ-law file, which hound does not read.
fn mu_law(bytes: &[u8]) -> Option<(Vec<f64>, u32)> {
    const MU_LAW: u16 = 7;
    if bytes.get(0..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut rest = bytes.get(12..)?;
    let mut rate = None;
    loop {
        let (name, size) = (
            rest.get(0..4)?,
            u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize,
        );
        let body = rest.get(8..)?;
        if name == b"fmt " {
            let field = |at: usize| {
                body.get(at..at + 2)
                    .map(|b| u16::from_le_bytes([b[0], b[1]]))
            };
            if field(0)? != MU_LAW || field(2)? != 1 {
                return None;
            }
            rate = Some(u32::from_le_bytes(body.get(4..8)?.try_into().ok()?));
        } else if name == b"data" {
            let samples = body.get(..size.min(body.len()).min(LONGEST))?;
            let rate = rate.filter(|rate| *rate >= 1000)?;
            return Some((
                samples
                    .iter()
                    .map(|b| f64::from(g711::decode(*b)))
                    .collect(),
                rate,
            ));
        }
        rest = body.get(size + (size & 1)..)?;
    }
}

/// To 8 kHz: an average over what one sample covers when there are more of them, a straight line between them when fewer.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "positions in a file of at most ten minutes"
)]
pub(super) fn resample(input: &[f64], rate: u32) -> Vec<i16> {
    if rate == RATE || input.is_empty() {
        return input.iter().map(|s| sample(*s)).collect();
    }
    let step = f64::from(rate) / f64::from(RATE);
    let length = ((input.len() as f64 / step) as usize).max(1);
    (0..length)
        .map(|n| {
            let from = n as f64 * step;
            let at = from as usize;
            if step > 1.0 {
                // A triangle over two steps keeps what would alias low enough for speech.
                let (mut sum, mut weights) = (0.0, 0.0);
                let centre = from + step / 2.0;
                let low = (centre - step).max(0.0).ceil() as usize;
                let high = ((centre + step) as usize).min(input.len() - 1);
                for (place, value) in input.iter().enumerate().take(high + 1).skip(low) {
                    let weight = 1.0 - (place as f64 - centre).abs() / step;
                    if weight > 0.0 {
                        sum += value * weight;
                        weights += weight;
                    }
                }
                return sample(if weights > 0.0 {
                    sum / weights
                } else {
                    input[at]
                });
            }
            let next = input.get(at + 1).copied().unwrap_or(input[at]);
            sample(input[at] + (next - input[at]) * from.fract())
        })
        .collect()
}

/// A WAV file of 8 kHz 16-bit with these channels; shorter ones are filled with silence.
pub fn write(channels: &[&[i16]]) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: u16::try_from(channels.len()).expect("a few channels"),
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut out = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut out, spec).expect("memory takes a header");
    let length = channels.iter().map(|c| c.len()).max().unwrap_or(0);
    for at in 0..length {
        for channel in channels {
            writer
                .write_sample(channel.get(at).copied().unwrap_or(0))
                .expect("memory takes a sample");
        }
    }
    writer.finalize().expect("memory takes the sizes");
    out.into_inner()
}

#[cfg(test)]
mod tests {
    use super::{
        super::tones::{sine, strength},
        *,
    };

    fn file(rate: u32, channels: u16, bits: u16, pitch: f64) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: bits,
            sample_format: hound::SampleFormat::Int,
        };
        let mut out = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut out, spec).unwrap();
        // Half of the full scale: a thousand steps of this size.
        let step = 2_i32.pow(u32::from(bits) - 2) / 1000;
        for n in 0..rate {
            let value = sample(1000.0 * sine(pitch * f64::from(RATE) / f64::from(rate), n.into()));
            for _ in 0..channels {
                writer.write_sample(i32::from(value) * step).unwrap();
            }
        }
        writer.finalize().unwrap();
        out.into_inner()
    }

    #[test]
    fn any_rate_depth_and_width_becomes_the_same_pitch_at_8_khz() {
        for (rate, channels, bits) in [
            (8000, 1, 16),
            (44_100, 2, 16),
            (48_000, 1, 24),
            (22_050, 1, 16),
            (16_000, 2, 32),
        ] {
            let pcm = read(&file(rate, channels, bits, 500.0)).unwrap();
            assert!(
                pcm.len().abs_diff(8000) < 10,
                "{rate}: {} samples",
                pcm.len()
            );
            assert!(
                strength(&pcm, 500.0) > 10_000.0,
                "{rate} {bits}: {}",
                strength(&pcm, 500.0)
            );
            assert!(strength(&pcm, 800.0) < 500.0);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (left, right) = (vec![100_i16, -200, 300], vec![1_i16, 2]);
        let bytes = write(&[&left, &right]);
        let mut reader = hound::WavReader::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(reader.spec().channels, 2);
        assert_eq!(
            reader
                .samples::<i16>()
                .map(Result::unwrap)
                .collect::<Vec<_>>(),
            [100, 1, -200, 2, 300, 0]
        );
        assert_eq!(read(&write(&[&left])).unwrap(), left);
    }

    #[test]
    fn rubbish_is_refused_with_a_reason() {
        assert!(
            read(b"<html>not found</html>")
                .unwrap_err()
                .to_string()
                .contains("WAV")
        );
        assert!(read(b"").is_err());
        assert!(read(b"RIFF\0\0\0\0WAVE").is_err());
    }

    #[test]
    fn mu_law_files_are_read() {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x07\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x04\0\0\0".to_vec();
        bytes.extend([0x80, 0x00, 0xff, 0x80]);
        assert_eq!(read(&bytes).unwrap(), [32_124, -32_124, 0, 32_124]);
    }
}
