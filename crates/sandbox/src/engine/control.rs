//! The control API's methods: phones picked up and put down, and the ground truth of all calls.

use std::collections::BTreeMap;

use super::Engine;
use super::error::RestError;
use super::hearing::Words;
use super::leg::{Far, Leg};
use super::phone::{Behaviour, Line};
use super::records::CallTruth;
use super::timers::millis;
use crate::seam::Time;

/// How long a word takes to be said.
const WORD_MILLIS: i64 = 350;

impl Engine {
    /// Whether calls to this number ask a webhook; any other number is a phone.
    pub fn is_answered_by_webhook(&self, number: &str) -> bool {
        self.door_of(number).is_some()
    }

    /// What numbers do that were given a behaviour.
    pub fn behaviours(&self) -> &BTreeMap<String, Behaviour> {
        &self.behaviours
    }

    /// Gives a number a behaviour, or takes it away. It counts where no account answers the number by webhook.
    pub fn set_behaviour(&mut self, number: &str, behaviour: Option<Behaviour>) {
        match behaviour {
            Some(behaviour) => self.behaviours.insert(number.to_owned(), behaviour),
            None => self.behaviours.remove(number),
        };
    }

    fn check_phone(&self, call: &str) -> Result<&Leg, RestError> {
        let leg = self.leg(call).ok_or_else(|| RestError::not_found(call))?;
        if !matches!(leg.far, Far::Phone(_)) || !leg.is_live() {
            return Err(RestError::invalid(
                21220,
                format!("there is no phone in {call} any more"),
            ));
        }
        Ok(leg)
    }

    /// A ringing phone is answered.
    pub fn phone_answer(&mut self, now: Time, call: &str) -> Result<(), RestError> {
        self.at(now);
        self.check_phone(call)?;
        if !self.is_ringing_phone(call) {
            return Err(RestError::invalid(
                21220,
                format!("{call} does not ring at a phone"),
            ));
        }
        self.far_answers(call);
        self.settle();
        Ok(())
    }

    /// A phone hangs up, or rejects a call that rings.
    pub fn phone_hang_up(&mut self, now: Time, call: &str) -> Result<(), RestError> {
        self.at(now);
        self.check_phone(call)?;
        if self.is_ringing_phone(call) {
            self.end(call, super::records::CallStatus::Busy, true);
        } else {
            self.far_hangs_up(call);
        }
        self.settle();
        Ok(())
    }

    /// Keys are pressed on a phone.
    pub fn phone_press(&mut self, now: Time, call: &str, digits: &str) -> Result<(), RestError> {
        self.at(now);
        self.check_phone(call)?;
        self.keys_from_outside(call, digits, true);
        self.settle();
        Ok(())
    }

    /// A phone says something.
    pub fn phone_say(&mut self, now: Time, call: &str, line: Line) -> Result<(), RestError> {
        self.at(now);
        if !self.check_phone(call)?.is_answered() {
            return Err(RestError::invalid(21220, format!("{call} is not answered")));
        }
        self.phone_adds_line(call, line);
        self.settle();
        Ok(())
    }

    /// The words that a live leg's far end is taken to say: for a browser, whose microphone nobody understands.
    pub fn said_outside(&mut self, now: Time, call: &str, text: &str) -> Result<(), RestError> {
        self.at(now);
        let leg = self.leg(call).ok_or_else(|| RestError::not_found(call))?;
        if !leg.is_live() || !leg.is_answered() {
            return Err(RestError::invalid(21220, format!("{call} is not answered")));
        }
        let words = i32::try_from(text.split_whitespace().count()).unwrap_or(i32::MAX);
        let words = Words {
            text: text.trim().to_owned(),
            span: millis(WORD_MILLIS) * words,
        };
        self.says(call, &words);
        self.settle();
        Ok(())
    }

    /// What one call went through.
    pub fn truth(&self, call: &str) -> Option<CallTruth> {
        self.leg(call).map(truth)
    }

    /// What all calls went through, newest first.
    pub fn truths(&self) -> Vec<CallTruth> {
        self.order
            .iter()
            .rev()
            .filter_map(|sid| self.leg(sid))
            .map(truth)
            .collect()
    }
}

fn truth(leg: &Leg) -> CallTruth {
    let (far, behaviour) = match &leg.far {
        Far::Phone(phone) => ("phone".to_owned(), Some(phone.behaviour.clone())),
        Far::Client { identity } => (format!("client:{identity}"), None),
        Far::Peer(peer) => (peer.clone(), None),
    };
    CallTruth {
        call: leg.record.clone(),
        far,
        behaviour,
        events: leg.truth.iter().cloned().collect(),
    }
}
