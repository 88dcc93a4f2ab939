//! `<Stream>`: a call's sound over a WebSocket (Media Streams).

use super::piece::{self, Attributes, Piece};
use super::xml::Node;
use super::{Parameter, Warning};
use crate::words::{Method, words};

words! {
    /// Which sound of a leg is streamed.
    StreamTrack {
        /// What the leg says; what Twilio does when absent.
        Inbound = "inbound_track",
        /// What the leg hears.
        Outbound = "outbound_track",
        /// Both.
        Both = "both_tracks",
    }
}

/// A stream of a leg's sound; inside `<Connect>` the other program speaks too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stream {
    /// The other program's address, `wss://…`.
    pub url: Option<String>,
    /// A name, unique in the call, by which it is stopped.
    pub name: Option<String>,
    /// Which sound is streamed.
    pub track: Option<StreamTrack>,
    /// Where its beginning and its end are told.
    pub status_callback: Option<String>,
    /// How they are told.
    pub status_callback_method: Option<Method>,
    /// What the other program finds in its `start` message.
    pub parameters: Vec<Parameter>,
}

impl Piece for Stream {
    const NAME: &'static str = "Stream";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("url", &mut self.url);
        list.one("name", &mut self.name);
        list.one("track", &mut self.track);
        list.one("statusCallback", &mut self.status_callback);
        list.one("statusCallbackMethod", &mut self.status_callback_method);
    }

    fn content(&self) -> Vec<Node> {
        self.parameters
            .iter()
            .map(|parameter| Node::Element(piece::write(parameter)))
            .collect()
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        for element in piece::elements(nodes) {
            if element.name == Parameter::NAME {
                self.parameters.push(piece::read(element, warnings));
            } else {
                warnings.push(Warning::nested(&element.name, Self::NAME));
            }
        }
    }
}
