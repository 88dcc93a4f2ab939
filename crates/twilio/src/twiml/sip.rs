//! `<Sip>` and `<Sim>`: phones beside the telephone network.

use super::Warning;
use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use crate::words::{CallEvent, Method};

/// A SIP phone to dial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sip {
    /// `sip:name@host`, perhaps with headers.
    pub uri: String,
    /// Who we are there.
    pub username: Option<String>,
    /// What proves it.
    pub password: Option<String>,
    /// TwiML that the answering side hears before both are connected.
    pub url: Option<String>,
    /// How `url` is requested.
    pub method: Option<Method>,
    /// Where this leg's progress goes.
    pub status_callback: Option<String>,
    /// Which events are wanted; `completed` when empty.
    pub status_callback_event: Vec<CallEvent>,
    /// How they are sent.
    pub status_callback_method: Option<Method>,
    /// The codecs offered.
    pub codecs: Option<String>,
}

/// A phone with one of Twilio's SIM cards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sim {
    /// The card, `DE…`.
    pub sid: String,
}

impl Piece for Sip {
    const NAME: &'static str = "Sip";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("username", &mut self.username);
        list.one("password", &mut self.password);
        list.one("url", &mut self.url);
        list.one("method", &mut self.method);
        list.one("statusCallback", &mut self.status_callback);
        list.many("statusCallbackEvent", &mut self.status_callback_event);
        list.one("statusCallbackMethod", &mut self.status_callback_method);
        list.one("codecs", &mut self.codecs);
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.uri)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.uri = piece::only_text(nodes, Self::NAME, warnings);
    }
}

impl Piece for Sim {
    const NAME: &'static str = "Sim";

    fn attributes(&mut self, _: &mut Attributes<'_>) {}

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.sid)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.sid = piece::only_text(nodes, Self::NAME, warnings);
    }
}
