//! `<Transcription>`: a call's words while they are said.

use super::StreamTrack;
use super::piece::{Attributes, Piece};
use crate::words::Method;

/// A transcription of a leg in real time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcription {
    /// A name, unique in the call, by which it is stopped.
    pub name: Option<String>,
    /// Whose words; both sides' when absent.
    pub track: Option<StreamTrack>,
    /// Where the words are told.
    pub status_callback_url: Option<String>,
    /// How they are told.
    pub status_callback_method: Option<Method>,
    /// What the leg's side is called.
    pub inbound_track_label: Option<String>,
    /// What the other side is called.
    pub outbound_track_label: Option<String>,
    /// Whether words are told before they are certain.
    pub partial_results: Option<bool>,
    /// A language tag.
    pub language_code: Option<String>,
    /// `google` or `deepgram`.
    pub transcription_engine: Option<String>,
    /// Whether curses are masked; they are when absent.
    pub profanity_filter: Option<bool>,
    /// The model's name.
    pub speech_model: Option<String>,
    /// Words to expect.
    pub hints: Option<String>,
    /// Whether punctuation is added; it is when absent.
    pub enable_automatic_punctuation: Option<bool>,
    /// Where transcripts are kept.
    pub intelligence_service: Option<String>,
    /// Whether the engine's own answer is told too.
    pub enable_provider_data: Option<bool>,
}

impl Piece for Transcription {
    const NAME: &'static str = "Transcription";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("name", &mut self.name);
        list.one("track", &mut self.track);
        list.one("statusCallbackUrl", &mut self.status_callback_url);
        list.one("statusCallbackMethod", &mut self.status_callback_method);
        list.one("inboundTrackLabel", &mut self.inbound_track_label);
        list.one("outboundTrackLabel", &mut self.outbound_track_label);
        list.one("partialResults", &mut self.partial_results);
        list.one("languageCode", &mut self.language_code);
        list.one("transcriptionEngine", &mut self.transcription_engine);
        list.one("profanityFilter", &mut self.profanity_filter);
        list.one("speechModel", &mut self.speech_model);
        list.one("hints", &mut self.hints);
        list.one(
            "enableAutomaticPunctuation",
            &mut self.enable_automatic_punctuation,
        );
        list.one("intelligenceService", &mut self.intelligence_service);
        list.one("enableProviderData", &mut self.enable_provider_data);
    }
}
