//! What was truly said in a recording: by whom, and at which second of the file.

use super::Engine;
use super::recordings::Recording;
use super::records::{RecordingRecord, TruthEvent};
use crate::seam::Time;

/// Milliseconds of a text whose length nobody noted: as fast as people speak.
const PER_LETTER: i64 = 65;

/// The words of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// The recording.
    pub recording: RecordingRecord,
    /// Who is on the first channel, and who on the second.
    pub parties: [String; 2],
    /// What was said, in order.
    pub utterances: Vec<Utterance>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Utterance {
    /// 0 for the first channel, 1 for the second.
    pub channel: usize,
    /// Milliseconds from the file's beginning.
    pub from: i64,
    /// Until when.
    pub to: i64,
    /// What.
    pub text: String,
}

impl Engine {
    /// All recordings whose sound is there, newest first.
    pub fn recordings_with_sound(&self) -> Vec<RecordingRecord> {
        let all = self.recordings.iter().rev().map(|one| &one.record);
        all.filter(|record| record.sound.is_some() && !record.deleted)
            .cloned()
            .collect()
    }

    /// What was said in a recording.
    pub fn spoken(&self, recording: &str) -> Option<Spoken> {
        let recording = self.recording_by_sid(recording)?;
        let length = recording.record.duration.unwrap_or_default() * 1000;
        let leg = self.leg(&recording.tapped)?;
        let channel = |kind: &str| match (kind, recording.record.track.as_str()) {
            ("says", "inbound" | "both") | ("hears", "outbound") => Some(0),
            ("hears", "both") => Some(1),
            _ => None,
        };
        let mut utterances: Vec<Utterance> = leg
            .truth
            .iter()
            .filter(|event| !event.what.starts_with('(') && !event.what.trim().is_empty())
            .filter_map(|event| {
                let channel = channel(event.kind)?;
                let from = recording.place(event.at)?;
                let to = (from + lasting(event)).min(length);
                (from < length).then(|| Utterance {
                    channel,
                    from,
                    to,
                    text: event.what.clone(),
                })
            })
            .collect();
        utterances.sort_by_key(|said| (said.from, said.channel));
        let (near, far) = (&leg.record.from, &leg.record.to);
        let parties = match leg.record.direction {
            super::records::Direction::Inbound => [near.clone(), far.clone()],
            _ => [far.clone(), near.clone()],
        };
        Some(Spoken {
            recording: recording.record.clone(),
            parties,
            utterances,
        })
    }
}

fn lasting(event: &TruthEvent) -> i64 {
    if event.lasts > 0 {
        return event.lasts;
    }
    let letters = i64::try_from(event.what.chars().count()).unwrap_or_default();
    letters * PER_LETTER
}

impl Recording {
    /// The millisecond of the file at which something happened; none where the file does not hold it.
    fn place(&self, at: Time) -> Option<i64> {
        let mut place = (at - self.record.start_time).num_milliseconds();
        for pause in &self.pauses {
            let to = pause.to.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC);
            if at >= pause.from && at < to {
                return None;
            }
            if !pause.kept && at >= to {
                place -= (to - pause.from).num_milliseconds();
            }
        }
        place -= i64::try_from(self.cut / 8).unwrap_or_default();
        (place >= 0).then_some(place)
    }
}
