//! `<Say>`, `<Play>` and `<Pause>`: what a caller hears.

use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use super::{Warning, from_verb, ssml};

/// Speaks a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Say {
    /// The words, without the marks of speech (SSML) around them.
    pub text: String,
    /// The content with its marks, as XML; none where there are none.
    pub ssml: Option<String>,
    /// A voice's name, such as `Polly.Joanna`.
    pub voice: Option<String>,
    /// A language tag, such as `en-US`.
    pub language: Option<String>,
    /// How often; 0 is for ever.
    pub loops: Option<u32>,
}

impl Say {
    /// Says the text once in the account's default voice.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

impl Piece for Say {
    const NAME: &'static str = "Say";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("voice", &mut self.voice);
        list.one("language", &mut self.language);
        list.one("loop", &mut self.loops);
    }

    fn content(&self) -> Vec<Node> {
        match &self.ssml {
            Some(marked) => ssml::nodes(marked),
            None => Element::text_nodes(&self.text),
        }
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.ssml = ssml::marked(&nodes, warnings);
        self.text = ssml::words(nodes);
    }
}

/// A `<Say>` with its voice judged, as the codes of what stands around it have it.
pub(super) fn read_say(element: Element, within: &str, warnings: &mut Vec<Warning>) -> Say {
    let mut say: Say = piece::read(element, warnings);
    if let Some(voice) = say.voice.take_if(|voice| !is_voice(voice)) {
        warnings.push(Warning {
            code: if within == "Gather" { 13321 } else { 13511 },
            text: format!("`{voice}` is no voice; the default one speaks"),
        });
    }
    say
}

/// Twilio's own three, or a voice of one of its providers.
fn is_voice(voice: &str) -> bool {
    let voice = voice.to_ascii_lowercase();
    matches!(voice.as_str(), "" | "man" | "woman" | "alice")
        || ["polly.", "google.", "elevenlabs."].iter().any(|provider| {
            voice
                .strip_prefix(provider)
                .is_some_and(|name| !name.is_empty())
        })
}

/// Plays a file, or sounds digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Play {
    /// The file's address; empty when only `digits` are sounded.
    pub url: String,
    /// How often; 0 is for ever.
    pub loops: Option<u32>,
    /// DTMF to sound, `w` being a pause of half a second.
    pub digits: Option<String>,
}

impl Play {
    /// Plays the file once.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..Self::default()
        }
    }
}

impl Piece for Play {
    const NAME: &'static str = "Play";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("loop", &mut self.loops);
        list.one("digits", &mut self.digits);
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.url)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.url = piece::only_text(nodes, Self::NAME, warnings);
    }
}

/// Waits in silence; as the first verb it delays the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pause {
    /// Seconds; one when absent.
    pub length: Option<u32>,
}

impl Pause {
    /// Waits so many seconds.
    pub fn seconds(length: u32) -> Self {
        Self {
            length: Some(length),
        }
    }
}

impl Piece for Pause {
    const NAME: &'static str = "Pause";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("length", &mut self.length);
    }
}

from_verb!(Say, Play, Pause);
