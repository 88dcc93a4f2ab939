//! What the carrier is answered: the few steps that we decide on; the server turns them into TwiML.

use serde::{Deserialize, Serialize};

use super::state::LegRole;

/// What is said to a caller or an agent; the server has an audio file for each of the fixed ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "prompt")]
pub enum Prompt {
    /// The organization's greeting, or the bundled one.
    Greeting { text: Option<String> },
    /// The recording notice.
    RecordingNotice { text: String },
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
    Speak { prompt: Prompt },
    /// Begin the dual recording of this leg.
    StartRecording,
    /// Into the carrier's queue.
    Enqueue { name: String },
    /// One round of wait music (the queue asks again at its end).
    WaitMusic,
    /// Leave the queue; its action says where to go.
    Leave,
    /// Into the room.
    Room { role: LegRole, label: String },
    /// On to a phone.
    Forward { to: String, caller_id: String },
    /// Take a message.
    TakeMessage,
    /// Ask our "next" door again.
    AskNext,
    /// The end.
    HangUp,
}
