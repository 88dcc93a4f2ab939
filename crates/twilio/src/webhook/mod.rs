//! Twilio's webhooks as typed forms. Any field may be missing and unknown ones may come: everything stays in the raw form as well.

mod conference;
mod dial;
mod form;
mod queue;
mod recording;
mod status;
mod voice;

pub use conference::ConferenceEvent;
pub use dial::{DialAction, GatherAction, RecordAction};
pub use form::{Form, FormError};
pub use queue::{EnqueueAction, QueueWait};
pub use recording::RecordingEvent;
pub use status::StatusCallback;
pub use voice::{Place, VoiceRequest};
