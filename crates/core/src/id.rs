//! Identifiers: prefixed text with a `UUIDv7` inside, so that they sort by time and tell what they name.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id beginning with `{prefix}`")]
pub struct InvalidId {
    /// What was given.
    pub text: String,
    /// How the id should have begun.
    pub prefix: &'static str,
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// How every id of this kind begins.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an id from a UUID that the caller minted.
            pub fn new(uuid: Uuid) -> Self {
                Self(format!("{}{}", $prefix, uuid.simple()))
            }

            /// Reads an id.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let body = text.strip_prefix($prefix);
                if body.is_some_and(|b| !b.is_empty() && b.len() <= 80 && b.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { text: text.chars().take(80).collect(), prefix: $prefix })
                }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The part after the prefix.
            pub fn body(&self) -> &str {
                &self.0[$prefix.len()..]
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id! {
    /// An organization, the tenant boundary.
    OrgId "org_";
    /// A person; an agent's id is the user's id everywhere.
    UserId "user_";
    /// A conversation with one outside party.
    CallId "call_";
    /// A leg of a call: `leg_<call's body>_<n>`.
    LegId "leg_";
    /// An offer of a call to an agent: `off_<call's body>_<n>`.
    OfferId "off_";
    /// A queue.
    QueueId "queue_";
    /// A phone number of an organization.
    NumberId "num_";
    /// A purchase of a phone number.
    OrderId "ord_";
    /// A contact.
    ContactId "con_";
    /// A recording.
    RecordingId "rec_";
    /// A voicemail.
    VoicemailId "vm_";
    /// A carrier account.
    CarrierId "car_";
    /// A job.
    JobId "job_";
    /// A live event.
    EventId "evt_";
    /// A log-in session.
    SessionId "ses_";
    /// An API key.
    ApiKeyId "key_";
    /// A note on a call.
    NoteId "note_";
    /// A line of the audit trail.
    AuditId "aud_";
}

impl LegId {
    /// The `n`-th leg of a call.
    pub fn nth(call: &CallId, n: usize) -> Self {
        Self(format!("{}{}_{n}", Self::PREFIX, call.body()))
    }
}

impl OfferId {
    /// The `n`-th offer of a call.
    pub fn nth(call: &CallId, n: usize) -> Self {
        Self(format!("{}{}_{n}", Self::PREFIX, call.body()))
    }
}
