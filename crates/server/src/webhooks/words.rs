//! Twilio's words as the engine knows them; a word that Twilio adds changes nothing.

use offhook_core::call::{LegStatus, QueueResult};
use offhook_twilio::status::{self, CallStatus};

/// A leg's status. `answered` is a `Dial` that took place, as after a room.
pub(crate) fn leg_status(status: &CallStatus) -> Option<LegStatus> {
    Some(match status {
        CallStatus::Queued => LegStatus::Queued,
        CallStatus::Initiated => LegStatus::Initiated,
        CallStatus::Ringing => LegStatus::Ringing,
        CallStatus::InProgress => LegStatus::InProgress,
        CallStatus::Answered | CallStatus::Completed => LegStatus::Completed,
        CallStatus::Busy => LegStatus::Busy,
        CallStatus::NoAnswer => LegStatus::NoAnswer,
        CallStatus::Failed => LegStatus::Failed,
        CallStatus::Canceled => LegStatus::Canceled,
        CallStatus::Other(word) => {
            tracing::warn!(%word, "the carrier has a new word for a leg's status");
            return None;
        }
    })
}

/// Why a leg left the queue.
pub(crate) fn queue_result(result: &status::QueueResult) -> QueueResult {
    match result {
        status::QueueResult::Redirected | status::QueueResult::RedirectedFromBridged => {
            QueueResult::Redirected
        }
        status::QueueResult::Leave => QueueResult::Leave,
        status::QueueResult::Hangup => QueueResult::Hangup,
        status::QueueResult::QueueFull => QueueResult::QueueFull,
        status::QueueResult::Bridged
        | status::QueueResult::BridgingInProcess
        | status::QueueResult::Error
        | status::QueueResult::SystemError
        | status::QueueResult::Other(_) => QueueResult::Error,
    }
}
