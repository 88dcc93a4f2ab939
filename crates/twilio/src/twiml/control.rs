//! `<Redirect>` and `<Reject>`: where a call goes on, or that it does not begin.

use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use super::{Warning, from_verb};
use crate::words::{Method, words};

words! {
    /// What a rejected caller hears.
    RejectReason {
        /// The number is not in service; what Twilio says when absent.
        Rejected = "rejected",
        /// The busy tone.
        Busy = "busy",
    }
}

/// Goes on with another document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirect {
    /// The address; empty is the document's own.
    pub url: String,
    /// How it is requested.
    pub method: Option<Method>,
}

impl Redirect {
    /// Goes on at the address by POST.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: None,
        }
    }
}

impl Piece for Redirect {
    const NAME: &'static str = "Redirect";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("method", &mut self.method);
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.url)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.url = piece::only_text(nodes, Self::NAME, warnings);
    }
}

/// Refuses the call without answering it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reject {
    /// What the caller hears.
    pub reason: Option<RejectReason>,
}

impl Piece for Reject {
    const NAME: &'static str = "Reject";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("reason", &mut self.reason);
    }
}

from_verb!(Redirect, Reject);
