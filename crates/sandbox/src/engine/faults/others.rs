//! What goes wrong with requests to the REST face, with recordings, and with the sockets of clients.

use super::super::Engine;
use super::super::leg::Far;
use super::Held;
use crate::seam::{ClientOutput, Output, Sid};

/// What happens to a request to the REST face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestFault {
    /// 429; nothing is done.
    TooMany,
    /// 500; nothing is done.
    ServerError,
    /// The connection breaks; nothing is done.
    Reset,
    /// It is answered so many milliseconds of real time later.
    Slow(u64),
    /// It is done, and the connection breaks.
    AnswerLost,
}

impl Engine {
    /// What happens to a request; `what` names the resource. Only a request that `changes` something can lose its answer.
    pub fn rest_fault(&mut self, what: &str, changes: bool) -> Option<RestFault> {
        let plan = self.faults.plan.rest.clone();
        let lost = if changes { plan.answer_lost } else { 0.0 };
        let dice = &mut self.faults.dice;
        let mut throw = |switch, chance| dice.throw(switch, what, chance);
        let (switch, fault) = if throw("too_many", plan.too_many).is_some() {
            ("rest.too_many", RestFault::TooMany)
        } else if throw("server_error", plan.server_error).is_some() {
            ("rest.server_error", RestFault::ServerError)
        } else if throw("reset", plan.reset).is_some() {
            ("rest.reset", RestFault::Reset)
        } else if throw("answer_lost", lost).is_some() {
            ("rest.answer_lost", RestFault::AnswerLost)
        } else {
            let luck = throw("slow", plan.slow)?;
            let span = u64::try_from(luck.part_of(plan.slowness)).unwrap_or_default();
            ("rest.slow", RestFault::Slow(span))
        };
        self.went_wrong(switch, what.to_owned());
        Some(fault)
    }

    /// Whether a recording's sound is kept back; if not, it is given back.
    pub(in crate::engine) fn unless_late(
        &mut self,
        recording: &str,
        channels: Vec<Vec<i16>>,
    ) -> Option<Vec<Vec<i16>>> {
        let plan = self.faults.plan.recordings.clone();
        let dice = &mut self.faults.dice;
        if dice.throw("never", "recording", plan.never).is_some() {
            self.went_wrong("recordings.never", recording.to_owned());
            return None;
        }
        let Some(luck) = dice.throw("late", "recording", plan.late) else {
            return Some(channels);
        };
        self.went_wrong("recordings.late", recording.to_owned());
        let held = Held::Sound(recording.to_owned(), channels);
        self.hold(luck.part_of(plan.lateness), held);
        None
    }

    /// A client's call was answered: perhaps its socket breaks in a while.
    pub(in crate::engine) fn endanger_socket(&mut self, call: &str) {
        let plan = self.faults.plan.sockets.clone();
        let is_client = self
            .leg(call)
            .is_some_and(|leg| matches!(leg.far, Far::Client { .. }));
        if !is_client {
            return;
        }
        if let Some(luck) = self.faults.dice.throw("socket", "answered", plan.dropped) {
            self.hold(luck.part_of(plan.after), Held::Socket(call.to_owned()));
        }
    }

    pub(super) fn socket_breaks(&mut self, call: &str) {
        if self.is_live(call) {
            self.went_wrong("sockets.dropped", call.to_owned());
            let call = Some(call.to_owned());
            self.drop_sockets(call);
        }
    }

    /// Breaks the sockets of a call's client, or of all clients.
    pub fn drop_sockets(&mut self, call: Option<Sid>) {
        self.out
            .push_back(Output::Client(ClientOutput::DropSockets { call }));
    }
}
