//! `<Connect>`: the call is handed over to another program until that ends.

use super::beside::bare;
use super::piece::{self, Attributes, Piece};
use super::xml::Node;
use super::{Stream, Warning, from_verb};
use crate::words::Method;

/// Hands the call over; the next verb runs when the other program has ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connect {
    /// Requested at the end.
    pub action: Option<String>,
    /// How `action` is requested.
    pub method: Option<Method>,
    /// Who takes it; none when the element held only what nobody knows.
    pub noun: Option<ConnectNoun>,
}

/// Whom a call can be handed over to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectNoun {
    /// A program that hears and speaks.
    Stream(Stream),
    /// Something of Twilio's that has no type here, by its name.
    Foreign(String),
}

/// Nouns that Twilio knows and that have no type here.
const FOREIGN: &[&str] = &[
    "AiSession",
    "Assistant",
    "Autopilot",
    "Conversation",
    "ConversationRelay",
    "ConversationRelaySession",
    "Room",
    "VirtualAgent",
];

impl Piece for Connect {
    const NAME: &'static str = "Connect";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("action", &mut self.action);
        list.one("method", &mut self.method);
    }

    fn content(&self) -> Vec<Node> {
        let element = self.noun.as_ref().map(|noun| match noun {
            ConnectNoun::Stream(stream) => piece::write(stream),
            ConnectNoun::Foreign(name) => bare(name),
        });
        element.into_iter().map(Node::Element).collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for element in piece::elements(nodes) {
            match element.name.as_str() {
                Stream::NAME if self.noun.is_none() => {
                    self.noun = Some(ConnectNoun::Stream(piece::read(element, warnings)));
                }
                foreign if FOREIGN.contains(&foreign) && self.noun.is_none() => {
                    self.noun = Some(ConnectNoun::Foreign(element.name));
                }
                other => warnings.push(Warning::nested(other, Self::NAME)),
            }
        }
    }
}

from_verb!(Connect);
