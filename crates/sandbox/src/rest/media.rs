//! A recording's sound as a file, with as many channels as were asked for.

use axum::http::header;
use axum::response::IntoResponse;
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

use super::ask::{Answer, Ask};
use super::refusal::Refusal;
use crate::engine::records::RecordingRecord;

const RATE: u32 = 8000;
/// Kilobits a second.
const MP3_RATE: u32 = 32;

/// The channels that are wanted; 404 until there is sound, 400 for two channels where there is one.
fn channels(ask: &Ask, recording: &RecordingRecord) -> Result<u32, Refusal> {
    ask.found(recording.sound.as_ref())?;
    // A conference's recording is mono unless more is asked for; a call's has what was asked at its start.
    let usual = if recording.conference_sid.is_some() {
        1
    } else {
        u32::from(recording.channels)
    };
    let wanted = ask.params.number("RequestedChannels", 20001, 1..=2)?;
    Ok(wanted.unwrap_or(usual))
}

fn too_many(channels: u32) -> Refusal {
    Refusal::invalid(
        20001,
        format!("The recording does not have {channels} channels"),
    )
}

/// As WAV.
pub(super) fn wav(ask: &Ask, recording: &RecordingRecord) -> Answer {
    let channels = channels(ask, recording)?;
    let file = recording.wav(channels as usize);
    let file = file.ok_or_else(|| too_many(channels))?;
    Ok(([(header::CONTENT_TYPE, "audio/x-wav")], file).into_response())
}

/// As MP3, made when it is asked for.
pub(super) async fn mp3(ask: &Ask, recording: &RecordingRecord) -> Answer {
    let channels = channels(ask, recording)?;
    let samples = recording.samples(channels as usize);
    let samples = samples.ok_or_else(|| too_many(channels))?;
    let width = u16::try_from(channels).unwrap_or(1);
    let made = tokio::task::spawn_blocking(move || encode(&samples, width)).await;
    let file = ask.found(made.ok().flatten())?;
    Ok(([(header::CONTENT_TYPE, "audio/mpeg")], file).into_response())
}

fn encode(samples: &[i16], channels: u16) -> Option<Vec<u8>> {
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig {
        bitrate_kbps: MP3_RATE,
        vbr_quality: None,
    });
    encoder.push_pcm_s16(samples, channels, RATE).ok()?;
    encoder.finish();
    let mut file = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        file.extend_from_slice(&packet);
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::{RATE, encode};
    use rusty_mp3::Mp3Decoder;

    /// How strongly a pitch is in a sound.
    #[expect(clippy::cast_precision_loss, reason = "a short tone")]
    fn strength(samples: &[f32], hertz: f32) -> f32 {
        let turn = |place: usize| (place as f32) * hertz * std::f32::consts::TAU / RATE as f32;
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (place, sample) in samples.iter().enumerate() {
            real += sample * turn(place).cos();
            imaginary += sample * turn(place).sin();
        }
        real.hypot(imaginary) / samples.len() as f32
    }

    #[test]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a short tone"
    )]
    fn an_mp3_has_the_length_and_the_pitch_of_what_was_recorded() {
        let tone = |place: usize| {
            ((place as f32 * 440.0 * std::f32::consts::TAU / RATE as f32).sin() * 8000.0) as i16
        };
        let samples: Vec<i16> = (0..16_000).map(tone).collect();
        let file = encode(&samples, 1).expect("a file");
        assert!(
            (7_000..10_000).contains(&file.len()),
            "{} bytes are not 32 kbit/s",
            file.len()
        );
        let mut decoder = Mp3Decoder::new();
        decoder.push(&file);
        decoder.flush();
        let mut heard = Vec::new();
        while let Ok(frame) = decoder.next_frame() {
            assert_eq!((frame.sample_rate, frame.channels), (RATE, 1));
            heard.extend(frame.samples);
        }
        assert!((16_000..19_000).contains(&heard.len()), "{}", heard.len());
        let middle = &heard[4000..12_000];
        assert!(strength(middle, 440.0) > 10.0 * strength(middle, 700.0));
        assert!(strength(middle, 440.0) > 0.05);
    }
}
