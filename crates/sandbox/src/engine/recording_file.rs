//! A recording as a file.

use super::records::RecordingRecord;

impl RecordingRecord {
    /// The sound in one or two channels, one sample of each after the other; `None` where there is none or not that many.
    pub fn samples(&self, channels: usize) -> Option<Vec<i16>> {
        let sound = self.sound.as_deref()?;
        let length = sound.iter().map(Vec::len).max()?;
        let at = |channel: &Vec<i16>, place: usize| channel.get(place).copied().unwrap_or_default();
        Some(match (channels, sound.as_slice()) {
            (1, all) => {
                let mixed = |place| {
                    all.iter()
                        .fold(0_i16, |sum, channel| sum.saturating_add(at(channel, place)))
                };
                (0..length).map(mixed).collect()
            }
            (2, [first, second]) => (0..length)
                .flat_map(|place| [at(first, place), at(second, place)])
                .collect(),
            _ => return None,
        })
    }

    /// The file with one or two channels, 8 kHz 16-bit; `None` where there is no sound or not that many channels.
    pub fn wav(&self, channels: usize) -> Option<Vec<u8>> {
        let samples = self.samples(channels)?;
        let channels = u16::try_from(channels).ok()?;
        let spec = hound::WavSpec {
            channels,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut file, spec).ok()?;
        for sample in samples {
            writer.write_sample(sample).ok()?;
        }
        writer.finalize().ok()?;
        Some(file.into_inner())
    }
}
