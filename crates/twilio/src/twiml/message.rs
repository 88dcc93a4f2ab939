//! `<Message>`: a text message sent from within a call.

use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use super::{Warning, from_verb};
use crate::words::Method;

/// Sends a message and goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Whom; the caller when absent.
    pub to: Option<String>,
    /// The number shown; the called one when absent.
    pub from: Option<String>,
    /// Requested once it is sent; the verbs after it are then never reached.
    pub action: Option<String>,
    /// How `action` is requested.
    pub method: Option<Method>,
    /// Where its way is told.
    pub status_callback: Option<String>,
    /// The text.
    pub body: String,
    /// Addresses of pictures and other files.
    pub media: Vec<String>,
}

impl Piece for Message {
    const NAME: &'static str = "Message";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("to", &mut self.to);
        list.one("from", &mut self.from);
        list.one("action", &mut self.action);
        list.one("method", &mut self.method);
        list.one("statusCallback", &mut self.status_callback);
    }

    fn content(&self) -> Vec<Node> {
        if self.media.is_empty() {
            return Element::text_nodes(&self.body);
        }
        let element = |name: &str, text: &str| {
            Node::Element(Element {
                name: name.to_owned(),
                nodes: Element::text_nodes(text),
                ..Element::default()
            })
        };
        let body = (!self.body.is_empty()).then(|| element("Body", &self.body));
        let media = self.media.iter().map(|url| element("Media", url));
        body.into_iter().chain(media).collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for node in nodes {
            match node {
                Node::Text(text) => self.body.push_str(&text),
                Node::Element(element) if element.name == "Body" => {
                    let text = piece::only_text(element.nodes, "Body", warnings);
                    self.body.push_str(&text);
                }
                Node::Element(element) if element.name == "Media" => {
                    let url = piece::only_text(element.nodes, "Media", warnings);
                    self.media.push(url);
                }
                Node::Element(element) => {
                    warnings.push(Warning::nested(&element.name, Self::NAME));
                }
            }
        }
    }
}

from_verb!(Message);
