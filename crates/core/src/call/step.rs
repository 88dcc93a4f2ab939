//! What the carrier is answered: the few steps that we decide on; the server turns them into TwiML.
//!
//! Every URL in that TwiML carries [`super::Call::turn`], so that a repeated request is told from a second visit.

use serde::{Deserialize, Serialize};

use super::state::{LegRole, RungDevice};

/// What is said to a caller or an agent; the server has an audio file for each of the fixed ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "prompt")]
pub enum Prompt {
    /// The organization's greeting, or the bundled one.
    Greeting {
        /// The organization's words.
        text: Option<String>,
    },
    /// The recording notice.
    RecordingNotice {
        /// The organization's words.
        text: String,
    },
    /// All agents are busy, please leave a message after the tone.
    LeaveMessage,
    /// Thank you, your message was saved.
    MessageSaved,
    /// Goodbye, nobody could take the call.
    NobodyAvailable,
    /// The agent was disconnected; we will call back.
    AgentLost,
    /// This number is not in service here.
    NumberUnknown,
    /// One moment, please.
    OneMoment,
    /// We are sorry, something went wrong.
    Apology,
    /// This call is over or not yours (to an agent's device).
    CallOver,
}

/// A step of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// Say or play a prompt.
    Speak {
        /// What.
        prompt: Prompt,
    },
    /// Begin the dual recording of this leg.
    StartRecording,
    /// Into the carrier's queue.
    Enqueue {
        /// The carrier's name of the queue.
        name: String,
    },
    /// One round of wait music (the queue asks again at its end).
    WaitMusic,
    /// Leave the queue; its action says where to go.
    Leave,
    /// Into the room.
    Room {
        /// Who enters.
        role: LegRole,
        /// Under which label.
        label: String,
    },
    /// The agent's leg dials the customer itself.
    DialCustomer {
        /// The label under which the dialled leg tells its status.
        label: String,
        /// The customer, E.164.
        to: String,
        /// Our number, E.164.
        caller_id: String,
    },
    /// The customer's leg dials devices of agents; the first that is taken up has the call.
    RingDevices {
        /// Which, each with its label.
        devices: Vec<RungDevice>,
        /// For how long, seconds.
        seconds: u32,
    },
    /// A device that was taken up waits until it is led into the room.
    AwaitRoom,
    /// On to a phone.
    Forward {
        /// The phone, E.164.
        to: String,
        /// The number shown there.
        caller_id: String,
        /// Record the dial, dual.
        record: bool,
    },
    /// Take a message.
    TakeMessage,
    /// Ask our "next" door again.
    AskNext,
    /// The end.
    HangUp,
}
