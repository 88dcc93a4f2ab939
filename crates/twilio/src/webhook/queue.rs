//! A caller in a queue: the request for wait music, and the action when they are out of it.

use super::{Form, VoiceRequest};
use crate::status::QueueResult;

/// Asks what a waiting caller hears; asked again whenever that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueWait {
    /// The call's fields.
    pub voice: VoiceRequest,
    /// The queue.
    pub queue_sid: Option<String>,
    /// The caller's place, 1 being the next.
    pub position: Option<u32>,
    /// Seconds waited.
    pub seconds_waited: Option<u32>,
    /// Seconds that callers wait on average.
    pub average_seconds: Option<u32>,
    /// How many wait.
    pub current_size: Option<u32>,
    /// How many may wait.
    pub max_size: Option<u32>,
}

impl From<Form> for QueueWait {
    fn from(form: Form) -> Self {
        Self {
            queue_sid: form.text("QueueSid"),
            position: form.number("QueuePosition"),
            seconds_waited: form.number("QueueTime"),
            average_seconds: form.number("AvgQueueTime"),
            current_size: form.number("CurrentQueueSize"),
            max_size: form.number("MaxQueueSize"),
            voice: form.into(),
        }
    }
}

/// Asks how a call goes on that is out of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnqueueAction {
    /// The call's fields.
    pub voice: VoiceRequest,
    /// How the caller left.
    pub result: Option<QueueResult>,
    /// The queue; missing when the caller never was in.
    pub queue_sid: Option<String>,
    /// Seconds waited.
    pub seconds_waited: Option<u32>,
}

impl From<Form> for EnqueueAction {
    fn from(form: Form) -> Self {
        Self {
            result: form.word("QueueResult"),
            queue_sid: form.text("QueueSid"),
            seconds_waited: form.number("QueueTime"),
            voice: form.into(),
        }
    }
}
