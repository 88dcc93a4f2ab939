//! `<Dial>`: connects the caller with phones, clients, a conference or a queue.

use super::piece::{self, Attributes, Piece};
use super::xml::Node;
use super::{Client, Conference, Number, Queue, Sim, Sip, Warning, from_verb};
use crate::words::{Method, RecordingCallbackEvent, Track, Trim, words};

words! {
    /// When a `<Dial>` records, and in how many channels.
    DialRecord {
        /// Not at all.
        DoNotRecord = "do-not-record" | "false",
        /// From the answer, mixed.
        FromAnswer = "record-from-answer" | "true",
        /// From the ringing, mixed.
        FromRinging = "record-from-ringing",
        /// From the answer, the parent leg first.
        FromAnswerDual = "record-from-answer-dual",
        /// From the ringing, the parent leg first.
        FromRingingDual = "record-from-ringing-dual",
    }
}

/// Connects the caller with whatever its nouns name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dial {
    /// Requested at the end; the verbs after the Dial are then never reached.
    pub action: Option<String>,
    /// How `action` is requested.
    pub method: Option<Method>,
    /// Seconds to ring; 30 when absent.
    pub timeout: Option<u32>,
    /// The longest, in seconds; 14400 when absent.
    pub time_limit: Option<u32>,
    /// Whether the caller's leg stays unanswered until the other answers.
    pub answer_on_bridge: Option<bool>,
    /// Whether the caller drops the other by `*`.
    pub hangup_on_star: Option<bool>,
    /// Whether and how it is recorded.
    pub record: Option<DialRecord>,
    /// Which sound is recorded.
    pub recording_track: Option<Track>,
    /// Whether silence at the recording's ends is cut.
    pub trim: Option<Trim>,
    /// Where the recording's events go.
    pub recording_status_callback: Option<String>,
    /// How they are sent.
    pub recording_status_callback_method: Option<Method>,
    /// Which events are wanted; `completed` when empty.
    pub recording_status_callback_event: Vec<RecordingCallbackEvent>,
    /// A named set of recording settings.
    pub recording_configuration_id: Option<String>,
    /// Whose number the dialled see; the caller's own when absent.
    pub caller_id: Option<String>,
    /// Whether nouns are dialled one after the other instead of at once.
    pub sequential: Option<bool>,
    /// The country of the ringback tone.
    pub ring_tone: Option<String>,
    /// A reason shown with the call.
    pub call_reason: Option<String>,
    /// Where SIP REFER goes.
    pub refer_url: Option<String>,
    /// How it is requested.
    pub refer_method: Option<Method>,
    /// Who is dialled.
    pub nouns: Vec<Noun>,
}

/// Who or what a `<Dial>` connects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noun {
    /// A phone.
    Number(Number),
    /// The Voice SDK devices of an identity.
    Client(Client),
    /// A conference room.
    Conference(Conference),
    /// The first caller of a queue.
    Queue(Queue),
    /// A SIP phone.
    Sip(Sip),
    /// A mobile phone with one of Twilio's SIM cards.
    Sim(Sim),
}

impl Dial {
    /// Dials one noun with Twilio's defaults.
    pub fn to(noun: impl Into<Noun>) -> Self {
        Self {
            nouns: vec![noun.into()],
            ..Self::default()
        }
    }
}

impl Piece for Dial {
    const NAME: &'static str = "Dial";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("action", &mut self.action);
        list.one("method", &mut self.method);
        list.one("timeout", &mut self.timeout);
        list.one("timeLimit", &mut self.time_limit);
        list.one("answerOnBridge", &mut self.answer_on_bridge);
        list.one("hangupOnStar", &mut self.hangup_on_star);
        list.one("record", &mut self.record);
        list.one("recordingTrack", &mut self.recording_track);
        list.one("trim", &mut self.trim);
        list.one(
            "recordingStatusCallback",
            &mut self.recording_status_callback,
        );
        list.one(
            "recordingStatusCallbackMethod",
            &mut self.recording_status_callback_method,
        );
        list.many(
            "recordingStatusCallbackEvent",
            &mut self.recording_status_callback_event,
        );
        list.one(
            "recordingConfigurationId",
            &mut self.recording_configuration_id,
        );
        list.one("callerId", &mut self.caller_id);
        list.one("sequential", &mut self.sequential);
        list.one("ringTone", &mut self.ring_tone);
        list.one("callReason", &mut self.call_reason);
        list.one("referUrl", &mut self.refer_url);
        list.one("referMethod", &mut self.refer_method);
    }

    fn content(&self) -> Vec<Node> {
        let element = |noun: &Noun| match noun {
            Noun::Number(number) => piece::write(number),
            Noun::Client(client) => piece::write(client),
            Noun::Conference(conference) => piece::write(conference),
            Noun::Queue(queue) => piece::write(queue),
            Noun::Sip(sip) => piece::write(sip),
            Noun::Sim(sim) => piece::write(sim),
        };
        self.nouns
            .iter()
            .map(|noun| Node::Element(element(noun)))
            .collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for node in nodes {
            let element = match node {
                // A bare number: `<Dial>+14155550123</Dial>`.
                Node::Text(number) => {
                    self.nouns.push(Number::new(number).into());
                    continue;
                }
                Node::Element(element) => element,
            };
            self.nouns.push(match element.name.as_str() {
                Number::NAME => Noun::Number(piece::read(element, warnings)),
                Client::NAME => Noun::Client(piece::read(element, warnings)),
                Conference::NAME => Noun::Conference(piece::read(element, warnings)),
                Queue::NAME => Noun::Queue(piece::read(element, warnings)),
                Sip::NAME => Noun::Sip(piece::read(element, warnings)),
                Sim::NAME => Noun::Sim(piece::read(element, warnings)),
                other => {
                    warnings.push(Warning::nested(other, Self::NAME));
                    continue;
                }
            });
        }
    }
}

/// Lets a noun be given wherever a [`Noun`] is wanted.
macro_rules! from_noun {
    ($($name:ident),+) => {$(
        impl From<$name> for Noun {
            fn from(noun: $name) -> Self {
                Self::$name(noun)
            }
        }
    )+};
}

from_noun!(Number, Client, Conference, Queue, Sip, Sim);
from_verb!(Dial);
