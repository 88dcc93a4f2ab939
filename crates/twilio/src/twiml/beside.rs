//! `<Start>` and `<Stop>`: recordings, streams and transcriptions that go on beside the call.

use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use super::{StartRecording, Stream, Transcription, Warning, from_verb};

/// Starts something beside the call and goes on at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    /// What is started, in order.
    pub nouns: Vec<StartNoun>,
}

/// What can be started beside a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartNoun {
    /// A recording of the leg.
    Recording(StartRecording),
    /// The leg's sound for another program.
    Stream(Stream),
    /// The leg's words while they are said.
    Transcription(Transcription),
    /// Something of Twilio's that has no type here, by its name.
    Foreign(String),
}

/// Stops something beside the call and goes on at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stop {
    /// What is stopped, in order.
    pub nouns: Vec<StopNoun>,
}

/// What can be stopped beside a call; a name that was given on starting it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopNoun {
    /// The leg's recordings.
    Recording,
    /// A stream.
    Stream(String),
    /// A transcription.
    Transcription(String),
    /// Something of Twilio's that has no type here, by its name.
    Foreign(String),
}

/// Nouns that Twilio knows and that have no type here.
const FOREIGN: &[&str] = &["Siprec", "ConversationRelaySession"];

impl Piece for Start {
    const NAME: &'static str = "Start";

    fn attributes(&mut self, _: &mut Attributes<'_>) {}

    fn content(&self) -> Vec<Node> {
        let element = |noun: &StartNoun| match noun {
            StartNoun::Recording(recording) => piece::write(recording),
            StartNoun::Stream(stream) => piece::write(stream),
            StartNoun::Transcription(transcription) => piece::write(transcription),
            StartNoun::Foreign(name) => bare(name),
        };
        self.nouns
            .iter()
            .map(|noun| Node::Element(element(noun)))
            .collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for element in piece::elements(nodes) {
            self.nouns.push(match element.name.as_str() {
                StartRecording::NAME => StartNoun::Recording(piece::read(element, warnings)),
                Stream::NAME => StartNoun::Stream(piece::read(element, warnings)),
                Transcription::NAME => StartNoun::Transcription(piece::read(element, warnings)),
                foreign if FOREIGN.contains(&foreign) => StartNoun::Foreign(element.name),
                other => {
                    warnings.push(Warning::nested(other, Self::NAME));
                    continue;
                }
            });
        }
    }
}

impl Piece for Stop {
    const NAME: &'static str = "Stop";

    fn attributes(&mut self, _: &mut Attributes<'_>) {}

    fn content(&self) -> Vec<Node> {
        let element = |noun: &StopNoun| match noun {
            StopNoun::Recording => bare(StartRecording::NAME),
            StopNoun::Stream(name) => named(Stream::NAME, name),
            StopNoun::Transcription(name) => named(Transcription::NAME, name),
            StopNoun::Foreign(name) => bare(name),
        };
        self.nouns
            .iter()
            .map(|noun| Node::Element(element(noun)))
            .collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for element in piece::elements(nodes) {
            let name = || {
                let given = element.attributes.iter().find(|(name, _)| name == "name");
                given.map_or_else(String::new, |(_, name)| name.clone())
            };
            self.nouns.push(match element.name.as_str() {
                StartRecording::NAME => StopNoun::Recording,
                Stream::NAME => StopNoun::Stream(name()),
                Transcription::NAME => StopNoun::Transcription(name()),
                foreign if FOREIGN.contains(&foreign) => StopNoun::Foreign(element.name),
                other => {
                    warnings.push(Warning::nested(other, Self::NAME));
                    continue;
                }
            });
        }
    }
}

/// An element without anything.
pub(super) fn bare(name: &str) -> Element {
    Element {
        name: name.to_owned(),
        ..Element::default()
    }
}

fn named(element: &str, name: &str) -> Element {
    Element {
        attributes: vec![("name".into(), name.to_owned())],
        ..bare(element)
    }
}

from_verb!(Start, Stop);
