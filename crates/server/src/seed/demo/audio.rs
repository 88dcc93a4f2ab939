//! What can be heard in the demo's history: conversations put together from lines, as the carrier would have recorded them.

use std::io::Cursor;
use std::path::Path;

use offhook_core::id::{CallId, RecordingId};
use offhook_store::Tx;
use offhook_store::recordings::{self, Heard, Kept, RecordingStatus};
use serde_json::{Value, json};

use super::Neighbour;
use crate::error::ApiError;

const RATE: u32 = 8000;
/// How long somebody waits before answering: 0.4 s.
const PAUSE: usize = 3200;
/// How many slices a waveform has.
const SLICES: usize = 800;

const AGENT: [&[u8]; 4] = [
    include_bytes!("../../../assets/demo/agent-1.wav"),
    include_bytes!("../../../assets/demo/agent-2.wav"),
    include_bytes!("../../../assets/demo/agent-3.wav"),
    include_bytes!("../../../assets/demo/agent-4.wav"),
];

/// Sound of one or two channels.
pub(super) struct Sound {
    channels: Vec<Vec<i16>>,
}

impl Sound {
    /// A conversation: channel 1 the customer, channel 2 what the customer hears.
    pub(super) fn conversation(neighbour: &Neighbour) -> Self {
        let agent: Vec<Vec<i16>> = AGENT.iter().map(|wav| samples(wav)).collect();
        let (mut customer, mut heard) = (Vec::new(), Vec::new());
        for turn in 0..agent.len().max(neighbour.lines.len()) {
            say(&mut heard, &mut customer, agent.get(turn));
            say(&mut customer, &mut heard, neighbour.lines.get(turn));
        }
        Self {
            channels: vec![customer, heard],
        }
    }

    /// A message on one channel.
    pub(super) fn message(neighbour: &Neighbour) -> Self {
        let mut spoken = Vec::new();
        for line in &neighbour.lines {
            spoken.extend(line);
            spoken.extend([0; PAUSE]);
        }
        Self {
            channels: vec![spoken],
        }
    }

    /// How long it is, in whole seconds.
    pub(super) fn seconds(&self) -> u32 {
        let frames = self.channels.first().map_or(0, Vec::len);
        u32::try_from(frames).unwrap_or(u32::MAX).div_ceil(RATE)
    }

    fn wav(&self) -> Vec<u8> {
        let channels = u16::try_from(self.channels.len()).unwrap_or(1);
        let spec = hound::WavSpec {
            channels,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = Cursor::new(Vec::new());
        let mut writer =
            hound::WavWriter::new(&mut file, spec).expect("writing to memory does not fail");
        for frame in 0..self.channels.first().map_or(0, Vec::len) {
            for channel in &self.channels {
                let sample = channel.get(frame).copied().unwrap_or(0);
                writer
                    .write_sample(sample)
                    .expect("writing to memory does not fail");
            }
        }
        writer.finalize().expect("writing to memory does not fail");
        file.into_inner()
    }

    fn peaks(&self) -> Value {
        let loudest = |slice: &[i16]| {
            let peak = slice.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
            (f64::from(peak) / 32768.0 * 1000.0).round() / 1000.0
        };
        let frames = self.channels.first().map_or(0, Vec::len);
        let size = frames.div_ceil(SLICES).max(1);
        let channels: Vec<Vec<f64>> = self
            .channels
            .iter()
            .map(|c| c.chunks(size).map(loudest).collect())
            .collect();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a recording is far shorter than 2^52 samples"
        )]
        let seconds = frames as f64 / f64::from(RATE);
        json!({"channels": channels, "seconds": seconds})
    }
}

/// One speaks, the other is silent.
fn say(speaker: &mut Vec<i16>, listener: &mut Vec<i16>, line: Option<&Vec<i16>>) {
    let Some(line) = line else { return };
    speaker.extend(line);
    speaker.extend([0; PAUSE]);
    listener.resize(speaker.len(), 0);
}

fn samples(wav: &[u8]) -> Vec<i16> {
    let reader = hound::WavReader::new(wav).expect("the bundled lines are WAV files");
    reader
        .into_samples::<i16>()
        .map(|s| s.expect("the bundled lines are whole"))
        .collect()
}

/// Keeps a recording as if it had been fetched from the carrier.
pub(super) async fn keep(
    tx: &mut Tx,
    call: &CallId,
    sid: &str,
    sound: &Sound,
    folder: &Path,
    at: offhook_core::Time,
) -> Result<RecordingId, ApiError> {
    let channels = u32::try_from(sound.channels.len()).unwrap_or(1);
    let heard = Heard {
        sid: sid.to_owned(),
        status: RecordingStatus::Waiting,
        channels: Some(channels),
        seconds: Some(sound.seconds()),
        started_at: Some(at),
    };
    let recording = recordings::heard(tx, call, &heard, at).await?;
    let path = format!("{}/{}.wav", tx.org_id(), recording.id);
    let wav = sound.wav();
    let kept = Kept {
        path: path.clone(),
        media_type: "audio/wav".to_owned(),
        bytes: wav.len() as u64,
        channels,
        seconds: sound.seconds(),
        peaks: sound.peaks(),
    };
    write(&folder.join(&path), &wav).map_err(|error| ApiError::unexpected(&error))?;
    recordings::kept(tx, &recording.id, &kept, at).await?;
    Ok(recording.id)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbour() -> Neighbour {
        Neighbour {
            name: "Ada".to_owned(),
            number: None,
            lines: vec![vec![9000; 8000], vec![-9000; 4000]],
        }
    }

    #[test]
    fn in_a_conversation_one_speaks_at_a_time() {
        let sound = Sound::conversation(&neighbour());
        let (customer, heard) = (&sound.channels[0], &sound.channels[1]);
        assert!(
            customer.iter().zip(heard).all(|(a, b)| *a == 0 || *b == 0),
            "nobody talks over the other"
        );
        assert!(customer.contains(&9000) && heard.iter().any(|s| s.unsigned_abs() > 1000));
    }

    #[test]
    fn a_message_is_a_wav_file_of_one_channel() {
        let sound = Sound::message(&neighbour());
        let wav = sound.wav();
        let reader = hound::WavReader::new(&wav[..]).unwrap();
        assert_eq!(
            (reader.spec().channels, reader.duration()),
            (1, 12_000 + 6_400)
        );
        assert_eq!(sound.seconds(), 3);
        assert_eq!(sound.peaks()["channels"][0][0], 0.275);
    }
}
