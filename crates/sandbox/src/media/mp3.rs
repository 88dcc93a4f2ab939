//! MP3 files as the sandbox's sound, 8 kHz mono 16-bit.

use rusty_mp3::Mp3Decoder;

use super::wav;

/// Samples taken at most: ten minutes at 48 kHz.
const LONGEST: usize = 48_000 * 600;

/// Reads a file of any rate and one or two channels; the error says why it is no sound to us.
pub fn read(bytes: &[u8]) -> Result<Vec<i16>, String> {
    let mut decoder = Mp3Decoder::new();
    decoder.push(bytes);
    decoder.flush();
    let (mut mono, mut rate) = (Vec::new(), 0);
    while let Ok(frame) = decoder.next_frame() {
        // A file does not change its rate on the way; one that does is broken from there on.
        if rate != 0 && frame.sample_rate != rate {
            break;
        }
        rate = frame.sample_rate;
        let channels = usize::from(frame.channels).max(1);
        let sums = frame.samples.chunks(channels).map(|both| {
            let sum: f64 = both.iter().copied().map(f64::from).sum();
            sum * 32767.0 / f64::from(frame.channels.max(1))
        });
        mono.extend(sums);
        if mono.len() > LONGEST {
            break;
        }
    }
    if mono.is_empty() || rate < 1000 {
        return Err("not a readable MP3 file".into());
    }
    Ok(wav::resample(&mono, rate))
}

#[cfg(test)]
mod tests {
    use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

    use super::read;

    /// Two seconds of a tone in stereo at 44.1 kHz.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a short tone"
    )]
    fn file() -> Vec<u8> {
        let mut encoder = Mp3Encoder::new(Mp3EncoderConfig::default());
        let samples: Vec<i16> = (0..88_200)
            .flat_map(|n| {
                let turn = n as f32 * 440.0 * std::f32::consts::TAU / 44_100.0;
                [(turn.sin() * 8000.0) as i16; 2]
            })
            .collect();
        encoder
            .push_pcm_s16(&samples, 2, 44_100)
            .expect("a tone is encoded");
        encoder.finish();
        let mut file = Vec::new();
        while let Ok(packet) = encoder.next_packet() {
            file.extend_from_slice(&packet);
        }
        file
    }

    #[test]
    fn a_file_becomes_as_much_sound_at_the_same_pitch() {
        let pcm = read(&file()).expect("it is read");
        assert!((15_500..18_500).contains(&pcm.len()), "{}", pcm.len());
        let middle = &pcm[4000..12_000];
        let crossings = middle
            .windows(2)
            .filter(|pair| pair[0] <= 0 && pair[1] > 0)
            .count();
        assert!((430..450).contains(&crossings), "{crossings} Hz");
    }

    #[test]
    fn what_is_no_mp3_is_refused() {
        assert!(read(b"").is_err());
        assert!(read(&[7; 5000]).is_err());
        assert!(read(b"RIFF\x00\x00\x00\x00WAVEfmt ").is_err());
    }
}
