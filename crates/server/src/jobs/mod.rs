//! Durable work: begun right after its commit on this node, taken over by any other if this one dies.

mod control;
mod end_leg;
mod place;
mod relocate;
mod room;
mod run;
pub(crate) mod settle;
mod workers;

pub(crate) use end_leg::report;
pub(crate) use run::Next;
pub use workers::{Jobs, start};

use chrono::TimeDelta;
use offhook_core::Time;
use offhook_core::call::Effect;
use offhook_core::id::{CallId, CarrierId, RecordingId};
use offhook_store::jobs::{Class, NewJob};
use serde::{Deserialize, Serialize};

use crate::numbers::Task;

/// So long the room's own callbacks have before somebody looks.
const LOOK_AFTER: TimeDelta = TimeDelta::seconds(3);

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "job")]
pub(crate) enum Work {
    /// One request about a call to the carrier.
    Control {
        /// What the engine wants.
        effect: Effect,
    },
    /// Brings a recording home.
    FetchRecording {
        /// Which.
        recording: RecordingId,
    },
    /// Asks for what is missing of a call that is over.
    Settle,
    /// Goes on with the change of an account's auth token.
    RotateToken {
        /// Whose.
        account: CarrierId,
    },
    /// Something about a number at the carrier.
    Number {
        /// What.
        task: Task,
    },
}

/// A paid call that was to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dial {
    /// The participant label under which it was asked for.
    pub(crate) label: String,
    /// Who was to be called.
    pub(crate) to: String,
    /// Which number was to be shown.
    pub(crate) from: String,
}

impl Dial {
    /// Of a job's payload, if that is one.
    pub(crate) fn read(payload: serde_json::Value) -> Option<Self> {
        match serde_json::from_value(payload).ok()? {
            Work::Control {
                effect:
                    Effect::DialCustomer {
                        label, to, from, ..
                    }
                    | Effect::DialAgent {
                        label, to, from, ..
                    },
            } => Some(Self { label, to, from }),
            Work::Control { .. }
            | Work::FetchRecording { .. }
            | Work::Settle
            | Work::RotateToken { .. }
            | Work::Number { .. } => None,
        }
    }
}

impl Work {
    fn kind(&self) -> &'static str {
        match self {
            Self::Control { effect } => match effect {
                Effect::Dequeue { .. } => "dequeue",
                Effect::Redirect { .. } => "redirect",
                Effect::DialCustomer { .. } => "dial_customer",
                Effect::DialAgent { .. } => "dial_agent",
                Effect::EndLeg { .. } | Effect::EndLegByLabel { .. } => "end_leg",
                Effect::RemoveParticipant { .. } => "remove_participant",
                Effect::HoldParticipant { .. } => "hold",
                Effect::UnholdParticipant { .. } => "unhold",
                Effect::StartRecording { .. } => "start_recording",
                Effect::PauseRecording { .. } => "pause_recording",
                Effect::ResumeRecording { .. } => "resume_recording",
                Effect::CheckRoom => "check_room",
                Effect::KeepMessage { .. }
                | Effect::CancelUnsent
                | Effect::FindAgents
                | Effect::DeviceAbsent { .. }
                | Effect::Live(_) => "none",
            },
            Self::FetchRecording { .. } => "fetch_recording",
            Self::Settle => "settle",
            Self::RotateToken { .. } => "rotate_token",
            Self::Number { task } => task.kind(),
        }
    }

    /// Dialling costs money and rings a phone: it is never repeated once it may have left.
    fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::Control {
                effect: Effect::DialCustomer { .. } | Effect::DialAgent { .. }
            }
        )
    }

    fn class(&self) -> Class {
        match self {
            Self::Control { .. } => Class::CallControl,
            Self::FetchRecording { .. } => Class::Download,
            Self::Settle | Self::RotateToken { .. } | Self::Number { .. } => Class::Background,
        }
    }

    /// The job of this work for a carrier account: one after the other.
    pub(crate) fn of_account(self, account: &CarrierId, now: Time) -> NewJob {
        NewJob {
            class: self.class(),
            kind: self.kind().to_owned(),
            call: None,
            serial: Some(account.to_string()),
            repeatable: self.is_repeatable(),
            run_at: now,
            payload: serde_json::to_value(&self).expect("work is plain data"),
            dedupe_key: None,
        }
    }

    /// The job of this work for a call.
    pub(crate) fn of_call(self, call: &CallId, now: Time) -> NewJob {
        let looks = matches!(
            self,
            Self::Control {
                effect: Effect::CheckRoom
            }
        );
        let serial = self.class() == Class::CallControl && !looks;
        NewJob {
            class: self.class(),
            kind: self.kind().to_owned(),
            call: Some(call.clone()),
            serial: serial.then(|| call.to_string()),
            repeatable: self.is_repeatable(),
            run_at: if looks { now + LOOK_AFTER } else { now },
            payload: serde_json::to_value(&self).expect("work is plain data"),
            dedupe_key: None,
        }
    }
}
