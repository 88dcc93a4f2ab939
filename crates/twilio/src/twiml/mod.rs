//! TwiML as types: one set for the writer and the parser. Unknown verbs and attributes are warned of and skipped, as Twilio does.

mod beside;
mod client;
mod codes;
mod conference;
mod connect;
mod control;
mod dial;
mod gather;
mod message;
mod messaging;
mod number;
mod piece;
mod prompt;
mod queue;
mod record;
mod sip;
mod ssml;
mod stream;
mod transcription;
mod xml;

pub use beside::{Start, StartNoun, Stop, StopNoun};
pub use client::{Client, Parameter};
pub use conference::{Beep, Conference, ConferenceRecord, JitterBufferSize};
pub use connect::{Connect, ConnectNoun};
pub use control::{Redirect, Reject, RejectReason};
pub use dial::{Dial, DialRecord, Noun};
pub use gather::{Gather, Prompt};
pub use message::Message;
pub use messaging::{MessagingResponse, MessagingVerb};
pub use number::Number;
pub use prompt::{Pause, Play, Say};
pub use queue::{Enqueue, Queue};
pub use record::{Record, StartRecording};
pub use sip::{Sim, Sip};
pub use stream::{Stream, StreamTrack};
pub use transcription::Transcription;

use piece::Piece;
use xml::{Element, Node};

/// A TwiML document: verbs that are carried out one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The verbs in order; none hangs up.
    pub verbs: Vec<Verb>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Speaks a text.
    Say(Say),
    /// Plays a file or sounds digits.
    Play(Play),
    /// Waits in silence.
    Pause(Pause),
    /// Asks for keys.
    Gather(Gather),
    /// Records the caller.
    Record(Record),
    /// Connects the caller.
    Dial(Dial),
    /// Puts the caller into a queue.
    Enqueue(Enqueue),
    /// Takes the caller out of the queue.
    Leave,
    /// Goes on with another document.
    Redirect(Redirect),
    /// Refuses the call.
    Reject(Reject),
    /// Ends the call.
    Hangup,
    /// Starts something beside the call.
    Start(Start),
    /// Stops something beside the call.
    Stop(Stop),
    /// Hands the call over to another program.
    Connect(Connect),
    /// Sends a message.
    Message(Message),
    /// A verb of Twilio's that has no type here, by its name.
    Foreign(String),
}

/// Verbs that Twilio knows and that have no type here.
const FOREIGN: &[&str] = &["Pay", "Prompt", "Refer", "Echo", "Autopilot"];

/// What was read, and what was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The document.
    pub response: Response,
    /// What Twilio would put into its debugger; the call goes on.
    pub warnings: Vec<Warning>,
}

/// Something in a document that Twilio skips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Twilio's code.
    pub code: u32,
    /// What it is about.
    pub text: String,
}

impl Warning {
    /// The document does not follow TwiML's schema.
    pub(crate) fn schema(text: String) -> Self {
        Self { code: 12200, text }
    }

    /// An element stands where it may not.
    pub(crate) fn nested(name: &str, within: &str) -> Self {
        Self {
            code: codes::nested(within),
            text: format!("<{name}> is not known inside <{within}>"),
        }
    }

    /// An attribute's value is none; Twilio goes on with its default.
    pub(crate) fn value(of: &str, name: &str, text: &str) -> Self {
        Self {
            code: codes::value(of, name),
            text: format!("`{text}` is no value for attribute {name} of <{of}>"),
        }
    }
}

/// Why a document cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TwimlError {
    /// It is longer than Twilio takes.
    #[error("the document has {0} bytes, more than 64 kB")]
    TooLong(usize),
    /// There is nothing in it.
    #[error("the document is empty")]
    Empty,
    /// It is not XML.
    #[error("the document is not XML: {0}")]
    Malformed(String),
    /// It is not XML 1.0.
    #[error("XML version {0} is not supported")]
    Version(String),
    /// Its root is not `<Response>`.
    #[error("the document's root is <{0}>, not <Response>")]
    Root(String),
}

impl TwimlError {
    /// Twilio's error code.
    pub const fn code(&self) -> u32 {
        match self {
            Self::TooLong(_) => 11750,
            Self::Empty => 11770,
            Self::Malformed(_) => 12100,
            Self::Version(_) => 12101,
            Self::Root(_) => 12102,
        }
    }
}

impl Response {
    /// A document of these verbs.
    pub fn of(verbs: impl IntoIterator<Item = Verb>) -> Self {
        Self {
            verbs: verbs.into_iter().collect(),
        }
    }

    /// Adds a verb at the end.
    #[must_use]
    pub fn then(mut self, verb: impl Into<Verb>) -> Self {
        self.verbs.push(verb.into());
        self
    }

    /// The document as XML. Characters that XML 1.0 cannot carry (most control characters) are left out.
    pub fn to_xml(&self) -> String {
        let nodes = self
            .verbs
            .iter()
            .map(|verb| Node::Element(write_verb(verb)))
            .collect();
        let root = Element {
            name: "Response".into(),
            nodes,
            ..Element::default()
        };
        let mut xml = String::from(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        root.write(&mut xml);
        xml
    }

    /// Reads a document.
    pub fn parse(document: &str) -> Result<Parsed, TwimlError> {
        let root = xml::read(document)?;
        if root.name != "Response" {
            return Err(TwimlError::Root(root.name));
        }
        let mut warnings = Vec::new();
        let verbs = piece::elements(root.nodes)
            .filter_map(|element| read_verb(element, &mut warnings))
            .collect();
        Ok(Parsed {
            response: Self { verbs },
            warnings,
        })
    }
}

fn write_verb(verb: &Verb) -> Element {
    let bare = |name: &str| Element {
        name: name.to_owned(),
        ..Element::default()
    };
    match verb {
        Verb::Say(say) => piece::write(say),
        Verb::Play(play) => piece::write(play),
        Verb::Pause(pause) => piece::write(pause),
        Verb::Gather(gather) => piece::write(gather),
        Verb::Record(record) => piece::write(record),
        Verb::Dial(dial) => piece::write(dial),
        Verb::Enqueue(enqueue) => piece::write(enqueue),
        Verb::Leave => bare("Leave"),
        Verb::Redirect(redirect) => piece::write(redirect),
        Verb::Reject(reject) => piece::write(reject),
        Verb::Hangup => bare("Hangup"),
        Verb::Start(start) => piece::write(start),
        Verb::Stop(stop) => piece::write(stop),
        Verb::Connect(connect) => piece::write(connect),
        Verb::Message(message) => piece::write(message),
        Verb::Foreign(name) => bare(name),
    }
}

fn read_verb(element: Element, warnings: &mut Vec<Warning>) -> Option<Verb> {
    Some(match element.name.as_str() {
        Say::NAME => Verb::Say(prompt::read_say(element, "Response", warnings)),
        Play::NAME => Verb::Play(piece::read(element, warnings)),
        Pause::NAME => Verb::Pause(piece::read(element, warnings)),
        Gather::NAME => Verb::Gather(piece::read(element, warnings)),
        Record::NAME => Verb::Record(piece::read(element, warnings)),
        Dial::NAME => Verb::Dial(piece::read(element, warnings)),
        Enqueue::NAME => Verb::Enqueue(piece::read(element, warnings)),
        "Leave" => Verb::Leave,
        Redirect::NAME => Verb::Redirect(piece::read(element, warnings)),
        Reject::NAME => Verb::Reject(piece::read(element, warnings)),
        "Hangup" => Verb::Hangup,
        Start::NAME => Verb::Start(piece::read(element, warnings)),
        Stop::NAME => Verb::Stop(piece::read(element, warnings)),
        Connect::NAME => Verb::Connect(piece::read(element, warnings)),
        // The verb's older name.
        Message::NAME | "Sms" => Verb::Message(piece::read(element, warnings)),
        foreign if FOREIGN.contains(&foreign) => Verb::Foreign(element.name),
        other => {
            warnings.push(Warning::schema(format!("<{other}> is not a known verb")));
            return None;
        }
    })
}

/// Lets a verb's struct be given wherever a [`Verb`] is wanted.
macro_rules! from_verb {
    ($($name:ident),+) => {$(
        impl From<$name> for super::Verb {
            fn from(verb: $name) -> Self {
                Self::$name(verb)
            }
        }
    )+};
}
use from_verb;
