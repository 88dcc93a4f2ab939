//! `<Say>`, `<Play>` and `<Pause>`: what a caller hears.

use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use super::{Warning, from_verb};

/// Speaks a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Say {
    /// The text; SSML inside is read as the words that it wraps.
    pub text: String,
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
        Element::text_nodes(&self.text)
    }

    fn take_content(&mut self, nodes: Vec<Node>, _: &mut Vec<Warning>) {
        self.text = spoken(nodes);
    }
}

/// The words in document order, whatever SSML wraps them.
fn spoken(nodes: Vec<Node>) -> String {
    let words = nodes.into_iter().map(|node| match node {
        Node::Text(text) => text,
        Node::Element(element) => spoken(element.nodes),
    });
    words
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
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
