//! How a verb or noun and its XML element become each other: every attribute is named once, for both directions.

use super::Warning;
use super::xml::{Element, Node};
use crate::words;

/// A verb or noun of TwiML.
pub(super) trait Piece: Clone + Default {
    /// The element's name.
    const NAME: &'static str;

    /// Names each attribute and its field.
    fn attributes(&mut self, list: &mut Attributes<'_>);

    /// The content to be written.
    fn content(&self) -> Vec<Node> {
        Vec::new()
    }

    /// Takes the content that was read.
    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for name in elements(nodes).map(|element| element.name) {
            warnings.push(Warning::nested(&name, Self::NAME));
        }
    }
}

/// The element of a piece.
pub(super) fn write<P: Piece>(piece: &P) -> Element {
    let mut element = Element {
        name: P::NAME.to_owned(),
        nodes: piece.content(),
        ..Element::default()
    };
    piece
        .clone()
        .attributes(&mut Attributes::Write(&mut element.attributes));
    element
}

/// The piece of an element.
pub(super) fn read<P: Piece>(mut element: Element, warnings: &mut Vec<Warning>) -> P {
    let mut piece = P::default();
    piece.attributes(&mut Attributes::Read {
        of: P::NAME,
        given: &mut element.attributes,
        warnings,
    });
    for (name, _) in element
        .attributes
        .iter()
        .filter(|(name, _)| !name.starts_with("xml"))
    {
        warnings.push(Warning::schema(format!(
            "attribute {name} is not known on <{}>",
            P::NAME
        )));
    }
    piece.take_content(element.nodes, warnings);
    piece
}

/// The elements among the nodes.
pub(super) fn elements(nodes: Vec<Node>) -> impl Iterator<Item = Element> {
    nodes.into_iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })
}

/// The direct text among the nodes; elements between are warned of.
pub(super) fn only_text(nodes: Vec<Node>, within: &str, warnings: &mut Vec<Warning>) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            Node::Text(part) => text.push_str(&part),
            Node::Element(element) => warnings.push(Warning::nested(&element.name, within)),
        }
    }
    text
}

/// An element's attributes, being written or being read.
pub(super) enum Attributes<'a> {
    /// Fields that are set are appended.
    Write(&'a mut Vec<(String, String)>),
    /// Fields take their attribute out of what was given; what is left at the end is unknown.
    Read {
        /// The element's name.
        of: &'static str,
        given: &'a mut Vec<(String, String)>,
        warnings: &'a mut Vec<Warning>,
    },
}

impl Attributes<'_> {
    /// An attribute with one value.
    pub(super) fn one<T: Value>(&mut self, name: &str, field: &mut Option<T>) {
        match self {
            Self::Write(out) => {
                out.extend(field.take().map(|value| (name.to_owned(), value.write())));
            }
            Self::Read {
                of,
                given,
                warnings,
            } => {
                let Some(text) = take(given, name) else {
                    return;
                };
                *field = T::read(&text);
                if field.is_none() {
                    warnings.push(Warning::value(of, name, &text));
                }
            }
        }
    }

    /// An attribute whose value consists of these characters only.
    pub(super) fn keys(&mut self, name: &str, field: &mut Option<String>, allowed: &str) {
        self.one(name, field);
        let Self::Read { of, warnings, .. } = self else {
            return;
        };
        if let Some(text) = field.take_if(|text| !text.chars().all(|key| allowed.contains(key))) {
            warnings.push(Warning::value(of, name, &text));
        }
    }

    /// An attribute with words separated by spaces; no word at all is no attribute.
    pub(super) fn many<T: Value>(&mut self, name: &str, field: &mut Vec<T>) {
        match self {
            Self::Write(out) if field.is_empty() => {
                debug_assert!(
                    out.iter().all(|(written, _)| written != name),
                    "an attribute is named once"
                );
            }
            Self::Write(out) => out.push((
                name.to_owned(),
                words::spaced(&field.iter().map(Value::write).collect::<Vec<_>>()),
            )),
            Self::Read {
                of,
                given,
                warnings,
            } => {
                let Some(text) = take(given, name) else {
                    return;
                };
                for word in text.split_whitespace() {
                    match T::read(word) {
                        Some(value) => field.push(value),
                        None => warnings.push(Warning::value(of, name, word)),
                    }
                }
            }
        }
    }
}

fn take(given: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = given.iter().position(|(given, _)| given == name)?;
    Some(given.remove(at).1)
}

/// A value of an attribute.
pub(super) trait Value: Sized {
    /// As it is written.
    fn write(&self) -> String;
    /// As it is read; `None` when it is no such value.
    fn read(text: &str) -> Option<Self>;
}

impl Value for String {
    fn write(&self) -> String {
        self.clone()
    }
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Value for bool {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}

impl Value for u32 {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

/// Makes enums of words values of attributes.
macro_rules! word_values {
    ($($name:ty),+ $(,)?) => {$(
        impl Value for $name {
            fn write(&self) -> String {
                self.as_str().to_owned()
            }
            fn read(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }
        }
    )+};
}
word_values!(
    words::Method,
    words::CallEvent,
    words::ConferenceCallbackEvent,
    words::RecordingCallbackEvent,
    words::Channels,
    words::Track,
    words::Trim,
    super::DialRecord,
    super::Beep,
    super::ConferenceRecord,
    super::JitterBufferSize,
    super::RejectReason,
    super::StreamTrack,
);
