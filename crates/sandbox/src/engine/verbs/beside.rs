//! `<Start>` and `<Stop>`: what goes on beside the call.

use offhook_twilio::twiml::{Start, StartNoun, Stop, StopNoun};

use super::super::Engine;
use super::Flow;

impl Engine {
    pub(super) fn start_beside(&mut self, leg: &str, run: u64, start: Start) -> Flow {
        for noun in start.nouns {
            match noun {
                StartNoun::Recording(recording) => self.start_from_twiml(leg, &recording),
                StartNoun::Stream(stream) => self.stream_from_twiml(leg, &stream),
                StartNoun::Transcription(words) => self.captions_from_twiml(leg, &words),
                StartNoun::Foreign(name) => return self.not_served(leg, run, &name),
            }
        }
        Flow::On
    }

    pub(super) fn stop_beside(&mut self, leg: &str, run: u64, stop: Stop) -> Flow {
        for noun in stop.nouns {
            match noun {
                StopNoun::Recording => self.stop_recordings_of(leg),
                StopNoun::Stream(name) => self.stop_stream(leg, &name),
                StopNoun::Transcription(name) => self.stop_captions(leg, &name),
                StopNoun::Foreign(name) => return self.not_served(leg, run, &name),
            }
        }
        Flow::On
    }
}
