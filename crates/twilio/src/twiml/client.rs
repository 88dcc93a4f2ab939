//! `<Client>`: the Voice SDK devices of an identity, with custom parameters.

use super::Warning;
use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use crate::words::{CallEvent, Method};

/// An identity to ring; all its devices ring, and the first to accept wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The identity, without `client:`.
    pub identity: String,
    /// What the device finds in `call.customParameters`.
    pub parameters: Vec<Parameter>,
    /// TwiML that the device hears before both are connected.
    pub url: Option<String>,
    /// How `url` is requested.
    pub method: Option<Method>,
    /// Where this leg's progress goes.
    pub status_callback: Option<String>,
    /// Which events are wanted; `completed` when empty.
    pub status_callback_event: Vec<CallEvent>,
    /// How they are sent.
    pub status_callback_method: Option<Method>,
}

/// A custom parameter of a [`Client`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Client {
    /// An identity with Twilio's defaults.
    pub fn new(identity: impl Into<String>) -> Self {
        Self {
            identity: identity.into(),
            ..Self::default()
        }
    }

    /// Adds a custom parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(Parameter {
            name: name.into(),
            value: value.into(),
        });
        self
    }
}

impl Piece for Client {
    const NAME: &'static str = "Client";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("url", &mut self.url);
        list.one("method", &mut self.method);
        list.one("statusCallback", &mut self.status_callback);
        list.many("statusCallbackEvent", &mut self.status_callback_event);
        list.one("statusCallbackMethod", &mut self.status_callback_method);
    }

    fn content(&self) -> Vec<Node> {
        if self.parameters.is_empty() {
            return Element::text_nodes(&self.identity);
        }
        let identity = Element {
            name: "Identity".into(),
            nodes: Element::text_nodes(&self.identity),
            ..Element::default()
        };
        let parameters = self.parameters.iter().map(piece::write);
        std::iter::once(identity)
            .chain(parameters)
            .map(Node::Element)
            .collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for node in nodes {
            match node {
                Node::Text(identity) => self.identity = identity,
                Node::Element(element) if element.name == "Identity" => {
                    self.identity = piece::only_text(element.nodes, "Identity", warnings);
                }
                Node::Element(element) if element.name == Parameter::NAME => {
                    self.parameters.push(piece::read(element, warnings));
                }
                Node::Element(element) => {
                    warnings.push(Warning::nested(&element.name, Self::NAME));
                }
            }
        }
    }
}

impl Piece for Parameter {
    const NAME: &'static str = "Parameter";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        let (mut name, mut value) = (Some(self.name.clone()), Some(self.value.clone()));
        list.one("name", &mut name);
        list.one("value", &mut value);
        // Writing took the values; reading put them in.
        self.name = name.unwrap_or_default();
        self.value = value.unwrap_or_default();
    }
}
