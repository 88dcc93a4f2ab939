//! The carrier: the only sender of requests to it, the accounts they are sent with, and what has to be set up there.

mod accounts;
mod alone;
pub mod api_key;
pub mod drift;
mod keep;
pub mod numbers;
mod queues;
pub mod rotation;
mod send;
pub mod twiml_app;
mod verdict;
pub mod verify;
pub(crate) mod wiring;

pub(crate) use accounts::CHANGED;
pub use accounts::{Account, Accounts, Sender, all_of, changed, of_call, of_id, of_org};
pub(crate) use keep::doubt;
pub use keep::{look_soon, set_up, start};
pub use queues::Queues;
pub use send::{Carrier, SendError};

/// Why something could not be set up at the carrier.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Our own rows could not be read or written.
    #[error(transparent)]
    Store(#[from] offhook_store::Error),
    /// The carrier did not do it.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl From<SetUpError> for crate::error::ApiError {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::Store(error) => error.into(),
            SetUpError::Send(error) => Self::Carrier {
                code: if matches!(error, SendError::Refused(_)) {
                    "carrier_refused"
                } else {
                    "carrier_unreachable"
                },
                carrier_code: error.code().map(i64::from),
                detail: error.to_string(),
            },
        }
    }
}
