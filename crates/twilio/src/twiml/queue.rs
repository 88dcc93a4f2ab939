//! `<Enqueue>` (wait in a queue) and `<Queue>` (take the first out of it).

use super::piece::{self, Attributes, Piece};
use super::xml::{Element, Node};
use super::{Warning, from_verb};
use crate::words::Method;

/// Puts the caller into a queue, which is made when its name is first used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enqueue {
    /// The queue's name, 64 characters at most.
    pub name: String,
    /// Requested when the caller is out of the queue, for whatever reason.
    pub action: Option<String>,
    /// How `action` is requested.
    pub method: Option<Method>,
    /// What is heard meanwhile; requested again whenever it ends.
    pub wait_url: Option<String>,
    /// How it is requested.
    pub wait_url_method: Option<Method>,
    /// A workflow of `TaskRouter`.
    pub workflow_sid: Option<String>,
}

impl Enqueue {
    /// A queue with Twilio's defaults.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}

impl Piece for Enqueue {
    const NAME: &'static str = "Enqueue";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("action", &mut self.action);
        list.one("method", &mut self.method);
        list.one("waitUrl", &mut self.wait_url);
        list.one("waitUrlMethod", &mut self.wait_url_method);
        list.one("workflowSid", &mut self.workflow_sid);
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.name)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.name = piece::only_text(nodes, Self::NAME, warnings);
    }
}

/// Connects with the first caller of a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// The queue's name.
    pub name: String,
    /// TwiML that the waiting caller hears before both are connected.
    pub url: Option<String>,
    /// How `url` is requested.
    pub method: Option<Method>,
    /// For `TaskRouter`: the reservation.
    pub reservation_sid: Option<String>,
    /// For `TaskRouter`: the worker's activity afterwards.
    pub post_work_activity_sid: Option<String>,
}

impl Queue {
    /// A queue with Twilio's defaults.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}

impl Piece for Queue {
    const NAME: &'static str = "Queue";

    fn attributes(&mut self, list: &mut Attributes<'_>) {
        list.one("url", &mut self.url);
        list.one("method", &mut self.method);
        list.one("reservationSid", &mut self.reservation_sid);
        list.one("postWorkActivitySid", &mut self.post_work_activity_sid);
    }

    fn content(&self) -> Vec<Node> {
        Element::text_nodes(&self.name)
    }

    fn take_content(&mut self, nodes: Vec<Node>, warnings: &mut Vec<Warning>) {
        self.name = piece::only_text(nodes, Self::NAME, warnings);
    }
}

from_verb!(Enqueue);
